"""The identity of a note and of its thing: their names, and how they refer to each other."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from herbier.index.language import language_code
from herbier.index.own_fields import full_names, languages_of_names, role_texts
from herbier.index.redaction import plain_text
from herbier.mapping.classes import GivenClass
from herbier.mapping.context import NoteMapping
from herbier.mapping.type_places import type_place
from herbier.rdf.slugs import slug
from herbier.rdf.terms import RDF_TYPE, Term, literal, plain
from herbier.rules.schema_org import PERSON
from herbier.vault.note import At


def identity(m: NoteMapping) -> None:
    """State the classes, the names and the languages of the thing and of the note."""
    model, thing, doc = m.model, m.thing, m.doc
    at = _title_place(m)
    languages = languages_of_names(m.roles)
    named = _name_of(m, languages)
    title = named(plain_text(m.index, m.summary.title, m.path))
    titles = {text for role in ("title", "name") for text in role_texts(m.roles, role)} if languages else set()
    for given in m.context.classes.given(m.number):
        place = type_place(m, given)
        m.out.statements += [(thing, RDF_TYPE, term, place, given.rule) for term in given.terms]
    for term, written in m.context.classes.linked(m.number, m.mint):
        place = type_place(m, GivenClass(model.concept_class, "type", written))
        m.out.statements.append((thing, RDF_TYPE, term, place, model.concept_class))
    m.say_class(doc, model.note_class, (1, 1))
    m.say(thing, model.label, title, at)
    if m.is_concept:
        m.say(thing, model.concept_label, title, at)
    m.say(thing, model.subject_of, doc, at)
    m.say(doc, model.about, thing, at)
    own = plain_text(m.index, m.summary.title, m.path)
    m.say(doc, model.title, literal(own, languages[own]) if own in languages else m.text(own), at)
    for name in _other_names(m):
        named_at = _name_place(m, name) or at
        first = name in titles and languages.get(name, m.language) != languages.get(m.summary.title, m.language)
        m.say(thing, model.label if first else model.alternate, named(name), named_at)
        if m.is_concept:
            m.say(thing, model.concept_label if first else model.concept_alternate, named(name), named_at)
    m.say(doc, model.dataset, m.mint.dataset(), at)
    if m.language:
        m.say(doc, model.language, plain(m.language), _language_place(m) or at)


_INITIAL: Final = re.compile(r"(?<![^\W_])[^\W_]")


def is_acronym(short: str, long: str) -> bool:
    """Return whether letters may stand for a name: some of them are initials of its words, in their order.

    >>> is_acronym("LEM", "Laboratoire d'étude des mécanismes"), is_acronym("BD", "UNIQUE INDEX partiel")
    (True, False)
    """
    letters = [letter for letter in slug(short) if letter.isalnum()]
    found = 0
    left = [slug(initial)[:1] for initial in _INITIAL.findall(long)]
    for letter in letters:
        if letter in left:
            left = left[left.index(letter) + 1 :]
            found += 1
    return found * 4 >= len(
        letters
    )  # `MILA - Institut québécois` is one, though its letters are those of an older name


def _name_of(m: NoteMapping, languages: Mapping[str, str]) -> Callable[[str], Term]:
    """Return what makes a literal of a name: that of a person is of no language, unless it is given for one."""
    is_person = PERSON in m.context.classes.terms(m.number)
    named = plain if is_person else m.text
    if not languages:
        return named
    return lambda text: literal(text, languages[text]) if text in languages else named(text)


def _title_place(m: NoteMapping) -> At:
    for wanted in ("title", "name"):
        for _, value in m.roles.get(wanted, ()):
            if " ".join(value.text.split()) == m.summary.title:
                return value.line, value.column
    return 1, 1


def _name_place(m: NoteMapping, name: str) -> At | None:
    for role in ("aliases", "title", "name"):
        for _, value in m.roles.get(role, ()):
            if plain_text(m.index, " ".join(value.text.split()), m.path) == name:
                return value.line, value.column
    return None


def _language_place(m: NoteMapping) -> At | None:
    for _, value in m.roles.get("language", ()):
        if language_code(value.text):
            return value.line, value.column
    return None


def _other_names(m: NoteMapping) -> list[str]:
    """Return what else the thing is called: aliases, further titles, both parts of "ACRONYM - full name"."""
    names = [name for role in ("aliases", "title") for name in role_texts(m.roles, role)]
    names += full_names(m.note, m.roles, m.rules)
    for pattern, shipped in m.rules.titles:
        match = pattern.match(m.summary.title)
        if match and (not shipped or is_acronym(match["short"], match["long"])):
            names += (match["short"], match["long"])
    names = [name for name in names if not m.index.is_old_path(name, m.summary)]
    shown_names = (plain_text(m.index, name, m.path) for name in names)
    return [name for name in dict.fromkeys(shown_names) if name != m.summary.title]
