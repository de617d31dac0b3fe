"""`check --profile wikidata`: a table of what each note lacks to be matched, worst first, with totals."""

import json
from pathlib import Path

import pytest
from tests.conftest import run, vault

NOTES = {
    "herbier.toml": 'language = "fr"\n',
    "a.md": "---\ntype: personne\ndescription: Elle.\nnée: 1815\n---\n",
    "b.md": "---\ntype: personne\n---\n",
    "c.md": "Texte.\n",
    "d.md": "---\ntype: livre\ndescription: Un livre.\n---\n",
    "e.md": "---\nprivate: true\n---\n",
    "é.md": "---\ntype: lieu\ndescription: Un lieu.\nidentifiant: x1\n---\n",
    "f.md": "---\ntype: lieu\ndescription: Un lieu.\nherbier-ignore: lacks-clue\n---\n",
}
ENGLISH = """What the notes lack to be matched with Wikidata, worst first:
  3  c.md: a type, a description, a date, a place or an identifier
  2  b.md: a description, a date, a place or an identifier
  1  d.md: a date, a place or an identifier
6 notes, of which 3 lack nothing; 1 lack a type; 2 lack a description; 3 lack a date, a place or an identifier
"""
FRENCH = """Ce qui manque aux notes pour être appariées à Wikidata, les moins prêtes d’abord\u202f:
  3  c.md: un type, une description, une date, un lieu ou un identifiant
  2  b.md: une description, une date, un lieu ou un identifiant
  1  d.md: une date, un lieu ou un identifiant
"""


def test_the_table_has_the_worst_first_and_the_totals(tmp_path: Path) -> None:
    root = vault(tmp_path, NOTES)
    ran = run("check", root, "--profile", "wikidata")
    assert ran.code == 0
    assert ENGLISH in ran.out
    assert "[lacks-" not in ran.out  # the table says it all, once
    assert FRENCH in run("check", root, "--profile", "wikidata", "--lang", "fr").out
    assert "lacks" not in run("check", root).out


def test_the_table_is_in_the_json_as_problems(tmp_path: Path) -> None:
    """So the JSON stays a list of problems with their fields."""
    ran = run("check", vault(tmp_path, NOTES), "--profile", "wikidata", "--format", "json")
    assert ran.code == 0
    found = json.loads(ran.out)
    fields = {"path", "line", "column", "severity", "code", "message", "hint"}
    assert all(problem.keys() == fields for problem in found)
    rows = [problem for problem in found if problem["code"] == "wikidata-readiness"]
    assert rows == found[-4:]
    assert [(row["path"], row["severity"]) for row in rows] == [(path, "info") for path in ("c.md", "b.md", "d.md", "")]
    assert rows[0]["message"] == "lacks a type, a description, a date, a place or an identifier"
    assert rows[-1]["message"].startswith("6 notes, of which 3 lack nothing")
    assert {problem["code"] for problem in found} >= {"lacks-type", "lacks-description", "lacks-clue"}


@pytest.mark.parametrize("words", [("--format", "text"), ("--format", "json"), ("--strict",)], ids=" ".join)
def test_where_nothing_lacks_there_is_no_table(words: tuple[str, ...], tmp_path: Path) -> None:
    root = vault(tmp_path, {name: NOTES[name] for name in ("herbier.toml", "a.md")})
    ran = run("check", root, "--profile", "wikidata", *words)
    assert ran.code == 0
    assert "lack" not in ran.out


def test_what_lacks_is_no_error_even_if_warnings_are(tmp_path: Path) -> None:
    root = vault(tmp_path, {name: NOTES[name] for name in ("herbier.toml", "d.md")})
    assert run("check", root, "--profile", "wikidata", "--strict").code == 0


def test_a_title_without_a_language_lacks_a_label(tmp_path: Path) -> None:
    root = vault(tmp_path, {"1815.md": "---\ntype: personne\nnée: 1815\n---\n"})
    assert (
        "  2  1815.md: a title in a known language, a description\n" in run("check", root, "--profile", "wikidata").out
    )
