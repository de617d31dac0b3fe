"""The engines that check shapes: pySHACL, the reference, and the Rust engine `shacl`, which is much faster.

Each is a function from the shapes, as N-Triples text, and triples to findings, and is imported only once it is needed.
They report the same for all shapes that Herbier ships.
"""

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

import pyoxigraph
import rdflib

from herbier.formats import Triple
from herbier.problems import HerbierError, words
from herbier.shapes.findings import Finding, settled
from herbier.terms import Term, datatype_of, language_of, lexical, literal, plain

if TYPE_CHECKING:
    import shacl

_SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


# --- the Rust engine ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _compiled(shapes: str) -> "shacl.Shapes":
    import shacl

    try:
        return shacl.Shapes.from_text(shapes, "ntriples")
    except ValueError as error:
        raise HerbierError(one_line(error)) from None


def _with_rust(shapes: str, triples: Sequence[Triple]) -> Iterator[Finding]:
    compiled = _compiled(shapes)
    data = "".join([f"{subject} {predicate} {value} .\n" for subject, predicate, value in triples])
    try:
        report = compiled.validate_text(data, "ntriples")
    except ValueError as error:
        raise HerbierError(one_line(error)) from None
    for result in report.results:
        path = result.path or ""
        yield Finding(
            result.focus_node,
            path if path.startswith("<") and path.count("<") == 1 and path.endswith(">") else "",
            result.value or "",
            result.source_shape or "",
            f"<{result.component_iri}>",
        )


# --- pySHACL --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _parsed(shapes: str) -> rdflib.Graph:
    quads = pyoxigraph.parse(shapes, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return _graph_of((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)


def _with_pyshacl(shapes: str, triples: Sequence[Triple]) -> Iterator[Finding]:
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError

    with quiet():
        try:
            _, report, _ = pyshacl.validate(_graph_of(triples), shacl_graph=_parsed(shapes))
        except (ReportableRuntimeError, ValueError) as error:
            raise HerbierError(one_line(error)) from None
    for found in report.objects(None, _SH.result):
        focus, path, value, shape, component = (_term(report.value(found, part)) for part in _PARTS)
        yield Finding(focus, path if path.startswith("<") else "", value, shape, component)


_PARTS = (_SH.focusNode, _SH.resultPath, _SH.value, _SH.sourceShape, _SH.sourceConstraintComponent)


def _graph_of(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return triples as a plain graph: pySHACL is slow over a dataset, and wrong over some stores."""
    graph = rdflib.Graph()
    for subject, predicate, value in triples:
        graph.add((_node(subject), rdflib.URIRef(lexical(predicate)), _node(value)))
    return graph


def _node(term: Term) -> rdflib.URIRef | rdflib.Literal | rdflib.BNode:
    if term.startswith("<"):
        return rdflib.URIRef(lexical(term))
    if term.startswith("_:"):
        return rdflib.BNode(term[2:])
    if language := language_of(term):
        return rdflib.Literal(lexical(term), lang=language)
    datatype = datatype_of(term)  # rdflib would write 01 as 1 unless told not to
    return rdflib.Literal(lexical(term), datatype=rdflib.URIRef(datatype) if datatype else None, normalize=False)


def _term(node: object) -> Term:
    if isinstance(node, rdflib.Literal):
        return f"{plain(str(node))}^^<{node.datatype}>" if node.datatype else literal(str(node), node.language or "")
    return "" if node is None else f"_:{node}" if isinstance(node, rdflib.BNode) else f"<{node}>"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pySHACL and rdflib from writing on the terminal what Herbier tells itself."""
    loggers = [logging.getLogger(name) for name in ("pyshacl-validate", "rdflib.term")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def one_line(error: Exception) -> str:
    """Return what an engine says of a fault, on one line."""
    return " ".join(str(error).partition("For reference, see")[0].split())


# --- the table ------------------------------------------------------------------------------------------------------

Engine = Callable[[str, Sequence[Triple]], Iterator[Finding]]
ENGINES: dict[str, Engine] = {"shacl": _with_rust, "pyshacl": _with_pyshacl}  # the first that is there is the default


def best_engine(name: str = "") -> str:
    """Return the engine to use: the one that is named, else the fastest that is installed; HerbierError if none is."""
    if name and name not in ENGINES:
        raise HerbierError(words("unknown engine {name!r}: known are {names}", name=name, names=", ".join(ENGINES)))
    found = next((each for each in ([name] if name else ENGINES) if _importable(each)), "")
    if not found:
        raise HerbierError(words("the engine {name} is not installed: pip install {name}", name=name or "pyshacl"))
    return found


def _importable(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:  # not installed, or built for another machine
        return False
    return True


def findings(engine: str, shapes: str, triples: Iterable[Triple]) -> list[Finding]:
    """Return what an engine finds in triples, each once and sorted; HerbierError where it cannot use the shapes."""
    data = list(triples)
    return settled(ENGINES[engine](shapes, data), data)
