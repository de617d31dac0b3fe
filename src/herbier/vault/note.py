"""A note as it stands in its file: fields, body, and the way from any part of it back to its line."""

import re
from dataclasses import dataclass
from pathlib import Path

from herbier.problems import Problem, problem
from herbier.terms import shown
from herbier.vault.body import Body, inline_fields
from herbier.vault.fields import Field
from herbier.vault.files import decode, read_bytes
from herbier.vault.frontmatter import read_front_matter
from herbier.vault.markdown import mend
from herbier.vault.reader import read_body

Place = tuple[int, int]  # line and column, from 1
At = int | Place  # an offset in the body, in bytes; or a place in the file


@dataclass(frozen=True, slots=True)
class Note:
    """A note, read but not yet understood.

    `fields` are those of the front matter, then the inline ones. `source` is the mended body, whose first line is line
    `first_line` of the file; `shifts` are the offsets where mending put a blank in.
    """

    path: str
    fields: tuple[Field, ...]
    body: Body
    source: bytes
    first_line: int
    shifts: tuple[int, ...]
    problems: tuple[Problem, ...]
    lost: str

    def place(self, at: At) -> Place:
        """Return the line and column of a part of the note."""
        return at if isinstance(at, tuple) else _place(self.source, self.first_line, self.shifts, at)


def _place(source: bytes, first_line: int, shifts: tuple[int, ...], at: int) -> Place:
    start = source.rfind(b"\n", 0, at) + 1
    column = len(source[start:at].decode("utf-8", "ignore")) + 1
    column -= sum(1 for shift in shifts if start <= shift < at)
    return first_line + source.count(b"\n", 0, at), column


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
        message = "the file's name is not valid UTF-8, so its title is not what it should be"
        problems.append(problem("odd-file-name", name, 0, 0, message, "rename the file, or give it a `title:`"))
    front = read_front_matter(text, name)
    problems += front.problems
    mended = mend(text[front.body :])
    first_line = text.count("\n", 0, front.body) + 1
    if mended.unclosed >= 0:
        place = _place(mended.source, first_line, mended.shifts, mended.unclosed)
        message = "a comment opens with %% and does not end; what follows is not published"
        problems.append(problem("unclosed-comment", name, *place, message, "write %% where the comment ends"))
    body = read_body(mended)
    fields = front.fields
    if body.fields:
        fields += inline_fields(body, lambda at: _place(mended.source, first_line, mended.shifts, at))
    return Note(path, fields, body, mended.source, first_line, mended.shifts, tuple(problems), front.lost)


_DATE_TITLE = re.compile(r"\.[^./]+$")


def stem(path: str) -> str:
    """Return the name of a file without its folders and its suffix."""
    return _DATE_TITLE.sub("", path.rpartition("/")[2])
