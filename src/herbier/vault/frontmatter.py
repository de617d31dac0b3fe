"""Front matter: from the text between the marks to fields with their lines, in YAML, TOML and JSON.

python-frontmatter splits the text, through a handler of ours. Scalars stay text: `0123`, `no` and `1.10` mean what
the rule of their key makes of them, never what YAML would guess.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

import frontmatter
from frontmatter.default_handlers import BaseHandler

from herbier.problems import Problem, problem, words
from herbier.terms import clean, forbidden
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.repair import lifted
from herbier.vault.tomljson import Read, end_of_json, read_json, read_toml
from herbier.vault.yamlread import read_yaml


class FrontMatter(NamedTuple):
    """The fields of a note, where its body starts (a character offset), and what was found wrong."""

    fields: tuple[Field, ...]
    body: int
    problems: tuple[Problem, ...]
    lost: str = ""  # what could not be read, for whoever must not publish by mistake


class _Split(NamedTuple):
    kind: str
    start: int  # of the inside
    end: int
    body: int
    closed: bool = True


_KEY_LINE: Final = re.compile(
    r"""^(?:(?:&\w+[ ]+|!{1,2}\w*[ ]+|:(?=[^\s:]))?[^\s#\-\[\]{}:,&*!|>%@`"'][^\n]*?"""
    r"""|"[^"\n]*"|'[^'\n]*'|-[^\s:][^\n]*?):(?:[ \t]|$)""",
    re.M,
)
_CLOSINGS: Final = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.M),
}
_OF_KEYS: Final = re.compile(r"[ \t]+\S|-[ \t]|\w[\w-]*[ \t]*=[ \t]")


def _split(text: str) -> _Split | None:
    """Find the front matter at the start of a text; None where there is none.

    A note may open with a thematic break: the lines between two `---` are front matter only if one of them has a key.
    """
    start = len(text) - len(text.lstrip())
    if text.startswith("{", start):
        return _split_json(text, start)
    mark = text[start : start + 3]
    closing = _CLOSINGS.get(mark)
    first = text.find("\n", start)
    if closing is None or first < 0 or text[start:first].rstrip() != mark:
        return None
    inside = first + 1
    found = closing.search(text, inside)
    if found:
        within = text[inside : found.start()]
        readable = not within.strip() or mark == "+++" or _has_key(within)
        return _Split(mark, inside, found.start(), found.end()) if readable else None
    if not _KEY_LINE.match(text, inside) and not (mark == "+++" and re.match(r"[\w.\"-]+\s*=", text[inside:])):
        return None
    end = _end_of_keys(text, inside)
    return _Split(mark, inside, end, end, closed=False)


def _end_of_keys(text: str, start: int) -> int:
    """Return where the lines end that can belong to a front matter: keys, what is indented, items, blank lines."""
    end = at = start
    while at < len(text):
        after = text.find("\n", at) + 1 or len(text)
        line = text[at:after]
        if _OF_KEYS.match(line) or _KEY_LINE.match(line):
            end = after
        elif line.strip():
            break
        at = after
    return end


def _has_key(within: str) -> bool:
    return (
        _KEY_LINE.search(within) is not None
        or re.search(r"^\s*(- |\{|\?|[^\W\d]\w*:(?!//)\S*$|[^\W\d][\w -]*:\s)", within, re.M) is not None
    )


def _split_json(text: str, start: int) -> _Split | None:
    if not re.match(r"\{\s*(\"|\}\s*(\n|\Z))", text[start:]):
        return None
    end, closed = end_of_json(text, start)
    return _Split("{", start, end, end, closed)


class _LinedHandler(BaseHandler):
    """Splits for python-frontmatter and remembers where; the reading is done by the table below, with lines."""

    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self.line = line  # lines before the inside of the front matter
        self.found: _Split | None = None

    def detect(self, text: str) -> bool:
        self.found = _split(text)
        return self.found is not None

    def split(self, text: str) -> tuple[str, str]:
        if not self.detect(text) or self.found is None:
            raise ValueError("no front matter")
        self.line += text.count("\n", 0, self.found.start)
        return text[self.found.start : self.found.end], text[self.found.body :]

    def load(self, fm: str, **kwargs: object) -> Any:
        return {"read": _READERS[self.found.kind](fm, self.path, self.line) if self.found else None}


def read_front_matter(text: str, path: str) -> FrontMatter:
    """Read the front matter of a note's text; lines count from the start of the text."""
    skipped = len(text) - len(text.lstrip())  # python-frontmatter strips the text before it splits
    handler = _LinedHandler(path, text.count("\n", 0, skipped))
    metadata, _ = frontmatter.parse(text, handler=handler)
    read, split = metadata.get("read"), handler.found
    if split is None or not isinstance(read, Read):
        return FrontMatter((), 0, ())
    problems = read.problems
    fields = read.fields if read.simple else _cleaned(_lifted(read.fields, path, problems), path, problems)
    problems += _repeated(fields, path)
    if not split.closed:
        message = words("the front matter opens with {mark} and does not close", mark=split.kind)
        hint = words("write {mark} on a line of its own after the last key", mark=split.kind.replace("{", "}"))
        problems.insert(0, problem("unclosed-front-matter", path, handler.line, 1, message, hint))
    return FrontMatter(tuple(fields), skipped + split.body, tuple(problems), read.lost)


def _lifted(fields: list[Field], path: str, problems: list[Problem]) -> list[Field]:
    """Return fields with each item `{type: isPartOf, target: '[[...]]'}` turned into the relation it states."""
    if not any(isinstance(value, Map) for field in fields for value in field.values):
        return fields
    out: list[Field] = []
    for field in fields:
        relations = [(value, lifted(value) if isinstance(value, Map) else []) for value in field.values]
        kept = tuple(value for value, relation in relations if not relation)
        if kept or not field.values:
            out.append(replace(field, values=kept))
        stated = [found for _, relation in relations for found in relation]
        out += stated
        if stated:
            keys = ", ".join(dict.fromkeys(found.key for found in stated))
            place = min((value.line, value.column) for value, relation in relations if relation)
            message = words(
                "items under {key!r} have a type and a target; they were read as {keys}", key=field.key, keys=keys
            )
            lines = "; ".join(f"{key}: '[[...]]'" for key in keys.split(", "))
            hint = words("write them with their key: {lines}", lines=lines)
            problems.append(problem("bare-sequence", path, *place, message, hint))
    return out


def _cleaned(fields: list[Field], path: str, problems: list[Problem]) -> list[Field]:
    """Return fields whose texts may be published: a value can write as `\\x01` what the note's text may not hold."""
    if all(_is_clean(field) for field in fields):
        return fields

    def text(written: str, line: int, column: int) -> str:
        found = forbidden(written)
        if found >= 0:
            message = words("the character U+{code} and its like were removed", code=f"{ord(written[found]):04X}")
            problems.append(problem("control-characters", path, line, column, message))
        return clean(written)

    def value(of: Value) -> Value:
        if isinstance(of, Scalar):
            return replace(of, text=text(of.text, of.line, of.column))
        return replace(of, fields=tuple(map(cleaned, of.fields)))

    def cleaned(field: Field) -> Field:
        return Field(
            text(field.key, field.line, field.column), tuple(map(value, field.values)), field.line, field.column
        )

    return [cleaned(field) for field in fields]


def _is_clean(field: Field) -> bool:
    return (
        all(
            (value.text.isascii() and value.text.isprintable()) or clean(value.text) == value.text
            if isinstance(value, Scalar)
            else all(map(_is_clean, value.fields))
            for value in field.values
        )
        and clean(field.key) == field.key
    )


_READERS: Final[dict[str, Callable[[str, str, int], Read]]] = {
    "---": read_yaml,
    "+++": read_toml,
    "{": read_json,
}


def _repeated(fields: list[Field], path: str) -> list[Problem]:
    if len({field.key for field in fields}) == len(fields):
        return []
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for field in fields:
        if field.key not in seen:
            seen[field.key] = field.line
        else:
            first = seen[field.key]
            message = words(
                "the key {key!r} occurs again (first on line {line}); all its values are kept",
                key=field.key,
                line=first,
            )
            hint = words("write one {key}: with a list under it", key=field.key)
            problems.append(problem("repeated-key", path, field.line, field.column, message, hint))
    return problems
