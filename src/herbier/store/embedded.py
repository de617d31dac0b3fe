"""The embedded store: Oxigraph in memory, only read once filled; its default graph is the union of all."""

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import pyoxigraph

from herbier.messages import Message
from herbier.pipeline.build import Built, build
from herbier.pipeline.opening import Vault
from herbier.pipeline.progress import Progress, silent
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS
from herbier.rdf.iris import Mint, owner
from herbier.rdf.terms import RDF_TYPE, Term, Triple
from herbier.store.query_text import Query, described_queries, examine, merged, undeclared
from herbier.store.union_duplicates import Named, Node, UnionDuplicates, find_duplicates, merge, of_others


@dataclass(frozen=True, slots=True)
class Graph:
    """The answer of CONSTRUCT and DESCRIBE: triples, sorted."""

    triples: list[Triple]


Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | Graph


class QueryError(HerbierError):
    """A query that is no SPARQL, or that asks for what is not allowed."""


class NotSparqlError(QueryError):
    """A query that is no SPARQL: why, and where that is seen, from 1; 0 where the place is not known."""

    def __init__(self, why: str, line: int = 0, column: int = 0) -> None:
        """Tell it in one line."""
        self.why, self.line, self.column = why, line, column
        told = Message("the query is not valid SPARQL: {why}", why=why)
        if line:
            told = Message(
                "the query is not valid SPARQL, at line {line}, column {column}: {why}",
                line=line,
                column=column,
                why=why,
            )
        super().__init__(told)

    def without(self, start: str) -> "NotSparqlError":
        """Return the same of the query without what was put before it, which has no line break."""
        return NotSparqlError(self.why, self.line, self.column - len(start)) if self.line == 1 else self


@dataclass(frozen=True, slots=True)
class Store:
    """A vault's published triples, and the base of their IRIs.

    `duplicates` are what several graphs hold, and `services` the endpoints that a query may call.
    """

    quads: pyoxigraph.Store
    base: str
    duplicates: UnionDuplicates
    services: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """Return how many triples there are, those that several graphs have counted once."""
        return len(self.quads) - (len(self.duplicates.quads) if self.duplicates.there else 0)

    @staticmethod
    def of(vault: Vault, progress: Progress = silent) -> "tuple[Store, Built]":
        """Map a vault and load what it publishes."""
        blocks: list[bytes] = []
        vault = replace(vault, settings=replace(vault.settings, own_iris="beside"))  # what is served answers at ours
        built = build(vault, blocks.append, FORMATS["nquads"], progress=progress)
        quads = pyoxigraph.Store()
        data = b"".join(blocks)
        base = vault.settings.base
        with ThreadPoolExecutor(1) as thread:  # which ends here, since a process with threads must not be forked
            loading = thread.submit(quads.bulk_load, data, format=pyoxigraph.RdfFormat.N_QUADS)
            rest = of_others(data, base)
            loading.result()
        duplicates = UnionDuplicates(quads, find_duplicates(rest, quads))
        return Store(quads, base, duplicates, frozenset(vault.settings.services)), built

    def query(self, text: str, *, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()) -> Answer:
        """Answer a SPARQL 1.1 query; QueryError says what is wrong with it.

        SERVICE is refused but for the endpoints that are allowed, since it would let a query reach other hosts from
        here; updates are refused. The IRIs of graphs, where given, are the query's dataset in place of what it names
        (SPARQL 1.1 Protocol, section 2.1.4).
        """
        seen = examine(text)
        if not seen.services <= self.services:
            raise QueryError(_no_service(self.services))
        if seen.updates:
            raise QueryError(Message("updates are not allowed here: the vault's notes are where its data is changed"))
        dataset = _dataset(default_graphs, named_graphs)
        by_graph = dataset is not None or seen.names_dataset or seen.names_graphs or seen.form == "DESCRIBE"
        with self.duplicates.present(by_graph):
            asked = self._asked(seen, dataset) if by_graph else _Asked(self.quads, True)
            return self._answer(text, seen, asked)

    def _asked(self, seen: Query, dataset: "_Dataset | None") -> "_Asked":
        """Return what a query asks; graphs that a dataset merges are merged, since Oxigraph would count them apart."""
        if dataset is None and seen.names_dataset and (selects := merged(seen)):
            graphs, names = (_nodes(self.quads, select, self.base) for select in selects)
            dataset = ([*graphs], [*names]) if graphs else None  # else the engine tells what is wrong with the query
        if dataset is None:
            return _Asked(self.quads, not seen.names_dataset)
        default, named = dataset
        if len(default) < 2:
            return _Asked(self.quads, False, default, named)
        return _Asked(merge(self.quads, default, named), False, [pyoxigraph.DefaultGraph()], named)

    def _answer(self, text: str, seen: Query, asked: "_Asked") -> Answer:
        if seen.form != "DESCRIBE":
            result = self._ask(text, asked)
            return _graph(result) if isinstance(result, pyoxigraph.QueryTriples) else result
        found: set[Triple] = set()
        for select in described_queries(seen):
            solutions = self._ask(select, asked)
            assert isinstance(solutions, pyoxigraph.QuerySolutions)
            for solution in solutions:
                for node in solution:
                    if isinstance(node, pyoxigraph.NamedNode):
                        found.update(self.describe(str(node)))
        return Graph(sorted(found.union(self.labels_of(found))))

    def _ask(
        self, text: str, asked: "_Asked"
    ) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
        try:
            return asked.quads.query(
                text,
                base_iri=self.base,
                use_default_graph_as_union=asked.union,
                default_graph=asked.default,
                named_graphs=asked.named,
            )
        except SyntaxError as error:
            raise _not_sparql(text, str(error)) from None
        except (ValueError, OSError, RuntimeError) as error:
            raise QueryError(Message("the query cannot be answered: {why}", why=str(error))) from None

    def describe(self, resource: Term) -> list[Triple]:
        """Return what is published of a resource: its note's whole graph, or what is said of it elsewhere.

        Of a note not written, that is its own graph and what other notes say of it.
        """
        slug = owner(resource, self.base)
        if not slug:
            return self.about(resource)
        mint = Mint(self.base)
        triples = self.graph(mint.note(slug))
        if self.is_stub(slug):
            return sorted({*triples, *self.about(mint.note(slug)), *self.about(mint.thing(slug))})
        return triples or self.about(resource)

    def is_stub(self, slug: str) -> bool:
        """Return whether a slug is that of a note not yet written."""
        note = pyoxigraph.NamedNode(f"{self.base}doc/{slug}")
        stub = pyoxigraph.NamedNode("https://w3id.org/herbier#Stub")
        rdf_type = pyoxigraph.NamedNode(RDF_TYPE[1:-1])
        return any(self.quads.quads_for_pattern(note, rdf_type, stub, None))

    def graph(self, name: Term) -> list[Triple]:
        """Return the triples of a named graph in the order in which a person reads them.

        Things come before their note and the note before its sections; of each, its classes come first.
        """
        things = f"<{self.base}id/"

        def place(triple: Triple) -> tuple[object, ...]:
            subject, predicate, value = triple
            return (
                not subject.startswith(things),
                len(subject) > len(name),
                subject,
                predicate != RDF_TYPE,
                predicate,
                value,
            )

        quads = self.quads.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(name[1:-1]))
        return sorted(((str(q.subject), str(q.predicate), str(q.object)) for q in quads), key=place)

    def about(self, subject: Term) -> list[Triple]:
        """Return what all graphs say of a subject, sorted."""
        quads = self.quads.quads_for_pattern(pyoxigraph.NamedNode(subject[1:-1]), None, None, None)
        return sorted({(str(q.subject), str(q.predicate), str(q.object)) for q in quads})

    def labels_of(self, triples: Iterable[Triple]) -> list[Triple]:
        """Return what the IRIs below the base that some triples lead to are called, each in every vocabulary it is in.

        Readers who cannot fetch more than what they have before them need them.
        """
        start = f"<{self.base}"
        led_to: set[Term] = set()
        known: set[Term] = set()
        for subject, predicate, value in triples:
            known.add(subject)
            led_to |= {term for term in (predicate, value) if term.startswith(start)}
        nodes = [pyoxigraph.NamedNode(term[1:-1]) for term in sorted(led_to - known)]
        quads = (q for node in nodes for label in _LABELS for q in self.quads.quads_for_pattern(node, label, None))
        return list(dict.fromkeys((str(q.subject), str(q.predicate), str(q.object)) for q in quads))

    def pointing_to(self, value: Term) -> Iterator[Triple]:
        """Return the triples, of whatever graph, that have an IRI as their object."""
        for quad in self.quads.quads_for_pattern(None, None, pyoxigraph.NamedNode(value[1:-1]), None):
            yield str(quad.subject), str(quad.predicate), str(quad.object)

    def naming(self, value: Term) -> set[Term]:
        """Return the graphs that have an IRI as an object."""
        quads = self.quads.quads_for_pattern(None, None, pyoxigraph.NamedNode(value[1:-1]), None)
        return {str(quad.graph_name) for quad in quads}


_LABELS = tuple(
    map(
        pyoxigraph.NamedNode,
        (
            "http://www.w3.org/2000/01/rdf-schema#label",
            "http://www.w3.org/2004/02/skos/core#prefLabel",
            "https://schema.org/name",
            "http://purl.org/dc/terms/title",
        ),
    )
)


def _no_service(but_for: Iterable[str]) -> Message:
    names = ", ".join(sorted(but_for))
    if names:
        return Message(
            "SERVICE is not allowed here but for {names}: all else is answered from this vault alone", names=names
        )
    return Message("SERVICE is not allowed here: queries are answered from this vault alone")


_AT = re.compile(r"error at (\d+):(\d+): ")
_WORD = re.compile(r"\"[^\"]+\"|[A-Z]{2,}")  # of what the parser expects, what a query may hold as it stands


def _not_sparql(text: str, told: str) -> NotSparqlError:
    """Return what is wrong with a query: a prefix that it does not declare, else the words that the parser expects."""
    for name, at in undeclared(text):
        line = text.count("\n", 0, at) + 1
        return NotSparqlError(
            Message("the prefix {name!r} is not declared", name=f"{name}:"), line, at - text.rfind("\n", 0, at)
        )
    place, expected = _AT.match(told), told.partition("expected ")[2].removeprefix("one of ")
    known = [word for word in expected.split(", ") if _WORD.fullmatch(word.strip())]
    why = Message("it cannot be read on from there")
    if known:
        why = Message("expected there: {words}", words=", ".join(known))
    return NotSparqlError(why, int(place[1]), int(place[2])) if place else NotSparqlError(told)


_Dataset = tuple[list[Node], list[Named]]


class _Asked(NamedTuple):
    """The store that a query asks, and its dataset: the union of all graphs, or those that are given."""

    quads: pyoxigraph.Store
    union: bool
    default: list[Node] | None = None
    named: list[Named] | None = None


def _nodes(quads: pyoxigraph.Store, select: str, base: str) -> list[pyoxigraph.NamedNode]:
    """Return the values of a query with one variable; none where it is no query."""
    try:
        solutions = quads.query(select, base_iri=base)
    except SyntaxError:
        return []
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [node for (node,) in solutions if isinstance(node, pyoxigraph.NamedNode)]


def _dataset(default_graphs: Sequence[str], named_graphs: Sequence[str]) -> _Dataset | None:
    if not default_graphs and not named_graphs:
        return None
    try:
        return [*map(pyoxigraph.NamedNode, default_graphs)], [*map(pyoxigraph.NamedNode, named_graphs)]
    except ValueError as error:
        raise QueryError(Message("the IRI of a graph is not valid: {why}", why=str(error))) from None


def _graph(triples: pyoxigraph.QueryTriples) -> Graph:
    found: set[Triple] = set()
    for triple in triples:
        if isinstance(triple.object, pyoxigraph.Triple):
            raise QueryError(Message("the answer speaks of triples (RDF 1.2), which no format here can carry"))
        found.add((str(triple.subject), str(triple.predicate), str(triple.object)))
    return Graph(sorted(found))
