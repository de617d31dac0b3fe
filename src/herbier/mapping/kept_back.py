"""Whether a note is kept back: what it says in its front matter, its tags, its folders and its first lines."""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, takewhile
from typing import Final, NamedTuple

from herbier.config import FILE, Settings
from herbier.mapping.privacy import HIDES, OF_THE_NOTE, SHOWS, UNCLEAR, WORD, Meant, PrivacyTable
from herbier.problems import Problem, problem, words
from herbier.terms import clean, plain_name, shown
from herbier.vault.fields import DEEPEST, Field, Scalar
from herbier.vault.head import LINES, resembles
from herbier.vault.note import Note


class Verdict(NamedTuple):
    """Whether a note is kept back, whether it is marked as public, and what is to be reported."""

    private: bool
    marked: bool
    problems: list[Problem]


def judge(note: Note, table: PrivacyTable, tags: Iterable[tuple[str, int, int]], settings: Settings) -> Verdict:
    """Return what a note says of its privacy; `tags` are its tags with their places."""
    found = _Judged(note, table, frozenset(map(plain_name, settings.harmless)))
    for said in note.fields:
        found.field(said, True, 0)
    for name, line, column in tags:
        found.tag(name, line, column)
    found.folders()
    if note.lost:
        found.lost(note.lost)
    if not found.private:
        found.body(note)
    return Verdict(found.private, found.marked, [] if found.sure else found.problems)


class _Judged:
    """Gathers what a note says of its privacy."""

    def __init__(self, note: Note, table: PrivacyTable, ignored: frozenset[str]) -> None:
        self.path = note.path
        self.table = table
        self.ignored = ignored
        self.private = False
        self.marked = False
        self.problems: list[Problem] = []
        self.reported = False
        self.sure = False  # that the note says so plainly, so that there is nothing to report

    def field(self, said: Field, whole: bool, depth: int) -> None:
        meant = self.table.meant(said.key)
        if meant and (plain_name(said.key) in self.ignored or (not meant.row.nested and not whole)):
            meant = None
        for value in said.values:
            if isinstance(value, Scalar):
                if meant:
                    self.answer(said.key, meant, value)
            elif depth < DEEPEST:
                if meant and meant.exact and meant.row.otherwise == "hide":
                    self.unclear(said.key, "", value.line, value.column)
                inner = whole and plain_name(said.key) in OF_THE_NOTE
                for one in value.fields:
                    self.field(one, inner, depth + 1)

    def answer(self, key: str, meant: Meant, value: Scalar) -> None:
        said = meant.answer(value.text)
        if said == HIDES:
            self.private = self.sure = True
        elif said == SHOWS:
            self.marked = self.marked or meant.row.marks
        elif said == UNCLEAR:
            self.unclear(key, value.text, value.line, value.column)

    def unclear(self, key: str, text: str, line: int, column: int) -> None:
        self.private = True
        if not text.strip():
            message = words("{key} has no answer, so the note is kept back", key=key)
        else:
            message = words(
                "{key}: {written!r} may mean that the note is not for all, so it is kept back",
                key=key,
                written=text.strip()[:50],
            )
        hint = words(
            "write {key}: true or {key}: false; where it says nothing of the kind, in {file}: "
            "[privacy] harmless = [{name}]",
            key=key,
            file=FILE,
            name=f'"{key}"',
        )
        self.report(line, column, message, hint)

    def tag(self, name: str, line: int, column: int) -> None:
        last = plain_name(name.rpartition("/")[2])
        if last in self.table.tags and last not in self.ignored:
            self.private = True
            message = words("the tag {name!r} keeps the note back", name=name)
            self.report(line, column, message, self.hint(name))

    def folders(self) -> None:
        for folder in clean(self.path).split("/")[:-1]:
            name = plain_name(folder)
            if name in self.table.folders and name not in self.ignored:
                self.private = True
                message = words("the folder {name!r} keeps its notes back", name=shown(folder))
                self.report(0, 0, message, self.hint(folder))
                return

    def lost(self, text: str) -> None:
        """Look for words of privacy in what could not be read; one of them is enough."""
        for key, answer in _keys_in(text):
            meant = self.table.meant(key)
            if (
                meant
                and plain_name(key) not in self.ignored
                and (meant.row.otherwise == "hide" or meant.answer(answer))
            ):
                self.private = True
        self.private = self.private or bool(self.word_in(text))

    def word_in(self, text: str) -> str:
        """Return the first word of a text that is a key of privacy, "" where there is none."""
        words = ((word, self.table.keys.get(plain_name(word))) for word in WORD.findall(text))
        found = (
            word for word, row in words if row and row.otherwise == "hide" and plain_name(word) not in self.ignored
        )
        return next(found, "")

    def body(self, note: Note) -> None:
        """Look for answers that keep a note back among the first lines of the text: they may be of a head not read."""
        lines = note.source[:_MOST_BYTES].split(b"\n", LINES)[:LINES]
        first = _first_paragraph(lines)
        if resembles(first) and (word := self.word_in(first)):
            self.in_text(note, next(n for n, line in enumerate(lines) if line.strip()), word)
            return
        fence = before = b""
        for number, line in enumerate(lines):
            if (
                before.startswith(b"--")
                and plain_name(line.decode("utf-8", "ignore")) in self.table.tags - self.ignored
            ):
                self.in_text(note, number, line.decode("utf-8", "ignore").strip())
                return
            before = line.strip()
            if before.startswith((b"```", b"~~~")):  # a note that begins with code may have its head there
                if not fence and any(map(bytes.strip, lines[:number])):
                    fence = before[:3]
                elif fence and before.startswith(fence):
                    fence = b""
            elif (
                not fence
                and (b":" in line or b"=" in line)
                and (match := _LINE_KEY.match(line.decode("utf-8", "ignore")))
            ):
                meant = self.table.meant(match[1])
                answer = match.string[match.end() :].strip(" \t\"'`,;}])-–—>*_")
                sure = meant and not meant.near and not meant.negated and meant.row.answer(answer) == HIDES
                if sure and plain_name(match[1]) not in self.ignored:
                    self.in_text(note, number, match[1])
                    return

    def in_text(self, note: Note, number: int, key: str) -> None:
        self.private = True
        message = words("{key!r} stands in the text and says that the note is not for all, so it is kept back", key=key)
        hint = words("write it into the front matter, between two lines of ---")
        self.report(note.first_line + number, 1, message, hint, "unread-front-matter")

    def hint(self, name: str) -> str:
        return words("where it says nothing of the kind, in {file}: [privacy] harmless = [{name}]", file=FILE,
                     name=f'"{name}"')  # fmt: skip

    def report(self, line: int, column: int, message: str, hint: str, code: str = "kept-back") -> None:
        if not self.reported:
            self.reported = True
            self.problems.append(problem(code, shown(self.path), line, column, message, hint))


_MOST_BYTES: Final = 6000
_LINE_KEY: Final = re.compile(
    r"""^[\s>+*.#?!<%:\-"'`{(\[]*([^\W\d_][\w .\-/]{0,60}?)["'`\])]*\s*(?:::?|=|：)""", re.UNICODE
)


def _keys_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be a key in lines that could not be read, wherever in them it stands, and what follows it."""
    for line in text.split("\n"):
        for piece in [line, *re.split(r"[,;{\[(]", line)[1:]]:
            if match := _LINE_KEY.match(piece):
                yield match[1], piece[match.end() :].strip(" \t\"'`,;}])->")


def _first_paragraph(lines: list[bytes]) -> str:
    written = [line.decode("utf-8", "ignore").strip() for line in lines]
    return "\n".join(takewhile(bool, dropwhile(lambda line: not line, written)))
