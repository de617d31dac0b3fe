"""Errors of requests: as a page, as plain text, or as problem details (RFC 9457), as the request prefers."""

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from unicodedata import normalize

from flask import Response, redirect, render_template, request
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException, NotAcceptable, NotFound, default_exceptions

from herbier.web.http.negotiation import FAULT, HTML, RDF, Offer, address, best, plain_response, respond, with_query
from herbier.web.http.profiles import known_profiles
from herbier.web.site import the_site
from herbier.web.wording import words_in

_PROBLEM = Offer("problem", "application/problem+json")
_JSON = Offer("json", "application/json")
_OFFERS = (*FAULT, _PROBLEM, _JSON)
_OF_NO_SITE = tuple(offer for offer in _OFFERS if offer is not HTML)  # a page would tell the title of the site
# An escape that is none (RFC 3986, section 2.1). The server of `herbier serve` tells the path decoded alone, so that
# `%25` looks like one there; but no name has a % of its own, other than those of files.
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_FILES = "/file/"
LONGEST_ADDRESS = 60_000  # characters; the server in front takes hardly more
MOST_HEADERS = 60_000  # characters of all of them
TOO_LONG = "herbier.too_long"  # in the environ of a request with more
NO_HOST = "the header Host should name one host"


class Alternative(NamedTuple):
    """Something that can be had instead: its relative address, its media type, and the IRI of its profile."""

    address: str
    media_type: str
    profile: str = ""


class Unacceptable(NotAcceptable):
    """None of what there is was asked for (RFC 9110, section 15.5.7): `choices` is what there is."""

    choices: Sequence[Alternative] = ()


class Missing(NotFound):
    """An address names a part or a format of something that is not there: `choices` is what there is."""

    choices: Sequence[Alternative] = ()


class ErrorView(NamedTuple):
    """A fault in the words of the site: its code, what it is, what to do, and what only this one has."""

    code: int
    title: str
    advice: str
    detail: str
    choices: Sequence[Alternative]


def preferred_offer(offers: Sequence[Offer]) -> Offer:
    """Return the offer that a request prefers; Unacceptable where it wants none, with what there is."""
    offer = best(request.headers.get("Accept"), offers)
    if offer is None:
        here = address(request.path.removeprefix("/"))
        none = Unacceptable()
        none.choices = [Alternative(here, other.media_type) for other in offers]
        raise none
    return offer


def error_response(error: HTTPException) -> BaseResponse:
    """Return what is wrong with a request, and what to do about it.

    An address that is not in NFC, as all addresses here are, leads to the one that is (RFC 3987, section 5.3.2.2).
    """
    whole = normalize("NFC", request.path)
    if error.code == 404 and whole != request.path:
        return redirect(with_query(address(whole.removeprefix("/"))), 308)
    told = _view(error)
    offers = _OF_NO_SITE if told.code == 421 else _OFFERS
    offer = best(request.headers.get("Accept"), offers) or offers[0]
    response = _WRITERS[offer.name](told, offer)
    response.status_code = told.code
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    response.headers["Content-Language"] = the_site().language
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Profile") if told.code == 406 else ("Accept",))
    return response


def _view(error: HTTPException) -> ErrorView:
    code = error.code or 500
    asked = request.environ.get("REQUEST_URI", request.path).partition("?")[0]
    escape = code == 404 and _BAD_ESCAPE.search(asked) and not request.path.startswith(_FILES)
    if escape:
        code = 400
    w = words_in(the_site().language)
    usual = default_exceptions[code].description if code in default_exceptions else ""
    detail = str(error.description or "") if code == error.code else ""
    choices = error.choices if isinstance(error, Unacceptable | Missing) else ()
    key = "fault-escape" if escape else f"fault-{406 if choices else code}"
    about = w.get(f"{key}-about", w["fault-about"])
    detail = "" if detail == usual else detail
    return ErrorView(code, w.get(key, w["fault"]), "" if code == 400 and detail else about, detail, choices)


def _page(told: ErrorView, offer: Offer) -> Response:
    titles = {profile.iri: profile.title(the_site().language) for profile in known_profiles().values()}
    labels = {offer.media_type: offer.label for offer in RDF}
    return respond(render_template("fault.html", told=told, titles=titles, labels=labels), HTML)


def _text(told: ErrorView, offer: Offer) -> Response:
    lines = [f"{told.code} {told.title}", told.advice, told.detail]
    lines += ["\t".join(filter(None, choice)) for choice in told.choices]
    return plain_response("\n".join(filter(None, lines)), told.code)


def _details(told: ErrorView, offer: Offer) -> Response:
    """Return problem details (RFC 9457, section 3); `alternates` is an extension of ours."""
    found: dict[str, object] = {"type": "about:blank", "title": told.title, "status": told.code}
    found["detail"] = " ".join(filter(None, (told.advice, told.detail)))
    if told.choices:
        found["alternates"] = [
            {"href": choice.address, "type": choice.media_type}
            | ({"profile": choice.profile} if choice.profile else {})
            for choice in told.choices
        ]
    return respond(json.dumps(found, ensure_ascii=False, indent=1) + "\n", offer)


_WRITERS: dict[str, Callable[[ErrorView, Offer], Response]] = {
    "text": _text,
    "html": _page,
    "problem": _details,
    "json": _details,
}
