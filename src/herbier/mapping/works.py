"""Works that a note cites by a key: what the bibliography of the vault says of them."""

from typing import Final

from herbier.index.language import language_code
from herbier.mapping.context import NoteMapping
from herbier.messages import Message
from herbier.rdf.terms import Term, iri, literal, plain
from herbier.rules.dates import date_term
from herbier.rules.rule_types import ModelRow, nearest_key
from herbier.rules.values import address_term
from herbier.vault.bibliography import Author, CitedWork
from herbier.vault.note import At

_SCHEMA: Final = "<https://schema.org/"


def works(m: NoteMapping) -> None:
    """Describe each work that the note cites, once; its facts are said where it is first cited."""
    bibliography = m.rules.bibliography
    for key, at in m.cited.items():
        if (found := bibliography.work(key)) is not None:
            _describe(m, m.mint.work(key), found, at)
        elif bibliography.complete and bibliography.keys():
            _report_unknown(m, key, at)


def _report_unknown(m: NoteMapping, key: str, at: At) -> None:
    bibliography = m.rules.bibliography
    if key in bibliography:
        m.report("unknown-citation", at, Message("the entry {key!r} of the bibliography cannot be read", key=key))
        return
    near = nearest_key(key, bibliography.keys())
    hint = (
        Message("is {name!r} meant?", name=near)
        if near
        else Message("herbier.toml names the files of the bibliography")
    )
    m.report("unknown-citation", at, Message("no bibliography of the vault has {key!r}", key=key), hint)


def _describe(m: NoteMapping, node: Term, work: CitedWork, at: At) -> None:
    rule = m.model.work_class
    said: list[tuple[Term, Term]] = []
    if work.kind:
        m.say_class(node, ModelRow(rule.name, (f"{_SCHEMA}{work.kind}>",), rule.source), at)
    if work.title:
        m.say(node, m.model.label, literal(work.title, language_code(work.language)), at)
    said += [(f"{_SCHEMA}author>", author) for author in _authors(m, node, work, at)]
    if work.date and (day := date_term(work.date)) is not None:
        said.append((f"{_SCHEMA}datePublished>", day))
    if work.doi:
        said.append((f"{_SCHEMA}sameAs>", iri(f"https://doi.org/{work.doi}")))
    if work.isbn and work.kind == "Book":
        said.append((f"{_SCHEMA}isbn>", plain(work.isbn)))
    if work.url and (address := address_term(work.url)) is not None:
        said.append((f"{_SCHEMA}url>", address))
    m.out.statements += [(node, predicate, value, at, rule) for predicate, value in said]


def _authors(m: NoteMapping, node: Term, work: CitedWork, at: At) -> list[Term]:
    """Return the authors: the note on one where there is one, else a person; one whose note is private is no one."""
    found = []
    for number, author in enumerate(work.authors, 1):
        note = m.index.find(author.whole, m.path)
        if note.kind == "note":
            found.append(m.mint.thing(note.slug))
        elif note.kind != "private":
            person = f"{node[:-1]}-author-{number}>"
            _name(m, person, author, at)
            found.append(person)
    return found


def _name(m: NoteMapping, person: Term, author: Author, at: At) -> None:
    rule = m.model.work_class
    names = [("name", author.whole), ("givenName", author.given), ("familyName", author.family)]
    if author.family:  # a body has but one name
        m.say_class(person, ModelRow(rule.name, (f"{_SCHEMA}Person>",), rule.source), at)
    m.out.statements += [(person, f"{_SCHEMA}{key}>", plain(text), at, rule) for key, text in names if text]
