"""What a check keeps from the last time makes no difference but in time, whatever has changed since."""

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import FRENCH, vault
from tests.keeper import NO_PARTS, Keeper, problems

import herbier.checking.check
from herbier.mapping.context import MappedNote, MappingContext
from herbier.mapping.mapper import map_note
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.vault.note import Note

FOUNDERS = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
<x:Founders> a sh:NodeShape ; sh:targetSubjectsOf schema:founder ; sh:property <x:founder> .
<x:founder> sh:path schema:founder ; sh:class schema:Person ; sh:message "no person"@en .
"""


@pytest.mark.parametrize(
    ("files", "changed", "text"),
    [
        # what X is makes A what it is, and so whether A can be a founder
        (
            {
                "O.md": "---\ntype: organisation\nfondateur: '[[A]]'\n---\n",
                "A.md": "---\ntype: '[[X]]'\n---\n",
                "shapes/x.ttl": FOUNDERS,
            },
            "X.md",
            ("---\ntype: personne\n---\n", "---\ntype: lieu\n---\n"),
        ),
        # and by way of another
        (
            {
                "O.md": "---\ntype: organisation\nfondateur: '[[A]]'\n---\n",
                "A.md": "---\ntype: '[[Y|un Y]]'\n---\n",
                "Y.md": "---\ntype: ['[[X]]']\n---\n",
                "shapes/x.ttl": FOUNDERS,
            },
            "X.md",
            ("---\ntype: personne\n---\n", "---\ntype: lieu\n---\n"),
        ),
        # what A says of B
        ({"B.md": "B", "shapes/x.ttl": NO_PARTS}, "A.md", ("---\nhasPart: '[[B]]'\n---\n", "A")),
        # a note that a concept names becomes a concept, for others too
        ({"O.md": "[[S]]", "C.md": "---\nsubClassOf: '[[S]]'\n---\n"}, "A.md", ("---\ntype: '[[S]]'\n---\n", "A")),
    ],
)
@pytest.mark.parametrize("back", [False, True])
def test_what_changes_in_one_note_is_told_of_others(
    files: dict[str, str], changed: str, text: tuple[str, str], back: bool, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
        patch.setattr("herbier.pipeline.cache._TOO_NEW", -(10**9))
        before, after = text[::-1] if back else text
        root = vault(tmp_path / "v", {**files, changed: before, "herbier.toml": FRENCH})
        first = problems(root, patch, tmp_path / "cache")
        (root / changed).write_text(after, "utf-8")
        assert problems(root, patch, tmp_path / "cache") == problems(root, patch, tmp_path / "cold")
        assert first == problems(vault(tmp_path / "w", {**files, changed: before, "herbier.toml": FRENCH}), patch,
                                 tmp_path / "other")  # fmt: skip


@given(st.integers(0, 2**32))
@settings(max_examples=12)
def test_what_is_kept_makes_no_difference(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
        patch.setattr("herbier.pipeline.snapshot.WORTH_A_CACHE", 0)
        patch.setattr("herbier.pipeline.cache._TOO_NEW", -(10**9))
        folder = tmp_path_factory.mktemp("v")
        root = vault(folder / "v", {"herbier.toml": f'{FRENCH}include = ["plus.ttl"]\n'})
        keeper = Keeper(root, Random(seed))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        for _ in range(8):
            keeper.change()
        for turn in range(6):
            for _ in range(keeper.random.randrange(3)):
                keeper.change()
                if keeper.random.randrange(2):
                    keeper.upset(folder / "cache")
            # what has changed a moment ago is kept, but not trusted
            patch.setattr("herbier.pipeline.cache._TOO_NEW", keeper.random.choice([-(10**9), 2 * 10**9]))
            warm = problems(root, patch, folder / "cache")
            cold = problems(root, patch, folder / f"cold{turn}")
            assert warm == cold
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))


# --- who else looks at the vault ------------------------------------------------------------------------------------

LINKED = {"a.md": "---\naliases: [Un]\n---\n", "b.md": "[[Un]] [[Deux]]", "herbier.toml": FRENCH}
OTHER_ALIAS = "---\naliases: [Deux]\n---\n"


@pytest.fixture
def linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a vault that was checked, whose cache is trusted at once."""
    monkeypatch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
    monkeypatch.setattr("herbier.pipeline.snapshot.WORTH_A_CACHE", 0)
    monkeypatch.setattr("herbier.pipeline.cache._TOO_NEW", -(10**9))
    root = vault(tmp_path / "v", LINKED)
    problems(root, monkeypatch, tmp_path / "cache")
    return root


def test_what_another_command_reads_hides_no_change(linked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (linked / "a.md").write_text(OTHER_ALIAS, "utf-8")
    read_snapshot(open_vault(linked))
    (linked / "c.md").write_text("", "utf-8")
    read_snapshot(open_vault(linked))
    (linked / "c.md").unlink()
    read_snapshot(open_vault(linked))
    told, _ = problems(linked, monkeypatch, linked.parent / "cache")
    assert [(one.path, one.column) for one in told if one.code == "dangling-link"] == [("b.md", 1)]
    assert (told, _) == problems(linked, monkeypatch, linked.parent / "cold")


@pytest.mark.parametrize("where", ["read_notes", "judge_whole"])
def test_a_check_during_a_check_makes_no_difference(where: str, linked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(herbier.checking.check, where)
    cache = linked.parent / "cache"

    def interrupted(*arguments: object) -> object:
        with monkeypatch.context() as patch:
            patch.setattr(f"herbier.checking.check.{where}", original)
            (linked / "a.md").write_text(OTHER_ALIAS, "utf-8")
            problems(linked, patch, cache)
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(f"herbier.checking.check.{where}", interrupted)
        (linked / "b.md").write_text("[[Deux]] [[Un]] [[Un]]", "utf-8")
        problems(linked, patch, cache)
    for _ in range(2):
        assert problems(linked, monkeypatch, cache) == problems(linked, monkeypatch, linked.parent / "cold")
        (linked / "b.md").write_text("[[Deux]]", "utf-8")


def test_only_what_has_changed_is_mapped_again(linked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mapped: list[str] = []

    def watched(note: Note, number: int, context: MappingContext) -> MappedNote:
        mapped.append(note.path)
        return map_note(note, number, context)

    monkeypatch.setattr("herbier.checking.check_worker.map_note", watched)
    cache = linked.parent / "cache"
    problems(linked, monkeypatch, cache)
    assert mapped == []
    (linked / "b.md").write_text("[[Un]]", "utf-8")
    problems(linked, monkeypatch, cache)
    assert set(mapped) == {"b.md"}
    mapped.clear()
    (linked / "a.md").write_text(OTHER_ALIAS, "utf-8")
    problems(linked, monkeypatch, cache)
    assert set(mapped) == {"a.md", "b.md"}


OLD = """CREATE TABLE conditions (part TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE notes (path BLOB, ignored INTEGER, stamp TEXT, note TEXT, told TEXT, shared TEXT, names TEXT,
    PRIMARY KEY (path, ignored)) WITHOUT ROWID;
INSERT INTO notes VALUES ('a.md', 0, '', '[]', '[]', '[]', '');
"""


def test_a_cache_of_another_version_is_begun_anew(linked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = linked.parent / "cache"
    (file,) = (cache / "herbier").glob("*.sqlite")
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(OLD)
    cold = problems(linked, monkeypatch, linked.parent / "cold")
    assert problems(linked, monkeypatch, cache) == cold
    with monkeypatch.context() as patch:
        patch.setattr("herbier.checking.check_worker.map_note", None)  # nothing has to be mapped
        assert problems(linked, patch, cache) == cold
