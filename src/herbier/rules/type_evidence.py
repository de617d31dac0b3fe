"""What tells the type of a thing beside a key that states it: the columns of `mapping/types.yaml`, by name."""

import re
from collections.abc import Sequence
from typing import Final

from herbier.rdf.slugs import plain_name
from herbier.rules.rule_types import Signature, TypeRule

# The kinds of evidence, strongest first; what a key states, and what others say, are no columns.
KINDS: Final = (
    "type", "category", "declared", "tag", "folder", "hierarchy", "path", "identifier", "template", "keys", "others"
)  # fmt: skip

_BEFORE_NAME: Final = re.compile(r"^[\W\d_]+")


def bare_name(text: str) -> str:
    """Return the name of a folder as types have it: without the number, the mark or the emoji before it.

    >>> bare_name("20 Personnes"), bare_name("_authors"), bare_name("📚 Livres"), bare_name("2024")
    ('personnes', 'authors', 'livres', '')
    """
    return plain_name(_BEFORE_NAME.sub("", text))


def signature_of(rule: TypeRule, keys: Sequence[str]) -> Signature:
    """Return the signature of keys that stand together, `a|b` for either of two."""
    return Signature(rule, tuple(frozenset(filter(None, map(plain_name, key.split("|")))) for key in keys))
