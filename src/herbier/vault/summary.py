"""The summary of a note: all that the other notes of a vault must know of it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, NamedTuple


class HeadingLink(NamedTuple):
    """A link in a heading: the number of the heading, the span of its text there, and what it leads to."""

    heading: int
    start: int
    end: int
    name: str
    alias: str


class TypeClaim(NamedTuple):
    """A sign of what type the thing is: its kind, one of `rules/type_evidence.py`, the type, and how it is written."""

    kind: str
    type: str
    written: str


class Pointer(NamedTuple):
    """A value that names things of a class which its key tells: the key in plain form, the value as written."""

    key: str
    text: str
    nested: bool


# With a constructor of its own, for the reason told in `vault/fields.py`.
@dataclass(init=False, slots=True)
class NoteSummary:
    """All that the other notes must know of a note. `preferred_slug` is the slug it asks for; `types` as written.

    `stated_slug` is of a note that says itself what its slug is; `content` is its fingerprint, where a ledger is kept.
    """

    path: str
    title: str
    preferred_slug: str
    aliases: tuple[str, ...]
    types: tuple[str, ...]
    language: str
    private: bool
    headings: tuple[str, ...]
    blocks: tuple[str, ...]
    heading_links: tuple[HeadingLink, ...]
    id: str
    stated_slug: str
    content: str
    ignores: tuple[str, ...]  # the codes of problems that the note keeper accepts
    sources: tuple[str, ...]  # of the headings, as they are written, where one is not as it reads
    ids: tuple[tuple[str, int], ...]  # that the text gives to places, each with the number of the heading it is at
    categories: tuple[str, ...]  # as they are written
    claims: tuple[TypeClaim, ...]
    pointers: tuple[Pointer, ...]
    permalink: str
    address: str  # that a generator gives it by its patterns
    hides_below: bool  # that the notes below its folder are kept back, too

    def __init__(
        self,
        path: str,
        title: str,
        preferred_slug: str,
        aliases: tuple[str, ...] = (),
        types: tuple[str, ...] = (),
        language: str = "",
        private: bool = False,
        headings: tuple[str, ...] = (),
        blocks: tuple[str, ...] = (),
        heading_links: tuple[HeadingLink, ...] = (),
        id: str = "",
        stated_slug: str = "",
        content: str = "",
        ignores: tuple[str, ...] = (),
        sources: tuple[str, ...] = (),
        ids: tuple[tuple[str, int], ...] = (),
        categories: tuple[str, ...] = (),
        claims: tuple[TypeClaim, ...] = (),
        pointers: tuple[Pointer, ...] = (),
        permalink: str = "",
        address: str = "",
        hides_below: bool = False,
    ) -> None:
        self.path = path
        self.title = title
        self.preferred_slug = preferred_slug
        self.aliases = aliases
        self.types = types
        self.language = language
        self.private = private
        self.headings = headings
        self.blocks = blocks
        self.heading_links = heading_links
        self.id = id
        self.stated_slug = stated_slug
        self.content = content
        self.ignores = ignores
        self.sources = sources
        self.ids = ids
        self.categories = categories
        self.claims = claims
        self.pointers = pointers
        self.permalink = permalink
        self.address = address
        self.hides_below = hides_below

    def __reduce__(self) -> tuple[type["NoteSummary"], tuple[Any, ...]]:
        """Travel between processes as plain values, which is five times as fast as slot by slot."""
        return NoteSummary, values_of(self)


values_of: Callable[[NoteSummary], tuple[Any, ...]] = attrgetter(*(row.name for row in fields(NoteSummary)))
