"""From note summaries to the index of a vault."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from herbier.index.redaction import mentions_private, plain_text
from herbier.index.resolution import Index, without_suffix
from herbier.index.slug_assignment import assign_slugs
from herbier.index.translations import translations_of
from herbier.ledger.ledger_file import WITHDRAWN
from herbier.ledger.matching import NO_HISTORY, History, private_names
from herbier.problems import Problem
from herbier.rdf.slugs import address_slug, slug
from herbier.text import clean, digest, name_key
from herbier.vault.note import stem
from herbier.vault.summary import NoteSummary


def build_index(
    summaries: Sequence[NoteSummary],
    files: Iterable[str],
    hidden_files: Iterable[str],
    history: History = NO_HISTORY,
    unread: Iterable[str] = (),
    languages: Collection[str] = (),
) -> tuple[Index, list[Problem]]:
    """Return the index of a vault's summaries and attachments, and which notes had to share a slug.

    `history` is what the ledger knows: a note that was merged into another is known by the other's address. `unread`
    are private notes of which nothing is known but their paths, `languages` the folders that have a language.
    """
    names: dict[str, list[str]] = defaultdict(list)
    hidden = frozenset(hidden_files)
    for path in [*files, *hidden]:
        names[name_key(path.rpartition("/")[2])].append(path)
    index = Index(list(summaries), [""] * len(summaries), dict(names), hidden)
    names_unread = [stem(path) for path in unread]
    index.withdrawn = frozenset(entry.slug for entry in history.rest if entry.state == WITHDRAWN)
    index.any_private = bool(hidden or names_unread or index.withdrawn) or any(summary.private for summary in summaries)
    unread_keys = {form(name) for name in names_unread for form in (slug, name_key)}
    index.private_slugs = frozenset(
        {summary.preferred_slug for summary in summaries if summary.private} | unread_keys
    ) - {""}
    kept_back = [name for summary in summaries if summary.private for name in private_names(summary)]
    kept_back += [*names_unread, *(path.rpartition("/")[2] for path in hidden)]
    index.private_names = frozenset(filter(None, map(slug, kept_back)))
    index.leads = dict(history.leads)
    # a former title may hold the text of a link whose note was public then
    index.former = {
        path: tuple(title for title in titles if not mentions_private(index, title))
        for path, titles in history.titles.items()
    }
    slugs = {name: path for path, name in history.slugs.items()}
    numbers = {summary.path: number for number, summary in enumerate(summaries)}
    instead = {path: numbers[slugs[name]] for path, name in history.merged.items()}
    index.merged = frozenset(numbers[path] for path in instead)
    for own, summary in enumerate(summaries):
        number = instead.get(summary.path, own)
        bare = without_suffix(summary.path)
        path = name_key(bare)
        name = path.rpartition("/")[2]
        for address in site_paths_of(path):
            _add(index.site_paths, address, number)
        index.paths.setdefault(path, []).append(number)
        _add(index.stems, name, number)
        for alias in summary.aliases:
            _add(index.aliases, name_key(alias), number)
        alike = summary.title == bare.rpartition("/")[2] and not summary.title[:1].isspace()
        _add(index.titles, name if alike else name_key(summary.title), number)
        if summary.id:
            _add(index.ids, name_key(summary.id), number)
        if match := _ID.match(name):
            _add(index.ids, match[0], number)
        for address in filter(None, {summary.permalink, summary.address}):
            _add(index.permalinks, name_key(address), number)
            if summary.language:  # where a site has a folder for each language
                _add(index.permalinks, name_key(f"{summary.language}/{address}"), number)
        for former in index.former.get(summary.path, ()):
            _add(index.formers, name_key(former), number)
    index.folders = frozenset(name_key(folder) for folder in _folders(summaries))
    for number, summary in enumerate(summaries):
        if (
            "[" in summary.title and not summary.private
        ):  # a title may hold links, whose text depends on all other names
            title = plain_text(index, summary.title, summary.path)
            wish = (
                address_slug(title) if summary.preferred_slug == address_slug(summary.title) else summary.preferred_slug
            )
            index.summaries[number] = replace(
                summary, title=title, preferred_slug=wish or f"note-{digest(clean(summary.path))}"
            )
    index.known.clear()
    index.slugs, problems = assign_slugs(index.summaries, history)
    index.translations = translations_of(index.summaries, index.merged, languages)
    index.by_slug = {given: number for number, given in enumerate(index.slugs) if given}
    return index, problems


_ROOTS: Final = ("content/", "docs/", "source/", "src/", "pages/", "_pages/")
_OF_FOLDERS: Final = ("index", "_index", "readme")


def site_paths_of(path: str) -> list[str]:
    """Return the paths that a note has on a site: below the folder that is its root, and that of its folder.

    >>> site_paths_of("content/jobs/_index"), site_paths_of("jobs/dev")
    (['content/jobs', 'jobs'], [])
    """
    folder, _, name = path.rpartition("/")
    whole = folder if name in _OF_FOLDERS else path
    found = [whole, *(whole.removeprefix(root) for root in _ROOTS if whole.startswith(root))]
    return [one for one in found if one and one != path]


_ID: Final = re.compile(r"\d{8,17}(?=[ _.-]+\S)")  # of a Zettelkasten: `202401011200 On trees`


def _folders(summaries: Sequence[NoteSummary]) -> set[str]:
    paths = {summary.path.rpartition("/")[0] for summary in summaries}
    return {folder for path in paths for folder in path.split("/") if folder}


def _add(names: dict[str, list[int]], key: str, number: int) -> None:
    if key:
        numbers = names.setdefault(key, [])
        if number not in numbers:
            numbers.append(number)
