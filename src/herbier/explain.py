"""Why a note says what it says: each triple with the place in the note and the rule that made it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from herbier.build import Progress, Vault, silent
from herbier.problems import Problem
from herbier.survey import survey
from herbier.terms import Term, lexical, shown


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """A triple, the line and column that it comes from, and the rule: its name, its file and its line there."""

    line: int
    column: int
    subject: Term
    predicate: Term
    object: Term
    rule: str
    rule_file: str
    rule_line: int

    def as_json(self, path: str, graph: Term) -> dict[str, Any]:
        """Return the trace as plain data; terms are in N-Triples form, `value` is the object's text."""
        return {
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "graph": graph,
            "value": lexical(self.object),
            "path": path,
            "line": self.line,
            "column": self.column,
            "rule": {"name": self.rule, "file": self.rule_file, "line": self.rule_line},
        }


@dataclass(frozen=True, slots=True)
class Explained:
    """What a note says and why. `path` is in the vault; `graph` names the note's graph."""

    path: str
    graph: Term
    thing: Term
    traces: list[Trace]
    problems: list[Problem]


def explain(vault: Vault, path: str, progress: Progress = silent) -> Explained:
    """Return every triple of the note at `path` in the vault; HerbierError where it is none, or is not published."""
    surveyed = survey(vault, progress)
    number = surveyed.number_of(path)
    note = surveyed.read(path)
    mapped = surveyed.map(note, number)
    places = note.places()
    traces = {
        Trace(*places(at), s, p, o, rule.name, rule.source.file, rule.source.line)
        for s, p, o, at, rule in mapped.statements
    }
    found = [p for p in surveyed.problems if p.path == shown(path)]
    slug = surveyed.index.slugs[number]
    return Explained(
        shown(path),
        vault.mint.note(slug),
        vault.mint.thing(slug),
        sorted(traces),
        sorted({*found, *mapped.problems}),
    )


def vault_of(note: Path) -> Path:
    """Return the vault that a note is in: the nearest folder around it with herbier.toml or .obsidian, else its own."""
    for folder in note.resolve().parents:
        if (folder / "herbier.toml").is_file() or (folder / ".obsidian").is_dir():
            return folder
    return note.resolve().parent
