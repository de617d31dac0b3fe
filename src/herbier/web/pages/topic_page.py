"""A tag, a key or the dataset as its page shows it: a table, and the notes that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph

from herbier.rdf.terms import RDF_TYPE, Term, Triple, lexical
from herbier.web.catalogue import SKOS, NoteEntry, Text
from herbier.web.pages.display import FactRow, Value, is_type, rows_of, text_of, types_of
from herbier.web.pages.note_page import notes_of
from herbier.web.site import Site

_OF_LABELS = {f"<{SKOS}prefLabel>", "<http://www.w3.org/2000/01/rdf-schema#label>"}
_OF_SCHEMES = {f"<{SKOS}{name}>" for name in ("inScheme", "topConceptOf", "hasTopConcept")}


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A page that is no note's; `heading` names the word above the list of notes."""

    title: Text
    iri: str
    types: list[Value]
    rows: tuple[FactRow, ...]
    heading: str = ""
    notes: Sequence[NoteEntry] = ()


def tag_of(site: Site, term: Term, triples: Sequence[Triple]) -> TopicPage:
    """Lay out a tag with its notes."""
    about = {triple[0] for triple in site.store.pointing_to(term) if triple[1] in site.model.subject.terms}
    title = text_of(site, term)

    def hides(predicate: Term, value: Term) -> bool:
        named = predicate in _OF_LABELS and lexical(value) == title.text
        return named or predicate in _OF_SCHEMES or predicate == RDF_TYPE

    return TopicPage(title, term[1:-1], [], rows_of(site, term, triples, hides), "tagged", notes_of(site, about))


def key_of(site: Site, term: Term, triples: Sequence[Triple]) -> TopicPage:
    """Lay out a key that no rule knows, with the notes that have it."""
    quads = site.store.quads.quads_for_pattern(None, pyoxigraph.NamedNode(term[1:-1]), None)
    notes = notes_of(site, {str(quad.graph_name) for quad in quads})
    types = types_of(site, [value for _, predicate, value in triples if predicate == RDF_TYPE])
    return TopicPage(text_of(site, term), term[1:-1], types, rows_of(site, term, triples, is_type), "used-in", notes)


def dataset_page_of(site: Site, term: Term, triples: Sequence[Triple]) -> TopicPage:
    """Lay out what the vault says of itself as a dataset."""
    types = types_of(site, [o for s, predicate, o in triples if s == term and predicate == RDF_TYPE])
    title = Text(site.title, site.vault.settings.language)

    def hides(predicate: Term, value: Term) -> bool:
        return is_type(predicate, value) or (predicate in site.model.title.terms and lexical(value) == title.text)

    return TopicPage(title, term[1:-1], types, rows_of(site, term, triples, hides))
