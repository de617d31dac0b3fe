"""The text of a note on its page: its links, its headings, and the words that people read for what data has."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from tests.conftest import vault
from tests.site import ask, client_of, fetch

from herbier.pipeline.opening import open_vault
from herbier.translation import translate
from herbier.web.pages.class_labels import CLASSES
from herbier.web.pages.labels import PREDICATES

FRENCH = 'base = "https://herbier.example/"\nlanguage = "fr"\n'
NOTE = """---
type: personne
tags: [calcul]
humeur: gaie
wikidata: Q7259
autres noms: Ada King
---
# Ada Lovelace

Elle annote la [[Machine analytique|machine analytique]], sans [[Projet secret|ce que l’on tait]], pour la machine
analytique. #calcul

## Liens

### Plus bas
[[Réseau de neurones]], des réseaux de neurones, [[Absente]] ; voir https://example.com/a?b=1&c et [[IA]] dans PIANO.

## Points clés
- Elle lit [[Charles Babbage|Babbage]], et l’[[IA|intelligence artificielle]].
"""
FILES = {
    "herbier.toml": FRENCH,
    "Ada Lovelace.md": NOTE,
    "Machine analytique.md": "Une machine.\n",
    "Réseau de neurones.md": "Un réseau.\n",
    "Charles Babbage.md": "---\naliases: [Babbage]\n---\nIl voit <script>alert(1)</script> [[<b>gras</b>]].\n",
    "IA.md": "---\naliases: [intelligence artificielle]\n---\n",
    "Projet secret.md": "---\nprivate: true\n---\n",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of(vault(tmp_path_factory.mktemp("text"), FILES))


def _text(web: FlaskClient, slug: str) -> str:
    page = fetch(web, f"/doc/{slug}", "text/html").text
    return page.partition('<div class="text">')[2].partition('<h2 class="aside"')[0]


def _links(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a(?: class="\w+")?(?: title="[^"]*")? href="([^"]*)"[^>]*>([^<]*)</a>', html)
    return [(unescape(address), unescape(text)) for address, text in found]


def test_what_a_note_links_is_linked_in_its_text(web: FlaskClient) -> None:
    assert _links(_text(web, "ada-lovelace")) == [
        ("../doc/machine-analytique", "machine analytique"),
        ("../tag/calcul", "#calcul"),
        ("../doc/reseau-de-neurones", "Réseau de neurones"),
        ("../doc/absente", "Absente"),
        ("https://example.com/a?b=1&c", "https://example.com/a?b=1&c"),
        ("../doc/ia", "IA"),
        ("../doc/charles-babbage", "Babbage"),
        ("../doc/ia", "intelligence artificielle"),
    ]


def test_a_link_changes_no_word_and_lets_no_markup_through(web: FlaskClient) -> None:
    html = _text(web, "charles-babbage")
    assert "<script>" not in html
    assert "<b>" not in html
    text = unescape(re.sub(r"<[^>]*>", "", _text(web, "ada-lovelace")))
    assert "Elle annote la machine analytique, sans ce que l’on tait, pour la machine" in " ".join(text.split())


def test_a_first_heading_that_is_the_title_is_shown_once(web: FlaskClient) -> None:
    page = fetch(web, "/doc/ada-lovelace", "text/html").text
    assert re.findall(r"<h(\d)[^>]*>Ada Lovelace</h", page) == ["1"]
    assert '<div id="ada-lovelace"></div>' in page  # the address of the section still leads there
    assert re.findall(r"<h(\d)[^>]*>(Liens|Plus bas|Points clés)</h", page) == [
        ("2", "Liens"),
        ("3", "Plus bas"),
        ("2", "Points clés"),
    ]


def test_facts_are_called_by_names_that_people_know(web: FlaskClient) -> None:
    page = fetch(web, "/doc/ada-lovelace", "text/html").text
    assert re.search(r">key:?(<wbr>)?/?humeur<|>key/humeur", page)
    assert "https:<wbr>" not in page
    assert ("http://www.wikidata.org/entity/Q7259", "Wikidata Q7259") in _links(page)
    assert "<span>français</span>" in page


def test_whatever_the_mapping_makes_is_called_by_a_word_in_both_languages(tmp_path: Path) -> None:
    opened = open_vault(vault(tmp_path, {}))
    rules, hints = opened.rules, {*opened.rules.model.class_hint.terms, *opened.rules.model.property_hint.terms}
    rows = [*(row for candidates in rules.keys.values() for row in candidates), *rules.relations.values()]
    made = {term for row in rows for term in (*row.thing, *row.note, *row.concept)}
    made |= {term for entry in rules.model.of_note() for term in entry.terms}
    named = {opened.names.curie(term) for term in made - hints}
    assert len(named) > 80
    assert named - PREDICATES.keys() == set()
    assert {opened.names.curie(term) for row in rules.types.values() for term in row.terms} <= CLASSES.keys()
    labels = (*PREDICATES.values(), *CLASSES.values())
    assert all(labels)
    assert not [text for text in labels if translate(text, "fr") == ""]


def test_a_page_says_in_its_head_what_it_is_about(tmp_path: Path) -> None:
    summary = '## Résumé\nUne « note »\nsur "<b>Ada</b>" et [[Secrète|elle]]. ' + "Bla " * 80
    web = client_of(vault(tmp_path, {"herbier.toml": FRENCH, "a.md": summary, "b.md": "[[Absente]]"}))
    head = fetch(web, "/doc/a", "text/html").text.partition("</head>")[0]
    [said] = re.findall(r'<meta name="description" content="([^"]*)">', head)
    assert unescape(said).startswith('Une « note » sur "Ada" et elle. Bla Bla')
    assert len(unescape(said)) <= 201
    assert "description" not in fetch(web, "/doc/absente", "text/html").text.partition("</head>")[0]


@pytest.mark.parametrize(("notes", "language"), [(("fr", "fr", "en"), "fr"), (("en", "fr-CA", "de"), "en"), ((), "en")])
def test_the_site_speaks_the_language_of_most_notes(notes: tuple[str, ...], language: str, tmp_path: Path) -> None:
    files = {f"{number}.md": f"---\nlang: {code}\n---\n" for number, code in enumerate(notes)}
    for path in ("/", "/doc/absente"):
        page = fetch(client_of(vault(tmp_path, files)), path, "text/html").text
        assert f'<html lang="{language}">' in page


def test_what_is_wrong_with_a_query_is_told_and_nothing_else(web: FlaskClient) -> None:
    told = ask(web, "SELECT * { ?s foo:bar ?o }").text
    assert told.split("\n")[1:] == [
        "the query is not valid SPARQL, at line 1, column 15: the prefix 'foo:' is not declared",
        "",
    ]
