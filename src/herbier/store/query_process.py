"""One question and its whole answer, as bytes: what a query process does, and nothing else."""

import io
import json
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import pyoxigraph

from herbier.rdf.formats import FORMATS, unwritable, write_all
from herbier.rdf.prefixes import Namespaces
from herbier.store.embedded import Graph, QueryError, Store

ROWS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
PAGE = "page"  # in place of a format: the first rows, for people
PAGE_ROWS = 1000


class Question(NamedTuple):
    """A query, and how its answer is wanted.

    `rows` is a format of `ROWS`, `PAGE`, or "" where rows cannot be taken; `graph` likewise one of `FORMATS`. The IRIs
    of graphs are the query's dataset (SPARQL 1.1 Protocol, section 2.1.4).
    """

    text: str
    rows: str
    graph: str
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()


class Reply(NamedTuple):
    """The answer to a question: of which kind it is, and its bytes.

    The kinds: "rows" and "graph" in the format asked for; "page", what `page_of` reads; "truth", for a page, too;
    "rows-unwanted" and "graph-unwanted", where the question takes no such answer; "lost-in-format", a graph that the
    format cannot write; "wrong" with what is wrong with the query; "large" and "memory", where a limit was met.
    """

    kind: str
    body: bytes = b""


class ResultPage(NamedTuple):
    """The first rows of an answer; a value is a term, None where there is none; `cut` tells that there are more."""

    names: list[str]
    rows: list[list[str | None]]
    cut: bool


def page_of(reply: Reply) -> ResultPage:
    """Return the rows of a reply of the kind "page"."""
    return ResultPage(*json.loads(reply.body))


def answer_question(store: Store, names: Namespaces, question: Question, most: int) -> Reply:
    """Answer a question whole, or say why not; `most` is the size of the largest answer, in bytes."""
    try:
        found = store.query(question.text, default_graphs=question.default_graphs, named_graphs=question.named_graphs)
        if isinstance(found, Graph):
            return _graph(found, names, question.graph, most)
        if not question.rows:
            return Reply("rows-unwanted")
        if question.rows != PAGE:
            whole = _Whole(most)
            found.serialize(whole, format=ROWS[question.rows])
            return Reply("rows", whole.getvalue())
        if isinstance(found, pyoxigraph.QueryBoolean):
            return Reply("truth", b"true" if found else b"false")
        return Reply("page", json.dumps(_page(found)).encode())
    except QueryError as error:
        return Reply("wrong", str(error).encode())
    except _TooLargeError:
        return Reply("large")
    except MemoryError:
        return Reply("memory")
    except (ValueError, OSError, RuntimeError) as error:  # the engine finds answers while they are read
        return Reply("wrong", f"the query cannot be answered: {error}".encode())


def _graph(found: Graph, names: Namespaces, name: str, most: int) -> Reply:
    if not name:
        return Reply("graph-unwanted")
    row = FORMATS[name]
    if unwritable(found.triples, row):
        return Reply("lost-in-format")
    body = write_all([("", found.triples)], row, names).encode()
    return Reply("large") if len(body) > most else Reply("graph", body)


def _page(found: pyoxigraph.QuerySolutions) -> ResultPage:
    names = [variable.value for variable in found.variables]
    rows: list[list[str | None]] = []
    for solution in islice(found, PAGE_ROWS):
        values = [solution[name] for name in names]
        rows.append([None if value is None else str(value) for value in values])
    return ResultPage(names, rows, next(found, None) is not None)


class _TooLargeError(Exception):
    """An answer has outgrown its limit."""


class _Whole(io.BytesIO):
    """Keeps an answer until it is whole; one that outgrows the limit is given up at once."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > self.most:
            raise _TooLargeError
        return super().write(data)
