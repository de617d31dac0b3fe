"""The body of a note: sections with their plain text, links, citations, images, tags, inline fields and blocks."""

from collections.abc import Callable
from dataclasses import dataclass

from herbier.vault.fields import Field, Scalar

# With a constructor of their own, as the classes of `fields.py`, for the reason told there.


@dataclass(init=False, slots=True)
class Link:
    """A link or an embed; its text stands at `start:end` of its section's text (or of its heading).

    `at` is a byte offset in the fixed body; `relative` marks Markdown links, which lead from the note's own folder.
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

    def __init__(
        self,
        name: str,
        anchor: str,
        alias: str,
        embed: bool,
        relative: bool,
        at: int,
        section: int,
        start: int,
        end: int,
        in_heading: bool,
    ) -> None:
        self.name = name
        self.anchor = anchor
        self.alias = alias
        self.embed = embed
        self.relative = relative
        self.at = at
        self.section = section
        self.start = start
        self.end = end
        self.in_heading = in_heading


@dataclass(init=False, slots=True)
class Citation:
    """A link out of the vault, or an image that is not in it."""

    url: str
    image: bool
    at: int

    def __init__(self, url: str, image: bool, at: int) -> None:
        self.url = url
        self.image = image
        self.at = at


@dataclass(init=False, slots=True)
class Tag:
    """A tag in the text, as it is written after `#`."""

    name: str
    at: int

    def __init__(self, name: str, at: int) -> None:
        self.name = name
        self.at = at


@dataclass(init=False, slots=True)
class Item:
    """An item of a list, or a block with an id (`name`), at `start:end` of its section's text."""

    name: str
    section: int
    start: int
    end: int
    at: int

    def __init__(self, name: str, section: int, start: int, end: int, at: int) -> None:
        self.name = name
        self.section = section
        self.start = start
        self.end = end
        self.at = at


@dataclass(init=False, slots=True)
class Section:
    """A heading and the text below it, up to the next heading; section 0 is what precedes all headings.

    `parent` is the number of the section around it, -1 for none; `source` is how the heading is written, "" where that
    is as it reads.
    """

    heading: str
    level: int
    parent: int
    text: str
    at: int
    source: str

    def __init__(self, heading: str, level: int, parent: int, text: str, at: int, source: str = "") -> None:
        self.heading = heading
        self.level = level
        self.parent = parent
        self.text = text
        self.at = at
        self.source = source


@dataclass(init=False, slots=True)
class BodyField:
    """An inline field, `key:: value`, that is said of the note; `at` and `value_at` are byte offsets."""

    key: str
    value: str
    at: int
    value_at: int
    section: int

    def __init__(self, key: str, value: str, at: int, value_at: int, section: int = 0) -> None:
        self.key = key
        self.value = value
        self.at = at
        self.value_at = value_at
        self.section = section


@dataclass(init=False, slots=True)
class Body:
    """The parts of the body of a note, in the order of the text.

    `values` are those of inline fields that stand in the text. `ids` are names that the text gives to places, each with
    the number of the heading that it is at, from 0; -1 above all.
    """

    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    citations: tuple[Citation, ...]
    tags: tuple[Tag, ...]
    items: tuple[Item, ...]
    blocks: tuple[Item, ...]
    fields: tuple[BodyField, ...]
    ids: tuple[tuple[str, int], ...]
    values: tuple[Item, ...]

    def __init__(
        self,
        sections: tuple[Section, ...],
        links: tuple[Link, ...],
        citations: tuple[Citation, ...],
        tags: tuple[Tag, ...],
        items: tuple[Item, ...],
        blocks: tuple[Item, ...],
        fields: tuple[BodyField, ...],
        ids: tuple[tuple[str, int], ...] = (),
        values: tuple[Item, ...] = (),
    ) -> None:
        self.sections = sections
        self.links = links
        self.citations = citations
        self.tags = tags
        self.items = items
        self.blocks = blocks
        self.fields = fields
        self.ids = ids
        self.values = values


def inline_fields(body: Body, place: Callable[[int], tuple[int, int]]) -> tuple[Field, ...]:
    """Return the inline fields of a body as fields; `place` turns an offset into line and column."""
    fields = []
    for found in body.fields:
        value = Scalar(found.value, *place(found.value_at))
        fields.append(Field(found.key, (value,), *place(found.at)))
    return tuple(fields)
