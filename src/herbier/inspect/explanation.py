"""Why a note says what it says: each triple with the characters it comes from and the rule that made it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from herbier.index.redaction import is_private_name, mask_links
from herbier.index.resolution import Index
from herbier.mapping.context import MappingContext, Statement
from herbier.mapping.type_places import OF_OTHERS, PATH_LINE
from herbier.messages import Message
from herbier.pipeline.opening import declared_settings
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import HerbierError, Problem
from herbier.rdf.slugs import slug
from herbier.rdf.terms import Term, Triple, lexical
from herbier.rules.rule_types import KeyRule
from herbier.text import shown
from herbier.vault import spans
from herbier.vault.fields import scalars
from herbier.vault.files import decode, read_bytes
from herbier.vault.note import Note, Place

Origin = Literal["line", "file name", "whole text", "path", "other notes"]
_FILE_NAME = (1, 1)  # where the mapping says that a triple comes from when no character of the note says it
_ORDER: tuple[Origin, ...] = ("file name", "path", "other notes", "whole text", "line")


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A triple, the line and column that it comes from, and the rule: its name, its file and its line there.

    `start_column` is where the words begin, after an opening quote; `end_column` is the column after their last. Of
    triples that come from the file's name or from the whole text, `origin` says so, and the columns point at nothing;
    of those that come from the path, they count in the path, and the line is 0.
    """

    line: int
    column: int
    subject: Term
    predicate: Term
    object: Term
    rule: str
    rule_file: str
    rule_line: int
    start_column: int = 0
    end_line: int = 0
    end_column: int = 0
    origin: Origin = "line"
    declared: str = ""  # the file and the line where the vault declares of what kind the value is

    @property
    def terms(self) -> Triple:
        """The triple."""
        return self.subject, self.predicate, self.object

    def as_json(self, number: int, path: str, graph: Term) -> dict[str, Any]:
        """Return the trace as plain data; terms are in N-Triples form, `value` is the object's text."""
        return {
            "number": number,
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "graph": graph,
            "value": lexical(self.object),
            "path": path,
            "line": self.line,
            "column": self.column,
            "startColumn": self.start_column,
            "endLine": self.end_line,
            "endColumn": self.end_column,
            "origin": self.origin,
            "rule": {"name": self.rule, "file": self.rule_file, "line": self.rule_line},
            **({"declared": self.declared} if self.declared else {}),
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """The explanation of a note: its triples and where they come from.

    `path` is in the vault; `graph` names the note's graph; `lines` are the note's own.

    The number of a trace is its place among `traces`, from 1.
    """

    path: str
    graph: Term
    thing: Term
    traces: tuple[Trace, ...]
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]
    first_line: int  # of the body
    said_by: str = ""  # the first of the other notes that tell of what class the thing is
    settings: tuple[tuple[str, str, str], ...] = ()  # that the vault declares: name, value, file and line

    def numbered(self) -> Iterator[tuple[int, Trace]]:
        """Yield each trace with its number."""
        yield from enumerate(self.traces, 1)

    def trace(self, number: int) -> Trace:
        """Return the trace of a number; HerbierError says how many there are."""
        if not 1 <= number <= len(self.traces):
            count = len(self.traces)
            told = Message(
                "there is no triple {number}: {path} gives {count}, numbered from 1 to {count}",
                number=number, path=self.path, count=count,
            )  # fmt: skip
            raise HerbierError(told)
        return self.traces[number - 1]


def explain(snapshot: Snapshot, path: str) -> Explained:
    """Return every triple of the note at `path` in the vault; HerbierError where it is none, or is not published."""
    return explain_number(snapshot, published(snapshot, path))


def published(snapshot: Snapshot, path: str) -> int:
    """Return the number of the summary of a note that is published; HerbierError says why it is not."""
    number = snapshot.number_of(path)
    if number in snapshot.index.merged:
        told = (found.message for found in snapshot.problems if found.path == shown(path))
        why = next(told, Message("it was merged into another note"))
        raise HerbierError(Message("{path!r} is not published: {why}", path=shown(path), why=why))
    return number


def explain_number(snapshot: Snapshot, number: int) -> Explained:
    """Return every triple of the note whose summary has a number; HerbierError where it can be read no more."""
    path = snapshot.index.summaries[number].path
    note = snapshot.read(path)
    mapped = snapshot.map(note, number)
    lines = lines_of(snapshot, path)
    mint, given = snapshot.vault.mint, snapshot.index.slugs[number]
    tracer = _Tracer(note, lines, snapshot.context, mint.note(given))
    told = {found for found in snapshot.problems if found.path == shown(path)}
    return Explained(
        shown(path),
        mint.note(given),
        mint.thing(given),
        tuple(sorted({tracer.trace(statement) for statement in mapped.statements}, key=_order)),
        tuple(sorted({*told, *mapped.problems})),
        _without_private(snapshot.index, note, lines),
        note.first_line,
        shown(said.path) if (said := snapshot.index.said_types.get(number)) else "",
        tuple(declared_settings(snapshot.vault)),
    )


def _order(trace: Trace) -> tuple[int, int, Trace]:
    return trace.line, _ORDER.index(trace.origin), trace


def _without_private(index: Index, note: Note, lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines of a note as they may be shown: dots stand for what they call private notes."""
    if not index.any_private:
        return tuple(lines)
    shown_lines = mask_links(index, "\n".join(lines), note.path).split("\n")
    for value in scalars(note.fields):
        if is_private_name(index, " ".join(value.text.split()), note.path):
            for number in range(value.line - 1, min(value.line + value.text.count("\n"), len(lines))):
                for part in value.text.split("\n"):
                    shown_lines[number] = shown_lines[number].replace(part, "…" * len(part))
    return tuple(shown_lines)


def lines_of(snapshot: Snapshot, path: str) -> tuple[str, ...]:
    """Return the lines of a note as its reader has them, which is how lines and columns are counted."""
    data = read_bytes(snapshot.vault.root, path, snapshot.vault.settings.file_size)
    decoded = data if isinstance(data, Problem) else decode(data, path)
    if isinstance(decoded, Problem):
        raise HerbierError(str(decoded))
    return tuple(decoded[0].split("\n"))


class _Tracer:
    """Turns the statements of a note into traces."""

    def __init__(self, note: Note, lines: Sequence[str], context: MappingContext, doc: Term) -> None:
        self.path = note.path
        self.places = note.places()
        self.lines = lines
        self.doc = doc
        self.base = context.mint.base
        model = context.rules.model
        self.whole = {model.text, model.words}
        self.of_blocks = {
            model.part,
            model.part_name,
            model.part_position,
            model.section_class,
            model.block_class,
            model.text,
            model.description,
            model.abstract,
            model.key_point,
            model.cited_text,
        }
        opening = next((line.strip()[:1] for line in lines if line.strip()), "")
        self.of_front_matter = spans.of_keyed if opening in ("+", "{") else spans.of_value
        self.texts: dict[Place, list[str]] = defaultdict(list)
        for value in scalars(note.fields):
            self.texts[value.line, value.column].append(value.text)
        inline = note.fields[len(note.fields) - len(note.body.fields) :]
        self.inline = {(value.line, value.column) for found in inline for value in found.values}

    def trace(self, statement: Statement) -> Trace:
        """Return the trace of a statement."""
        subject, predicate, value, at, rule = statement
        line, column = self.places(at)
        declared = rule.declared if isinstance(rule, KeyRule) else None
        trace = Trace(
            line, column, subject, predicate, value, rule.name, rule.source.file, rule.source.line,
            declared=f"{declared.file}:{declared.line}" if declared else "",
        )  # fmt: skip
        if at == OF_OTHERS:
            return replace(trace, origin="other notes")
        if line == PATH_LINE:
            end = min(end for mark in "/." if (end := self.path.find(mark, column)) >= 0)
            return replace(trace, start_column=column, end_column=end + 1, origin="path")
        if at == _FILE_NAME:
            return replace(trace, start_column=1, end_line=1, end_column=1, origin="file name")
        if at == 0 and rule in self.whole and subject == self.doc:
            return replace(trace, start_column=column, end_line=line, end_column=column, origin="whole text")
        written = self.lines[line - 1] if line <= len(self.lines) else ""
        if isinstance(at, tuple):
            span = self._of_field(written, at, statement)
        else:
            shape = spans.of_line if rule in self.of_blocks else spans.of_inline
            span = shape(written, column)
        return replace(trace, start_column=span.start, end_line=line, end_column=span.end)

    def _of_field(self, written: str, at: Place, statement: Statement) -> spans.Span:
        texts = self.texts.get(at, [""])
        value = lexical(statement[2])
        # all values of a key of TOML stand at the key
        text = texts[0] if len(texts) == 1 else next((text for text in texts if text.strip() == value), "")
        span_of = spans.of_field if at in self.inline else self.of_front_matter
        span = span_of(written, at[1], text)
        named = {slug(self._name(term)) for term in (statement[0], statement[2])}
        return spans.narrowed(written, span, named)

    def _name(self, term: Term) -> str:
        text = lexical(term)
        return text.removeprefix(self.base).partition("/")[2] if text.startswith(self.base) else text
