"""pySHACL, the reference: slow, and right by definition."""

import decimal
import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import pyoxigraph
import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError

from herbier.problems import HerbierError
from herbier.rdf.terms import Term, Triple, datatype_of, language_of, lexical, literal, plain
from herbier.shapes.findings import Finding, one_line

_SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


@lru_cache(maxsize=8)
def _parsed(shapes: str) -> rdflib.Graph:
    quads = pyoxigraph.parse(shapes, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return _graph_of((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads)


def validate(shapes: str, triples: Sequence[Triple]) -> Iterator[Finding]:
    """Yield what pySHACL finds in triples; `shapes` are N-Triples, HerbierError where it cannot use them."""
    with quiet():
        data, parsed = _graph_of(triples), _parsed(shapes)
    with quiet(), decimal.localcontext() as context:
        context.traps[decimal.InvalidOperation] = False  # that NaN is below no number is an answer, no failure
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=parsed)
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
