"""The contract of the site for programs: all its addresses, in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1)."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import Blueprint, Response

from herbier import __version__
from herbier.web.data.dumps import SUMS, the_dumps
from herbier.web.data.fragments import OFFERS as OF_FRAGMENTS
from herbier.web.http.conditional import conditioned
from herbier.web.http.negotiation import HTML, PAGE, RDF, Offer, respond
from herbier.web.site import Site, the_site

blueprint = Blueprint("openapi", __name__)
_JSON = "application/json"
_RESULTS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
_PAGE = tuple(offer.media_type for offer in PAGE)
_GRAPHS = tuple(offer.media_type for offer in RDF)


class Endpoint(NamedTuple):
    """An address, what it is for, and the media types of what it sends; `status` is what it answers when all is well.

    `needs` are the parameters of the path, `takes` those of the query, each a key of `PARAMETERS`. `others` are the
    answers, beside these, that a client should know how to take.
    """

    path: str
    name: str
    summary: str
    types: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    status: int = 200
    others: tuple[int, ...] = ()
    tag: str = "data"


ENDPOINTS = (
    Endpoint("/", "home", "All notes, from A to Z", (HTML.media_type,), takes=("type", "page"), tag="pages"),
    Endpoint(
        "/id/{slug}",
        "thing",
        "Lead from a thing to the note about it",
        needs=("slug",),
        status=303,
        others=(301, 404, 410),
    ),
    Endpoint(
        "/doc/{name}",
        "note",
        "What a note says, in the format of its suffix, else in the one that is asked for",
        _PAGE,
        needs=("name",),
        others=(301, 304, 404, 406, 410),
    ),
    Endpoint("/tag/", "tags", "The list of all tags", _PAGE, others=(304, 406)),
    Endpoint(
        "/tag/{name}",
        "tag",
        "A tag, and the notes that have it; its name may have slashes",
        _PAGE,
        needs=("tag",),
        others=(303, 304, 404, 406),
    ),
    Endpoint("/tag{suffix}", "tagsAs", "The list of all tags in one format", _PAGE, needs=("suffix",), others=(304,)),
    Endpoint(
        "/key/{name}",
        "key",
        "A key that no rule of the mapping knows",
        _PAGE,
        needs=("key",),
        others=(303, 304, 404, 406),
    ),
    Endpoint("/profiles", "profiles", "The parts of the data that can be asked for", _PAGE, others=(304, 406)),
    Endpoint("/profiles{suffix}", "profilesAs", "The same in one format", _PAGE, needs=("suffix",), others=(304,)),
    Endpoint(
        "/dataset", "dataset", "The dataset, in VoID and DCAT: counts, files and services", _PAGE, others=(304, 406)
    ),
    Endpoint("/dataset{suffix}", "datasetAs", "The dataset in one format", _PAGE, needs=("suffix",), others=(304,)),
    Endpoint("/.well-known/void", "void", "Lead to the description of the dataset", status=303, others=(406,)),
    Endpoint("/ns", "ontology", "Herbier's ontology", _PAGE, others=(304, 406)),
    Endpoint("/ns{suffix}", "ontologyAs", "Herbier's ontology in one format", _PAGE, needs=("suffix",), others=(304,)),
    Endpoint(
        "/context.jsonld",
        "context",
        "The context of the JSON-LD that is sent here",
        ("application/ld+json",),
        others=(304,),
    ),
    Endpoint(
        "/file/{name}", "file", "A file that a note embeds", ("*/*",), needs=("file",), others=(206, 304, 404, 416)
    ),
    Endpoint("/dump/", "dumps", "The files of all that is published", (HTML.media_type,), others=(304,), tag="dumps"),
    Endpoint(
        "/dump/{name}",
        "dump",
        f"A file of all that is published, or of the notes of a class; its digest with .sha256, those of all in {SUMS}",
        ("application/gzip",),
        needs=("dump",),
        others=(206, 304, 404, 416),
        tag="dumps",
    ),
    Endpoint(
        "/sparql",
        "query",
        "Answer a query of SPARQL 1.1 over all that is published",
        (*_RESULTS, *_GRAPHS, HTML.media_type),
        takes=("query", "default-graph-uri", "named-graph-uri"),
        others=(304, 400, 406, 503),
        tag="queries",
    ),
    Endpoint(
        "/fragments",
        "fragment",
        "The triples that match a pattern, 100 a page (Triple Pattern Fragments)",
        (HTML.media_type, *(offer.media_type for offer in OF_FRAGMENTS)),
        takes=("subject", "predicate", "object", "graph", "page"),
        others=(304, 400, 404, 406),
        tag="queries",
    ),
    Endpoint(
        "/search",
        "search",
        "Search the names and the descriptions of the notes",
        (HTML.media_type, _JSON),
        takes=("q", "page"),
        others=(304, 406),
        tag="queries",
    ),
    Endpoint(
        "/sitemap.xml",
        "sitemap",
        "The list of all pages, or of the files that list them",
        ("application/xml",),
        others=(304,),
        tag="pages",
    ),
    Endpoint(
        "/sitemap-{number}.xml",
        "sitemapPart",
        "A share of a list too long for one file",
        ("application/xml",),
        needs=("number",),
        others=(304, 404),
        tag="pages",
    ),
    Endpoint("/robots.txt", "robots", "What crawlers are to leave alone", ("text/plain",), others=(304,), tag="pages"),
    Endpoint("/openapi.json", "contract", "This contract", (_JSON,), others=(304,), tag="pages"),
    Endpoint("/healthz", "health", "Tell that the site answers", ("text/plain",), tag="pages"),
    Endpoint(
        "/static/{filename}",
        "static",
        "What the pages look like",
        ("text/css",),
        needs=("filename",),
        others=(304, 404),
        tag="pages",
    ),
)
_OUTCOMES = {
    206: "The part of the file that was asked for",
    301: "The note was merged into another",
    303: "What is said of it is elsewhere",
    304: "What the client has is still so",
    400: "The request cannot be understood; the text says why",
    404: "Nothing here has that name",
    406: "None of the types asked for is here; the text lists those that are",
    410: "The note is gone for good",
    415: "A body of this type is no query",
    416: "The file has no such part",
    503: "Too much is asked at once; try again later",
}


class Parameter(NamedTuple):
    """A parameter: its name, whether it stands in the path, what it is, what its values look like, and an example."""

    name: str
    place: str
    text: str
    schema: dict[str, Any]
    example: Any = None


def parameters(site: Site) -> dict[str, Parameter]:
    """Return all parameters, with examples that the site has an answer to, where it has any note at all."""
    text = {"type": "string"}
    notes, tags, files = site.catalogue.notes, site.catalogue.tags, sorted(site.files)
    slug = notes[0].slug if notes else None
    key = next((term[len(f"<{site.base}key/") : -1] for term in _keys(site)), None)
    file = files[0][len(f"<{site.base}file/") : -1] if files else None
    rows = {
        "slug": Parameter("slug", "path", "The slug of a note", text, slug),
        "name": Parameter("name", "path", "The slug of a note, with or without the suffix of a format", text, slug),
        "tag": Parameter("name", "path", "The path of a tag", text, tags[0].path if tags else None),
        "key": Parameter("name", "path", "A key", text, key),
        "file": Parameter("name", "path", "The path of a file in the vault", text, file),
        "dump": Parameter("name", "path", "The name of a file that /dump/ lists", text, the_dumps().of_all[0].name),
        "suffix": Parameter("suffix", "path", "The suffix of a format", text | {"enum": _suffixes(PAGE)}, ".ttl"),
        "number": Parameter("number", "path", "The number of the share, from 1", {"type": "integer", "minimum": 1}),
        "filename": Parameter("filename", "path", "The name of a file", text, "style.css"),
        "type": Parameter("type", "query", "The name of a type, as the page shows it", text),
        "page": Parameter("page", "query", "The number of a page, from 1", {"type": "integer", "minimum": 1}, 1),
        "q": Parameter("q", "query", "The beginnings of words", text, notes[0].title.text if notes else "a"),
        "query": Parameter("query", "query", "A query of SPARQL 1.1", text, "SELECT * { ?s ?p ?o } LIMIT 3"),
    }
    for name, what in (
        ("subject", "An IRI"),
        ("predicate", "An IRI"),
        ("object", "An IRI, or a text in quotes"),
        ("graph", "An IRI"),
    ):
        rows[name] = Parameter(name, "query", f"{what}; open where it is left out", text)
    rows["predicate"] = rows["predicate"]._replace(example="http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for name in ("default-graph-uri", "named-graph-uri"):
        schema = {"type": "array", "items": {"type": "string", "format": "iri"}}
        rows[name] = Parameter(name, "query", "A graph of the dataset that is asked (SPARQL 1.1 Protocol)", schema)
    return rows


def _keys(site: Site) -> list[str]:
    start = f"<{site.base}key/"
    return sorted({subject for subject, _, _ in site.store.graph(site.mint.dataset()) if subject.startswith(start)})


def _suffixes(offers: Sequence[Offer]) -> list[str]:
    return [offer.suffix for offer in offers]


def openapi_of(site: Site) -> dict[str, Any]:
    """Return the contract of a site."""
    known = parameters(site)
    about: dict[str, Any] = {"title": site.title, "version": __version__, "summary": "Notes as linked data"}
    if site.vault.settings.license.startswith(("http://", "https://")):
        about["license"] = {"name": site.vault.settings.license, "url": site.vault.settings.license}
    paths: dict[str, Any] = {endpoint.path: {"get": _operation(endpoint, known)} for endpoint in ENDPOINTS}
    paths["/sparql"]["post"] = _posted(next(endpoint for endpoint in ENDPOINTS if endpoint.path == "/sparql"))
    return {
        "openapi": "3.1.1",
        "info": about,
        "servers": [{"url": site.base.rstrip("/")}],
        "paths": paths,
        "components": {
            "responses": {f"Status{code}": {"description": text} for code, text in _OUTCOMES.items()},
        },
    }


def _operation(endpoint: Endpoint, known: dict[str, Parameter]) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": endpoint.name, "summary": endpoint.summary, "tags": [endpoint.tag]}
    if endpoint.needs or endpoint.takes:
        operation["parameters"] = [_parameter(known[name]) for name in (*endpoint.needs, *endpoint.takes)]
    operation["responses"] = _responses(endpoint)
    return operation


def _parameter(row: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"name": row.name, "in": row.place, "description": row.text, "schema": row.schema}
    if row.place == "path":
        found["required"] = True
    if row.example is not None:
        found["example"] = row.example
    return found


def _responses(endpoint: Endpoint, more: Sequence[int] = ()) -> dict[str, Any]:
    well: dict[str, Any] = {"description": "All is well" if endpoint.status == 200 else "Where to look instead"}
    if endpoint.status == 200:
        well["content"] = {media_type: {} for media_type in endpoint.types}
    else:
        well["headers"] = {"Location": {"schema": {"type": "string"}}}
    found = {str(endpoint.status): well}
    return found | {
        str(code): {"$ref": f"#/components/responses/Status{code}"} for code in sorted({*endpoint.others, *more})
    }


def _posted(endpoint: Endpoint) -> dict[str, Any]:
    """Return the other way to send a query (SPARQL 1.1 Protocol, sections 2.1.2 and 2.1.3)."""
    form = {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
    bodies = {
        "application/x-www-form-urlencoded": {"schema": form},
        "application/sparql-query": {"schema": {"type": "string"}},
    }
    return {
        "operationId": f"{endpoint.name}Posted",
        "summary": f"{endpoint.summary}; for those too long for an address",
        "tags": [endpoint.tag],
        "requestBody": {"required": True, "content": bodies},
        "responses": _responses(endpoint, (415,)),
    }


@blueprint.get("/openapi.json")
def contract() -> Response:
    """Send the contract."""
    text = json.dumps(openapi_of(the_site()), ensure_ascii=False, indent=1)
    return conditioned(respond(f"{text}\n", Offer("openapi", _JSON)))
