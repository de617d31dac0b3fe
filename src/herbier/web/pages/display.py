"""The terms of the store as a page shows them: a text with its language, a date in words, a link."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from herbier.rdf.iris import owner
from herbier.rdf.slugs import slug
from herbier.rdf.terms import RDF_TYPE, Term, Triple, language_of, lexical
from herbier.rdf.turtle import turtle_term
from herbier.web.catalogue import SKOS, Text, find_label
from herbier.web.pages.labels import class_label, named_curie, place_of, predicate_label
from herbier.web.site import Site
from herbier.web.wording import date, language_name

_SCHEMES = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)  # a link may run no script
_PATHS = {"id": "doc/", "doc": "doc/", "tag": "tag/", "key": "key/"}
_DEPTH = 3  # how deep a value may stand inside a value


@dataclass(frozen=True, slots=True)
class Value:
    """A value; `kind` is `text`, `date`, `local`, `stub`, `outside` or `nested`.

    `path` is below the base, `address` is elsewhere; `machine` is a date as HTML's time element has it.
    """

    text: Text
    kind: str = "text"
    path: str = ""
    address: str = ""
    machine: str = ""
    rows: "tuple[FactRow, ...]" = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """A row of a table: what the predicates are called, the predicates, and the values that all of them have."""

    label: str
    predicates: tuple[tuple[str, str], ...]  # CURIE, IRI
    values: tuple[Value, ...]


def local_path(site: Site, term: Term) -> str | None:
    """Return the path of the page of an IRI below the base; None where no page has it."""
    if not term.startswith(f"<{site.base}"):
        return None
    path = term[1 + len(site.base) : -1]
    if path.partition("#")[0] == "dataset" or term in site.files:
        return path
    kind, _, rest = path.partition("/")
    return f"{_PATHS[kind]}{rest}" if kind in _PATHS else None


def label_of(site: Site, term: Term) -> Text | None:
    """Return the label of an IRI, in the language of the interface where it has one there."""
    model = site.model
    predicates = (*model.label.terms, *model.title.terms, f"<{SKOS}prefLabel>", *model.file_name.terms)
    return find_label(site.store, term, predicates, site.language)


def text_of(site: Site, term: Term) -> Text:
    """Return what a person reads of a term: its label, else a CURIE, else the IRI without its scheme."""
    if not term.startswith("<"):
        return Text(lexical(term), language_of(term))
    curie = site.names.curie(term)
    short = (
        named_curie(curie) if curie != term else term[1:-1].removeprefix("https://").removeprefix("http://").rstrip("/")
    )
    return label_of(site, term) or Text(short)


def curie_of(site: Site, term: Term) -> str:
    """Return an IRI as data has it: a CURIE where a prefix fits, one below the base without the base."""
    return site.names.curie(term).strip("<>").removeprefix(site.base)


def value_of(site: Site, term: Term) -> Value:
    """Return a term as a page shows it."""
    text = text_of(site, term)
    if not term.startswith("<"):
        written = date(term, site.language)
        return Value(Text(written), "date", machine=lexical(term)) if written else Value(text)
    path = local_path(site, term)
    if path is not None:
        note = owner(term, site.base)
        if note and note not in site.catalogue.by_slug:
            return Value(text, "stub", path) if site.said_of_note(note) else Value(text)
        return Value(text, "local", path)
    if term.startswith(site.base, 1) or not _SCHEMES.match(term, 1):  # below the base, what has no page leads nowhere
        return Value(text)
    return Value(text, "outside", address=term[1:-1])


def data_of(site: Site, term: Term) -> Value:
    """Return a term as data has it: the text of a literal, an IRI shortened, with a link where it has a page."""
    if term.startswith('"'):
        return Value(Text(lexical(term), language_of(term)))
    if not term.startswith("<"):
        return Value(Text(term))
    return replace(value_of(site, term), text=Text(turtle_term(term, site.names).strip("<>")))


def type_of(site: Site, term: Term) -> Value:
    """Return a class as a page shows it: by its label; one of the vault's own as a link to its note."""
    shown = value_of(site, term)
    if shown.kind in ("local", "stub"):
        return shown
    return Value(Text(class_label(term, site.names, site.language), site.language))


def types_of(site: Site, terms: Iterable[Term]) -> list[Value]:
    """Return classes as a page shows them, each label once."""
    return list({value.text.text: value for value in (type_of(site, term) for term in terms)}.values())


def rows_of(
    site: Site, subject: Term, triples: Sequence[Triple], hides: Callable[[Term, Term], bool], depth: int = 0
) -> tuple[FactRow, ...]:
    """Return the table of what triples say of a subject, predicates with the same values in one row.

    `hides` tells which predicate with which value is not shown. A value whose IRI is the subject's with a fragment
    holds a table of its own.
    """
    values: dict[Term, list[Term]] = {}
    for about, predicate, value in triples:
        if about == subject and not hides(predicate, value):
            values.setdefault(predicate, []).append(value)
    merged: dict[tuple[Term, ...], list[Term]] = {}
    for predicate in sorted(values, key=lambda term: place_of(term, site.names)):
        merged.setdefault(tuple(dict.fromkeys(values[predicate])), []).append(predicate)
    return tuple(
        FactRow(
            predicate_name(site, predicates[0]),
            tuple((curie_of(site, predicate), predicate[1:-1]) for predicate in predicates),
            _sorted(
                _language(site, term) or _value_in(site, subject, term, triples, depth)
                if predicates[0] in site.model.language.terms
                else _value_in(site, subject, term, triples, depth)
                for term in terms
            ),
        )
        for terms, predicates in merged.items()
    )


def _language(site: Site, term: Term) -> Value | None:
    """Return the name of a language by its code; None where no name is known."""
    name = language_name(lexical(term), site.language)
    return Value(Text(name)) if name else None


def is_type(predicate: Term, value: Term) -> bool:
    """Return whether a statement gives a class; for tables that show it elsewhere."""
    return predicate == RDF_TYPE


def predicate_name(site: Site, predicate: Term) -> str:
    """Return what a predicate is called; a key of the vault's own by its label."""
    if predicate.startswith(f"<{site.base}"):
        return text_of(site, predicate).text
    return predicate_label(predicate, site.names, site.language)


def _value_in(site: Site, subject: Term, term: Term, triples: Sequence[Triple], depth: int) -> Value:
    if depth < _DEPTH and term.startswith(f"{subject.partition('#')[0].rstrip('>')}#"):
        rows = rows_of(site, term, triples, is_type, depth + 1)
        if len(rows) == 1 and len(rows[0].values) == 1:
            return rows[0].values[0]
        if rows:
            return Value(Text(""), "nested", rows=rows, anchor=term.partition("#")[2].rstrip(">"))
    return value_of(site, term)


def _sorted(values: Iterable[Value]) -> tuple[Value, ...]:
    """Put values in order: by date or by name, tables by what they hold from the top."""

    def word(value: Value) -> tuple[str, str]:
        return slug(value.machine or value.text.text), value.text.text

    def order(value: Value) -> tuple[bool, list[tuple[str, str]], tuple[str, str]]:
        return value.kind == "nested", [word(inner) for row in value.rows for inner in row.values], word(value)

    return tuple(sorted(values, key=order))
