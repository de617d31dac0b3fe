"""Problems: what is wrong in a vault, by file and line, and their codes, a file each in `locale/problems/`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from herbier.messages import Message, packed, unpacked

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that a note keeper may want to fix.

    `path` is relative to the vault; `line` and `column` count from 1, and 0 means the file as a whole.
    """

    path: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    hint: str = ""

    def as_json(self) -> dict[str, str | int]:
        """Return the fields as a plain mapping."""
        return {name: getattr(self, name) for name in self.__slots__}

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}:{self.column}" if self.line else self.path or "herbier"
        hint = f"\n    {self.hint}" if self.hint else ""
        return f"{place}: {self.severity}: {self.message} [{self.code}]{hint}"


class Code(NamedTuple):
    """A problem code: something lost is an error, all else a warning, or a remark (`info`).

    `group` is the part of the guide's page that it stands in; `meanings` are by language, `texts` the entries of the
    guide: what is wrong, and a wrong and a right example.
    """

    severity: Severity
    group: str
    meanings: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def meaning(self) -> Message:
        """Return what the code means, in a sentence that can be translated."""
        english = self.meanings["en"]
        return Message(english)


class _Codes(Mapping[str, Code]):
    """The codes by name, read when the first is asked for: a file each, in `locale/problems/`."""

    def __init__(self, *, of_data: bool) -> None:
        self.of_data = of_data  # those that shapes tell

    def __getitem__(self, code: str) -> Code:
        return self._codes[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    @cached_property
    def _codes(self) -> dict[str, Code]:
        return {name: code for name, code in read_codes().items() if (code.group == "data") == self.of_data}


FOLDER = Path(__file__).parent / "locale" / "problems"
GROUPS = ("files", "front matter", "body", "links", "mapping", "ledger", "profiles", "settings", "data")
_PART = re.compile(r"^<!-- (\w+) -->\n", re.MULTILINE)


@cache
def read_codes(folder: Path = FOLDER) -> dict[str, Code]:
    """Return all codes, in the order of the guide: by group, then by name."""
    found = {}
    for file in folder.glob("[a-z]*.md"):
        _, head, body = file.read_text("utf-8").split("---\n", 2)
        rows = dict(line.split(": ", 1) for line in head.splitlines())
        severity, group = rows.pop("severity"), rows.pop("group")
        parts = _PART.split(body)
        texts = {language: text.strip() for language, text in zip(parts[1::2], parts[2::2], strict=True)}
        found[file.stem] = Code(cast("Severity", severity), group, rows, texts)
    return dict(sorted(found.items(), key=lambda item: (GROUPS.index(item[1].group), item[0])))


CODES = _Codes(of_data=False)
CODES_OF_DATA = _Codes(of_data=True)


def problem(code: str, path: str, line: int, column: int, message: str, hint: str = "") -> Problem:
    """Return a Problem whose severity is the one of its code; KeyError for a code that is not in the table."""
    return Problem(path, line, column, read_codes()[code].severity, code, message, hint)


def as_row(of: Problem) -> list[Any]:
    """Return a problem as a list that JSON can hold, with what its words are made of."""
    return [of.path, of.line, of.column, of.severity, of.code, packed(of.message), packed(of.hint)]


def of_row(row: Sequence[Any]) -> Problem:
    """Return the problem that `as_row` made a list of; ValueError or TypeError where it is none."""
    path, line, column, severity, code, message, hint = row
    return Problem(path, line, column, severity, code, unpacked(message), unpacked(hint))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Return whether anything was lost."""
    return any(p.severity == "error" for p in problems)


class HerbierError(Exception):
    """A fault that leaves nothing to do: no such vault, an output that cannot be written, an unknown format."""
