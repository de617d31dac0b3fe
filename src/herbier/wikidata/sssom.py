"""The matches that there are already, as a set of mappings in SSSOM (https://mapping-commons.github.io/sssom/)."""

import json
from typing import NamedTuple
from urllib.parse import quote

from herbier.config import Settings
from herbier.rdf.iris import Mint
from herbier.rules.values import address_term
from herbier.wikidata.cells import ExportContext
from herbier.wikidata.things import ENTITY, Thing

COLUMNS = ("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification")
_UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
_BY_HAND = "semapv:ManualMappingCuration"
_EXACT = "<http://www.w3.org/2004/02/skos/core#exactMatch>"


class Match(NamedTuple):
    """A thing and the item that it is; a concept and its item match exactly, all else is the same."""

    slug: str
    label: str
    predicate: str
    item: str

    def cells(self) -> list[str]:
        """Return the match as a row; a CURIE has ASCII alone, so the slug is written as in a URI (RFC 3987, 3.1)."""
        return [f"note:{quote(self.slug)}", self.label, self.predicate, f"wd:{self.item}", _BY_HAND]


def matches(thing: Thing, export_context: ExportContext) -> list[Match]:
    """Return the matches that a note states."""
    exact = set(thing.said.get(_EXACT, ()))
    return [
        Match(thing.slug, thing.title, "skos:exactMatch" if f"{ENTITY}{item}>" in exact else "schema:sameAs", item)
        for item in thing.items
    ]


def head(mint: Mint, settings: Settings) -> str:
    """Return the metadata of the set, which stand before its rows."""
    license_address = address_term(settings.license) if settings.license else None
    lines = [
        "curie_map:",
        f"  note: {_text(f'{mint.base}id/')}",
        '  schema: "https://schema.org/"',
        '  semapv: "https://w3id.org/semapv/vocab/"',
        '  skos: "http://www.w3.org/2004/02/skos/core#"',
        f"  wd: {_text(ENTITY[1:])}",
        f"license: {_text(license_address[1:-1] if license_address else _UNSPECIFIED)}",
        f"mapping_set_id: {_text(f'{mint.base}dataset#wikidata')}",
        *([f"mapping_set_title: {_text(settings.title)}"] if settings.title else []),
    ]
    return "".join(f"#{line}\n" for line in lines)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # YAML reads it alike
