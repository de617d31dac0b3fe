"""What is known of notes that have not changed: the same as if they were read, and never out of date."""

import json
import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.conftest import FRENCH

from herbier.checking.check import check
from herbier.cli import main
from herbier.pipeline.naming import read_cards
from herbier.pipeline.opening import Vault, open_vault
from herbier.pipeline.progress import Progress
from herbier.pipeline.snapshot import Snapshot, read_snapshot
from herbier.pipeline.worker import NoteFile
from herbier.shapes import load_shapes

COUNT = 220


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a vault large enough for a cache, old enough to be trusted, with one note of each kind of trouble."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "herbier.toml").write_text(FRENCH, "utf-8")
    for number in range(COUNT):
        (folder / f"n{number}.md").write_text(f"---\ntype: concept\n---\n## Détails\n[[n{number + 1}]]", "utf-8")
    (folder / "secret.md").write_text("---\nprivate: true\n---\nZanzibar", "utf-8")
    (folder / "double.md").write_text("---\ntype: concept\ntype: lieu\n---\n[[# Détails]] ^bloc", "utf-8")
    (folder / "binaire.md").write_bytes(bytes(range(8)) * 100)
    monkeypatch.setattr("herbier.pipeline.cache._TOO_NEW", -1_000_000_000)
    return folder


def cache(vault: Path) -> Path:
    (file,) = (vault.parent / "cache" / "herbier").glob("*.sqlite")
    return file


def surveyed(vault: Path) -> Snapshot:
    return read_snapshot(open_vault(vault))


def read_files(vault: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Snapshot, list[str]]:
    """Survey a vault, and tell which files had to be read."""
    read: list[str] = []

    def reading(opened: Vault, files: Sequence[NoteFile], progress: Progress) -> object:
        read.extend(path for path, _ in files)
        return read_cards(opened, files, progress)

    with monkeypatch.context() as patch:
        patch.setattr("herbier.pipeline.snapshot.read_cards", reading)
        found = surveyed(vault)
    return found, read


def test_what_is_known_is_what_would_be_read(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold, read = read_files(vault, monkeypatch)
    assert len(read) == COUNT + 3
    warm, read = read_files(vault, monkeypatch)
    assert read == []
    assert warm.index.summaries == cold.index.summaries
    assert warm.index.slugs == cold.index.slugs
    assert warm.problems == cold.problems
    assert {"repeated-key", "binary-file"} <= {problem.code for problem in warm.problems}


def test_only_what_has_changed_is_read_again(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    surveyed(vault)
    (vault / "n7.md").write_text("---\ntitle: Autre titre\n---\n", "utf-8")
    (vault / "neuf.md").write_text("Neuf.", "utf-8")
    (vault / "n8.md").unlink()
    found, read = read_files(vault, monkeypatch)
    assert sorted(read) == ["n7.md", "neuf.md"]
    titles = {summary.path: summary.title for summary in found.index.summaries}
    assert titles["n7.md"] == "Autre titre"
    assert titles["neuf.md"] == "neuf"
    assert "n8.md" not in titles


def test_a_change_that_keeps_size_and_time_is_seen(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    surveyed(vault)
    file = vault / "n7.md"
    before = file.stat()
    file.write_text(file.read_text("utf-8").replace("Détails", "Détours"), "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    found, read = read_files(vault, monkeypatch)
    assert read == ["n7.md"]
    assert next(summary for summary in found.index.summaries if summary.path == "n7.md").headings == ("Détours",)


def test_a_file_just_written_is_not_trusted(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herbier.pipeline.cache._TOO_NEW", 60_000_000_000)
    surveyed(vault)
    _, read = read_files(vault, monkeypatch)
    assert len(read) == COUNT + 3


@pytest.mark.parametrize(
    "change",
    [
        lambda vault: (vault / "herbier.toml").write_text('language = "en"\n', "utf-8"),
        lambda vault: (vault / "herbier.ledger").write_text("", "utf-8"),
        lambda vault: (vault / "herbier.toml").write_text(f'{FRENCH}publish = "marked"\n', "utf-8"),
    ],
    ids=["language", "ledger", "publish"],
)
def test_other_settings_make_the_cache_void(vault: Path, monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    surveyed(vault)
    assert callable(change)
    change(vault)
    _, read = read_files(vault, monkeypatch)
    assert len(read) == COUNT + 3


def test_what_is_ignored_from_now_on_is_private(vault: Path) -> None:
    surveyed(vault)
    (vault / ".herbierignore").write_text("n7.md\n", "utf-8")
    assert next(summary for summary in surveyed(vault).index.summaries if summary.path == "n7.md").private


@pytest.mark.parametrize("data", [b"", b"{", b"SQLite format 3\0", b"\xff" * 5000])
def test_a_cache_that_cannot_be_read_is_none(vault: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    cold = surveyed(vault)
    cache(vault).write_bytes(data)
    warm, read = read_files(vault, monkeypatch)
    assert len(read) == COUNT + 3
    assert warm.index.summaries == cold.index.summaries


def test_rows_that_are_not_as_they_should_be_are_read_again(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = surveyed(vault)
    with closing(sqlite3.connect(cache(vault))) as connection, connection:
        connection.execute("UPDATE notes SET note = '[]'")
    warm, read = read_files(vault, monkeypatch)
    assert len(read) == COUNT + 3
    assert warm.index.summaries == cold.index.summaries


def test_the_cache_is_for_its_owner_alone(vault: Path) -> None:
    surveyed(vault)
    assert stat.S_IMODE(cache(vault).stat().st_mode) == 0o600
    assert stat.S_IMODE(cache(vault).parent.stat().st_mode) == 0o700


def test_a_cache_that_cannot_be_written_is_no_trouble(vault: Path) -> None:
    (vault.parent / "cache").write_text("no folder", "utf-8")
    assert len(surveyed(vault).index.summaries) == COUNT + 2


def test_a_small_vault_leaves_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "a.md").write_text("a", "utf-8")
    surveyed(tmp_path / "v")
    assert not (tmp_path / "cache").exists()


def test_check_of_one_note_tells_what_check_of_all_tells_of_it(vault: Path) -> None:
    told = check(open_vault(vault), load_shapes(vault)).problems
    for name in ("double.md", f"n{COUNT - 1}.md", "n3.md", "binaire.md", "secret.md"):
        result = CliRunner().invoke(main, ["check", str(vault / name), "--format", "json"])
        assert result.exit_code == (name == "binaire.md"), result.output
        assert json.loads(result.stdout) == [p.as_json() for p in told if p.path == name]
