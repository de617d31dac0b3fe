"""The SPARQL endpoint: queries only, over the vault only; its page for people, and its description for programs."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.exceptions import ServiceUnavailable

from herbier.rdf.formats import FORMATS, write_all
from herbier.store.query_process import Question, Reply, ResultPage, answer_question, page_of
from herbier.web.http.conditional import conditioned
from herbier.web.http.negotiation import FAULT, HTML, Offer, best, respond
from herbier.web.pages.display import Value, data_of
from herbier.web.query.protocol import (
    GRAPHS,
    RESULTS,
    AcceptedFormats,
    RefusedError,
    Request,
    accepted_formats,
    question_of,
)
from herbier.web.query.service_description import described_service
from herbier.web.site import Site, the_site

blueprint = Blueprint("endpoint", __name__)
REPLY = "herbier.reply"  # in the environ of a request whose question was answered before
_EXAMPLE = """\
PREFIX schema: <https://schema.org/>

SELECT ?name ?description ?thing WHERE {
  ?thing schema:name ?name ;
         schema:description ?description .
}
ORDER BY ?name
LIMIT 20
"""


class QueryFaultError(Exception):
    """A query that has no answer: the status, what is wrong, and the seconds after which to ask again, if any."""

    def __init__(self, status: int, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query; without one, describe the service, and show a browser where to write a query."""
    site = the_site()
    posted = request.get_data(cache=False) if request.method == "POST" else b""
    asked = Request(
        request.method,
        request.query_string.decode("latin-1"),
        request.headers.get("Content-Type"),
        request.headers.get("Accept"),
        posted,
    )
    question = None
    try:
        question = question_of(asked)
        if question is None or (by_browser(asked.accept) and not question.text.strip()):
            return _with_vary(_introduced(site, asked.accept))
        reply = request.environ.get(REPLY) or answer_question(site.store, site.names, question, site.limits.result)
        return _with_vary(_answered(site, question, accepted_formats(asked.accept), reply))
    except RefusedError as error:
        return _faulty(question, asked.accept, QueryFaultError(error.status, str(error)))
    except QueryFaultError as error:
        return _faulty(question, asked.accept, error)


def by_browser(accept: str | None) -> bool:
    """Return whether a request prefers to be reported in a page what is wrong with it."""
    return best(accept, FAULT) is HTML


def _with_vary(response: Response) -> Response:
    response.vary.add("Accept")
    return conditioned(response)


def _faulty(question: Question | None, accept: str | None, error: QueryFaultError) -> Response:
    """Show a person the query beside what is wrong with it; all else is reported as any other fault is."""
    if question is None or not by_browser(accept):
        if error.status == 503:
            raise ServiceUnavailable(str(error), retry_after=error.retry_after)
        abort(error.status, str(error))
    response = respond(_page(question.text, fault=str(error)), HTML)
    response.status_code = error.status
    if error.retry_after is not None:
        response.retry_after = error.retry_after
    return _with_vary(response)


def _introduced(site: Site, accept: str | None) -> Response:
    offer = best(accept, GRAPHS)
    if offer is None:
        raise QueryFaultError(406, _others("none of the types asked for is here", GRAPHS, None))
    if offer is HTML:
        return respond(_page(_EXAMPLE), HTML)
    triples = described_service(site.mint, site.size, services=bool(site.vault.settings.services))
    return respond(write_all([("", triples)], FORMATS[offer.name], site.names), offer)


# --- what is answered -------------------------------------------------------------------------------------


def _answered(site: Site, question: Question, formats: AcceptedFormats, reply: Reply) -> Response:
    shown = _SHOWN.get((reply.kind, _offer(formats, reply) is HTML))
    if shown is not None:
        return respond(shown(site, question, reply), HTML)
    offer = _offer(formats, reply)
    if offer is not None:
        return respond(reply.body, offer)
    raise fault_of_reply(reply, site, formats)


def _offer(formats: AcceptedFormats, reply: Reply) -> Offer | None:
    return {"rows": formats.rows, "page": HTML, "truth": HTML, "graph": formats.graph}.get(reply.kind)


def fault_of_reply(reply: Reply, site: Site, formats: AcceptedFormats) -> QueryFaultError:
    """Return what is wrong where a reply is no answer (section 2.1.6 of the protocol: 500 for a query not executed)."""
    limits = site.limits
    if reply.kind == "rows-unwanted":
        return QueryFaultError(406, _others("none of the types asked for is here", RESULTS, None))
    if reply.kind == "graph-unwanted":
        return QueryFaultError(406, _others("none of the types asked for is here", GRAPHS, None))
    if reply.kind == "lost-in-format":
        kept = formats.graph.media_type if formats.graph else ""
        return QueryFaultError(406, _others(f"{kept} cannot carry this answer", GRAPHS, formats.graph))
    if reply.kind == "wrong":
        return QueryFaultError(400, reply.body.decode())
    if reply.kind == "busy":
        return QueryFaultError(503, "too many queries are being answered: ask again later", round(limits.seconds) or 1)
    return QueryFaultError(500, _LIMITS[reply.kind].format(limits.seconds, limits.memory, limits.result))


_LIMITS = {
    "late": "the query takes longer than the {0:g} seconds that it may: ask for less at a time",
    "memory": "the query needs more than the {1:,} bytes of memory that it may have: ask for less at a time",
    "large": "the answer is larger than the {2:,} bytes that it may have: ask for less at a time, with LIMIT",
    "deep": "the query is nested too deeply",
    "gone": "the client did not wait for the answer",
    "broken": "the query could not be answered: its process ended unexpectedly",
}


def _others(reason: str, offers: tuple[Offer, ...], unfit: Offer | None) -> str:
    types = dict.fromkeys(offer.media_type for offer in offers if offer is not unfit)
    return "\n".join([f"Not acceptable: {reason}. There is:", *types])


# --- the page ---------------------------------------------------------------------------------------------


def _rows_page(site: Site, question: Question, reply: Reply) -> str:
    return _page(question.text, table=page_of(reply), cell=lambda term: data_of(site, term or ""))


def _truth_page(site: Site, question: Question, reply: Reply) -> str:
    return _page(question.text, truth=reply.body == b"true")


def _graph_page(site: Site, question: Question, reply: Reply) -> str:
    return _page(question.text, graph=reply.body.decode())


_SHOWN: Mapping[tuple[str, bool], Callable[[Site, Question, Reply], str]] = {
    ("page", True): _rows_page,
    ("truth", True): _truth_page,
    ("graph", True): _graph_page,
}


def _page(
    query: str,
    fault: str = "",
    table: ResultPage | None = None,
    cell: Callable[[str | None], Value] | None = None,
    truth: bool | None = None,
    graph: str = "",
) -> str:
    return render_template("sparql.html", query=query, fault=fault, table=table, cell=cell, truth=truth, graph=graph)
