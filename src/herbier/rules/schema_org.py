"""The domains and ranges of schema.org's properties: `mapping/schema-org.tsv`, looked up by class and property."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from herbier.data_folders import data_folder
from herbier.rdf.terms import Term

_SCHEMA: Final = "https://schema.org/"
_THING: Final = "Thing"
PERSON: Final = f"<{_SCHEMA}Person>"  # whose names are of no language


class Vocabulary:
    """Classes with those above them, and properties with the classes that they are said of, each by its local name."""

    def __init__(self, above: Mapping[str, tuple[str, ...]], domains: Mapping[str, frozenset[str]]) -> None:
        self.above = above
        self.domains = domains
        self.known: dict[tuple[Term, tuple[Term, ...]], bool] = {}

    def __repr__(self) -> str:
        return f"Vocabulary({len(self.above)}, {len(self.domains)})"

    def fits(self, predicate: Term, classes: tuple[Term, ...]) -> bool:
        """Return whether a property may be said of a thing of some classes.

        Of a thing whose class is not known anything may, and so may what no property of schema.org is.
        """
        key = predicate, classes
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._fits(predicate, classes)
        return found

    def _fits(self, predicate: Term, classes: tuple[Term, ...]) -> bool:
        domain = self.domains.get(predicate.removeprefix(f"<{_SCHEMA}").removesuffix(">"))
        if domain is None or not predicate.startswith(f"<{_SCHEMA}"):
            return True
        names = [name for term in classes if (name := term[1:-1].removeprefix(_SCHEMA)) in self.above or name == _THING]
        if not names or names == [_THING]:
            return True
        return any(not domain.isdisjoint(self.all_above(name)) for name in names)

    def all_above(self, name: str) -> set[str]:
        """Return a class and all classes above it."""
        found, left = {name}, [name]
        while left:
            for one in self.above.get(left.pop(), ()):
                if one not in found:
                    found.add(one)
                    left.append(one)
        return found


@cache
def schema_org() -> Vocabulary:
    """Read the table that is shipped."""
    lines = (data_folder("mapping") / "schema-org.tsv").read_text("utf-8").splitlines()
    return read_vocabulary(line for line in lines if not line.startswith("#"))


def read_vocabulary(lines: Iterable[str]) -> Vocabulary:
    """Read the lines of a table: a class, `>` and those above it, or a property, its domain and its range."""
    above: dict[str, tuple[str, ...]] = {}
    domains: dict[str, frozenset[str]] = {}
    for line in lines:
        name, first, second = line.split("\t")
        if first == ">":
            above[name] = tuple(second.split())
        else:
            domains[name] = frozenset(first.split())
    return Vocabulary(above, domains)
