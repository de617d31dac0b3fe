"""Which characters of a line say something: from the place where a part of a note begins to where it ends.

Columns count from 1 and the end is exclusive, as in `line[start - 1 : end - 1]`; a span never leaves its line.
"""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from herbier.rdf.slugs import slug, tag_slug
from herbier.vault.inline import BARE_DOI, BLOCK_ID, TAG, URL, WIKILINK, trimmed_url, wikilink


class Span(NamedTuple):
    """The first column, and the one after the last; both are the same where there is nothing to point at."""

    start: int
    end: int


class Shape(NamedTuple):
    """How something is written, and what does not belong to the end of it; `group` is the part that counts."""

    pattern: re.Pattern[str]
    trimmed: Callable[[str], str] = str.rstrip
    group: int = 0


_INLINE = (
    Shape(re.compile(r"!?\[\[[^\[\]]+\]\]")),
    Shape(re.compile(r"!?\[(?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*\]\((?:<[^<>]*>|[^()<]|\([^()]*\))*\)")),
    Shape(re.compile(r"!?\[[^\[\]]+\](?:\[[^\[\]]*\])?")),
    Shape(re.compile(r"<[^<>\s]+>")),
    Shape(TAG, lambda tag: tag.rstrip("/-")),
    Shape(URL, trimmed_url),
    Shape(BARE_DOI, trimmed_url),
)
_VALUE = (
    Shape(re.compile(r"'((?:[^']|'')*)"), group=1),
    Shape(re.compile(r'"((?:[^"\\]|\\.)*)'), group=1),
    Shape(re.compile(r"\[\[[^\[\]]+\]\]")),
    Shape(re.compile(r"\S(?:(?!\s#).)*")),
)
_KEY = re.compile(r"""[ \t]*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w.-]+)[ \t]*[=:][ \t]*""")


def of_line(line: str, column: int) -> Span:
    """Return the rest of a line: a heading, an item of a list, a paragraph."""
    start = min(column, len(line) + 1)
    return Span(start, max(start, len(line.rstrip()) + 1))


_NAMED_KEY = re.compile(
    r"""[ \t]*(?:- )?(?P<key>"[^"]*"|'[^']*'|[^\s:'"\[{#][^:]*(?::[^\s:][^:]*)*?)[ \t]*:(?:[ \t]|$)"""
)


def of_problem(line: str, column: int) -> Span:
    """Return what a problem at a column is about: a key, a link, a tag, a value, else the rest of the line."""
    match = _NAMED_KEY.match(line)
    if match and match.start("key") == column - 1:
        return Span(column, match.end("key") + 1)
    return of_value(line, column, "") if match and column > match.end() else of_inline(line, column)


def of_inline(line: str, column: int) -> Span:
    """Return the link, embed, tag or address that begins at a column, else the rest of the line.

    >>> of_inline("voir [[Ada|elle]] et #maths/", 6), of_inline("voir [[Ada|elle]] et #maths/", 22)
    (Span(start=6, end=18), Span(start=22, end=28))
    """
    return _shaped(line, column, _INLINE)


def of_value(line: str, column: int, text: str) -> Span:
    """Return the value that begins at a column, without its quotes and the comment behind it; `text` is what it says.

    >>> of_value("born: '1815'  # a year", 7, "1815")
    Span(start=8, end=12)
    """
    if text and line.startswith(text, column - 1):
        return Span(column, column + len(text))
    return _shaped(line, column, _VALUE)


def of_keyed(line: str, column: int, text: str) -> Span:
    """Return the value of the key that begins at a column, as TOML and JSON have it; `text` is what it says.

    >>> of_keyed('title = "Ada"', 1, "Ada")
    Span(start=10, end=13)
    """
    key = _KEY.match(line, column - 1)
    start = key.end() if key else min(column - 1, len(line))
    found = line.find(text, start) if text else -1
    return Span(found + 1, found + 1 + len(text)) if found >= 0 else of_line(line.rstrip(" ,"), start + 1)


def of_field(line: str, column: int, text: str) -> Span:
    """Return the value of an inline field; `text` is what it says."""
    if text and line.startswith(text, column - 1):
        return Span(column, column + len(text))
    return of_line(BLOCK_ID.sub("", line), column)


def _name_of_link(match: re.Match[str]) -> str:
    return slug(wikilink(match[2])[0].name.rpartition("/")[2])


def _name_of_tag(match: re.Match[str]) -> str:
    return slug(tag_slug(match[0]))


_PARTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (WIKILINK, _name_of_link),
    (re.compile(r"[^\s,;#](?:[^,;]*[^\s,;])?"), _name_of_tag),
)


def narrowed(line: str, span: Span, slugs: Collection[str]) -> Span:
    """Return the one link or word of a value, among several, whose slug is asked for; else the span as it is.

    >>> narrowed("tags: one, two", Span(7, 15), {"two"})
    Span(start=12, end=15)
    """
    for pattern, name in _PARTS:
        parts = list(pattern.finditer(line, span.start - 1, span.end - 1))
        if len(parts) > 1:
            fitting = next((part for part in parts if name(part) in slugs), None)
            return Span(fitting.start() + 1, fitting.end() + 1) if fitting else span
    return span


def _shaped(line: str, column: int, shapes: tuple[Shape, ...]) -> Span:
    for shape in shapes:
        match = shape.pattern.match(line, column - 1)
        if match:
            start = match.start(shape.group)
            return Span(start + 1, start + 1 + len(shape.trimmed(match[shape.group])))
    return of_line(line, column)
