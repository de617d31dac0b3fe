"""The identity of a nested value, so that its IRI lasts."""

from typing import Final

from herbier.index.own_fields import is_empty
from herbier.mapping.context import NoteMapping
from herbier.rdf.slugs import plain_name
from herbier.vault.fields import Field, Map, Scalar
from herbier.vault.inline import is_web_address


def identity_of(m: NoteMapping, found: Field, value: Map) -> str:
    """Return what identifies a nested value: what it is called, or what it points to and its start; else its content.

    So its IRI stays when anything else is added to it. Where two of one key have the same, both have their content.
    """
    own = _marks(m, value)
    alike = [other for other in found.values if isinstance(other, Map) and _marks(m, other) == own]
    if own and all(_content(other) == _content(value) for other in alike):
        return own
    return _content(value)


def _marks(m: NoteMapping, value: Map) -> str:
    """Return the names of a nested value, else its links and its start, as one text; "" where it has none of them."""
    names: list[str] = []
    ends: list[str] = []
    for inner in value.fields:
        texts = [" ".join(one.text.split()) for one in inner.values if isinstance(one, Scalar) and not is_empty(one)]
        candidates = m.rules.keys.get(plain_name(inner.key), ())
        if any(rule.role in _NAMING or rule.kind == "identifier" for rule in candidates):
            names += [f"{plain_name(inner.key)}={text}" for text in texts]
        elif any(rule.kind in _POINTING or _START in rule.thing for rule in candidates):
            ends += texts
        else:
            ends += [text for text in texts if "[[" in text or "](" in text or is_web_address(text)]
    return "\n".join(sorted(names or ends))


_NAMING: Final = ("name", "title", "id")
_POINTING: Final = ("entity", "same", "address")
_START: Final = "<https://schema.org/startDate>"


def _content(value: Map) -> str:
    """Return a nested value as one text, the same for the same content wherever it stands."""
    parts = []
    for inner in value.fields:
        texts = (f"{{{_content(v)}}}" if isinstance(v, Map) else v.text.strip() for v in inner.values)
        parts.append(f"{inner.key}={'|'.join(texts)}")
    return "\n".join(sorted(parts))
