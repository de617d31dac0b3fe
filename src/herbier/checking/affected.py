"""Which notes must be checked anew when others change: those that call them by a name that is given or taken."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from herbier.checking.outcome import file_names, names_of, type_names
from herbier.index.resolution import Index
from herbier.mapping.classes import Classes
from herbier.vault.summary import NoteSummary, values_of


class VaultNames(NamedTuple):
    """The names of a vault when it is checked: the slug and the former titles of each note, its files, the rest.

    `types` are the classes of the things of notes and the notes' translations, by path, and the classes of those not
    written, by slug, as text.
    """

    notes: Mapping[str, list[str]]
    files: list[str]
    hidden: list[str]
    whole: list[object]
    types: Mapping[str, str]

    @staticmethod
    def of(index: Index, attachments: Iterable[str], hidden: Iterable[str], classes: Classes) -> "VaultNames":
        """Return the names of a vault."""
        notes = {
            summary.path: [given, *index.former.get(summary.path, ())]
            for summary, given in zip(index.summaries, index.slugs, strict=True)
        }
        leads = [list(pair) for pair in sorted(index.leads.items())]
        merged = sorted(index.summaries[number].path for number in index.merged)
        whole: list[object] = [index.any_private, leads, merged, sorted(index.folders)]
        types = {slug: " ".join(said.terms) for slug, said in sorted(index.stub_types.items())}
        for number, summary in enumerate(index.summaries):
            if not summary.private:
                translations = [index.slugs[other] for other in index.translations.get(number, ())]
                types[summary.path] = " ".join((*classes.terms(number), *translations))
        return VaultNames(notes, sorted(attachments), sorted(hidden), whole, types)

    @staticmethod
    def of_text(text: str) -> "VaultNames | None":
        """Return the names that a text holds, None where it holds none."""
        try:
            return VaultNames(*json.loads(text))
        except (ValueError, TypeError):
            return None

    def as_text(self) -> str:
        """Return the names as text, for the next time."""
        return json.dumps(self)


def changed_names(
    before: VaultNames, now: VaultNames, old: Mapping[str, NoteSummary], new: Iterable[str], index: Index
) -> frozenset[str] | None:
    """Return the names that mean something else than before; None where nothing can be relied on.

    `old` are the summaries of notes that are gone or were read anew, `new` the paths of those read anew, each by path.
    """
    if now.whole != before.whole:
        return None
    fresh = set(new)
    otherwise = {
        name for name in before.types.keys() | now.types.keys() if before.types.get(name) != now.types.get(name)
    }
    changed = otherwise - now.notes.keys()  # by which notes call those that are not written
    for summary, (path, state) in zip(index.summaries, now.notes.items(), strict=True):
        was = before.notes.get(path)
        is_same = was == state and path not in otherwise
        if is_same and path not in fresh:
            continue
        known = old.get(path)
        if is_same and _same(summary, known):
            continue
        changed |= names_of(summary, state[0])
        if known and was:
            changed |= names_of(known, was[0])
        elif was:
            changed |= file_names(was)
    for path in before.notes.keys() - now.notes.keys():
        was = before.notes[path]
        changed |= names_of(old[path], was[0]) if path in old else file_names([path, *was])
    changed |= file_names(set(before.files) ^ set(now.files))
    changed |= file_names(set(before.hidden) ^ set(now.hidden))
    return frozenset(changed)


def retyped(before: VaultNames, now: VaultNames) -> frozenset[str]:
    """Return the paths of notes whose things are of other classes than before, though the notes may be the same."""
    return frozenset(path for path in now.notes if before.types.get(path, "") != now.types.get(path, ""))


def _same(summary: NoteSummary, other: NoteSummary | None) -> bool:
    if other is None:
        return False
    return values_of(summary) == values_of(other) or replace(summary, content="") == replace(other, content="")


def affected(changed: frozenset[str], names: Callable[[], dict[int, str]], index: Index) -> Iterator[int]:
    """Yield the notes that call something by a changed name; what one is may change with its type, for others in turn.

    `names` returns those that each note calls others by, a line each; it is asked only where something has changed.
    """
    left = names() if changed else {}
    while changed and left:
        more = [number for number, text in left.items() if not changed.isdisjoint(text.split("\n"))]
        yield from more
        for number in more:
            del left[number]
        summaries = [index.summaries[number] for number in more]
        of_changed_type = [
            n for n, summary in zip(more, summaries, strict=True) if not changed.isdisjoint(type_names(summary))
        ]
        changed = frozenset(name for n in of_changed_type for name in names_of(index.summaries[n], index.slugs[n]))
