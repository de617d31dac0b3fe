"""Sections: their text, what they state by their heading, and the blocks that have a name."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from herbier.index.redaction import shown_headings
from herbier.mapping.context import NoteMapping
from herbier.mapping.references import relate
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import integer
from herbier.rules.rule_types import HeadingRule


def sections(m: NoteMapping) -> None:
    """State the sections, the named blocks and the whole text of the note."""
    model, doc = m.model, m.doc
    whole: list[str] = []
    headings = ["", *shown_headings(m.index, m.summary)]
    for number, section in enumerate(m.note.body.sections):
        text = m.shown_text(number, 0, len(section.text)).strip()
        if number:
            heading = headings[number]
            part = m.mint.part(m.slug, m.anchors[number])
            parent = m.mint.part(m.slug, m.anchors[section.parent]) if section.parent > 0 else doc
            m.say(parent, model.part, part, section.at)
            m.say_class(part, model.section_class, section.at)
            m.say(part, model.part_name, m.text(heading), section.at)
            m.say(part, model.part_position, integer(number), section.at)
            whole.append(heading)
            if text:
                m.say(part, model.text, m.prose(text), section.at)
            rule = m.rules.headings.get(plain_name(section.heading))
            if rule and (step := STATES.get(rule.states)):
                step(m, number, rule)
        if text:
            whole.append(text)
    if whole:
        text = "\n\n".join(whole)
        m.say(doc, model.text, m.prose(text), 0)
        m.say(doc, model.words, integer(_count_words(text)), 0)
    for block in m.note.body.blocks:
        part = m.mint.part(m.slug, f"block-{block.name}")
        parent = m.mint.part(m.slug, m.anchors[block.section]) if block.section else doc
        m.say(parent, model.part, part, block.at)
        m.say_class(part, model.block_class, block.at)
        if text := m.shown_text(block.section, block.start, block.end).strip():
            m.say(part, model.text, m.prose(text), block.at)


_BLANKS: Final = bytes(32 if chr(byte).isspace() else 120 for byte in range(256))


def _count_words(text: str) -> int:
    """Return how many words a text has, without making them where all its characters are of Latin-1.

    >>> _count_words(" à  la\\xa0carte\\n"), _count_words("l’œuvre et\\u202fla vie")
    (3, 4)
    """
    try:
        return b" ".join((b"", text.encode("latin-1"))).translate(_BLANKS).count(b" x")
    except UnicodeEncodeError:
        return len(text.split())


def _below(m: NoteMapping, number: int) -> list[int]:
    """Return a section and the sections below it."""
    numbers = [number]
    for other, section in enumerate(m.note.body.sections):
        if section.parent in numbers and other != number and section.parent > 0:
            numbers.append(other)
    return numbers


def _describes(m: NoteMapping, number: int, rule: HeadingRule) -> None:
    sections = m.note.body.sections
    numbers = [number] if sections[number].text.strip() else _below(m, number)
    texts = [m.shown_text(n, 0, len(sections[n].text)).strip() for n in numbers]
    if text := "\n\n".join(filter(None, texts)):
        at = sections[number].at
        m.say(m.thing, m.model.description, m.prose(text), at)
        m.say(m.doc, m.model.abstract, m.prose(text), at)


def _points(m: NoteMapping, number: int, rule: HeadingRule) -> None:
    for item in m.note.body.items:
        if item.section == number and (text := m.shown_text(number, item.start, item.end).strip()):
            m.say(m.doc, m.model.key_point, m.prose(text), item.at)


def _sources(m: NoteMapping, number: int, rule: HeadingRule) -> None:
    """Cite each item that has no link as it stands; the links are cited wherever they are."""
    if plain_name(m.note.body.sections[number].heading) == plain_name(m.summary.title):
        return  # `Source` in a note on what a source is heads no list of them
    items = m.note.body.items
    linked = sorted([link.at for link in m.note.body.links] + [citation.at for citation in m.note.body.citations])
    for place, item in enumerate(items):
        if item.section != number:
            continue
        end = items[place + 1].at if place + 1 < len(items) else len(m.note.source)
        text = m.shown_text(number, item.start, item.end).strip()
        if text and bisect_left(linked, item.at) == bisect_left(linked, end):
            m.say(m.doc, m.model.cited_text, m.prose(text), item.at)


def _related(m: NoteMapping, number: int, rule: HeadingRule) -> None:
    relation = m.rules.relations[rule.relation]
    within = set(_below(m, number))
    for link, found in zip(m.note.body.links, m.found, strict=True):
        if link.section in within and link.name and found.kind in ("note", "stub"):
            relate(m, relation, found, link.at, m.thing)


STATES: Final[dict[str, Callable[[NoteMapping, int, HeadingRule], None]]] = {
    "description": _describes,
    "points": _points,
    "sources": _sources,
    "relation": _related,
}
