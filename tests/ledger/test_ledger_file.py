"""The file of the ledger: conflicts, edits by hand, and that no IRI is ever given twice."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import BASE
from tests.ledger.test_addresses_that_last import LONG, pressed, run, slugs, states, write

from herbier.ledger.ledger_file import Ledger, parse, read_ledger, render, start_ledger
from herbier.pipeline.opening import open_vault
from herbier.problems import HerbierError


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    start_ledger(tmp_path)
    return tmp_path


# --- the file -------------------------------------------------------------------------------------------------------


def test_a_conflict_of_git_is_told_and_both_sides_count(vault: Path) -> None:
    write(vault, "a.md", "Un.")
    write(vault, "b.md", "Deux.")
    slugs(vault)
    rows = [row for row in (vault / "herbier.ledger").read_text("utf-8").splitlines() if not row.startswith("#")]
    text = f"# h\n<<<<<<< ours\n{rows[0]}\n=======\n{rows[1]}\n>>>>>>> theirs\n"
    write(vault, "herbier.ledger", text)
    _, built = pressed(vault)
    assert [(p.code, p.path, p.line) for p in built.problems] == [("ledger-conflict", "herbier.ledger", 2)]
    assert slugs(vault) == {"a.md": "a", "b.md": "b"}
    assert pressed(vault)[1].problems == []


def test_a_line_that_cannot_be_read_is_told_kept_and_its_slug_is_not_given_again(vault: Path) -> None:
    write(vault, "herbier.ledger", "quelque-chose écrit à la main\nb\tlive\n")
    write(vault, "Quelque chose.md", "Un.")
    _, built = pressed(vault)
    told = [(p.code, p.line) for p in built.problems if p.path == "herbier.ledger"]
    assert told == [("bad-ledger", 1), ("bad-ledger", 2)]
    assert slugs(vault)["Quelque chose.md"] != "quelque-chose"
    kept = (vault / "herbier.ledger").read_text("utf-8").splitlines()
    assert "quelque-chose écrit à la main" in kept
    assert "b\tlive" in kept


def test_one_note_with_two_slugs_keeps_the_first_and_the_other_leads_there(vault: Path) -> None:
    write(vault, "a.md", "Un.")
    write(vault, "herbier.ledger", "a\tlive\tx\ta.md\nb\tlive\tx\ta.md\n")
    _, built = pressed(vault)
    assert [p.code for p in built.problems] == ["ledger-conflict"]
    assert slugs(vault) == {"a.md": "a"}
    assert states(vault) == {"a": "live", "b": "merged"}


@pytest.mark.parametrize("slug", ["Pas Un Slug", "../x", "a/b", "é", ""])
def test_a_line_whose_slug_is_none_is_told_and_kept(slug: str, vault: Path) -> None:
    write(vault, "a.md", "Un.")
    write(vault, "herbier.ledger", f"{slug}\tlive\tx\ta.md\n")
    _, built = pressed(vault)
    assert [(p.code, p.line) for p in built.problems] == [("bad-ledger", 1)]
    assert f"{slug}\tlive\tx\ta.md" in (vault / "herbier.ledger").read_text("utf-8").splitlines()
    assert slugs(vault) == {"a.md": "a"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("b\tmerged\tc\nc\tmerged\tb\n", [2, 3]),  # two branches, each with a merge of its own
        ("b\tmerged\tc\nc\tmerged\td\nd\tmerged\tb\n", [2, 3, 4]),
        ("b\tmerged\tnulle-part\n", [2]),
        ("b\tmerged\tc\nc\tmerged\ta\n", []),
    ],
)
def test_a_slug_that_leads_astray_is_told_and_can_be_mended(lines: str, told: list[int], vault: Path) -> None:
    write(vault, "a.md", "Un.")
    write(vault, "herbier.ledger", f"a\tlive\tx\ta.md\n{lines}")
    data, built = pressed(vault)
    assert [(p.code, p.line) for p in built.problems] == [("ledger-conflict", line) for line in told]
    assert ("isReplacedBy" in data) == (len(told) < 2)
    if told:
        assert run("redirect", "b", "a", "--vault", vault).exit_code == 0
        data, built = pressed(vault)
        assert [p.code for p in built.problems] == []
        assert f"{BASE}id/b> <http://purl.org/dc/terms/isReplacedBy> <{BASE}id/a>" in data


def test_one_slug_for_two_notes_is_given_to_one(vault: Path) -> None:
    write(vault, "x/Guide.md", "Un.")
    write(vault, "y/Guide.md", "Deux.")
    write(vault, "herbier.ledger", "guide\tlive\t1\tx/Guide.md\nguide\tlive\t2\ty/Guide.md\n")
    _, built = pressed(vault)
    assert "ledger-conflict" in [p.code for p in built.problems]
    assert slugs(vault) == {"x/Guide.md": "guide", "y/Guide.md": "y-guide"}


def test_a_ledger_that_is_a_symbolic_link_stops_the_build(tmp_path: Path) -> None:
    write(tmp_path, "autre/l", "")
    (tmp_path / "herbier.ledger").symlink_to(tmp_path / "autre" / "l")
    with pytest.raises(HerbierError, match="symbolic link"):
        open_vault(tmp_path)


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), max_size=5))
@settings(max_examples=50)
def test_the_file_gives_back_what_was_written(found: list[tuple[str, str, str]]) -> None:
    rows = [f"n{number}\tlive\tx\tp" for number in range(len(found))]
    ledger = parse("\n".join(rows))
    entries = tuple(
        type(entry)(entry.slug, "live", f"{number}{path}", id_, "x", (title,))
        for number, (entry, (path, id_, title)) in enumerate(zip(ledger.entries, found, strict=False))
    )
    written = render(Ledger(entries))
    again = parse(written)
    assert not again.problems
    assert again.entries == tuple(sorted(entries))
    assert render(again) == written
    assert parse(written.replace("\n", "\r\n")).entries == again.entries


# --- whatever happens -----------------------------------------------------------------------------------------------


class Keeper:
    """Does to a vault what note keepers do, and knows which note is which: each has a word of its own."""

    def __init__(self, vault: Path, random: Random) -> None:
        self.vault = vault
        self.random = random
        self.notes: dict[str, str] = {}  # path to the note's word
        self.slugs: dict[str, str] = {}  # word to the slug it was first given
        self.led: dict[str, str] = {}  # slug to the slug it was merged into
        self.count = 0
        self.touched: set[str] = set()

    def path(self) -> str:
        folder = self.random.choice(["", "x/", "y/"])
        return f"{folder}{self.random.choice(['Ada', 'ada', 'Bob', 'Cercle'])}{self.random.choice(['', ' 2'])}.md"

    def write(self, path: str, word: str) -> None:
        title = self.random.choice(["", "title: Ada\n", "title: Bob\n"])
        id_ = f"id: {word}\n" if int(word[3:]) % 2 else ""
        write(self.vault, path, f"---\n{title}{id_}---\nLe mot de cette note est {word}. {LONG}{word}")

    def add(self) -> None:
        path = self.path()
        if path not in self.notes and path not in self.touched:
            self.count += 1
            self.notes[path] = f"mot{self.count}"
            self.write(path, self.notes[path])
            self.touched.add(path)

    def rename(self) -> None:
        free = self.path()
        if self.notes and free not in self.notes and free not in self.touched:
            old = self.random.choice(sorted(self.notes))
            if old not in self.touched:
                (self.vault / free).parent.mkdir(exist_ok=True)
                (self.vault / old).rename(self.vault / free)
                self.notes[free] = self.notes.pop(old)
                self.touched.add(free)  # the old path may be taken by a new note at once

    def retitle(self) -> None:
        if self.notes:
            path = self.random.choice(sorted(self.notes))
            if path not in self.touched:
                self.write(path, self.notes[path])
                self.touched.add(path)

    def delete(self) -> None:
        if self.notes:
            path = self.random.choice(sorted(self.notes))
            if path not in self.touched:
                (self.vault / path).unlink()
                del self.notes[path]
                self.touched.add(path)  # a new note there at once would be the old one, changed

    def merge(self) -> None:
        known = sorted(path for path, word in self.notes.items() if word in self.slugs and path not in self.touched)
        if len(known) > 1:
            old, new = self.random.sample(known, 2)
            before, after = self.slugs[self.notes[old]], self.slugs[self.notes[new]]
            result = run("redirect", before, after, "--vault", self.vault)
            assert result.exit_code == 0, result.output
            (self.vault / old).unlink()
            del self.notes[old]
            self.touched |= {old, new}
            self.led[before] = after

    def holds(self) -> None:
        found = slugs(self.vault)
        assert set(found) == set(self.notes)
        assert len(set(found.values())) == len(found), "one IRI for two notes"
        for path, word in self.notes.items():
            assert self.slugs.setdefault(word, found[path]) == found[path], "two IRIs for one note"
        assert len(set(self.slugs.values())) == len(self.slugs), "an IRI given again"
        there = states(self.vault)
        ledger = read_ledger(self.vault)
        assert ledger is not None
        for word, slug in self.slugs.items():
            merged = slug in self.led
            assert there[slug] == ("live" if word in self.notes.values() else "merged" if merged else "gone")
            if merged:
                assert ledger.find(ledger.leads_to(slug)) is not None
        self.touched.clear()


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_no_iri_is_ever_given_to_two_notes_and_no_note_has_ever_two(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    random = Random(seed)
    keeper = Keeper(tmp_path_factory.mktemp("v"), random)
    start_ledger(keeper.vault)
    for _ in range(random.randint(2, 8)):
        for _ in range(random.randint(1, 8)):
            random.choice([keeper.add, keeper.add, keeper.rename, keeper.retitle, keeper.delete, keeper.merge])()
        keeper.holds()
