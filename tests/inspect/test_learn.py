"""`herbier learn`: what a vault teaches, asked or taken, written or not, and remembered."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from tests.conftest import FRENCH, build_notes, run, said_of, spawn, values, vault

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
    built = build_notes(root)
    assert "bad-mapping" not in built.codes
    unknown = [str(found.message) for found in built.problems if found.code == "unknown-key"]
    assert all("rencontré le" in told for told in unknown), "of what a date is, nothing but its key tells"


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


def test_commands_end_with_the_same_shares(tmp_path: Path) -> None:
    files = {f"gens/{name}.md": note("couleur préférée: bleu", "naissance: 1990-01-02") for name in ("Ana", "Ben")}
    root = vault(tmp_path, {"herbier.toml": 'base = "https://example.org/"\nlanguage = "fr"\n', **files, "c.md": ""})
    told = "2 of 3 things have a class, 2 of 4 values a standard predicate: herbier learn proposes more"
    out = tmp_path / "out.nt"
    check = ("check", str(root))
    commands = [("build", str(root), "-o", str(out)), check, check, ("inventory", str(root))]
    for arguments in commands:
        assert told in run(*arguments).err, arguments
    vault(tmp_path, {"c.md": note("x: 1", "y: 2")})
    assert told.replace("2 of 4", "2 of 6") in run("check", str(root)).err
    (root / "gens/Ana.md").unlink()
    assert "1 of 2 things have a class, 1 of 4 values" in run("check", str(root)).err
    assert json.loads(run("inventory", str(root), "--format", "json").out)["understood"] == {
        "things": 2, "typed": 1, "values": 4, "standard": 1,
    }  # fmt: skip


def test_categories_and_templates_are_learnt_too(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        "herbier.toml": FRENCH, "Modèles/Fiche.md": note("cuisson:", "portions:", "astuce:"),
        **{f"a{n}.md": note("cuisson: 3", "portions: 4", "astuce: x") for n in range(4)},
        **{f"b{n}.md": note("categories: ['[[Films vus]]']", "type: film") for n in range(3)},
        **{f"c{n}.md": note("categories: ['[[Films vus]]']") for n in range(3)},
        "r1.md": note("type: recette", "cuisson: 3", "portions: 4", "astuce: x"),
        "r2.md": note("type: recette", "cuisson: 3", "portions: 4", "astuce: x"),
        "r3.md": note("type: recette", "cuisson: 3", "portions: 4", "astuce: x"),
    })  # fmt: skip
    told = run("learn", str(root), "--yes", "--sure", "0.7")
    assert "the category 'Films vus', in 6 notes: schema:Movie" in told.out
    assert 'names: ["Films vus"]' in told.out
    assert "the template 'Modèles/Fiche.md', in 7 notes: schema:Recipe" in told.out
    assert 'keys: [["astuce", "cuisson", "portions"]]' in told.out
    run("learn", str(root), "--yes", "--sure", "0.7", "--write")
    assert "rdf:type schema:Movie" in said_of(root, "id/c1") and "rdf:type schema:Recipe" in said_of(root, "id/a1")


def test_init_offers_to_learn(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "", "_config.yml": "title: Le carnet\n"})
    told = run("init", str(root), "--yes")
    assert "herbier learn" in told.out and 'title = "Le carnet"' in (root / "herbier.toml").read_text("utf-8")


def test_what_may_be_of_privacy_is_not_learnt_away(tmp_path: Path) -> None:
    files = {f"d/n{n}.md": note(f"published_on_blog: 2020-01-1{n}") for n in range(4)}
    root = vault(tmp_path, {"herbier.toml": FRENCH, **files, "d/s.md": "---\npublished_on_blog: no\n---\nSecret\n"})
    run("learn", str(root), "--yes", "--write", "--sure", "0.5")
    assert b"Secret" not in build_notes(root).data


def test_a_tag_is_no_type_for_some_of_its_notes_being_of_one(tmp_path: Path) -> None:
    posts = {f"_posts/2024-01-0{n}-p.md": note("tags: [linux]") for n in range(1, 5)}
    pages = {f"wiki/{name}.md": note("tags: [linux]") for name in ("bash", "cron", "ssh", "red-hat")}
    films = {f"f{n}.md": note("type: film", "tags: [guerre]") for n in range(5)}
    wars = {f"w{n}.md": note("tags: [guerre]") for n in range(4)}
    root = vault(tmp_path, {"herbier.toml": FRENCH, **posts, **pages, **films, **wars})
    told = run("learn", str(root), "--yes", "--sure", "0.5").out
    assert "linux" not in told and "guerre" not in told


def test_learning_is_the_same_each_time_and_odd_names_break_nothing(tmp_path: Path) -> None:
    files = {f"{folder}/{name}.md": "" for folder in ("xq", "yq", "zq", "wq") for name in ("ana", "ben", "cle")}
    files |= {f"n{n}.md": note(f"mentor2: {name}", "p.q: un") for n, name in enumerate(("ana", "ben", "cle", "ana"))}
    files |= {f"a/Z blorg/{n}.md": note("type: person") for n in range(5)}
    files |= {f"b/z-blorg/{n}.md": note("type: book") for n in range(5)}
    files |= {f"zz\x01b/{n}.md": note(*["type: person"] * (n < 5)) for n in range(9)}
    root = vault(tmp_path, {"herbier.toml": FRENCH, **files, "a/Z blorg/x.md": "", "b/z-blorg/y.md": ""})
    told = {spawn("learn", str(root), "--yes", "--sure", "0.1").stdout for _ in range(3)}
    assert len(told) == 1 and b"p.q" not in next(iter(told))
    run("learn", str(root), "--yes", "--sure", "0.1", "--write")
    assert "bad-mapping" not in build_notes(root).codes


def test_a_file_of_other_indents_is_added_to(tmp_path: Path) -> None:
    own = "types:\n    jouet: {classes: [schema:Product], folders: [jouets]}\n"
    files = {f"outils/{n}.md": note("type: film") for n in range(9)}
    files |= {f"outils/{name}.md": "" for name in ("x", "y", "z")}
    root = vault(tmp_path, {"herbier.toml": FRENCH, "mapping/vault.yaml": own, **files})
    assert run("learn", str(root), "--yes", "--sure", "0.5", "--write").code == 0
    assert set(yaml.safe_load((root / "mapping/vault.yaml").read_text("utf-8"))["types"]) == {"jouet", "folder-outils"}
    (root / "mapping/vault.yaml").write_text("keys: " + "[" * 100_000, "utf-8")
    assert run("learn", str(root), "--yes", "--write").code in (0, 2)
