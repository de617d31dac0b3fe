"""From a value to terms, one function a kind of value."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from herbier.index.redaction import is_private_name, plain_text, redact_links
from herbier.index.resolution import LinkTarget
from herbier.mapping.context import FieldUse, NoteMapping
from herbier.mapping.fallback import only_joins
from herbier.mapping.plain_names import in_folder_of_key, named_note
from herbier.mapping.references import (
    address_of,
    beside_links,
    describe_file,
    has_empty_links,
    linked,
    report_link,
    work,
)
from herbier.messages import Message, quoted_list
from herbier.rdf.slugs import plain_name
from herbier.rdf.terms import Term
from herbier.rules.values import EXPECTED, VALUES, number_term, plain_term
from herbier.text import shown
from herbier.vault.fields import Scalar
from herbier.vault.inline import MARKDOWN_LINK, WIKILINK, wikilink
from herbier.vault.note import Place


def targets_of(m: NoteMapping, use: FieldUse, value: Scalar) -> tuple[list[LinkTarget], str]:
    """Return what a value names, and what is left of its text beside the links.

    A link that leads to no note makes a stub; so do plain words that are the name of no note, or of none that may be
    meant (`plain_names.py`).
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
    named, others = named_note(m.index, m.context.classes.terms, name, m.path, use.rule, use.field.key)
    found = named or m.index.unwritten(name)
    if found.kind == "stub":
        _report_unlinked(m, at, name, others)
        m.stub(found)
    elif found.rivals:
        report_link(m, at, name, found)
    return ([found] if found.kind in ("note", "stub") else []), ""


def _report_others(m: NoteMapping, at: Place, name: str, others: Sequence[int]) -> None:
    """Report that plain words may mean several notes, so that they mean none."""
    listed = quoted_list([shown(m.index.summaries[number].path) for number in others[:_MOST_OTHERS]])
    message = Message("{name!r} may mean {others}; it is kept by its name", name=name, others=listed)
    hint = Message("write the note that is meant as a link, with its folder: {link}", link="'[[folder/name]]'")
    m.report("ambiguous-link", at, message, hint)


def _report_unlinked(m: NoteMapping, at: Place, name: str, others: Sequence[int]) -> None:
    """Report that plain words name no note, or one that they cannot mean."""
    if len(others) > 1:
        _report_others(m, at, name, others)
        return
    hint = Message("write it as a link: {link}", link=f"'[[{name}]]'")
    message = Message("{name!r} is no note of the vault; it is kept by its name", name=name)
    if others:
        message = Message("{name!r} may not mean {other!r}, which is called so; it is kept by its name",
                          name=name, other=shown(m.index.summaries[others[0]].path))  # fmt: skip
        hint = Message("write the note that is meant as a link, with its folder: {link}", link="'[[folder/name]]'")
    m.report("unlinked-reference", at, message, hint)


_MOST_OTHERS: Final = 3


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


def _entity(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    if address := address_of(m, value.text):
        return [address], ""
    targets, rest = targets_of(m, use, value)
    return [_term_of(m, target, value) for target in targets], rest


def _text_or_entity(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    if (address := address_of(m, value.text)) or WIKILINK.search(value.text) or MARKDOWN_LINK.search(value.text):
        return ([address], "") if address else _entity(m, use, value)
    name = " ".join(value.text.split())
    found, others = named_note(m.index, m.context.classes.terms, name, m.path, use.rule, use.field.key)
    if found is None and len(others) > 1:
        _report_others(m, (value.line, value.column), name, others)
    if found is not None:
        report_link(m, (value.line, value.column), name, found)
        return ([m.mint.thing(found.slug)] if found.kind == "note" else []), ""
    return [m.text(value.text.strip())], ""


def _linked(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    """Read what may only be a thing: a link, an address, or the name of a note as it stands."""
    terms, rest = _text_or_entity(m, use, value)
    return (None, "") if terms and not terms[0].startswith("<") else (terms, rest)


_MONEY: Final = re.compile(r"[€$£¥]|\b(?:EUR|USD|CHF|GBP|CAD|euros?|dollars?|francs?)\b", re.IGNORECASE)


def _award(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    """Read an award, by its name or as a link; `prix: 12,50 €` is a price."""
    is_price = bool(re.search(r"\d", value.text)) and (_MONEY.search(value.text) or number_term(value.text.strip()))
    return (None, "") if is_price else _text_or_entity(m, use, value)


_OF_READERS: Final = frozenset(
    map(plain_name, ["unread", "read", "reading", "to read", "toread", "currently reading", "want to read", "reread",
                     "finished reading", "lu", "lue", "non lu", "à lire", "en cours de lecture", "en lecture", "relire",
                     "abandonné", "dnf", "watched", "to watch", "vu", "à voir", "listened", "played", "owned",
                     "wishlist",
                     "gelesen", "zu lesen", "leído", "por leer", "lido", "da leggere", "letto"])
)  # fmt: skip


def _state(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    """Read the state of a work; what a reader has done with it is no state of it."""
    return (None, "") if plain_name(value.text) in _OF_READERS else ([m.text(value.text.strip())], "")


def _auto(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    """Read a value that no rule knows: links and addresses as such, a number as it stands, all else as text."""
    text = value.text.strip()
    if not (WIKILINK.search(text) or MARKDOWN_LINK.search(text)) and not address_of(m, text):
        if named := in_folder_of_key(m.index, " ".join(text.split()), m.path, use.field.key):
            return ([m.mint.thing(named.slug)] if named.kind == "note" else []), ""
        if (typed := plain_term(text, value.quoted)) is not None:
            return [typed], ""
        return ([] if is_private_name(m.index, text, m.path) else [m.text(text)]), ""
    if address := address_of(m, text):
        return [address], ""
    links = linked(m, text)
    rest = beside_links(text)
    if only_joins(rest):
        return _entity(m, use, value)
    for link in links:
        report_link(m, (value.line, value.column), *link)
    terms = [_term_of(m, link.found, value) for link in links if link.found.kind in _NAMED]
    return [*terms, m.text(plain_text(m.index, text, m.path))], ""


def _words(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
    """Read a value that is said to be text: links and addresses as such, and no number or date in it."""
    return _auto(m, use, Scalar(value.text, value.line, value.column, True))


def _file_value(m: NoteMapping, use: FieldUse, value: Scalar) -> Terms:
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


KINDS: Final[dict[str, Callable[[NoteMapping, FieldUse, Scalar], Terms]]] = {
    "entity": _entity,
    "text-or-entity": _text_or_entity,
    "linked": _linked,
    "award": _award,
    "state": _state,
    "file": _file_value,
    "auto": _auto,
    "words": _words,
}
