"""Hindrances: what keeps a value of a note from saying anything."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from herbier.index.own_fields import is_empty
from herbier.index.redaction import is_private_name
from herbier.inspect.explanation import Explained, Trace
from herbier.inspect.row_proposals import ProposedRow
from herbier.mapping.context import NoteMapping
from herbier.mapping.fallback import UNKNOWN_KEY
from herbier.mapping.references import linked
from herbier.messages import Message
from herbier.pipeline.snapshot import Snapshot
from herbier.rdf.iris import ncname
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.rule_types import KeyRule, Rules
from herbier.rules.values import EXPECTED
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.inline import WIKILINK, is_template, wikilink
from herbier.vault.note import Note, Place


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that became of a key, or that kept it from saying anything; `code` names the kind of reason.

    `rules` are those that know the key; `triples` are the numbers of what it gave; `place` is a line and a column.
    """

    code: str
    message: str
    hint: str = ""
    rules: tuple[KeyRule, ...] = ()
    triples: tuple[int, ...] = ()
    place: Place | None = None
    row: ProposedRow | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the reason as plain data."""
        sources = [{"name": rule.name, "file": rule.source.file, "line": rule.source.line} for rule in self.rules]
        data: dict[str, Any] = {"code": self.code, "message": self.message, "hint": self.hint, "rules": sources}
        data |= {"triples": list(self.triples)}
        data |= {"line": self.place[0], "column": self.place[1]} if self.place else {}
        return data | ({"row": self.row._asdict()} if self.row else {})


# What Herbier itself does with the keys that have a role.
ROLES = {
    "title": Message(
        "it is the title: the name of the thing and of the note, and the end of their IRIs unless `slug` says it"
    ),
    "name": Message("it is what the thing is called: its name where there is no title, else one more name"),
    "aliases": Message("each value is one more name of the thing, by which links find the note"),
    "slug": Message("it is the end of the IRIs of the thing and of the note, and gives no triple of its own"),
    "type": Message("it says what the thing is, and which keys the note may have"),
    "category": Message(
        "a value that is called after a type says what the thing is; any other is a subject of the note"
    ),
    "language": Message("it is the language of the note and of its texts"),
    "tags": Message("each value is a keyword and a subject of the note"),
    "permalink": Message("it is an address by which other notes may name the note"),
    "draft": Message("it says whether the note is kept back, and gives no triple"),
    "private": Message("it says whether the note is kept back, and gives no triple"),
    "publish": Message("it says whether the note is published, and gives no triple"),
    "privacy": Message("it says whether the note is for all, and gives no triple"),
    "id": Message("it is the identifier of the note"),
    "ignore": Message("it lists the codes of problems that are accepted"),
}


@dataclass(frozen=True, slots=True)
class AskedKey:
    """A key that is asked for, and the note that it is asked of."""

    key: str
    snapshot: Snapshot
    note: Note
    state: NoteMapping
    explained: Explained

    @property
    def rules(self) -> Rules:
        """Return the rules of the vault."""
        return self.snapshot.context.rules

    @property
    def candidates(self) -> tuple[KeyRule, ...]:
        """Return the rules that know the key, for whatever type."""
        return self.rules.keys.get(plain_name(self.key), ())


def what_it_gives(case: AskedKey, rule: KeyRule, predicates: Sequence[Term]) -> str:
    """Return what a rule gives, in words."""
    if rule.kind == "nothing" and not rule.role:
        return Message("it is for other programs, and says nothing here")
    if rule.role:
        return ROLES[rule.role]
    names = ", ".join(map(case.snapshot.vault.names.curie, predicates))
    if rule.kind in EXPECTED:
        return Message("it gives {names} from {kind}", names=names, kind=EXPECTED[rule.kind])
    return Message("it gives {names}", names=names)


def given_keys(case: AskedKey, places: set[Place]) -> list[tuple[int, Trace]]:
    """Return the triples that come from places, with their numbers."""
    traces = case.explained.numbered()
    return [(number, trace) for number, trace in traces if (trace.line, trace.column) in places]


def is_kept(case: AskedKey, trace: Trace) -> bool:
    """Return whether a triple only keeps a value that no rule could use."""
    return trace.rule == UNKNOWN_KEY.name and not trace.rule_file


def used(case: AskedKey, field: Field, rule: KeyRule) -> Reason:
    """Return what became of a value that is used."""
    given = given_keys(case, set(places_of(field)))
    numbers = tuple(number for number, trace in given if not is_kept(case, trace))
    place = field.line, field.column
    rules = (rule,) if rule.source.file else ()
    if rule.kind == "nothing" and not rule.role:
        message = Message("{key!r} is for other programs, and says nothing here", key=field.key)
        return Reason("left-out", message, "", rules, (), place)
    if rule.role:
        message = Message("Herbier itself reads {key!r}: {role}", key=field.key, role=ROLES[rule.role])
        return Reason("role", message, "", rules, numbers, place)
    if not numbers:
        message = Message("{key!r} is known, but gives no triple here", key=field.key)
        return Reason("no-triple", message, "", rules, (), place)
    message = Message("{key!r} is used, and gives 1 triple", key=field.key)
    if len(numbers) > 1:
        message = Message("{key!r} is used, and gives {count:,} triples", key=field.key, count=len(numbers))
    return Reason("used", message, "", rules, numbers, place)


def hindrance_of(case: AskedKey, field: Field, value: Value, rule: KeyRule | None) -> Reason | None:
    """Return what keeps a value from saying anything, None where nothing does: the first of `_HINDRANCES` counts."""
    if isinstance(value, Map):
        return None
    for hindrance in _HINDRANCES:
        if reason := hindrance(case, field, value, rule):
            return reason
    return None


def _empty(case: AskedKey, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    if not is_empty(value):
        return None
    message = Message("{key!r} has no value", key=field.key)
    return Reason("empty", message, Message("write one, or remove the key"), place=_place(value))


def _template(case: AskedKey, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    if not is_template(value.text):
        return None
    message = Message("the value of {key!r} is a template that was never filled in", key=field.key)
    return Reason("template", message, Message("write a value in its place"), place=_place(value))


def _private(case: AskedKey, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    links = [link.found for link in linked(case.state, value.text)]
    private = any(found.kind == "private" for found in links)
    if not private and not links and (rule is None or rule.kind in _LEADING):
        private = is_private_name(case.state.index, " ".join(value.text.split()), case.state.path)
    message = Message(
        "the value of {key!r} leads to a note that is not published, so nothing is said of it", key=field.key
    )
    return Reason("private", message, place=_place(value)) if private else None


def _lost(case: AskedKey, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    names = [link.name for link in linked(case.state, value.text) if link.found.kind == "lost"]
    if rule and rule.kind == "file" and not names:
        match = WIKILINK.fullmatch(value.text.strip())
        name = wikilink(match[2])[0].name if match else value.text.strip()
        kind = case.state.index.find(name, case.state.path).kind
        if kind == "note":
            message = Message("{name!r} is a note, and {key!r} takes a file", name=name, key=field.key)
            return Reason("not-a-file", message, place=_place(value))
        names = [name] if kind == "lost" else []
    if not names:
        return None
    message = Message("the file {name!r} is not in the vault", name=names[0])
    return Reason("lost-file", message, Message("fix the link"), place=_place(value))


def _of_other_kind(case: AskedKey, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    given = given_keys(case, {_place(value)})
    if rule is None or rule.kind not in EXPECTED or not given or not all(is_kept(case, trace) for _, trace in given):
        return None
    message = Message(
        "{text!r} is not {kind}; it is kept as {place}",
        text=value.text.strip(), kind=EXPECTED[rule.kind], place=f"key/{ncname(field.key)}",
    )  # fmt: skip
    numbers = tuple(number for number, _ in given)
    return Reason("other-kind", message, rules=(rule,), triples=numbers, place=_place(value))


def _place(value: Scalar) -> Place:
    return value.line, value.column


_LEADING = ("entity", "text-or-entity", "auto")  # kinds whose values may be the plain name of a note
_HINDRANCES: Sequence[Callable[[AskedKey, Field, Scalar, KeyRule | None], Reason | None]] = (
    _empty,
    _template,
    _private,
    _lost,
    _of_other_kind,
)


def quoted_value(name: str) -> Message:
    """Return a value as it may be shown, in quotes."""
    return Message("{name!r}", name=name)


def places_of(field: Field) -> Iterator[Place]:
    """Return the places of the values of a field."""
    yield field.line, field.column
    for value in field.values:
        yield value.line, value.column
        if isinstance(value, Map):
            for inner in value.fields:
                yield from places_of(inner)


# --- a key that the note does not have ------------------------------------------------------------------------------
