"""Fields: what a key and its value state, by the rule of the key and the kind of the value."""

import re
from dataclasses import replace
from typing import Final

from herbier.index.own_fields import is_empty
from herbier.index.redaction import redact_links
from herbier.mapping.context import FieldUse, NoteMapping, Predicates
from herbier.mapping.fallback import UNKNOWN_KEY, keep, keep_rest, report_template, report_unusable
from herbier.mapping.identity_links import STEPS
from herbier.mapping.key_rules import declared_kind, is_known, not_said_of, rule_of, types_asked_for, unfit_rule
from herbier.mapping.maps import (
    class_of,
    coordinates,
    holds_dates,
    may_be_on_a_map,
    say_coordinates,
    say_in_languages,
    texts_by_language,
)
from herbier.mapping.nested_identity import identity_of
from herbier.mapping.references import address_of, relate
from herbier.mapping.roles import ROLES, names_type
from herbier.mapping.section_things import subjects
from herbier.mapping.value_terms import KINDS, literal_terms, targets_of
from herbier.messages import Message
from herbier.rdf.iris import ncname
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import RDF_TYPE, Term
from herbier.rules.dates import date_term
from herbier.rules.dublin_core import dublin_core
from herbier.rules.rule_types import KeyRule, nearest_key
from herbier.rules.schema_org import THING
from herbier.rules.values import EXPECTED
from herbier.vault.fields import Field, Map, Scalar
from herbier.vault.inline import MARKDOWN_LINK, is_template, is_web_address
from herbier.vault.note import stem


def fields(m: NoteMapping) -> None:
    """State what the front matter and the inline fields say."""
    first = len(m.note.fields) - len(m.note.body.fields)
    for found in m.note.fields[:first]:
        _field(m, found, m.thing, m.doc)
    for found, subject in zip(m.note.fields[first:], subjects(m), strict=True):
        _field(m, found, subject or m.thing, subject or m.doc)
    _date_of_name(m)


_DAY: Final = re.compile(r"(\d{4})[-_](\d{2})[-_](\d{2})")


def _date_of_name(m: NoteMapping) -> None:
    """Date a note that is called by a day, as daily notes are, unless it says itself when it was made."""
    match = _DAY.fullmatch(stem(m.path))
    rule = next((rule for rule in m.rules.keys.get("created", ()) if rule.note), None) if match else None
    if match is None or rule is None or any(said[4] is rule for said in m.out.statements):
        return
    if (day := date_term("-".join(match.groups()))) is not None:
        m.out.statements += [(m.doc, predicate, day, (1, 1), rule) for predicate in rule.note]


def _field(m: NoteMapping, found: Field, thing: Term, doc: Term) -> None:
    """Map one field; `thing` and `doc` are what its predicates for the thing and for the note speak of."""
    if "[" in found.key:  # the IRI of an unknown key is made of the key
        found = replace(found, key=redact_links(m.index, found.key, m.path))
    rule, predicates = _rule_of(m, found, thing)
    if step := ROLES.get(rule.role):
        step(m, found)
    if rule.role == "category":
        found = replace(found, values=tuple(value for value in found.values if not names_type(m, value)))
    if rule.kind == "nothing" or (rule.role and not rule.thing and not rule.note):
        return
    count = len(found.values)
    m.out.values += count
    m.out.standard += count if is_known(rule) else 0
    if (place := coordinates(found, rule)) is not None:
        if may_be_on_a_map(m, thing):
            say_coordinates(m, place, rule, thing)
        else:
            _keep_pair(m, found, rule, thing)
        return
    use = FieldUse(found, rule, predicates, _inner(m, found, rule, thing) if rule.through else thing, doc)
    for value in found.values:
        if isinstance(value, Map):
            _map(m, use, value)
        elif is_empty(value):
            continue
        elif is_template(value.text):
            report_template(m, found, value)
        elif rule.relation:
            _relation(m, use, value)
        else:
            STEPS.get(rule.kind, _value)(m, use, value)


_ROLE: Final = ("<https://schema.org/Role>",)


def _say_roles(m: NoteMapping, use: FieldUse, node: Term, start: int) -> None:
    """State that a thing has each relation that its role has, through the role (https://schema.org/Role)."""
    things = f"<{m.mint.base}id/"
    carried = m.carried.get(node, ())
    for subject, predicate, value, at, rule in m.out.statements[start:]:
        leads = subject == node and value.startswith(things) and "#" not in value
        if leads and predicate not in carried:
            m.out.statements.append((use.thing, predicate, node, at, rule))


def _inner(m: NoteMapping, found: Field, rule: KeyRule, thing: Term) -> Term:
    """Return the node through which a key says something of a thing, such as its offer, once it is described."""
    at, node = (found.line, found.column), thing
    path = m.slug if thing == m.thing else thing.rpartition("/")[2][:-1].replace("#", "-")
    name = ""
    for predicate, kind in zip(rule.through[::2], rule.through[1::2], strict=False):
        last = predicate[1:-1].replace("#", "/").rpartition("/")[2]
        name = f"{name}-{last}" if name else last
        inner = m.mint.inner(path, name)
        m.out.statements += [(node, predicate, inner, at, rule), (inner, RDF_TYPE, kind, at, rule)]
        node = inner
    return node


def _rule_of(m: NoteMapping, found: Field, thing: Term) -> tuple[KeyRule, Predicates]:
    """Return the rule of a key; one that no rule knows is reported and kept."""
    if known := rule_of(m, found, thing):
        return known
    key = found.key.strip()
    m.out.keys.add(key)
    if unfit := unfit_rule(m, found, thing):
        told = Message("{told}; it is kept as key/{kept}", told=not_said_of(m, found, thing), kept=ncname(key))
        hint = Message("the rule {rule} knows it for things of other types", rule=unfit.name)
        if m.classes.get(thing) == THING and (types := types_asked_for(m, found)):
            hint = Message("say what it is, as with `type: ...`: {types}", types=types)
        m.report("other-type", (found.line, found.column), told, hint)
    else:
        _report_unknown(m, found, key)
    return declared_kind(m, found, thing) or UNKNOWN_KEY, Predicates((m.mint.key(key),), ())


def _report_unknown(m: NoteMapping, found: Field, key: str) -> None:
    if not key:
        at = (found.line, found.column)
        m.report("empty-key", at, Message("a value is under an empty key"), Message("write its key before :"))
        return
    near = nearest_key(key, m.rules.key_names) if len(m.out.keys) <= _MOST_COMPARED else ""
    hint = Message("leave it as it is, or make it known: herbier inventory proposes a rule for it")
    if near:
        hint = Message("did you mean {name!r}?", name=near)
    message = Message("unknown key {key!r}; it is kept as key/{kept}", key=key, kept=ncname(key))
    if all(isinstance(value, Scalar) and is_empty(value) for value in found.values):
        message = Message("unknown key {key!r}", key=key)
    m.report("unknown-key", (found.line, found.column), message, hint)


_MOST_COMPARED: Final = 100  # unknown keys of a note that are worth the search


def _relation(m: NoteMapping, use: FieldUse, value: Scalar) -> None:
    at = (value.line, value.column)
    if address := address_of(m, value.text):
        if match := MARKDOWN_LINK.fullmatch(value.text.strip()):
            _name_address(m, address, match[1], value)
        for predicate in use.rule.thing:
            m.out.statements.append((use.thing, predicate, address, at, use.rule))
        return
    targets, rest = targets_of(m, use, value)
    for target in targets:
        relate(m, use.rule, target, at, use.thing)
    keep_rest(m, use.field, value, rest, use.thing)


def _value(m: NoteMapping, use: FieldUse, value: Scalar) -> None:
    at = (value.line, value.column)
    terms, rest = (
        KINDS[use.rule.kind](m, use, value) if use.rule.kind in KINDS else literal_terms(m, value, use.rule.kind)
    )
    if terms is None:
        report_unusable(m, use.field, value, EXPECTED[use.rule.kind])
        keep(m, use.field, value, use.subject)
        return
    of_things, of_words = dublin_core()
    if terms and (match := MARKDOWN_LINK.fullmatch(value.text.strip())) and is_web_address(match[2] or match[3] or ""):
        _name_address(m, terms[0], match[1], value)
    for term in terms:
        for subject, said in ((use.thing, use.predicates.thing), (use.doc, use.predicates.note)):
            for predicate in said:
                if predicate not in (of_things if not term.startswith("<") else of_words):
                    m.out.statements.append((subject, predicate, term, at, use.rule))
    if rest:
        keep_rest(m, use.field, value, rest, use.subject)


def _name_address(m: NoteMapping, address: Term, text: str, value: Scalar) -> None:
    """Keep the words of a link of Markdown, as what its address is called."""
    words_of_it = " ".join(text.split())
    if words_of_it and not is_web_address(words_of_it) and address.startswith("<"):
        m.say(address, m.model.label, m.text(words_of_it), (value.line, value.column))


def _map(m: NoteMapping, use: FieldUse, value: Map) -> None:
    """Map a value that has keys of its own: texts by language, dates of the note, else a node."""
    if texts := texts_by_language(value, use.rule):
        say_in_languages(m, use, texts)
    elif (
        use.rule.kind == "parts"
        or _has_parts(m, use, value)
        or (use.thing == m.thing and holds_dates(m, use.field, value))
    ):
        above, m.key_path = m.key_path, ".".join(filter(None, (m.key_path, plain_name(use.field.key))))
        for inner in value.fields:
            _field(m, inner, use.thing, use.doc)
        m.key_path = above
    elif use.rule.kind in _LITERAL:  # `birth: {date: ..., place: ...}` is no date
        key = use.field.key
        m.out.keys.add(key)
        report_unusable(m, use.field, Scalar("{...}", value.line, value.column), EXPECTED[use.rule.kind])
        m.uses_paths = False
        _nested(m, use._replace(rule=UNKNOWN_KEY, predicates=Predicates((m.mint.key(key),), ())), value)
        m.uses_paths = True
    else:
        _nested(m, use, value)


def _has_parts(m: NoteMapping, use: FieldUse, value: Map) -> bool:
    """Return whether rows know each key of a value by its path, as `birth.date`, where the whole would be a literal."""
    path = ".".join(filter(None, (m.key_path, plain_name(use.field.key))))
    known = [m.rules.keys.get(f"{path}.{plain_name(inner.key)}", ()) for inner in value.fields]
    return use.rule.kind in _LITERAL and bool(known) and all(known)


_LITERAL: Final = frozenset(["date", "integer", "number", "boolean", "minutes"])


def _keep_pair(m: NoteMapping, found: Field, rule: KeyRule, thing: Term) -> None:
    """Keep the coordinates of what can have none as they stand."""
    for value in found.values:
        if isinstance(value, Scalar):
            keep(m, found, value, thing)
    if is_known(rule):
        kept = ncname(found.key)
        message = Message("{key}: only a place has coordinates; they are kept as key/{kept}", key=found.key, kept=kept)
        m.report("bad-value", (found.values[0].line, found.values[0].column), message)


def _nested(m: NoteMapping, use: FieldUse, value: Map) -> None:
    """Map a value that has keys of its own to a node whose IRI lasts as long as what identifies it."""
    at = (value.line, value.column)
    node = m.mint.nested(m.slug, use.field.key, identity_of(m, use.field, value))
    classes = class_of(m, value, use.rule)
    m.classes[node] = classes.terms
    if use.rule.classes:  # a role carries the relation that it is the role of (https://schema.org/Role)
        m.carried[node] = use.predicates.thing or use.rule.thing
    m.say_class(node, classes, at)
    for predicate in use.predicates.thing or use.rule.thing:
        m.out.statements.append((use.thing, predicate, node, at, use.rule))
    for predicate in use.predicates.note:
        m.out.statements.append((use.doc, predicate, node, at, use.rule))
    start = len(m.out.statements)
    above, m.key_path = m.key_path, ".".join(filter(None, (m.key_path, plain_name(use.field.key))))
    for inner in value.fields:
        _field(m, inner, node, node)
    m.key_path = above
    if use.rule.classes == _ROLE:
        _say_roles(m, use, node, start)
