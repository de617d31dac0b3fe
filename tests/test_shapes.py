"""The shapes hold for what is published, each looks at something there, each finds its own fault."""

from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

import herbier
from herbier.config import data_folder

SEEDS = Path(__file__).parents[1] / "seeds"
SHAPES = Namespace("https://w3id.org/herbier/shapes#")
TARGETS = (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf, SH.targetNode)
FILES = sorted(data_folder("shapes").glob("*.ttl"))
PREFIXES = """
@base <https://example.org/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
GOOD_NOTE = '<doc/a> a schema:NoteDigitalDocument ; dcterms:title "A" ; schema:mainEntity <id/a> .\n'
GOOD_THING = '<id/a> a schema:Thing ; schema:name "A" .\n'
# For each shape that can be broken, graphs that break it and nothing else.
BROKEN = {
    "note-title": [f"<doc/a> a schema:NoteDigitalDocument ; schema:mainEntity <id/a> . {GOOD_THING}"],
    "note-about": [
        '<doc/a> a schema:NoteDigitalDocument ; dcterms:title "A" .',
        f'{GOOD_NOTE} {GOOD_THING} <doc/a> schema:mainEntity <id/b> . <id/b> a <Thing> ; schema:name "B" .',
    ],
    "note-created": [f'{GOOD_NOTE} {GOOD_THING} <doc/a> dcterms:created "20/03/2025" .'],
    "note-dateCreated": [f'{GOOD_NOTE} {GOOD_THING} <doc/a> schema:dateCreated "2025-03-20"@fr .'],
    "note-modified": [f'{GOOD_NOTE} {GOOD_THING} <doc/a> dcterms:modified "2025-02-30"^^xsd:date .'],
    "note-dateModified": [f"{GOOD_NOTE} {GOOD_THING} <doc/a> schema:dateModified 2025 ."],
    "note-issued": [f"{GOOD_NOTE} {GOOD_THING} <doc/a> dcterms:issued <id/a> ."],
    "note-datePublished": [f'{GOOD_NOTE} {GOOD_THING} <doc/a> schema:datePublished "mars 2025" .'],
    "thing-name": [f"{GOOD_NOTE} <id/a> a schema:Thing ."],
    "thing-type": [f'{GOOD_NOTE} <id/a> schema:name "A" .'],
    "Section": [
        "<doc/a#b> a schema:WebPageElement ; schema:position 1 .",
        '<doc/a#b> a schema:WebPageElement ; schema:name "B" .',
        '<doc/a#b> a schema:WebPageElement ; schema:name "B" ; schema:position "1" .',
        '<doc/a#b> a schema:WebPageElement ; schema:name "B" ; schema:position 1 , 2 .',
    ],
    "tag-type": ['<tag/a> skos:inScheme <tag/> ; skos:prefLabel "a"@fr .'],
    "tag-label": [
        "<tag/a> a skos:Concept ; skos:inScheme <tag/> .",
        '<tag/a> a skos:Concept ; skos:inScheme <tag/> ; skos:prefLabel "a"@fr , "b"@fr .',
    ],
}
# rdflib's own parser of N-Quads asks for what rdflib calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for file in FILES:
        graph.parse(file, format="turtle")
    return graph


@pytest.fixture(scope="module")
def published() -> Graph:
    # a plain graph: pySHACL is slow over a dataset, and wrong over some stores
    graph = Graph()
    for subject, predicate, value, _ in herbier.load(SEEDS).quads():
        graph.add((subject, predicate, value))
    return graph


def broken_shapes(data: Graph, shapes: Graph) -> set[Node]:
    """Return the shapes that a graph breaks; what they ask of other shapes is a detail of theirs."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return {shape for found in report.objects(None, SH.result) for shape in report.objects(found, SH.sourceShape)}


def members(graph: Graph, shape: Node) -> Iterator[Node]:
    """Yield the shapes that a shape asks of its own focus nodes."""
    for constraint in (SH["or"], SH["and"], SH.xone):
        for alternatives in graph.objects(shape, constraint):
            yield from Collection(graph, alternatives)


def looked_at(shapes: Graph, data: Graph) -> dict[Node, set[Node]]:
    """Return the focus nodes of each shape (SHACL, section 3.2), following the shapes that it leads to."""
    found: dict[Node, set[Node]] = {}

    def look(shape: Node, nodes: set[Node]) -> None:
        if shape in found and nodes <= found[shape]:
            return
        found.setdefault(shape, set()).update(nodes)
        path = shapes.value(shape, SH.path)
        values = {value for node in nodes for value in data.objects(node, path)} if path else nodes
        for inner in shapes.objects(shape, SH.property):
            look(inner, values)
        for inner in (*shapes.objects(shape, SH.node), *members(shapes, shape)):
            look(inner, values)

    for shape in named(shapes):
        if any(True for target in TARGETS for _ in shapes.objects(shape, target)):
            look(shape, set(targets(shapes, shape, data)))
    return found


def targets(shapes: Graph, shape: Node, data: Graph) -> Iterator[Node]:
    for wanted in shapes.objects(shape, SH.targetClass):
        yield from data.subjects(RDF.type, wanted)
    for predicate in shapes.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, predicate)
    for predicate in shapes.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(predicate, None)
    yield from shapes.objects(shape, SH.targetNode)


def named(shapes: Graph) -> list[Node]:
    kinds = (SH.NodeShape, SH.PropertyShape)
    return sorted({shape for kind in kinds for shape in shapes.subjects(RDF.type, kind)}, key=str)


def test_the_shapes_are_shapes(shapes: Graph) -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_what_seeds_publishes_conforms(shapes: Graph, published: Graph) -> None:
    conforms, _, text = pyshacl.validate(published, shacl_graph=shapes)
    assert conforms, text


def test_every_shape_looks_at_something(shapes: Graph, published: Graph) -> None:
    found = looked_at(shapes, published)
    assert [shape for shape in named(shapes) if not found.get(shape)] == []


def test_every_shape_has_an_iri(shapes: Graph) -> None:
    assert all(isinstance(shape, URIRef) and shape.startswith(str(SHAPES)) for shape in named(shapes))


def test_every_shape_that_can_be_broken_says_so_in_both_languages(shapes: Graph) -> None:
    for name in BROKEN:
        texts = [text for text in shapes.objects(SHAPES[name], SH.message) if isinstance(text, Literal)]
        assert sorted(str(text.language) for text in texts) == ["en", "fr"], name


def test_every_shape_with_a_message_has_a_graph_that_breaks_it(shapes: Graph) -> None:
    # what only an alternative of another shape asks is told in the words of that shape
    inner = {shape for outer in named(shapes) for shape in members(shapes, outer)}
    inner |= {below for shape in inner for below in shapes.objects(shape, SH.property)}
    telling = set(shapes.subjects(SH.message, None)) - inner
    assert telling == {SHAPES[name] for name in BROKEN}


@pytest.mark.parametrize(("name", "turtle"), [(name, each) for name, texts in BROKEN.items() for each in texts])
def test_a_fault_breaks_its_shape_and_no_other(name: str, turtle: str, shapes: Graph) -> None:
    data = Graph().parse(data=PREFIXES + turtle, format="turtle")
    assert broken_shapes(data, shapes) == {SHAPES[name]}


def test_the_smallest_good_note_conforms(shapes: Graph) -> None:
    text = f"""{PREFIXES} {GOOD_NOTE} {GOOD_THING}
        <doc/a> dcterms:created "2025"^^xsd:gYear ; schema:dateCreated "2025-03-20T10:00:00Z"^^xsd:dateTime .
        <doc/a#block-b> a schema:WebPageElement ; schema:text "B" .
        <doc/a#c> a schema:WebPageElement ; schema:name "C" ; schema:position 1 .
        <tag/d> a skos:Concept ; skos:inScheme <tag/> ; skos:prefLabel "d"@fr , "d"@en , "d" ."""
    assert broken_shapes(Graph().parse(data=text, format="turtle"), shapes) == set()
