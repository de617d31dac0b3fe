"""Vault-LD 0.5: contexts tell what keys mean and what IRIs begin with; classes and properties are notes."""

import json
from pathlib import Path

import pytest
from tests.conftest import Files, build_notes, facts, run, said_of, short, triples, vault
from tests.site import client_of

CORE = {
    "@base": "https://ex.org/",
    "sdo": "https://schema.org/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "type": "@type",
    "id": "@id",
    "label": "rdfs:label",
    "comment": "rdfs:comment",
    "subClassOf": {"@id": "rdfs:subClassOf", "@type": "@id"},
    "domain": {"@id": "rdfs:domain", "@type": "@id"},
    "range": {"@id": "rdfs:range", "@type": "@id"},
}
LIB = {
    "@base": "https://ex.org/lib#",
    "writer": {"@id": "https://ex.org/lib#writer", "@type": "@id"},
    "pages": {"@id": "https://ex.org/lib#pages", "@type": "xsd:integer"},
}
OWL = {
    "Ontologies/Lib/context.jsonld": json.dumps({"@context": LIB}),
    "Ontologies/Lib/Classes/Book.md": "---\ntype: owl:Class\nlabel: Book\ncomment: A bound text.\n---\n",
    "Ontologies/Lib/Classes/Novel.md": "---\ntype: owl:Class\nsubClassOf: ['[[Book]]', 'sdo:Book']\n---\n",
    "Ontologies/Lib/Properties/pages.md": (
        "---\ntype: owl:DatatypeProperty\ndomain: '[[Book]]'\nrange: xsd:integer\n---\n"
    ),
}
NOTES = {
    "Ann.md": "---\ntype: sdo:Person\nlabel: Ann\n---\n",
    "Shelf/Dune.md": "---\ntype: '[[Book]]'\nwriter: '[[Ann|la plume]]'\npages: 3\n---\n",
}


def context(*parts: object, **terms: object) -> str:
    return json.dumps({"@context": [{**CORE, **terms}, *parts]})


def lay(root: Path, files: Files) -> Path:
    return vault(root, {"herbier.toml": 'language = "en"\n', **files})


def test_classes_properties_and_instances_are_notes(tmp_path: Path) -> None:
    root = lay(tmp_path, {"context.jsonld": context("Ontologies/Lib/context.jsonld"), **OWL, **NOTES})
    assert {"rdf:type owl:Class", "schema:sameAs <https://ex.org/lib#Book>", 'rdfs:comment "A bound text."@en'} <= {
        fact.replace('bound text."', 'bound text."') for fact in said_of(root, "id/book")
    }
    assert {"rdfs:subClassOf id/book", "rdfs:subClassOf schema:Book"} <= said_of(root, "id/novel")
    assert {
        "rdf:type owl:DatatypeProperty", "rdfs:domain id/book", "rdfs:range xsd:integer",
        "schema:sameAs <https://ex.org/lib#pages>",
    } <= said_of(root, "id/pages")  # fmt: skip
    assert {
        "rdf:type id/book", "<https://ex.org/lib#writer> id/ann", "<https://ex.org/lib#pages> 3",
        "schema:sameAs <https://ex.org/Dune>",
    } <= {fact.replace('"3"^^xsd:integer', "3") for fact in said_of(root, "id/dune")}  # fmt: skip
    told = run("explain", str(root / "Shelf/Dune.md"), "--vault", str(root)).out
    assert "pages (context.jsonld) (Ontologies/Lib/context.jsonld:1)" in told
    assert "base (context.jsonld:1)" in told


def test_values_are_of_the_kinds_of_their_terms(tmp_path: Path) -> None:
    kinds = {"n": "xsd:integer", "d": "xsd:date", "t": "xsd:dateTime", "dec": "xsd:decimal", "y": "xsd:gYear"}
    terms = {name: {"@id": f"sdo:{name}", "@type": kind} for name, kind in kinds.items()}
    root = lay(tmp_path, {
        "context.jsonld": context(**terms, u="sdo:u", names={"@id": "skos:altLabel", "@container": "@language"}),
        "x.md": "---\ntype: sdo:Thing\nn: 25\nd: 2026-06-17\nt: 2026-06-17T10:00:00Z\ndec: 4.5\ny: 2026\n"
                "u: [1, text, null]\nnames: {en: soup, fr: soupe}\n---\n",
    })  # fmt: skip
    assert {
        'schema:n "25"^^xsd:integer', 'schema:d "2026-06-17"^^xsd:date',
        'schema:t "2026-06-17T10:00:00Z"^^xsd:dateTime',
        'schema:dec "4.5"^^xsd:decimal', 'schema:y "2026"^^xsd:gYear', 'schema:u "1"^^xsd:integer',
        'skos:altLabel "soup"@en', 'skos:altLabel "soupe"@fr',
    } <= said_of(root, "id/x")  # fmt: skip
    assert len([fact for fact in said_of(root, "id/x") if fact.startswith("schema:u ")]) == 2


def test_links_lead_to_notes_and_curies_to_iris(tmp_path: Path) -> None:
    root = lay(tmp_path, {
        "context.jsonld": context(knows={"@id": "sdo:knows", "@type": "@id"}, see="rdfs:seeAlso"),
        "Ann.md": "---\ntype: sdo:Person\nknows: ['[[Bob|Robert]]', '[[People/Cleo]]', '[[Ghost]]', 'https://x.org/z', "
                  "'sdo:Thing']\nsee: '[[Bob]]'\n---\n",
        "Bob.md": "---\ntype: sdo:Person\n---\n", "People/Cleo.md": "---\ntype: sdo:Person\n---\n",
    })  # fmt: skip
    said = said_of(root, "id/ann")
    for value in ("id/bob", "id/cleo", "id/ghost", "<https://x.org/z>", "schema:Thing"):
        assert f"schema:knows {value}" in said
    assert "rdfs:seeAlso id/bob" in said


IDENTITIES = [
    ("a blank", "A/Red Soup.md", "type: sdo:Recipe", "https://ex.org/Red%20Soup"),
    ("an accent and brackets", "naïve (1).md", "type: sdo:Recipe", "https://ex.org/na%C3%AFve%20%281%29"),
    ("one of its own", "pin.md", "type: sdo:Recipe\nid: https://other.org/r/7", "https://other.org/r/7"),
    ("keywords as they are", "p.md", '"@type": sdo:Recipe\n"@id": https://other.org/r/8', "https://other.org/r/8"),
    ("a folder with a base", "People/Deep/Bob.md", "type: sdo:Person", "https://people.org/Bob"),
    ("no type", "plain.md", "label: x", ""),
]


@pytest.mark.parametrize(("path", "head", "iri"), [row[1:] for row in IDENTITIES], ids=[row[0] for row in IDENTITIES])
def test_a_thing_has_its_other_iri_beside_ours(path: str, head: str, iri: str, tmp_path: Path) -> None:
    people = json.dumps({"@context": {"@base": "https://people.org/", "phone": "https://schema.org/telephone"}})
    root = lay(tmp_path, {"context.jsonld": context(), "People/context.jsonld": people, path: f"---\n{head}\n---\n"})
    same = {fact.rpartition("sameAs ")[2] for fact in facts(root) if "schema:sameAs" in fact}
    assert same == ({f"<{iri}>"} if iri else set())


def test_a_later_context_overrides_and_one_that_is_not_named_adds_no_terms(tmp_path: Path) -> None:
    other = json.dumps({"@context": {"name2": "https://ex.org/lib#name"}})
    people = json.dumps({"@context": {"@base": "https://people.org/", "fon": "https://schema.org/telephone"}})
    root = lay(tmp_path, {
        "context.jsonld": context("lib.jsonld", "gone.jsonld", "https://far.example/c.jsonld", "../x.jsonld",
                                  name2="sdo:name"),
        "lib.jsonld": other, "People/context.jsonld": people,
        "People/Bob.md": "---\ntype: sdo:Person\nname2: Bob\nfon: '1'\n---\n",
    })  # fmt: skip
    said = said_of(root, "id/bob")
    assert any(fact.startswith("<https://ex.org/lib#name>") for fact in said)
    assert not any("telephone" in fact for fact in said)
    told = [str(found.message) for found in build_notes(root).problems if found.code == "bad-declaration"]
    assert len(told) == 3


def test_what_herbier_toml_says_goes_first_and_shipped_prefixes_stay(tmp_path: Path) -> None:
    root = vault(tmp_path, {
        "herbier.toml": '[mapping.keys.pages]\nthing = "schema:numberOfPages"\nvalue = "integer"\n',
        "context.jsonld": context(schema="http://schema.org/", pages={"@id": "https://ex.org/lib#pages"}),
        "a.md": "---\ntype: book\npages: 3\nurl: https://x.example/\n---\n",
    })  # fmt: skip
    assert 'schema:numberOfPages "3"^^xsd:integer' in said_of(root, "id/a")
    assert b"http://schema.org" not in build_notes(root).data


@pytest.mark.parametrize(
    "text", ["{", "[]", "3", '{"@context": 3}', '{"@context": {"a": [], "b": {"@id": 4}, "c": null}}']
)
def test_a_broken_context_breaks_nothing(text: str, tmp_path: Path) -> None:
    root = lay(tmp_path, {"context.jsonld": text, "a.md": "---\ntype: sdo:Book\na: 1\n---\n"})
    assert build_notes(root).counts.published == 1


def test_contexts_that_name_each_other_end(tmp_path: Path) -> None:
    loop = json.dumps({"@context": ["context.jsonld", {"x": "https://schema.org/x"}]})
    root = lay(
        tmp_path, {"context.jsonld": context("b.jsonld"), "b.jsonld": loop, "a.md": "---\ntype: sdo:Book\nx: y\n---\n"}
    )
    assert any(fact.startswith("schema:x ") for fact in said_of(root, "id/a"))
    assert b"file/" not in build_notes(root).data


def test_the_vault_chooses_whose_iris_its_things_have(tmp_path: Path) -> None:
    files = {"context.jsonld": context("Ontologies/Lib/context.jsonld"), **OWL, **NOTES}
    root = vault(tmp_path, {"herbier.toml": 'language = "en"\nown_iris = "instead"\n', **files})
    for name in ("nquads", "turtle"):
        found = {short(triple) for triple in triples(build_notes(root, name).data, name)}
        assert "<https://ex.org/Dune> <https://ex.org/lib#writer> <https://ex.org/Ann>" in found
        assert "<https://ex.org/Dune> rdf:type <https://ex.org/lib#Book>" in found
        assert "<https://ex.org/Ann> schema:subjectOf doc/ann" in found
        assert not [fact for fact in found if "sameAs" in fact or "id/dune" in fact]
    assert client_of(root).get("/id/dune").status_code == 303
    assert "schema:sameAs" in client_of(root).get("/doc/dune.ttl").text


@pytest.mark.parametrize("key", ["private", "note_private", "draft"])
def test_a_term_makes_no_word_of_privacy_harmless(key: str, tmp_path: Path) -> None:
    terms = {key: {"@id": "sdo:keywords", "@type": "xsd:boolean"}}
    root = lay(
        tmp_path, {"context.jsonld": context(**terms), "a.md": f"---\ntype: sdo:Book\n{key}: true\n---\nCaché\n"}
    )
    assert build_notes(root).counts.private == 1 and b"Cach" not in build_notes(root).data
