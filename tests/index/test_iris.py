"""What IRIs are made of: no letter is lost, names are reported apart as people would, and what lasts lasts."""

import re
import unicodedata
from pathlib import Path

import pytest
from tests.conftest import FRENCH, facts, values, vault

from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.rdf.slugs import slug


def slugs_of(tmp_path: Path, files: dict[str, str]) -> dict[str, str]:
    """Return the slug of each note by its path."""
    opened = open_vault(vault(tmp_path, {"herbier.toml": FRENCH, **files}))
    surveyed = read_snapshot(opened)
    return {summary.path: name for summary, name in zip(surveyed.index.summaries, surveyed.index.slugs, strict=True)}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Əhmədov", "ehmedov"),
        ("Łódź", "lodz"),
        ("Þórr", "thorr"),
        ("Đặng", "dang"),
        ("Ŋgũgĩ", "nggugi"),
        ("ʔaʕa", "ʔaʕa"),  # that no table has in ASCII stays
        ("Smørrebrød & Œuf", "smorrebrod-oeuf"),
    ],
)
def test_no_letter_is_dropped(title: str, expected: str) -> None:
    assert slug(title) == expected
    assert slug(expected) == expected


def test_every_letter_leaves_something() -> None:
    letters = [chr(code) for code in range(0x30000) if unicodedata.category(chr(code)) in ("Lu", "Ll", "Lt", "Lo")]
    assert len(letters) > 100_000
    assert [letter for letter in letters if not slug(letter)] == []


def test_notes_of_one_title_are_told_apart_by_their_stems(tmp_path: Path) -> None:
    """The least path has the plain slug, the others their folder, failing that their stem, failing that a digest."""
    files = {f"équipes/{stem}.md": "---\ntitle: Animation\n---\n" for stem in ("est", "nord", "sud")}
    files["autres/x.md"] = "---\ntitle: Animation\n---\n"
    files["Nord.md"] = ""
    assert slugs_of(tmp_path, files) == {
        "autres/x.md": "animation",
        "équipes/est.md": "est",
        "équipes/nord.md": "equipes-nord",
        "équipes/sud.md": "sud",
        "Nord.md": "nord",
    }


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    files = {f"{folder}/{stem}.md": "---\ntitle: Un\n---\n" for folder in ("a", "b") for stem in ("x", "y")}
    first = slugs_of(tmp_path / "a", files)
    assert slugs_of(tmp_path / "b", dict(reversed(files.items()))) == first
    assert len(set(first.values())) == 4
    assert not [name for name in first.values() if re.search(r"-[0-9a-f]{8}$", name)]


LONG = "Un titre assez long pour dépasser la place que les adresses ont, et dont la fin ne s’y trouve donc pas"


def test_addresses_end_at_a_word(tmp_path: Path) -> None:
    root = vault(
        tmp_path, {"a.md": f"---\ntitle: {LONG}\n---\n## {LONG}\n\n[[{LONG} demain]]\n", "herbier.toml": FRENCH}
    )
    found = facts(root)
    name = "un-titre-assez-long-pour-depasser-la-place-que-les-adresses-ont-et-dont-la-fin"
    assert len(name) <= 80
    assert f"id/{name} rdf:type schema:Thing" in found
    assert f"doc/{name} schema:hasPart doc/{name}#{name}" in found


def test_a_long_link_and_the_note_written_for_it_have_one_address(tmp_path: Path) -> None:
    before = facts(vault(tmp_path / "a", {"a.md": f"[[{LONG}]]\n", "herbier.toml": FRENCH}))
    after = facts(vault(tmp_path / "b", {"a.md": f"[[{LONG}]]\n", f"{LONG}.md": "", "herbier.toml": FRENCH}))
    linked = {fact for fact in before if fact.startswith("doc/a schema:mentions")}
    assert len(linked) == 1
    assert linked <= after


def nodes_of(tmp_path: Path, missions: str) -> set[str]:
    note = f"---\ntype: personne\nmissions:\n{missions}---\n"
    return values(vault(tmp_path, {"a.md": note, "herbier.toml": FRENCH}), "id/a", "schema:worksFor")


def test_a_nested_value_keeps_its_address_when_something_is_added(tmp_path: Path) -> None:
    before = nodes_of(tmp_path / "a", "- {start: 2018, employer: '[[Mila]]'}\n")
    after = nodes_of(
        tmp_path / "b", "- {start: 2018, employer: '[[Mila]]', end: 2020, poste: 'directrice'}\n- {start: 2021}\n"
    )
    assert len(before) == 1
    assert before < after


def test_two_nested_values_never_share_an_address(tmp_path: Path) -> None:
    same = "- {start: 2018, employer: '[[Mila]]', poste: un}\n- {start: 2018, employer: '[[Mila]]', poste: deux}\n"
    assert len(nodes_of(tmp_path, same)) == 2


@pytest.mark.parametrize(
    ("alias", "is_name"),
    [
        ("Ancien dossier/Ada", False),
        ("/vieux/chemin/", False),
        ("a/b/c", False),
        ("Gens/Quelqu’un", False),
        ("ada.md", False),
        ("CNRS/Inria", True),
        ("Ada Byron", True),
    ],
)
def test_an_alias_that_is_an_old_path_is_no_name(alias: str, is_name: bool, tmp_path: Path) -> None:
    files = {"Ada.md": f"---\naliases: ['{alias}']\n---\n", "gens/b.md": f"[[{alias}]]\n", "herbier.toml": FRENCH}
    root = vault(tmp_path, files)
    assert values(root, "id/ada", "schema:alternateName") == ({f'"{alias}"@fr'} if is_name else set())
    assert values(root, "doc/b", "dcterms:references") == {"doc/ada"}
