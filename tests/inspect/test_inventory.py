"""The inventory: what it counts and by which rule, that it gives nothing private away, and that its proposals load."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import FRENCH, Files, command, run, spawn, vault

ADA = """---
type: personne
tilte: Essai
Effectif total: 1200
effectif_total: 1300
largeur: [12, '13,5']
vu le: 2024-03-01
ami: '[[Bob]] et [[Secret]]'
site: https://example.org/a
obscur: Secret
naissance: 1815
rdfs:seeAlso: '[[Bob]]'
missions:
  - {start: 1990, salaire: 12}
isPartOf: '[[Absent]]'
seeAlso: ['[[photo.png]]', 'https://example.org/y', Bob]
vide:
gabarit: '{{date}}'
---
Une mathématicienne qui a écrit un programme pour la machine analytique de Charles Babbage.
Voir [[Absent]], [[Bob|lui]], [[perdu.pdf]], ![[dessin.png]] et [[bis]] #ia #IA #ia/éthique

humeur:: oui
"""
FILES: Files = {
    "Ada.md": ADA,
    "Bob.md": "---\ntype: peronne\neffectif total: 3\nlang: en\n---\n[[Secret|caché]] [[Absent]]\n",
    "fr/Carte.md": "---\ntype: '[[Secret]]'\n---\n[[Secret]] #Secrets\n",
    "un/bis.md": "",
    "deux/bis.md": "",
    "privé/Secret.md": "---\nprivate: true\nclé cachée: 3\ntype: espionne\n---\n#tagcaché [[Rien]]\n",
    "dessin.png": b"\x89PNG",
    "herbier.toml": "",
}


def inventory(root: Path) -> dict[str, Any]:
    ran = run("inventory", root, "--format", "json")
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def key(found: dict[str, Any], name: str, within: str = "") -> dict[str, Any]:
    (row,) = [row for row in found["keys"] if (row["key"], row["within"]) == (name, within)]
    assert isinstance(row, dict)
    return row


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return vault(tmp_path / "notes", FILES)


# --- what is counted ------------------------------------------------------------------------------


def test_keys_are_counted_under_their_most_common_spelling(root: Path) -> None:
    row = key(inventory(root), "Effectif total")
    assert (row["notes"], row["values"]) == (2, 3)
    assert set(row["spellings"]) == {"Effectif total", "effectif_total", "effectif total"}
    assert row["examples"] == ["1200", "1300", "3"]


def test_a_key_names_its_rule_with_file_and_line(root: Path) -> None:
    found = inventory(root)
    (rule,) = key(found, "naissance")["rules"]
    assert (rule["name"], rule["file"], rule["notes"]) == ("birth-date", "mapping/lexicon-people.yaml", 1)
    line = (Path(__file__).parents[2] / rule["file"]).read_text("utf-8").splitlines()[rule["line"] - 1]
    assert line.lstrip().startswith("birth-date:")
    assert key(found, "rdfs:seeAlso")["rules"][0]["name"] == "seeAlso"
    assert key(found, "start", "missions")["rules"][0]["name"] == "start-date"


def test_a_key_that_one_type_of_note_knows_is_unknown_in_the_others(tmp_path: Path) -> None:
    row = '[mapping.keys.pages-of]\nnames = ["volume"]\ntypes = ["book"]\nthing = ["schema:pagination"]\n'
    notes = {"a.md": "---\ntype: livre\nvolume: 1\n---\n", "b.md": "---\nvolume: 2\n---\n", "herbier.toml": row}
    found = key(inventory(vault(tmp_path, notes)), "volume")
    assert [(rule["name"], rule["file"], rule["notes"]) for rule in found["rules"]] == [("pages-of", "herbier.toml", 1)]
    assert (found["notes"], found["unknown"]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("ami", {"several links": 1}),
        ("vu le", {"date": 1}),
        ("naissance", {"date": 1}),
        ("largeur", {"number": 2, "list": 1}),
        ("humeur", {"yes/no": 1}),
        ("site", {"address": 1}),
        ("tilte", {"text": 1}),
        ("missions", {"nested keys": 1}),
        ("vide", {"empty": 1}),
        ("gabarit", {"template": 1}),
        ("seeAlso", {"link": 1, "address": 1, "text": 1, "list": 1}),
        ("isPartOf", {"link": 1}),
    ],
)
def test_what_values_look_like(name: str, shapes: dict[str, int], root: Path) -> None:
    assert key(inventory(root), name)["shapes"] == shapes


def test_text_with_links_is_no_mere_link(tmp_path: Path) -> None:
    found = inventory(vault(tmp_path, {"a.md": "---\nmot: surtout [[b]] depuis peu\n---\n", "b.md": ""}))
    assert key(found, "mot")["shapes"] == {"text with links": 1}


def test_examples_are_three_at_most_and_short(tmp_path: Path) -> None:
    words = "mot " * 30
    notes = {f"{n}.md": f"---\nclef: {words if n == 1 else n}\n---\n" for n in range(1, 9)}
    examples = key(inventory(vault(tmp_path, notes)), "clef")["examples"]
    assert len(examples) == 3
    assert max(map(len, examples)) <= 40
    assert examples[0].endswith("…")


def test_types_with_their_classes_and_those_that_no_rule_knows(root: Path) -> None:
    types = {row["type"]: row for row in inventory(root)["types"]}
    assert types["personne"]["classes"] == ["schema:Person"]
    assert (types["personne"]["rule"], types["personne"]["file"]) == ("person", "mapping/types.yaml")
    assert (types["peronne"]["rule"], types["peronne"]["near"]) == ("", "personne")
    assert inventory(root)["untyped"] == 2


def test_a_type_that_is_a_link_or_has_a_prefix_is_known(tmp_path: Path) -> None:
    notes = {"a.md": "---\ntype: '[[Truc]]'\n---\n", "b.md": "---\ntype: foaf:Group\n---\n"}
    types = {row["type"]: row for row in inventory(vault(tmp_path, notes))["types"]}
    assert "skos:Concept" in types["Truc"]["classes"]
    assert types["foaf:Group"]["classes"] == ["foaf:Group"]
    assert all(row["rule"] for row in types.values())


def test_relations_tell_where_they_lead(root: Path) -> None:
    relations = {row.pop("relation"): row for row in inventory(root)["relations"]}
    assert relations["isPartOf"] == {"links": 1, "notes": 0, "stubs": 1, "addresses": 0, "nothing": 0}
    assert relations["seeAlso"] == {"links": 4, "notes": 2, "stubs": 0, "addresses": 1, "nothing": 1}


def test_relations_below_a_heading_and_those_that_only_concepts_have(tmp_path: Path) -> None:
    notes = {
        "a.md": "---\ntype: concept\nnarrower: '[[b]]'\n---\n## Voir aussi\n\n- [[b]]\n- [[c]]\n",
        "b.md": "---\nnarrower: '[[a]]'\nrelatedTo: '[[b]]'\n---\n",
    }
    relations = {row["relation"]: row for row in inventory(vault(tmp_path, notes))["relations"]}
    assert (relations["seeAlso"]["notes"], relations["seeAlso"]["stubs"]) == (1, 1)
    assert (relations["superClassOf"]["links"], relations["superClassOf"]["notes"]) == (2, 2)
    assert relations["relatedTo"]["notes"] == 1


def test_languages_with_how_they_are_known(root: Path) -> None:
    rows = {(row["language"], row["known"]): row["notes"] for row in inventory(root)["languages"]}
    assert rows[("en", "stated")] == 1
    assert rows[("fr", "folder")] == 1
    assert rows[("fr", "guessed")] == 1
    assert rows[("", "")] == 2
    (root / "herbier.toml").write_text(FRENCH + '[languages]\nun = "it"\n')
    rows = {(row["language"], row["known"]): row["notes"] for row in inventory(root)["languages"]}
    assert rows == {("fr", "settings"): 2, ("en", "stated"): 1, ("fr", "folder"): 1, ("it", "folder"): 1}


def test_links_and_the_notes_that_are_wanted_most(root: Path) -> None:
    links = inventory(root)["links"]
    assert links["wanted"] == [{"name": "Absent", "count": 3}]
    assert links["dangling"] == 3
    assert links["lost_files"] == 2  # perdu.pdf, photo.png
    assert links["attachments"] == 1
    assert links["notes"] == 4  # Bob in the body, in `ami` and in rdfs:seeAlso; bis
    assert links["ambiguous"] == 1


def test_a_link_of_an_inline_field_is_counted_once(tmp_path: Path) -> None:
    links = inventory(vault(tmp_path, {"a.md": "isPartOf:: [[b]]\n", "b.md": ""}))["links"]
    assert links["notes"] == 1


def test_tags_by_use(root: Path) -> None:
    tags = inventory(root)["tags"]
    assert tags[0] == {"name": "IA", "count": 2}
    assert {"name": "ia/éthique", "count": 1} in tags


def test_the_order_of_the_inventory_is_always_the_same(root: Path) -> None:
    runs = {
        subprocess.run(
            command("inventory", root, "--format", "json"),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


# --- nothing private ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["text", "json"])
def test_private_notes_are_left_out_with_their_titles(name: str, root: Path) -> None:
    out = run("inventory", root, "--format", name).out
    said = out if name == "text" else json.dumps(json.loads(out), ensure_ascii=False)
    assert "Absent" in said
    for word in ("cachée", "espionne", "tagcaché", "Rien"):
        assert word not in said
    assert not re.search(r"\bSecret\b", said)
    assert inventory(root)["notes"] == 5


def test_what_names_a_private_note_is_shown_as_in_the_data(root: Path) -> None:
    found = inventory(root)
    assert key(found, "ami")["examples"] == ["Bob et […]"]
    assert key(found, "obscur")["examples"] == ["[…]"]
    assert [row["type"] for row in found["types"] if row["rule"] == "link"] == ["[…]"]


# --- as text --------------------------------------------------------------------------------------


def test_text_marks_what_no_rule_knows_and_cuts_nothing_in_a_pipe(root: Path) -> None:
    out = run("inventory", root).out
    assert re.search(r"^\? tilte .*unknown; 'titre'\?", out, re.MULTILINE)
    assert re.search(r"^naissance .*birth-date \(lexicon-people\.yaml:\d+\)", out, re.MULTILINE)
    assert "missions › salaire" in out
    assert "unknown; 'personne'?" in out
    for headline in ("Keys: ", "Types: ", "Relations: ", "Languages", "Links: ", "Most wanted notes", "Tags: "):
        assert re.search(rf"^{headline}", out, re.MULTILINE)
    assert "\x1b" not in out
    assert not re.search(r" $", out, re.MULTILINE)


def test_on_a_terminal_of_80_columns_no_table_is_wider(root: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("inventory", root),
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "COLUMNS": "80", "TERM": "xterm-256color"},
    ):
        os.close(theirs)
        told = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux tells the end of a terminal
                break
            if not piece:
                break
            told += piece
    os.close(ours)
    text = told.decode()
    assert "\x1b[" in text
    lines = re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r", "").partition("Proposals")[0].splitlines()
    assert len(lines) > 30
    assert max(map(len, lines)) <= 80


def test_an_empty_vault(tmp_path: Path) -> None:
    ran = run("inventory", tmp_path)
    assert ran.code == 0
    assert "Keys: 0 in 0 notes, 0 unknown" in ran.out
    assert "Proposals" not in ran.out


def test_the_vault_is_the_current_folder_if_not_given(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert run("inventory", "--format", "json").out == run("inventory", root, "--format", "json").out


def test_a_vault_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    ran = run("inventory", tmp_path / "absent")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_what_is_lost_is_told_beside_the_tables(tmp_path: Path) -> None:
    ran = run("inventory", vault(tmp_path, {"a.md": "", "b.md": b"\x00\x01\x02", "herbier.toml": "mapping = 3"}))
    assert ran.code == 0
    assert "b.md: error:" in ran.err
    assert "bad-setting" in ran.err
    assert "in 1 note," in ran.out


def test_bytes_of_any_kind_in_names_and_keys(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text('---\n"[bold]x\\u200b": "[red]oui[/]"\n---\n[[日本\u2028 🙂]]\n')
    done = spawn("inventory", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "[bold]x" in done.stdout.decode()
    assert "[red]oui[/]" in done.stdout.decode()
