"""Triples that several graphs hold: in the union of all graphs each is there once, and a graph has all of its own.

The union is a merge, which is a set (RDF 1.1 Semantics, section 4.1), and two notes often state the same from both of
its ends. Oxigraph's union has such a triple once a graph, and would count it twice. So the copies leave the store
while a query asks the union, and are back for one that asks for graphs by name.
"""

import re
from collections.abc import Iterable, Sequence
from threading import Lock

import pyoxigraph

Named = pyoxigraph.NamedNode | pyoxigraph.BlankNode
Node = Named | pyoxigraph.DefaultGraph


class UnionDuplicates:
    """The quads of a store whose triple another graph holds, too; they are there, but for a while."""

    def __init__(self, store: pyoxigraph.Store, quads: Sequence[pyoxigraph.Quad]) -> None:
        self.store = store
        self.quads = quads
        self.there = True
        self.at_rest = True
        self.lock = Lock()

    def leave(self) -> None:
        """Have the copies out of the store at rest: for a process that does nothing but answer queries."""
        self.at_rest = False
        self.put(False)

    def present(self, wanted: bool) -> "_Present":
        """Have the copies in the store, or out of it; a query that was begun goes on as the store was then."""
        return _Present(self, wanted)

    def put(self, there: bool) -> None:
        """Have the copies there, or not."""
        if there != self.there:
            for quad in self.quads:
                (self.store.add if there else self.store.remove)(quad)
            self.there = there


class _Present:
    """The duplicates are there, or not, while this is entered; a class, since a generator takes thrice the time."""

    __slots__ = ("duplicates", "wanted")

    def __init__(self, duplicates: UnionDuplicates, wanted: bool) -> None:
        self.duplicates = duplicates
        self.wanted = wanted

    def __enter__(self) -> None:
        self.duplicates.lock.acquire()
        self.duplicates.put(self.wanted)

    def __exit__(self, *_: object) -> None:
        self.duplicates.put(self.duplicates.at_rest)
        self.duplicates.lock.release()


def merge(store: pyoxigraph.Store, graphs: Iterable[Node], named: Iterable[Named]) -> pyoxigraph.Store:
    """Return a store whose default graph has what several graphs hold, each triple once, beside the graphs named.

    It is made anew for each query that names such a dataset (SPARQL 1.1, section 13.2), which most often is small.
    """
    found = pyoxigraph.Store()
    for graph in graphs:
        held = store.quads_for_pattern(None, None, None, graph)
        found.extend(pyoxigraph.Quad(quad.subject, quad.predicate, quad.object) for quad in held)
    for graph in named:
        found.extend(store.quads_for_pattern(None, None, None, graph))
    return found


def of_others(data: bytes, base: str) -> bytes:
    """Return the quads that a note says of what is not its own, of quads as N-Quads.

    Most of what a note says is of its own subjects, and what no note says of another is nowhere twice.
    """
    name = re.escape(base).encode()
    own = re.compile(rb"^<%s(?:id|doc)/([^/#>\s]+)[#>][^\n]* <%sdoc/\1> \.\n" % (name, name), re.MULTILINE)
    return own.sub(b"", data)


def find_duplicates(said_of_others: bytes, store: pyoxigraph.Store) -> list[pyoxigraph.Quad]:
    """Return the quads of a store whose triple a graph before them holds, too."""
    found: set[tuple[object, object, object]] = set()
    duplicates: list[pyoxigraph.Quad] = []
    for quad in pyoxigraph.parse(said_of_others, format=pyoxigraph.RdfFormat.N_QUADS):
        triple = (quad.subject, quad.predicate, quad.object)
        if triple not in found:
            found.add(triple)
            held = list(store.quads_for_pattern(*triple, None))
            duplicates += sorted(held, key=lambda one: str(one.graph_name))[1:]
    return duplicates
