"""A note as its page shows it. A herbarium keeps each plant on a sheet, with a label beside it."""

from collections.abc import Iterable
from dataclasses import dataclass

from herbier.formats import Triple
from herbier.terms import RDF_TYPE, Term, language_of, lexical
from herbier.web.catalogue import Entry, Text, entry_of
from herbier.web.site import Site
from herbier.web.values import Row, Value, label_of, rows_of, types_of, value_of


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading and, as paragraphs, its text. `level` is that of the HTML heading."""

    anchor: str
    heading: Text
    level: int
    text: Text

    @property
    def paragraphs(self) -> list[str]:
        """Return the text cut at blank lines."""
        return paragraphs(self.text.text)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A note, written or not. `facts` are of the thing, `notes` of the note itself."""

    title: Text
    iri: str
    stub: bool
    types: list[Value]
    lead: list[Text]
    facts: tuple[Row, ...]
    notes: tuple[Row, ...]
    preface: Text
    sections: list[Section]
    images: list[Value]
    tags: list[Value]
    mentioned: list[Entry]


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [part.strip("\n") for part in text.split("\n\n") if part.strip()]


def sheet_of(site: Site, slug: str, triples: list[Triple]) -> Sheet:
    """Lay out what is published of a note."""
    model, thing, note = site.model, site.mint.thing(slug), site.mint.note(slug)
    entry = entry_of(site.store, model, site.mint, slug)
    title = entry.title if slug in site.catalogue.by_slug else label_of(site, thing) or entry.title
    every = sorted({*triples, *site.store.about(thing)})
    said = _Said(every)
    lead = said.texts(thing, model.description.terms) or said.texts(note, model.abstract.terms)
    sections, preface = _sections(site, note, said)
    shown = {text.text for text in lead}
    return Sheet(
        title,
        thing[1:-1],
        site.store.is_stub(slug),
        types_of(site, said.values(thing, (RDF_TYPE,))),
        lead,
        rows_of(site, thing, every, {*_any(model.description.terms), *_hidden_of_thing(site, title, said, thing)}),
        rows_of(site, note, triples, _hidden_of_note(site, title, said, note, shown)),
        preface,
        [section for section in _without(sections, shown)],
        [value_of(site, term) for term in _images(site, said, (thing, note))],
        sorted(
            (value_of(site, term) for term in said.values(note, model.subject.terms) if term in site.tags),
            key=lambda value: value.path,
        ),
        mentioning(site, slug),
    )


class _Said:
    """Triples, to be asked by subject and predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.by: dict[tuple[Term, Term], list[Term]] = {}
        for subject, predicate, value in triples:
            self.by.setdefault((subject, predicate), []).append(value)

    def values(self, subject: Term, predicates: Iterable[Term]) -> list[Term]:
        return list(dict.fromkeys(v for predicate in predicates for v in self.by.get((subject, predicate), ())))

    def texts(self, subject: Term, predicates: Iterable[Term]) -> list[Text]:
        return [Text(lexical(v), language_of(v)) for v in self.values(subject, predicates) if v.startswith('"')]

    def text(self, subject: Term, predicates: Iterable[Term]) -> Text:
        return next(iter(self.texts(subject, predicates)), Text(""))
