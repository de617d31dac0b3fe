"""The bibliography that a vault declares: works by the keys that notes cite them by, from BibTeX or CSL JSON.

CSL JSON is what Zotero and Pandoc write (https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from herbier.messages import Message, reason
from herbier.problems import Problem, problem
from herbier.text import clean
from herbier.vault.declared_files import declared_files

_ENTRY: Final = re.compile(r"\s*@(\w+)\s*[{(]\s*([^\s,=]+)\s*,")
_ENTRIES: Final = re.compile(r"^(?=[ \t]*@\w+\s*[{(])", re.M)
_STRING: Final = re.compile(r"\s*@string\b", re.I)
_NOT_WORKS: Final = frozenset(["string", "comment", "preamble"])
_DOI: Final = re.compile(r"10\.\d{4,9}/\S+")

# Local names in schema.org, by the type of an entry.
_CLASSES: Final[Mapping[str, str]] = {
    # BibTeX and BibLaTeX
    "article": "ScholarlyArticle",
    "inproceedings": "ScholarlyArticle",
    "conference": "ScholarlyArticle",
    "book": "Book",
    "mvbook": "Book",
    "inbook": "Chapter",
    "incollection": "Chapter",
    "phdthesis": "Thesis",
    "mastersthesis": "Thesis",
    "techreport": "Report",
    # CSL
    "article-journal": "ScholarlyArticle",
    "paper-conference": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "chapter": "Chapter",
    "webpage": "WebPage",
    "post-weblog": "BlogPosting",
    "map": "Map",
    "motion_picture": "Movie",
    # both
    "thesis": "Thesis",
    "report": "Report",
    "dataset": "Dataset",
    "software": "SoftwareApplication",
}


class Author(NamedTuple):
    """A person, or a body, whose name is all in `whole`."""

    whole: str
    given: str = ""
    family: str = ""


class CitedWork(NamedTuple):
    """A work as a bibliography describes it; a text is "" where it says nothing of the kind.

    `kind` is the local name of a class of schema.org, `language` a tag (BCP 47), `date` as it is written.
    """

    kind: str
    title: str
    authors: tuple[Author, ...]
    date: str
    doi: str
    isbn: str
    url: str
    language: str


@dataclass
class Bibliography:
    """The entries of the files: those of BibTeX as they are written, since few of many are ever cited."""

    bibtex: dict[str, str] = field(default_factory=dict)
    strings: str = ""  # what the entries of BibTeX abbreviate
    csl: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    complete: bool = True  # all its files could be read

    def __post_init__(self) -> None:
        """Begin with no work known; what is found out along the way is no part of what the files say."""
        self._known: dict[str, CitedWork | None] = {}

    def __contains__(self, key: str) -> bool:
        return key in self.bibtex or key in self.csl

    def keys(self) -> tuple[str, ...]:
        """Return the keys of all works."""
        return tuple(key for key in (*self.bibtex, *self.csl) if key)

    def work(self, key: str) -> CitedWork | None:
        """Return the work that a key stands for, None where no file has it."""
        if key not in self._known:
            if key in self.csl:
                self._known[key] = _of_csl(self.csl[key])
            else:
                self._known[key] = _of_bibtex(self.strings, self.bibtex[key]) if key in self.bibtex else None
        return self._known[key]


def read_bibliography(
    vault: Path, paths: Iterable[str], hidden: Iterable[str] = ()
) -> tuple[Bibliography, list[Problem]]:
    """Read the files that herbier.toml names, and tell of those that cannot be; of a key twice, the first counts.

    The files that `hidden` lists are left out, by whatever path they are named.
    """
    found = Bibliography()
    problems: list[Problem] = []
    for path, file in declared_files(vault, paths, "bibliography", hidden, problems):
        try:
            _read(file, found)
        except (OSError, ValueError, RecursionError) as error:
            message = Message("the file could not be read: {why}", why=reason(error))
            problems.append(problem("bad-include", path, 0, 0, message))
    found.complete = not problems
    return found, problems


def _read(file: Path, found: Bibliography) -> None:
    text = file.read_text("utf-8-sig", "replace")
    if file.suffix.lower() == ".json":
        data = json.loads(text)
        items = data.get("items", []) if isinstance(data, dict) else data
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                found.csl.setdefault(str(item.get("citation-key") or item.get("id", "")), item)
        return
    for piece in _ENTRIES.split(text):
        if _STRING.match(piece):
            found.strings += piece
        elif (entry := _ENTRY.match(piece)) and entry[1].lower() not in _NOT_WORKS:
            found.bibtex.setdefault(entry[2], piece)


# --- BibTeX -----------------------------------------------------------------------------------------------------------


def _of_bibtex(strings: str, entry: str) -> CitedWork | None:
    from pybtex.database.input.bibtex import Parser  # only few vaults need it
    from pybtex.errors import capture
    from pybtex.scanner import PybtexError

    try:
        with capture():  # whatever is wrong with one entry, the others are read
            entries = list(Parser().parse_string(strings + entry).entries.values())
    except PybtexError:
        return None
    if not entries or not entries[-1].fields:
        return None
    said = {key.lower(): _plain(value) for key, value in entries[-1].fields.items()}
    people = entries[-1].persons.get("author") or entries[-1].persons.get("editor") or ()
    return CitedWork(
        _CLASSES.get(entries[-1].type.lower(), ""),
        said.get("title", ""),
        tuple(author for person in people if (author := _author(person)).whole not in ("", "others")),
        said.get("date", "") or said.get("year", ""),
        _doi(said.get("doi", "")),
        said.get("isbn", ""),
        said.get("url", ""),
        said.get("langid", "") or said.get("language", ""),
    )


def _author(person: Any) -> Author:
    """Return an author of BibTeX: a name without a given one, such as `{Société X}`, is all one."""
    given = _plain(" ".join([*person.first_names, *person.middle_names]))
    family = _plain(" ".join([*person.prelast_names, *person.last_names, *person.lineage_names]))
    return Author(f"{given} {family}", given, family) if given else Author(family)


_STYLE: Final = re.compile(r"\\(?:emph|text\w+|mkbib\w+)\s*(?={)")


def _plain(text: str) -> str:
    from pybtex.richtext import Text

    read = str(Text.from_latex(_STYLE.sub("", text))) if "\\" in text or "{" in text else text
    return " ".join(clean(read.replace("~", " ")).split())


# --- CSL JSON ---------------------------------------------------------------------------------------------------------


def _of_csl(item: Mapping[str, Any]) -> CitedWork:
    people = item.get("author") or item.get("editor") or ()
    authors = [_csl_author(one) for one in people if isinstance(one, dict)] if isinstance(people, list) else []
    return CitedWork(
        _CLASSES.get(_text(item, "type"), ""),
        _text(item, "title"),
        tuple(author for author in authors if author.whole),
        _csl_date(item.get("issued")),
        _doi(_text(item, "DOI")),
        _text(item, "ISBN").partition(" ")[0],
        _text(item, "URL"),
        _text(item, "language"),
    )


def _csl_author(one: Mapping[str, Any]) -> Author:
    given, family = (
        _text(one, "given"),
        " ".join(filter(None, (_text(one, "non-dropping-particle"), _text(one, "family")))),
    )
    particle = _text(one, "dropping-particle")
    whole = " ".join(filter(None, (given, particle, family))) or _text(one, "literal")
    return Author(whole, given, family)


def _csl_date(issued: Any) -> str:
    if not isinstance(issued, dict):
        return ""
    parts: Any = issued.get("date-parts") or [[]]
    first: Sequence[Any] = parts[0] if isinstance(parts[0], list) else []
    numbers = [str(part).zfill(4 if place == 0 else 2) for place, part in enumerate(first[:3]) if part]
    return "-".join(numbers) or _text(issued, "raw") or _text(issued, "literal")


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key, "")
    return " ".join(clean(re.sub(r"</?(?:i|b|sub|sup|span)\b[^>]*>", "", str(value))).split()) if value else ""


def _doi(text: str) -> str:
    found = _DOI.search(text)
    return found[0].lower() if found else ""
