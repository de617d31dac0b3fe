"""Why a key of a note gives no triple, or which rule it would have needed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce
from typing import Any

from herbier.index.own_fields import is_empty
from herbier.index.redaction import is_private_name, redact_links
from herbier.inspect.explain import Explained, Trace, explain_number, published
from herbier.inspect.row_proposals import ProposedRow, kind_of, row_for
from herbier.mapping.context import NoteMapping
from herbier.mapping.fallback import UNKNOWN_KEY
from herbier.mapping.key_rules import not_said_of, rule_of, unfit_rule
from herbier.mapping.references import linked
from herbier.messages import Message
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import Problem
from herbier.rdf.iris import ncname
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.rules import KeyRule, Rules, nearest_key
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


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What became of a key of a note, and what `check` tells of it; `explained` is the note as a whole."""

    key: str
    explained: Explained
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]


# What Herbier itself does with the keys that have a role.
ROLES = {
    "title": Message(
        "it is the title: the name of the thing and of the note, and the end of their IRIs unless `slug` says it"
    ),
    "name": Message("it is what the thing is called: its name where there is no title, else one more name"),
    "aliases": Message("each value is one more name of the thing, by which links find the note"),
    "slug": Message("it is the end of the IRIs of the thing and of the note, and gives no triple of its own"),
    "type": Message("it says what the thing is, and which keys the note may have"),
    "language": Message("it is the language of the note and of its texts"),
    "tags": Message("each value is a keyword and a subject of the note"),
    "draft": Message("it says whether the note is kept back, and gives no triple"),
    "private": Message("it says whether the note is kept back, and gives no triple"),
    "publish": Message("it says whether the note is published, and gives no triple"),
    "privacy": Message("it says whether the note is for all, and gives no triple"),
    "id": Message("it is the identifier of the note"),
}


@dataclass(frozen=True, slots=True)
class _Case:
    """A key that is asked for, and the note that it is asked of."""

    key: str
    snapshot: Snapshot
    note: Note
    state: NoteMapping
    explained: Explained

    @property
    def rules(self) -> Rules:
        return self.snapshot.context.rules

    @property
    def candidates(self) -> tuple[KeyRule, ...]:
        return self.rules.keys.get(plain_name(self.key), ())


def why_not(snapshot: Snapshot, path: str, key: str) -> WhyNot:
    """Return what became of a key of the note at `path`; HerbierError where that is none, or is not published."""
    number = published(snapshot, path)
    note = snapshot.read(path)
    case = _Case(
        key.strip(), snapshot, note, NoteMapping(note, number, snapshot.context), explain_number(snapshot, number)
    )
    found = [(field, nested) for field, nested in _fields(note.fields) if _is_called(field.key, case.key)]
    found = [(replace(field, key=redact_links(snapshot.index, field.key, path)), nested) for field, nested in found]
    reasons = [reason for field, nested in found for reason in _of_field(case, field, nested)]
    places = {place for field, _ in found for place in _places(field)}
    problems = tuple(p for p in case.explained.problems if (p.line, p.column) in places)
    return WhyNot(case.key, case.explained, tuple(reasons or _absent(case)), problems)


def _fields(fields: Sequence[Field], nested: bool = False) -> Iterator[tuple[Field, bool]]:
    for field in fields:
        yield field, nested
        for value in field.values:
            if isinstance(value, Map):
                yield from _fields(value.fields, True)


def _is_called(key: str, wanted: str) -> bool:
    return key.strip() == wanted or (plain_name(key) == plain_name(wanted) != "")


def _places(field: Field) -> Iterator[Place]:
    yield field.line, field.column
    for value in field.values:
        yield value.line, value.column
        if isinstance(value, Map):
            for inner in value.fields:
                yield from _places(inner)


# --- a key that the note does not have ------------------------------------------------------------------------------


def _absent(case: _Case) -> Iterator[Reason]:
    note, key = case.note, case.key
    if key and any(_is_called(line.partition(":")[0].strip("-+ \t"), key) for line in note.lost.split("\n")):
        told = Message(
            "{key!r} stands in a part of the front matter that could not be read; `check` tells why", key=key
        )
        yield Reason("lost", told)
        return
    keys = tuple(
        dict.fromkeys(redact_links(case.snapshot.index, field.key, note.path) for field, _ in _fields(note.fields))
    )
    near = nearest_key(key, keys) or next(iter(get_close_matches(key.lower(), keys, 1)), "")
    same = [other for other in keys if set(case.rules.keys.get(plain_name(other), ())) & set(case.candidates)]
    hint: str = Message("did you mean {name!r}?", name=near) if near else ""
    if same:
        hint = Message("it has {key!r}, which means the same", key=same[0])
    yield Reason("not-in-note", Message("the note has no key {key!r}", key=key), hint)
    field = Field(key, (Scalar("", 0, 0),), 0, 0)
    known = rule_of(case.state, field, case.state.thing)
    if known:
        rule, predicates = known
        gives = _gives(case, rule, (*predicates.thing, *predicates.note))
        if rule.source.file:
            yield Reason(
                "known", Message("the rule {rule} knows it: {gives}", rule=rule.name, gives=gives), rules=(rule,)
            )
        else:
            yield Reason("known", Message("it needs no rule, since its prefix is known: {gives}", gives=gives))
    else:
        yield from _without_rule(case, field)


def _gives(case: _Case, rule: KeyRule, predicates: Sequence[Term]) -> str:
    if rule.kind == "nothing" and not rule.role:
        return Message("it is for other programs, and says nothing here")
    if rule.role:
        return ROLES[rule.role]
    names = ", ".join(map(case.snapshot.vault.names.curie, predicates))
    if rule.kind in EXPECTED:
        return Message("it gives {names} from {kind}", names=names, kind=EXPECTED[rule.kind])
    return Message("it gives {names}", names=names)


# --- a key that the note has ----------------------------------------------------------------------------------------


def _of_field(case: _Case, field: Field, nested: bool) -> Iterator[Reason]:
    known = rule_of(case.state, field, "" if nested else case.state.thing)
    rule = known[0] if known else None
    of_values = [reason for value in field.values if (reason := _of_value(case, field, value, rule))]
    if rule is None:
        yield from _without_rule(case, field)
    elif any(not _is_kept(case, trace) for _, trace in _given(case, set(_places(field)))) or not of_values:
        yield _used(case, field, rule)
    yield from of_values


def _given(case: _Case, places: set[Place]) -> list[tuple[int, Trace]]:
    traces = case.explained.numbered()
    return [(number, trace) for number, trace in traces if (trace.line, trace.column) in places]


def _is_kept(case: _Case, trace: Trace) -> bool:
    """Return whether a triple only keeps a value that no rule could use."""
    return trace.rule == UNKNOWN_KEY.name and not trace.rule_file


def _used(case: _Case, field: Field, rule: KeyRule) -> Reason:
    given = _given(case, set(_places(field)))
    numbers = tuple(number for number, trace in given if not _is_kept(case, trace))
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


def _of_value(case: _Case, field: Field, value: Value, rule: KeyRule | None) -> Reason | None:
    """Return what keeps a value from saying anything, None where nothing does: the first of `_HINDRANCES` counts."""
    if isinstance(value, Map):
        return None
    for hindrance in _HINDRANCES:
        if reason := hindrance(case, field, value, rule):
            return reason
    return None


def _empty(case: _Case, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    if not is_empty(value):
        return None
    message = Message("{key!r} has no value", key=field.key)
    return Reason("empty", message, Message("write one, or remove the key"), place=_place(value))


def _template(case: _Case, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    if not is_template(value.text):
        return None
    message = Message("the value of {key!r} is a template that was never filled in", key=field.key)
    return Reason("template", message, Message("write a value in its place"), place=_place(value))


def _private(case: _Case, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    links = [link.found for link in linked(case.state, value.text)]
    private = any(found.kind == "private" for found in links)
    if not private and not links and (rule is None or rule.kind in _LEADING):
        private = is_private_name(case.state.index, " ".join(value.text.split()), case.state.path)
    message = Message(
        "the value of {key!r} leads to a note that is not published, so nothing is said of it", key=field.key
    )
    return Reason("private", message, place=_place(value)) if private else None


def _lost(case: _Case, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
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
    return Reason("lost-file", message, Message("mend the link"), place=_place(value))


def _of_other_kind(case: _Case, field: Field, value: Scalar, rule: KeyRule | None) -> Reason | None:
    given = _given(case, {_place(value)})
    if rule is None or rule.kind not in EXPECTED or not given or not all(_is_kept(case, trace) for _, trace in given):
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
_HINDRANCES: Sequence[Callable[[_Case, Field, Scalar, KeyRule | None], Reason | None]] = (
    _empty,
    _template,
    _private,
    _lost,
    _of_other_kind,
)


# --- a key that no rule knows, or none for this type of note --------------------------------------------------------


def _without_rule(case: _Case, field: Field) -> Iterator[Reason]:
    key = field.key.strip()
    place = (field.line, field.column) if field.line else None
    numbers = tuple(number for number, _ in _given(case, set(_places(field)))) if place else ()

    def kept(told: Message) -> Message:
        return Message("{told}; it is kept as {place}", told=told, place=f"key/{ncname(key)}") if numbers else told

    if narrow := tuple(rule for rule in case.candidates if rule.types and not rule.types & case.state.kinds):
        wanted = ", ".join(sorted({kind for rule in narrow for kind in rule.types}))
        own = ", ".join(sorted(case.state.kinds)) or Message("none")
        message = Message(
            "{key!r} is known only for notes of type {wanted}; this note's type is {own}",
            key=key,
            wanted=wanted,
            own=own,
        )
        row = row_for(case.snapshot.vault, key, narrow[0].kind, narrow[0].thing, narrow[0].note)
        hint = Message("give the note one of these types, or let the key be for any note")
        yield Reason("other-types", kept(message), hint, narrow, numbers, place, row)
        return
    if unfit := unfit_rule(case.state, field, case.state.thing):
        hint = Message("the rule {rule} knows it for things of other types", rule=unfit.name)
        told = kept(not_said_of(case.state, field, case.state.thing))
        yield Reason("other-type", told, hint, (unfit,), numbers, place)
        return
    if not plain_name(key):
        message = Message("{key!r} has neither letter nor digit, so no rule can know it", key=key)
        yield Reason("no-name", kept(message), Message("give the key a name"), triples=numbers, place=place)
        return
    names = case.rules.key_names
    first = nearest_key(key, names)
    near = dict.fromkeys([*([first] if first else []), *get_close_matches(key.lower(), names, 3, 0.75)])
    value = next((value for value in field.values if isinstance(value, Scalar) and not is_empty(value)), None)
    row = row_for(case.snapshot.vault, key, kind_of(value.text if value else ""), (case.state.mint.key(key),), ())
    hint = Message("add a row for it, with a predicate such as schema:name in place of the one below")
    if near:
        meant = reduce(
            lambda one, other: Message("{one} or {other}", one=one, other=other), map(_quoted, list(near)[:3])
        )
        hint = Message("did you mean {names}? Else {hint}", names=meant, hint=hint)
    yield Reason("unknown", kept(Message("no rule knows {key!r}", key=key)), hint, (), numbers, place, row)


def _quoted(name: str) -> Message:
    return Message("{name!r}", name=name)
