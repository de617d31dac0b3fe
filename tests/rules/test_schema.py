"""The JSON Schema of the mapping says what `rules.py` reads: an editor and Herbier agree on every row."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from herbier.data_folders import data_folder
from herbier.problems import Problem
from herbier.rules.rule_files import load_rules
from herbier.rules.rule_types import Model

MAPPING = data_folder("mapping")
FILES = sorted(MAPPING.glob("*.yaml"))
SCHEMA: dict[str, Any] = json.loads((MAPPING / "mapping.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
# As Herbier reads a file, where every scalar is text, and as YAML 1.1 has it, where `no` is a boolean.
Loader = type[yaml.BaseLoader] | type[yaml.SafeLoader]
LOADERS: list[Loader] = [yaml.BaseLoader, yaml.SafeLoader]
ROWS = {
    "types": "typeRow",
    "keys": "keyRow",
    "relations": "relationRow",
    "headings": "headingRow",
    "titles": "titleRow",
    "identifiers": "identifierRow",
    "wikidata-sources": "sourceRow",
    "wikidata-classes": "wikidataClassRow",
    "wikidata-properties": "wikidataPropertyRow",
}
CHOICES = [
    ("keys", "value"),
    ("keys", "role"),
    ("headings", "states"),
    ("identifiers", "check"),
    ("wikidata-properties", "value"),
    ("wikidata-properties", "form"),
]


def faults(data: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def read_by_herbier(vault: Path, text: str) -> list[Problem]:
    """Return what Herbier finds wrong with a vault's own mapping."""
    (vault / "mapping").mkdir()
    (vault / "mapping" / "own.yaml").write_text(text, "utf-8")
    return list(load_rules(vault).problems)


def known(problems: list[Problem], unknown: str) -> set[str]:
    """Return the words that Herbier proposes for one that it does not know."""
    [found] = [problem for problem in problems if f"unknown {unknown} 'zzzz'" in problem.message]
    return set(found.hint.removeprefix("known are ").split(", "))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shipped_files_are_valid(file: Path, loader: Loader) -> None:
    assert faults(yaml.load(file.read_text("utf-8"), loader)) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shipped_files_name_the_schema_for_editors(file: Path) -> None:
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=mapping.schema.json\n")


# --- the schema and rules.py know the same words ---


def test_the_tables_are_those_that_herbier_reads(tmp_path: Path) -> None:
    shipped = {table for file in FILES for table in yaml.load(file.read_text("utf-8"), yaml.BaseLoader)}
    tables = shipped | {"declined"}  # of what the keeper of a vault has said no to
    assert known(read_by_herbier(tmp_path, "zzzz: {}"), "table") == tables == set(SCHEMA["properties"])


@pytest.mark.parametrize("table", ROWS)
def test_the_fields_of_a_row_are_those_that_herbier_reads(table: str, tmp_path: Path) -> None:
    problems = read_by_herbier(tmp_path, f"{table}: {{row: {{zzzz: text}}}}")
    assert known(problems, "field") == set(SCHEMA["$defs"][ROWS[table]]["properties"])


@pytest.mark.parametrize(("table", "field"), CHOICES)
def test_the_words_of_a_field_are_those_that_herbier_reads(table: str, field: str, tmp_path: Path) -> None:
    stated = SCHEMA["$defs"][ROWS[table]]["properties"][field]
    problems = read_by_herbier(tmp_path, f"{table}: {{row: {{{field}: zzzz}}}}")
    assert known(problems, field) == set(stated["enum"])
    assert len(stated["markdownEnumDescriptions"]) == len(set(stated["enum"])) == len(stated["enum"])


def test_the_rows_of_the_model_are_those_that_herbier_reads() -> None:
    stated = SCHEMA["properties"]["model"]["properties"]
    assert [name.replace("-", "_") for name in stated] == [row.name for row in fields(Model)]


def test_every_field_is_described() -> None:
    tables = SCHEMA["properties"]
    fields = [field for row in ROWS.values() for field in SCHEMA["$defs"][row]["properties"].values()]
    model = tables["model"]["properties"].values()
    assert all(schema["description"] for schema in (*tables.values(), *fields, *model))


# --- rows ---

GOOD = {
    "a key": "keys: {effectif: {names: [staff], thing: [schema:numberOfEmployees], value: integer}}",
    "one name and one predicate": "keys: {effectif: {names: staff, thing: schema:numberOfEmployees}}",
    "no names but the row's own": "keys: {pages: {note: [schema:numberOfPages]}}",
    "words that YAML takes for others": "keys: {x: {names: [on, no, 2024, 1.10, true], note: schema:name}}",
    "a key that says nothing": "keys: {pages: {value: nothing}}",
    "a key with a role": "keys: {statut: {names: [confidentialité], role: private}}",
    "a key for one type": "keys: {tome: {types: [book], thing: [schema:volumeNumber]}}",
    "a nested value": "keys: {postes: {thing: [schema:worksFor], value: nested, class: [schema:Role]}}",
    "an IRI as it stands": "keys: {x: {thing: [https://example.org/terms#x, <https://example.org/y>]}}",
    "a prefix of the vault's own": "{prefixes: {ex: https://example.org/}, keys: {x: {thing: [ex:x]}}}",
    "a type": "types: {recette: {classes: [schema:Recipe], names: [recettes, recipe]}}",
    "a relation": "relations: {cites: {thing: [dcterms:references], inverse: cites}}",
    "a heading": "headings: {bref: {names: [En bref], states: points}}",
    "a heading that relates": "headings: {bref: {states: relation, relation: seeAlso}}",
    "a heading without more": "headings: {notes: {names: [Notes]}}",
    "a row of the model": "model: {label: [schema:name]}",
    "an identifier": "{identifiers: {cas: {pattern: '([0-9]+-[0-9]{2}-[0-9])', example: 7732-18-5}},"
    " keys: {cas: {thing: [schema:sameAs], value: identifier, scheme: cas}}}",
    "a class of Wikidata": "{wikidata-sources: {me: {says: I do}},"
    " wikidata-classes: {Recipe: {class: schema:Recipe, item: Q219239, source: me, verified: no}}}",
    "a property of Wikidata": "{wikidata-sources: {me: {says: I do}},"
    " wikidata-properties: {cas: {identifier: isbn, property: P231, source: [me]}}}",
    "a form of title": "titles: {colon: {pattern: '^(?P<short>\\w+) ?: (?P<long>.+)$'}}",
}
BAD = {
    "an unknown table": "key: {x: {thing: [schema:name]}}",
    "no table at all": "{}",
    "a table that is a list": "keys: [x]",
    "a row that is a text": "keys: {x: schema:name}",
    "an unknown field": "keys: {x: {predicate: [schema:name]}}",
    "an unknown kind": "keys: {x: {thing: [schema:name], value: datum}}",
    "a kind in a list": "keys: {x: {thing: [schema:name], value: [date]}}",
    "an unknown role": "keys: {x: {role: secret}}",
    "a key that says nothing by mistake": "keys: {x: {names: [y]}}",
    "a predicate without a prefix": "keys: {x: {thing: [name]}}",
    "a predicate that ends in no name": "keys: {x: {thing: [https://example.org/2024]}}",
    "an empty list of predicates": "keys: {x: {thing: []}}",
    "an empty name": "keys: {x: {names: , thing: [schema:name]}}",
    "a type without classes": "types: {recette: {names: [recettes]}}",
    "a relation without predicates": "relations: {cites: {names: [cite]}}",
    "an unknown state": "headings: {bref: {states: summary}}",
    "a heading that relates by nothing": "headings: {bref: {states: relation}}",
    "a relation that the heading does not state": "headings: {bref: {states: points, relation: seeAlso}}",
    "an unknown row of the model": "model: {labels: [schema:name]}",
    "a row of the model that is a mapping": "model: {label: {thing: [schema:name]}}",
    "a namespace that is no IRI": "prefixes: {ex: example.org}",
    "a prefix with a colon": "prefixes: {'ex:': https://example.org/}",
    "an identifier without a scheme": "keys: {x: {thing: [schema:sameAs], value: identifier}}",
    "an identifier whose pattern has no group": "identifiers: {x: {pattern: '[0-9]+', example: 1}}",
    "an address that leads to no identifier": "identifiers: {x: {pattern: '([0-9]+)', example: 1, address: 'https://x/'}}",
    "a class of Wikidata without a source": "wikidata-classes: {x: {class: schema:Recipe, item: Q219239}}",
    "a class of Wikidata that is a property": "wikidata-classes: {x: {class: schema:Recipe, item: P1, source: W}}",
    "a property of Wikidata without a source": "wikidata-properties: {x: {predicate: schema:url, property: P856}}",
    "a property of Wikidata of nothing": "wikidata-properties: {x: {property: P856, source: W}}",
    "a source that says nothing": "wikidata-sources: {me: {}}",
    "a form of title with one group": "titles: {colon: {pattern: '^(?P<short>.+):'}}",
}


@pytest.mark.parametrize("name", GOOD)
def test_good_rows_pass_here_and_there(name: str, tmp_path: Path) -> None:
    for loader in LOADERS:
        assert faults(yaml.load(GOOD[name], loader)) == []
    assert read_by_herbier(tmp_path, GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_bad_rows_fail(name: str) -> None:
    for loader in LOADERS:
        assert faults(yaml.load(BAD[name], loader))
