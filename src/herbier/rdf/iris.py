"""The IRIs of a vault, each made by one function."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from herbier.rdf.slugs import tag_slug
from herbier.rdf.terms import Term, iri
from herbier.text import digest

_NOT_NAME_CHAR: Final = re.compile(  # XML Namespaces 1.0, section 3, and XML 1.0, section 2.3
    "[^-.0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd]"
)


def ncname(key: str) -> str:
    """Return a key as an XML NCName (XML Namespaces 1.0, section 3), so that it can be a predicate in every format.

    >>> ncname("2024"), ncname("chiffre d'affaires")
    ('_2024', 'chiffre_d_affaires')
    """
    name = _NOT_NAME_CHAR.sub("_", unicodedata.normalize("NFC", key.strip()))
    # parsers of an older edition of XML know fewer letters, and neither digits nor symbols beyond ASCII
    name = "".join(c if c.isascii() or (c < "\uffff" and unicodedata.category(c)[0] in "LM") else "_" for c in name)
    return name if name and (name[0].isalpha() or name[0] == "_") else f"_{name}"


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


def owner(subject: Term, base: str) -> str:
    """Return the slug of the note that a subject belongs to, "" where it belongs to none."""
    if not subject.startswith(base, 1):
        return ""
    kind, _, rest = subject[1 + len(base) : -1].partition("/")
    return rest.partition("#")[0] if kind in ("id", "doc") else ""
