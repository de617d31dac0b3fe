"""Which edges may be part of a circle: what is left of a graph once all loose ends are cut off."""

from collections import defaultdict
from collections.abc import Iterable

from herbier.rdf.terms import Term, Triple


def without_ends(edges: Iterable[Triple]) -> list[Triple]:
    """Return the edges without those that lead to, or come from, where no circle can pass, again and again.

    Each circle is left whole, since each of its nodes has an edge that comes and one that goes.
    """
    left = list(dict.fromkeys(edges))
    for here, there in ((0, 2), (2, 0)):
        left = _cut(left, here, there)
    return left


def _cut(edges: list[Triple], here: int, there: int) -> list[Triple]:
    """Return the edges without those at whose one end nothing goes on."""
    behind: dict[Term, list[Term]] = defaultdict(list)  # the nodes that lead to a node
    onward: dict[Term, int] = defaultdict(int)  # how many edges go on from a node
    for edge in edges:
        behind[edge[there]].append(edge[here])
        onward[edge[here]] += 1
    ends = [node for node in behind if not onward[node]]
    cut: set[Term] = set()
    while ends:
        node = ends.pop()
        cut.add(node)
        for other in behind[node]:
            onward[other] -= 1
            if not onward[other]:
                ends.append(other)
    return [edge for edge in edges if edge[there] not in cut]
