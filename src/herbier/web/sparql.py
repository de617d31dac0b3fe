"""The SPARQL endpoint (https://www.w3.org/TR/sparql11-protocol/): queries only, over the vault only."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

import pyoxigraph
from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from herbier.formats import FORMATS, turtle_term, unwritable, write_all
from herbier.store.embedded import Answer, Graph, QueryError
from herbier.web.catalogue import Text
from herbier.web.negotiation import FAULT, HTML, RDF, TURTLE, Offer, best, conditional, plain, respond
from herbier.web.site import Site, the_site
from herbier.web.values import Value, value_of

blueprint = Blueprint("sparql", __name__)
_MOST_ROWS = 1000  # on a page
_RESULTS = {
    Offer("json", "application/sparql-results+json"): pyoxigraph.QueryResultsFormat.JSON,
    Offer("xml", "application/sparql-results+xml"): pyoxigraph.QueryResultsFormat.XML,
    Offer("csv", "text/csv"): pyoxigraph.QueryResultsFormat.CSV,
    Offer("tsv", "text/tab-separated-values"): pyoxigraph.QueryResultsFormat.TSV,
    # what older clients call the first two
    Offer("json", "application/json"): pyoxigraph.QueryResultsFormat.JSON,
    Offer("xml", "application/xml"): pyoxigraph.QueryResultsFormat.XML,
}
_EXAMPLE = """\
PREFIX schema: <https://schema.org/>

SELECT ?name ?description ?thing WHERE {
  ?thing schema:name ?name ;
         schema:description ?description .
}
ORDER BY ?name
LIMIT 20
"""


class Asked(NamedTuple):
    """A request of the protocol: a query, and the graphs of its dataset where the request names them."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Table(NamedTuple):
    """The answer of SELECT as a page shows it; `cut` tells that there are more rows."""

    names: list[str]
    rows: list[list[Value]]
    cut: bool


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; to a browser that brings none, show where to write one."""
    site = the_site()
    text = _EXAMPLE
    try:
        if _by_browser() and request.method != "POST" and not request.args.get("query", "").strip():
            return _with_vary(respond(_page(text), HTML))
        asked = _asked()
        text = asked.query
        answer = site.store.query(text, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs)
        return _with_vary(_answered(text, answer))
    except QueryError as error:
        if not _by_browser():
            return plain(str(error), 400)
        response = respond(_page(text, fault=str(error)), HTML)
        response.status_code = 400
        return _with_vary(response)


def _by_browser() -> bool:
    return best(request.headers.get("Accept"), FAULT) is HTML


def _with_vary(response: Response) -> Response:
    response.vary.add("Accept")
    return conditional(response)


# --- what is asked (section 2.1 of the protocol) ----------------------------------------------------------


def _asked() -> Asked:
    if request.method != "POST":
        return _in_parameters(request.args)
    reader = _BODIES.get(request.mimetype)
    if reader is None:
        raise UnsupportedMediaType(f"a query is posted as {' or '.join(list(_BODIES)[:2])}")
    if request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise UnsupportedMediaType("a query is posted in UTF-8")
    return reader()


def _in_parameters(parameters: "MultiDict[str, str]") -> Asked:
    if "update" in parameters:
        return _in_update()
    queries = parameters.getlist("query")
    if len(queries) != 1:
        raise QueryError(f"there should be one parameter `query`, and there are {len(queries)}")
    return _with_graphs(queries[0], parameters)


def _in_form() -> Asked:
    return _in_parameters(request.form)


def _in_body() -> Asked:
    try:
        return _with_graphs(request.get_data().decode(), request.args)
    except UnicodeDecodeError:
        raise QueryError("the query is not UTF-8") from None


def _in_update() -> Asked:
    raise QueryError("updates are not allowed here: the vault's notes are where its data is changed")


def _with_graphs(query: str, parameters: "MultiDict[str, str]") -> Asked:
    default, named = (tuple(parameters.getlist(name)) for name in ("default-graph-uri", "named-graph-uri"))
    return Asked(query, default, named)


_BODIES: dict[str, Callable[[], Asked]] = {
    "application/x-www-form-urlencoded": _in_form,
    "application/sparql-query": _in_body,
    "application/sparql-update": _in_update,
}


# --- what is answered -------------------------------------------------------------------------------------


def _answered(query: str, answer: Answer) -> Response:
    offers = (*(RDF if isinstance(answer, Graph) else _RESULTS), HTML)
    offer = best(request.headers.get("Accept"), offers)
    body = _body(query, answer, offer) if offer else None
    if offer is None or body is None:
        reason = f"{offer.media_type} cannot carry this answer" if offer else "none of the types asked for is here"
        types = [other.media_type for other in offers if other is not offer]
        return plain("\n".join([f"Not acceptable: {reason}. There is:", *types]), 406)
    return respond(body, offer)


def _body(query: str, answer: Answer, offer: Offer) -> str | bytes | None:
    """Return an answer in a format; None where the format cannot write it."""
    try:
        if isinstance(answer, Graph):
            return _graph(query, answer, offer)
        if offer is HTML and isinstance(answer, pyoxigraph.QuerySolutions):
            return _page(query, table=_table(the_site(), answer))
        if offer is HTML:
            return _page(query, truth=bool(answer))
        return answer.serialize(format=_RESULTS[offer])
    except (ValueError, OSError, RuntimeError) as error:  # the engine finds answers while they are read
        raise QueryError(f"the query cannot be answered: {error}") from None


def _graph(query: str, answer: Graph, offer: Offer) -> str | None:
    row = FORMATS[TURTLE.name if offer is HTML else offer.name]
    if unwritable(answer.triples, row):
        return None
    text = write_all([("", answer.triples)], row, the_site().names)
    return _page(query, graph=text) if offer is HTML else text


def _table(site: Site, answer: pyoxigraph.QuerySolutions) -> Table:
    names = [variable.value for variable in answer.variables]
    rows = [[_cell(site, solution[name]) for name in names] for solution in islice(answer, _MOST_ROWS + 1)]
    return Table(names, rows[:_MOST_ROWS], len(rows) > _MOST_ROWS)


def _cell(site: Site, node: object) -> Value:
    """Return a value as it is, an IRI shortened; with a link where it has a page."""
    if isinstance(node, pyoxigraph.Literal):
        return Value(Text(node.value, node.language or ""))
    if not isinstance(node, pyoxigraph.NamedNode):
        return Value(Text("" if node is None else str(node)))
    short = turtle_term(str(node), site.names).strip("<>")
    return replace(value_of(site, str(node)), text=Text(short))


def _page(query: str, fault: str = "", table: Table | None = None, truth: bool | None = None, graph: str = "") -> str:
    return render_template("sparql.html", query=query, fault=fault, table=table, truth=truth, graph=graph)
