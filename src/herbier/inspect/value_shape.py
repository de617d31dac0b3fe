"""The shape of a value, and how it may be shown to others."""

from collections.abc import Callable

from herbier.index.own_fields import is_empty
from herbier.index.redaction import REDACTED, is_private_name, plain_text, redact_links
from herbier.mapping.context import NoteMapping
from herbier.mapping.fallback import only_joins
from herbier.mapping.references import address_of, beside_links, linked
from herbier.rules.dates import date_term
from herbier.rules.values import boolean, integer_term, number_term
from herbier.vault.fields import Map, Value
from herbier.vault.inline import is_template

_LONGEST_EXAMPLE = 40


def _links_of(m: NoteMapping, text: str) -> int:
    return len(linked(m, text))


_SHAPES: tuple[tuple[str, Callable[[NoteMapping, str], bool]], ...] = (  # the first that fits
    ("template", lambda m, text: is_template(text)),
    ("address", lambda m, text: address_of(m, text) is not None),
    ("text with links", lambda m, text: bool(linked(m, text)) and not only_joins(beside_links(text))),
    ("several links", lambda m, text: _links_of(m, text) > 1),
    ("link", lambda m, text: _links_of(m, text) == 1),
    ("number", lambda m, text: (integer_term(text) or number_term(text)) is not None),
    ("yes/no", lambda m, text: boolean(text) is not None),
    ("date", lambda m, text: date_term(text) is not None),
)


def value_shape(m: NoteMapping, value: Value, kind: str) -> str:
    """Return what a value looks like; `kind` is what its rule asks for, "" where there is none."""
    if isinstance(value, Map):
        return "nested keys"
    if is_empty(value):
        return "empty"
    text = value.text.strip()
    if is_private_name(m.index, text, m.path):  # as links do, words that name a private note publish nothing
        return "link"
    if kind == "date" and date_term(text):  # a year, where the key asks for a date, is no mere number
        return "date"
    return next((name for name, fits in _SHAPES if fits(m, text)), "text")


def shown_value(m: NoteMapping, text: str) -> str:
    """Return a text as it may be shown to others, without what private notes are called."""
    return REDACTED if is_private_name(m.index, text, m.path) else plain_text(m.index, text, m.path)


def example(m: NoteMapping, value: Value) -> str:
    """Return a value as it may be shown to others, shortened; "" where it is empty."""
    if isinstance(value, Map):
        text = f"{{{', '.join(redact_links(m.index, inner.key, m.path) for inner in value.fields)}}}"
    elif is_empty(value):
        return ""
    else:
        text = shown_value(m, " ".join(value.text.split()))
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[: _LONGEST_EXAMPLE - 1].rstrip()}…"
