"""Which representation a request is given (RFC 9110, section 12.5.1), and the headers that go with it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from herbier.rdf.formats import page_formats


class Offer(NamedTuple):
    """A representation that can be had; `suffix` is that of its own address, `label` what people call it.

    `form` is what the parameter `profile` of its media type says (JSON-LD 1.1, section 6.2).
    """

    name: str
    media_type: str
    suffix: str = ""
    label: str = ""
    form: str = ""

    @property
    def content_type(self) -> str:
        """Return the media type with its parameter; the charset is added where the type has one."""
        return f'{self.media_type};profile="{self.form}"' if self.form else self.media_type


HTML = Offer("html", "text/html", ".html")
RDF = tuple(Offer(row.name, row.media_type, row.suffix, row.label) for row in page_formats())
TURTLE = RDF[0]
PAGE = (HTML, *RDF)
_FORM = "http://www.w3.org/ns/json-ld#"
EXPANDED = "expanded"
# A flattened file is here one without a context, so that it is the expanded one.
JSONLD_FORMS = tuple(
    Offer(name, "application/ld+json", label="JSON-LD", form=f"{_FORM}{form}")
    for name, form in (("jsonld", "compacted"), (EXPANDED, "expanded"), (EXPANDED, "flattened"))
)
FAULT = (Offer("text", "text/plain"), HTML)


def best(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    """Return the offer that an Accept header prefers, of several the first; None where it wants none of them.

    A type that is named goes before one that `*/*` lets in. Of the parameters only JSON-LD's profile counts, where an
    offer has that form; all others are wishes. A missing or an empty header takes the first offer.
    """
    if not accept or not accept.strip():
        return offers[0]
    choose = _best if len(accept) <= _MOST_KEPT else _best.__wrapped__
    return choose(accept, tuple(offers))


_MOST_KEPT = 1000  # characters; a header that is longer is not worth keeping


@lru_cache(1024)
def _best(accept: str, offers: tuple[Offer, ...]) -> Offer | None:
    forms = {offer.form for offer in offers} - {""}
    wanted: dict[tuple[str, str], float] = {}
    for value, quality in parse_accept_header(accept, MIMEAccept):
        media_type, parameters = parse_options_header(value)
        asked = [form for form in parameters.get("profile", "").split() if form in forms]
        for form in (*asked[:1], ""):
            key = media_type.lower(), form
            wanted[key] = max(quality, wanted.get(key, 0.0))

    def fit(offer: Offer) -> tuple[float, int]:
        if offer.form:
            return wanted.get((offer.media_type, offer.form), 0.0), 3
        ranges = ("*/*", f"{offer.media_type.partition('/')[0]}/*", offer.media_type)
        found = [(wanted[name, ""], precise) for precise, name in enumerate(ranges) if (name, "") in wanted]
        return found[-1] if found else (0.0, 0)  # the most precise range that fits decides

    chosen = max(offers, key=fit)
    return chosen if fit(chosen)[0] > 0 else None


def readings(name: str) -> Iterator[tuple[str, Offer | None]]:
    """Return how the last part of a path may be meant: with a suffix that names a format, else as it stands."""
    for offer in PAGE:
        if name.endswith(offer.suffix) and name != offer.suffix:
            yield name.removesuffix(offer.suffix), offer
    yield name, None


def to_root() -> str:
    """Return the relative path from the requested address to the site's root.

    Relative, so that a page works on any host, and behind a proxy that adds a path of its own.
    """
    return "../" * (request.path.count("/") - 1) or "./"


def address(path: str) -> str:
    """Return a path of the site as a relative address, for a header."""
    return f"{to_root()}{quote(path)}"


def with_query(target: str) -> str:
    """Return an address with the query of the request, so that a redirection asks for the same."""
    query = quoted_query()
    return f"{target}?{query}" if query else target


def quoted_query() -> str:
    """Return the query of the request, fit for a header."""
    return quote(request.query_string, safe="%/?:@!$&'()*+,;=")


def respond(body: str | bytes, offer: Offer) -> Response:
    """Return a response with a strong ETag."""
    data = body.encode() if isinstance(body, str) else body
    response = Response(data, mimetype=offer.media_type)
    response.set_etag(sha256(data).hexdigest()[:32])
    response.cache_control.no_cache = True  # to be kept, but asked for again: the vault may have changed
    return response


def plain_response(text: str, status: int) -> Response:
    """Return a plain text, such as what is wrong with a request."""
    return Response(text if text.endswith("\n") else f"{text}\n", status, mimetype="text/plain")
