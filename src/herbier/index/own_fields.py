"""The fields that Herbier itself reads of a note: its title, aliases, type, language, tags."""

import re
from collections.abc import Iterable
from typing import Final

from herbier.index.language import are_languages, language_code
from herbier.rdf.slugs import plain_name
from herbier.rules.rule_types import KeyRule, Rules
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.inline import is_template
from herbier.vault.note import Note

_MARKS_OF_NOTHING: Final = frozenset(
    ["n/a", "n. a.", "n.a.", "-", "--", "---", "–", "—", "?", "??", "???", "…", "...", "tbd", "tba", "tbc", "xxx",
     "à compléter", "à définir", "à renseigner", "non renseigné", "sans objet", "not available", "not applicable"]
)  # fmt: skip
_LONGEST_MARK: Final = 20


Roles = dict[str, list[tuple[Field, Scalar]]]


def roles_of(note: Note, rules: Rules) -> Roles:
    """Return the values of the fields that Herbier itself reads, by role."""
    roles: Roles = {}
    for field in _of_note(note, rules):
        rule = role_of(field.key, rules)
        if rule:
            said = roles.setdefault(rule.role, [])
            for value in field.values:
                if isinstance(value, Scalar):
                    said.append((field, value))
                elif rule.role in NAMING:
                    said += [(field, text) for text, _ in by_language(value)]
    return roles


NAMING: Final = ("title", "name", "aliases")  # roles whose values may have a text for each language
_LANGUAGE_KEY: Final = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


def by_language(value: Value) -> list[tuple[Scalar, str]]:
    """Return the texts of a value that has one for each language, with its tag; none for any other value."""
    if not isinstance(value, Map) or not are_languages([field.key.strip() for field in value.fields]):
        return []
    found: list[tuple[Scalar, str]] = []
    for field in value.fields:
        code = language_code(field.key) if _LANGUAGE_KEY.fullmatch(field.key.strip()) else ""
        if not code or any(isinstance(one, Map) for one in field.values):
            return []
        found += [(one, code) for one in field.values if isinstance(one, Scalar) and not is_empty(one)]
    return found if any(any(map(str.isalpha, one.text)) for one, _ in found) else []  # figures are of no language


def languages_of_names(roles: Roles) -> dict[str, str]:
    """Return the names that are given for a language of their own, with its tag."""
    fields = {id(field): field for role in NAMING for field, _ in roles.get(role, ())}
    return {
        " ".join(text.text.split()): code
        for field in fields.values()
        for value in field.values
        for text, code in by_language(value)
    }


def _of_note(note: Note, rules: Rules) -> Iterable[Field]:
    """Return the fields that are not said of a thing that a heading names by a link or with a type of its own."""
    own = note.body.fields
    if not own or len(note.body.sections) < 2:
        return note.fields
    others = {link.section for link in note.body.links if link.in_heading}
    for field in own:
        section = note.body.sections[field.section]
        rule = role_of(field.key, rules)
        of_type = rule is not None and rule.role == "type" and plain_name(field.value) in rules.types
        if field.section and of_type and section.level > 1 and plain_name(section.heading) not in rules.headings:
            others.add(field.section)
    first = len(note.fields) - len(own)
    kept = [found for found, field in zip(note.fields[first:], own, strict=True) if field.section not in others]
    return [*note.fields[:first], *kept]


def role_of(key: str, rules: Rules) -> KeyRule | None:
    """Return the rule of a key that Herbier itself reads, None for all other keys."""
    return rules.roles.get(plain_name(key))


def is_link(text: str) -> bool:
    """Return whether a text holds a link, which may lead to a private note."""
    return "[[" in text or "](" in text


def role_texts(roles: Roles, role: str) -> list[str]:
    """Return what the fields of a role say, each text once, without what is empty or a template."""
    found = roles.get(role, ())
    if role == "aliases":
        found = [(field, part) for field, value in found for part in parts_of(field, value)]
    texts = (" ".join(value.text.split()) for _, value in found if not is_empty(value) and not is_template(value.text))
    return list(dict.fromkeys(text for text in texts if text))


def parts_of(field: Field, value: Scalar) -> list[Scalar]:
    """Return the names of an alias: those between commas, where it is not quoted and the only one of its key."""
    if value.quoted or len(field.values) > 1 or "," not in value.text or "[[" in value.text:
        return [value]
    return [Scalar(part, value.line, value.column) for part in value.text.split(",")]


def is_empty(value: Scalar) -> bool:
    """Return whether a value says nothing: no text, YAML's null, or a mark in its place such as `N/A`, `-` or `?`."""
    text = value.text.strip()
    if len(text) > _LONGEST_MARK:
        return False
    return not text or text.lower() in _MARKS_OF_NOTHING or (not value.quoted and text in ("null", "~", "Null", "NULL"))


_GIVEN, _FAMILY = "<https://schema.org/givenName>", "<https://schema.org/familyName>"


def full_names(note: Note, roles: Roles, rules: Rules) -> list[str]:
    """Return the names of the whole thing: `nom` is none where a given name stands beside it and not within it."""
    names = role_texts(roles, "name")
    given = _texts_of(note, rules, _GIVEN) if names else []
    if not given:
        return names
    halves = {text for text in _texts_of(note, rules, _FAMILY) if not any(name in text for name in given)}
    return [name for name in names if name not in halves]


def _texts_of(note: Note, rules: Rules, predicate: str) -> list[str]:
    """Return the texts of the fields whose key has a predicate, for some type of note."""
    fields = [
        field
        for field in note.fields
        if any(predicate in rule.thing for rule in rules.keys.get(plain_name(field.key), ()))
    ]
    return [
        " ".join(v.text.split()) for field in fields for v in field.values if isinstance(v, Scalar) and v.text.strip()
    ]
