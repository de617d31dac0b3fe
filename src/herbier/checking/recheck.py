"""Which notes must be checked anew when others change: those that call them by a name that is given or taken."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from herbier.cards import Card, values_of
from herbier.checking.outcome import file_names, names_of, type_names
from herbier.links import Index


class Before(NamedTuple):
    """What a vault was when it was checked last: the slug and the former titles of each note, its files, the rest."""

    notes: Mapping[str, list[str]]
    files: list[str]
    hidden: list[str]
    whole: list[object]


def as_text(index: Index, attachments: Iterable[str], hidden: Iterable[str]) -> str:
    """Return a vault as text, for the next time."""
    notes = {
        card.path: [given, *index.former.get(card.path, ())]
        for card, given in zip(index.cards, index.slugs, strict=True)
    }
    return json.dumps([notes, sorted(attachments), sorted(hidden), _whole(index)])


def of_text(text: str) -> Before | None:
    """Return the vault that a text holds, None where it holds none."""
    try:
        return Before(*json.loads(text))
    except (ValueError, TypeError):
        return None


def _whole(index: Index) -> list[object]:
    return [index.any_private, sorted(index.leads.items()), sorted(index.cards[n].path for n in index.merged)]


def changed_names(
    before: Before, old: Mapping[str, Card], new: Iterable[str], index: Index, attachments: Iterable[str],
    hidden: Iterable[str],
) -> frozenset[str] | None:  # fmt: skip
    """Return the names that mean something else than before; None where nothing can be relied on.

    `old` are the cards of notes that are gone or were read anew, `new` the paths of those read anew, each by path.
    """
    if json.loads(json.dumps(_whole(index))) != before.whole:
        return None
    fresh = set(new)
    changed: set[str] = set()
    now: dict[str, list[str]] = {}
    for card, given in zip(index.cards, index.slugs, strict=True):
        state = now[card.path] = [given, *index.former.get(card.path, ())]
        was = before.notes.get(card.path)
        known = old.get(card.path)
        if was == state and (card.path not in fresh or _same(card, known)):
            continue
        changed |= names_of(card, given)
        if known and was:
            changed |= names_of(known, was[0])
        elif was:
            changed |= file_names(was)
    for path, was in before.notes.items():
        if path not in now:
            changed |= names_of(old[path], was[0]) if path in old else file_names([path, *was])
    changed |= file_names(set(before.files) ^ set(attachments))
    changed |= file_names(set(before.hidden) ^ set(hidden))
    return frozenset(changed)


def _same(card: Card, other: Card | None) -> bool:
    if other is None:
        return False
    return values_of(card) == values_of(other) or replace(card, content="") == replace(other, content="")


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
        cards = [index.cards[number] for number in more]
        of_changed_type = [n for n, card in zip(more, cards, strict=True) if not changed.isdisjoint(type_names(card))]
        changed = frozenset(name for n in of_changed_type for name in names_of(index.cards[n], index.slugs[n]))
