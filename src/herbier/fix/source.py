"""A note as its bytes stand in the file, parted into the lines of its front matter and all that is not touched."""

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import yaml

from herbier.messages import Message
from herbier.problems import Problem
from herbier.text import forbidden
from herbier.vault.fields import Field
from herbier.vault.files import BOMS, WINDOWS_1252
from herbier.vault.frontmatter import FrontMatter, read_front_matter
from herbier.vault.yaml_compose import compose_yaml
from herbier.vault.yaml_repair import mend_yaml

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_BREAKS_OF_YAML = re.compile("[\x85\u2028\u2029]")  # lines to YAML 1.1, but to nothing else
_TO_WINDOWS_1252 = codecs.charmap_build(WINDOWS_1252)


class Encoding(NamedTuple):
    """How a file's text is written: its byte order mark, and the name of a codec ("" is Windows-1252)."""

    mark: bytes
    codec: str

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text."""
        if self.codec:
            return self.mark + text.encode(self.codec)
        return self.mark + codecs.charmap_encode(text, "strict", _TO_WINDOWS_1252)[0]


@dataclass(frozen=True, slots=True)
class NoteSource:
    """The lines between the marks of a front matter, each with its line end, and the text before and after them.

    `locked` says why it cannot be edited; `first` is how many lines stand before the front matter's first.
    """

    encoding: Encoding
    before: str
    lines: tuple[str, ...]
    ends: tuple[str, ...]
    after: str
    first: int
    closed: bool
    locked: str = ""

    @property
    def text(self) -> str:
        """The whole text of the file."""
        pairs = (text + end for text, end in zip(self.lines, self.ends, strict=True))
        return "".join([self.before, *pairs, self.after])

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.encoding.encode(self.text)

    def edited(self, edits: "Iterable[Edit]") -> "NoteSource":
        """Return the page after edits, of which no two change the same line."""
        changes = {number: lines for edit in edits for number, lines in edit.changes.items()}
        usual = (_LINE_END.findall(self.before) or ["\n"])[-1]
        lines: list[str] = []
        ends: list[str] = []
        for number, (text, end) in enumerate(zip(self.lines, self.ends, strict=True)):
            new = changes.get(number, (text,))
            lines += new
            ends += [*[end or usual] * (len(new) - 1), end] if new else []
        return replace(self, lines=tuple(lines), ends=tuple(ends))


class Edit(NamedTuple):
    """Lines of a page, by number from 0, each with the lines to write in its place; `what` names the place."""

    changes: Mapping[int, tuple[str, ...]]
    what: str

    @property
    def line(self) -> int:
        """The first line that changes."""
        return min(self.changes)


def decoded(data: bytes) -> tuple[str, Encoding]:
    """Return a file's text with its own line ends, and its encoding; UnicodeDecodeError where it is no text."""
    mark, codec = next(((mark, codec) for mark, codec in BOMS if data.startswith(mark)), (b"", "utf-8"))
    data = data[len(mark) :]
    try:
        return data.decode(codec), Encoding(mark, codec)
    except UnicodeDecodeError:
        if codec != "utf-8":
            raise
        return codecs.charmap_decode(data, "strict", WINDOWS_1252)[0], Encoding(mark, "")


def split_lines(text: str) -> list[str]:
    """Return the lines of a text, each with its end: LF, CRLF or CR."""
    pieces = _LINE_END.split(text)
    lines = [line + end for line, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True)]
    return lines if lines[-1] else lines[:-1]


def without_tail(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return two versions' lines without the end that they share, but for three lines of it: a body can be long."""
    shared = 0
    for one, other in zip(reversed(old), reversed(new), strict=False):
        if one != other:
            break
        shared += 1
    cut = max(shared - 3, 0)
    return old[: len(old) - cut], new[: len(new) - cut]


def read_source(path: str, data: bytes) -> tuple[NoteSource, FrontMatter] | None:
    """Return a note's page and its front matter, whose lines count from the file's first; None where it has none."""
    text, encoding = decoded(data)
    pieces = _LINE_END.split(text)
    lines, ends = pieces[::2], [*pieces[1::2], ""]
    plain = "\n".join(lines)
    front = read_front_matter(plain, path)
    if not front.body:
        return None
    opening = plain.count("\n", 0, len(plain) - len(plain.lstrip()))
    stop = plain.count("\n", 0, front.body) + (plain[front.body - 1] != "\n")
    closed = all(found.code != "unclosed-front-matter" for found in front.problems)
    last = stop - 1 if closed else stop
    inside = slice(opening + 1, last)

    def joined(part: slice) -> str:
        return "".join(line + end for line, end in zip(lines[part], ends[part], strict=True))

    page = NoteSource(
        encoding,
        joined(slice(opening + 1)),
        tuple(lines[inside]),
        tuple(ends[inside]),
        joined(slice(last, None)),
        opening + 1,
        closed,
    )
    head = "\n".join(page.lines)
    reasons = (
        (lines[opening].strip() != "---", Message("only front matter in YAML is fixed")),
        (_BREAKS_OF_YAML.search(head) is not None, Message("a line break that only YAML knows is in it")),
        (forbidden(head) >= 0, Message("a control character is in it")),
        (not _same(page, data), Message("the file could not be written back byte for byte")),
    )
    return replace(page, locked=next((why for found, why in reasons if found), "")), front


def _same(page: NoteSource, data: bytes) -> bool:
    try:
        return page.data == data
    except UnicodeEncodeError:
        return False


class Block(NamedTuple):
    """A key at the left margin with all that belongs to it, or a list that stands there: a span of line numbers.

    Blank lines and comments between `end` and `stop` follow the block and are no part of it.
    """

    start: int
    end: int
    stop: int
    field: Field | None  # None for a list, or for what could not be read

    def text(self, page: NoteSource) -> str:
        """Return the block's lines, without what follows it."""
        return "\n".join(page.lines[self.start : self.end])


def read_blocks(page: NoteSource) -> list[Block]:
    """Part a front matter as Herbier reads it: whole where it is YAML, else key by key. Lines count from its first."""
    fields: list[Field]
    problems: list[Problem] = []
    text = "\n".join(page.lines)
    try:
        fields = compose_yaml(text, 0)
    except (yaml.YAMLError, ValueError, RecursionError):
        fields, problems, _ = mend_yaml(text, "", 0, compose_yaml)
    by_line = {field.line - 1: field for field in reversed(fields) if field.column == 1}
    in_braces = {field.line - 1 for field in fields if page.lines[field.line - 1].startswith("{")}
    starts = sorted({*by_line, *in_braces, *(found.line - 1 for found in problems)})
    blocks = []
    for start, stop in pairwise([*starts, len(page.lines)]):
        end = stop
        while end > start + 1 and (not page.lines[end - 1].strip() or page.lines[end - 1].startswith("#")):
            end -= 1
        blocks.append(Block(start, end, stop, by_line.get(start)))
    return blocks
