"""Front matter in TOML and in JSON, read a key at a time: each has its line, and a broken one takes none with it."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, NamedTuple

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.vault.fields import DEEPEST, Field, Map, Scalar, Value


class Read(NamedTuple):
    """A front matter as it was read: fields, what was found wrong, and the text that is lost.

    `simple` is of scalars that stand in the fields as they stand in the note, nothing decoded, nothing nested.
    """

    fields: list[Field]
    problems: list[Problem]
    lost: str = ""
    simple: bool = False


# --- TOML -----------------------------------------------------------------------------------------------------------

_TOML_START = re.compile(
    r"""^[ \t]*(?:\[{1,2}[^\]\n]+\]{1,2}|(?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\.[\w"'-]+)*[ \t]*=)""", re.M
)


def read_toml(text: str, path: str, first: int) -> Read:
    """Read TOML a key at a time: so each has its line, and a broken one takes no other with it."""
    fields: list[Field] = []
    problems: list[Problem] = []
    lost: list[str] = []
    starts = [match.start() for match in _TOML_START.finditer(text)]
    pieces = _toml_pieces(text, starts)
    before = text[: starts[0]] if starts else text
    if re.search(r"^\s*[^#\s]", before, re.M):
        pieces.insert(0, (0, before))
    line, counted = first + 1, 0
    for start, piece in pieces:
        line += text.count("\n", counted, start)
        counted = start
        try:
            table = tomllib.loads(piece, parse_float=str)
            fields += [_plain_field(key, value, line, 1) for key, value in table.items()]
        except _TooDeepError:
            problems.append(_lost(path, line, piece))
            lost.append(piece)
        except (tomllib.TOMLDecodeError, RecursionError):
            key, equals, rest = piece.partition("=")
            if not equals or piece.lstrip().startswith("["):
                problems.append(_lost(path, line, piece))
                lost.append(piece)
                continue
            value = rest.strip().strip("\"'")
            message = Message("the value of {key!r} is not valid TOML; it was read as text", key=key.strip())
            hint = Message("write {line}", line=f"{key.strip()} = {value!r}")
            problems.append(problem("repaired-value", path, line, 1, message, hint))
            fields.append(Field(key.strip().strip("\"'"), (Scalar(value, line, 1, True),), line, 1))
    return Read(fields, problems, "\n".join(lost))


def _toml_pieces(text: str, starts: list[int]) -> list[tuple[int, str]]:
    """Cut a text at its keys; what continues a value, or a table, stays with where it began."""
    pieces: list[tuple[int, str]] = []
    for start, end in zip(starts, [*starts, len(text)][1:], strict=True):
        piece = text[start:end]
        table = bool(pieces) and pieces[-1][1].lstrip().startswith("[") and not piece.lstrip().startswith("[")
        if pieces and (table or _toml_is_open(pieces[-1][1])):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + piece)
        else:
            pieces.append((start, piece))
    return pieces


def _toml_is_open(piece: str) -> bool:
    if any(piece.count(quotes) % 2 for quotes in ('"""', "'''")):
        return True
    value = piece.partition("=")[2].lstrip()
    if not value.startswith("["):
        return False
    try:
        tomllib.loads(piece)
    except (tomllib.TOMLDecodeError, RecursionError):
        return value.count("[") > value.count("]")
    return False


# --- JSON -----------------------------------------------------------------------------------------------------------

_decoder = json.JSONDecoder(strict=False, parse_float=str, parse_int=str, object_pairs_hook=tuple)


_AFTER_OBJECT = re.compile(r"\}[ \t]*(?:\n|\Z)")
_BLANK_OR_HEADING = re.compile(r"^(?:[ \t]*$|#)", re.M)


def end_of_json(text: str, start: int) -> tuple[int, bool]:
    """Return where the object that starts at `start` ends, and whether it is closed."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[1], True
    except (json.JSONDecodeError, RecursionError):
        closing = _AFTER_OBJECT.search(text, start)
        ending = closing or _BLANK_OR_HEADING.search(text, start)
        return ending.end() if ending else len(text), closing is not None


def read_json(text: str, path: str, first: int) -> Read:
    """Read a JSON object a member at a time, so that each has its line and repeated names are kept."""
    fields: list[Field] = []
    problems: list[Problem] = []
    lost: list[str] = []
    at = counted = 1
    line = first + 1
    while True:
        at = _skip(text, at)
        line += text.count("\n", counted, at)
        counted = at
        if text.startswith("}", at):
            break
        start = at
        try:
            key, at = _decoder.raw_decode(text, at)
            at = _skip(text, at)
            if not isinstance(key, str) or not text.startswith(":", at):
                raise ValueError("a member is a name, a colon and a value")
            value, at = _decoder.raw_decode(text, _skip(text, at + 1))
        except (ValueError, RecursionError):
            return Read(fields, [*problems, _lost(path, line, text[start:])], "\n".join([*lost, text[start:]]))
        try:
            fields.append(_plain_field(key, value, line, start - text.rfind("\n", 0, start)))
        except _TooDeepError:
            problems.append(_lost(path, line, text[start:at]))
            lost.append(text[start:at])
        at = _skip(text, at)
        if text.startswith(",", at):
            at += 1
    return Read(fields, problems, "\n".join(lost))


def read_members(text: str, path: str, first: int) -> Read:
    """Read the members of a JSON object that stand without its braces, as between two lines of `;;;`."""
    if text.lstrip().startswith("{"):
        at = text.index("{")
        return read_json(text[at:], path, first + text.count("\n", 0, at))
    return read_json(f"{{{text.rstrip().rstrip(',')}}}", path, first)


_SPACES = re.compile(r"\s*")


def _skip(text: str, at: int) -> int:
    match = _SPACES.match(text, at)
    return match.end() if match else at


class _TooDeepError(ValueError):
    """Raised for a value that is nested deeper than DEEPEST."""


def _plain_field(key: str, value: Any, line: int, column: int, depth: int = 0) -> Field:
    return Field(key, tuple(_plain_values(value, line, column, depth)), line, column)


def _plain_values(value: Any, line: int, column: int, depth: int) -> Iterator[Value]:
    """Turn what TOML and JSON parsers return into values, all at the place of their key."""
    if depth > DEEPEST:
        raise _TooDeepError
    if isinstance(value, list):
        for item in value:
            yield from _plain_values(item, line, column, depth + 1)
    elif isinstance(value, dict | tuple):
        members = value.items() if isinstance(value, dict) else value
        yield Map(tuple(_plain_field(key, member, line, column, depth + 1) for key, member in members), line, column)
    elif isinstance(value, bool):
        yield Scalar(str(value).lower(), line, column, False)
    elif value is None:
        yield Scalar("", line, column, False)
    else:
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
        yield Scalar(text, line, column, isinstance(value, str))


def _lost(path: str, line: int, text: str) -> Problem:
    first = text.strip().split("\n")[0][:60]
    hint = Message("write it as a name, a sign and a value, such as in the lines around it")
    message = Message("this part could not be read: {text}", text=first)
    return problem("front-matter-lost", path, line, 1, message, hint)
