"""The hooks for pre-commit, run by pre-commit itself: what they let through, what they stop, when they are left out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import FRENCH, ROOT, Files, vault

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text("utf-8"))
SOUND: Files = {"Ada.md": "---\ntype: personne\n---\nVoir [[Ada]].\n", "herbier.toml": FRENCH}


def done(root: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, cwd=root, capture_output=True, text=True, timeout=60, check=False)


def commit(root: Path, files: Files) -> "subprocess.CompletedProcess[str]":
    """Commit files as a keeper of notes would, with the hooks installed."""
    vault(root, files)
    assert done(root, "git", "add", "--all").returncode == 0
    return done(root, "git", "commit", "--message", "notes")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault in git, with the hooks of the manifest but for the virtual environment, which needs the network."""
    if shutil.which("git") is None and os.environ.get("CI") != "true":
        pytest.skip("git is not installed")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    root = tmp_path / "notes"
    hooks = [{**hook, "language": "system"} for hook in HOOKS]
    settings = {"repos": [{"repo": "local", "hooks": hooks}]}
    vault(root, {".pre-commit-config.yaml": yaml.safe_dump(settings, sort_keys=False)})
    for words in ("git init --quiet", "git config user.name Ada", "git config user.email ada@example.org"):
        assert done(root, *words.split()).returncode == 0
    installed = done(root, sys.executable, "-m", "pre_commit", "install")
    assert installed.returncode == 0, installed.stderr
    return root


def test_pre_commit_takes_the_manifest() -> None:
    judged = done(ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST))
    assert (judged.returncode, judged.stderr) == (0, "")
    assert [hook["id"] for hook in HOOKS] == ["herbier-check", "herbier-fix"]


def test_a_commit_in_which_nothing_would_be_lost_goes_through(repository: Path) -> None:
    ran = commit(repository, {**SOUND, "b.md": "[[Absente]]\n"})
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.count("Passed") == 2
    assert done(repository, "git", "status", "--porcelain").stdout == ""


def test_a_commit_in_which_something_would_be_lost_is_stopped(repository: Path) -> None:
    ran = commit(repository, {**SOUND, "b.md": "---\ntype: personne\nnaissance: 1852\nmort: 1815\n---\n"})
    assert ran.returncode == 1
    assert "- hook id: herbier-check\n- exit code: 1\n" in ran.stderr
    assert "b.md:4:7: error: The date of death is before the date of birth. [reversed-dates]" in ran.stderr
    assert done(repository, "git", "log").returncode != 0  # there is no commit
    assert commit(repository, {"b.md": "---\ntype: personne\n---\n"}).returncode == 0


def test_a_commit_without_notes_is_not_looked_at(repository: Path) -> None:
    ran = commit(repository, {"photo.png": b"\x89PNG"})
    assert commit(repository, {"autre.png": b"\x89PNG"}).returncode == 0
    assert ran.returncode == 0
    assert "herbier fix" in ran.stderr
    assert ran.stderr.count("Skipped") == 1  # the settings of pre-commit are YAML, as those of a mapping are


def test_the_hook_of_fix_mends_what_is_committed_and_stops_the_commit(repository: Path) -> None:
    broken = "---\nvoir aussi: '[[Ada]]'\nvoir aussi: '[[b]]'\n---\n"
    ran = commit(repository, {**SOUND, "b.md": broken})
    assert ran.returncode == 1
    assert "- hook id: herbier-fix\n- files were modified by this hook\n" in ran.stderr
    assert (repository / "b.md").read_text("utf-8") == "---\nvoir aussi:\n- '[[Ada]]'\n- '[[b]]'\n---\n"
    assert commit(repository, {}).returncode == 0
