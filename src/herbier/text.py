"""Text: Unicode in its one normal form, and the forms in which names are compared."""

import os
import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from hashlib import sha256
from typing import Final

_LANGUAGE_TAG: Final = re.compile(  # RFC 5646, 2.1, for languages that have a code of ISO 639
    r"[A-Z]{2,3}(-[A-Z]{3}){0,3}(-[A-Z]{4})?(-(?:[A-Z]{2}|\d{3}))?(-(?:[A-Z0-9]{5,8}|\d[A-Z0-9]{3}))*"
    r"(-[A-WYZ0-9](-[A-Z0-9]{2,8})+)*(-X(-[A-Z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_language_tag(text: str) -> bool:
    """Return whether a text is well formed as a language tag; parsers of RDF refuse a whole file for one that is not.

    >>> is_language_tag("fr-CA"), is_language_tag("fr-CA-latn")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(text) is not None


def normal(text: str) -> str:
    """Return text under NFC, with LF line ends."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text


def clean(text: str) -> str:
    """Return text under NFC, with LF line ends, without the characters that XML 1.0 forbids (its section 2.2)."""
    return _NOT_IN_XML.sub("", normal(text))


def forbidden(text: str) -> int:
    """Return the index of the first character that XML 1.0 forbids, or -1."""
    match = _NOT_IN_XML.search(text)
    return match.start() if match else -1


@lru_cache(maxsize=1 << 14)
def name_key(text: str) -> str:
    """Return the form under which links, titles and aliases are compared: NFC and case folding, any blanks as one.

    Blanks are alike since YAML folds lines, and since French puts no-break spaces into names of files.
    """
    if text.isascii():
        text = text.lower().strip()
        return text if "  " not in text and text.isprintable() else " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())


def digest(text: str) -> str:
    """Return 8 hexadecimal digits of the SHA-256 of a text, for names that need a stable tail."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]


def unique(name: str, taken: Container[str]) -> str:
    """Return `name`, or `name-2`, `name-3`, ... the first that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


def shown(path: str) -> str:
    """Return a path that any terminal and any JSON reader can take: bytes that are not UTF-8 become `\\xhh`.

    >>> shown("caf\\udce9.md")
    'caf\\\\xe9.md'
    """
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")
