"""The names in the text of a note that lead on: what it mentions, its tags, its addresses.

The data has the text as people read it, without its links. What a note links is known beside it; where the text has
the name of that, the name becomes the link again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from herbier.web.catalogue import TagEntry, Text
from herbier.web.pages.display import Value

_MOST = 300  # names; a note that mentions more is a list of links, which its page has below the text
_LEAST = 2  # letters


@dataclass(frozen=True, slots=True)
class Linker:
    """The links of the names in a text, by the name with its first letter small, and what finds them."""

    values: dict[str, Value]
    pattern: re.Pattern[str] | None

    def pieces(self, text: str) -> Iterator[Value]:
        """Part a text into what leads nowhere and what leads on, each name the first time it occurs."""
        end, used = 0, set()
        for match in self.pattern.finditer(text) if self.pattern else ():
            value = self.values[_key(match[0])]
            if value in used:
                continue
            used.add(value)
            if match.start() > end:
                yield Value(Text(text[end : match.start()]))
            yield replace(value, text=Text(match[0]))
            end = match.end()
        if end < len(text):
            yield Value(Text(text[end:]))


def linker(mentions: Iterable[tuple[str, Value]], tags: Iterable[TagEntry]) -> Linker:
    """Return what finds the names of mentions, and the tags, in a text.

    The longest name wins where two begin at one place; of two things with one name, the first. The first letter may be
    written large or small, as at the start of a sentence.

    >>> of = linker([("réseau", Value(Text(""), "local", "doc/reseau"))], [])
    >>> [(piece.text.text, piece.path) for piece in of.pieces("Réseau, en réseau.")]
    [('Réseau', 'doc/reseau'), (', en réseau.', '')]
    """
    values: dict[str, Value] = {}
    for tag in tags:
        values.setdefault(_key(f"#{tag.full.text}"), Value(tag.full, "local", f"tag/{tag.path}"))
    for name, value in mentions:
        if len(values) >= _MOST:
            break
        if len(name) >= _LEAST and (value.path or value.address):
            values.setdefault(_key(name), value)
    names = sorted(values, key=len, reverse=True)
    found = "|".join(f"[{re.escape(name[0] + name[0].upper()[:1])}]{re.escape(name[1:])}" for name in names)
    return Linker(values, re.compile(rf"(?<![\w#])(?:{found})(?!\w)") if names else None)


def _key(name: str) -> str:
    return name[:1].lower() + name[1:] if len(name[:1].lower()) == 1 else name
