"""The files that declare something: JSON, YAML or TOML, read as plain data, with the lines of their keys."""

import json
import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from herbier.messages import Message, reason
from herbier.problems import Problem, problem
from herbier.vault.fields import DEEPEST
from herbier.vault.yaml_compose import depth

_MOST_BYTES: Final = 1_000_000
_TOKEN: Final = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([^\s"'{}\[\],:=#][^\n"'{}\[\],:=#]*)""")


class DataFile:
    """A file that was read: its path in the vault, what it holds, and its text.

    Words, numbers and yes or no of YAML are all text here: no tag is followed, and none runs anything.
    """

    def __init__(self, path: str, data: Any, text: str) -> None:
        self.path = path
        self.data = data
        self.text = text
        self._places: dict[str, list[int]] | None = None
        self._ends: list[int] = []

    def line(self, *keys: str) -> int:
        """Return the line where the last of some keys or words stands, each after the one before it; else 1.

        Keys that are not found are passed over.
        """
        if self._places is None:
            self._places = {}
            for token in _TOKEN.finditer(self.text):
                name = (token[1] or token[2] or token[3] or "").strip()
                self._places.setdefault(name, []).append(token.start())
            self._ends = [match.start() for match in re.finditer("\n", self.text)]
        at = 0
        for key in keys:
            places = self._places.get(key.strip(), ())
            next_one = bisect_left(places, at)
            at = places[next_one] if next_one < len(places) else at
        return bisect_left(self._ends, at) + 1

    def at(self, *keys: str) -> Any:
        """Return what stands under some keys, one in the other; None where nothing does."""
        found = self.data
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found


def lies_within(root: Path, path: Path) -> bool:
    """Return whether a file lies in a vault by its own folders: no link leads there, and none leads out."""
    try:
        return path.resolve(strict=True) == root.resolve() / path.relative_to(root)
    except (OSError, RuntimeError, ValueError):
        return False


def read_data(root: Path, file: str, problems: list[Problem]) -> DataFile | None:
    """Return a file of the vault by its suffix, None where there is none; a broken one is reported, and None too."""
    path = root / file
    try:
        if not path.is_file() or not lies_within(root, path):
            return None
        if path.stat().st_size > _MOST_BYTES:
            problems.append(unused(file, 0, 0, Message("it has more than {limit:,} bytes", limit=_MOST_BYTES)))
            return None
        text = path.read_text("utf-8-sig")
        if depth(text) > DEEPEST:
            problems.append(unused(file, 0, 0, Message("it is nested too deep")))
            return None
        return DataFile(file, _tidy(_READERS.get(path.suffix, _json)(text)), text)
    except json.JSONDecodeError as error:
        problems.append(unused(file, error.lineno, error.colno, str(error.msg)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problems.append(unused(file, *place, str(error.problem)))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = (int(found[1]), int(found[2])) if found else (0, 0)
        problems.append(unused(file, *place, re.sub(r" \(at .*\)$", "", str(error))))
    except (OSError, UnicodeDecodeError, RecursionError, ValueError, TypeError) as error:
        problems.append(unused(file, 0, 0, reason(error)))
    return None


def unused(file: str, line: int, column: int, why: str) -> Problem:
    """Return the Problem for what is declared and cannot be used."""
    message = Message("what the vault declares here is not used: {why}", why=why)
    return problem("bad-declaration", file, line, column, message)


_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _tidy(value: Any) -> Any:
    """Return data without the characters that no format of RDF can carry, which escapes can bring in."""
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return {_tidy(key): _tidy(inner) for key, inner in value.items()} if isinstance(value, dict) else value


def _yaml(text: str) -> Any:
    root = yaml.compose(text, Loader=yaml.CBaseLoader)
    return None if root is None else _Plain().of(root)


_MOST_NODES: Final = 100_000  # aliases can repeat a node beyond any measure


class _Plain:
    """Turns nodes of YAML into plain data; nothing is constructed, so that tags run nothing."""

    def __init__(self) -> None:
        self.left = _MOST_NODES

    def of(self, node: yaml.Node) -> Any:
        self.left -= 1
        if self.left < 0:
            raise ValueError(Message("its aliases expand to too much"))
        if isinstance(node, yaml.SequenceNode):
            return [self.of(item) for item in node.value]
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    continue  # no tool has a name for it
                if key.value == "<<" and isinstance(value, yaml.MappingNode | yaml.SequenceNode):
                    for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                        inner = self.of(one)
                        found = (inner | found) if isinstance(inner, dict) else found
                else:
                    found[str(key.value)] = self.of(value)
            return found
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        return "" if plain and node.value in ("null", "~") else str(node.value)


# a string that does not end takes all that follows, so that it is looked at once
_COMMENT: Final = re.compile(r'("(?:[^"\\]|\\.)*(?:"|\Z))|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|,(?=\s*[}\]])')


def _json(text: str) -> Any:
    """Read JSON, with comments and with commas before a bracket, as editors allow them in their settings."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        bare = _COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), text)
        return json.loads(bare)


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    ".yml": _yaml,
    ".yaml": _yaml,
    ".toml": tomllib.loads,
}


def words(value: Any) -> list[str]:
    """Return the words of a value: of a list, or of a text between commas; none of anything else."""
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return [str(item).strip() for item in value if isinstance(item, str | int)] if isinstance(value, list) else []


def word(value: Any) -> str:
    """Return a text without blanks around it, "" for what is none."""
    return value.strip() if isinstance(value, str) else ""


def is_yes(value: Any) -> bool:
    """Return whether a value says yes."""
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "yes", "on"))


def maps(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the mappings of a list."""
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
