"""From a value to terms, one function a kind of value."""

import re
from collections.abc import Callable
from typing import Final

from herbier.index.redaction import is_private_name, plain_text, redact_links
from herbier.index.resolution import LinkTarget
from herbier.mapping.context import NoteMapping
from herbier.mapping.fallback import only_joins
from herbier.mapping.references import (
    address_of,
    beside_links,
    describe_file,
    has_empty_links,
    linked,
    report_link,
    work,
)
from herbier.messages import Message
from herbier.rdf.terms import Term
from herbier.rules.values import EXPECTED, VALUES, number_term, plain_term
from herbier.vault.fields import Scalar
from herbier.vault.inline import MARKDOWN_LINK, WIKILINK, wikilink


def targets_of(m: NoteMapping, value: Scalar) -> tuple[list[LinkTarget], str]:
    """Return what a value names, and what is left of its text beside the links.

    A link that leads to no note makes a stub; plain words are looked up as a path, a stem, an alias, a title or a slug.
    """
    at = (value.line, value.column)
    links = linked(m, value.text)
    if links:
        for link in links:
            report_link(m, at, *link)
        return [link.found for link in links if link.found.kind in _NAMED], beside_links(value.text)
    if "[" in value.text and has_empty_links(value.text):
        return [], ""
    name = " ".join(value.text.split())
    found = m.index.resolve_text(name, m.path) or m.index.unwritten(name)
    if found.kind == "stub":
        hint = Message("write it as a link: {link}", link=f"'[[{name}]]'")
        message = Message("{name!r} is no note of the vault; it is kept by its name", name=name)
        m.report("unlinked-reference", at, message, hint)
        m.stub(found)
    elif found.rivals:
        report_link(m, at, name, found)
    return ([found] if found.kind in ("note", "stub") else []), ""


_NAMED: Final = ("note", "stub", "work")  # what a link may name that a statement can be about


def _term_of(m: NoteMapping, target: LinkTarget, value: Scalar) -> Term:
    if target.kind == "work":
        return work(m, target.slug, (value.line, value.column))
    return m.mint.thing(target.slug)


Terms = tuple[list[Term] | None, str]  # None: not of the kind; then what is left of the text


def literal_terms(m: NoteMapping, value: Scalar, kind: str) -> Terms:
    """Return what a value gives as a literal of a kind, or as an address."""
    text = value.text if kind in EXPECTED else plain_text(m.index, value.text, m.path)
    # but a date may well be the name of a private note of that day
    text = (text if kind == "date" else redact_links(m.index, text, m.path)).strip()
    term = VALUES[kind](text, m.language) if kind in VALUES else None
    return ([term], "") if term is not None else (None, "")


def _entity(m: NoteMapping, value: Scalar) -> Terms:
    if address := address_of(m, value.text):
        return [address], ""
    targets, rest = targets_of(m, value)
    return [_term_of(m, target, value) for target in targets], rest


def _text_or_entity(m: NoteMapping, value: Scalar) -> Terms:
    if (address := address_of(m, value.text)) or WIKILINK.search(value.text) or MARKDOWN_LINK.search(value.text):
        return ([address], "") if address else _entity(m, value)
    name = " ".join(value.text.split())
    found = m.index.resolve_text(name, m.path)
    if found is not None:
        report_link(m, (value.line, value.column), name, found)
        return ([m.mint.thing(found.slug)] if found.kind == "note" else []), ""
    return [m.text(value.text.strip())], ""


def _linked(m: NoteMapping, value: Scalar) -> Terms:
    """Read what may only be a thing: a link, an address, or the name of a note as it stands."""
    terms, rest = _text_or_entity(m, value)
    return (None, "") if terms and not terms[0].startswith("<") else (terms, rest)


_MONEY: Final = re.compile(r"[€$£¥]|\b(?:EUR|USD|CHF|GBP|CAD|euros?|dollars?|francs?)\b", re.IGNORECASE)


def _award(m: NoteMapping, value: Scalar) -> Terms:
    """Read an award, by its name or as a link; `prix: 12,50 €` is a price."""
    is_price = bool(re.search(r"\d", value.text)) and (_MONEY.search(value.text) or number_term(value.text.strip()))
    return (None, "") if is_price else _text_or_entity(m, value)


def _auto(m: NoteMapping, value: Scalar) -> Terms:
    """Read a value that no rule knows: links and addresses as such, a number as it stands, all else as text."""
    text = value.text.strip()
    if not (WIKILINK.search(text) or MARKDOWN_LINK.search(text)) and not address_of(m, text):
        if (typed := plain_term(text, value.quoted)) is not None:
            return [typed], ""
        return ([] if is_private_name(m.index, text, m.path) else [m.text(text)]), ""
    if address := address_of(m, text):
        return [address], ""
    links = linked(m, text)
    rest = beside_links(text)
    if only_joins(rest):
        return _entity(m, value)
    for link in links:
        report_link(m, (value.line, value.column), *link)
    terms = [_term_of(m, link.found, value) for link in links if link.found.kind in _NAMED]
    return [*terms, m.text(plain_text(m.index, text, m.path))], ""


def _file_value(m: NoteMapping, value: Scalar) -> Terms:
    if address := address_of(m, value.text):
        return [address], ""
    match = WIKILINK.fullmatch(value.text.strip())
    name = wikilink(match[2])[0].name if match else value.text.strip()
    found = m.index.find(name, m.path)
    if found.kind == "file":
        describe_file(m, found.slug, (value.line, value.column))
        return [m.mint.file(found.slug)], ""
    if found.kind in ("private", "note"):
        return [], ""
    return None, ""


KINDS: Final[dict[str, Callable[[NoteMapping, Scalar], Terms]]] = {
    "entity": _entity,
    "text-or-entity": _text_or_entity,
    "linked": _linked,
    "award": _award,
    "file": _file_value,
    "auto": _auto,
}
