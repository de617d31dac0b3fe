"""A worker that checks: it reads its notes, maps them, and holds what they say against the shapes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from herbier.checking.locating import SourceMap, placed
from herbier.checking.other_notes import OtherNotes, Said, problem_of_sayer
from herbier.checking.outcome import Outcome, SharedUse, names_in
from herbier.index.resolution import Index
from herbier.mapping.classes import Classes
from herbier.mapping.context import MappingContext
from herbier.mapping.mapper import map_note
from herbier.pipeline.worker import NoteFile, ReadChunk, Worker, WorkerSetup
from herbier.problems import Problem
from herbier.rdf.formats import triples_of
from herbier.rdf.iris import Mint, owner
from herbier.rdf.terms import RDF_TYPE, Term, Triple
from herbier.shapes import EDGES, Finding, Shapes
from herbier.vault.note import Note, read_note


class ToCheck(NamedTuple):
    """A note to check: the number of its summary, and its path."""

    number: int
    path: str


class CheckWorker:
    """A share of the notes, and what is wrong in them."""

    def __init__(self, work: WorkerSetup, shapes: Shapes, language: str) -> None:
        self.work = work
        self.shapes = shapes
        self.language = language
        self.reader = Worker(work)
        self.notes: dict[str, Note] = {}
        self.said: dict[int, dict[int, list[Triple]]] = {}
        self.context: MappingContext | None = None

    def read(self, chunk: int, files: Sequence[NoteFile]) -> ReadChunk:
        """Read a chunk's notes, and keep those that will be published."""
        share = self.reader.read(chunk, files)
        self.notes.update((note.path, note) for note in self.reader.notes.pop(chunk) if note)
        return share

    def set_index(self, index: Index, first: Mapping[int, int]) -> None:
        """Take the index."""
        rules = self.work.rules
        self.context = MappingContext(rules, index, Classes(index, rules), Mint(self.work.settings.base))

    def map(self, chunk: int, notes: Sequence[ToCheck]) -> list[Outcome]:
        """Map a chunk's notes, and keep what each says of itself."""
        assert self.context is not None
        outcomes: list[Outcome] = []
        own: dict[int, list[Triple]] = {}
        for number, path in notes:
            note = self._note(path)
            if note is None:
                outcomes.append(Outcome())
                continue
            mapped = map_note(note, number, self.context)
            slug = self.context.index.slugs[number]
            said, foreign_triples, edges = (
                own.setdefault(number, []),
                defaultdict[str, list[Triple]](list),
                list[Triple](),
            )
            subject, of_subject = "", said
            for triple in triples_of(mapped.statements):
                if triple[0] != subject:  # what is said of one subject stands together, most often
                    subject = triple[0]
                    other = owner(subject, self.context.mint.base)
                    of_subject = said if other == slug else foreign_triples[other]
                of_subject.append(triple)
                if triple[1] in EDGES:
                    edges.append(triple)
            shared = SharedUse(
                dict(foreign_triples), tuple(edges), mapped.tags, mapped.stubs, frozenset(mapped.stub_concepts),
                frozenset(mapped.keys), frozenset(mapped.files), mapped.items,
                [(mapped.values, mapped.standard)] if mapped.values else (),
            )  # fmt: skip
            outcomes.append(Outcome(tuple(mapped.problems), (), shared, names_in(note)))
        self.said[chunk] = own
        return outcomes

    def _note(self, path: str) -> Note | None:
        note = self.notes.get(path)
        if note is None:  # it has not changed, but something that it names has
            read = read_note(self.work.root, path, self.work.settings.file_size)
            if isinstance(read, Problem):
                return None
            note = self.notes[path] = read
        return note

    def judge(
        self, chunk: int, notes: Sequence[ToCheck], foreign_triples: Mapping[int, Said], other_notes: OtherNotes
    ) -> list[list[Problem]]:
        """Hold a chunk's notes against the shapes; `foreign_triples` are what others say of them, by number."""
        assert self.context is not None
        said = self.said.pop(chunk)
        triples = [triple for number in said for triple in (*said[number], *foreign_triples.get(number, ()))]
        triples += neighbours(triples, self.context, other_notes)
        slugs = {self.context.index.slugs[number]: number for number in said}
        found: dict[int, list[Finding]] = defaultdict(list)
        base = self.context.mint.base
        # all others are neighbours, whose shares judge them
        for finding in self.shapes.validate(triples, lambda term: owner(term, base) in slugs):
            found[slugs[owner(finding.focus, base)]].append(finding)
        return [list(self._reported(n, path, found.get(n, ()), foreign_triples.get(n, {}))) for n, path in notes]

    def _reported(self, number: int, path: str, findings: Sequence[Finding], said: Said) -> Iterator[Problem]:
        note = self.notes.pop(path, None)
        if not findings or note is None:
            return
        assert self.context is not None
        source_map = SourceMap.of(
            map_note(note, number, self.context)
        )  # once more: few notes need it, and none has to be kept
        for finding in findings:
            rule = self.shapes.rules[finding.shape]
            other = None
            if said and not source_map.states(finding):
                other = problem_of_sayer(finding, rule, said, self.work.root, self.context, self.language)
            yield other or placed(finding, rule, note, source_map, self.work.rules, self.language)


def neighbours(triples: Sequence[Triple], context: MappingContext, other_notes: OtherNotes) -> Iterator[Triple]:
    """Return what the things and notes that triples speak of are, where the triples do not say so themselves.

    A share of the notes can then be judged by itself.
    """
    base, model = context.mint.base, context.rules.model
    subjects = {subject for subject, predicate, _ in triples if predicate == RDF_TYPE}
    objects = {value for _, _, value in triples if value.startswith(base, 1)}
    for term in objects - subjects:
        kind, _, rest = term[1 + len(base) : -1].partition("/")
        slug = rest.partition("#")[0]
        for cls in other_notes.classes.get(term, ()):
            yield term, RDF_TYPE, cls
        if not slug or slug != rest or term in other_notes.absent:
            continue
        number = context.index.by_slug.get(slug)
        classes: tuple[Term, ...] = ()
        if kind == "doc":
            classes = model.stub_class.terms if number is None else model.note_class.terms
        elif kind == "id" and number is None:
            classes = model.concept_class.terms if slug in other_notes.concepts else context.classes.stub_terms(slug)
        elif kind == "id" and number is not None:
            classes = (
                *context.classes.terms(number),
                *(term for term, _ in context.classes.linked(number, context.mint)),
            )
        elif kind == "tag":
            classes = ("<http://www.w3.org/2004/02/skos/core#Concept>",)
        for cls in classes:
            yield term, RDF_TYPE, cls
