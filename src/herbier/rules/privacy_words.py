"""The words that keep a note back, of `mapping/privacy.yaml`, looked for wherever a note may say them.

It fails closed: a leak cannot be undone, so what might be a word of privacy and is not understood keeps a note back,
and is reported. What a note says plainly (`draft: true`) keeps it back without a word.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, NamedTuple

from herbier.rdf.slugs import plain_name
from herbier.vault.fields import Field, Map

HIDES, SHOWS, UNCLEAR, SILENT = "hides", "shows", "unclear", ""  # what an answer says of a note

_YES: Final = frozenset((
    "true", "yes", "oui", "vrai", "on", "1", "x", "y", "t", "o", "si", "sim", "ja", "wahr", "verdadero",
    "vero", "verdadeiro", "ok", "enabled", "active", "activé",
))  # fmt: skip
_NO: Final = frozenset(
    ["false", "no", "non", "faux", "off", "0", "n", "f", "nein", "nao", "falso", "falsch", "disabled", "nope"]
)
_MARKS: Final = {
    "✓": "yes",
    "✔": "yes",
    "✅": "yes",
    "☑": "yes",
    "✗": "no",
    "✘": "no",
    "❌": "no",
    "☐": "no",
    "✖": "no",
}
_DIGITS: Final = re.compile(r"\d{2}")
WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)
_CAMEL: Final = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])")
_NEGATIONS: Final = frozenset(["not", "non", "no", "ne", "pas", "never", "jamais", "sans", "un", "de", "dis"])
_NEAR: Final = 0.8  # how alike a mistyped key is to one of privacy
_MOST_MISSED: Final = 2
_LEAST_LETTERS: Final = 5  # of a key that may be a mistyped one
# Inside these a key is said of the note as a whole, as generators have it.
OF_THE_NOTE: Final = frozenset(
    plain_name(name)
    for name in [
        "meta",
        "metadata",
        "extra",
        "params",
        "page",
        "post",
        "note",
        "frontmatter",
        "front",
        "matter",
        "settings",
        "options",
        "properties",
        "document",
        "config",
        "site",
        "blog",
        "fields",
        "wordpress",
        "wp",
        "ghost",
        "publish",
    ]
)


class PrivacyRow(NamedTuple):
    """A row of `privacy`: keys and what their answers say, in the form of `plain_name`."""

    name: str
    hides: frozenset[str]
    shows: frozenset[str]
    otherwise: str = "hide"
    nested: bool = True
    marks: bool = False
    parts: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    words: bool = False

    def answer(self, text: str) -> str:
        """Return what an answer says."""
        said = spoken(text)
        if said in self.hides:
            return HIDES
        if said in self.shows:
            return SHOWS
        if said in self.unsure or (self.words and said.startswith(tuple(self.unsure))):
            return UNCLEAR
        if self.words and any(plain_name(word) in self.hides for word in WORD.findall(text.replace("_", " "))):
            return HIDES
        if self.otherwise == "given":  # that there is an answer at all
            return HIDES if said else SILENT
        if self.otherwise == "date":  # that of a source may be unknown
            return UNCLEAR if said and said != "null" and not _DIGITS.search(text) else SHOWS if said else SILENT
        return SILENT if self.otherwise == "nothing" else UNCLEAR


@dataclass(slots=True)
class PrivacyTable:
    """All rows, by the keys that they know; what other keys may mean is worked out once a key."""

    keys: Mapping[str, PrivacyRow] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    known: Mapping[str, object] = field(default_factory=dict)  # keys that a rule knows as something else
    found: dict[str, "PrivacyMeaning | None"] = field(default_factory=dict)

    def meant(self, key: str) -> "PrivacyMeaning | None":
        """Return the row that a key is of, or may be of; None for all other keys."""
        try:
            return self.found[key]
        except KeyError:
            found = self.found[key] = self._meant(key)
            return found

    def _meant(self, key: str) -> "PrivacyMeaning | None":
        bare = unicodedata.normalize("NFKC", key)
        name = plain_name(bare)
        if row := self.keys.get(name):
            return PrivacyMeaning(row, True)
        if name in self.known or not name:
            return None
        parts = [plain_name(word) for word in WORD.findall(_CAMEL.sub(" ", bare))]
        if len(parts) > 1:
            negated = not _NEGATIONS.isdisjoint(parts)
            for row in dict.fromkeys(self.keys.values()):
                if not row.parts.isdisjoint(parts):
                    return PrivacyMeaning(row, False, negated)
        if len(name) >= _LEAST_LETTERS:  # who mistypes a word rarely mistypes its first letter, or misses more than two
            alike = [key for key in self.keys if key[0] == name[0] and abs(len(key) - len(name)) <= _MOST_MISSED]
            if near := get_close_matches(name, alike, 1, _NEAR):
                return PrivacyMeaning(self.keys[near[0]], False, near=True)
        return None

    def answer(self, key: str, text: str) -> str:
        """Return what a key says by an answer."""
        meant = self.meant(key)
        return meant.answer(text) if meant else SILENT


class PrivacyMeaning(NamedTuple):
    """The row that a key is of: exactly, or as a longer key (`negated` with a no in it), or by a slip of the pen."""

    row: PrivacyRow
    exact: bool
    negated: bool = False
    near: bool = False

    def answer(self, text: str) -> str:
        """Return what an answer says; one that a key only may give never shows more than it hides."""
        said = self.row.answer(text)
        if self.exact:
            return said
        if self.negated:
            return UNCLEAR if spoken(text) in _YES | _NO else SILENT
        if self.near or self.row.marks:  # `publisher`, `public cible`: only a plain no is one
            return UNCLEAR if said == HIDES else SILENT
        return UNCLEAR if said == HIDES else said


def spoken(text: str) -> str:
    """Return an answer in the form in which answers are compared; `yes` and `no` for all words that say so.

    >>> spoken(" 'Oui' "), spoken("Non publié"), spoken("✅")
    ('yes', 'nonpublie', 'yes')
    """
    text = text.strip()
    if text in _MARKS:
        return _MARKS[text]
    said = plain_name(unicodedata.normalize("NFKC", text[:100]))
    return "yes" if said in _YES else "no" if said in _NO else said


def says_nothing_else(table: PrivacyTable, said: Field) -> bool:
    """Return whether a field answers the question of privacy and states nothing of the world besides."""
    meant = table.meant(said.key)
    if meant is None or not meant.exact or meant.row.otherwise == "nothing":
        return False
    return all(isinstance(value, Map) or spoken(value.text) in meant.row.hides | meant.row.shows | {""}
               for value in said.values)  # fmt: skip
