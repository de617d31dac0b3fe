"""A worker: a share of the notes, and what is done with them, from bytes to triples in a format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from herbier.config import Settings
from herbier.index.reading import summarize_note
from herbier.index.resolution import Index
from herbier.mapping.classes import Classes
from herbier.mapping.context import MappingContext
from herbier.mapping.mapper import map_note
from herbier.mapping.other_identities import own_iris, renamed
from herbier.mapping.vault_totals import Understood, VaultTotals
from herbier.problems import Problem
from herbier.rdf.formats import Format, triples_of
from herbier.rdf.iris import Mint, owner
from herbier.rdf.prefixes import Namespaces
from herbier.rdf.terms import Term, Triple
from herbier.rules.rule_types import Rules
from herbier.vault.note import Note, fingerprint, read_note
from herbier.vault.summary import NoteSummary


class WorkerSetup(NamedTuple):
    """The setup of a worker: all that it needs to know from the start."""

    root: Path
    settings: Settings
    rules: Rules
    row: Format
    names: Namespaces
    file: Path | None = None  # where workers of other processes write their blocks themselves
    ledger: bool = False  # whether notes must be known again by what they hold


class NoteFile(NamedTuple):
    """A note to read; `ignored` is of those that .herbierignore lists."""

    path: str
    ignored: bool


class ReadChunk(NamedTuple):
    """The summaries of a chunk's notes, in order; what could not be read is in `listed` with the reason."""

    summaries: list[NoteSummary]
    problems: list[Problem]
    listed: dict[str, str]
    packed: bytes = b""  # the summaries as they travel between processes, where they do


class ChunkOutput(NamedTuple):
    """The output of a chunk: its block, or, where the format groups by subject, triples on other notes' subjects."""

    chunk: int
    size: int  # of the block, in bytes
    block: bytes  # empty where the worker has kept it
    notes: int = 0
    foreign_triples: Sequence[Triple] = ()
    totals: VaultTotals | None = None
    problems: Sequence[Problem] = ()


@dataclass(slots=True)
class Worker:
    """A share of the notes and all that is done with them."""

    work: WorkerSetup
    notes: dict[int, list[Note | None]] = field(default_factory=dict)
    triples: dict[int, list[tuple[int, list[Triple]]]] = field(default_factory=dict)
    first: Mapping[int, int] = field(default_factory=dict)
    context: MappingContext | None = None
    own_iris: Mapping[Term, Term] = field(default_factory=dict)  # in place of ours, where the vault wants it so

    def read(self, chunk: int, files: Sequence[NoteFile]) -> ReadChunk:
        """Read a chunk's notes and keep those that will be published."""
        summaries: list[NoteSummary] = []
        problems: list[Problem] = []
        listed: dict[str, str] = {}
        kept: list[Note | None] = []
        for path, ignored in files:
            note = read_note(self.work.root, path, self.work.settings.file_size)
            if isinstance(note, Problem):
                problems.append(note)
                listed[path] = note.message
                continue
            content = fingerprint(note) if self.work.ledger else ""
            summary, found = summarize_note(note, self.work.rules, self.work.settings, ignored=ignored, content=content)
            summaries.append(summary)
            problems += note.problems
            problems += found
            kept.append(None if summary.private else note)
        self.notes[chunk] = kept
        return ReadChunk(summaries, problems, listed)

    def set_index(self, index: Index, first: Mapping[int, int]) -> None:
        """Take the index, and the number of each chunk's first summary in it."""
        rules = self.work.rules
        self.context = MappingContext(rules, index, Classes(index, rules), Mint(self.work.settings.base))
        self.first = first
        if self.work.settings.own_iris == "instead":
            self.own_iris = own_iris(index, rules, self.context.mint)

    def map(self, chunk: int) -> ChunkOutput:
        """Map a chunk's notes to triples."""
        assert self.context is not None
        totals = VaultTotals()
        problems: list[Problem] = []
        blocks: list[bytes] = []
        foreign_triples: list[Triple] = []
        output: list[tuple[int, list[Triple]]] = []
        count = 0
        row, names, mint = self.work.row, self.work.names, self.context.mint
        for number, note in enumerate(self.notes.pop(chunk), self.first[chunk]):
            index = self.context.index
            if note is None or number in index.merged or index.summaries[number].private:
                continue
            count += 1
            mapped = map_note(note, number, self.context)
            totals.add(mapped)
            typed = bool(self.context.classes.given(number)[0].kind)
            totals.understood = totals.understood.plus(Understood(1, typed, mapped.values, mapped.standard))
            problems += mapped.problems
            triples = triples_of(mapped.statements)
            slug = self.context.index.slugs[number]
            if row.graphs:
                blocks.append(row.block(renamed(triples, self.own_iris), mint.note(slug), names))
            else:
                own: list[Triple] = []
                for triple in triples:
                    (own if owner(triple[0], mint.base) == slug else foreign_triples).append(triple)
                output.append((number, own))
        if not row.graphs:
            self.triples[chunk] = output
        block = row.between.encode().join(filter(None, blocks))
        return ChunkOutput(chunk, len(block), block, count, foreign_triples, totals, problems)

    def render(self, chunk: int, foreign_triples: Mapping[int, Sequence[Triple]]) -> ChunkOutput:
        """Write a chunk's triples, with what other notes say of its subjects."""
        row, names = self.work.row, self.work.names
        blocks = []
        for number, own in self.triples.pop(chunk):
            triples = list(dict.fromkeys([*own, *foreign_triples[number]])) if number in foreign_triples else own
            blocks.append(row.block(renamed(triples, self.own_iris), "", names))
        block = row.between.encode().join(filter(None, blocks))
        return ChunkOutput(chunk, len(block), block, len(blocks))

    def finish(self) -> None:
        """Raise what went wrong in writing; this worker writes nothing itself."""
