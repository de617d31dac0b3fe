"""`herbier check`: shapes told by line, and what is accepted."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import FRENCH, run, vault

LIFE = """---
type: personne
naissance: 1852
mort: 1815
lieu_naissance: '[[Paris]]'
---
## Généralité

Ada.
"""


def told(root: Path, *arguments: str) -> list[str]:
    ran = run("check", root, "--format", "json", *arguments)
    return [f"{p['path']}:{p['line']}:{p['column']}: {p['severity']} {p['code']}" for p in json.loads(ran.out)]


@pytest.mark.parametrize(
    ("born", "died", "reversed_"),
    [
        ("-100", "-44", False),
        ("-44", "-100", True),
        ("-0044-03-15", "-44", False),
        ("-0044-03-15", "-0044-02", True),
        ("-44", "0014", False),
        ("0014", "-44", True),
        ("1912-06-23", "1912-06", False),
        ("1912-06-23", "1912-05-24", True),
    ],
)
def test_dates_before_our_era_have_an_order_too(born: str, died: str, reversed_: bool, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"---\ntype: personne\nné: {born}\nmort: {died}\n---\n", "herbier.toml": FRENCH})
    assert told(root) == (["a.md:4:7: error reversed-dates"] if reversed_ else [])


def test_what_a_shape_finds_is_told_where_it_is_written(tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "Paris.md": "---\ntype: lieu\n---\n", "herbier.toml": FRENCH})
    assert told(root) == ["Ada.md:4:7: error reversed-dates"]
    ran = run("check", root, "--lang", "fr")
    assert ran.code == 1
    assert ran.out == (
        "Ada.md:4:7: erreur\u202f: La date de décès précède la date de naissance. [reversed-dates]\n"
        "    4 | mort: 1815\n"
        "      |       ^^^^\n"
        "    conseil\u202f: clé\u202f: mort, naissance\n"
    )


def test_a_key_that_is_missing_is_named_in_the_language_asked_for(tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ici.md": "---\ntype: personne\n---\n", "herbier.toml": FRENCH})
    hints = {
        language: [
            found["hint"]
            for found in json.loads(run("check", root, "--format", "json", *arguments).out)
            if found["code"].startswith("lacks-")
        ]
        for language, arguments in {
            "en": ("--lang", "en", "--profile", "wikidata"),
            "fr": ("--lang", "fr", "--profile", "wikidata"),
        }.items()
    }
    assert hints["en"] == [
        "add one of these keys: birth date, founding date, place, identifier, website, wikidata",
        "add the key description",
    ]
    assert hints["fr"] == [
        "ajoutez l’une de ces clés\u202f: date de naissance, date de fondation, lieu, identifiant, site web, wikidata",
        "ajoutez la clé description",
    ]


def test_what_is_missing_is_told_where_a_note_says_what_asks_for_it(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "---\ntype: lieu\nlatitude: 48,85\n---\n", "herbier.toml": FRENCH})
    [found] = json.loads(run("check", root, "--format", "json").out)
    assert (found["code"], found["line"], found["column"]) == ("missing-coordinate", 3, 11)
    assert found["hint"] == "add the key longitude"


def test_the_class_of_what_a_link_leads_to_counts(tmp_path: Path) -> None:
    files = {"O.md": "---\ntype: organisation\nfondateur: '[[Paris]]'\n---\n", "Paris.md": "---\ntype: lieu\n---\n"}
    root = vault(tmp_path, {**files, "herbier.toml": FRENCH})
    assert told(root) == ["O.md:3:12: warning wrong-kind"]
    (root / "Paris.md").write_text("---\ntype: personne\n---\n")
    assert told(root) == []


def test_a_circle_of_notes_is_told_at_its_links(tmp_path: Path) -> None:
    notes = {f"{a}.md": f"---\nisPartOf: '[[{b}]]'\n---\n" for a, b in ("AB", "BC", "CA")}
    assert told(vault(tmp_path, {**notes, "herbier.toml": FRENCH})) == [
        "A.md:2:11: error link-cycle",
        "B.md:2:11: error link-cycle",
        "C.md:2:11: error link-cycle",
    ]


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_both_engines_tell_the_same(engine: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "Paris.md": "---\ntype: lieu\n---\n", "herbier.toml": FRENCH})
    assert told(root, "--engine", engine) == ["Ada.md:4:7: error reversed-dates"]


def test_the_language_is_that_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "herbier.toml": FRENCH})
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    for language, words in (("fr_CA.UTF-8", "précède"), ("en_GB.UTF-8", "before"), ("C", "before")):
        monkeypatch.setenv("LANG", language)
        assert words in run("check", root).out


def test_check_says_once_where_to_learn_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path, {"a.md": "[[rien]] [[rien]]\n", "herbier.toml": FRENCH})
    assert "to know more: herbier help dangling-link\n" in run("check", root).err
    (root / "b.md").write_text("---\nhumeur: bleu\n---\n[[rien]]", "utf-8")
    told = run("check", root, "--lang", "fr").err
    command = "pour en savoir plus\u202f: herbier help CODE --lang fr"
    more = f"{command}, où CODE est l’un de dangling-link (3), unknown-key (1)\n"
    assert told.count(more) == 1
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    assert more.replace(" --lang fr", "") in run("check", root).err
    assert "know more" not in run("check", root, "--format", "json").err
    (root / "b.md").write_text("", "utf-8")
    (root / "a.md").write_text("", "utf-8")
    assert "help" not in run("check", root).err


# --- what is accepted -----------------------------------------------------------------------------------------------


def test_a_note_accepts_a_problem(tmp_path: Path) -> None:
    accepts = LIFE.replace("---\ntype", "---\nherbier-ignore: [reversed-dates]\ntype", 1)
    root = vault(tmp_path, {"Ada.md": accepts, "Bob.md": LIFE, "Paris.md": "", "herbier.toml": FRENCH})
    assert told(root) == ["Bob.md:4:7: error reversed-dates"]
    assert "1 accepted" in run("check", root).err
    assert run("check", root / "Ada.md").code == 0


def test_a_vault_accepts_a_problem(tmp_path: Path) -> None:
    settings = f'{FRENCH}[check]\nignore = ["reversed-dates", "dangling-link"]\n'
    root = vault(tmp_path, {"Ada.md": LIFE, "b.md": "[[rien]]", "herbier.toml": settings})
    assert told(root) == []
    assert run("build", root, "-o", tmp_path / "x.ttl", "--base", "https://example.org/").code == 0


def test_a_code_that_is_none_is_told(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "---\nherbier-ignore: dangling-links\n---\n", "herbier.toml": FRENCH})
    (found,) = json.loads(run("check", root, "--format", "json").out)
    assert (found["code"], found["line"], found["hint"]) == ("bad-value", 2, "did you mean 'dangling-link'?")


# --- for programs ---------------------------------------------------------------------------------------------------


def test_strict_counts_warnings(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "[[rien]]", "herbier.toml": FRENCH})
    assert run("check", root).code == 0
    assert run("check", root, "--strict").code == 1


def test_a_shape_of_the_vault_that_is_broken_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = {"shapes/x.ttl": "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<a:b> sh:path", "herbier.toml": FRENCH}
    root = vault(tmp_path, {"Ada.md": LIFE, **files})
    assert [place for place in told(root) if "shape" in place] == ["shapes/x.ttl:2:14: error bad-shape"]
    assert "Ada.md:4:7: error reversed-dates" in told(root)


def test_a_vault_without_notes_says_so(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    ran = run("check", tmp_path / "v")
    assert ran.code == 0
    assert "no notes" in ran.err


# --- watching -------------------------------------------------------------------------------------------------------


def test_watch_checks_again_when_a_note_changes(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "[[rien]]\n", "herbier.toml": FRENCH})
    command = [sys.executable, "-m", "herbier", "check", str(root), "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout
        try:
            seen = _until(process, "waiting for changes")
            assert "no note is called 'rien'" in seen
            (root / "a.md").write_text("[[autre]]\n")
            assert "no note is called 'autre'" in _until(process, "waiting for changes")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def _until(process: subprocess.Popen[str], end: str) -> str:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if end in line:
            break
    return "".join(lines)
