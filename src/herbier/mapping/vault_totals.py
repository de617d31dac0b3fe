"""The totals of a vault, which all its notes use together: tags, notes not written, keys, files, items of Wikidata."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from herbier.mapping.context import ItemClaim, StubName
from herbier.messages import Message, quoted_list
from herbier.problems import Problem, problem
from herbier.text import name_key, shown

Labels = Mapping[tuple[str, str], int]  # (label, language) to how often it is used


class NoteUsage(Protocol):
    """The tags, keys and names that a note, or a share of the notes, uses."""

    @property
    def tags(self) -> Iterable[tuple[str, str]] | Mapping[tuple[str, str], int]: ...  # noqa: D102
    @property
    def stubs(self) -> Iterable[StubName] | Mapping[StubName, int]: ...  # noqa: D102
    @property
    def stub_concepts(self) -> AbstractSet[str]: ...  # noqa: D102
    @property
    def keys(self) -> AbstractSet[str]: ...  # noqa: D102
    @property
    def files(self) -> AbstractSet[str]: ...  # noqa: D102
    @property
    def items(self) -> Sequence[ItemClaim]: ...  # noqa: D102


class Understood(NamedTuple):
    """How much of a vault is understood: things, those with a class; values of keys, those under a known predicate."""

    things: int = 0
    typed: int = 0
    values: int = 0
    standard: int = 0

    def plus(self, other: "Understood") -> "Understood":
        """Return the sums of both."""
        return Understood(
            self.things + other.things,
            self.typed + other.typed,
            self.values + other.values,
            self.standard + other.standard,
        )


def told_understood(of: Understood) -> Message | None:
    """Return how much of a vault is understood, in a line; None where there is nothing to be understood."""
    if not of.things:
        return None
    told = Message("{typed:,} of {things:,} things have a class", typed=of.typed, things=of.things)
    if of.values:
        told = Message(
            "{typed:,} of {things:,} things have a class, {standard:,} of {values:,} values a standard predicate",
            typed=of.typed, things=of.things, standard=of.standard, values=of.values,
        )  # fmt: skip
    if of.typed < of.things or of.standard < of.values:
        told = Message("{told}: herbier learn proposes more", told=told)
    return told


class VaultTotals:
    """The uses of all notes of a vault; added up in any order, it comes out the same."""

    def __init__(self) -> None:
        self.tags: Counter[tuple[str, str]] = Counter()
        self.stubs: Counter[StubName] = Counter()
        self.stub_concepts: set[str] = set()
        self.keys: set[str] = set()
        self.files: set[str] = set()
        self.items: list[ItemClaim] = []
        self.understood = Understood()

    def add(self, mapped: "NoteUsage") -> None:
        """Add what a note, or a share of the notes, uses: a list counts one a use."""
        self.tags.update(mapped.tags)
        self.stubs.update(mapped.stubs)
        self.stub_concepts |= mapped.stub_concepts
        self.keys |= mapped.keys
        self.files |= mapped.files
        self.items += mapped.items
        if isinstance(mapped, VaultTotals):
            self.understood = self.understood.plus(mapped.understood)


def shared_problems(totals: VaultTotals) -> list[Problem]:
    """Report notes not written whose names differ but whose IRI would be the same."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for stub in totals.stubs:
        names[stub.slug].setdefault(name_key(stub.name), stub.name)
    problems = []
    for slug in sorted(names):
        if len(names[slug]) > 1:
            listing = quoted_list(sorted(names[slug].values()))
            message = Message("links to {names} share one IRI until one of these notes is written", names=listing)
            problems.append(problem("slug-collision", "", 0, 0, message, Message("write all these links alike")))
    return [*problems, *_shared_items(totals.items)]


def _shared_items(claims: Iterable[ItemClaim]) -> Iterator[Problem]:
    """Report notes whose things are the same item of Wikidata, each with the first of the others."""
    by_item: dict[str, list[ItemClaim]] = defaultdict(list)
    for claim in claims:
        by_item[claim.item].append(claim)
    for item, found in sorted(by_item.items()):
        for claim in found:
            others = sorted({other.path for other in found} - {claim.path})
            if others:
                message = Message("{item} is said to be what {path!r} is about, too", item=item, path=shown(others[0]))
                hint = Message("fix the number, or make one note of both: herbier redirect")
                yield problem("shared-item", shown(claim.path), claim.line, claim.column, message, hint)
