"""Notes that were public once and are private now: each is withdrawn in a way of its own, in a vault with a ledger."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.conftest import run
from tests.leaks.marked import SETTINGS, Words

from herbier.ledger.ledger_file import read_ledger, start_ledger

LONG = "Ce texte est assez long pour que la note se reconnaisse à ce qu'elle dit, même si son en-tête a changé. "
PRIVATE = "private: true\n"


@dataclass(frozen=True)
class Once:
    """A note that is about to be withdrawn, in the folder of its vault."""

    root: Path
    name: str  # the stem of its file
    other: str  # a word for what it is called later

    @property
    def file(self) -> Path:
        return self.root / f"{self.name}.md"

    def write(self, front: str = "", text: str = "court", name: str = "") -> None:
        """Write the note, under its own name or another."""
        file = self.root / f"{name or self.name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}---\n{text}\n", "utf-8")


Steps = Iterator[None]  # after each of them the vault is built


def _marked(note: Once) -> Steps:
    note.write()
    yield
    note.write(PRIVATE)


def _titled(note: Once) -> Steps:
    note.write(f"title: {note.other}\naliases: [x{note.other}]\n", LONG)
    yield
    note.write(f"title: {note.other}\naliases: [x{note.other}]\n{PRIVATE}", LONG)


def _listed(note: Once) -> Steps:
    note.write()
    yield
    with (note.root / ".herbierignore").open("a") as ignored:
        ignored.write(f"{note.name}.md\n")


def _moved(note: Once) -> Steps:
    note.write()
    yield
    (note.root / "secret").mkdir(exist_ok=True)
    note.file.rename(note.root / "secret" / note.file.name)


def _moved_and_marked(note: Once) -> Steps:
    note.write()
    yield
    note.file.unlink()
    note.write(PRIVATE, "autre", f"rangé/{note.name}")


def _renamed_and_marked(note: Once) -> Steps:
    note.write("", LONG + note.name)
    yield
    note.file.unlink()
    note.write(PRIVATE, LONG + note.name, note.other)


def _renamed_with_an_alias(note: Once) -> Steps:
    note.write()
    yield
    note.file.unlink()
    note.write(f"aliases: [{note.name}]\n{PRIVATE}", "autre", note.other)


def _renamed_then_marked(note: Once) -> Steps:
    note.write("", LONG + note.name)
    yield
    note.file.rename(note.root / f"{note.other}.md")
    yield
    note.write(PRIVATE, LONG + note.name, note.other)


def _with_an_id(note: Once) -> Steps:
    note.write(f"id: {note.other}x\n")
    yield
    note.file.unlink()
    note.write(f"id: {note.other}x\n{PRIVATE}", "autre", note.other)


def _put_back(note: Once) -> Steps:
    note.write()
    yield
    note.file.unlink()
    yield
    note.write(PRIVATE, "autre")


def _given_a_slug(note: Once) -> Steps:
    note.write()
    yield
    note.write(f"slug: {note.other}\n")
    yield
    note.write(f"slug: {note.other}\n{PRIVATE}")


def _target_of_a_redirect(note: Once) -> Steps:
    note.write()
    note.write("", "ancien", note.other)
    yield
    (note.root / f"{note.other}.md").unlink()
    assert run("redirect", note.other, note.name, "--vault", note.root).code == 0
    yield
    note.write(PRIVATE)


def _redirected(note: Once) -> Steps:
    note.write()
    yield
    assert run("redirect", note.name, "accueil", "--vault", note.root).code == 0
    yield
    note.write(PRIVATE)


def _then_deleted(note: Once) -> Steps:
    note.write()
    yield
    note.write(PRIVATE)
    yield
    note.file.unlink()


def _in_a_title(note: Once) -> Steps:
    note.write()
    note.write(f"title: 'Sur [[{note.name}]]'\nslug: sur-une-note\n", "public", "Titrée")
    yield
    note.write(PRIVATE)


class Way(NamedTuple):
    """A way to withdraw a note; `renamed` tells that it is called by its other name, too."""

    steps: Callable[[Once], Steps]
    renamed: bool = False


WITHDRAWN = {
    "marked": Way(_marked),
    "with a title": Way(_titled, True),
    "listed in .herbierignore": Way(_listed),
    "moved into an ignored folder": Way(_moved),
    "moved and marked at once": Way(_moved_and_marked),
    "renamed and marked at once": Way(_renamed_and_marked, True),
    "renamed and marked, with its old name": Way(_renamed_with_an_alias, True),
    "renamed, then marked": Way(_renamed_then_marked, True),
    "known by its id": Way(_with_an_id, True),
    "deleted, and put back": Way(_put_back),
    "after its slug had changed": Way(_given_a_slug, True),
    "after another was merged into it": Way(_target_of_a_redirect, True),
    "after it was merged into another": Way(_redirected),
    "and then deleted": Way(_then_deleted),
    "named in the title of another": Way(_in_a_title),
}


@dataclass(frozen=True)
class Withdrawn:
    """A vault whose private notes were public once: their words, and the slugs that they had, by way."""

    root: Path
    words: dict[str, str]
    slugs: dict[str, set[str]]


def withdraw(root: Path, seed: int) -> Withdrawn:
    """Write a vault with a ledger, build it, and withdraw its notes one way each, building it after each step."""
    words = Words(Random(seed))
    root.mkdir(parents=True)
    (root / "herbier.toml").write_text(SETTINGS, "utf-8")
    (root / ".herbierignore").write_text("secret/\n", "utf-8")
    start_ledger(root)
    notes = {way: Once(root, words.new(f"{way}: name"), words.new(f"{way}: other name")) for way in WITHDRAWN}
    names = [note.name for note in notes.values()]
    names += [note.other for way, note in notes.items() if WITHDRAWN[way].renamed]
    links = "\n\n".join(f"[[{name}]] [[{name}|un mot]] ![[{name}.md]] [[ici/{name}]]" for name in names)
    (root / "Accueil.md").write_text(f"---\n---\n{links}\n", "utf-8")
    steps = {way: WITHDRAWN[way].steps(note) for way, note in notes.items()}
    slugs: dict[str, set[str]] = {way: set() for way in notes}
    while steps:
        steps = {way: step for way, step in steps.items() if next(step, True) is None}
        assert run("build", root, "-o", root.parent / "step.nq", "--jobs", "1").code in (0, 1)
        ledger = read_ledger(root)
        assert ledger is not None
        for way, note in notes.items():
            if way in steps:
                slugs[way] |= {e.slug for e in ledger.entries if {note.name, note.other} & {e.slug, e.target}}
    return Withdrawn(root, words.places, slugs)
