"""The embedded store: Oxigraph in memory, read-only once it is filled, its default graph the union of all graphs."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph

from herbier.build import Built, Progress, Vault, build, silent
from herbier.desks import owner
from herbier.formats import FORMATS, Triple
from herbier.problems import HerbierError
from herbier.store.sparql import Query, described, examine
from herbier.terms import RDF_TYPE, Mint, Term



@dataclass(frozen=True, slots=True)
class Graph:
    """The answer of CONSTRUCT and DESCRIBE: triples, sorted."""

    triples: list[Triple]


Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | Graph


class QueryError(HerbierError):
    """A query that is no SPARQL, or that asks for what is not allowed."""


@dataclass(frozen=True, slots=True)
class Store:
    """A vault's published triples, and the base of their IRIs."""

    quads: pyoxigraph.Store
    base: str

    @staticmethod
    def of(vault: Vault, progress: Progress = silent) -> "tuple[Store, Built]":
        """Press a vault and load what it publishes."""
        blocks: list[bytes] = []
        built = build(vault, blocks.append, FORMATS["nquads"], progress=progress)
        quads = pyoxigraph.Store()
        quads.bulk_load(b"".join(blocks), format=pyoxigraph.RdfFormat.N_QUADS)
        return Store(quads, vault.settings.base), built

    def query(self, text: str) -> Answer:
        """Answer a SPARQL 1.1 query; QueryError says what is wrong with it.

        SERVICE is refused, since it would let a query reach other hosts from here; updates are refused.
        """
        seen = examine(text)
        if seen.calls_service:
            raise QueryError("SERVICE is not allowed here: queries are answered from this vault alone")
        if seen.updates:
            raise QueryError("updates are not allowed here: the vault's notes are where its data is changed")
        if seen.form != "DESCRIBE":
            result = self._ask(text, seen)
            if isinstance(result, pyoxigraph.QueryTriples):
                return Graph(sorted({(str(t.subject), str(t.predicate), str(t.object)) for t in result}))
            return result
        found: set[Triple] = set()
        for select in described(seen):
            solutions = self._ask(select, seen)
            assert isinstance(solutions, pyoxigraph.QuerySolutions)
            for solution in solutions:
                for node in solution:
                    if isinstance(node, pyoxigraph.NamedNode):
                        found.update(self.describe(str(node)))
        return Graph(sorted(found))

    def _ask(
        self, text: str, seen: Query
    ) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
        try:
            return self.quads.query(
                text, base_iri=self.base, use_default_graph_as_union=not seen.names_dataset
            )
        except SyntaxError as error:
            raise QueryError(f"the query is not valid SPARQL: {str(error).partition(', [')[0]}") from None
        except (ValueError, OSError, RuntimeError) as error:
            raise QueryError(f"the query cannot be answered: {error}") from None

    def describe(self, resource: Term) -> list[Triple]:
        """Return what is published of a resource: the whole graph of its note, or what is said of it elsewhere.

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
        """Tell whether a slug is that of a note not yet written."""
        note = pyoxigraph.NamedNode(f"{self.base}doc/{slug}")
        stub = pyoxigraph.NamedNode("https://w3id.org/herbier#Stub")
        rdf_type = pyoxigraph.NamedNode(RDF_TYPE[1:-1])
        return any(self.quads.quads_for_pattern(note, rdf_type, stub, None))

    def graph(self, name: Term) -> list[Triple]:
        """Return the triples of a named graph, sorted."""
        quads = self.quads.quads_for_pattern(None, None, None, pyoxigraph.NamedNode(name[1:-1]))
        return sorted((str(q.subject), str(q.predicate), str(q.object)) for q in quads)

    def about(self, subject: Term) -> list[Triple]:
        """Return what all graphs say of a subject, sorted."""
        quads = self.quads.quads_for_pattern(pyoxigraph.NamedNode(subject[1:-1]), None, None, None)
        return sorted({(str(q.subject), str(q.predicate), str(q.object)) for q in quads})

    def pointing_to(self, value: Term) -> Iterator[Triple]:
        """Return the triples, of whatever graph, that have an IRI as their object."""
        for quad in self.quads.quads_for_pattern(None, None, pyoxigraph.NamedNode(value[1:-1]), None):
            yield str(quad.subject), str(quad.predicate), str(quad.object)
