"""Commands that make an item of Wikidata, for things whose notes ask for one: `wikidata: new`.

The format is that of https://www.wikidata.org/wiki/Help:QuickStatements, version 1. Class items are no claims, so the
class is left to the person who runs the commands.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from herbier.rdf.terms import Term, language_of, lexical
from herbier.wikidata.cells import ExportContext, identifiers_in, item_of, labels_of, other_names
from herbier.wikidata.things import ENTITY, Thing
from herbier.wikidata.time_values import time_value

_LONGEST = 250  # of a label, a description or an alias in Wikidata
_ANY_LANGUAGE = "mul"
_REFERENCE_URL = "S854"


class ItemRequest(NamedTuple):
    """A thing that wants an item: its commands, and those whose value is the item of another thing, by its slug."""

    slug: str
    lines: tuple[str, ...]
    linked: tuple[tuple[str, str], ...]  # (property, slug)
    reference: str


def item_request(thing: Thing, export_context: ExportContext) -> ItemRequest | None:
    """Return the commands for a thing, None where it wants no item or has one."""
    if thing.items or not thing.values(export_context.terms.wants):
        return None
    reference = f'\t{_REFERENCE_URL}\t"{export_context.mint.note(thing.slug)[1:-1]}"'
    lines = ["CREATE", *_names(thing, export_context)]
    linked: list[tuple[str, str]] = []
    start = f"<{export_context.mint.base}id/"
    for row in export_context.terms.properties:
        if row.only and item_of(thing, export_context) not in row.only:
            continue
        if row.scheme:
            written = [f'"{_one_line(text)}"' for text in identifiers_in(thing, row)]
        else:
            values = thing.values(row.terms)
            if row.value == "item":
                linked += [(row.entity, value[len(start) : -1]) for value in values if value.startswith(start)]
            written = [text for value in values if (text := _VALUES[row.value](value))]
        lines += [f"LAST\t{row.entity}\t{text}{reference}" for text in written]
    lines += [_sitelink(found.text) for found in thing.identifiers if found.scheme == "wikipedia"]
    return ItemRequest(thing.slug, tuple(lines), tuple(linked), reference)


def commands(of: ItemRequest, items: Mapping[str, str]) -> str:
    """Return the commands for a thing as text; `items` are those that are known of other things, by slug."""
    linked = [f"LAST\t{entity}\t{items[slug]}{of.reference}" for entity, slug in of.linked if slug in items]
    return "".join(f"{line}\n" for line in (*of.lines, *linked))


def _names(thing: Thing, export_context: ExportContext) -> Iterator[str]:
    for mark, literals in (
        ("L", labels_of(thing, export_context)),
        ("A", other_names(thing, export_context)),
        ("D", thing.values(export_context.terms.description)),
    ):
        seen: set[str] = set()
        for term in literals:
            code = language_of(term).partition("-")[0] or _ANY_LANGUAGE
            if mark == "A" or code not in seen:  # a language has one label and one description
                seen.add(code)
                yield f'LAST\t{mark}{code}\t"{_short(lexical(term))}"'


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    """Return a text that fits: its first sentence where it is too long, and that cut at a word."""
    text = _one_line(text)
    if len(text) > _LONGEST:
        text = text.partition(". ")[0]
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rpartition(" ")[0] + "…"


def _sitelink(page: str) -> str:
    language, _, title = page.partition(":")
    return f'LAST\tS{language.replace("-", "_")}wiki\t"{title}"'


def _time(value: Term) -> str:
    found = time_value(value)
    return found.precise if found else ""


def _item(value: Term) -> str:
    return value[len(ENTITY) : -1] if value.startswith(f"{ENTITY}Q") else ""


_VALUES: Mapping[str, Callable[[Term], str]] = {
    "time": _time,
    "item": _item,
    "url": lambda value: f'"{value[1:-1]}"' if value.startswith("<") else "",
    "quantity": lambda value: lexical(value),
    "file": lambda value: "",  # Wikidata takes only those of Wikimedia Commons
}
