"""Slugs and anchors: which note has which, once and for all, whatever the order of the files."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial

from herbier.ledger.matching import NO_HISTORY, History
from herbier.messages import Message
from herbier.problems import Problem, problem
from herbier.rdf.slugs import address_slug, cut, slug
from herbier.text import clean, digest, shown, unique
from herbier.vault.files import path_order
from herbier.vault.note import stem
from herbier.vault.summary import NoteSummary


def anchors(headings: Sequence[str], blocks: Iterable[str]) -> list[str]:
    """Return the anchor of each heading: its slug, `-2` and so on for repeats, none that a block has."""
    taken = {f"block-{block}" for block in blocks}
    repeats: dict[str, int] = {}
    names = []
    for heading in headings:
        wish = address_slug(heading) or "section"
        name = wish
        while name in taken:
            repeats[wish] = repeats.get(wish, 1) + 1
            name = f"{wish}-{repeats[wish]}"
        taken.add(name)
        names.append(name)
    return names


class _Taken(set[str]):
    """The slugs that are given, now or in the past."""

    def __init__(self, history: History) -> None:
        super().__init__(history.slugs.values())
        self.history = history

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and self.history.is_taken(name))


def assign_slugs(summaries: Sequence[NoteSummary], history: History = NO_HISTORY) -> tuple[list[str], list[Problem]]:
    """Return a slug for each summary, no two alike, "" for those that have none; what was given in the past stays.

    Of several claimants the least path has the plain slug, the others the shortest folder prefix that is free, failing
    that their stem, failing that a digest of the path. Private notes claim none, so that they leave no trace.
    """
    slugs = [history.slugs.get(summary.path, "") for summary in summaries]
    taken = _Taken(history) if history.taken else set(history.slugs.values())
    holders = {name: number for number, name in enumerate(slugs) if name}
    claims: dict[str, list[int]] = defaultdict(list)
    for number, summary in enumerate(summaries):
        if not slugs[number] and not summary.private and summary.path not in history.merged:
            claims[summary.preferred_slug or f"note-{digest(clean(summary.path))}"].append(number)
    losers: list[tuple[int, str, int]] = []
    for wish, claimants in claims.items():
        if len(claimants) > 1:
            claimants.sort(key=lambda number: path_order(summaries[number].path))
        if wish in taken:
            first, rest = holders.get(wish, -1), claimants
        else:
            first, *rest = claimants
            slugs[first] = wish
            taken.add(wish)
        losers += [(number, wish, first) for number in rest]
    problems: list[Problem] = []
    contested: dict[str, list[int]] = defaultdict(list)
    for wish in {loser[1] for loser in losers}:
        contested[wish] = claims[wish]
    for number, wish, first in sorted(losers, key=lambda loser: path_order(summaries[loser[0]].path)):
        name = _apart(summaries, number, wish, contested[wish], taken)
        slugs[number] = name
        taken.add(name)
        path = summaries[number].path
        if first < 0:
            message = Message(
                "a note that is gone had the same slug {wish!r}; this note has {slug!r}", wish=wish, slug=name
            )
        else:
            other = shown(summaries[first].path)
            message = Message(
                "{path!r} has the same slug {wish!r}; this note has {slug!r}",
                path=other,
                wish=wish,
                slug=name,
            )
        hint = Message("give one of them a `slug:` of its own")
        problems.append(problem("slug-collision", shown(path), 1, 1, message, hint))
    return slugs, problems


def _apart(
    summaries: Sequence[NoteSummary],
    number: int,
    wish: str,
    rivals: list[int],
    taken: set[str],
) -> str:
    """Return what tells a note from those that ask for the same slug: its folders, its stem, both, else its path."""
    path = summaries[number].path
    others = [summaries[rival].path for rival in rivals if rival != number]
    depth = path.count("/")
    for form in (partial(_in_folders, wish), _stem_in_folders):
        for count in range(depth + 1):
            name = form(path, count)
            alone = all(form(other, count) != name for other in others)
            if alone and name and name not in taken:
                return name
    own = cut(f"{wish}-{_stem_in_folders(path, 0)}")
    if own not in taken and all(_stem_in_folders(p, 0) != _stem_in_folders(path, 0) for p in others):
        return own
    # of the path under NFC: a disk that keeps names decomposed gives the same IRIs
    return unique(f"{wish}-{digest(clean(path))}", taken)


def _in_folders(wish: str, path: str, count: int) -> str:
    """Return a slug with the last folders of a path before it; "" for none of them."""
    folders = slug("-".join(path.split("/")[:-1][-count:])) if count else ""
    return f"{folders}-{wish}" if folders else ""


def _stem_in_folders(path: str, count: int) -> str:
    parts = shown(path).split("/")
    folders = parts[:-1][-count:] if count else []
    return cut(slug("-".join([*folders, stem(parts[-1])])))
