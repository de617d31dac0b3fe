"""Slugs: what an address has of a name."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from herbier.text import digest


class _Slugging(dict[int, str]):
    """Maps a character to what a slug has of it; filled as characters are met.

    Latin letters become ASCII, letters, marks and digits of other scripts stay, and all else separates words.
    python-slugify would do but for the marks: it cuts words of Devanagari or Arabic at each vowel sign.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        name = unicodedata.name(char, "")
        if name.startswith(("LATIN", "MODIFIER LETTER LATIN", "FEMININE ORDINAL", "MASCULINE ORDINAL")):
            kept = _SEPARATORS.sub("-", anyascii(char).lower()).strip("-")
            if not kept:  # no letter is dropped
                kept = char.lower() if unicodedata.category(char) in _LETTERS else "-"
        elif name.startswith(("COMBINING", "VARIATION SELECTOR")):
            kept = ""
        else:
            kept = char.lower() if unicodedata.category(char) in _KEPT else "-"
        self[code] = kept
        return kept


_LETTERS: Final = {"Lu", "Ll", "Lt", "Lo"}
_KEPT: Final = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"}
_SEPARATORS: Final = re.compile("[^a-z0-9]+")
_DASHES: Final = re.compile("--+")
_slugging = _Slugging()


@lru_cache(maxsize=1 << 16)
def slug(text: str) -> str:
    """Return the slug of a name, "" where it has neither letter nor digit.

    >>> slug("MILA - Institut québécois d'intelligence artificielle")
    'mila-institut-quebecois-d-intelligence-artificielle'
    >>> slug("Œuvres d’été : Москва")
    'oeuvres-d-ete-москва'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return _DASHES.sub("-", text.translate(_slugging)).strip("-")


LONGEST_SLUG: Final = 80  # characters
_LEAST_WORDS: Final = 20  # characters that words must fill for what follows them to be left out


def cut(name: str) -> str:
    """Return a slug, or as many of its words as an address has room for.

    >>> cut("a-" * 39 + "last-word"), cut("x" * 90) == "x" * 80
    ('a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a', True)
    """
    if len(name) <= LONGEST_SLUG:
        return name
    end = name.rfind("-", 0, LONGEST_SLUG + 1)
    return name[: end if end >= _LEAST_WORDS else LONGEST_SLUG]


@lru_cache(maxsize=1 << 16)
def address_slug(text: str) -> str:
    """Return the slug of a name as an address has it: whole words, 80 characters at most.

    >>> address_slug("Un titre")
    'un-titre'
    """
    return cut(slug(text))


_IN_TAGS: Final = (("+", " plus "), ("#", " sharp "))  # else C, C++ and C# would be one tag


@lru_cache(maxsize=1 << 16)
def tag_slug(tag: str) -> str:
    """Return the slug of a tag, a segment for each level.

    >>> tag_slug("IA/Éthique"), tag_slug("C++")
    ('ia/ethique', 'c-plus-plus')
    """
    return "/".join(_tag_segment(segment) for segment in tag.split("/") if segment.strip())


def _tag_segment(segment: str) -> str:
    words = segment
    for mark, word in _IN_TAGS:
        words = words.replace(mark, word)
    return slug(words) or f"tag-{digest(segment)}"


def plain_name(text: str) -> str:
    """Return the form under which names of the mapping (keys, types, headings) are compared.

    >>> plain_name("Date_création") == plain_name("date creation")
    True
    """
    return slug(text).replace("-", "")
