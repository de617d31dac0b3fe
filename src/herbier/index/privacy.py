"""Whether a note is kept back: what it says in its front matter, its tags, its folders and its first lines."""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, pairwise, takewhile
from typing import Final, NamedTuple

from herbier.config import FILE, Settings
from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import plain_name
from herbier.rules.privacy_words import HIDES, OF_THE_NOTE, SHOWS, UNCLEAR, WORD, PrivacyMeaning, PrivacyTable
from herbier.text import clean, shown
from herbier.vault.fields import DEEPEST, Field, Scalar, scalars
from herbier.vault.head import LINES, resembles
from herbier.vault.note import MOST_BYTES, Note


class Verdict(NamedTuple):
    """Whether a note is kept back, whether it is marked as public, what is to be reported, and what keeps it back.

    `why` is for the keeper alone, "" where nothing does.
    """

    private: bool
    marked: bool
    problems: list[Problem]
    why: str = ""


def judge_privacy(note: Note, table: PrivacyTable, tags: Iterable[tuple[str, int, int]], settings: Settings) -> Verdict:
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
    why = found.why or next((told.message for told in found.problems), "")
    return Verdict(found.private, found.marked, [] if found.sure else found.problems, why if found.private else "")


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
        self.why = ""
        self.sure = False  # that the note says so plainly, so that there is nothing to report

    def field(self, said: Field, whole: bool, depth: int) -> None:
        meant = self.table.meant(said.key)
        if meant and (plain_name(said.key) in self.ignored or (not meant.row.nested and not whole)):
            meant = None
        if meant and not said.values:  # an empty list, or no keys at all
            self.answer(said.key, meant, Scalar("", said.line, said.column))
        for value in said.values:
            if isinstance(value, Scalar):
                if meant:
                    self.answer(said.key, meant, value)
            elif depth < DEEPEST:
                if meant and meant.exact and meant.row.otherwise == "hide":
                    self.unclear(said.key, "", value.line, value.column)
                elif meant and any(meant.answer(one.text) == HIDES for one in scalars(value.fields)):
                    self.private = self.sure = True
                inner = whole and plain_name(said.key) in OF_THE_NOTE
                for one in value.fields:
                    self.field(one, inner, depth + 1)

    def answer(self, key: str, meant: PrivacyMeaning, value: Scalar) -> None:
        said = meant.answer(value.text)
        if said == HIDES:
            self.private = self.sure = True
            told = Message("line {line} says {key}: {answer}", line=value.line, key=key, answer=value.text.strip()[:50])
            self.why = self.why or told
        elif said == SHOWS:
            self.marked = self.marked or meant.row.marks
        elif said == UNCLEAR:
            self.unclear(key, value.text, value.line, value.column)

    def unclear(self, key: str, text: str, line: int, column: int) -> None:
        self.private = True
        if not text.strip():
            message = Message("{key} has no answer, so the note is kept back", key=key)
        else:
            message = Message(
                "{key}: {written!r} may mean that the note is not for all, so it is kept back",
                key=key,
                written=text.strip()[:50],
            )
        hint = Message(
            "write {key}: true or {key}: false; where it says nothing of the kind, in {file}: "
            "[privacy] harmless = [{name}]",
            key=key,
            file=FILE,
            name=f'"{key}"',
        )
        self.report(line, column, message, hint)

    def tag(self, name: str, line: int, column: int) -> None:
        if any(plain_name(part) in self.table.tags - self.ignored for part in name.split("/")):
            self.private = True
            message = Message("the tag {name!r} keeps the note back", name=name)
            self.report(line, column, message, self.hint(name))

    def folders(self) -> None:
        *folders, file = clean(self.path).split("/")
        first = [file.partition(".")[0]] if file.count(".") > 1 else []  # of a hierarchy, as in Dendron
        for folder in [*folders, *_ASIDE.findall(file), *first]:
            parts = {plain_name(folder), *(map(plain_name, WORD.findall(folder)) if folder not in first else ())}
            if not parts.isdisjoint(self.table.folders - self.ignored):
                self.private = True
                message = Message("the name {name!r} in its path keeps the note back", name=shown(folder))
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
        lines = (note.opening or note.source[:MOST_BYTES]).split(b"\n")
        written = [number for number, line in enumerate(lines) if line.strip()][:LINES]
        first = _first_paragraph(lines)
        if resembles(first) and (word := self.word_in(first)):
            self.in_text(note, written[0], word)
            return
        said = self.table.folders - self.ignored
        alone = _ALONE.fullmatch(lines[written[0]].decode("utf-8", "ignore")) if written else None
        if alone and plain_name(alone[1]) in said:
            self.in_text(note, written[0], alone[1])
            return
        fence = before = b""
        for number in written:
            line = lines[number].strip()
            if before.startswith(b"--") and plain_name(line.decode("utf-8", "ignore")) in said:
                self.in_text(note, number, line.decode("utf-8", "ignore"))
                return
            before = line
            if opens := _FENCE.match(line):  # a note that begins with code may have its head there
                if not fence and number != written[0]:
                    fence = opens[1][:3]
                elif fence and opens[1].startswith(fence):
                    fence = b""
            elif not fence and (key := self.hiding_key(line)):
                self.in_text(note, number, key)
                return

    def hiding_key(self, written: bytes) -> str:
        """Return the key in a line whose answer keeps a note back, "" where there is none."""
        if not (_MAY_SAY.search(written) or written.startswith(b"|")):
            return ""
        line = written.decode("utf-8", "ignore")
        pairs = list(_keys_in(line))
        if line.startswith("|"):
            cells = [cell.strip(" *_`") for cell in line.strip("|").split("|")]
            pairs += list(pairwise(cells))
        for key, answer in pairs:
            meant = self.table.meant(key)
            sure = meant and not meant.near and not meant.negated and meant.row.otherwise != "given"
            if meant and sure and meant.row.answer(answer) == HIDES and plain_name(key) not in self.ignored:
                return key
        return ""

    def in_text(self, note: Note, number: int, key: str) -> None:
        self.private = True
        message = Message(
            "{key!r} stands in the text and says that the note is not for all, so it is kept back", key=key
        )
        hint = Message("write it into the front matter, between two lines of ---")
        self.report(note.first_line + number, 1, message, hint, "unread-front-matter")

    def hint(self, name: str) -> str:
        return Message("where it says nothing of the kind, in {file}: [privacy] harmless = [{name}]", file=FILE,
                     name=f'"{name}"')  # fmt: skip

    def report(self, line: int, column: int, message: str, hint: str, code: str = "kept-back") -> None:
        if not self.reported:
            self.reported = True
            self.problems.append(problem(code, shown(self.path), line, column, message, hint))


# A key at the beginning of a line, whatever marks of lists, quotes, comments or emphasis stand before and after it.
_LINE_KEY: Final = re.compile(r"(?:[\W_]|\d{1,3}[.)][ ]|\[\w\])*([^\W\d_][\w .\-/]{0,60}?)[^\w:=：\n]{0,8}(?:::?|=|：)")
_ALONE: Final = re.compile(r"[#>*_\s!-]*([^\W_][\w\s'’-]*?)[*_\s:.!]*")  # a word that stands for itself
_MAY_SAY: Final = re.compile("[:=：]".encode())
_FENCE: Final = re.compile(rb"(?:[-*+>][ \t]+)*(```|~~~|\{\{[<%][-]?[ \t]*/?[ \t]*(?=\w))")
_ASIDE: Final = re.compile(r"[(\[]([^()\[\]]+)[)\]]")  # `Titre (brouillon).md`


def _keys_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be a key in lines that could not be read, wherever in them it stands, and what follows it."""
    for line in text.split("\n"):
        for piece in [line, *re.split(r"[,;{\[(|]", line)[1:]]:
            if match := _LINE_KEY.match(piece):
                yield match[1], piece[match.end() :].strip(" \t\"'`,;}])-–—>*_|")


def _first_paragraph(lines: list[bytes]) -> str:
    written = [line.decode("utf-8", "ignore").rstrip() for line in lines]
    return "\n".join(takewhile(bool, dropwhile(lambda line: not line, written)))
