"""`herbier explain --iri` and `--why-not`, and notes given by their name."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import BASE, FRENCH, build_notes, quads, run, vault

ADA = """\
---
type: personne
born: hier
mort: 1852-11-27
prénom: ['', Ada]
largeur max: 12
date de l'évènement: 1843
employeur: Zyxomma
partie de: '[[Zyxomma]]'
image: '[[photo.png]]'
logo: '[[Bo]]'
photo: '[[Bo]]'
website: '{{ site }}'
cssclasses: wide
tags: [maths]
missions:
- rôle: comtesse
rdfs:seeAlso: '[[Bo]]'
---
Voir [[Bo]] et [Bo](Bo.md).
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    files = {
        "herbier.toml": FRENCH,
        "Ada Lovelace.md": ADA,
        "Bo.md": "---\ntitle: Bo l'Ancien\nknows: '[[Ada Lovelace]]'\n---\nVoir [[Ada Lovelace]].\n",
        "p/Zyxomma.md": "---\nprivate: true\n---\n[[Bo]] [[Wubbleflux]]\n",
    }
    return vault(tmp_path / "notes", files)


def told(*arguments: str | Path) -> dict[str, Any]:
    ran = run("explain", *arguments, "--format", "json")
    assert ran.code == 0, ran.err
    data: dict[str, Any] = json.loads(ran.out)
    return data


def reasons(notes: Path, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(notes / "Ada Lovelace.md", "--why-not", key)["reasons"]
    return found


def error(*arguments: str | Path) -> str:
    """Return the one line of an error."""
    ran = run("explain", *arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
    return ran.err.removeprefix("error: ").rstrip()


# --- an IRI -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("iri", ["id/bo-l-ancien", f"{BASE}id/bo-l-ancien", f"<{BASE}id/bo-l-ancien>"])
def test_all_notes_that_speak_of_an_iri(iri: str, notes: Path) -> None:
    data = told(notes, "--iri", iri)
    assert data["iri"] == f"<{BASE}id/bo-l-ancien>"
    assert [found["note"] for found in data["notes"]] == ["Ada Lovelace.md", "Bo.md"]
    for found in data["notes"]:
        whole = told(notes / found["note"])["triples"]
        speaking = [t for t in whole if data["iri"] in (t["subject"], t["predicate"], t["object"])]
        assert found["triples"] == speaking


def test_each_note_is_shown_with_its_lines(notes: Path) -> None:
    ran = run("explain", notes / "Bo.md", "--iri", "schema:knows")
    assert re.sub(r":\d+\)", ")", ran.out) == (
        f"Bo.md is {BASE}doc/bo-l-ancien, about {BASE}id/bo-l-ancien\n"
        "\n"
        "   3 | knows: '[[Ada Lovelace]]'\n"
        "     |         ^^^^^^^^^^^^^^^^\n"
        "  #12 <id/bo-l-ancien> schema:knows <id/ada-lovelace>  knows (mapping/keys.yaml)\n"
    )
    assert ran.err == "\n1 triple in 1 note\n"


@pytest.mark.parametrize("iri", ["schema:mentions", "doc/ada-lovelace", "tag/maths", "key/born", "rdf:type"])
def test_all_that_is_published_of_an_iri_is_shown(iri: str, notes: Path) -> None:
    data = told(notes, "--iri", iri)
    graphs = {found["iri"]: found["triples"] for found in data["notes"]}
    shown = {f"{t['subject']} {t['predicate']} {t['object']} {graph}" for graph, ts in graphs.items() for t in ts}
    own = {f"<{BASE}doc/ada-lovelace>", f"<{BASE}doc/bo-l-ancien>"}
    published = set()
    for quad in quads(build_notes(notes).data, "nquads"):
        triple, graph = quad.rsplit(" ", 1)
        if graph in own and data["iri"] in triple.split(" "):
            published.add(quad)
    assert shown == published != set()


def test_an_iri_in_the_words_of_a_text_is_not_spoken_of(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"`<{BASE}id/absente>` et [[a]]"})
    assert f"<{BASE}id/absente>" in build_notes(root).data.decode()
    assert error(root, "--iri", "id/absente") == f"no note speaks of {BASE}id/absente"


def test_what_only_an_included_file_speaks_of_is_not_proposed_for_itself(tmp_path: Path) -> None:
    triple = f"<{BASE}id/absente> <https://schema.org/name> 'x' ."
    root = vault(tmp_path, {"a.md": "", "plus.ttl": triple, "herbier.toml": "include = ['plus.ttl']\n"})
    assert f"<{BASE}id/absente>" in build_notes(root).data.decode()
    assert error(root, "--iri", "id/absente") == f"no note speaks of {BASE}id/absente"


@pytest.mark.parametrize(
    ("iri", "said"),
    [
        ("id/bo-l-ancient", f"no note speaks of {BASE}id/bo-l-ancient; did you mean {BASE}id/bo-l-ancien?"),
        ("tag/math", f"no note speaks of {BASE}tag/math; did you mean {BASE}tag/maths?"),
        ("wd:Q42", "no note speaks of http://www.wikidata.org/entity/Q42"),
        ("id/zyxomma", f"no note speaks of {BASE}id/zyxomma"),
        ("id/wubbleflux", f"no note speaks of {BASE}id/wubbleflux"),
        ("schem:name", "'schem:name' has a prefix that no row of mapping/ declares; did you mean schema:?"),
        ("bo", "'bo' is no IRI: write https://..., a name with a prefix such as schema:name, or id/..."),
    ],
)
def test_an_iri_of_which_no_note_speaks(iri: str, said: str, notes: Path) -> None:
    assert error(notes, "--iri", iri) == said


# --- a key ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("mort", ["used"]),
        ("Mort", ["used"]),
        ("rdfs:seeAlso", ["used"]),
        ("rôle", ["used"]),  # of a nested value
        ("type", ["role"]),
        ("tags", ["role"]),
        ("cssclasses", ["left-out"]),
        ("born", ["other-kind"]),
        ("largeur_max", ["unknown"]),
        ("date de l'évènement", ["other-types"]),
        ("prénom", ["used", "empty"]),
        ("website", ["template"]),
        ("employeur", ["private"]),
        ("partie de", ["private"]),
        ("image", ["lost-file"]),
        ("photo", ["not-a-file"]),
        ("logo", ["other-type"]),  # a person has none
        ("born at", ["not-in-note", "unknown"]),
        ("naissance", ["not-in-note", "known"]),
        ("lang", ["not-in-note", "known"]),
        ("dcterms:creator", ["not-in-note", "known"]),
        ("§", ["not-in-note", "no-name"]),
    ],
)
def test_what_became_of_a_key(key: str, codes: list[str], notes: Path) -> None:
    assert [reason["code"] for reason in reasons(notes, key)] == codes
    ran = run("explain", notes / "Ada Lovelace.md", "--why-not", key)
    assert ran.code == 0
    for reason in reasons(notes, key):
        assert reason["message"] in ran.out
        assert reason["hint"] in ran.out


def test_a_key_that_is_used_names_its_triples_and_its_rule(notes: Path) -> None:
    (used,) = reasons(notes, "mort")
    numbered = {t["number"]: t for t in told(notes / "Ada Lovelace.md")["triples"]}
    assert [numbered[number]["predicate"] for number in used["triples"]] == ["<https://schema.org/deathDate>"]
    assert [rule["name"] for rule in used["rules"]] == ["death-date"]
    assert used["line"] == 4
    assert used["message"] == "'mort' is used, and gives 1 triple"


def test_a_value_that_is_not_of_its_kind_says_which_would_be(notes: Path) -> None:
    (other,) = reasons(notes, "born")
    assert other["message"] == (
        "'hier' is not a date, such as 2025-03-20, 20/03/2025, mars 2025 or 2025; it is kept as key/born"
    )
    assert [rule["name"] for rule in other["rules"]] == ["birth-date"]
    assert (
        "   3 | born: hier\n     |       ^^^^\n" in run("explain", notes / "Ada Lovelace.md", "--why-not", "born").out
    )


def test_a_key_for_other_types_says_for_which(notes: Path) -> None:
    (other,) = reasons(notes, "date de l'évènement")
    assert "is known only for notes of type event; this note's type is person; it is kept as" in other["message"]
    assert {rule["name"] for rule in other["rules"]} == {"event-date"}


def test_a_key_that_is_not_in_the_note_has_its_likes_named(notes: Path) -> None:
    hints = {key: reasons(notes, key)[0]["hint"] for key in ("naissance", "brn", "zzz")}
    assert hints == {"naissance": "it has 'born', which means the same", "brn": "did you mean 'born'?", "zzz": ""}
    assert "birthDate from a date" in reasons(notes, "naissance")[1]["message"]


def test_a_private_note_is_not_named_by_the_keys_of_others(notes: Path) -> None:
    for key in ("employeur", "partie de"):
        said = json.dumps(reasons(notes, key))
        assert "not published" in said
        assert "zyxomma" not in said.casefold()


def test_a_key_in_a_part_that_could_not_be_read(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "+++\ntitle = 'A'\nwidth 12\n+++\n", "b.md": '{"title": \'B\', "width": 1}\n'})
    assert [r["code"] for r in told(root / "b.md", "--why-not", "title")["reasons"]] == ["lost"]


@pytest.mark.parametrize("key", ["largeur max", "date de l'orage", "été n° 1", 'a"b', "yes", "2024", "Москва", "a: b"])
@pytest.mark.parametrize("file", ["mapping/keys.yaml", "herbier.toml"])
def test_the_row_that_is_proposed_can_be_put_into_the_vault(key: str, file: str, tmp_path: Path) -> None:
    written = f"{yaml.safe_dump({key: '1843'}, allow_unicode=True)}"
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": f"---\n{written}---\n"})
    assert build_notes(root).codes == ["unknown-key"]
    row = told(root / "a.md", "--why-not", key)["reasons"][0]["row"]
    text = row["yaml"] if file.endswith(".yaml") else f"{FRENCH}{row['toml']}"
    vault(root, {file: f"{text}\n"})
    after = build_notes(root)
    assert [problem for problem in after.problems if problem.code != "unlinked-reference"] == []
    (used,) = told(root / "a.md", "--why-not", key)["reasons"]
    assert used["code"] == "used"


# --- notes by their name, options together --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Bo", "Bo.md", "Bo l'Ancien", "bo-l-ancien", "BO"])
def test_a_note_may_be_given_by_its_name(name: str, notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(name, "--vault", notes)["note"] == "Bo.md"
    monkeypatch.chdir(notes / "p")
    assert told(name)["note"] == "Bo.md"


def test_names_that_lead_nowhere(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "did you mean 'Ada Lovelace'?" in error("Ada Lovelac", "--vault", notes)
    assert "private" in error("p/Zyxomma.md", "--vault", notes)
    assert "Zyxomma" not in error("Zyxomm", "--vault", notes)
    assert "is a folder" in error(notes)
    monkeypatch.chdir(notes.parent)  # which does not say that it is a vault
    assert error("Bo") == "there is no file 'Bo'; for a note by its title, name its vault: --vault"
    assert error("nulle part", "--iri", "id/bo") == "there is no folder or file 'nulle part'"


def test_a_note_that_was_merged_is_not_explained(notes: Path) -> None:
    lines = ("ada-lovelace\tlive\t1\tAda Lovelace.md", "bo-l-ancien\tmerged\tada-lovelace\tBo.md")
    vault(notes, {"herbier.ledger": "\n".join(lines)})
    for more in ((), ("--why-not", "title")):
        assert "'Bo.md' is not published: this note was merged into" in error(notes / "Bo.md", *more)


def test_of_three_ways_to_ask_only_one_can_be_taken(notes: Path) -> None:
    ran = run("explain", notes / "Bo.md", "--triple", "1", "--why-not", "title")
    assert ran.code == 2
    assert "--triple and --why-not cannot be given together" in ran.err
