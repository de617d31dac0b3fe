"""Roles: what Herbier itself reads of a note, reported where it cannot be read; what it says, `identity` has said."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import TypeGuard

from herbier.index.language import language_code
from herbier.index.own_fields import by_language, is_empty
from herbier.index.redaction import plain_text, redact_value
from herbier.mapping.context import NoteMapping
from herbier.mapping.fallback import keep, keep_rest, report_template, report_unusable
from herbier.mapping.references import beside_links, linked, report_link, say_tag
from herbier.messages import Message
from herbier.problems import CODES
from herbier.rdf.slugs import plain_name, slug
from herbier.rules.rule_types import nearest_key
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.inline import WIKILINK, is_template

_TAG_SEPARATORS = str.maketrans({";": ",", "\n": ","})


def _tags_of_field(m: NoteMapping, found: Field) -> None:
    for value in found.values:
        at = (value.line, value.column)
        if isinstance(value, Map):
            m.report(
                "lost-value", at, Message("a tag should be a word"), Message("write {key}: [one, two]", key=found.key)
            )
            continue
        if is_empty(value):
            continue
        if is_template(value.text):
            report_template(m, found, value)
            continue
        text = plain_text(m.index, value.text, m.path)
        if len(found.values) > 1:
            names = [text]
        elif ("#" in text and all(word.startswith("#") for word in text.split())) or (
            m.rules.blanks_part_tags and "," not in text and not value.quoted
        ):
            names = text.split()
        else:
            names = text.translate(_TAG_SEPARATORS).split(",")
        for name in names:
            say_tag(m, name.strip().removeprefix("#").strip("/ ,;"), at)


def _types_of_field(m: NoteMapping, found: Field) -> None:
    """Report the types that no rule knows and keep what they say; what the others give, `identity` has said."""
    for value in found.values:
        if not _is_word(value, m, found):
            continue
        text = " ".join(value.text.split())
        at = (value.line, value.column)
        if WIKILINK.search(text):
            for name, target, anchor in linked(m, text):
                report_link(m, at, name, target, anchor)
                if target.kind == "stub":
                    m.out.stub_concepts.add(target.slug)
            keep_rest(m, found, value, beside_links(text), m.thing)
        elif not m.context.classes.knows(text):
            near = nearest_key(text, m.rules.type_names)
            hint = Message("add a row for it to mapping/types.yaml of the vault")
            if near:
                hint = Message("did you mean {name!r}?", name=near)
            name = redact_value(m.index, text, m.path)
            message = Message("unknown type {name!r}; the thing is a schema:Thing", name=name)
            if m.context.classes.given(m.number)[0].kind:
                message = Message("unknown type {name!r}; it tells no class", name=name)
            m.report("unknown-type", at, message, hint)
            keep(m, found, value, m.thing)


def names_type(m: NoteMapping, value: Value) -> bool:
    """Return whether a category is the bare name of a type: that gives a class, and says no more."""
    return isinstance(value, Scalar) and plain_name(value.text) in m.rules.types


def _words_of_field(m: NoteMapping, found: Field) -> None:
    """Report the values that name nothing, of the keys that name the note; what the others say, `identity` has said."""
    for value in found.values:
        texts: Sequence[Value] = [text for text, _ in by_language(value)]
        for text in texts or [value]:
            _is_word(text, m, found)


_FIRST = Message("the first value, which alone counts")


def _language_of_field(m: NoteMapping, found: Field) -> None:
    for value in found.values:
        if not _is_word(value, m, found):
            continue
        code = language_code(value.text)
        if not code or code != m.summary.language:
            report_unusable(m, found, value, _FIRST if code else Message("a language, such as fr or en"))
            keep(m, found, value, m.thing)


def _slug_of_field(m: NoteMapping, found: Field) -> None:
    for value in found.values:
        if not _is_word(value, m, found):
            continue
        named = slug(value.text)
        if not named or named != m.summary.stated_slug:
            report_unusable(m, found, value, _FIRST if named else Message("a slug, such as ada-lovelace"))
            keep(m, found, value, m.thing)


def _codes_of_field(m: NoteMapping, found: Field) -> None:
    for value in found.values:
        if _is_word(value, m, found) and (code := value.text.strip()) not in CODES:
            near = get_close_matches(code, CODES, 1, 0.8)
            if near:  # else it may be the code of a shape of the vault's own
                message = Message("{code!r} is no code of a problem", code=code)
                hint = Message("did you mean {name!r}?", name=near[0])
                m.report("bad-value", (value.line, value.column), message, hint)


def _is_word(value: Scalar | Map, m: NoteMapping, found: Field) -> TypeGuard[Scalar]:
    """Return whether a value is a text that says something; keys and values in its place are reported."""
    if isinstance(value, Map):
        message = Message("{key}: a word is expected, not keys and values", key=found.key)
        m.report("lost-value", (value.line, value.column), message)
        return False
    if is_template(value.text):
        report_template(m, found, value)
        return False
    return not is_empty(value)


ROLES: dict[str, Callable[[NoteMapping, Field], None]] = {
    "tags": _tags_of_field,
    "type": _types_of_field,
    "title": _words_of_field,
    "name": _words_of_field,
    "aliases": _words_of_field,
    "language": _language_of_field,
    "slug": _slug_of_field,
    "ignore": _codes_of_field,
}
