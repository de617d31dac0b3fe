"""The proof of a fix: what a note says before and after must be the same, and no more may be wrong with it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from herbier.index.reading import summarize_note
from herbier.mapping.context import MappedNote, Statement
from herbier.messages import Message
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import Problem
from herbier.rdf.terms import Term
from herbier.vault.note import parse_note

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class NoteMeaning:
    """All that a note gives to its vault, in a form that can be compared; `statements` keep their places."""

    graph: tuple[Any, ...]
    body: tuple[Any, ...]
    problems: Counter[tuple[str, str]]  # code, and message without its numbers, as lines move
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads versions of one note as a build would; `number` is that of its summary."""

    snapshot: Snapshot
    path: str
    number: int
    ignored: bool

    @property
    def subjects(self) -> tuple[Term, Term]:
        """The thing and the note, of which the keys at the margin speak."""
        mint, slug = self.snapshot.vault.mint, self.snapshot.index.slugs[self.number]
        return mint.thing(slug), mint.note(slug)

    def read(self, data: bytes) -> NoteMeaning | None:
        """Return what a version of the note says, None where it could not be read."""
        note = parse_note(self.path, data)
        if isinstance(note, Problem):
            return None
        vault = self.snapshot.vault
        summary, found = summarize_note(note, vault.rules, vault.settings, ignored=self.ignored)
        if summary.headings != self.snapshot.index.summaries[self.number].headings:  # someone has changed it meanwhile
            return None
        mapped = self.snapshot.map(note, self.number)
        return NoteMeaning(
            (replace(summary, aliases=tuple(sorted(summary.aliases))), _facts(mapped)),
            (note.source, note.body),
            Counter((p.code, _NUMBER.sub("", p.message)) for p in (*note.problems, *found, *mapped.problems)),
            tuple(mapped.statements),
        )


def _facts(mapped: MappedNote) -> tuple[Any, ...]:
    return (
        frozenset((s, p, o) for s, p, o, _, _ in mapped.statements),
        sorted(mapped.tags),
        sorted(mapped.stubs),
        mapped.stub_concepts,
        mapped.keys,
        mapped.files,
    )


def objection(before: NoteMeaning, after: NoteMeaning | None) -> str:
    """Return why a fix must not be made, "" where nothing speaks against it."""
    if after is None:
        return Message("the note could not be read after it")
    if after.body != before.body:
        return Message("it would change the text of the note")
    if after.graph != before.graph:
        return Message("it would change what the note says")
    more = after.problems - before.problems
    codes = ", ".join(sorted({code for code, _ in more}))
    return Message("it would bring a new problem: {codes}", codes=codes) if more else ""
