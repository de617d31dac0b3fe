"""Requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/, section 2.1)."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_plus

from werkzeug.http import parse_options_header

from herbier.store.query_process import PAGE, Question
from herbier.web.http.negotiation import HTML, RDF, TURTLE, Offer, best

RESULTS = (
    Offer("json", "application/sparql-results+json"),
    Offer("xml", "application/sparql-results+xml"),
    Offer("csv", "text/csv"),
    Offer("tsv", "text/tab-separated-values"),
    # what older clients call the first two
    Offer("json", "application/json"),
    Offer("xml", "application/xml"),
    HTML,
)
GRAPHS = (*RDF, HTML)
METHODS = ("GET", "HEAD", "POST")
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_MOST_FIELDS = 100
NO_UPDATES = "updates are not allowed here: the vault's notes are where its data is changed"


class RefusedError(Exception):
    """A request that is none of the protocol's, or that is not answered: the status, and what to do about it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Request(NamedTuple):
    """The parts of a request that count; None for a header that is not there."""

    method: str
    parameters: str
    content_type: str | None = None
    accept: str | None = None
    body: bytes = b""


class AcceptedFormats(NamedTuple):
    """The formats that an Accept header prefers: one for rows, one for a graph; None where it wants none of them."""

    rows: Offer | None
    graph: Offer | None


@lru_cache(512)
def accepted_formats(accept: str | None) -> AcceptedFormats:
    """Return the formats in which an answer is wanted."""
    return AcceptedFormats(best(accept, RESULTS), best(accept, GRAPHS))


def question_of(request: Request) -> Question | None:
    """Return the question that a request asks; None where it asks none, as one for the service description does.

    Raises RefusedError.
    """
    fields = _fields(request)
    queries = fields.get("query", ())
    if "update" in fields:
        raise RefusedError(400, NO_UPDATES)
    if not queries and request.method != "POST":
        return None
    if len(queries) != 1:
        raise RefusedError(400, f"there should be one parameter `query`, and there are {len(queries)}")
    rows, graph = accepted_formats(request.accept)
    return Question(
        queries[0],
        PAGE if rows is HTML else rows.name if rows else "",
        TURTLE.name if graph is HTML else graph.name if graph else "",
        tuple(fields.get("default-graph-uri", ())),
        tuple(fields.get("named-graph-uri", ())),
    )


Fields = Mapping[str, Sequence[str]]


def _fields(request: Request) -> Fields:
    if request.method != "POST":
        return _decoded(request.parameters, "the parameters are")
    media_type, options = parse_options_header(request.content_type)
    reader = _BODIES.get(media_type.lower())
    if reader is None:
        raise RefusedError(415, f"a query is posted as {_FORM} (query=...) or {_QUERY}")
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise RefusedError(415, f"a query is posted in UTF-8, not in {options['charset']}")
    return reader(request)


def _in_form(request: Request) -> Fields:
    text = _text(request.body)
    return _decoded("&".join(filter(None, (text, request.parameters))), "the parameters are")


def _in_body(request: Request) -> Fields:
    fields = _decoded(request.parameters, "the parameters are")
    return {**fields, "query": (*fields.get("query", ()), _text(request.body))}


def _in_update(request: Request) -> Fields:
    raise RefusedError(400, NO_UPDATES)


_BODIES: Mapping[str, Callable[[Request], Fields]] = {_FORM: _in_form, _QUERY: _in_body, _UPDATE: _in_update}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise RefusedError(400, "the query is not UTF-8") from None


def _decoded(text: str, what: str) -> Fields:
    if text.count("&") >= _MOST_FIELDS:
        raise RefusedError(400, f"{what} too many: at most {_MOST_FIELDS}")
    fields: dict[str, list[str]] = {}
    try:
        for field in filter(None, text.split("&")):  # in half the time of urllib's parse_qsl
            name, _, value = field.partition("=")
            fields.setdefault(unquote_plus(name, errors="strict"), []).append(unquote_plus(value, errors="strict"))
    except UnicodeDecodeError:
        raise RefusedError(400, f"{what} not UTF-8") from None
    return fields
