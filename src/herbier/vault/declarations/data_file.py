"""The files that declare something: JSON, YAML or TOML, read as plain data, with the lines of their keys."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from herbier.messages import Message, reason
from herbier.problems import Problem, problem
from herbier.vault.fields import DEEPEST
from herbier.vault.yaml_compose import depth

_MOST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that was read: its path in the vault, what it holds, and its text.

    Words, numbers and yes or no of YAML are all text here: no tag is followed, and none runs anything.
    """

    path: str
    data: Any
    text: str

    def line(self, *keys: str) -> int:
        """Return the line where the last of some keys or words stands, each after the one before it; else 1.

        Keys that are not found are passed over.
        """
        at = 0
        for key in keys:
            name = re.escape(key)
            found = re.compile(rf"""(?<![\w.-])["']?{name}["']?(?=\s*[:=\].,}}])|(?<![\w-]){name}(?![\w-])""").search(
                self.text, at
            )
            at = found.start() if found else at
        return self.text.count("\n", 0, at) + 1

    def at(self, *keys: str) -> Any:
        """Return what stands under some keys, one in the other; None where nothing does."""
        found = self.data
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found


def read_data(root: Path, file: str, problems: list[Problem]) -> DataFile | None:
    """Return a file of the vault by its suffix, None where there is none; a broken one is reported, and None too."""
    path = root / file
    try:
        if path.is_symlink() or not path.is_file():
            return None
        if path.stat().st_size > _MOST_BYTES:
            problems.append(unused(file, 0, 0, Message("it has more than {limit:,} bytes", limit=_MOST_BYTES)))
            return None
        text = path.read_text("utf-8-sig")
        if depth(text) > DEEPEST:
            problems.append(unused(file, 0, 0, Message("it is nested too deep")))
            return None
        return DataFile(file, _READERS[path.suffix](text), text)
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
                if key.value == "<<" and isinstance(value, yaml.MappingNode | yaml.SequenceNode):
                    maps = value.value if isinstance(value, yaml.SequenceNode) else [value]
                    for one in maps:
                        inner = self.of(one)
                        found = (inner | found) if isinstance(inner, dict) else found
                else:
                    found[str(key.value)] = self.of(value)
            return found
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        return "" if plain and node.value in ("null", "~") else str(node.value)


_COMMENT: Final = re.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)


def _json(text: str) -> Any:
    """Read JSON, with comments and with commas before a bracket, as editors allow them in their settings."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        bare = _COMMENT.sub(lambda match: match[1] or re.sub(r"[^\n]", " ", match[0]), text)
        return json.loads(bare)


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    ".json": _json,
    ".jsonld": _json,
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
