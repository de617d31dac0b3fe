"""Proposals for keys that no rule knows: the known key that may be meant, and rows for the mapping."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from herbier.config import Settings
from herbier.inspect.inventory_rows import Inventory, KeyUse
from herbier.inspect.settings_file import comment, toml_string, words_of
from herbier.rdf.iris import Mint
from herbier.rdf.slugs import plain_name, slug
from herbier.rules.rule_types import ENDS_IN_NAME, Rules
from herbier.text import unique

# --- rows for keys that no rule knows -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for an unknown key: the known one that may be meant, and a row that makes it known.

    `row` is TOML for the end of herbier.toml; it is "" for a key whose name has neither letter nor digit.
    """

    key: str
    notes: int
    near: str
    row: str


class _Guess(NamedTuple):
    """A guess at values that all look alike: their shapes, the rule's words for them, and what they are called."""

    shapes: frozenset[str]
    predicate: str
    kind: str
    words: Mapping[str, str]


_GUESSES = (
    _Guess(frozenset({"date"}), "dcterms:date", "date", {"fr": "des dates", "en": "dates"}),
    _Guess(frozenset({"link", "several links"}), "dcterms:relation", "entity", {"fr": "des liens", "en": "links"}),
    _Guess(frozenset({"address"}), "schema:url", "address", {"fr": "des adresses", "en": "addresses"}),
    _Guess(frozenset({"number"}), "rdf:value", "number", {"fr": "des nombres", "en": "numbers"}),
)
_SAYS_NOTHING = {"list", "empty", "template", "nested keys"}
_LINKED = {"link", "several links", "text with links", "address"}
_WHERE = {"fr": "{key}, dans {notes:,} note{s}", "en": "{key}, in {notes:,} note{s}"}
_NEAR = {"fr": " ; s'agit-il de {near!r} ?", "en": "; did you mean {near!r}?"}
_AS_NOW = {
    "fr": "L'adresse de la clé telle qu'elle est publiée déjà ; mieux vaut un terme connu, tel que schema:width.",
    "en": "The address of the key as it is published already; a known term is better, such as schema:width.",
}
_PERHAPS = {
    "fr": "Ses valeurs sont toutes {values} ; à la place des deux lignes ci-dessus, cela pourrait être :",
    "en": "All its values are {values}; instead of the two lines above, it could be:",
}


def propose(inventory: Inventory, rules: Rules, settings: Settings, language: str) -> tuple[Proposal, ...]:
    """Return what may be done about each unknown key, those first that may be known ones written wrongly.

    A row keeps to what is published already; what the values seem to be stands in it as a comment in `language`.
    """
    groups: dict[str, list[KeyUse]] = {}
    for key in inventory.unknown_keys:
        if key.key:  # a value under no key has no name to be known by
            groups.setdefault(plain_name(key.key) or key.key, []).append(key)
    own = settings.mapping.get("keys")
    taken = {rule.name for found in rules.keys.values() for rule in found}
    taken |= set(own) if isinstance(own, dict) else set()
    proposals = []
    for uses in groups.values():
        first = uses[0]
        notes = sum(use.unknown for use in uses)
        near = next((use.near for use in uses if use.near), "")
        row = _row(uses, taken, Mint(settings.base), words_of(language)) if plain_name(first.key) else ""
        head = _head(first.key, notes, near, words_of(language))
        proposals.append(Proposal(first.key, notes, near, f"{head}\n{row}" if row else ""))
    return tuple(sorted(proposals, key=lambda found: (not found.near, -found.notes, found.key)))


def _head(key: str, notes: int, near: str, spoken: str) -> str:
    name = " ".join(key.replace("\x7f", "").split())  # as a comment of TOML may have it
    hint = _NEAR[spoken].format(near=near) if near else ""
    return comment(_WHERE[spoken].format(key=name, notes=notes, s="" if notes == 1 else "s") + hint)


def _row(uses: Sequence[KeyUse], taken: set[str], mint: Mint, spoken: str) -> str:
    key = uses[0].key
    name = unique(slug(key), taken)  # a row replaces the one of the same name
    taken.add(name)
    header = name if re.fullmatch(r"[a-z0-9-]+", name) else toml_string(name)
    names = dict.fromkeys(spelling for use in uses for spelling in use.spellings)
    shapes = {shape for use in uses for shape in use.shapes} - _SAYS_NOTHING
    predicate = mint.key(key)[1:-1]
    if not ENDS_IN_NAME.search(predicate):
        predicate += "_"  # an accent set apart may end a name in XML, but no predicate of the mapping
    lines = [
        f"[mapping.keys.{header}]",
        f"names = [{', '.join(map(toml_string, names))}]",
        comment(_AS_NOW[spoken]),
        f"thing = [{toml_string(predicate)}]",
        f"value = {toml_string(_kind(shapes))}",
    ]
    for guess in _GUESSES:
        if shapes and shapes <= guess.shapes:
            lines.append(comment(_PERHAPS[spoken].format(values=guess.words[spoken])))
            lines.append(comment(f'thing = ["{guess.predicate}"]\nvalue = "{guess.kind}"'))
    return "\n".join(lines) + "\n"


def _kind(shapes: set[str]) -> str:
    """Return the kind that publishes values as they are published under a key that no rule knows."""
    if shapes & _LINKED:
        return "text-or-entity"
    return "auto"
