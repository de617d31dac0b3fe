"""Search in the names, the other names and the descriptions of the notes, whatever the case and the accents."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from flask import Blueprint, Response, current_app, render_template, request

from herbier.ledger.ledger_file import LIVE
from herbier.rdf.slugs import slug
from herbier.rdf.terms import Term, lexical
from herbier.web.catalogue import NoteEntry, Text, objects
from herbier.web.http.conditional import conditioned
from herbier.web.http.errors import preferred_offer
from herbier.web.http.negotiation import HTML, Offer, respond
from herbier.web.pages.display import type_of
from herbier.web.site import Site, the_site

blueprint = Blueprint("search", __name__)
PER_PAGE = 50
MOST_LETTERS = 200  # of what is searched for
_JSON = Offer("json", "application/json")
_EXTENSION = "herbier.search"


class SearchHit(NamedTuple):
    """A note as the index has it: its texts folded, with a blank before each word; the first description as it is."""

    entry: NoteEntry
    name: str
    others: str
    described: str
    description: Text


class SearchIndex(NamedTuple):
    """All notes that are written, from A to Z."""

    notes: tuple[SearchHit, ...]

    def search(self, asked: str) -> list[SearchHit]:
        """Return the notes that hold the beginnings of all words asked for, those so named first."""
        # a script without blanks between words is looked through at every letter
        words = [f" {word}" if word.isascii() else word for word in folded(asked).split()]
        whole = " ".join(word.strip() for word in words)
        ranked = []
        for place, note in enumerate(self.notes):
            texts = (note.name, note.others, note.described)
            if words and all(any(word in text for text in texts) for word in words):
                of_name = [all(word in text for word in words) for text in texts]
                first = of_name.index(True) if True in of_name else len(texts)
                ranked.append((note.name.strip() != whole, not note.name.startswith(f" {whole}"), first, place, note))
        return [note for *_, note in sorted(ranked, key=lambda row: row[:-1])]


def folded(text: str) -> str:
    """Return the words of a text without case and accents.

    >>> folded("L’École d’été")
    'l ecole d ete'
    """
    return slug(text).replace("-", " ")


def index_of(site: Site) -> SearchIndex:
    """Return the index of all notes, from what is published of them."""
    model = site.model
    names = (*model.alternate.terms, *model.concept_alternate.terms, *model.label.terms)
    return SearchIndex(tuple(_notes(site, names, (*model.description.terms, *model.abstract.terms))))


def _notes(site: Site, names: tuple[Term, ...], descriptions: tuple[Term, ...]) -> Iterator[SearchHit]:
    former = {entry.slug: entry.titles for entry in site.ledger.entries if entry.state == LIVE}
    for entry in site.catalogue.notes:
        thing, note = site.mint.thing(entry.slug), site.mint.note(entry.slug)
        others = [lexical(term) for term in objects(site.store, thing, names) if term.startswith('"')]
        others += former.get(entry.slug, ())  # what a note was called before finds it, too
        found = [*objects(site.store, thing, descriptions), *objects(site.store, note, descriptions)]
        texts = list(dict.fromkeys(lexical(term) for term in found if term.startswith('"')))
        yield SearchHit(
            entry,
            f" {folded(entry.title.text)}",
            "".join(f" {folded(text)}" for text in others),
            "".join(f" {folded(text)}" for text in texts),
            Text(texts[0] if texts else "", entry.title.language),
        )


def _index() -> SearchIndex:
    index: SearchIndex | None = current_app.extensions.get(_EXTENSION)
    if index is None:
        index = current_app.extensions[_EXTENSION] = index_of(the_site())
    return index


@blueprint.get("/search")
def search() -> Response:
    """Show the notes that match, or send them as JSON."""
    site = the_site()
    offer = preferred_offer((HTML, _JSON))
    asked = " ".join(request.args.get("q", "").split())[:MOST_LETTERS]
    found = _index().search(asked)
    last = max(1, -(-len(found) // PER_PAGE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    body = (
        _page(asked, shown, len(found), page, last)
        if offer is HTML
        else _data(site, asked, shown, len(found), page, last)
    )
    response = respond(body, offer)
    response.vary.add("Accept")
    return conditioned(response)


def _page(asked: str, shown: list[SearchHit], total: int, page: int, last: int) -> str:
    rows = [(found.entry, found.description, _types(the_site(), found.entry)) for found in shown]
    return render_template("search.html", asked=asked, rows=rows, total=total, page=page, last=last)


def _data(site: Site, asked: str, shown: list[SearchHit], total: int, page: int, last: int) -> str:
    results = [
        {
            "id": site.mint.thing(found.entry.slug)[1:-1],
            "page": site.mint.note(found.entry.slug)[1:-1],
            "name": found.entry.title.text,
            "language": found.entry.title.language,
            "types": [term[1:-1] for term in found.entry.types],
            "description": found.description.text,
        }
        for found in shown
    ]
    answer = {"query": asked, "total": total, "page": page, "pages": last, "results": results}
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _types(site: Site, entry: NoteEntry) -> list[str]:
    terms = [term for term in entry.types if term not in site.model.thing_class.terms]
    return list(dict.fromkeys(type_of(site, term).text.text for term in terms))
