"""The records of the cache: what is known of a note, as texts that a table can hold."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from herbier.messages import packed, unpacked
from herbier.problems import Problem, as_row, of_row
from herbier.vault.summary import HeadingLink, NoteSummary, Pointer, TypeClaim, values_of


class CachedNote(NamedTuple):
    """A note as it was read: its summary, or why it is listed, and what was wrong.

    `outcome` is of a note that was checked: what is reported of it, and a digest of its edges.
    """

    summary: NoteSummary | None
    reason: str
    problems: tuple[Problem, ...]
    outcome: tuple[str, str] | None = None


class CachedOutcome(NamedTuple):
    """The outcome of checking a note, as it is kept.

    `told` are its problems, `mark` is a digest of its edges, `shared` what the whole vault must know of it, `edges`
    its triples that may close a circle, `names` what it calls others by, a line each; `said` are its triples on the
    subjects of others, by the slug of the other.
    """

    told: str
    mark: str
    shared: str
    edges: str
    names: str
    said: Mapping[str, str]


def json_text(value: object) -> str:
    """Return a value as JSON that a table can hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # half a character of a path that is not UTF-8 cannot be written so
    return text if text.isascii() or not _SURROGATE.search(text) else json.dumps(value)


_SURROGATE = re.compile("[\ud800-\udfff]")


def cached_text(known: CachedNote) -> str:
    """Return what was read of a note as text."""
    return json_text([_row(known.summary), packed(known.reason), [as_row(found) for found in known.problems]])


def _row(summary: NoteSummary | None) -> list[Any] | None:
    """Return a summary as a list, without its path, which the row has, and without what it lacks at the end."""
    if summary is None:
        return None
    row = list(values_of(summary)[1:])
    while row and not row[-1]:
        row.pop()
    return row


def cached_notes(
    paths: Iterable[str], texts: Iterable[str], outcomes: Iterable[tuple[str, str] | None]
) -> Iterator[CachedNote]:
    """Yield what was read of the notes at paths; ValueError or TypeError where a text holds nothing."""
    notes = json.loads(f"[{','.join(texts)}]")  # at once: ten thousand small calls take longer
    for path, (summary, reason, problems), outcome in zip(paths, notes, outcomes, strict=False):
        told = tuple([of_row(found) for found in problems]) if problems else ()
        yield CachedNote(None if summary is None else _card(path, *summary), unpacked(reason), told, outcome)


def _card(
    path: str, title: str = "", wish: str = "", aliases: Iterable[str] = (), types: Iterable[str] = (),
    language: str = "", private: bool = False, headings: Iterable[str] = (), blocks: Iterable[str] = (),
    links: Iterable[Iterable[Any]] = (), id_: str = "", slug: str = "", content: str = "", ignores: Iterable[str] = (),
    sources: Iterable[str] = (), ids: Iterable[tuple[str, int]] = (), categories: Iterable[str] = (),
    claims: Iterable[Iterable[Any]] = (), pointers: Iterable[Iterable[Any]] = (), permalink: str = "",
    address: str = "", hides_below: bool = False,
) -> NoteSummary:  # fmt: skip
    return NoteSummary(
        path, title, wish, tuple(aliases), tuple(types), language, private, tuple(headings), tuple(blocks),
        tuple([HeadingLink(*link) for link in links]), id_, slug, content, tuple(ignores), tuple(sources),
        tuple([(name, number) for name, number in ids]), tuple(categories),
        tuple([TypeClaim(*claim) for claim in claims]), tuple([Pointer(*pointer) for pointer in pointers]), permalink,
        address, hides_below,
    )  # fmt: skip
