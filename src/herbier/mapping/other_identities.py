"""The IRIs that a thing has by another format that its vault is in: its base, and the name of its note.

Source: https://github.com/The-Knowledge-Graph-Guys/vault-ld, SPEC.md, version 0.5, section 4.5.
"""

from urllib.parse import quote

from herbier.index.own_fields import is_empty
from herbier.mapping.context import NoteMapping
from herbier.rdf.slugs import plain_name
from herbier.rules.values import address_term, checked_iri
from herbier.text import clean
from herbier.vault.fields import Scalar
from herbier.vault.note import stem


def other_identities(m: NoteMapping) -> None:
    """State the IRI that a typed note has by the context of its folder, unless it gives its own."""
    if not m.rules.identities or not m.summary.types or _gives_its_own(m):
        return
    path = clean(m.path)
    named = next((one for one in m.rules.identities if path.startswith(one.folder)), None)
    if named is not None and (term := checked_iri(f"{named.base}{quote(stem(path), safe='')}")):
        m.say(m.thing, named.rule, term, (1, 1))


def _gives_its_own(m: NoteMapping) -> bool:
    values = [value for field in m.note.fields if plain_name(field.key) in ("id", "uri") for value in field.values]
    return any(isinstance(value, Scalar) and not is_empty(value) and address_term(value.text) for value in values)
