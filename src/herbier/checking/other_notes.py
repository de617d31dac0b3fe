"""Statements on things from beyond their own notes: by other notes, and by the files that herbier.toml includes."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from herbier.checking.locating import SourceMap, placed, problem_at
from herbier.mapping.context import MappingContext
from herbier.mapping.mapper import map_note
from herbier.problems import Problem
from herbier.rdf.iris import owner
from herbier.rdf.terms import RDF_TYPE, Term, Triple, lexical
from herbier.shapes import Finding, ShapeRule
from herbier.text import shown
from herbier.vault.files import decode, read_bytes
from herbier.vault.note import read_note

OF_NO_NOTE = -1  # in place of the number of a note


class Sayer(NamedTuple):
    """Who says a triple: the path of a note and the number of its summary, or an included file and OF_NO_NOTE."""

    path: str
    number: int


Said = Mapping[Triple, Sayer]


class OtherNotes(NamedTuple):
    """Facts on the things that notes link to, beyond the index.

    `concepts` are the slugs of notes not written that concepts name, `classes` what included files say that things
    are, `absent` what these files link to although nothing is said of it.
    """

    concepts: frozenset[str] = frozenset()
    classes: Mapping[Term, tuple[Term, ...]] = {}
    absent: frozenset[Term] = frozenset()


def other_notes_of(
    included: Iterable[Triple], concepts: frozenset[str], known: Iterable[Triple], slugs: Mapping[str, int], base: str
) -> OtherNotes:
    """Return what is known beyond the index; `known` are the triples of no note, `slugs` those of written notes."""
    classes: dict[Term, list[Term]] = {}
    linked: set[Term] = set()
    for subject, predicate, value in included:
        if predicate == RDF_TYPE:
            classes.setdefault(subject, []).append(value)
        if value.startswith(base, 1) and owner(value, base) not in slugs:
            linked.add(value)
    absent = linked - classes.keys() - {subject for subject, predicate, _ in known if predicate == RDF_TYPE}
    return OtherNotes(concepts, {term: tuple(sorted(found)) for term, found in classes.items()}, frozenset(absent))


def problem_of_sayer(
    finding: Finding, rule: ShapeRule, said: Said, root: Path, context: MappingContext, language: str
) -> Problem | None:
    """Return a finding as a Problem of the note or the file that says what it is about; None where none does.

    `said` is what others say of the focus.
    """
    triple = (finding.focus, finding.path, finding.value)
    if triple not in said and not finding.value:  # a fault that no single value has
        triple = next((each for each in sorted(said) if each[:2] == triple[:2]), triple)
    sayer = said.get(triple)
    if sayer is None:
        return None
    if sayer.number == OF_NO_NOTE:
        return problem_at(finding, rule, shown(sayer.path), _place(root, sayer.path, triple), language)
    note = read_note(root, sayer.path, _MOST_BYTES)
    if isinstance(note, Problem):
        return None
    return placed(finding, rule, note, SourceMap.of(map_note(note, sayer.number, context)), context.rules, language)


_MOST_BYTES = 1_000_000_000  # it has been read once


def _place(root: Path, file: str, triple: Triple) -> tuple[int, int]:
    """Return the line and column of the one place where a value is written, else its subject, else (0, 0).

    Readers of RDF tell no lines, and of a name that is written twice neither place is surely meant.
    """
    data = read_bytes(root, file, _MOST_BYTES)
    decoded = data if isinstance(data, Problem) else decode(data, file)
    if isinstance(decoded, Problem):
        return 0, 0
    text = decoded[0]
    for term in (triple[2], triple[0]):
        name = lexical(term)
        if not term.startswith('"'):
            name = re.split("[/#]", name.rstrip("/#"))[-1]
        found = list(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)) if name else []
        if len(found) == 1:
            start = found[0].start()
            return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return 0, 0
