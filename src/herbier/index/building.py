"""From note summaries to the index of a vault."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from herbier.index.redaction import mentions_private, plain_text
from herbier.index.resolution import Index, without_suffix
from herbier.index.slug_assignment import assign_slugs
from herbier.ledger.ledger_file import WITHDRAWN
from herbier.ledger.matching import NO_HISTORY, History, private_names
from herbier.problems import Problem
from herbier.rdf.slugs import address_slug, slug
from herbier.text import clean, digest, name_key
from herbier.vault.note import stem
from herbier.vault.summary import Card


def build_index(
    cards: Sequence[Card],
    files: Iterable[str],
    hidden_files: Iterable[str],
    past: History = NO_HISTORY,
    unread: Iterable[str] = (),
) -> tuple[Index, list[Problem]]:
    """Return the index of a vault's cards and attachments, and which notes had to share a slug.

    `past` is what the ledger knows: a note that was merged into another is known by the other's address. `unread` are
    private notes of which nothing is known but their paths.
    """
    names: dict[str, list[str]] = defaultdict(list)
    hidden = frozenset(hidden_files)
    for path in [*files, *hidden]:
        names[name_key(path.rpartition("/")[2])].append(path)
    index = Index(list(cards), [""] * len(cards), dict(names), hidden)
    names_unread = [stem(path) for path in unread]
    index.withdrawn = frozenset(entry.slug for entry in past.rest if entry.state == WITHDRAWN)
    index.any_private = bool(hidden or names_unread or index.withdrawn) or any(card.private for card in cards)
    unread_keys = {form(name) for name in names_unread for form in (slug, name_key)}
    index.private_slugs = frozenset({card.wish for card in cards if card.private} | unread_keys) - {""}
    kept_back = [name for card in cards if card.private for name in private_names(card)]
    kept_back += [*names_unread, *(path.rpartition("/")[2] for path in hidden)]
    index.private_names = frozenset(filter(None, map(slug, kept_back)))
    index.leads = dict(past.leads)
    # a former title may hold the text of a link whose note was public then
    index.former = {
        path: tuple(title for title in titles if not mentions_private(index, title))
        for path, titles in past.titles.items()
    }
    slugs = {name: path for path, name in past.slugs.items()}
    numbers = {card.path: number for number, card in enumerate(cards)}
    instead = {path: numbers[slugs[name]] for path, name in past.merged.items()}
    index.merged = frozenset(numbers[path] for path in instead)
    for own, card in enumerate(cards):
        number = instead.get(card.path, own)
        bare = without_suffix(card.path)
        path = name_key(bare)
        name = path.rpartition("/")[2]
        index.paths.setdefault(path, []).append(number)
        _add(index.stems, name, number)
        for alias in card.aliases:
            _add(index.aliases, name_key(alias), number)
        alike = card.title == bare.rpartition("/")[2] and not card.title[:1].isspace()
        _add(index.titles, name if alike else name_key(card.title), number)
        for former in index.former.get(card.path, ()):
            _add(index.formers, name_key(former), number)
    index.folders = frozenset(name_key(folder) for folder in _folders(cards))
    for number, card in enumerate(cards):
        if "[" in card.title and not card.private:  # a title may hold links, whose text depends on all other names
            title = plain_text(index, card.title, card.path)
            wish = address_slug(title) if card.wish == address_slug(card.title) else card.wish
            index.cards[number] = replace(card, title=title, wish=wish or f"note-{digest(clean(card.path))}")
    index.known.clear()
    index.slugs, problems = assign_slugs(index.cards, past)
    index.by_slug = {given: number for number, given in enumerate(index.slugs) if given}
    return index, problems


def _folders(cards: Sequence[Card]) -> set[str]:
    paths = {card.path.rpartition("/")[0] for card in cards}
    return {folder for path in paths for folder in path.split("/") if folder}


def _add(names: dict[str, list[int]], key: str, number: int) -> None:
    if key:
        numbers = names.setdefault(key, [])
        if number not in numbers:
            numbers.append(number)
