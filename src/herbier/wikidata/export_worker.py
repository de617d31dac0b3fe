"""A worker that makes the files for Wikidata: it reads its notes, maps them, and writes a row for each thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from herbier.index.redaction import plain_text
from herbier.index.resolution import Index
from herbier.mapping.context import MappedNote
from herbier.mapping.mapper import map_note
from herbier.mapping.vault_totals import VaultTotals
from herbier.pipeline.worker import NoteFile, ReadChunk, Worker, WorkerSetup
from herbier.problems import Problem
from herbier.rdf.iris import owner
from herbier.rdf.slugs import tag_slug
from herbier.rdf.terms import Term, Triple, lexical
from herbier.wikidata import cells
from herbier.wikidata.quickstatements import ItemRequest, item_request
from herbier.wikidata.sssom import Match, matches
from herbier.wikidata.things import Thing, identifiers_of, sort_out, terms_of

_MAP = "map-of-content"  # the type of notes that only list others
_PARTS = ("P361", "P527")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which things are written: those of some types, with some tags, or without an item; all, if nothing is said.

    `types` are the names of rows, `tags` slugs; a tag stands for those below it, too.
    """

    types: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    unmatched: bool = False

    def takes(self, thing: Thing) -> bool:
        """Return whether a thing is to be written."""
        if self.unmatched and thing.items:
            return False
        if self.types and not self.types & thing.kinds:
            return False
        above = {tag[:end] for tag in thing.tags for end in (len(tag), *_slashes(tag))} if self.tags else set()
        return not self.tags or not self.tags.isdisjoint(above)


def _slashes(tag: str) -> list[int]:
    return [place for place, char in enumerate(tag) if char == "/"]


class ExportChunk(NamedTuple):
    """The output of a chunk: what it says of the things of others, what the vault gathers, and the items it knows."""

    notes: int
    foreign_triples: Sequence[Triple]
    totals: VaultTotals
    problems: Sequence[Problem]
    items: Mapping[str, str]  # by slug


class ExportRow(NamedTuple):
    """A thing as it is written into each file."""

    slug: str
    turtle: str
    csv: str
    mixnmatch: str
    matches: Sequence[Match]
    wanted: ItemRequest | None


class ExportWorker:
    """A share of the notes, and what each says that serves to find its thing in Wikidata."""

    def __init__(self, work: WorkerSetup, choice: Selection) -> None:
        self.work = work
        self.choice = choice
        self.worker = Worker(work)
        self.terms = terms_of(work.rules)
        self.things: dict[int, list[tuple[int, Thing]]] = {}
        self.export_context: cells.ExportContext | None = None

    def read(self, chunk: int, files: Sequence[NoteFile]) -> ReadChunk:
        """Read a chunk's notes."""
        return self.worker.read(chunk, files)

    def set_index(self, index: Index, first: Mapping[int, int]) -> None:
        """Take the index."""
        self.worker.set_index(index, first)
        assert self.worker.context is not None
        mint = self.worker.context.mint
        self.export_context = cells.ExportContext(self.work.rules, self.terms, mint, self.work.names, self.name_of)

    def sift(self, chunk: int) -> ExportChunk:
        """Map a chunk's notes and keep their things."""
        context = self.worker.context
        assert context is not None
        totals = VaultTotals()
        problems: list[Problem] = []
        foreign_triples: list[Triple] = []
        kept: list[tuple[int, Thing]] = []
        for number, note in enumerate(self.worker.notes.pop(chunk), self.worker.first[chunk]):
            if note is None or number in context.index.merged:
                continue
            mapped = map_note(note, number, context)
            totals.add(mapped)
            problems += mapped.problems
            thing, of_others = self._thing(number, mapped)
            kept.append((number, thing))
            foreign_triples += of_others
        self.things[chunk] = kept
        items = {thing.slug: thing.items[0] for _, thing in kept if thing.items}
        return ExportChunk(len(kept), foreign_triples, totals, problems, items)

    def _thing(self, number: int, mapped: MappedNote) -> tuple[Thing, list[Triple]]:
        context = self.worker.context
        assert context is not None
        index, summary = context.index, context.index.summaries[number]
        slug = index.slugs[number]
        me = context.mint.thing(slug)
        found = sort_out(mapped, me, context.mint.base, self.terms)
        thing = Thing(
            slug,
            summary.path,
            plain_text(index, summary.title, summary.path),
            summary.language,
            found.own,
            identifiers_of(mapped, me, found, self.work.rules),
            context.classes.kinds(number),
            frozenset(tag_slug(name) for name, _ in mapped.tags) if self.choice.tags else frozenset(),
            {stub.slug: stub.name for stub in mapped.stubs},
        )
        return thing, found.foreign_triples

    def render(self, chunk: int, foreign_triples: Mapping[int, Sequence[Triple]]) -> list[ExportRow]:
        """Return the rows of a chunk's things; `foreign_triples` are what others say of them, by number."""
        assert self.export_context is not None
        made = []
        for number, thing in self.things.pop(chunk):
            if number in foreign_triples:
                said = {predicate: list(values) for predicate, values in thing.said.items()}
                for _, predicate, value in foreign_triples[number]:
                    said.setdefault(predicate, []).append(value)
                thing = thing._replace(said=said)
            thing = self._without_maps(number, thing)
            if self.choice.takes(thing):
                made.append(self._row(thing, self.export_context))
        return made

    def _without_maps(self, number: int, thing: Thing) -> Thing:
        """Return a thing without the maps of content that it is a part of, or its parts where it is one itself."""
        context = self.worker.context
        assert context is not None
        index, classes = context.index, context.classes
        parts = {term for row in self.terms.properties if row.entity in _PARTS for term in row.terms}
        own = _MAP in classes.kinds(number)

        def is_map(value: Term) -> bool:
            other = index.by_slug.get(owner(value, context.mint.base), -1)
            return own or (other >= 0 and _MAP in classes.kinds(other))

        kept = {p: [v for v in found if not is_map(v)] if p in parts else found for p, found in thing.said.items()}
        return thing._replace(said={predicate: found for predicate, found in kept.items() if found})

    def _row(self, thing: Thing, export_context: cells.ExportContext) -> ExportRow:
        return ExportRow(
            thing.slug,
            cells.turtle(thing, export_context),
            cells.csv_line(cells.cells(thing, export_context)),
            cells.tsv_line(cells.mixnmatch_cells(thing, export_context)),
            matches(thing, export_context),
            item_request(thing, export_context),
        )

    def name_of(self, thing: Thing, value: Term) -> str:
        """Return what a value is called: the title of the note on it, the name in the link to it, its own text."""
        context = self.worker.context
        assert context is not None
        slug = owner(value, context.mint.base)
        if not slug:
            return lexical(value)
        number = context.index.by_slug.get(slug)
        if number is None:
            return thing.names.get(slug, slug)
        summary = context.index.summaries[number]
        return plain_text(context.index, summary.title, summary.path)

    def finish(self) -> None:
        """Raise what went wrong in writing; this worker writes nothing itself."""
