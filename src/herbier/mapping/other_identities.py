"""The IRIs that a thing has by another format that its vault is in: its base, and the name of its note.

Source: https://github.com/The-Knowledge-Graph-Guys/vault-ld, SPEC.md, version 0.5, section 4.5.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import quote

from herbier.index.redaction import mentions_private
from herbier.index.resolution import Index
from herbier.mapping.context import NoteMapping
from herbier.rdf.iris import Mint
from herbier.rdf.terms import Term, Triple
from herbier.rules.rule_types import ModelRow, Rules
from herbier.rules.values import address_term, checked_iri
from herbier.text import clean
from herbier.vault.note import stem
from herbier.vault.summary import NoteSummary


def other_identities(m: NoteMapping) -> None:
    """State the IRI that a typed note has by the context of its folder, unless it gives its own."""
    named = _by_context(m.rules, m.summary) if m.rules.identities and not _own_iri(m.summary) else None
    if named is not None and not mentions_private(m.index, stem(m.path)):
        m.say(m.thing, named[0], named[1], (1, 1))


def own_iris(index: Index, rules: Rules, mint: Mint) -> dict[Term, Term]:
    """Return the IRIs that things have by their own notes or by a context, by ours; of one that several have, none."""
    found: dict[Term, Term] = {}
    for number, summary in enumerate(index.summaries):
        if summary.private or number in index.merged:
            continue
        named = _by_context(rules, summary) if not mentions_private(index, stem(summary.path)) else None
        if iri := _own_iri(summary) or (named[1] if named else None):
            found[mint.thing(index.slugs[number])] = iri
    uses = Counter(found.values())
    return {ours: iri for ours, iri in found.items() if uses[iri] == 1}


def _own_iri(summary: NoteSummary) -> Term | None:
    return address_term(summary.id) if "://" in summary.id else None


def _by_context(rules: Rules, summary: NoteSummary) -> tuple[ModelRow, Term] | None:
    """Return the IRI that a typed note has by the context of its folder, and the rule that says so."""
    if not rules.identities or not summary.types:
        return None
    path = clean(summary.path)
    named = next((one for one in rules.identities if path.startswith(one.folder)), None)
    if named is None or not named.base.startswith(("http://", "https://", "urn:")):
        return None
    term = checked_iri(f"{named.base}{quote(stem(path), safe='')}")
    return (named.rule, term) if term else None


_SAME: Final = "<https://schema.org/sameAs>"


def renamed(triples: Sequence[Triple], own: Mapping[Term, Term]) -> Sequence[Triple]:
    """Return triples with the own IRIs of things in place of ours."""
    if not own:
        return triples
    found = [(own.get(s, s), p, own.get(o, o)) for s, p, o in triples]
    return [(s, p, o) for s, p, o in found if p != _SAME or s != o]
