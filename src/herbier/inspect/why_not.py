"""Why a key of a note gives no triple, or which rule it would have needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import reduce

from herbier.index.own_fields import is_empty
from herbier.index.redaction import redact_links
from herbier.inspect.explanation import Explained, explain_number, published
from herbier.inspect.hindrances import (
    AskedKey,
    Reason,
    given_keys,
    hindrance_of,
    is_kept,
    places_of,
    quoted_value,
    used,
    what_it_gives,
)
from herbier.inspect.row_proposals import kind_of, row_for
from herbier.mapping.context import NoteMapping
from herbier.mapping.key_rules import not_said_of, rule_of, unfit_rule
from herbier.messages import Message
from herbier.pipeline.snapshot import Snapshot
from herbier.problems import Problem
from herbier.rdf.iris import ncname
from herbier.rdf.slugs import plain_name
from herbier.rules.rule_types import KeyRule, nearest_key
from herbier.vault.fields import Field, Map, Scalar


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The fate of a key of a note, and what `check` reports of it; `explained` is the note as a whole."""

    key: str
    explained: Explained
    reasons: tuple[Reason, ...]
    problems: tuple[Problem, ...]


def why_not(snapshot: Snapshot, path: str, key: str) -> WhyNot:
    """Return what became of a key of the note at `path`; HerbierError where that is none, or is not published."""
    number = published(snapshot, path)
    note = snapshot.read(path)
    case = AskedKey(
        key.strip(), snapshot, note, NoteMapping(note, number, snapshot.context), explain_number(snapshot, number)
    )
    found = [(field, nested) for field, nested in _fields(note.fields) if _is_called(field.key, case.key)]
    found = [(replace(field, key=redact_links(snapshot.index, field.key, path)), nested) for field, nested in found]
    reasons = [reason for field, nested in found for reason in _of_field(case, field, nested)]
    places = {place for field, _ in found for place in places_of(field)}
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


def _absent(case: AskedKey) -> Iterator[Reason]:
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
        gives = what_it_gives(case, rule, (*predicates.thing, *predicates.note))
        if rule.source.file:
            yield Reason(
                "known", Message("the rule {rule} knows it: {gives}", rule=rule.name, gives=gives), rules=(rule,)
            )
        else:
            yield Reason("known", Message("it needs no rule, since its prefix is known: {gives}", gives=gives))
    else:
        yield from _without_rule(case, field)


# --- a key that the note has ----------------------------------------------------------------------------------------


def _of_field(case: AskedKey, field: Field, nested: bool) -> Iterator[Reason]:
    known = rule_of(case.state, field, "" if nested else case.state.thing)
    rule = known[0] if known else _rule_of_traces(case, field) if nested else None
    of_values = [reason for value in field.values if (reason := hindrance_of(case, field, value, rule))]
    if rule is None:
        yield from _without_rule(case, field)
    elif any(not is_kept(case, trace) for _, trace in given_keys(case, set(places_of(field)))) or not of_values:
        yield used(case, field, rule)
    yield from of_values


def _rule_of_traces(case: AskedKey, field: Field) -> KeyRule | None:
    """Return the rule that a key within a value had: which one depends on the class of the value."""
    given = given_keys(case, set(places_of(field)))
    names = {trace.rule for _, trace in given if not is_kept(case, trace)}
    return next((rule for rule in case.candidates if rule.name in names), None)


# --- a key that no rule knows, or none for this type of note --------------------------------------------------------


def _without_rule(case: AskedKey, field: Field) -> Iterator[Reason]:
    key = field.key.strip()
    place = (field.line, field.column) if field.line else None
    numbers = tuple(number for number, _ in given_keys(case, set(places_of(field)))) if place else ()

    def kept(told: Message) -> Message:
        return Message("{told}; it is kept as {place}", told=told, place=f"key/{ncname(key)}") if numbers else told

    if narrow := tuple(rule for rule in case.candidates if rule.types and rule.types.isdisjoint(case.state.scopes)):
        wanted = ", ".join(sorted({kind for rule in narrow for kind in rule.types}))
        own = ", ".join(sorted(case.snapshot.context.classes.kinds(case.state.number))) or Message("none")
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
            lambda one, other: Message("{one} or {other}", one=one, other=other), map(quoted_value, list(near)[:3])
        )
        hint = Message("did you mean {names}? Else {hint}", names=meant, hint=hint)
    yield Reason("unknown", kept(Message("no rule knows {key!r}", key=key)), hint, (), numbers, place, row)
