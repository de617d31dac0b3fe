"""How much a vault publishes: the counts of its description, taken from the store itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pyoxigraph

from herbier.rdf.terms import RDF_TYPE, Term, Triple, plain


class Uses(NamedTuple):
    """How often a property is used: triples, and the different subjects and objects of these."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics of a dataset, counted as VoID says (https://www.w3.org/TR/void/#statistics).

    A triple that several graphs hold is one triple and as many quads; `shared` are these triples. Entities are the
    subjects whose IRIs begin with the base; `classes` has the instances of each class.
    """

    triples: int
    quads: int
    entities: int
    subjects: int
    objects: int
    classes: dict[Term, int]
    properties: dict[Term, Uses]
    shared: dict[Triple, int]


def statistics_of(quads: pyoxigraph.Store, base: str) -> Statistics:
    """Count what a store holds; about 2 s for a million triples."""
    shared: dict[Triple, int] = {}
    properties: dict[Term, Uses] = {}
    in_graphs = _rows(quads, "SELECT ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p")
    for term, count in sorted((str(term), _number(count)) for term, count in in_graphs):
        again = 0
        twice = f"SELECT ?s ?o (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s {term} ?o }} }} GROUP BY ?s ?o HAVING (COUNT(*) > 1)"
        for subject, value, times in _rows(quads, twice):
            shared[str(subject), term, str(value)] = _number(times)
            again += _number(times) - 1
        properties[term] = Uses(count - again, *_different(quads, f"?s {term} ?o"))
    typed = _rows(quads, f"SELECT ?c (COUNT(DISTINCT ?s) AS ?n) {{ ?s {RDF_TYPE} ?c FILTER isIRI(?c) }} GROUP BY ?c")
    below = f"?s ?p ?o FILTER STRSTARTS(STR(?s), {plain(base)})"
    subjects, objects = _different(quads, "?s ?p ?o")
    return Statistics(
        sum(uses.triples for uses in properties.values()),
        len(quads),
        _different(quads, below)[0],
        subjects,
        objects,
        dict(sorted((str(term), _number(count)) for term, count in typed)),
        properties,
        shared,
    )


def _different(quads: pyoxigraph.Store, pattern: str) -> tuple[int, int]:
    select = "SELECT (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
    ((subjects, objects),) = _rows(quads, f"{select} {{ {pattern} }}")
    return _number(subjects), _number(objects)


def _rows(quads: pyoxigraph.Store, query: str) -> Iterator[pyoxigraph.QuerySolution]:
    solutions = quads.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return solutions


def _number(node: object) -> int:
    assert isinstance(node, pyoxigraph.Literal)
    return int(node.value)
