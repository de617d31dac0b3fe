"""The owner's note, and one of ours written the same way: every statement of the specification's example."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import CASES, ROOT, build_notes, facts, run

from herbier.rdf.slugs import slug

SEED = ROOT.parent / "shared" / "seed"
OURS = CASES / "note-like-the-owners" / "vault"


class Expected(NamedTuple):
    """What a note of this kind says, as a person reads it in the file."""

    vault: Path
    short: str
    long: str
    start: str  # how the section Généralité starts
    part_of: str
    created: str
    modified: str
    tags: dict[str, str]  # as written, to slug
    sections: tuple[str, ...]
    words: int
    sequence: int  # the line where the bare sequence starts

    @property
    def title(self) -> str:
        return f"{self.short} - {self.long}"

    @property
    def path(self) -> str:
        return f"{self.title}.md"

    @property
    def thing(self) -> str:
        return f"id/{slug(self.title)}"

    @property
    def note(self) -> str:
        return f"doc/{slug(self.title)}"


OWNERS = Expected(
    SEED,
    "MILA",
    "Institut québécois d'intelligence artificielle",
    "Le Mila (Institut québécois d'intelligence artificielle) est un institut de recherche",
    "les-acteurs-de-l-intelligence-artificielle",
    "2025-03-20",
    "2025-03-20",
    {
        "intelligence artificielle": "intelligence-artificielle",
        "recherche": "recherche",
        "Québec": "quebec",
        "Montréal": "montreal",
        "Yoshua Bengio": "yoshua-bengio",
        "institut": "institut",
        "organisation": "organisation",
        "1993": "1993",
        "université": "universite",
        "IA": "ia",
    },
    ("generalite", "points-cles", "details"),
    477,
    18,
)
LIKE_IT = Expected(
    OURS,
    "LEM",
    "Laboratoire d'étude des mécanismes",
    "Le LEM (Laboratoire d'étude des mécanismes) est un laboratoire",
    "les-acteurs-de-l-horlogerie",
    "2025-03-20",
    "2025-04-01",
    {"automates": "automates", "1897": "1897", "Besançon": "besancon"},
    ("generalite", "points-cles", "details"),
    55,
    11,
)
absent = pytest.mark.skipif(not SEED.is_dir(), reason="the owner's note is not beside the checkout")
both = pytest.mark.parametrize(
    "note", [pytest.param(OWNERS, marks=absent, id="owner's"), pytest.param(LIKE_IT, id="ours")]
)


def objects(note: Expected, subject: str, predicate: str) -> set[str]:
    start = f"{subject} {predicate} "
    return {fact.removeprefix(start) for fact in facts(note.vault) if fact.startswith(start)}


def test_the_slug_is_the_one_of_the_specification() -> None:
    assert OWNERS.thing == "id/mila-institut-quebecois-d-intelligence-artificielle"


@both
def test_thing_is_an_organisation_and_nothing_else(note: Expected) -> None:
    assert objects(note, note.thing, "rdf:type") == {"schema:Organization"}


@both
def test_names(note: Expected) -> None:
    title = f'"{note.title}"@fr'
    assert objects(note, note.thing, "schema:name") == {title}
    assert objects(note, note.thing, "rdfs:label") == {title}
    assert objects(note, note.note, "dcterms:title") == {title}
    assert objects(note, note.note, "schema:headline") == {title}


@both
def test_acronym_and_full_name(note: Expected) -> None:
    assert objects(note, note.thing, "schema:alternateName") == {f'"{note.short}"@fr', f'"{note.long}"@fr'}


@both
def test_description_of_the_thing_is_the_abstract_of_the_note(note: Expected) -> None:
    (description,) = objects(note, note.thing, "schema:description")
    assert description.startswith(f'"{note.start}')
    assert description.endswith('."@fr')
    assert "\\n" not in description
    assert objects(note, note.thing, "dcterms:description") == {description}
    assert objects(note, note.note, "schema:abstract") == {description}
    assert objects(note, note.note, "dcterms:abstract") == {description}
    assert not objects(note, note.note, "schema:description")
    assert not objects(note, note.thing, "schema:abstract")


@both
def test_things_and_notes_are_joined_like_with_like(note: Expected) -> None:
    assert objects(note, note.thing, "dcterms:isPartOf") == {f"id/{note.part_of}"}
    assert objects(note, note.note, "schema:isPartOf") == {f"doc/{note.part_of}"}
    assert not objects(note, note.thing, "schema:isPartOf")
    assert not objects(note, note.note, "dcterms:isPartOf")


@both
def test_note_and_thing_name_each_other(note: Expected) -> None:
    assert objects(note, note.thing, "schema:subjectOf") == {note.note}
    assert objects(note, note.note, "schema:mainEntity") == {note.thing}
    assert objects(note, note.note, "rdf:type") == {"schema:NoteDigitalDocument"}


@both
def test_dates_are_of_the_note_and_typed(note: Expected) -> None:
    created, modified = (f'"{date}"^^xsd:date' for date in (note.created, note.modified))
    assert objects(note, note.note, "dcterms:created") == {created}
    assert objects(note, note.note, "schema:dateCreated") == {created}
    assert objects(note, note.note, "dcterms:modified") == {modified}
    assert objects(note, note.note, "schema:dateModified") == {modified}
    assert not any(note.created in fact for fact in facts(note.vault) if fact.startswith(f"{note.thing} "))


@both
def test_language_is_plain(note: Expected) -> None:
    assert objects(note, note.note, "dcterms:language") == {'"fr"'}
    assert objects(note, note.note, "schema:inLanguage") == {'"fr"'}


@both
def test_tags_are_keywords_and_subjects(note: Expected) -> None:
    assert objects(note, note.note, "schema:keywords") == {f'"{tag}"@fr' for tag in note.tags}
    assert objects(note, note.note, "dcterms:subject") == {f"tag/{tag}" for tag in note.tags.values()}
    for tag, name in note.tags.items():
        assert objects(note, f"tag/{name}", "skos:prefLabel") == {
            f'"{tag}"' if tag.isdigit() else f'"{tag}"@fr'  # a number is of no language
        }
        assert objects(note, f"tag/{name}", "rdf:type") == {"skos:Concept"}
        assert objects(note, f"tag/{name}", "skos:inScheme") == {"tag/"}


@both
def test_sections_are_parts_of_the_note(note: Expected) -> None:
    assert objects(note, note.note, "schema:hasPart") == {f"{note.note}#{name}" for name in note.sections}
    for position, name in enumerate(note.sections, 1):
        part = f"{note.note}#{name}"
        assert objects(note, part, "rdf:type") == {"schema:WebPageElement"}
        assert objects(note, part, "schema:position") == {f'"{position}"^^xsd:integer'}
    assert objects(note, f"{note.note}#points-cles", "schema:name") == {'"Points clés"@fr'}


@both
def test_text_and_number_of_words(note: Expected) -> None:
    (text,) = objects(note, note.note, "schema:text")
    assert note.start in text
    assert "##" not in text
    assert text.endswith('"@fr')
    assert objects(note, note.note, "schema:wordCount") == {f'"{note.words}"^^xsd:integer'}


@both
def test_target_that_is_not_written_is_a_stub(note: Expected) -> None:
    assert objects(note, f"doc/{note.part_of}", "rdf:type") == {"herbier:Stub", "schema:CreativeWork"}
    assert objects(note, f"id/{note.part_of}", "rdf:type") == {"schema:Thing"}
    (label,) = objects(note, f"id/{note.part_of}", "rdfs:label")
    assert slug(label.rpartition("@")[0].strip('"')) == note.part_of
    assert objects(note, f"id/{note.part_of}", "dcterms:hasPart") == {note.thing}


@both
def test_no_blank_node_and_no_http_schema_org(note: Expected) -> None:
    data = build_notes(note.vault).data
    assert b"_:" not in data
    assert b"http://schema.org" not in data


@both
@pytest.mark.parametrize("command", ["check", "build"])
def test_exit_code_is_0(note: Expected, command: str, tmp_path: Path) -> None:
    output: list[str | Path] = ["-o", tmp_path / "x.ttl"] if command == "build" else []
    assert run(command, note.vault, *output).code == 0


@both
def test_check_tells_the_missing_key_with_line_and_hint(note: Expected) -> None:
    found = json.loads(run("check", note.vault, "--format", "json").out)
    told = [problem for problem in found if problem["path"] == note.path]
    assert [(p["line"], p["severity"], p["code"]) for p in told] == [
        (note.sequence, "warning", "bare-sequence"),
        (note.sequence + 1, "warning", "dangling-link"),
    ]
    assert "isPartOf: '[[...]]'" in told[0]["hint"]


@both
def test_text_of_check_names_file_and_line(note: Expected) -> None:
    shown = run("check", note.vault).out
    assert f"{note.path}:{note.sequence}:1: warning:" in shown
    assert "isPartOf: '[[...]]'" in shown


@both
def test_explain_gives_the_line_and_the_rule_of_a_statement(note: Expected) -> None:
    lines = (note.vault / note.path).read_text("utf-8").split("\n")
    told = json.loads(run("explain", note.vault / note.path, "--vault", note.vault, "--format", "json").out)

    def line_of(start: str) -> int:
        return next(number for number, line in enumerate(lines, 1) if line.startswith(start))

    by_predicate = {trace["predicate"]: trace for trace in told["triples"]}
    created = by_predicate["<http://purl.org/dc/terms/created>"]
    assert created["line"] == line_of("date_creation")
    assert created["rule"]["file"] == "mapping/keys.yaml"
    assert created["rule"]["name"] == "created"
    abstract = by_predicate["<https://schema.org/abstract>"]
    assert abstract["line"] == line_of("## Généralité")
