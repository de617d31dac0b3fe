"""Which notes are translations of one another: notes of language folders that share a path or an address.

`fr/a-propos.md` and `en/a-propos.md` do, and so do `about.md` and `about.fr.md`, or two notes of two languages that say
that they are `/about/` on the same site.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from herbier.index.language import LANGUAGE_CODE, is_language_folder
from herbier.rdf.slugs import plain_name
from herbier.text import clean, name_key
from herbier.vault.note import stem
from herbier.vault.summary import NoteSummary

_MOST: Final = 50  # languages of one text


def translations_of(
    summaries: Sequence[NoteSummary], merged: Collection[int], folders: Collection[str] = ()
) -> dict[int, tuple[int, ...]]:
    """Return the translations of each note that has some, by the numbers of their summaries.

    `folders` are those that have a language by the settings, whatever they are called.
    """
    by_path: dict[str, list[int]] = defaultdict(list)
    by_address: dict[str, list[int]] = defaultdict(list)
    apart = False
    named = frozenset(map(plain_name, folders))
    for number, summary in enumerate(summaries):
        if summary.private or not summary.language or number in merged:
            continue
        path = path_without_language(summary.path, summary.language, named)
        apart = apart or path != summary.path
        by_path[name_key(path)].append(number)
        if summary.permalink:
            first, _, rest = summary.permalink.partition("/")
            address = rest if _is_language(first, summary.language) else summary.permalink
            by_address[name_key(address)].append(number)
    groups = [*(by_path.values() if apart else ()), *by_address.values()]
    found: dict[int, set[int]] = defaultdict(set)
    for group in groups:
        languages = [summaries[number].language for number in group]
        if 1 < len(group) <= _MOST and len(set(languages)) == len(group):
            for number in group:
                found[number].update(other for other in group if other != number)
    return {number: tuple(sorted(others)) for number, others in found.items()}


def path_without_language(path: str, language: str, named: Collection[str] = ()) -> str:
    """Return the path of a note without its language's folder or suffix; the whole path where it has neither.

    >>> path_without_language("content/fr/a.md", "fr"), path_without_language("a.fr.md", "fr")
    ('content/a.md', 'a.md')
    """
    path = clean(path)
    if folder := language_folder(path, language, named):
        return f"{folder.rpartition('/')[0]}/{path[len(folder) + 1 :]}".lstrip("/")
    *folders, file = path.split("/")
    name = stem(file)
    bare, point, suffix = name.rpartition(".")
    if point and _is_language(suffix, language):
        file = bare + file[len(name) :]
    return "/".join([*folders, file])


def language_folder(path: str, language: str, named: Collection[str] = ()) -> str:
    """Return the path of the deepest folder of a note that is called after its language, "" where none is.

    >>> language_folder("content/fr/fruits/a.md", "fr")
    'content/fr'
    """
    folders = clean(path).split("/")[:-1]
    for place in range(len(folders) - 1, -1, -1):
        own = is_language_folder(folders, place) and _is_language(folders[place], language)
        if own or plain_name(folders[place]) in named:
            return "/".join(folders[: place + 1])
    return ""


def _is_language(text: str, language: str) -> bool:
    """Return whether a text is the code of a language, with or without its region."""
    if not LANGUAGE_CODE.fullmatch(text):
        return False
    code = text.lower()
    return code.partition("-")[0] == language.partition("-")[0] and language.startswith(code)
