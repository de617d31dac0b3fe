"""`herbier init`: the herbier.toml that it writes, what it asks and of whom, and what it leaves alone."""

import os
import pty
import re
import resource
import select
import signal
import subprocess
import time
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import BASE, Files, build_notes, command, facts, run, spawn, vault

from herbier.config import Settings, load_settings
from herbier.pipeline.opening import open_vault

FRENCH_NOTES: Files = {
    "Ada.md": "---\ntype: personne\ntilte: x\n---\nAda Lovelace est une mathématicienne du siècle de la vapeur.\n",
    "Analyse.md": "La machine analytique a été imaginée par Charles Babbage au dix-neuvième siècle.\n",
    "Notes.md": "This one is written in English, unlike the others that stand beside it in the folder.\n",
}
GIVEN = {
    "--base": "https://example.org/notes",
    "--title": 'L\'herbier "Œuvre" \\ été',
    "--language": "FR",
    "--license": "cc by 4.0",
    "--publisher": "Zoë \\n Ünal",
}
_SETTING = re.compile(r'(?:# )?(\[[\w.]+\]|"?\w+"? = .*)')


def words(options: dict[str, str]) -> list[str]:
    return [word for option in options.items() for word in option]


def settings(root: Path) -> Settings:
    found, problems = load_settings(root)
    assert problems == []
    return found


# --- the file -------------------------------------------------------------------------------------


def test_what_is_given_is_what_is_read(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    ran = run("init", root, *words(GIVEN))
    assert ran.code == 0
    found = settings(root)
    assert found.base == "https://example.org/notes/"
    assert found.title == GIVEN["--title"]
    assert found.language == "fr"
    assert found.license == "https://creativecommons.org/licenses/by/4.0/"
    assert found.publisher == GIVEN["--publisher"]
    assert open_vault(root).problems == ()
    assert "machine only" not in ran.err


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1).map(str.strip).filter(bool)
)
def test_titles_of_any_characters_come_back(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    root = tmp_path_factory.mktemp("v")
    assert run("init", root, "--title", title, "--publisher", title).code == 0
    found = open_vault(root).settings
    normal = unicodedata.normalize("NFC", title)
    assert found.title == found.publisher == normal


@pytest.mark.parametrize(
    ("language", "word"),
    [("fr", "Les réglages de ce coffre"), ("fr-CA", "Les réglages"), ("en", "The settings of this vault")],
)
def test_every_line_is_told_in_the_language_of_the_vault(language: str, word: str, tmp_path: Path) -> None:
    run("init", tmp_path, "--language", language)
    text = (tmp_path / "herbier.toml").read_text("utf-8")
    assert text.startswith(f"# {word}")
    for block in text.strip().split("\n\n")[1:]:
        said, *rest = block.splitlines()
        assert said.startswith("# ")
        assert not _SETTING.fullmatch(said)
        assert any(map(_SETTING.fullmatch, rest)), block


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_examples_load_where_they_are_taken(language: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"données/plus.ttl": "", "data/more.ttl": ""})
    run("init", root, "--language", language)
    file = root / "herbier.toml"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join(re.sub("^# ", "", line) if _SETTING.fullmatch(line) else line for line in lines), "utf-8")
    table: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    assert set(table) == {
        *("base", "title", "language", "license", "publisher", "include", "publish"),
        *("languages", "limits", "mapping"),
    }
    opened = open_vault(root)
    assert opened.problems == ()
    assert opened.settings.publish == "marked"


def test_what_is_not_chosen_leaves_the_defaults(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    before = build_notes(root).data
    run("init", root, "--language", "", "--title", "")
    assert settings(root) == Settings()
    assert build_notes(root).data == before


# --- without a terminal ---------------------------------------------------------------------------


@pytest.mark.parametrize("options", [[], ["--yes"]])
def test_without_a_terminal_the_vault_tells_what_is_not_given(options: list[str], tmp_path: Path) -> None:
    root = vault(tmp_path / "Mes notes", FRENCH_NOTES)
    done = spawn("init", root, *options, timeout=30)
    assert done.returncode == 0
    assert settings(root) == Settings(title="Mes notes", language="fr")
    told = done.stderr.decode()
    assert "no base is set" in told
    assert "1 en" in told  # that note is French from now on, unless it says otherwise


def test_it_shows_the_inventory_and_what_to_do_next(tmp_path: Path) -> None:
    root = vault(tmp_path / "Mes notes", FRENCH_NOTES)
    ran = run("init", root)
    assert "Keys: 2 in 3 notes, 1 unknown" in ran.out
    assert "[mapping.keys.tilte]" in ran.out
    assert [line.split("    ")[1] for line in ran.out.splitlines()[-3:]] == [
        f"herbier check '{root}'",
        f"herbier learn '{root}'",
        f"herbier serve '{root}'",
    ]
    assert ran.out.startswith(run("inventory", root).out)


def test_the_ledger_is_started_and_no_note_is_changed(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    run("init", root)
    assert {path.name for path in root.iterdir()} == {*FRENCH_NOTES, "herbier.toml", "herbier.ledger"}
    assert {name: (root / name).read_text("utf-8") for name in FRENCH_NOTES} == FRENCH_NOTES


def test_addresses_last_from_init_on(tmp_path: Path) -> None:
    """A note that is renamed before the first build keeps the address that init registered; a private one has none."""
    root = vault(tmp_path, {"La Peste.md": "Un roman de Camus.\n", "Secret.md": "---\nprivate: true\n---\nTu.\n"})
    run("init", root)
    assert "Secret" not in (root / "herbier.ledger").read_text("utf-8")
    (root / "La Peste.md").rename(root / "Peste.md")
    (root / "Autre.md").write_text("---\nslug: la-peste\n---\n", "utf-8")
    assert {"id/la-peste"} == {fact.split()[0] for fact in facts(root) if ' schema:name "Peste"' in fact}
    registered = (root / "herbier.ledger").read_bytes()
    run("init", root)
    assert (root / "herbier.ledger").read_bytes() == registered


def test_an_empty_vault_and_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vide").mkdir()
    monkeypatch.chdir(tmp_path / "vide")
    ran = run("init")
    assert ran.code == 0
    assert "Keys: 0 in 0 notes" in ran.out
    assert settings(tmp_path / "vide") == Settings(title="vide")


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000/", "http://localhost/x/"])
def test_a_base_of_this_machine_is_warned_of(base: str, tmp_path: Path) -> None:
    ran = run("init", tmp_path, "--base", base)
    assert ran.code == 0
    assert f"addresses that begin with {base} hold on this machine only" in ran.err


@pytest.mark.parametrize(
    "options",
    [
        ["--base", "example.org"],
        ["--base", "ftp://example.org/"],
        ["--base", "https://example.org/?q"],
        ["--language", "français"],
        ["--title", os.fsdecode(b"\xff")],
    ],
)
def test_a_value_that_cannot_be_used_is_told_in_one_line_and_nothing_is_written(
    options: list[str], tmp_path: Path
) -> None:
    root = vault(tmp_path, FRENCH_NOTES)
    ran = run("init", root, *options)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"error: {options[0]} should be ")
    assert {path.name for path in root.iterdir()} == set(FRENCH_NOTES)


def test_a_vault_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    ran = run("init", tmp_path / "absent")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert not (tmp_path / "absent").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    root.chmod(0o500)
    ran = run("init", root)
    root.chmod(0o700)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "could not be written" in ran.err


def _no_room() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def test_a_disk_without_room_leaves_no_half_file(tmp_path: Path) -> None:
    """Also as root, who may write anywhere."""
    root = vault(tmp_path / "notes", {"a.md": ""})
    done = subprocess.run(command("init", root), capture_output=True, preexec_fn=_no_room, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(rb"error: .*herbier\.toml could not be written: .*\n", done.stderr)
    assert {path.name for path in root.iterdir()} == {"a.md"}


# --- a file that is there -------------------------------------------------------------------------

OLD = 'title = "avant"\npublish = "marked"\nbase = "https://a.example/"\ninclude = ["plus.ttl"]\n'


def test_a_file_that_is_there_is_kept_and_the_rest_is_done(tmp_path: Path) -> None:
    root = vault(tmp_path, {**FRENCH_NOTES, "herbier.toml": OLD})
    ran = run("init", root, "--title", "autre")
    assert ran.code == 0
    assert (root / "herbier.toml").read_text() == OLD
    assert "kept as it is" in ran.err
    assert "--title" in ran.err.split("not written")[1]
    assert "Keys: 0 in 0 notes" in ran.out  # no note is marked
    assert (root / "herbier.ledger").is_file()


def test_force_keeps_the_old_file_beside_and_what_it_keeps_back(tmp_path: Path) -> None:
    root = vault(tmp_path, {**FRENCH_NOTES, "plus.ttl": "", "herbier.toml": OLD})
    ran = run("init", root, "--force", "--language", "fr")
    assert ran.code == 0
    found = settings(root)
    assert (found.title, found.base, found.language) == ("avant", "https://a.example/", "fr")
    assert found.publish == "marked"
    assert (root / "herbier.toml.1.old").read_text() == OLD
    assert "does not have: include" in ran.err
    run("init", root, "--force", "--title", "après")
    assert settings(root).title == "après"
    assert {path.name for path in root.glob("*.old")} == {"herbier.toml.1.old", "herbier.toml.2.old"}


def test_a_broken_file_is_told_and_kept(tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": "title = "})
    ran = run("init", root)
    assert ran.code == 0
    assert "not valid TOML" in ran.err
    assert (root / "herbier.toml").read_text() == "title = "


# --- on a terminal --------------------------------------------------------------------------------


def on_terminal(root: Path, answers: list[str], *options: str) -> tuple[int, str]:
    """Run init on a terminal, answer each question as it comes, and return the exit code and what it said."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "100", "TERM": "dumb"}
    with subprocess.Popen(
        command("init", root, *options), stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        told, rest, deadline = b"", list(answers), time.monotonic() + 60
        asked = 0
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.2)[0]:
                continue
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how Linux tells the end of a terminal
                break
            told += piece
            prompts = len(re.findall(rb": $|: (?=\r?\n)", told[asked:]))
            if rest and prompts and told.endswith(b": "):
                asked = len(told)
                os.write(ours, f"{rest.pop(0)}\n".encode())
        os.close(ours)
        code = process.wait(30)
    assert rest == [], told.decode()
    return code, told.decode()


def test_on_a_terminal_it_asks_and_enter_takes_the_default(tmp_path: Path) -> None:
    root = vault(tmp_path / "Mes notes", FRENCH_NOTES)
    code, told = on_terminal(root, ["", "", "", "", ""])
    assert code == 0
    assert "Title of the vault [Mes notes]: " in told
    assert "[fr]: " in told
    assert "CC BY 4.0" in told
    assert settings(root) == Settings(title="Mes notes", language="fr")


def test_on_a_terminal_a_bad_answer_is_asked_again(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    answers = ["pas une adresse", "https://example.org/été", "Été", "-", "CC0", "Zoë"]
    code, told = on_terminal(root, answers)
    assert code == 0
    assert 'Error: it should be an address such as "https://example.org/vault/"' in told
    found = settings(root)
    assert (found.base, found.title, found.language) == ("https://example.org/été/", "Été", "")
    assert found.license == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert found.publisher == "Zoë"


def test_on_a_terminal_what_is_given_is_not_asked(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    code, told = on_terminal(root, ["", "Zoë"], "--base", "https://example.org/", "--title", "T", "--language", "en")
    assert code == 0
    assert "Title" not in told
    assert settings(root) == Settings("https://example.org/", "T", "en", publisher="Zoë")


def test_with_yes_a_terminal_is_not_asked(tmp_path: Path) -> None:
    root = vault(tmp_path / "notes", FRENCH_NOTES)
    code, told = on_terminal(root, [], "--yes")
    assert code == 0
    assert "Press Enter" not in told
    assert settings(root).base == BASE
