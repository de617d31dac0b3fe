"""What two notes say from both ends is one triple in the union of all graphs, and is in the graph of each."""

import json
from pathlib import Path

import pytest
import rdflib
from tests.conftest import build_notes, run, vault
from tests.live import serving

BASE = "https://ex.org/"
NOTES = {
    "herbier.toml": f'base = "{BASE}"\nlanguage = "fr"\ntitle = "V"\ninclude = ["plus.ttl"]\n',
    "A.md": "---\ntype: concept\nrelatedTo: '[[B]]'\nhasPart: '[[C]]'\n---\n",
    "B.md": "---\ntype: concept\nrelatedTo: '[[A]]'\n---\n",
    "C.md": "---\ntype: concept\nisPartOf: '[[A]]'\n---\n",
    "plus.ttl": f"<{BASE}id/a> <http://purl.org/dc/terms/hasPart> <{BASE}id/c> .",
}
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RELATED = "SELECT ?o { <id/a> dcterms:relation ?o }"
PARTS = "SELECT ?o { <id/a> dcterms:hasPart ?o }"
# `graph` as the name of a variable asks for none
PARTS_OF = "SELECT ?graph { ?graph dcterms:hasPart <id/c> }"
GRAPHS = "SELECT ?g { GRAPH ?g { <id/a> dcterms:hasPart <id/c> } } ORDER BY ?g"
OF_ONE = "SELECT ?s { GRAPH <doc/c> { ?s dcterms:hasPart <id/c> } }"
FROM = "SELECT ?s FROM <doc/c> { ?s dcterms:hasPart <id/c> }"
MERGED = "SELECT ?s FROM <doc/a> FROM <doc/c> FROM <file/plus.ttl> { ?s dcterms:hasPart <id/c> }"
MERGED_AND_NAMED = """BASE <https://ex.org/> PREFIX d: <doc/>
SELECT ?s ?g FROM d:a # FROM d:b
FROM<doc/c> FROM NAMED <doc/c> FROM NAMED d:b {
?s dcterms:hasPart <id/c> GRAPH ?g { <id/a> dcterms:hasPart <id/c> } }"""
ROWS = {
    RELATED: [f"{BASE}id/b"],
    PARTS: [f"{BASE}id/c"],
    PARTS_OF: [f"{BASE}id/a"],
    GRAPHS: [f"{BASE}doc/a", f"{BASE}doc/c", f"{BASE}file/plus.ttl"],
    OF_ONE: [f"{BASE}id/a"],
    FROM: [f"{BASE}id/a"],
    MERGED: [f"{BASE}id/a"],
    MERGED_AND_NAMED: [f"{BASE}doc/c", f"{BASE}id/a"],
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vault(tmp_path_factory.mktemp("union") / "v", NOTES)


def triples(root: Path) -> int:
    graph = rdflib.Graph().parse(data=build_notes(root, "ntriples").data, format="nt")
    return len(graph)


def rows(text: str) -> list[str]:
    found = json.loads(text)["results"]["bindings"]
    return [cell["value"] for row in found for cell in row.values()]


@pytest.mark.parametrize("query", ROWS)
def test_a_query_finds_each_triple_once(notes: Path, query: str) -> None:
    assert sorted(rows(run("query", notes, query, "--format", "json").out)) == ROWS[query]


def test_beside_graphs_the_union_has_what_each_note_states(notes: Path) -> None:
    """As the guide says: the one case where a triple may be found more than once, and what helps."""
    mixed = "{ <id/a> dcterms:hasPart ?o GRAPH <doc/c> { <id/c> dcterms:isPartOf ?a } }"
    assert set(rows(run("query", notes, f"SELECT ?o {mixed}", "--format", "json").out)) == {f"{BASE}id/c"}
    assert rows(run("query", notes, f"SELECT DISTINCT ?o {mixed}", "--format", "json").out) == [f"{BASE}id/c"]


def test_as_many_triples_are_counted_as_are_written(notes: Path) -> None:
    quads = build_notes(notes, "nquads").data.count(b"\n")
    assert triples(notes) < quads
    assert rows(run("query", notes, ALL, "--format", "json").out) == [str(triples(notes))]


def test_a_server_finds_each_triple_once_whatever_was_asked_before(notes: Path) -> None:
    """A process that has answered for the graphs answers for the union again."""
    prefix = "PREFIX dcterms: <http://purl.org/dc/terms/> "
    with serving(notes) as server:
        for _ in range(2):
            for query, wanted in ROWS.items():
                assert sorted(value for row in server.ask(prefix + query).rows for value in row.values()) == wanted
            assert [row["n"] for row in server.ask(ALL).rows] == [str(triples(notes))]
        merged = ["https://ex.org/doc/a", "https://ex.org/doc/c"]
        asked = prefix + "SELECT ?s { ?s dcterms:hasPart <id/c> }"
        assert server.ask(asked, default_graph_uri=merged).rows == [{"s": f"{BASE}id/a"}]
        assert "line 1" in server.ask(f"{asked[:-1]} FROM <x> FROM <y>", "text/plain").text
        described = server.ask("DESCRIBE <doc/c>", "text/turtle").text
        page = server.get("/doc/c", "text/turtle").text
        same = [set(rdflib.Graph().parse(data=text, format="turtle", publicID=BASE)) for text in (described, page)]
        assert same[0] == same[1]
        assert any(predicate == rdflib.DCTERMS.hasPart for _, predicate, _ in same[0])
        assert f"void:triples {triples(notes)} " in server.get("/dataset.ttl").text
