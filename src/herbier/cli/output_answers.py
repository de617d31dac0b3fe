"""The answers of `herbier query`: tables for people, the SPARQL result formats for programs."""

import io

import pyoxigraph

from herbier.messages import Message
from herbier.pipeline.opening import Vault
from herbier.pipeline.progress import Progress
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS as RDF_FORMATS
from herbier.rdf.formats import write_all
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.turtle import turtle_term
from herbier.store.embedded import Answer, Graph, NotSparqlError, Store
from herbier.translation import translate

_RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
    "xml": pyoxigraph.QueryResultsFormat.XML,
}
_GRAPHS = {row.suffix[1:]: row for row in RDF_FORMATS.values() if not row.graphs}
FORMATS = ("table", *_RESULTS, *_GRAPHS)


def answer_query(vault: Vault, sparql: str, name: str | None, language: str, progress: Progress) -> str:
    """Return the answer to a query as text; the prefixes of the mapping need not be declared.

    A table is for people, and speaks their language.
    """
    store, _ = Store.of(vault, progress)
    start = prologue(sparql, vault.names)
    try:
        result = store.query(start + sparql)
    except NotSparqlError as error:
        raise error.without(start) from None
    if isinstance(result, Graph):
        if name in _RESULTS:
            raise HerbierError(Message("the answer is a graph: it takes --format {names}", names=", ".join(_GRAPHS)))
        return write_all([("", result.triples)], _GRAPHS.get(name or "", RDF_FORMATS["turtle"]), vault.names)
    if name in _GRAPHS:
        names = ", ".join(("table", *_RESULTS))
        raise HerbierError(Message("the answer is no graph: it takes --format {names}", names=names))
    if name in _RESULTS:
        written = result.serialize(format=_RESULTS[name])
        return (written or b"").decode()
    return _table(result, vault.names, language)


def prologue(sparql: str, names: Namespaces) -> str:
    """Return what declares the prefixes that a query uses, to stand before it in its first line."""
    used = [
        f"PREFIX {prefix}: <{namespace}>"
        for prefix, namespace in sorted(names.prefixes.items())
        if f"{prefix}:" in sparql
    ]
    return "".join(f"{line} " for line in used)


def _table(result: Answer, names: Namespaces, language: str) -> str:
    if isinstance(result, pyoxigraph.QueryBoolean):
        return translate(Message("yes") if result else Message("no"), language)
    assert isinstance(result, pyoxigraph.QuerySolutions)
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    variables = [variable.value for variable in result.variables]
    table = Table(*variables, header_style="bold")
    count = 0
    for solution in result:
        table.add_row(*(Text(_cell(solution[variable], names)) for variable in variables))
        count += 1
    out = io.StringIO()
    console = Console(file=out) if not _narrow() else Console(file=out, width=10_000)
    console.print(table)
    told = _ROWS.get(count) or Message("{count:,} rows", count=count)
    return f"{out.getvalue()}{translate(told, language)}"


_ROWS = {0: Message("no rows"), 1: Message("1 row")}


def _narrow() -> bool:
    """Return whether the output is no terminal, so that no cell may be cut to fit one."""
    import sys

    return not sys.stdout.isatty()


def _cell(node: object, names: Namespaces) -> str:
    if node is None:
        return ""
    if isinstance(node, pyoxigraph.Literal):
        return node.value
    return turtle_term(str(node), names)
