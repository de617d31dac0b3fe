"""The settings of a vault: what herbier.toml says, read and checked."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pyoxigraph

from herbier.messages import Message, reason
from herbier.problems import CODES, HerbierError, Problem, problem
from herbier.text import is_language_tag, normal

FILE = "herbier.toml"
LEDGER = "herbier.ledger"
_A_DAY = 86_400  # seconds
_ENDPOINT = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\]+")
LOCAL_BASE = "http://127.0.0.1:8000/"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a vault; every one has a default, so that a vault needs no herbier.toml.

    `base` ends in `/`; `languages` maps a folder to the language of its notes; `file_size`, `query_memory` and
    `query_result` are in bytes, `query_time` in seconds; `services` are the endpoints that a query may call;
    `ignore` are the codes of problems that are accepted, `harmless` the keys, tags and folders that keep no note
    back; `gitignore` tells whether what git ignores is left out, `read` are patterns of what is read all the same.
    """

    base: str = LOCAL_BASE
    title: str = ""
    language: str = ""
    license: str = ""
    publisher: str = ""
    include: tuple[str, ...] = ()
    bibliography: tuple[str, ...] = ()
    publish: str = "all"
    own_iris: str = "beside"
    languages: Mapping[str, str] = field(default_factory=dict)
    file_size: int = 10_000_000
    query_time: int | float = 10
    query_memory: int = 1_000_000_000
    query_result: int = 50_000_000
    services: tuple[str, ...] = ()
    mapping: Mapping[str, Any] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    gitignore: bool = True
    read: tuple[str, ...] = ()


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(Message("a text in quotes"))
    return value.strip()


def _language(value: Any) -> str:
    text = _text(value)
    if not is_language_tag(text):
        raise ValueError(Message('a language code such as "fr" or "en"'))
    return text.lower()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(Message('a list such as ["données/plus.ttl"]'))
    return tuple(_text(item) for item in value)


def _bibliography(value: Any) -> tuple[str, ...]:
    if isinstance(value, str) and value.strip():
        return (value.strip(),)
    if not isinstance(value, list):
        raise ValueError(Message('a list such as ["works.bib"]'))
    return tuple(_text(item) for item in value)


def _codes(value: Any) -> tuple[str, ...]:
    codes = _texts(value)
    for code in codes:
        if near := [] if code in CODES else get_close_matches(code, CODES, 1, 0.8):
            raise ValueError(Message("a list of codes; is {code!r} meant?", code=near[0]))
    return codes


def _publish(value: Any) -> str:
    if value not in ("all", "marked"):
        raise ValueError(Message('"all" or "marked"'))
    return str(value)


def _own_iris(value: Any) -> str:
    if value not in ("beside", "instead"):
        raise ValueError(Message('"beside" or "instead"'))
    return str(value)


def _languages(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(Message('a table such as [languages] with "anglais" = "en"'))
    return {normal(folder).strip("/"): _language(code) for folder, code in value.items()}


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(Message("a table such as [mapping.keys.effectif]"))
    return value


def normal_base(value: Any) -> str:
    """Return a base IRI with its final `/`; ValueError says what a base looks like."""
    text = _text(value)
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.netloc and not re.search(r'[\s<>"{}|\\^`?#]', text)
        pyoxigraph.NamedNode(text)  # one that no parser takes would make every file unreadable
    except ValueError:
        good = False
    if not good:
        raise ValueError(Message('an address such as "https://example.org/vault/"'))
    return text.rstrip("/") + "/"


READERS = {
    "base": normal_base,
    "title": _text,
    "language": _language,
    "license": _text,
    "publisher": _text,
    "include": _texts,
    "bibliography": _bibliography,
    "publish": _publish,
    "own_iris": _own_iris,
    "languages": _languages,
    "mapping": _mapping,
}


class _Table(NamedTuple):
    readers: Mapping[str, Callable[[Any], Any]]
    example: str


def _bytes(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(Message("a number of bytes"))
    return value


def _seconds(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _A_DAY:
        raise ValueError(Message("a number of seconds, a day at most"))
    return value


def _services(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and _ENDPOINT.fullmatch(one) for one in value):
        raise ValueError(Message('a list of addresses such as ["https://query.wikidata.org/sparql"]'))
    return tuple(value)


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(Message('a list of keys, tags or folders such as ["access"]'))
    return tuple(_text(item) for item in value)


def _patterns(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(Message('a list of patterns such as ["build/notes/"]'))
    return tuple(_text(item) for item in value)


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(Message("true or false"))
    return value


# The tables of settings; what is in them are settings, too.
_TABLES = {
    "limits": _Table(
        {"file_size": _bytes, "query_time": _seconds, "query_memory": _bytes, "query_result": _bytes},
        "file_size = 10000000",
    ),
    "sparql": _Table({"services": _services}, 'services = ["https://query.wikidata.org/sparql"]'),
    "privacy": _Table({"harmless": _names}, 'harmless = ["access"]'),
    "files": _Table({"gitignore": _yes_or_no, "read": _patterns}, "gitignore = false"),
    "check": _Table({"ignore": _codes}, 'ignore = ["dangling-link"]'),
}


def load_settings(vault: Path, base: str | None = None) -> tuple[Settings, list[Problem]]:
    """Read a vault's herbier.toml; `base` overrides what it says.

    Raises HerbierError where the base given on the command line is none.
    """
    table, problems = _read_toml(vault)
    if problems and _may_keep_back(vault / FILE):
        first = problems[0]
        told = Message(
            "{place}: error: {message} [{code}]\n"
            "    it may say what is not to be published, so nothing is: mend it first",
            place=f"{first.path}:{first.line}:{first.column}" if first.line else first.path,
            message=first.message,
            code=first.code,
        )
        raise HerbierError(told)
    lines = _Lines(vault / FILE) if table or problems else None
    values: dict[str, Any] = {}
    for key, value in table.items():
        line = lines.of(key) if lines else 0
        if key in _TABLES and not isinstance(value, dict):
            example = _TABLES[key].example
            message = Message("{key} should be a table such as [{key}] with {example}", key=key, example=example)
            problems.append(problem("bad-setting", FILE, line, 1, message))
        elif key in _TABLES:
            found, more = _read_table(key, value, lines)
            values |= found
            problems += more
        elif reader := READERS.get(key):
            try:
                values[key] = reader(value)
            except ValueError as wanted:
                if key == "publish":  # what cannot be understood keeps back: a leak cannot be undone
                    values[key] = "marked"
                message = Message("{key} should be {wanted}", key=key, wanted=wanted.args[0])
                problems.append(problem("bad-setting", FILE, line, 1, message))
        else:
            near = get_close_matches(key, [*READERS, *_TABLES], 1)
            hint = Message("did you mean {name!r}?", name=near[0]) if near else ""
            message = Message("unknown setting {key!r}", key=key)
            problems.append(problem("unknown-setting", FILE, line, 1, message, hint))
    settings = Settings(**values)
    if base is not None:
        try:
            settings = replace(settings, base=normal_base(base))
        except ValueError as wanted:
            told = Message("the base IRI {base!r} should be {wanted}", base=base, wanted=wanted.args[0])
            raise HerbierError(told) from None
    return settings, problems


def line_of_setting(vault: Path, *texts: str) -> int:
    """Return the first line of herbier.toml that holds the first of these texts that is there at all, else 0."""
    lines = _Lines(vault / FILE)
    return next(filter(None, map(lines.holding, texts)), 0)


def line_of_row(vault: Path, table: str, name: str = "") -> int:
    """Return the line of herbier.toml where a row of `[mapping]` begins, or the table of that name; else 0."""
    return _Lines(vault / FILE).of_row(table, name)


def _read_toml(vault: Path) -> tuple[dict[str, Any], list[Problem]]:
    if (vault / FILE).is_symlink():  # not followed, as no link is; and to go on without it could publish too much
        raise HerbierError(Message("{file} is a symbolic link; put the file itself into the vault", file=FILE))
    try:
        return tomllib.loads((vault / FILE).read_text("utf-8-sig")), []
    except FileNotFoundError:
        return {}, []
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        why = re.sub(r" \(at .*\)$", "", str(error))
        message = Message("{file} is not valid TOML: {why}", file=FILE, why=why)
        return {}, [problem("bad-setting", FILE, line, column, message)]
    except RecursionError:
        message = Message("{file} could not be read: {why}", file=FILE, why=Message("it is nested too deep"))
        return {}, [problem("bad-setting", FILE, 0, 0, message)]
    except (OSError, UnicodeDecodeError) as error:
        message = Message("{file} could not be read: {why}", file=FILE, why=reason(error))
        return {}, [problem("bad-setting", FILE, 0, 0, message)]


def _may_keep_back(file: Path) -> bool:
    """Return whether settings that cannot be read may say what is not to be published."""
    try:
        return b"publish" in file.read_bytes() and not file.is_symlink()
    except OSError:
        return True


def _read_table(name: str, table: dict[str, Any], lines: "_Lines | None") -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in table.items():
        line = (lines.of(key) or lines.of(name)) if lines else 0
        reader = _TABLES[name].readers.get(key)
        if reader is None:
            near = get_close_matches(key, _TABLES[name].readers, 1)
            hint = Message("did you mean {name!r}?", name=near[0]) if near else ""
            message = Message("unknown setting {key}", key=f"{name}.{key}")
            problems.append(problem("unknown-setting", FILE, line, 1, message, hint))
            continue
        try:
            values[key] = reader(value)
        except ValueError as wanted:
            message = Message("{key} should be {wanted}", key=f"{name}.{key}", wanted=wanted.args[0])
            problems.append(problem("bad-setting", FILE, line, 1, message))
    return values, problems


class _Lines:
    """Finds the line of a top-level key; tomllib does not tell it."""

    def __init__(self, file: Path) -> None:
        try:
            self._lines = file.read_text("utf-8-sig", errors="replace").splitlines()
        except OSError:
            self._lines = []

    def of(self, key: str) -> int:
        start = re.compile(rf"""\s*\[{{0,2}}\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
        return next((n for n, line in enumerate(self._lines, 1) if start.match(line)), 0)

    def of_row(self, table: str, name: str) -> int:
        of_table, of_name = (rf"""\s*["']?{re.escape(key)}["']?\s*""" for key in (table, name))
        header = re.compile(rf"\s*\[\s*mapping\s*\.{of_table}[.\]]")
        whole = re.compile(rf"\s*\[\s*mapping\s*\.{of_table}\.{of_name}[.\]]") if name else header
        inner = re.compile(rf"{of_name}[=.]")
        within = False
        for number, line in enumerate(self._lines, 1):
            if whole.match(line) or (within and name and inner.match(line)):
                return number
            if line.lstrip().startswith("["):
                within = header.match(line) is not None
        return self.holding(name or table)

    def holding(self, text: str) -> int:
        return next((n for n, line in enumerate(self._lines, 1) if text in line.partition("#")[0]), 0)
