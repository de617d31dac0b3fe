"""The address that a site's generator gives to the page of a note, by a pattern such as `/:categories/:title/`.

Sources: https://jekyllrb.com/docs/permalinks/, https://gohugo.io/configuration/permalinks/.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from herbier.text import clean
from herbier.vault.note import stem

_DATED: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})-(?P<name>.+)")
_TOKEN: Final = re.compile(r":([a-z_]+)(?:\[[^\]]*\])?")
_NAMING: Final = frozenset(
    [
        "path",
        "name",
        "filename",
        "basename",
        "contentbasename",
        "slugorfilename",
        "slugorcontentbasename",
        "title",
        "slug",
    ]
)
_APART: Final = re.compile(r"[^\w-]+")


def page_address(path: str, patterns: Iterable[tuple[str, str]], said: Mapping[str, str]) -> str:
    """Return the address of a note, "" where no pattern is for it, or where what it asks for is not known.

    `patterns` are by folder; `said` are the title, the slug, the date (ISO 8601) and the categories of the note.
    """
    path = clean(path)
    of, pattern = _pattern(path, patterns)
    known = _known(path, of, said)
    asked = [match[1] for match in _TOKEN.finditer(pattern)]
    if _NAMING.isdisjoint(asked):
        return ""  # it would be that of all notes of a folder or a day
    if any(known.get(token) is None for token in asked):
        return ""
    address = _TOKEN.sub(lambda match: known[match[1]] or "", pattern)
    return address_key(re.sub("/{2,}", "/", address))


def _pattern(path: str, patterns: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the pattern for a note, and the folder that it is for: the deepest."""
    folder = path.rpartition("/")[0]
    fitting = [(of, pattern) for of, pattern in patterns if not of or f"/{of}/" in f"/{folder}/"]
    return max(fitting, key=lambda row: len(row[0]), default=("", ""))


def is_dated(path: str, patterns: Iterable[tuple[str, str]]) -> bool:
    """Return whether the address of a note has its date, as those of posts have."""
    return ":year" in _pattern(clean(path), patterns)[1]


def address_key(address: str) -> str:
    """Return an address as it is compared: without the slashes around it and the file that it may end in.

    >>> address_key("/posts/été/index.html"), address_key("/people/ada.html")
    ('posts/été', 'people/ada')
    """
    return address.strip("/").removesuffix(".html").removesuffix("/index")


def _known(path: str, of: str, said: Mapping[str, str]) -> dict[str, str | None]:
    name = stem(path)
    inside = path[path.find(of) + len(of) :].strip("/") if of else path
    folders = inside.rpartition("/")[0]
    if name in ("index", "_index"):  # of a folder that is a page
        name = folders.rpartition("/")[2] or name
        folders = folders.rpartition("/")[0]
    dated = _DATED.fullmatch(name)
    year, month, day = (
        (dated["year"], dated["month"], dated["day"]) if dated else (said.get("date", "") + "--").split("-")[:3]
    )
    plain = dated["name"] if dated else name
    sections = path.rpartition("/")[0].removeprefix("content/").removeprefix("content")
    by_title = said.get("slug") or _url(said.get("title", "")) or plain
    return {
        "path": f"{folders}/{name}".strip("/"),
        "name": name,
        "filename": name,
        "basename": name,
        "contentbasename": name,
        "slugorfilename": said.get("slug") or name,
        "slugorcontentbasename": said.get("slug") or name,
        # Jekyll makes titles of the names of files, Hugo slugs of titles
        "title": said.get("slug") or (_url(plain) if dated or of.rpartition("/")[2].startswith("_") else by_title),
        "slug": said.get("slug") or (_url(plain) if dated or of.rpartition("/")[2].startswith("_") else by_title),
        "categories": "/".join(map(_url, filter(None, said.get("categories", "").split("\n")))),
        "section": sections.partition("/")[0],
        "sections": sections,
        "year": year or None,
        "month": month.zfill(2) if month else None,
        "day": day.zfill(2) if day else None,
        "output_ext": ".html",
    }


def _url(text: str) -> str:
    """Return a text as generators write it in addresses."""
    return _APART.sub("-", text.lower()).strip("-")
