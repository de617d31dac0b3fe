"""The domains and ranges of schema.org's properties: `mapping/schema-org.tsv`, looked up by class and property."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from herbier.data_folders import data_folder
from herbier.rdf.terms import Term

_SCHEMA: Final = "https://schema.org/"
_THING: Final = "Thing"
_DATA_TYPES: Final = frozenset(["Text", "URL", "CssSelectorType", "XPathType", "PronounceableText"])
THING: Final[tuple[Term, ...]] = (f"<{_SCHEMA}{_THING}>",)  # of what no class is known
PERSON: Final = f"<{_SCHEMA}Person>"  # whose names are of no language


class Vocabulary:
    """Classes with those above them, and properties with the classes that they are said of, each by its local name."""

    def __init__(
        self,
        above: Mapping[str, tuple[str, ...]],
        domains: Mapping[str, frozenset[str]],
        ranges: Mapping[str, frozenset[str]],
    ) -> None:
        self.above = above
        self.domains = domains
        self.ranges = ranges
        self.known_ranges: dict[tuple[Term, ...], frozenset[Term]] = {}
        self.known: dict[tuple[Term, tuple[Term, ...]], bool] = {}
        self.known_classes: dict[tuple[Term, ...], frozenset[Term]] = {}

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

    def range_of(self, predicates: tuple[Term, ...]) -> frozenset[Term]:
        """Return the classes of what some predicates may lead to, together; none where any of them leads anywhere."""
        found = self.known_ranges.get(predicates)
        if found is None:
            names = [p.removeprefix(f"<{_SCHEMA}").removesuffix(">") for p in predicates if p.startswith(f"<{_SCHEMA}")]
            wide = frozenset().union(*(self.ranges.get(name, ()) for name in names))
            kinds = [] if _THING in wide else [name for name in wide if name in self.above and name not in _DATA_TYPES]
            found = self.known_ranges[predicates] = frozenset(f"<{_SCHEMA}{name}>" for name in kinds)
        return found

    def all_classes(self, terms: tuple[Term, ...]) -> frozenset[Term]:
        """Return some classes and all that are above them."""
        found = self.known_classes.get(terms)
        if found is None:
            names = [name for term in terms if (name := term[1:-1].removeprefix(_SCHEMA)) in self.above]
            above = {f"<{_SCHEMA}{other}>" for name in names for other in self.all_above(name)}
            found = self.known_classes[terms] = frozenset([*terms, *above])
        return found

    def agree(self, one: tuple[Term, ...], other: tuple[Term, ...]) -> bool:
        """Return whether what is of some classes may well be of others: the ones are the others, or above or below."""
        return self.all_classes(one).issuperset(other) or self.all_classes(other).issuperset(one)

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
    ranges: dict[str, frozenset[str]] = {}
    for line in lines:
        name, first, second = line.split("\t")
        if first == ">":
            above[name] = tuple(second.split())
        else:
            domains[name] = frozenset(first.split())
            ranges[name] = frozenset(second.split())
    return Vocabulary(above, domains, ranges)
