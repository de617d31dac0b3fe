"""N-Triples and N-Quads (https://www.w3.org/TR/n-quads/), a line a triple."""

from collections.abc import Sequence

from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term, Triple

# --- N-Triples, N-Quads ---------------------------------------------------------------------------------------------


# Encoded line by line: nearly all lines are ASCII, which is copied as it is, and few are not.


def ntriples_block(triples: Sequence[Triple], graph: Term, names: Namespaces) -> bytes:
    """Write triples, a line each."""
    return b"".join([f"{s} {p} {o} .\n".encode() for s, p, o in triples])


def nquads_block(triples: Sequence[Triple], graph: Term, names: Namespaces) -> bytes:
    """Write the triples of a graph, a line each."""
    end = f" {graph} .\n"
    return b"".join([f"{s} {p} {o}{end}".encode() for s, p, o in triples])
