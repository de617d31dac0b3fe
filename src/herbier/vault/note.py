"""A note as it stands in its file: fields, body, and the way from any part of it back to its line."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.text import forbidden, shown
from herbier.vault.body import Body, inline_fields
from herbier.vault.body_reader import read_body
from herbier.vault.fields import Field
from herbier.vault.files import decode, read_bytes
from herbier.vault.frontmatter import read_front_matter
from herbier.vault.markdown import HIDDEN, HIDDEN_MORE, prepare_body

Place = tuple[int, int]  # line and column, from 1
At = int | Place  # an offset in the body, in bytes; or a place in the file


@dataclass(init=False, slots=True)
class Note:
    """A note, read but not yet understood.

    `fields` are those of the front matter, then the inline ones. `source` is the fixed body, whose first line is line
    `first_line` of the file; `shifts` are the offsets where fixing put a blank in. `lost` is what could not be
    read, `opening` how the body begins before its comments are hidden, for whoever must not publish by mistake.
    """

    path: str
    fields: tuple[Field, ...]
    body: Body
    source: bytes
    first_line: int
    shifts: tuple[int, ...]
    problems: tuple[Problem, ...]
    lost: str
    opening: bytes

    def __init__(
        self,
        path: str,
        fields: tuple[Field, ...],
        body: Body,
        source: bytes,
        first_line: int,
        shifts: tuple[int, ...],
        problems: tuple[Problem, ...],
        lost: str,
        opening: bytes = b"",
    ) -> None:
        self.path = path
        self.fields = fields
        self.body = body
        self.source = source
        self.first_line = first_line
        self.shifts = shifts
        self.problems = problems
        self.lost = lost
        self.opening = opening

    def places(self) -> Callable[[At], Place]:
        """Return what tells the line and column of a part of the note."""
        return Places(self.source, self.first_line, self.shifts)


MOST_BYTES: Final = 12_000  # of a body that may hold what is said at its head
_FEW: Final = 8  # places of a note that are found one by one


class Places:
    """Turns offsets in a body into lines and columns; where many are asked for, its lines are counted once."""

    def __init__(self, source: bytes, first_line: int, shifts: tuple[int, ...]) -> None:
        self.source = source
        self.first_line = first_line
        self.shifts = shifts
        self.starts: list[int] = []
        self.asked = 0

    def __call__(self, at: At) -> Place:
        """Return the line and column of an offset; a place that is known already stays as it is."""
        if isinstance(at, tuple):
            return at
        self.asked += 1
        if self.asked <= _FEW:
            line = self.source.count(b"\n", 0, at)
            start = self.source.rfind(b"\n", 0, at) + 1
        else:
            self.starts = self.starts or [0, *(match.end() for match in re.finditer(b"\n", self.source))]
            line = bisect_right(self.starts, at) - 1
            start = self.starts[line]
        before = self.source[start:at].decode("utf-8", "ignore")
        column = len(before) - before.count(HIDDEN_MORE) + 1
        column -= bisect_left(self.shifts, at) - bisect_left(self.shifts, start)
        return self.first_line + line, column


_TELLING: Final = 100  # bytes of a body that tell notes apart


def fingerprint(note: Note) -> str:
    """Return what tells a note by what it holds, wherever it lies: a digest of all, and one of its text if it has any.

    The two are parted by a point; how the front matter is laid out makes no difference.
    """
    text = repr([(field.key, [str(getattr(value, "text", value)) for value in field.values]) for field in note.fields])
    whole = sha256(text.encode("utf-8", "surrogateescape") + note.source).hexdigest()[:16]
    return f"{whole}.{sha256(note.source).hexdigest()[:16]}" if len(note.source.strip()) >= _TELLING else whole


def read_note(root: Path, path: str, limit: int) -> Note | Problem:
    """Read a note of the vault at `root`; the Problem says why nothing of it could be read. `limit` is in bytes."""
    data = read_bytes(root, path, limit)
    return data if isinstance(data, Problem) else parse_note(path, data)


def parse_note(path: str, data: bytes) -> Note | Problem:
    """Read a note from its bytes, whatever they are."""
    decoded = decode(data, path)
    if isinstance(decoded, Problem):
        return decoded
    text, problems = decoded
    name = shown(path)
    if name != path:
        message = Message("the file's name is not valid UTF-8, so its title is not what it should be")
        hint = Message("rename the file, or give it a `title:`")
        problems.append(problem("odd-file-name", name, 0, 0, message, hint))
    front = read_front_matter(text, name)
    problems += front.problems
    prepared = prepare_body(text[front.body :])
    first_line = text.count("\n", 0, front.body) + 1
    places = Places(prepared.source, first_line, prepared.shifts)
    if prepared.unclosed >= 0:
        message = Message("a comment opens with %% and does not end; what follows is not published")
        hint = Message("write %% where the comment ends")
        problems.append(problem("unclosed-comment", name, *places(prepared.unclosed), message, hint))
    for match in _ENTITY.finditer(prepared.source) if b"&#" in prepared.source else ():
        code = int(match[2], 16 if match[1] else 10)
        if code < 0x110000 and code and forbidden(chr(code)) >= 0:
            message = Message("the character U+{code} was removed", code=f"{code:04X}")
            problems.append(problem("control-characters", name, *places(match.start()), message))
    opening = (
        text[front.body : front.body + MOST_BYTES].encode()
        if b"%%" in prepared.source or HIDDEN in prepared.text
        else b""
    )
    body = read_body(prepared)
    fields = front.fields
    if body.fields:
        fields += inline_fields(body, places)
    return Note(path, fields, body, prepared.source, first_line, prepared.shifts, tuple(problems), front.lost, opening)


_ENTITY: Final = re.compile(rb"&#([xX]?)([0-9a-fA-F]{1,7});")
_DATE_TITLE: Final = re.compile(r"\.[^./]+$")


def stem(path: str) -> str:
    """Return the name of a file without its folders and its suffix."""
    return _DATE_TITLE.sub("", path.rpartition("/")[2])
