"""Rows of a vault's own mapping that have no effect are reported; all others are not."""

from pathlib import Path

import pytest
from tests.conftest import build_notes, vault

TWO = '[mapping.keys.a]\nnames = ["x"]\nthing = "schema:about"\n[mapping.keys.b]\nthing = "schema:text"\n'
IDLE = [
    ("a key that another knows", f'{TWO}names = ["a", "x"]\n'.replace("keys.b]", "keys.X]"), "keys: X", 4),
    (
        "a folder without notes",
        '[mapping.keys.z]\nthing = "schema:about"\nvalue = "entity"\nfolder = "vide"\n',
        "'vide'",
        1,
    ),
    ("a folder to be limited to", '[mapping.keys.z]\nthing = "schema:about"\nin = "vide"\n', "'vide'", 1),
    (
        "a type that another row has",
        '[mapping.types.t]\nclasses = "schema:Book"\nnames = ["T x"]\n[mapping.types.u]\nclasses = "schema:Movie"\n'
        'names = ["tx", "t", "u"]\n',
        "types: t",
        1,
    ),
    (
        "a heading that another row has",
        '[mapping.headings.h]\nstates = "points"\n[mapping.headings.i]\nstates = "description"\nnames = ["h"]\n',
        "headings: h",
        1,
    ),
]
USED = [
    ("a row of its own", TWO.replace("keys.b", "keys.c")),
    ("a row that a shipped one knows too", '[mapping.keys.auteur]\nthing = "schema:about"\n'),
    ("a row called as a shipped one", '[mapping.keys.status]\nthing = "schema:about"\n'),
    ("a row limited to a type", f'{TWO}names = ["x"]\ntypes = ["book"]\n'.replace("keys.b]", "keys.X]")),
    ("a row limited to a folder", f'{TWO}in = "gens"\n'.replace("keys.b]", "keys.X]")),
    ("a row with one name more", f'{TWO}names = ["z"]\n'.replace("keys.b]", "keys.X]")),
    ("a type with a folder", '[mapping.types.t]\nclasses = "schema:Book"\nfolders = ["gens"]\n'),
    ("a folder named with a number", '[mapping.keys.z]\nthing = "schema:about"\nin = "20 Gens"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "told", "line"), [row[1:] for row in IDLE], ids=[row[0] for row in IDLE])
def test_a_row_without_effect_is_reported(settings: str, told: str, line: int, tmp_path: Path) -> None:
    built = build_notes(vault(tmp_path, {"herbier.toml": settings, "gens/a.md": ""}))
    found = [problem for problem in built.problems if problem.code == "bad-mapping"]
    assert [(problem.path, problem.line) for problem in found] == [("herbier.toml", line)]
    assert told in str(found[0].message) and "no effect" in str(found[0].message)


@pytest.mark.parametrize("settings", [row[1] for row in USED], ids=[row[0] for row in USED])
def test_a_row_with_an_effect_is_not_reported(settings: str, tmp_path: Path) -> None:
    built = build_notes(vault(tmp_path, {"herbier.toml": settings, "gens/a.md": ""}))
    assert "bad-mapping" not in built.codes
