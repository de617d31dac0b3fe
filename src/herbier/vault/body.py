"""The body of a note: sections with their plain text, links, citations, images, tags, inline fields and blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from herbier.vault.fields import Field, Scalar


class Link(NamedTuple):
    """A link or an embed; its text stands at `start:end` of its section's text (or of its heading).

    `at` is a byte offset in the mended body; `relative` marks Markdown links, which lead from the note's own folder.
    """

    name: str
    anchor: str
    alias: str
    embed: bool
    relative: bool
    at: int
    section: int
    start: int
    end: int
    in_heading: bool


class Citation(NamedTuple):
    """A link out of the vault, or an image that is not in it."""

    url: str
    image: bool
    at: int


class Tag(NamedTuple):
    """A tag in the text, as it is written after `#`."""

    name: str
    at: int


class Item(NamedTuple):
    """An item of a list, or a block with an id (`name`), at `start:end` of its section's text."""

    name: str
    section: int
    start: int
    end: int
    at: int


class Section(NamedTuple):
    """A heading and the text below it, up to the next heading; section 0 is what precedes all headings.

    `parent` is the number of the section around it, -1 for none.
    """

    heading: str
    level: int
    parent: int
    text: str
    at: int


class BodyField(NamedTuple):
    """An inline field, `key:: value`; `at` and `value_at` are byte offsets."""

    key: str
    value: str
    at: int
    value_at: int


@dataclass(frozen=True, slots=True)
class Body:
    """What the body of a note holds, in the order of the text."""

    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    citations: tuple[Citation, ...]
    tags: tuple[Tag, ...]
    items: tuple[Item, ...]
    blocks: tuple[Item, ...]
    fields: tuple[BodyField, ...]


def inline_fields(body: Body, place: Callable[[int], tuple[int, int]]) -> tuple[Field, ...]:
    """Return the inline fields of a body as fields; `place` turns an offset into line and column."""
    fields = []
    for found in body.fields:
        value = Scalar(found.value, *place(found.value_at))
        fields.append(Field(found.key, (value,), *place(found.at)))
    return tuple(fields)
