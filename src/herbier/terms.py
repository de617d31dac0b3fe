"""RDF terms as N-Triples text, slugs, and the IRIs that Herbier mints.

A term is kept as the text it has in N-Triples (https://www.w3.org/TR/n-triples/): `<https://schema.org/name>` or
`"Montréal"@fr`. A triple is then ready to be written, compared and sorted without an object of its own.
"""

import os
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from anyascii import anyascii

Term = str
RDF_TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_UNESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}  # any other escaped character is itself
_UNESCAPED: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
# What no IRI may hold as it stands: RFC 3987, 2.2, `ucschar`, less what its `iprivate` allows in queries alone.
_NOT_IN_IRI: Final = re.compile(
    r'[\x00-\x20<>"{}|^`\\\x7f-\x9f\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff'
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 15))
    + r"\U000e0000-\U000e0fff\U000f0000-\U0010ffff]|%(?![0-9A-Fa-f]{2})"
)
_AUTHORITY: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?")
_NOT_NAME_CHAR: Final = re.compile(  # XML Namespaces 1.0, section 3, and XML 1.0, section 2.3
    "[^-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd]"
)
_LANGUAGE_TAG: Final = re.compile(  # RFC 5646, 2.1, for languages that have a code of ISO 639
    r"[A-Z]{2,3}(-[A-Z]{3}){0,3}(-[A-Z]{4})?(-(?:[A-Z]{2}|\d{3}))?(-(?:[A-Z0-9]{5,8}|\d[A-Z0-9]{3}))*"
    r"(-[A-WYZ0-9](-[A-Z0-9]{2,8})+)*(-X(-[A-Z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def iri(text: str) -> Term:
    """Return an IRI as a term; characters that no IRI may hold (RFC 3987, 2.2) are percent-encoded.

    >>> iri("https://example.org/a b")
    '<https://example.org/a%20b>'
    """
    text = _NOT_IN_IRI.sub(_percent, text)
    if "[" in text or "]" in text or "#" in text:  # brackets belong to a host, and a second # to nothing
        head = _AUTHORITY.match(text)
        start = head.end() if head else 0
        path, mark, fragment = text[start:].partition("#")
        rest = f"{path}{mark}{fragment.replace('#', '%23')}"
        text = text[:start] + rest.replace("[", "%5B").replace("]", "%5D")
    return f"<{text}>"


def _percent(match: re.Match[str]) -> str:
    return quote(match[0].encode("utf-8", "surrogateescape"), safe="")


def _quoted(text: str) -> str:
    # searched for one by one: each is a scan of memory, ten times as fast as a set of characters in a pattern
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    if "\n" in text:
        text = text.replace("\n", "\\n")
    if "\t" in text:
        text = text.replace("\t", "\\t")
    if "\r" in text:
        text = text.replace("\r", "\\r")
    return f'"{text}"'


def plain(text: str) -> Term:
    """Return a literal of type xsd:string.

    >>> plain('dit "oui"')
    '"dit \\\\"oui\\\\""'
    """
    return _quoted(text)


def literal(text: str, language: str) -> Term:
    """Return a literal in a language, or without one where the language is not known ("")."""
    return f"{_quoted(text)}@{language}" if language else _quoted(text)


def typed(text: str, datatype: str) -> Term:
    """Return a literal of an XSD datatype, given by its local name.

    >>> typed("1993", "gYear")
    '"1993"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    return f"{_quoted(text)}^^<{XSD}{datatype}>"


def integer(number: int) -> Term:
    """Return a literal of type xsd:integer.

    >>> integer(7)
    '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    return f'"{number}"^^<{XSD}integer>'


def lexical(term: Term) -> str:
    """Return what a person reads of a term: the IRI, or the literal's text.

    >>> lexical(literal("l'été\\n", "fr"))
    "l'été\\n"
    """
    if term.startswith("<"):
        return term[1:-1]
    body = term[1 : term.rindex('"')]
    return _UNESCAPED.sub(_unescape, body) if "\\" in body else body


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _UNESCAPES.get(match[3], match[3])


def is_language_tag(text: str) -> bool:
    """Tell whether a text is well formed as a language tag; parsers of RDF refuse a whole file for one that is not.

    >>> is_language_tag("fr-CA"), is_language_tag("fr-CA-latn")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(text) is not None


def language_of(term: Term) -> str:
    """Return the language tag of a literal, or "" where it has none."""
    mark = term.rfind('"') + 1
    return term[mark + 1 :] if term[mark : mark + 1] == "@" else ""


def datatype_of(term: Term) -> str:
    """Return the datatype IRI of a typed literal, or ""."""
    mark = term.rfind('"') + 1
    return term[mark + 3 : -1] if term.startswith("^^<", mark) else ""


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


@lru_cache(maxsize=1 << 14)
def plain_name(text: str) -> str:
    """Return the form under which names of the mapping (keys, types, headings) are compared.

    >>> plain_name("Date_création") == plain_name("date creation")
    True
    """
    return slug(text).replace("-", "")


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


def ncname(key: str) -> str:
    """Return a key as an XML NCName (XML Namespaces 1.0, section 3), so that it can be a predicate in every format.

    >>> ncname("2024"), ncname("chiffre d'affaires")
    ('_2024', 'chiffre_d_affaires')
    """
    name = _NOT_NAME_CHAR.sub("_", unicodedata.normalize("NFC", key.strip()))
    # parsers of an older edition of XML know fewer letters, and neither digits nor symbols beyond ASCII
    name = "".join(c if c.isascii() or (c < "\uffff" and unicodedata.category(c)[0] in "LM") else "_" for c in name)
    return name if name and (name[0].isalpha() or name[0] == "_") else f"_{name}"


def unique(name: str, taken: Container[str]) -> str:
    """Return `name`, or `name-2`, `name-3`, ... the first that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"


@dataclass(frozen=True, slots=True)
class Mint:
    """Makes every IRI of a vault from its base, which ends in `/`."""

    base: str

    def thing(self, slug: str) -> Term:
        """Return the IRI of what a note is about."""
        return f"<{self.base}id/{slug}>"

    def note(self, slug: str) -> Term:
        """Return the IRI of a note, which also names the graph of what it says."""
        return f"<{self.base}doc/{slug}>"

    def part(self, slug: str, anchor: str) -> Term:
        """Return the IRI of a section or a block of a note."""
        return f"<{self.base}doc/{slug}#{anchor}>"

    def nested(self, slug: str, key: str, content: str) -> Term:
        """Return the IRI of a nested value, which lasts as long as its content does not change."""
        return f"<{self.base}id/{slug}#{ncname(key)}-{digest(content)}>"

    def inner(self, slug: str, anchor: str) -> Term:
        """Return the IRI of a thing that a section of a note is about."""
        return f"<{self.base}id/{slug}#{anchor}>"

    def work(self, key: str) -> Term:
        """Return the IRI of a work that notes cite by a key, as Pandoc and Zotero do."""
        return iri(f"{self.base}dataset#work-{ncname(key)}")

    def tag(self, tag: str) -> Term:
        """Return the IRI of a tag; `a/b` is below `a`."""
        return f"<{self.base}tag/{tag_slug(tag)}>"

    def tags(self) -> Term:
        """Return the IRI of the scheme that holds all tags."""
        return f"<{self.base}tag/>"

    def file(self, path: str) -> Term:
        """Return the IRI of an attachment or an included file, by its path in the vault."""
        path = unicodedata.normalize("NFC", path)
        return iri(f"{self.base}file/{path.replace('%', '%25').replace('?', '%3F').replace('#', '%23')}")

    def key(self, key: str) -> Term:
        """Return the predicate of a key that no rule knows."""
        return f"<{self.base}key/{ncname(key)}>"

    def dataset(self) -> Term:
        """Return the IRI of the vault as a dataset."""
        return f"<{self.base}dataset>"


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


def shown(path: str) -> str:
    """Return a path that any terminal and any JSON reader can take: bytes that are not UTF-8 become `\\xhh`.

    >>> shown("caf\\udce9.md")
    'caf\\\\xe9.md'
    """
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "backslashreplace")
