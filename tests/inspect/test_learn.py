"""`herbier learn`: what a vault teaches, asked or taken, written or not, and remembered."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from tests.conftest import FRENCH, build_notes, run, said_of, values, vault

from herbier.cli import main

Files = dict[str, str | bytes]


def note(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", ""])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files: Files = {"herbier.toml": FRENCH}
    for number in range(4):
        files[f"outils/o{number}.md"] = note(
            "système d'exploitation: Linux", "changelog: https://a.example/c", "équipe: nord"
        )
        files[f"gens/p{number}.md"] = note("squad: nord", f"rencontré le: 2024-01-0{number + 1}")
    files["teams/nord.md"] = note("title: Équipe du Nord")
    return vault(tmp_path, files)


def learnt(root: Path) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = yaml.safe_load((root / "mapping/vault.yaml").read_text("utf-8"))
    return found


def test_what_is_sure_is_taken_and_written_with_what_speaks_for_it(root: Path) -> None:
    done = run("learn", root, "--yes", "--write")
    assert done.code == 0
    rows = learnt(root)
    assert rows["types"]["folder-outils"]["classes"] == ["schema:SoftwareApplication"]
    assert rows["keys"]["key-squad"]["folder"] == "teams"
    assert "4 notes, sure 0.9" in (root / "mapping/vault.yaml").read_text("utf-8")
    assert "rdf:type schema:SoftwareApplication" in said_of(root, "id/o0")
    assert values(root, "id/p0", "dcterms:relation") == {"id/equipe-du-nord"}
    assert not {"bad-mapping", "unknown-key"} & set(build_notes(root).codes)


def test_a_second_run_proposes_only_what_is_new(root: Path) -> None:
    run("learn", root, "--yes", "--write")
    text = (root / "mapping/vault.yaml").read_bytes()
    assert "folder 'outils'" not in run("learn", root, "--yes", "--write").out
    assert (root / "mapping/vault.yaml").read_bytes() == text


def test_nothing_is_written_unasked_and_no_note_is_changed(root: Path) -> None:
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    done = run("learn", root, "--yes")
    assert "schema:SoftwareApplication" in done.out
    assert {file: file.read_bytes() for file in root.rglob("*") if file.is_file()} == before


def test_it_ends_with_what_is_understood_before_and_after(root: Path) -> None:
    lines = run("learn", root, "--yes").out.splitlines()
    (classes,) = [line for line in lines if line.startswith("things with a class")]
    assert classes.split() == ["things", "with", "a", "class", "5", "(56%)", "9", "(100%)"]


def test_a_no_is_remembered_and_what_was_answered_before_a_stop_is_kept(root: Path) -> None:
    first = CliRunner().invoke(main, ["learn", str(root), "--write"], input="n\ny\nq\n")
    assert first.exit_code == 0
    rows = learnt(root)
    assert len(rows["declined"]) == 1
    (declined,) = rows["declined"]
    again = CliRunner().invoke(main, ["learn", str(root), "--write"], input="q\n")
    assert declined.removeprefix("key-").removeprefix("folder-") not in again.output
    assert learnt(root) == rows


def test_a_file_that_was_edited_by_hand_is_kept_and_added_to(root: Path) -> None:
    own = (
        "# mine\ntypes:\n  jouet: {classes: [schema:Product], folders: [jouets]}  # a toy\n\n"
        "keys:\n  zut: {value: nothing}\n"
    )
    vault(root, {"mapping/vault.yaml": own})
    assert run("learn", root, "--yes", "--write").code == 0
    text = (root / "mapping/vault.yaml").read_text("utf-8")
    assert "# mine" in text
    assert "# a toy" in text
    assert {"jouet", "folder-outils"} <= learnt(root)["types"].keys()


def test_a_broken_file_is_told_and_stays(root: Path) -> None:
    vault(root, {"mapping/vault.yaml": "types: {a: [\n"})
    done = run("learn", root, "--yes", "--write")
    assert done.code == 2
    assert (root / "mapping/vault.yaml").read_text("utf-8") == "types: {a: [\n"


def test_what_is_private_teaches_nothing(tmp_path: Path) -> None:
    files: Files = {f"coffre/{n}.md": note("private: true", "secret: x") for n in range(5)}
    done = run("learn", vault(tmp_path, files), "--yes", "--sure", "0")
    assert "coffre" not in done.out
    assert "secret" not in done.out
