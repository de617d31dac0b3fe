"""Rows of the mapping that would make a key known."""

import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from herbier.pipeline.opening import Vault
from herbier.rdf.slugs import plain_name, slug
from herbier.rules.values import VALUES, boolean
from herbier.vault.inline import WIKILINK

# --- a row for a key that has none ----------------------------------------------------------------------------------


class ProposedRow(NamedTuple):
    """A row that makes a key known, ready to be put into `mapping/keys.yaml` of the vault or into herbier.toml."""

    yaml: str
    toml: str


_GUESSES = ("integer", "number", "date", "wikidata", "doi", "address")


def kind_of(text: str) -> str:
    """Return the kind of value that a text most likely is."""
    text = text.strip()
    if WIKILINK.search(text):
        return "entity"
    if boolean(text) is not None and text.isalpha() and len(text) > 1:
        return "boolean"
    return next((kind for kind in _GUESSES if VALUES[kind](text, "") is not None), "text")


def row_for(vault: Vault, key: str, kind: str, thing: Sequence[str], note: Sequence[str]) -> ProposedRow:
    """Return the row that makes a key known, in YAML and in TOML; `thing` and `note` are its predicates."""
    name = slug(key)
    if any(rule.name == name for found in vault.rules.keys.values() for rule in found):
        name += "-of-any"
    names = vault.names
    cells = [("names", [key])] if plain_name(name) != plain_name(key) else []
    for field, terms in (("thing", thing), ("note", note)):
        cells += [(field, [names.curie(term).removeprefix("<").removesuffix(">") for term in terms])] if terms else []
    yaml = [f"{field}: [{', '.join(map(_in_yaml, texts))}]" for field, texts in cells]
    toml = [f"{field} = [{', '.join(map(_in_toml, texts))}]" for field, texts in cells]
    table = name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _in_toml(name)
    return ProposedRow(
        f"keys:\n  {_in_yaml(name)}: {{{', '.join([*yaml, f'value: {kind}'])}}}",
        "\n".join([f"[mapping.keys.{table}]", *toml, f'value = "{kind}"']),
    )


_PLAIN = re.compile(r"[A-Za-z][\w-]*(?::[A-Za-z]\w*)?", re.ASCII)
_WORDS_OF_YAML = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def _in_yaml(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML else _in_toml(text)


def _in_toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # YAML reads it alike
