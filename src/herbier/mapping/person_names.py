"""Whether a name reads as that of a person, where what it names may as well be an organisation."""

import re
from collections.abc import Mapping, Set
from typing import Final

from herbier.rdf.slugs import plain_name

_WORD: Final = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[-'’][^\W\d_][^\W\d_'’.]*)*\.?")
_MOST_WORDS: Final = 5
_ARTICLES: Final = frozenset(["le", "la", "les", "the", "l", "el", "los", "las"])  # no person's name begins so


def reads_as_person(name: str, known: Mapping[str, Set[str]]) -> bool:
    """Return whether a name has the form of a person's: two words or more with capitals, none of an organisation's.

    `known` are the words of `mapping/names.yaml`.

    >>> words = {"organisations": {"ministere"}, "particles": {"van"}}
    >>> [reads_as_person(name, words) for name in ("Jean Petit", "OCDE", "Ministère Bleu", "J. R. R. Tolkien")]
    [True, False, False, True]
    >>> [reads_as_person(name, words) for name in ("Vincent van Gogh", "Le Monde", "des vents")]
    [True, False, False]
    """
    words = name.replace(",", " ").split()
    if not 2 <= len(words) <= _MOST_WORDS or not all(map(_WORD.fullmatch, words)):
        return False
    plain = [plain_name(word) for word in words]
    if plain[0] in _ARTICLES or not known.get("organisations", frozenset()).isdisjoint(plain):
        return False
    if len(words[0]) > 2 and words[0].isupper():  # `DSF Antique Jewelry`, but `Jean DUPONT`
        return False
    particles = known.get("particles", frozenset())
    named = [word for word, low in zip(words, plain, strict=True) if low not in particles or word[0].isupper()]
    if any(word[0].islower() for word in named):
        return False
    return len(named) > 1 and any(len(word.rstrip(".")) > 1 and not word.isupper() for word in named)
