"""The outcomes that a check has kept from the last time, of each note that has not changed and of all of them together.

Of all it is known as sums, from which what has changed is taken away, so that the cost is that of what has changed.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from herbier.checking.outcome import NOTHING_TOLD, Outcome, SharedUse, of_texts, problems_in, triples_in
from herbier.mapping.context import ItemClaim, StubName
from herbier.mapping.vault_totals import Understood, VaultTotals
from herbier.pipeline.cache import Cache, OutdatedError
from herbier.pipeline.cache_records import CachedNote
from herbier.pipeline.worker import NoteFile
from herbier.problems import Problem
from herbier.rdf.terms import Triple

Files = dict[NoteFile, CachedNote]


class SharedCounts(NamedTuple):
    """How often each thing is shared by notes, by its kind, as in `SharedUse`."""

    tags: Counter[tuple[str, str]]
    stubs: Counter[StubName]
    stub_concepts: Counter[str]
    keys: Counter[str]
    files: Counter[str]
    items: Counter[ItemClaim]
    values: Counter[tuple[int, int]]

    @staticmethod
    def none() -> "SharedCounts":
        """Return the sums of no notes."""
        return SharedCounts(*(Counter() for _ in SharedCounts._fields))

    @staticmethod
    def of_text(text: str) -> "SharedCounts":
        """Return the sums that a text holds; ValueError or TypeError where it holds none."""
        tags, stubs, concepts, keys, files, items, values = json.loads(text)
        return SharedCounts(
            Counter({(name, language): count for (name, language), count in tags}),
            Counter({StubName(*stub): count for stub, count in stubs}),
            Counter(dict(concepts)),
            Counter(dict(keys)),
            Counter(dict(files)),
            Counter({ItemClaim(*claim): count for claim, count in items}),
            Counter({(all_of, standard): count for (all_of, standard), count in values}),
        )

    def as_text(self) -> str:
        """Return the sums as text."""
        return json.dumps([sorted(of_kind.items()) for of_kind in self])

    def add(self, shared: SharedUse) -> None:
        """Add what a note shares."""
        for of_kind, values in self._of_kinds(shared):
            if values:
                of_kind.update(values)

    def take_away(self, shared: SharedUse) -> None:
        """Take away what a note shares; OutdatedError where it was never added."""
        for of_kind, values in self._of_kinds(shared):
            for value in values:
                if of_kind[value] <= 0:
                    raise OutdatedError
                of_kind[value] -= 1
                if not of_kind[value]:
                    del of_kind[value]

    def _of_kinds(self, shared: SharedUse) -> Iterator[tuple[Counter[Any], Iterable[Any]]]:
        values = (
            shared.tags,
            shared.stubs,
            shared.stub_concepts,
            shared.keys,
            shared.files,
            shared.items,
            shared.values,
        )
        return zip(self, values, strict=True)

    def totals(self) -> VaultTotals:
        """Return the sums as what all notes of a vault use."""
        totals = VaultTotals()
        totals.tags, totals.stubs = self.tags, self.stubs
        totals.stub_concepts, totals.keys, totals.files = set(self.stub_concepts), set(self.keys), set(self.files)
        totals.items = list(self.items.elements())
        counts = [(all_of * count, standard * count) for (all_of, standard), count in self.values.items()]
        totals.understood = Understood(0, 0, sum(all_of for all_of, _ in counts), sum(known for _, known in counts))
        return totals


Told = tuple[tuple[Problem, ...], tuple[Problem, ...]]  # by mapping, and by shapes


class CachedOutcomes:
    """The outcomes of notes, each of which holds until it is dropped; `numbers` are those of their summaries.

    `problems` are of those that have any; `sums` are those of all, `dropped` the outcomes that no longer hold;
    `concepts` are the slugs of notes not written that concepts named then. All of it may raise OutdatedError.
    """

    def __init__(self, cache: Cache | None, known: Files, before: Files, public: Mapping[str, int]) -> None:
        self.cache = cache
        self.files: dict[int, NoteFile] = {}
        self.numbers: dict[NoteFile, int] = {}
        self.problems: dict[int, Told] = {}
        self.marks: dict[int, str] = {}  # of the edges of those that have any
        self.dropped: list[Outcome] = []
        gone = [file for file, one in before.items() if one.outcome]
        with _readable():
            for file, one in known.items():
                if one.outcome is None:
                    continue
                number = public.get(file.path)
                if number is None:
                    gone.append(file)
                    continue
                self.files[number] = file
                self.numbers[file] = number
                told, mark = one.outcome
                if told != NOTHING_TOLD:
                    self.problems[number] = problems_in(told)
                if mark:
                    self.marks[number] = mark
            self.sums = (
                SharedCounts.of_text(cache.parts["sums"]) if cache and (gone or self.files) else SharedCounts.none()
            )
        self.concepts = frozenset(self.sums.stub_concepts)
        self.gone = gone
        self._drop(gone)

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget the outcomes of notes, where they are known: these are found anew."""
        files = [self.files[number] for number in numbers if number in self.files]
        self._drop(files)
        for file in files:
            number = self.numbers.pop(file)
            del self.files[number]
            self.problems.pop(number, None)
            self.marks.pop(number, None)

    def _drop(self, files: Iterable[NoteFile]) -> None:
        files = list(files)
        if self.cache and files:
            with _readable():
                outcomes = of_texts(self.cache.outcomes(files))
                for outcome in outcomes:
                    self.sums.take_away(outcome.shared)
            self.dropped += outcomes

    def names(self) -> dict[int, str]:
        """Return the names that each note calls others by, a line each."""
        return self._by_number(self.cache.names()) if self.cache and self.files else {}

    def edges(self) -> list[Triple]:
        """Return the edges of all notes."""
        if not self.cache or not self.marks:
            return []
        with _readable():
            return [edge for text in self._by_number(self.cache.edges()).values() for edge in triples_in(text)]

    def others(self) -> set[str]:
        """Return the slugs of subjects of which another than their own note may say something."""
        return self.cache.others() if self.cache and self.files else set()

    def said(self, names: Iterable[str]) -> list[tuple[int, str, Sequence[Triple]]]:
        """Return what notes say of the subjects of others: the note's number, the slug of the other, the triples."""
        if not self.cache or not self.files:
            return []
        rows = ((self.numbers.get(file), name, text) for name, file, text in self.cache.said(names))
        with _readable():
            return [(number, name, triples_in(text)) for number, name, text in rows if number is not None]

    def _by_number(self, texts: Mapping[NoteFile, str]) -> dict[int, str]:
        return {self.numbers[file]: text for file, text in texts.items() if file in self.numbers}


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        raise OutdatedError from error
