"""From what is written as a value to a literal or an IRI: one function a kind, in one table.

Each takes the text and the language of the note, and returns a term, or None where the text is not of its kind.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import pyoxigraph

from herbier.messages import Message
from herbier.rdf.terms import Term, iri, literal, plain, typed
from herbier.rules.dates import date_term
from herbier.rules.durations import duration_term
from herbier.vault.inline import DOI, MARKDOWN_LINK, is_web_address, normal_url

_GROUPED: Final = re.compile(r"[+-]?[0-9]{1,3}(?:(?P<mark>[ .,'’_\u00a0\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*)")
_DIGITS: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_SPACED: Final = re.compile(
    r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))|(?<=^[+-])\s+"
)  # where blanks set thousands apart


def integer_term(text: str) -> Term | None:
    """Return a whole number; thousands may be set apart (`1 500`, `1.500`)."""
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[^0-9+-]", "", text)
    return typed(str(int(text)), "integer") if _DIGITS.fullmatch(text) and len(text) < 4000 else None


def number_term(text: str) -> Term | None:
    """Return a number, whose decimal mark may be a point or a comma; blanks may set thousands apart."""
    text = _SPACED.sub("", text.strip())
    return typed(text.replace(",", ".").lstrip("+"), "decimal") if _DECIMAL.fullmatch(text) else None


_ISO_DATE: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ISO_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]+)?))?")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(?P<rest>\.[0-9]+)?")


def plain_term(text: str, quoted: bool = False) -> Term | None:
    """Return a value whose form alone says what it is: an ISO date or time, a number, true or false; else None.

    In quotes, a number or a truth value is a text; a date is one all the same, since many tools quote dates.

    >>> plain_term("true"), plain_term("0123"), plain_term("10:30")  # doctest: +ELLIPSIS
    ('"true"^^<...#boolean>', None, '"10:30:00"^^<...#time>')
    """
    if _ISO_DATE.fullmatch(text):
        return date_term(text)
    if time := _ISO_TIME.fullmatch(text):
        return typed(f"{time[1]}:{time[2]}:{time[3] or '00'}", "time")
    if quoted:
        return None
    if text in ("true", "false"):
        return typed(text, "boolean")
    if (number := _PLAIN_NUMBER.fullmatch(text)) and len(text) < 4000:
        return typed(text.lstrip("+"), "decimal" if number["rest"] else "integer")
    return None


_LETTER: Final = re.compile(r"[^\W\d_]")
_CODE: Final = re.compile(r"\S*[_@\\=:]\S*|/\S*|\S+\.[A-Za-z][A-Za-z0-9]{0,4}|(?:\S*[0-9]){3}\S*")


def is_code(text: str) -> bool:
    """Return whether a text is of no language: a date, a number, an identifier, an address, the path of a file.

    >>> is_code("2024-10-10"), is_code("biblio/a.bib"), is_code("arc-en-ciel"), is_code("10 km")
    (True, True, False, False)
    """
    if " " in text:
        return _LETTER.search(text) is None
    return _LETTER.search(text) is None or _CODE.fullmatch(text) is not None


_TRUE: Final = {"true", "yes", "oui", "vrai", "on", "1", "x"}
_FALSE: Final = {"false", "no", "non", "faux", "off", "0"}


def boolean(text: str) -> bool | None:
    """Return what a yes or a no means, in English or French; None for anything else."""
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def boolean_term(text: str) -> Term | None:
    """Return a boolean."""
    value = boolean(text)
    return None if value is None else typed("true" if value else "false", "boolean")


_USUAL_IRI: Final = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.~!$&'()*+,;=:@-]*)*", re.ASCII)


def address_term(text: str) -> Term | None:
    """Return the IRI of a web address, also one in `<>` or in a Markdown link."""
    if _USUAL_IRI.fullmatch(text) and "doi.org/" not in text:
        return f"<{text}>"
    if link := MARKDOWN_LINK.fullmatch(text):
        text = link[2] or link[3] or ""
    text = text.removeprefix("<").removesuffix(">").strip()
    if not is_web_address(text) or re.search(r"\s", text):
        return None
    return checked_iri(normal_url(text))


def checked_iri(text: str) -> Term | None:
    """Return an IRI as a term, None where no parser would take it (RFC 3987)."""
    if _USUAL_IRI.fullmatch(text):
        return f"<{text}>"
    term = iri(text)
    try:
        urlsplit(term[1:-1]).port  # noqa: B018 - it raises where there is none
        pyoxigraph.NamedNode(term[1:-1])
    except ValueError:
        return None
    return term


_WIKIDATA: Final = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/|wd:)?(Q[1-9]\d*)", re.IGNORECASE
)


def wikidata_term(text: str) -> Term | None:
    """Return the IRI of a Wikidata item, from its Q number or its page."""
    match = _WIKIDATA.fullmatch(text)
    return iri(f"http://www.wikidata.org/entity/{match[1].upper()}") if match else None


def doi_term(text: str) -> Term | None:
    """Return a DOI as `https://doi.org/10...`."""
    match = DOI.fullmatch(text) or re.fullmatch(r"(10\.\d{4,9}/\S+)", text)
    return iri(f"https://doi.org/{match[1]}") if match else None


Kind = Callable[[str, str], Term | None]
VALUES: Final[dict[str, Kind]] = {
    "text": lambda text, language: literal(text, "" if is_code(text) else language),
    "string": lambda text, language: plain(text),
    "email": lambda text, language: plain(text.removeprefix("mailto:")) if "@" in text else None,
    "date": lambda text, language: date_term(text),
    "integer": lambda text, language: integer_term(text),
    "number": lambda text, language: number_term(text),
    "boolean": lambda text, language: boolean_term(text),
    "address": lambda text, language: address_term(text),
    "wikidata": lambda text, language: wikidata_term(text),
    "doi": lambda text, language: doi_term(text),
    "minutes": lambda text, language: duration_term(text),
    "price": lambda text, language: number_term(text) or plain(text),
}
EXPECTED: Final = {
    "date": Message("a date, such as 2025-03-20, 20/03/2025, mars 2025 or 2025"),
    "integer": Message("a whole number, such as 1500"),
    "number": Message("a number, such as 45.5"),
    "boolean": Message("yes or no: true or false"),
    "address": Message("an address, such as https://example.org/"),
    "wikidata": Message("a Wikidata item, such as Q42"),
    "same": Message("an address, such as https://example.org/, or a Wikidata item, such as Q42"),
    "identifier": Message("an identifier of its scheme"),
    "doi": Message("a DOI, such as 10.1038/nature14539"),
    "email": Message("an e-mail address"),
    "entity": Message("a link, such as '[[...]]'"),
    "file": Message("a file of the vault, such as '[[portrait.png]]', or an address"),
    "linked": Message("a link, such as '[[...]]', or the name of a note"),
    "award": Message("an award: an amount of money is none"),
    "state": Message("the state of the work itself: whether it has been read is none"),
    "minutes": Message("a duration, such as 1 h 30, 45 min or a number of minutes"),
    "coordinates": Message("a place on the map, such as 48.85, 2.35"),
    "nested": Message("keys and values below it"),
    "parts": Message("keys and values below it"),
}
