"""Translations: notes of language folders that share a path or an address are those of one another."""

from pathlib import Path

import pytest
from tests.conftest import Files, run, said_of, vault
from tests.site import BASE as SITE
from tests.site import client_of

from herbier.inspect.explanation import explain
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot

FR = "Ceci est une note écrite en français, avec assez de mots pour que la langue se voie bien.\n"
EN = "This is a note written in English, with enough words for the language to be seen well.\n"


def note(*lines: str, body: str = "") -> str:
    return "\n".join(["---", *lines, "---", body])


PAIRS: list[tuple[str, Files, str, set[str]]] = [
    ("folders", {"fr/a.md": note("title: Un"), "en/a.md": note("title: One")}, "doc/un", {"doc/one"}),
    (
        "folders within",
        {"content/fr/x/a.md": note("title: Un"), "content/en/x/a.md": note("title: One")},
        "doc/one",
        {"doc/un"},
    ),
    ("regions", {"pt-br/a.md": note("title: Um"), "en/a.md": note("title: One")}, "doc/um", {"doc/one"}),
    (
        "three",
        {f"{code}/a.md": note(f"title: {code}") for code in ("fr", "en", "de")},
        "doc/fr",
        {"doc/en", "doc/de"},
    ),
    (
        "the names of languages",
        {
            "herbier.toml": '[languages]\n"français" = "fr"\nanglais = "en"\n',
            "français/a.md": note("title: Un"),
            "anglais/a.md": note("title: One"),
        },
        "doc/un",
        {"doc/one"},
    ),
    (
        "folders that have a language by the settings",
        {
            "herbier.toml": '[languages]\nici = "fr"\nthere = "en"\n',
            "ici/a.md": note("title: Un"),
            "there/a.md": note("title: One"),
        },
        "doc/un",
        {"doc/one"},
    ),
    (
        "the top and a folder",
        {"herbier.toml": 'language = "fr"\n', "a.md": note("title: Un"), "en/a.md": note("title: One")},
        "doc/un",
        {"doc/one"},
    ),
    ("suffixes", {"a.fr.md": note("title: Un", body=FR), "a.md": note("title: One", body=EN)}, "doc/un", {"doc/one"}),
    (
        "suffixes of Hugo",
        {
            "hugo.toml": 'defaultContentLanguage = "en"\n[languages.en]\n[languages.fr]\n',
            "content/a.fr.md": "x\n",
            "content/a.md": note("title: One"),
        },
        "doc/a",
        {"doc/one"},
    ),
    (
        "an address",
        {
            "p1.md": note("title: Un", "lang: fr", "permalink: /apropos/"),
            "p2.md": note("title: One", "lang: en", "permalink: /apropos/"),
        },
        "doc/un",
        {"doc/one"},
    ),
    (
        "an address below a language",
        {
            "p1.md": note("title: Un", "lang: fr", "permalink: /fr/a/"),
            "p2.md": note("title: One", "lang: en", "permalink: /en/a/"),
        },
        "doc/un",
        {"doc/one"},
    ),
    ("another file", {"fr/a.md": note("title: Un"), "en/b.md": note("title: One")}, "doc/un", set()),
    ("another folder", {"fr/x/a.md": note("title: Un"), "en/y/a.md": note("title: One")}, "doc/un", set()),
    (
        "one language",
        {"herbier.toml": 'language = "fr"\n', "fr/a.md": note("title: Un"), "a.md": note("title: Deux")},
        "doc/un",
        set(),
    ),
    (
        "subjects at school",
        {"French/g.md": note("title: Un", body=FR), "English/g.md": note("title: One", body=EN)},
        "doc/un",
        set(),
    ),
    (
        "countries",
        {"clients/fr/n.md": note("title: Un", body=EN), "clients/de/n.md": note("title: One", body=EN)},
        "doc/un",
        set(),
    ),
    (
        "addresses that a generator makes",
        {
            "hugo.toml": '[permalinks]\nposts = "/blog/:year/"\n',
            "content/posts/a.md": note("title: Un", "lang: fr", "date: 2024-01-02"),
            "content/posts/b.md": note("title: One", "lang: en", "date: 2024-03-04"),
        },
        "doc/un",
        set(),
    ),
    (
        "slugs under one address",
        {
            "hugo.toml": '[permalinks]\nposts = "/:slug/"\n',
            "content/posts/a.md": note("title: Un", "lang: fr", "slug: x"),
            "content/posts/b/c.md": note("title: One", "lang: en", "slug: x"),
        },
        "doc/x",
        set(),
    ),
    ("a private note", {"fr/a.md": note("title: Un"), "en/a.md": note("title: One", "private: true")}, "doc/un", set()),
    ("no language", {"x/a.md": note("title: Un"), "y/a.md": note("title: One")}, "doc/un", set()),
    (
        "two of one language",
        {"fr/a.md": note("title: Un"), "x/fr/a.md": note("title: Deux"), "en/a.md": note("title: One")},
        "doc/deux",
        set(),
    ),
    (
        "a country of Dendron",
        {"herbier.toml": 'language = "fr"\n', "pays.fr.md": note("title: Un"), "pays.md": note("title: Deux")},
        "doc/un",
        set(),
    ),
]


@pytest.mark.parametrize(("files", "subject", "found"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS])
def test_which_notes_are_translations(files: Files, subject: str, found: set[str], tmp_path: Path) -> None:
    facts = said_of(vault(tmp_path, files), subject)
    assert {f.partition(" ")[2] for f in facts if f.startswith("schema:workTranslation ")} == found


def test_a_translation_is_explained_by_what_shows_it(tmp_path: Path) -> None:
    root = vault(tmp_path, {"content/fr/a.md": note("title: Un"), "content/en/a.md": note("title: One")})
    traces = explain(read_snapshot(open_vault(root)), "content/fr/a.md").traces
    found = [trace for trace in traces if "Translation" in trace.predicate]
    assert [(t.origin, t.start_column, t.end_column) for t in found] == [("path", 9, 11)]


def test_pages_tell_their_translations(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        "herbier.toml": f'base = "{SITE}"\n', "fr/a.md": note("title: Un"), "en/a.md": note("title: One"),
    })  # fmt: skip
    answer = client_of(root).get("/doc/un", headers={"Accept": "text/html"})
    for place, code in (("doc/un", "fr"), ("doc/one", "en")):
        assert f'<link rel="alternate" hreflang="{code}" href="../{place}">' in answer.text
    assert f'<{SITE}doc/one>; rel="alternate"; hreflang="en"' in answer.headers["Link"]
    assert "in other languages" in answer.text


def test_a_translation_that_comes_or_goes_is_checked(tmp_path: Path) -> None:
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> .
    <x:T> a sh:NodeShape ; sh:targetClass <https://schema.org/NoteDigitalDocument> ; sh:property <x:t> .
    <x:t> sh:path <https://schema.org/workTranslation> ; sh:maxCount 0 ; sh:message "none"@en .
    """
    root = vault(tmp_path, {"fr/a.md": note("title: Un"), "en/b.md": note("title: One"), "shapes/t.ttl": shape})
    assert "none" not in run("check", str(root)).out
    vault(tmp_path, {"en/a.md": note("title: Two")})
    assert "none (in 2 notes)" in run("check", str(root)).out
    (root / "en/a.md").unlink()
    assert "none" not in run("check", str(root)).out


LANGUAGES = [
    ("a folder of a country", {"clients/de/n.md": EN * 3}, "en"),
    ("a folder deep down of few words", {"x/de/n.md": "ja\n"}, "de"),
    ("the suffix of MkDocs", {"mkdocs.yml": "theme: {language: en}\n", "docs/n.fr.md": FR}, "fr"),
    (
        "languages in a file of their own",
        {"config/_default/hugo.toml": "title = 'x'\n", "config/_default/languages.toml": "[fr]\n[en]\n", "n.fr.md": FR},
        "fr",
    ),
    ("the language that generators begin with", {"hugo.toml": 'languageCode = "en-us"\n', "content/n.md": FR}, "fr"),
    ("and where nothing else tells", {"hugo.toml": 'languageCode = "en-us"\n', "content/n.md": "x\n"}, "en"),
]


@pytest.mark.parametrize(("files", "language"), [row[1:] for row in LANGUAGES], ids=[row[0] for row in LANGUAGES])
def test_which_language_a_note_is_in(files: Files, language: str, tmp_path: Path) -> None:
    (summary,) = read_snapshot(open_vault(vault(tmp_path, files))).index.summaries
    assert summary.language == language
