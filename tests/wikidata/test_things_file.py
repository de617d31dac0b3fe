"""The files for Wikidata: what they say, that other programs read them, and that nothing gets lost or runs in them."""

import csv
import os
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from tests.conftest import vault
from tests.dumps import BASE, SCHEMA, SETTINGS, WD, dump, note, out, table

__all__ = ["out"]  # the fixture

# --- things.ttl -------------------------------------------------------------------------------------------------------


def test_things_are_said_in_the_terms_that_openrefine_looks_for(out: Path) -> None:
    graph = Graph().parse(out / "things.ttl")
    ada = URIRef(f"{BASE}id/ada-lovelace")
    said = {(str(p).removeprefix(SCHEMA), o.n3()) for p, o in graph.predicate_objects(ada)}
    assert {
        (str(RDF.type), f"<{SCHEMA}Person>"),
        (str(RDFS.label), '"Ada Lovelace"@fr'),
        (str(SKOS.prefLabel), '"Ada Lovelace"@fr'),
        (str(SKOS.altLabel), '"Augusta Ada King"@fr'),
        ("birthDate", '"1815-12-10"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("deathDate", '"1852-11"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'),
        ("birthPlace", f"<{BASE}id/londres>"),
        ("identifier", '"viaf:10053"'),
        ("sameAs", f"<{WD}Q7259>"),
        ("https://w3id.org/herbier#wikidataClass", f"<{WD}Q5>"),
        ("https://w3id.org/herbier#wikidataProperty", f"<{WD}P569>"),
        ("https://w3id.org/herbier#wikidataProperty", f"<{WD}P214>"),
    } <= said
    concept = URIRef(f"{BASE}id/attention")
    assert (concept, SKOS.exactMatch, URIRef(f"{WD}Q103701642")) in graph
    assert (URIRef(f"{BASE}id/mila"), URIRef(f"{SCHEMA}foundingDate"), None) in graph


def test_what_other_notes_say_of_a_thing_is_in_its_block(out: Path) -> None:
    graph = Graph().parse(out / "things.ttl")
    part_of = URIRef("http://purl.org/dc/terms/isPartOf")
    assert (URIRef(f"{BASE}id/londres"), part_of, URIRef(f"{BASE}id/modeles")) in graph
    assert table(out)["londres"]["part_of"] == "Modèles"


def test_there_is_one_block_a_thing_sorted_and_no_blank_node(out: Path) -> None:
    text = (out / "things.ttl").read_text("utf-8")
    blocks = re.findall(r"^<id/([^>]+)>", text, re.M)
    assert blocks == sorted(set(blocks)) == ["ada-lovelace", "attention", "livre", "londres", "mila", "modeles"]
    subjects = {quad.subject for quad in pyoxigraph.parse(path=out / "things.ttl")}
    assert {str(subject) for subject in subjects} == {f"<{BASE}id/{slug}>" for slug in blocks}


def test_hints_claim_nothing_in_the_terms_of_wikidata(out: Path) -> None:
    predicates = {str(quad.predicate.value) for quad in pyoxigraph.parse(path=out / "things.ttl")}
    assert not [predicate for predicate in predicates if "wikidata.org" in predicate]
    assert "Q151885" not in (out / "things.ttl").read_text("utf-8")  # it is not verified
    graph = Graph().parse(out / "things.ttl")
    hints = set(graph.objects(URIRef(f"{BASE}id/livre"), URIRef("https://w3id.org/herbier#wikidataProperty")))
    assert hints == {URIRef(f"{WD}P356")}  # an ISBN is that of an edition, which a book need not be


def test_rapper_reads_the_same_triples(out: Path) -> None:
    rapper = shutil.which("rapper")
    if rapper is None and os.environ.get("CI") != "true":
        pytest.skip("rapper is not installed (raptor2-utils)")
    assert rapper is not None, "CI installs raptor2-utils"
    command = [rapper, "--quiet", "--input", "turtle", "--output", "ntriples", str(out / "things.ttl")]
    read = subprocess.run(command, capture_output=True, check=True)
    assert read.stderr == b""
    theirs = {quad.triple for quad in pyoxigraph.parse(read.stdout, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    assert theirs == {quad.triple for quad in pyoxigraph.parse(path=out / "things.ttl")}
    assert len(theirs) > 50


def as_openrefine(file: Path) -> tuple[list[str], dict[str, list[list[str]]]]:
    """Return the columns that OpenRefine's importer of RDF makes, and the rows of each subject.

    One column for the subject and one for each predicate; a value beyond the first stands in a further row, below it.
    """
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in pyoxigraph.parse(path=file):
        values[str(quad.subject)][quad.predicate.value].append(str(quad.object))
    columns = sorted({predicate for said in values.values() for predicate in said})
    rows = {}
    for subject, said in values.items():
        height = max(map(len, said.values()))
        cells = [[*said[column], *[""] * (height - len(said[column]))] for column in columns]
        rows[subject] = [list(row) for row in zip(*cells, strict=True)]
    return columns, rows


def test_openrefine_makes_these_columns(out: Path) -> None:
    columns, rows = as_openrefine(out / "things.ttl")
    assert [re.sub(r".*[/#]", "", column) for column in columns] == [
        "hasPart",
        "isPartOf",
        "type",
        "label",
        "altLabel",
        "exactMatch",
        "prefLabel",
        "birthDate",
        "birthPlace",
        "deathDate",
        "description",
        "foundingDate",
        "identifier",
        "isbn",
        "location",
        "sameAs",
        "url",
        "wantsItem",
        "wikidataClass",
        "wikidataProperty",
    ]
    assert len(rows) == 6
    ada = rows[f"<{BASE}id/ada-lovelace>"]
    label = columns.index(str(RDFS.label))
    assert [row[label] for row in ada] == ['"Ada Lovelace"@fr', *[""] * (len(ada) - 1)]
    assert len(ada) == 4  # as many as it has properties to be compared by


# --- things.csv -------------------------------------------------------------------------------------------------------


def test_a_thing_is_one_row(out: Path) -> None:
    rows = table(out)
    assert list(rows) == ["ada-lovelace", "attention", "livre", "londres", "mila", "modeles"]
    wanted = {
        "id": f"{BASE}id/ada-lovelace",
        "label": "Ada Lovelace",
        "label_fr": "Ada Lovelace",
        "label_en": "",
        "aliases": "Augusta Ada King|A¦B",
        "class_item": "Q5",
        "born": "1815-12-10",
        "died": "1852-11",
        "birth_place": "Londres",
        "viaf": "10053",
        "item": "Q7259",
    }
    assert {name: rows["ada-lovelace"][name] for name in wanted} == wanted
    assert rows["ada-lovelace"]["description"] == (
        'Elle écrit, dit-on, « le premier programme » ;\nd’autres disent "non", et l’été passe.'
    )
    wanted = {
        "inception": "1993",
        "website": "https://mila.quebec/",
        "ror": "05c22rx21",
        "headquarters": "Montréal",  # a note that is not written
        "class_item": "Q31855",
        "item": "",
    }
    assert {name: rows["mila"][name] for name in wanted} == wanted
    # an ISBN as Wikidata parts it, a DOI in its capitals
    assert [rows["livre"][name] for name in ("isbn_13", "isbn_10", "doi")] == [
        "978-2-07-036822-8",
        "",
        "10.1038/NATURE14539",
    ]


def test_each_property_has_its_column_and_is_told_in_the_readme(out: Path) -> None:
    with (out / "things.csv").open(encoding="utf-8", newline="") as stream:
        head = next(csv.reader(stream))
    assert len(head) == len(set(head))
    assert [*head[:3], head[-1]] == ["id", "slug", "label", "item"]
    wanted = "label_fr label_en aliases description class_item inception headquarters website orcid ror isni viaf gnd"
    assert set(wanted.split()) <= set(head)
    told = re.findall(r"^\| `(\w+)` \| P\d+ \|", (out / "README.md").read_text("utf-8"), re.M)
    assert head == [*head[:8], *told, "item"]


LANGUAGES = {"fr.md": ("fr", "Été"), "en.md": ("en", "Summer"), "ca.md": ("fr-CA", "Hiver"), "de.md": ("de", "Herbst")}


def test_labels_stand_in_the_column_of_their_language_and_none_is_lost(tmp_path: Path) -> None:
    notes = {name: note(f"lang: {code}", f"title: {title}") for name, (code, title) in LANGUAGES.items()}
    folder, _ = dump(vault(tmp_path / "vault", notes))
    found = {row["label"]: (row["label_fr"], row["label_en"]) for row in table(folder).values()}
    assert found == {"Été": ("Été", ""), "Summer": ("", "Summer"), "Hiver": ("Hiver", ""), "Herbst": ("", "")}


FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@cmd", '=HYPERLINK("https://x.example","été")', "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_runs_in_a_spreadsheet(formula: str, tmp_path: Path) -> None:
    quoted = formula.replace("'", "''")
    text = note(f"title: '{quoted}'", f"aliases: ['{quoted} bis']", f"description: '{quoted}'")
    folder, ran = dump(vault(tmp_path / "vault", {"herbier.toml": SETTINGS, "a.md": text}))
    assert ran.code == 0
    [row] = table(folder).values()
    assert not [cell for cell in row.values() if cell[:1] in tuple("=+-@\t\r") and cell]
    assert row["label"] == f"'{formula.replace('|', '¦')}"  # the README tells of the apostrophe
    assert row["description"].removeprefix("'") == formula


def test_a_year_before_our_era_is_no_formula(tmp_path: Path) -> None:
    files = {"herbier.toml": SETTINGS, "a.md": note("type: personne", "naissance: -44")}
    folder, _ = dump(vault(tmp_path / "vault", files))
    assert table(folder)["a"]["born"] == "-0044"
