"""The sitemap and robots.txt: the addresses for programs that walk the web, and those that are not for walking."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import pyoxigraph
from flask import Blueprint, Response, abort

from herbier.rdf.terms import XSD, datatype_of, lexical
from herbier.web.http.conditional import conditioned
from herbier.web.http.negotiation import Offer, respond
from herbier.web.site import Site, the_site

blueprint = Blueprint("sitemap", __name__)
MOST_ADDRESSES = 50_000  # of a file (https://www.sitemaps.org/protocol.html)
MOST_BYTES = 50_000_000
_XML = Offer("sitemap", "application/xml")
_TEXT = Offer("text", "text/plain")
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("", "tag/", "dataset", "dump/", "ns")
_ENDLESS = ("sparql", "fragments", "search", "reconcile")  # one address for each question
_MODIFIED = pyoxigraph.NamedNode("http://purl.org/dc/terms/modified")
_DATES = {f"{XSD}{name}" for name in ("date", "dateTime", "gYear", "gYearMonth")}
# https://www.w3.org/TR/NOTE-datetime: a time has its zone, so what has none is cut to its day
_DATE = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?)")


class SitemapEntry(NamedTuple):
    """A page that may be walked to; `modified` is a date, "" where none is known."""

    address: str
    modified: str = ""

    @property
    def text(self) -> str:
        """Return the page as a sitemap lists it."""
        modified = f"<lastmod>{self.modified}</lastmod>" if self.modified else ""
        return f"<url><loc>{escape(self.address)}</loc>{modified}</url>\n"


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """Send the list of all pages, or of the files that list them where one file would be too long."""
    site = the_site()
    shares = list(_shares(_pages(site)))
    if len(shares) == 1:
        return _sent("urlset", shares[0])
    files = (quote_iri(f"{site.base}sitemap-{number}.xml") for number in range(1, len(shares) + 1))
    return _sent("sitemapindex", [f"<sitemap><loc>{escape(file)}</loc></sitemap>\n" for file in files])


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """Send a share of the list of all pages."""
    shares = list(_shares(_pages(the_site())))
    if len(shares) == 1 or not 1 <= number <= len(shares):
        abort(404)
    return _sent("urlset", shares[number - 1])


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what to leave alone (RFC 9309)."""
    site = the_site()
    path = quote(urlsplit(site.base).path, safe="/%")
    lines = ["User-agent: *", *(f"Disallow: {path}{name}" for name in _ENDLESS)]
    text = "\n".join([*lines, "", f"Sitemap: {quote_iri(site.base)}sitemap.xml", ""])
    return conditioned(respond(text, _TEXT))


def quote_iri(iri: str) -> str:
    """Return an IRI as a URI (RFC 3987, section 3.1).

    >>> quote_iri("https://example.org/doc/москва?a=1")
    'https://example.org/doc/%D0%BC%D0%BE%D1%81%D0%BA%D0%B2%D0%B0?a=1'
    """
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%-._~")


def _pages(site: Site) -> Iterator[SitemapEntry]:
    """Yield the pages of all that is written: a note that is not has nothing yet to be found by."""
    modified = _modified(site)
    for path in _PAGES:
        yield SitemapEntry(quote_iri(f"{site.base}{path}"))
    for note in sorted(site.catalogue.notes, key=lambda note: note.slug):
        yield SitemapEntry(quote_iri(f"{site.base}doc/{note.slug}"), modified.get(note.slug, ""))
    for tag in site.catalogue.tags:
        yield SitemapEntry(
            quote_iri(f"{site.base}tag/{tag.path}.html")
        )  # the page, since the tag itself is no document


def _modified(site: Site) -> dict[str, str]:
    """Return when notes were last changed, as they say themselves."""
    start = len(f"<{site.base}doc/")
    found: dict[str, str] = {}
    for quad in site.store.quads.quads_for_pattern(None, _MODIFIED, None, None):
        subject, value = str(quad.subject), str(quad.object)
        match = _DATE.fullmatch(lexical(value)) if datatype_of(value) in _DATES else None
        if match and quad.subject == quad.graph_name:
            day, time, zone = match.groups()
            slug = subject[start:-1]
            found[slug] = max(found.get(slug, ""), f"{day}{time}{zone}" if time and zone else day)
    return found


def _shares(pages: Iterator[SitemapEntry]) -> Iterator[list[str]]:
    """Yield the pages as the texts of files, each within the limits."""
    share: list[str] = []
    size = 0
    for page in pages:
        text = page.text
        if share and (len(share) == MOST_ADDRESSES or size + len(text) > MOST_BYTES - 200):
            yield share
            share, size = [], 0
        share.append(text)
        size += len(text)
    yield share


def _sent(root: str, lines: Sequence[str]) -> Response:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n'
    return conditioned(respond(f"{head}{''.join(lines)}</{root}>\n", _XML))
