"""From what a shape found to the line that made it: the way back through the statements of a note."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from herbier.mapping.context import MappedNote
from herbier.messages import Message
from herbier.problems import Problem
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.rule_types import Rules
from herbier.shapes import Finding, ShapeRule
from herbier.shapes.shape_rules import SH
from herbier.text import shown
from herbier.vault.fields import Field
from herbier.vault.note import At, Note, Place


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where in a note its triples come from, by whole triple, by subject and predicate, by subject."""

    triples: Mapping[tuple[Term, Term, Term], At]
    values: Mapping[tuple[Term, Term], At]
    predicates: Mapping[tuple[Term, Term], At]
    subjects: Mapping[Term, At]

    @staticmethod
    def of(mapped: MappedNote) -> "SourceMap":
        """Return the ways back to the places where a note says what it says."""
        triples: dict[tuple[Term, Term, Term], At] = {}
        values: dict[tuple[Term, Term], At] = {}
        predicates: dict[tuple[Term, Term], At] = {}
        subjects: dict[Term, At] = {}
        for subject, predicate, value, at, _ in mapped.statements:
            triples.setdefault((subject, predicate, value), at)
            values.setdefault((subject, value), at)
            predicates.setdefault((subject, predicate), at)
            subjects.setdefault(subject, at)
        return SourceMap(triples, values, predicates, subjects)

    def states(self, finding: Finding) -> bool:
        """Return whether the note itself says what a finding is about."""
        focus, path, value = finding.focus, finding.path, finding.value
        return (focus, path, value) in self.triples if value else (focus, path) in self.predicates

    def said(self, finding: Finding) -> At | None:
        """Return the place where a note says what a finding is about, None where it does not say it."""
        focus, path, value = finding.focus, finding.path, finding.value
        found = (
            self.triples.get((focus, path, value)),
            self.values.get((focus, value)) if value else None,
            self.predicates.get((focus, path)) if path else None,
        )
        return next((at for at in found if at is not None), None)

    def why_looked_at(self, finding: Finding, targets: Iterable[Term]) -> At:
        """Return the place where a note says what has a shape look at it; `targets` are predicates."""
        found = (*(self.predicates.get((finding.focus, one)) for one in targets), self.subjects.get(finding.focus))
        return next((at for at in found if at is not None), (1, 1))


def placed(
    finding: Finding, rule: ShapeRule, note: Note, source_map: SourceMap, rules: Rules, language: str
) -> Problem:
    """Return a finding as a Problem of a note, with the line and column of what made it."""
    fields = _fields(rule, note, rules)
    of_field = next(((field.line, field.column) for field in fields), None)
    said = source_map.said(finding) or of_field
    place = note.places()(said or source_map.why_looked_at(finding, rule.targets))
    place = place if place[0] else (1, 1)  # what comes from the path of the note, or from others
    at_place = [field for field in note.fields if said and any((v.line, v.column) == place for v in field.values)]
    written = dict.fromkeys(field.key for field in (*at_place, *fields))
    mended = rule._replace(keys={"": tuple(written)}) if written else rule
    found = problem_at(finding, mended, shown(note.path), place, language)
    return found if written or finding.component not in _MISSING else replace(found, hint=_add(rule, language))


_MISSING = {f"<{SH}{name}CountConstraintComponent>" for name in ("Min", "QualifiedMin")}


def _add(rule: ShapeRule, language: str) -> str:
    keys = rule.keys_in(language)
    if len(keys) > 1:
        return Message("add one of these keys: {names}", names=", ".join(keys))
    return Message("add the key {name}", name=keys[0]) if keys else ""


def _fields(rule: ShapeRule, note: Note, rules: Rules) -> list[Field]:
    """Return the fields of a note that are of the keys of a shape, however they are written."""
    wanted = {
        known.name for keys in rule.keys.values() for key in keys for known in rules.keys.get(plain_name(key), ())
    }
    return [
        field
        for field in note.fields
        if not wanted.isdisjoint(known.name for known in rules.keys.get(plain_name(field.key), ()))
    ]


def problem_at(finding: Finding, rule: ShapeRule, path: str, place: Place, language: str) -> Problem:
    """Return a finding as a Problem at a place, in a language."""
    message = rule.message(language) or rule.code
    keys = rule.keys_in(language)
    hint = Message("key: {names}", names=", ".join(keys)) if keys else ""
    return Problem(path, *place, rule.severity, rule.code, message, hint)
