"""Which heading of a note a link names: each writers' tool makes anchors of its own, and all of them are understood.

A heading is found by its text, by an id that the note gives it, or by the anchor that Obsidian, GitHub, Hugo,
kramdown, Python-Markdown, Pandoc, VitePress and their like make of it. The exact forms come before the loose ones, and
a loose one counts only where no two headings differ in it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import unquote

from anyascii import anyascii

from herbier.text import name_key

# What is no heading and no block, but a place that a browser or an editor finds by itself: a piece of text (W3C Scroll
# to Text Fragment), lines, the top, all of a note.
_PLACE: Final = re.compile(r".*:~:.*|L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?|L\d+,\d+|\*|top|begin|end|\^begin|\^end|\[\^.*")
_RANGE: Final = re.compile(r"(?:,\d+)?:(?=#|\*|$)#?")  # of Dendron: `a:#b`, `a,1:#*`
_PREFIX: Final = re.compile(r"user-content-|markdown-header-|anchor-(?=\d)")
_NUMBERED: Final = re.compile(r"(.+?)[-_ ](\d{1,3})")
_UNNAMED: Final = re.compile(r"(?:section|heading|id)(?:-\d+)?|_\d+")
# What Obsidian's stripHeading takes for a blank.
_OBSIDIAN: Final = str.maketrans(dict.fromkeys('!"#$%&()*+,.:;<=>?@^`{|}~/[]\\\r\n', " "))
_WIKI: Final = re.compile(r"\[\[(?:([^\[\]|]*)\|)?([^\[\]]*)\]\]")
_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_TASK: Final = re.compile(r"^\[.\][ \t]+")


def is_place(fragment: str) -> bool:
    """Return whether a fragment names no heading, but a place that needs none."""
    return _PLACE.fullmatch(fragment) is not None


def _obsidian(text: str) -> str:
    return " ".join(text.translate(_OBSIDIAN).casefold().split())


def _kept(text: str, categories: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] in categories)


def _letters(text: str) -> str:
    return _kept(unicodedata.normalize("NFKC", text).casefold(), "LMN")


def _unmarked(text: str) -> str:
    return _kept(unicodedata.normalize("NFKD", text).casefold(), "LN")


def _in_order(text: str) -> str:
    """Return letters and digits as they stand, without marks: what Hugo has of scripts that write vowels as marks."""
    return _kept(unicodedata.normalize("NFC", text).casefold(), "LN")


def _named(text: str) -> str:
    """Return a text in which symbols have their names, as Pandoc and Joplin have it: a rocket is `rocket`."""
    names = (unicodedata.name(c, "").lower() if unicodedata.category(c) == "So" else c for c in text)
    return _letters("".join(names))


def _ascii(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isascii() and c.isalnum())


def _only_ascii(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalnum()).lower()


def _transliterated(text: str) -> str:
    return _only_ascii(anyascii(text))


def _from_a_letter(form: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: re.sub(r"^[^a-z]+", "", form(text)) if form is _only_ascii else form(text).lstrip("0123456789")


Form = Callable[[str], str]
_FORMS: Final[tuple[Form, ...]] = (_letters, _in_order, _unmarked, _named)
_LOOSE: Final[tuple[Form, ...]] = (
    _ascii,
    _only_ascii,
    _transliterated,
    _from_a_letter(_letters),
    _from_a_letter(_ascii),
    _from_a_letter(_only_ascii),
    _from_a_letter(_transliterated),
)


class HeadingNames:
    """The headings of a note by all that links call them.

    `headings` are their texts, `sources` what is written where that is not the same ("" elsewhere), `ids` those that
    the note gives with the number of the heading that each is of or stands under (-1 for none).
    """

    def __init__(self, headings: Sequence[str], sources: Sequence[str], ids: Sequence[tuple[str, int]]) -> None:
        self.headings = headings
        self.texts = [list(_texts(heading, source)) for heading, source in _paired(headings, sources)]
        self.ids = dict(reversed(ids))
        self.known: dict[Form, dict[str, list[int]]] = {}

    def find(self, fragment: str) -> int | None:
        """Return the number of the heading that a fragment names, -1 for an id above all of them; None for none."""
        for part in dict.fromkeys((fragment, unquote(fragment), unquote(unquote(fragment)))):
            found = self._find(part)
            if found is not None:
                return found
        return None

    def _find(self, fragment: str) -> int | None:
        if fragment in self.ids:
            return self.ids[fragment]
        exact: tuple[Form, ...] = (name_key, _obsidian)
        for form in exact:
            if numbers := self._by(form).get(form(fragment)):
                return numbers[0]
        bare = _PREFIX.sub("", fragment)
        for form in _FORMS:
            if (number := self._numbered(form, bare)) is not None:
                return number
        for form in _LOOSE:
            numbers = self._by(form).get(form(bare), []) if form(bare) else []
            if numbers and len({self.headings[number] for number in numbers}) == 1:
                return numbers[0]
            if not numbers and (match := _NUMBERED.fullmatch(bare)) and form(match[1]):
                numbers = self._by(form).get(form(match[1]), [])
                if len(numbers) > 1 and 1 <= int(match[2]) <= len(numbers):
                    return numbers[min(int(match[2]), len(numbers) - 1)]
        folded = fragment.casefold()
        for name, number in self.ids.items():
            if name.casefold() == folded:
                return number
        if _UNNAMED.fullmatch(bare):
            return next((n for n, heading in enumerate(self.headings) if not _from_a_letter(_ascii)(heading)), None)
        return None

    def _numbered(self, form: Form, fragment: str) -> int | None:
        """Return the heading of a form; one of several alike by its number, from the second on."""
        key = form(fragment)
        if key and (numbers := self._by(form).get(key)):
            return numbers[0]
        match = _NUMBERED.fullmatch(fragment)
        if match and (numbers := self._by(form).get(form(match[1]))):
            number = int(match[2])
            if len(numbers) > 1 and 1 <= number <= len(numbers):
                return numbers[min(number, len(numbers) - 1)]
        return None

    def _by(self, form: Form) -> dict[str, list[int]]:
        found = self.known.get(form)
        if found is None:
            found = self.known[form] = {}
            for number, texts in enumerate(self.texts):
                for key in dict.fromkeys(map(form, texts)):
                    found.setdefault(key, []).append(number)
        return found


def fragments_of(anchor: str) -> list[str]:
    """Return the fragments that a link names: two of a range (`a:#b`), else one; those that need no heading are out."""
    parts = [part.strip() for part in _RANGE.split(anchor)] if ":" in anchor and ":~:" not in anchor else [anchor]
    return [part for part in parts if part and not is_place(part)] if len(parts) > 1 else [anchor]


def _paired(headings: Sequence[str], sources: Sequence[str]) -> Iterator[tuple[str, str]]:
    for number, heading in enumerate(headings):
        yield heading, sources[number] if number < len(sources) else ""


def _texts(heading: str, source: str) -> Iterator[str]:
    """Yield what tools take for the text of a heading: as it reads, as it is written, with links in either way."""
    yield heading
    if source:
        yield source
        yield _LINK.sub(r"\1", _WIKI.sub(lambda match: match[2], source))
        yield _WIKI.sub(lambda match: match[1] or match[2], source)
    if _TASK.match(heading):
        yield _TASK.sub("", heading)
