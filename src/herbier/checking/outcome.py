"""The outcome of a checked note, as far as the rest of the vault must know it, and the names it depends on."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from herbier.index.resolution import without_suffix
from herbier.mapping.context import ItemClaim, StubName
from herbier.pipeline.cache_records import CachedOutcome, json_text
from herbier.problems import Problem, as_row, of_row
from herbier.rdf.slugs import slug
from herbier.rdf.terms import Triple
from herbier.text import name_key
from herbier.vault.fields import scalars
from herbier.vault.inline import MARKDOWN_LINK, WIKILINK, path_target, split_target, wikilink
from herbier.vault.note import Note, stem
from herbier.vault.summary import NoteSummary

_LONGEST_NAME = 120


class SharedUse(NamedTuple):
    """The part of an outcome that counts for the vault as a whole.

    `foreign_triples` are its triples on the subjects of others, by the slug of the other, `edges` those that may close
    a cycle; the rest is what `VaultTotals` adds up.
    """

    foreign_triples: Mapping[str, Sequence[Triple]] = {}
    edges: tuple[Triple, ...] = ()
    tags: Sequence[tuple[str, str]] = ()
    stubs: Sequence[StubName] = ()
    stub_concepts: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    items: Sequence[ItemClaim] = ()
    values: Sequence[tuple[int, int]] = ()  # of its keys, and those under a standard predicate


class Outcome(NamedTuple):
    """The outcome of a note: problems of mapping (`told`) and of shapes (`judged`), and what others must know.

    `names` are what it calls notes and files by, so that it is checked anew when one of these is given to another.
    """

    told: tuple[Problem, ...] = ()
    judged: tuple[Problem, ...] = ()
    shared: SharedUse = SharedUse()
    names: frozenset[str] = frozenset()


def as_texts(outcome: Outcome) -> CachedOutcome:
    """Return an outcome as it is kept."""
    told = [[as_row(problem) for problem in problems] for problems in (outcome.told, outcome.judged)]
    foreign_triples, edges, tags, stubs, *sets, items, values = outcome.shared
    return CachedOutcome(
        json_text(told) if any(told) else NOTHING_TOLD,
        mark_of(edges),
        json_text([tags, stubs, *map(sorted, sets), items, values]),
        json_text(edges),
        "\n".join(sorted(outcome.names)),
        {name: json_text(triples) for name, triples in foreign_triples.items()},
    )


NOTHING_TOLD = "[]"


def mark_of(edges: Sequence[Triple]) -> str:
    """Return a digest of the edges of a note, "" where it has none."""
    return sha256(repr(edges).encode()).hexdigest() if edges else ""


def of_texts(rows: Iterable[CachedOutcome]) -> list[Outcome]:
    """Return the outcomes that rows hold; ValueError or TypeError where one holds none. Names are left out."""
    return [Outcome(*problems_in(row.told or NOTHING_TOLD), _shared(row)) for row in rows]


def problems_in(text: str) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """Return the problems of mapping and of shapes that a text holds; ValueError or TypeError where it holds none."""
    told, judged = (tuple([of_row(found) for found in problems]) for problems in json.loads(text) or ((), ()))
    return told, judged


def triples_in(text: str) -> list[Triple]:
    """Return the triples that a text holds; ValueError or TypeError where it holds none."""
    return [(s, p, o) for s, p, o in json.loads(text)]


def _shared(row: CachedOutcome) -> SharedUse:
    tags, stubs, concepts, keys, files, items, values = json.loads(row.shared)
    return SharedUse(
        {name: triples_in(text) for name, text in row.said.items()},
        tuple(triples_in(row.edges)),
        [(name, language) for name, language in tags],
        [StubName(*stub) for stub in stubs],
        frozenset(concepts),
        frozenset(keys),
        frozenset(files),
        [ItemClaim(*claim) for claim in items],
        [(count, standard) for count, standard in values],
    )


def names_in(note: Note) -> frozenset[str]:
    """Return the names by which a note may mean others, in the form in which they are compared."""
    links = {link.name for link in note.body.links}
    links |= {split_target(link.alias).name for link in note.body.links if link.alias}  # `[[label|note]]`
    return frozenset(_forms(links | _written(value.text for value in scalars(note.fields))))


def type_names(summary: NoteSummary) -> frozenset[str]:
    """Return the names by which the types of a note may mean others."""
    return frozenset(_forms(_written(summary.types)))


def _written(texts: Iterable[str]) -> set[str]:
    written: set[str] = set()
    for text in texts:
        if "[" in text:
            for match in WIKILINK.finditer(text):
                target, alias = wikilink(match[2])
                written.update((target.name, split_target(alias).name))
            addresses = (match[2] or match[3] or "" for match in MARKDOWN_LINK.finditer(text))
            written.update(path_target(address).name for address in addresses)
        if len(text) <= _LONGEST_NAME:
            written.add(" ".join(text.split()))
    return written


def names_of(summary: NoteSummary, given: str) -> frozenset[str]:
    """Return the names by which others may mean a note; `given` is its slug."""
    return frozenset(
        _forms({stem(summary.path), summary.path, summary.title, summary.preferred_slug, given, *summary.aliases})
    )


def file_names(paths: Iterable[str]) -> frozenset[str]:
    """Return the names by which notes may mean files."""
    return frozenset(_forms(set(paths)))


def _forms(written: set[str]) -> Iterator[str]:
    for name in written:
        last = without_suffix(name).rstrip("/").rpartition("/")[2]
        if key := name_key(last):
            yield key
            yield slug(last)
