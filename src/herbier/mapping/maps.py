"""Values that have keys of their own: what they are by their keys, and which of them are no things at all.

`{fr: ..., en: ...}` is a text in several languages, `date: {created: ...}` says when the note was made, and a pair of
numbers is a place on the map (https://schema.org/GeoCoordinates).
"""

import re
from typing import Final, NamedTuple

from herbier.index.own_fields import by_language
from herbier.index.redaction import plain_text
from herbier.mapping.context import FieldUse, NoteMapping
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term, literal
from herbier.rules.rule_types import KeyRule, ModelRow
from herbier.rules.schema_org import schema_org
from herbier.rules.values import number_term
from herbier.vault.fields import Field, Map, Scalar

_TEXTS: Final = ("text", "string", "text-or-entity", "auto", "words")
_HOLDERS: Final = frozenset(["date", "dates", "time", "times", "timestamps", "horodatage"])  # of dates of the note


def texts_by_language(value: Map, rule: KeyRule) -> list[tuple[Scalar, str]]:
    """Return the texts of a value that has one for each language, with its tag; none for any other value."""
    return by_language(value) if rule.kind in _TEXTS else []


def say_in_languages(m: NoteMapping, use: FieldUse, texts: list[tuple[Scalar, str]]) -> None:
    """State each of the texts of a value in its own language."""
    for value, code in texts:
        term = literal(plain_text(m.index, value.text.strip(), m.path), code)
        at = (value.line, value.column)
        m.out.statements += [(use.thing, predicate, term, at, use.rule) for predicate in use.predicates.thing]
        m.out.statements += [(use.doc, predicate, term, at, use.rule) for predicate in use.predicates.note]


def holds_dates(m: NoteMapping, found: Field, value: Map) -> bool:
    """Return whether a value says when the note was made, changed and so on, a key each: `date: {created: ...}`."""
    if plain_name(found.key) not in _HOLDERS or not value.fields:
        return False
    rules = (m.rules.keys.get(plain_name(field.key), ()) for field in value.fields)
    return all(any(rule.kind == "date" for rule in candidates) for candidates in rules)


class Coordinates(NamedTuple):
    """A place on the map, in degrees, as terms; where it is written."""

    latitude: Term
    longitude: Term
    line: int
    column: int


_PAIR: Final = re.compile(r"\(?\s*([+-]?\d{1,3}(?:\.\d+)?)°?\s*[,;]\s*([+-]?\d{1,3}(?:\.\d+)?)°?\s*\)?")
_LATITUDE: Final = frozenset(["lat", "latitude"])
_LONGITUDE: Final = frozenset(["lon", "lng", "long", "longitude"])


def coordinates(found: Field, rule: KeyRule) -> Coordinates | None:
    """Return the place that a field gives as a pair, a text or keys; None where it gives none.

    Elsewhere than under a key for it, two numbers are one only where both have a fraction.
    """
    pair = _pair_of(found)
    if pair is None:
        return None
    latitude, longitude = (text.strip() for text in pair)
    sure = rule.kind == "coordinates" or ("." in latitude and "." in longitude and rule.kind in ("entity", "auto"))
    terms = number_term(latitude), number_term(longitude)
    if not sure or terms[0] is None or terms[1] is None:
        return None
    if abs(float(latitude)) > 90 or abs(float(longitude)) > 180:
        return None
    first = found.values[0]
    return Coordinates(terms[0], terms[1], first.line, first.column)


def _pair_of(found: Field) -> tuple[str, str] | None:
    values = found.values
    if len(values) == 2 and isinstance(values[0], Scalar) and isinstance(values[1], Scalar):
        return values[0].text, values[1].text
    if len(values) != 1:
        return None
    [value] = values
    if isinstance(value, Scalar):
        match = _PAIR.fullmatch(value.text)
        return (match[1], match[2]) if match else None
    texts = {plain_name(f.key): f.values[0].text for f in value.fields if f.values and isinstance(f.values[0], Scalar)}
    north = next((text for key, text in texts.items() if key in _LATITUDE), "")
    east = next((text for key, text in texts.items() if key in _LONGITUDE), "")
    return (north, east) if north and east and len(texts) == len(value.fields) == 2 else None


_SCHEMA: Final = "<https://schema.org/"


def say_coordinates(m: NoteMapping, place: Coordinates, rule: KeyRule, thing: Term) -> None:
    """State where a thing is on the map: in degrees, and as a node of its own."""
    at = (place.line, place.column)
    node = m.mint.inner(m.slug if thing == m.thing else thing.rpartition("/")[2][:-1].replace("#", "-"), "geo")
    degrees = ((f"{_SCHEMA}latitude>", place.latitude), (f"{_SCHEMA}longitude>", place.longitude))
    said = [(thing, f"{_SCHEMA}geo>", node), *((thing, predicate, term) for predicate, term in degrees)]
    m.say_class(node, ModelRow(rule.name, (f"{_SCHEMA}GeoCoordinates>",), rule.source), at)
    said += [(node, predicate, term) for predicate, term in degrees]
    m.out.statements += [(*triple, at, rule) for triple in said]


def may_be_on_a_map(m: NoteMapping, thing: Term) -> bool:
    """Return whether a thing may have coordinates: a place, or what is of no known class."""
    return schema_org().fits(f"{_SCHEMA}geo>", m.classes.get(thing, ()))


def class_of(m: NoteMapping, value: Map, rule: KeyRule) -> ModelRow:
    """Return the class of a value that has keys: by its type, by its key's rule, else by what its keys say."""
    for field in value.fields:
        candidates = m.rules.keys.get(plain_name(field.key), ())
        if any(one.role == "type" for one in candidates):
            texts = [one.text for one in field.values if isinstance(one, Scalar)]
            known = next((m.rules.types[name] for text in texts if (name := plain_name(text)) in m.rules.types), None)
            if known is not None:
                return ModelRow(known.name, known.terms, known.source)
    if rule.classes:
        return ModelRow(rule.name, rule.classes, rule.source)
    fits, structured = schema_org().fits, m.model.nested_class.terms
    rules = (m.rules.keys.get(plain_name(field.key), ()) for field in value.fields)
    known_rules = [one for candidates in rules for one in candidates[:1] if not one.role]
    if all(any(fits(predicate, structured) for predicate in (*one.thing, *one.note)) for one in known_rules):
        return m.model.nested_class
    return m.model.thing_class
