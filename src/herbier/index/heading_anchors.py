"""The anchors of the headings of a vault's notes, and which of them a link names."""

from herbier.index.heading_names import HeadingNames, fragments_of, is_place
from herbier.index.redaction import shown_headings
from herbier.index.resolution import Index
from herbier.index.slug_assignment import anchors
from herbier.text import name_key


def anchors_of(index: Index, number: int) -> tuple[str, ...]:
    """Return the anchors of a note's headings."""
    found = index.known_anchors.get(number)
    if found is None:
        summary = index.summaries[number]
        found = tuple(anchors(shown_headings(index, summary), summary.blocks)) if summary.headings else ()
        index.known_anchors[number] = found
    return found


def anchor_of(index: Index, number: int, name: str) -> str | None:
    """Return the anchor of a heading or a `^block` of a note, "" for another place in it; None for neither.

    Of a range the first end counts, where all are there.
    """
    fragments = fragments_of(name)
    found = [_anchor(index, number, fragment) for fragment in fragments]
    return None if None in found else next(filter(None, found), "")


def _anchor(index: Index, number: int, name: str) -> str | None:
    summary = index.summaries[number]
    wanted = name_key(name)
    if wanted.startswith("^"):
        found = next((f"block-{block}" for block in summary.blocks if name_key(block) == wanted[1:]), None)
        return "" if found is None and is_place(name) else found
    names = index.known_headings.get(number)
    if names is None:
        names = index.known_headings[number] = HeadingNames(summary.headings, summary.sources, summary.ids)
    place = names.find(name)
    if place is None or place >= len(summary.headings):
        return "" if is_place(name) or place is not None else None
    return anchors_of(index, number)[place] if place >= 0 else ""
