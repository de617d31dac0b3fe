"""The description of the SPARQL service, and its pages for people."""

import json
from collections.abc import Iterator
from typing import Any

import pyoxigraph
import pytest
import rdflib
import rdflib.compare
from tests.conftest import vault
from tests.live import Live, serving
from tests.web.test_sparql_protocol import BASE, FILES, SD


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(vault(tmp_path_factory.mktemp("protocol") / "coffre", FILES)) as server:
        yield server


# --- the service description ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "turtle"),
        ("*/*", "turtle"),
        ("text/turtle", "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples;q=0.9, text/html;q=0.1", "nt"),
    ],
)
def test_the_service_description(live: Live, accept: str | None, name: str) -> None:
    """The tests of the W3C: RDF is returned, it has sd:endpoint, and it is as the schema wants it."""
    got = live.get("/sparql", accept)
    assert got.status == 200
    graph = rdflib.Graph().parse(data=got.body, format=name)
    endpoint = rdflib.URIRef(f"{BASE}sparql")
    service = graph.value(None, SD.endpoint, endpoint)
    assert (service, rdflib.RDF.type, SD.Service) in graph
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert (service, SD.feature, SD.BasicFederatedQuery) not in graph
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service, SD.supportedLanguage, SD.SPARQL11Update) not in graph
    assert len(set(graph.objects(service, SD.resultFormat))) == 8
    default = graph.value(graph.value(service, SD.defaultDataset), SD.defaultGraph)
    assert (default, rdflib.RDF.type, SD.Graph) in graph
    count = graph.value(default, rdflib.VOID.triples)
    assert count is not None
    assert int(str(count)) == int(live.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]["n"])
    assert not [node for node in graph.all_nodes() if isinstance(node, rdflib.BNode)]


def test_a_browser_is_shown_the_form(live: Live) -> None:
    got = live.get("/sparql", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert got.media_type == "text/html"
    assert "<textarea" in got.text
    assert live.get("/sparql", "image/png").status == 406


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_page_shows_the_first_rows_and_says_so(live: Live) -> None:
    numbers = " ".join(map(str, range(1001)))
    got = live.ask(f"SELECT ?x {{ VALUES ?x {{ {numbers} }} }}", "text/html")
    assert got.text.count("<tr><td>") == 1000
    assert "Seules les 1\u202f000 premières lignes" in got.text
    assert "Seules les" not in live.ask("SELECT ?x { VALUES ?x { 1 2 } }", "text/html").text
    assert len(live.ask(f"SELECT ?x {{ VALUES ?x {{ {numbers} }} }}").rows) == 1001


def test_a_page_shows_values_as_they_are(live: Live) -> None:
    literal = '"<b>&é \\"\\u00e8\\" \\\\ "@fr'
    query = f"SELECT * {{ VALUES (?a ?b) {{ ({literal} <{BASE}id/ada>) (UNDEF 1.5) }} BIND(BNODE() AS ?c) }}"
    text = live.ask(query, "text/html").text
    assert "&lt;b&gt;&amp;é &#34;è&#34; \\ " in text
    assert "./doc/ada" in text
    assert "Oui" in live.ask("ASK {}", "text/html").text
    assert "<pre" in live.ask(f"DESCRIBE <{BASE}doc/ada>", "text/html").text


def test_clients_that_others_wrote(live: Live) -> None:
    from SPARQLWrapper import JSON as AS_JSON
    from SPARQLWrapper import N3, POST, POSTDIRECTLY, XML, SPARQLWrapper

    for method in ("GET", POST):
        client = SPARQLWrapper(f"http://{live.host}/sparql")
        client.setMethod(method)
        if method == POST:
            client.setRequestMethod(POSTDIRECTLY)
        client.setReturnFormat(AS_JSON)
        client.setQuery("SELECT ?p { ?p a <https://schema.org/Person> } ORDER BY ?p")
        answer: Any = client.queryAndConvert()
        assert [row["p"]["value"] for row in answer["results"]["bindings"]] == [f"{BASE}id/ada", f"{BASE}id/charles"]
        client.setReturnFormat(XML)
        document: Any = client.queryAndConvert()
        assert len(document.getElementsByTagName("result")) == 2
        client.setReturnFormat(N3)
        client.setQuery(f"DESCRIBE <{BASE}id/ada>")
        turtle: Any = client.queryAndConvert()
        graph = rdflib.Graph().parse(data=turtle, format="turtle")
        assert (rdflib.URIRef(f"{BASE}id/ada"), rdflib.RDF.type, rdflib.SDO.Person) in graph


def test_what_is_described_is_what_its_page_says(live: Live) -> None:
    described = live.ask(f"DESCRIBE <{BASE}doc/ada>", "application/n-triples")
    page = live.get("/doc/ada.nt")
    as_set = {str(quad.triple) for quad in pyoxigraph.parse(page.body, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    found = {str(quad.triple) for quad in pyoxigraph.parse(described.body, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    assert found == as_set != set()
    assert json.loads(live.ask(f"ASK {{ <{BASE}id/ada> ?p ?o }}").body)["boolean"]
