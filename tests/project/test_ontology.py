"""The ontology holds the terms that the mapping uses and no others, and agrees with its relations."""

import re
from collections.abc import Iterator

import pyoxigraph
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef

from herbier.data_folders import data_folder
from herbier.rdf.terms import Term
from herbier.rules.rule_files import load_rules
from herbier.rules.rule_types import Rules
from herbier.shapes.shape_rules import CODE, KEY

FILE = data_folder("ontology") / "herbier.ttl"
HERBIER = Namespace("https://w3id.org/herbier#")
VANN = Namespace("http://purl.org/vocab/vann/")
ONTOLOGY = URIRef(str(HERBIER))
LANGUAGES = {"en", "fr"}
TEXT = FILE.read_text("utf-8")
GRAPH = Graph().parse(data=TEXT, format="turtle")
RULES = load_rules()
OF_SHAPES = {URIRef(CODE[1:-1]), URIRef(KEY[1:-1])}  # by which a shape says what it means to a note keeper
DEFINED = sorted({term for term in GRAPH.subjects() if isinstance(term, URIRef)} - {ONTOLOGY})


def terms_of(rules: Rules) -> Iterator[Term]:
    for entry in rules.model.rows():
        yield from entry.terms
    for type_rule in rules.types.values():
        yield from type_rule.terms
    for found in rules.keys.values():
        for rule in found:
            yield from (*rule.thing, *rule.note, *rule.concept, *rule.classes)


def of_herbier(terms: Iterator[Term]) -> set[URIRef]:
    return {URIRef(term[1:-1]) for term in terms if term.startswith(str(HERBIER), 1)}


def test_the_terms_of_the_mapping_and_of_the_shapes_are_those_of_the_ontology() -> None:
    used = of_herbier(terms_of(RULES))
    assert used
    assert used | OF_SHAPES == set(DEFINED)


def test_both_parsers_read_the_same() -> None:
    quads = pyoxigraph.parse(TEXT, format=pyoxigraph.RdfFormat.TURTLE)
    lines = "".join(f"{quad.triple} .\n" for quad in quads)
    assert set(Graph().parse(data=lines, format="nt")) == set(GRAPH)


def test_there_are_no_blank_nodes_and_schema_org_is_https() -> None:
    assert all(isinstance(node, URIRef | Literal) for triple in GRAPH for node in triple)
    assert "http://schema.org" not in TEXT


def test_the_ontology_says_what_it_is() -> None:
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in GRAPH
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert languages(ONTOLOGY, predicate) == LANGUAGES
    assert GRAPH.value(ONTOLOGY, DCTERMS.license)
    assert GRAPH.value(ONTOLOGY, OWL.versionInfo)
    assert GRAPH.value(ONTOLOGY, VANN.preferredNamespacePrefix) == Literal("herbier")
    assert GRAPH.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(RULES.prefixes["herbier"])


def languages(subject: URIRef, predicate: URIRef) -> set[str | None]:
    found = list(GRAPH.objects(subject, predicate))
    assert all(isinstance(text, Literal) and text.strip() for text in found)
    assert len(found) == len(LANGUAGES), f"one {predicate} a language"
    return {text.language for text in found if isinstance(text, Literal)}


@pytest.mark.parametrize("term", DEFINED)
def test_each_term_is_described(term: URIRef) -> None:
    assert languages(term, RDFS.label) == LANGUAGES
    assert languages(term, RDFS.comment) == LANGUAGES
    assert GRAPH.value(term, RDFS.isDefinedBy) == ONTOLOGY
    kinds = set(GRAPH.objects(term, RDF.type))
    assert kinds & {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty}
    assert (OWL.Class in kinds) == term.removeprefix(str(HERBIER))[0].isupper()


def test_terms_stand_in_alphabetical_order() -> None:
    written = re.findall(r"^herbier:(\w+) a ", TEXT, re.MULTILINE)
    assert written == sorted(written)
    assert {HERBIER[name] for name in written} == set(DEFINED)


def test_french_has_no_break_spaces_before_its_marks() -> None:
    french = [text for text in GRAPH.objects() if isinstance(text, Literal) and text.language == "fr"]
    wrong = [text for text in french if re.search(r"(?<!\u00a0)[:;!?»](?= |$)|«(?!\u00a0)", text)]
    assert french
    assert not wrong


def test_inverses_are_symmetrical_and_those_of_the_relations() -> None:
    stated = set(GRAPH.subject_objects(OWL.inverseOf))
    assert stated == {(b, a) for a, b in stated}
    of_relations = {
        (a, b)
        for rule in RULES.relations.values()
        if rule.inverse
        for a in of_herbier(iter(rule.thing))
        for b in of_herbier(iter(RULES.relations[rule.inverse].thing))
    }
    assert stated == of_relations
    assert {a for a, _ in of_relations} == {
        term for rule in RULES.relations.values() for term in of_herbier(iter(rule.thing))
    }


def test_relations_join_things_and_key_points_are_texts() -> None:
    joining = {term for rule in RULES.relations.values() for term in of_herbier(iter(rule.thing))}
    hints = {*RULES.model.class_hint.terms, *RULES.model.property_hint.terms}  # these lead out of the vault
    joining |= of_herbier(iter(hints))
    assert joining == {term for term in GRAPH.subjects(RDF.type, OWL.ObjectProperty) if term in DEFINED}
    [key_point] = of_herbier(iter(RULES.model.key_point.terms))
    assert (key_point, RDF.type, OWL.DatatypeProperty) in GRAPH
    notes = [URIRef(term[1:-1]) for term in RULES.model.note_class.terms]
    assert list(GRAPH.objects(key_point, RDFS.domain)) == notes
