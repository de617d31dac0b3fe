"""Whose fact an inline field is: the note's, or that of a thing that the heading above it names."""

from collections import defaultdict

from herbier.index.own_fields import role_of
from herbier.index.redaction import redact_value
from herbier.mapping.context import NoteMapping
from herbier.messages import Message
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.vault.body import BodyField


def subjects(m: NoteMapping) -> list[Term]:
    """Return what each inline field is said of, in their order; "" for the note and its thing.

    A heading that is a link names a thing, and so does one whose section has a type. Where neither holds and several
    headings have the same key, it is said of the note, and reported.
    """
    fields = m.note.body.fields
    if not fields or len(m.note.body.sections) < 2:
        return [""] * len(fields)
    things: dict[int, Term] = {}
    for link, found in zip(m.note.body.links, m.found, strict=True):
        if link.in_heading and found.kind in ("note", "stub") and found.number != m.number:
            things.setdefault(link.section, m.mint.thing(found.slug))
    for field in fields:
        if field.section not in things and _types(m, field):
            things[field.section] = _described(m, field)
    _report(m, [field for field in fields if field.section not in things])
    return [things.get(field.section, "") for field in fields]


def _types(m: NoteMapping, field: BodyField) -> bool:
    """Return whether a field says what the heading above it is; a heading such as "Metadata" is of the note."""
    if not field.section or m.note.body.sections[field.section].level < 2:
        return False
    rule = role_of(field.key, m.rules)
    heading = m.note.body.sections[field.section].heading
    known = plain_name(field.value) in m.rules.types
    return rule is not None and rule.role == "type" and known and plain_name(heading) not in m.rules.headings


def _described(m: NoteMapping, field: BodyField) -> Term:
    """Return the thing of a section, once its class and its name are stated."""
    anchor = m.anchors[field.section]
    node = m.mint.inner(m.slug, anchor)
    m.say(m.mint.part(m.slug, anchor), m.model.mention, node, field.at)
    m.classes[node] = m.rules.types[plain_name(field.value)].terms
    m.say_class(node, m.rules.types[plain_name(field.value)], field.value_at)
    m.say(node, m.model.label, m.text(m.note.body.sections[field.section].heading), field.at)
    return node


def _report(m: NoteMapping, fields: list[BodyField]) -> None:
    sections: dict[str, list[BodyField]] = defaultdict(list)
    for field in fields:
        if field.section and field.section not in {other.section for other in sections[plain_name(field.key)]}:
            sections[plain_name(field.key)].append(field)
    for found in sections.values():
        for field in found[1:]:
            heading = redact_value(m.index, m.note.body.sections[field.section].heading, m.path)
            message = Message(
                "{key!r} stands below {heading!r}, but is said of the note", key=field.key, heading=heading
            )
            hint = Message("make the heading a link, or give its section a `type::`")
            m.report("field-of-note", field.at, message, hint)
