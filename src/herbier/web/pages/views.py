"""The pages for people: home, notes, tags."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import cast

from flask import Blueprint, Response, render_template, request

from herbier.mapping.vault_totals import told_understood
from herbier.rdf.terms import Term
from herbier.rules.values import address_term
from herbier.translation import translate
from herbier.web.catalogue import NoteEntry, Text
from herbier.web.http.link_header import of_home
from herbier.web.http.negotiation import HTML, Offer, plain_response, respond, to_root
from herbier.web.http.profiles import known_profiles
from herbier.web.http.representations import Prepared, prepared
from herbier.web.pages.display import Value, type_of, value_of
from herbier.web.pages.note_page import NotePage
from herbier.web.pages.topic_page import TopicPage
from herbier.web.site import Site, the_site
from herbier.web.wording import count, number, phrase, words_in

blueprint = Blueprint("views", __name__)
Offers = Sequence[Offer]  # the formats in which the data of a page can be had
PER_PAGE = 500  # notes
_FEW = 20  # that many notes need no letters above them
_MOST_MENTIONS = 100
_MOST_TAGS = 60  # on the first page; all of them have a page of their own


def template_globals() -> dict[str, object]:
    """Return what every template needs."""
    site = the_site()
    language = site.language

    def counted(value: int, what: str) -> str:
        return count(value, what, language)

    def numbered(value: int) -> str:
        return number(value, language)

    return {
        "site": site,
        "language": language,
        "w": words_in(language),
        "phrase": partial(phrase, language=language),
        "root": to_root(),
        "licence": _licence(site),
        "count": counted,
        "number": numbered,
    }


def _licence(site: Site) -> Value:
    text = site.vault.settings.license
    term = address_term(text)
    return value_of(site, term) if term else Value(Text(text))


@blueprint.get("/healthz")
def healthz() -> Response:
    """Report that the site answers."""
    response = plain_response("ok", 200)
    response.cache_control.no_store = True
    return response


@blueprint.get("/")
def home() -> Response:
    """Show all notes from A to Z, or those of a type."""
    site, chosen = the_site(), request.args.get("type", "")
    key = ("home", chosen, request.args.get("page", ""))
    kept = cast("Prepared | None", site.response_cache.find(key))
    if kept is None:
        response = respond(_home(site, chosen), HTML)
        response.headers["Link"] = of_home(site)
        kept = prepared(site, response)
        site.response_cache.keep(key, kept, len(kept.body) + len(request.query_string))
    return kept.send(request.environ)


def _home(site: Site, chosen: str) -> str:
    labels = _labels(site)
    counts = Counter(label for note in site.catalogue.notes for label in {labels[term] for term in note.types})
    types = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    notes = [note for note in site.catalogue.notes if not chosen or any(labels[term] == chosen for term in note.types)]
    most = sorted(site.catalogue.tags, key=lambda tag: (-tag.uses, tag.path))[:_MOST_TAGS]
    tags = sorted(most, key=lambda tag: tag.path)
    understood = told_understood(site.understood) if site.understood and not chosen else None
    shown = translate(understood, site.language) if understood else ""
    return render_template("home.html", types=types, chosen=chosen, tags=tags, understood=shown, **_paged(notes))


def _labels(site: Site) -> dict[Term, str]:
    """Return what the classes of the notes are called; several may be called the same."""
    classes = {term for note in site.catalogue.notes for term in note.types}
    return {term: type_of(site, term).text.text for term in classes}


def _paged(notes: Sequence[NoteEntry]) -> dict[str, object]:
    """Return a page of a list, by letter, and where it stands among the pages."""
    last = max(1, -(-len(notes) // PER_PAGE))
    page = min(max(request.args.get("page", 1, int), 1), last)
    shown = notes[(page - 1) * PER_PAGE : page * PER_PAGE]
    letters = [(letter, list(group)) for letter, group in groupby(shown, lambda note: note.letter)]
    return {
        "entries": shown,
        "letters": letters if len(notes) > _FEW else [],
        "total": len(notes),
        "page": page,
        "last": last,
    }


def note_view(path: str, offers: Offers, note_page: NotePage) -> str:
    """Return the page of a note."""
    mentioned = note_page.mentioned[:_MOST_MENTIONS]
    more = len(note_page.mentioned) - len(mentioned)
    return render_template("note.html", path=path, offers=offers, note_page=note_page, mentioned=mentioned, more=more)


def topic_view(path: str, offers: Offers, topic: TopicPage) -> str:
    """Return the page of a tag, a key or the dataset."""
    return render_template("topic.html", path=path, offers=offers, topic=topic, **_paged(topic.notes))


def tags_view(path: str, offers: Offers) -> str:
    """Return the page of all tags."""
    return render_template("tags.html", path=path, offers=offers)


def profiles_view(path: str, offers: Offers) -> str:
    """Return the page of the profiles that can be asked for."""
    return render_template("profiles.html", path=path, offers=offers, profiles=known_profiles().values())
