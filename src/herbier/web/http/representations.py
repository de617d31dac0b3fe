"""From a request to a representation: which resource, which part of it, in which format; made once and kept."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.parse import quote

import pyoxigraph
from flask import Response, abort, request
from werkzeug.http import http_date

from herbier.rdf.formats import FORMATS, unwritable, write_all
from herbier.rdf.terms import Triple
from herbier.web.http import alternates
from herbier.web.http.conditional import conditioned
from herbier.web.http.errors import Missing, Unacceptable
from herbier.web.http.link_header import Place, Shown, of_representation, of_thing
from herbier.web.http.negotiation import EXPANDED, HTML, RDF, Offer, best, readings, respond
from herbier.web.http.profiles import ALL, ALTERNATES, BARE, known_profiles, preferred, profile_iri, selected, tokens_of
from herbier.web.site import Site, the_site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

VARY = "Accept, Accept-Profile, Prefer"
_NAMES = frozenset(("_profile", "_mediatype"))  # the arguments that choose a representation
_NOTHING: Mapping[str, str] = {}
_LED = ("tag/", "key/")  # what these paths identify is no document
_CONDITIONS = frozenset(f"HTTP_IF_{name}" for name in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE"))


class Resource(NamedTuple):
    """A resource at `path`, and at it with a suffix: triples, or a page that tells of the same.

    The page is given the formats in which the triples can be had.
    """

    path: str
    triples: Sequence[Triple]
    page: Callable[[Sequence[Offer]], str]
    empty: bool = False  # whether it is there even where nothing is said of it


Find = Callable[[Site, str], Resource]


class ResolvedPath(NamedTuple):
    """Where a path leads: to which name, in the format of a suffix or in any; what there is of it, and what is not."""

    name: str
    path: str
    offer: Offer | None
    tokens: tuple[str, ...]
    lacking: tuple[str, ...]


class Chosen(NamedTuple):
    """A representation: its format and its profile."""

    offer: Offer
    token: str


class Prepared(NamedTuple):
    """An answer that is ready to be sent: its status, its headers, its body."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def send(self, environ: "WSGIEnvironment") -> Response:
        """Return it as a response to a request, which may have conditions (RFC 9110, section 13.2)."""
        if self.status != "200 OK" or _CONDITIONS.isdisjoint(environ):
            return Ready(self)
        response = Response(self.body, self.status, list(self.headers))
        return conditioned(response)


class Ready(Response):
    """A response whose headers are not looked at again: to check each of them anew is most of the work of sending it.

    `more` are those that depend on the request.
    """

    default_mimetype = None
    more: Sequence[tuple[str, str]] = ()

    def __init__(self, prepared: Prepared) -> None:
        super().__init__(prepared.body, prepared.status)
        self.prepared = prepared

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Send it."""
        _, headers, body = self.prepared
        start_response(self.prepared.status, [*headers, ("Content-Length", str(len(body))), *self.more])
        return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)


def negotiated(name: str, find: Find, *, lead: bool = False) -> Response:
    """Send what has a name, in the format of its suffix, else in the one that the request prefers.

    With `lead`, what has no suffix is led from with 303: it is the identifier of something that no server can send,
    and each format has an address of its own (https://www.w3.org/TR/cooluris/, section 4.2).
    """
    site, environ = the_site(), request.environ
    where = environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"]
    found = cast("ResolvedPath | None", site.response_cache.find(where)) or _found(site, where, name, find)
    arguments = request.args if environ.get("QUERY_STRING") else _NOTHING
    chosen = _chosen(found, environ, arguments)
    lead = lead and not found.offer and _NAMES.isdisjoint(arguments)
    page = arguments.get("page", "")[:9] if chosen.offer is HTML else ""
    key = (found.path, chosen, where[1].count("/"), page, found.offer is None, lead)
    kept = cast("Prepared | None", site.response_cache.find(key))
    if kept is None:
        resource = find(site, found.name)
        if lead:
            place = Place(found.path, chosen.offer, chosen.token, f"page={quote(page)}" if page else "")
            kept = led(site, found.path, place, resource.triples)
        else:
            kept = _prepared(site, found, chosen, resource)
        site.response_cache.keep(key, kept, len(kept.body))
    return kept.send(environ)


def _found(site: Site, where: tuple[str, str], name: str, find: Find) -> ResolvedPath:
    for stem, offer in readings(name):
        resource = find(site, stem)
        if resource.triples or resource.empty:
            triples = with_labels(site, resource.triples)
            lacking = tuple(row.name for row in RDF if unwritable(triples, FORMATS[row.name]))
            found = ResolvedPath(stem, resource.path, offer, tokens_of(resource.triples), lacking)
            site.response_cache.keep(where, found)
            return found
    return abort(404)


# --- which one is meant -----------------------------------------------------------------------------------------------


def _chosen(found: ResolvedPath, environ: "WSGIEnvironment", arguments: Mapping[str, str]) -> Chosen:
    chosen = _choose(
        found.offer,
        found.tokens,
        found.lacking,
        environ.get("HTTP_ACCEPT", "")[:_MOST],
        environ.get("HTTP_ACCEPT_PROFILE", "")[:_MOST],
        arguments.get("_profile", "")[:_MOST],
        arguments.get("_mediatype", "")[:_MOST],
    )
    if isinstance(chosen, Chosen):
        bare = chosen.token == ALL and chosen.offer is not HTML and _prefers_little(environ.get("HTTP_PREFER", ""))
        return chosen._replace(token=BARE) if bare else chosen
    there = alternates.choices(found.path, found.tokens, found.lacking)
    fault: Unacceptable | Missing = Unacceptable() if _NAMES.isdisjoint(arguments) else Missing()
    if chosen:
        fault.description = f"{chosen} cannot carry this data."
    fault.choices = [choice for choice in there if choice.media_type != chosen]
    raise fault


def _prefers_little(header: str) -> bool:
    """Return whether a Prefer header asks for as little as can be (RFC 7240, section 4.2)."""
    return header != "" and _LITTLE.search(header[:_MOST]) is not None


_LITTLE = re.compile(r'(?:^|[,;])\s*return\s*=\s*"?minimal"?\s*(?:[,;]|$)', re.I)
_MOST = 2_000  # characters of a header; the rest of a longer one is not read


@lru_cache(1024)
def _choose(
    named: Offer | None,
    tokens: tuple[str, ...],
    lacking: tuple[str, ...],
    accept: str,
    accept_profile: str,
    token: str,
    media_type: str,
) -> Chosen | str:
    """Return what is to be sent: a suffix and the query go before the headers. Else the type that cannot be, if one."""
    known = (*tokens, ALTERNATES)
    if token and (token := _token_of(token, known)) == "":
        return ""
    if named:
        there = named in alternates.offers_of(token or ALL) and named.name not in lacking
        return Chosen(named, token or ALL) if there else named.media_type
    for one in (token,) if token else preferred(accept_profile, tokens):
        offers = tuple(offer for offer in alternates.offers_of(one) if offer.name not in lacking)
        offer = best(media_type or accept, offers)
        if offer:
            return Chosen(offer, one)
    return next((row.media_type for row in RDF if row.name in lacking and row.media_type == accept), "")


def _token_of(text: str, tokens: Sequence[str]) -> str:
    """Return the token of a profile that is named by its token or by its IRI; "" for one that is not there."""
    return next((t for t in tokens if text == t or (t in known_profiles() and text == known_profiles()[t].iri)), "")


# --- what is sent -----------------------------------------------------------------------------------------------------


def _prepared(site: Site, found: ResolvedPath, chosen: Chosen, resource: Resource) -> Prepared:
    offer, token = chosen.offer, chosen.token
    if token == ALTERNATES:
        listed = alternates.alternates(site, found.path, found.tokens, found.lacking)
        shown = Resource(
            found.path, listed, lambda _: alternates.alternates_page(found.path, found.tokens, found.lacking)
        )
    else:
        whole = resource.triples if token == BARE or offer is HTML else with_labels(site, resource.triples)
        shown = resource._replace(triples=selected(whole, known_profiles()[token]))
    response = respond(_body(site, shown, offer, found.lacking), offer)
    headers = response.headers
    if offer.form:
        headers["Content-Type"] = offer.content_type
    if offer.form or token != ALL:  # the same bytes may be another representation (RFC 9110, section 8.8.3)
        response.set_etag(sha256(response.get_data() + f"{offer.form} {token}".encode()).hexdigest()[:32])
    headers["Content-Profile"] = f"<{profile_iri(token)}>"
    if found.offer is None:
        headers["Vary"] = VARY
        headers["Content-Location"] = Place(found.path, offer, token).address
    headers["Link"] = of_representation(
        site, found.path, resource.triples, Shown(offer, token, found.lacking), one=not resource.path.startswith(_LED)
    )
    return prepared(site, response)


def with_labels(site: Site, triples: Sequence[Triple]) -> Sequence[Triple]:
    """Return triples and the names of what they lead to, for readers who cannot fetch more."""
    return [*triples, *site.store.labels_of(triples)]


def prepared(site: Site, response: Response) -> Prepared:
    """Return a response as one that can be kept, with the date of the last change."""
    headers = response.headers
    headers["Last-Modified"] = http_date(site.changed)
    if response.mimetype == HTML.media_type:
        headers["Content-Language"] = site.language
    headers.pop("Content-Length", None)  # it is that of the body
    return Prepared(response.status, tuple(headers), response.get_data())


def _body(site: Site, resource: Resource, offer: Offer, lacking: Sequence[str]) -> str | bytes:
    if offer is HTML:
        return resource.page([row for row in RDF if row.name not in lacking])
    if offer.name == EXPANDED:
        return _expanded(resource.triples)
    return write_all([("", resource.triples)], FORMATS[offer.name], site.names)


def _expanded(triples: Sequence[Triple]) -> bytes:
    """Return expanded JSON-LD, each node once (JSON-LD 1.1, section 5.1)."""
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(triples))
    quads = pyoxigraph.parse(lines.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    written = pyoxigraph.serialize((quad.triple for quad in quads), format=pyoxigraph.RdfFormat.JSON_LD)
    return (written or b"[]") + b"\n"


def led(site: Site, path: str, place: Place, triples: Sequence[Triple]) -> Prepared:
    """Return the answer that leads from an identifier to what is said of it (RFC 9110, section 15.4.4)."""
    headers = (
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Location", place.address),
        ("Vary", VARY),
        ("Cache-Control", "no-cache"),
        ("Link", of_thing(site, path, place, triples)),
    )
    return Prepared("303 See Other", headers, f"{place.address}\n".encode())
