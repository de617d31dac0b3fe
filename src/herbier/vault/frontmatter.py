"""Front matter: from the text between the marks to fields with their lines, in YAML, TOML and JSON.

python-frontmatter splits the text, through a handler of ours. Scalars stay text: `0123`, `no` and `1.10` mean what
the rule of their key makes of them, never what YAML would guess.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, NamedTuple

import frontmatter
from frontmatter.default_handlers import BaseHandler

from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.text import clean, forbidden
from herbier.vault.fields import Field, Map, Scalar, Value
from herbier.vault.head import Head, find_head, find_unread
from herbier.vault.toml_json import Read, read_json, read_members, read_toml
from herbier.vault.yaml_compose import read_yaml
from herbier.vault.yaml_repair import lifted


class FrontMatter(NamedTuple):
    """The fields of a note, where its body starts (a character offset), and what was found wrong."""

    fields: tuple[Field, ...]
    body: int
    problems: tuple[Problem, ...]
    lost: str = ""  # what could not be read, for whoever must not publish by mistake


class _LinedHandler(BaseHandler):
    """Splits for python-frontmatter and remembers where; the reading is done by the table below, with lines."""

    def __init__(self, path: str, line: int) -> None:
        self.path = path
        self.line = line  # lines before the inside of the front matter
        self.found: Head | None = None

    def detect(self, text: str) -> bool:
        self.found = find_head(text)
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
    read, head = metadata.get("read"), handler.found
    if head is None or not isinstance(read, Read):
        return _without_head(text, path)
    fields, problems = _checked(read, head, path, handler.line)
    body, lost = skipped + head.body, read.lost
    before = text[skipped : skipped + head.start]
    if "<!--" in before or "%%" in before:  # a comment may say what is not for all
        lost = f"{lost}\n{before}"
    while (more := _second(text, body)) is not None:
        line = text.count("\n", 0, more.start)
        read = _READERS[more.kind](text[more.start : more.end], path, line)
        found, told = _checked(read, more, path, line)
        message = Message("a second front matter follows the first; both were read")
        problems += [problem("odd-front-matter", path, line, 1, message, Message("put all keys into one")), *told]
        fields += found
        body, lost = more.body, f"{lost}\n{read.lost}"
    problems += _repeated(fields, path)
    return FrontMatter(tuple(fields), body, tuple(problems), lost)


_MAY_FENCE: Final = ("-", "+", "\n", ";", "—", "–", " ", "<", "\ufeff", "\u200b", "%")


def _second(text: str, body: int) -> Head | None:
    """Return the head that follows another directly; only one that is fenced counts."""
    head = find_head(text, body) if text.startswith(_MAY_FENCE, body) else None
    return head if head is not None and head.opening not in ("", "{") else None


def _checked(read: Read, head: Head, path: str, line: int) -> tuple[list[Field], list[Problem]]:
    """Return the fields of a head, fit to be published, and what is wrong in it; `line` lines precede its inside."""
    problems = read.problems
    fields = read.fields if read.simple else _cleaned(_lifted(read.fields, path, problems), path, problems)
    if not head.closed:
        mark = head.opening
        message = Message("the front matter opens with {mark} and does not close", mark=mark)
        hint = Message("write {mark} on a line of its own after the last key", mark=mark.replace("{", "}"))
        problems.insert(0, problem("unclosed-front-matter", path, line, 1, message, hint))
    elif head.odd:
        message = Message("the front matter is not between lines of ---; it was read all the same")
        hint = Message("write --- on the line before the first key and on the line after the last")
        problems.insert(0, problem("odd-front-matter", path, max(line, 1), 1, message, hint))
    return fields, problems


def _without_head(text: str, path: str) -> FrontMatter:
    """Return the front matter of a note without one that can be read: what looks like one is left out and reported."""
    unread = find_unread(text, 0)
    if unread is None:
        return FrontMatter((), 0, ())
    start, end = unread
    line = text.count("\n", 0, start) + 1
    message = Message("these lines look like front matter and could not be read; they are not published")
    hint = Message("write --- on the line before the first key and on the line after the last, and the text below")
    told = problem("unread-front-matter", path, line, 1, message, hint)
    return FrontMatter((), end, (told,), text[:end])


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
            message = Message(
                "items under {key!r} have a type and a target; they were read as {keys}", key=field.key, keys=keys
            )
            lines = "; ".join(f"{key}: '[[...]]'" for key in keys.split(", "))
            hint = Message("write them with their key: {lines}", lines=lines)
            problems.append(problem("bare-sequence", path, *place, message, hint))
    return out


def _cleaned(fields: list[Field], path: str, problems: list[Problem]) -> list[Field]:
    """Return fields whose texts may be published: a value can write as `\\x01` what the note's text may not hold."""
    if all(_is_clean(field) for field in fields):
        return fields

    def text(written: str, line: int, column: int) -> str:
        found = forbidden(written)
        if found >= 0:
            message = Message("the character U+{code} and its like were removed", code=f"{ord(written[found]):04X}")
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
    ";": read_members,
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
            message = Message(
                "the key {key!r} occurs again (first on line {line}); all its values are kept",
                key=field.key,
                line=first,
            )
            hint = Message("write one {key}: with a list under it", key=field.key)
            problems.append(problem("repeated-key", path, field.line, field.column, message, hint))
    return problems
