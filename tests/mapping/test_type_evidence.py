"""Of what class a thing is, by each kind of evidence: what is borne out is said, and nothing else is."""

from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, said_of, vault

from herbier.inspect.explanation import explain
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot

Files = dict[str, str | bytes]


def lay(folder: Path, files: Files) -> Path:
    return vault(folder, {"herbier.toml": FRENCH, **files})


def note(*lines: str, body: str = "") -> str:
    return "\n".join(["---", *lines, "---", body])


def classes(root: Path, subject: str) -> set[str]:
    return {fact.removeprefix("rdf:type ") for fact in said_of(root, subject) if fact.startswith("rdf:type ")}


BORNE: list[tuple[str, Files, str, set[str]]] = [
    ("a kin of type", {"a.md": note("fileClass: Book")}, "id/a", {"schema:Book"}),
    ("a category", {"a.md": note("catégorie: personne")}, "id/a", {"schema:Person"}),
    ("a category as a link", {"a.md": note("categories: ['[[Movies]]']")}, "id/a", {"schema:Movie"}),
    ("a category with an emoji", {"a.md": note("category: 📚 Livres")}, "id/a", {"schema:Book"}),
    (
        "a category by the title of its note",
        {"a.md": note("categories: ['[[cat-1]]']"), "cat-1.md": note("title: Recettes")},
        "id/a",
        {"schema:Recipe"},
    ),
    ("a tag", {"a.md": note("tags: [book, science-fiction]")}, "id/a", {"schema:Book"}),
    ("a tag of types", {"a.md": note("tags: [type/organisation]")}, "id/a", {"schema:Organization"}),
    ("a tag that heads the text", {"a.md": "#person\n\nElle rit.\n"}, "id/a", {"schema:Person"}),
    ("a folder", {"20 Personnes/Ana.md": ""}, "id/ana", {"schema:Person"}),
    ("a folder of Jekyll", {"_authors/ana.md": ""}, "id/ana", {"schema:Person"}),
    ("a folder far up", {"References/Books/SF/Dune.md": ""}, "id/dune", {"schema:Book"}),
    ("the nearest folder", {"livres/personnages/Ana.md": ""}, "id/ana", {"schema:Person"}),
    ("a page in its own folder", {"people/ana/index.md": note("title: Ana")}, "id/ana", {"schema:Person"}),
    ("a hierarchy of Dendron", {"user.alice.md": note("title: Alice")}, "id/alice", {"schema:Person"}),
    ("a hierarchy of Logseq", {"book___dune.md": note("title: Dune")}, "id/dune", {"schema:Book"}),
    (
        "a dated post of a subject",
        {"_posts/2024-01-02-un.md": note("title: Un", "categories: [organization]", "tags: [film]")},
        "id/un",
        {"schema:BlogPosting"},
    ),
    (
        "an instance of a class",
        {"Fer.md": note("type: '[[Métal]]'"), "Métal.md": note("type: owl:Class")},
        "id/fer",
        {"schema:Thing", "id/metal"},
    ),
    ("a dated post", {"_posts/2024-01-02-un.md": note("title: Un")}, "id/un", {"schema:BlogPosting"}),
    ("a dated address", {"un.md": note("path: 2024/01/02/un")}, "id/un", {"schema:BlogPosting"}),
    ("an identifier", {"a.md": note("isbn: 978-2-07-036822-8")}, "id/a", {"schema:Book"}),
    ("an identifier of persons", {"a.md": note("imdb: nm0000485")}, "id/a", {"schema:Person"}),
    ("keys of recipes", {"a.md": note("ingrédients: [sel]")}, "id/a", {"schema:Recipe"}),
    ("keys of persons", {"a.md": note("birthday: 1990-01-02")}, "id/a", {"schema:Person"}),
    (
        "what others say",
        {"f.md": note("type: film", "réalisateur: '[[Ana]]'"), "Ana.md": "Elle filme.\n"},
        "id/ana",
        {"schema:Person"},
    ),
    ("what others say of a place", {"a.md": note("type: personne", "né à: '[[Lyon]]'")}, "id/lyon", {"schema:Place"}),
    (
        "what others say of no note",
        {"a.md": note("type: livre", "auteur: Jean Petit")},
        "id/jean-petit",
        {"schema:Person"},
    ),
    (
        "a category before a type that is a link",
        {"tarte.md": note("categories: ['[[Recipes]]']", "type: '[[Dessert]]'")},
        "id/tarte",
        {"schema:Recipe", "id/dessert"},
    ),
]


@pytest.mark.parametrize(("files", "subject", "found"), [row[1:] for row in BORNE], ids=[row[0] for row in BORNE])
def test_what_is_borne_out_is_said(files: Files, subject: str, found: set[str], tmp_path: Path) -> None:
    assert classes(lay(tmp_path, files), subject) == found


NOT_BORNE: list[tuple[str, Files, str]] = [
    ("a tag on a subject", {"a.md": note("tags: [université, projet, données]")}, "id/a"),
    ("a tag in a sentence", {"a.md": "Il lit un #livre le soir.\n"}, "id/a"),
    ("the note of a folder", {"people/People.md": "Toutes.\n"}, "id/people"),
    ("the index of a folder", {"people/_index.md": note("title: Gens")}, "id/gens"),
    ("a part of a project", {"Projects/Jardin/Devis.md": ""}, "id/devis"),
    ("an event without a date", {"events/annulé.md": ""}, "id/annule"),
    ("a deeper level", {"user.alice.journal.md": note("title: Journal")}, "id/journal"),
    ("a language, no level", {"book.fr.md": note("title: Livre")}, "id/livre"),
    ("a wrong identifier", {"a.md": note("orcid: 0000-0002-1825-0098")}, "id/a"),
    ("an author that is no person's name", {"a.md": note("type: livre", "auteur: OCDE")}, "id/ocde"),
    (
        "sayings that disagree",
        {"a.md": note("type: livre", "auteur: '[[Nil]]'"), "b.md": note("type: personne", "né à: '[[Nil]]'"),
         "c.md": note("type: film", "réalisateur: '[[Nil]]'")},
        "id/nil",
    ),
    (
        "a layout that is called after a type",
        {"_config.yml": 'defaults: [{scope: {path: t}, values: {layout: startup}}]\n', "t/a.md": note("title: A")},
        "id/a",
    ),
    (
        "a collection that is called after a type",
        {"admin/config.yml": "collections: [{name: team, label: Team, folder: t}]\n", "t/a.md": note("title: A")},
        "id/a",
    ),
    (
        "the archetype of a section",
        {"archetypes/books.md": note("un:", "deux:", "trois:"), "a.md": note("un: 1", "deux: 2", "trois: 3")},
        "id/a",
    ),
    (
        "a template of what any note has",
        {
            "Templates/Meeting.md": note("created:", "modified:", "area:", "status:"),
            "a.md": note("created: 2024-01-02", "modified: 2024-01-02", "area: x", "status: y"),
        },
        "id/a",
    ),
    ("a long line of marks", {"a.md": "#" * 1500 + " x\n\n#book\n"}, "id/a"),
    ("tags that disagree", {"a.md": note("tags: [book, movie]")}, "id/a"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "subject"), [row[1:] for row in NOT_BORNE], ids=[row[0] for row in NOT_BORNE])
def test_what_is_not_borne_out_is_not_said(files: Files, subject: str, tmp_path: Path) -> None:
    assert classes(lay(tmp_path, files), subject) == {"schema:Thing"}


def test_a_category_that_is_private_says_nothing(tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.md": note("categories: ['[[Movies]]']"), "Movies.md": note("private: true")})
    assert classes(root, "id/a") == {"schema:Thing"}


def test_what_a_private_note_says_of_others_does_not_show(tmp_path: Path) -> None:
    files: Files = {"f.md": note("private: true", "type: film", "réalisateur: '[[Ana]]'"), "Ana.md": "Elle filme.\n"}
    assert classes(lay(tmp_path, files), "id/ana") == {"schema:Thing"}


def test_a_folder_whose_notes_are_something_else_says_nothing_and_is_told_once(tmp_path: Path) -> None:
    files: Files = {f"people/plat {number}.md": note("ingredients: [sel]") for number in range(5)}
    root = lay(tmp_path, {**files, "people/soupe.md": ""})
    assert classes(root, "id/plat-0") == {"schema:Recipe"}
    assert classes(root, "id/soupe") == {"schema:Thing"}
    (told,) = [found for found in build_notes(root).problems if found.code == "disagreeing-types"]
    assert told.path == "people/"


def test_the_strongest_evidence_wins_and_the_rest_is_told_once_a_folder(tmp_path: Path) -> None:
    files: Files = {f"x/{number}.md": note("type: personne", "ingredients: [sel]") for number in range(4)}
    root = lay(tmp_path, files)
    assert classes(root, "id/0") == {"schema:Person"}
    assert build_notes(root).codes.count("disagreeing-types") == 1


@pytest.mark.parametrize(
    ("files", "origin", "shown"),
    [
        ({"20 Personnes/Ana.md": ""}, "path", "20 Personnes"),
        ({"Ana.md": note("tags: [person]")}, "line", "person"),
        ({"Ana.md": note("birthday: 1990-01-02")}, "line", "birthday"),
        ({"user.ana.md": note("title: Ana")}, "path", "user"),
    ],
)
def test_explain_shows_the_characters(files: Files, origin: str, shown: str, tmp_path: Path) -> None:
    root = lay(tmp_path, files)
    explained = explain(read_snapshot(open_vault(root)), next(iter(files)))
    (trace,) = [t for t in explained.traces if t.predicate.endswith("#type>") and t.object.endswith("/Person>")]
    line = explained.path if trace.origin == "path" else explained.lines[trace.line - 1]
    assert (trace.origin, line[trace.start_column - 1 : trace.end_column - 1].split(":")[0]) == (origin, shown)


def test_explain_tells_who_says_so(tmp_path: Path) -> None:
    files: Files = {"f.md": note("type: film", "réalisateur: '[[Ana]]'"), "Ana.md": "Elle filme.\n"}
    explained = explain(read_snapshot(open_vault(lay(tmp_path, files))), "Ana.md")
    (trace,) = [t for t in explained.traces if t.object.endswith("/Person>")]
    assert (trace.origin, trace.rule, explained.said_by) == ("other notes", "film-director", "f.md")


@pytest.mark.parametrize(
    "line", ["director: '[[Ada]]'", "year: 1982", "price: 12", "author: '[[Ada]]'", "status: fini", "licence: MIT"]
)
def test_nothing_is_guessed_where_the_meaning_depends_on_a_type_that_nothing_tells(line: str, tmp_path: Path) -> None:
    root = lay(tmp_path, {"a.md": note(line)})
    said = {fact.split(" ")[0] for fact in said_of(root, "id/a") | said_of(root, "doc/a")}
    key = line.partition(":")[0]
    assert f"key/{key}" in said
    assert not {"schema:employee", "schema:director", "schema:award", "schema:author", "dcterms:creator"} & said
    assert not {"schema:datePublished", "dcterms:issued", "schema:creativeWorkStatus", "schema:license"} & said
    (told,) = [found for found in build_notes(root).problems if found.code == "other-type"]
    assert "type" in told.hint
