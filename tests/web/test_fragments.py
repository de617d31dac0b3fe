"""Triple Pattern Fragments: what matches, page by page, as the specification says and as Comunica asks."""

import json
import os
import re
import shutil
import subprocess
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

import pyoxigraph
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import FOAF, RDF, VOID, Namespace, URIRef
from rdflib.term import Node
from tests.conftest import ROOT, build_notes, vault
from tests.live import serving
from tests.site import client_of, fetch
from werkzeug.test import TestResponse

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BASE = "https://herbier.example/"
UNION = f"{BASE}fragments#union"
SCHEMA = "https://schema.org/"
NAME = f"{SCHEMA}name"
FILES: dict[str, str | bytes] = {
    "herbier.toml": f'base = "{BASE}"\nlanguage = "fr"\ntitle = "Coffre"\n',
    "Ada.md": "---\ntype: personne\nprecedes: '[[Alan]]'\n---\nÀ propos de « tout », \"dit\"-elle.\n",
    "Alan.md": "---\ntype: organisation\nfollows: '[[Ada]]'\neffectif: 3\n---\nUn autre.\n",
    **{f"n{number:03}.md": f"---\ntype: concept\n---\nTexte {number}.\n" for number in range(120)},
}
ACCEPTS = {
    "application/trig": "trig",
    "application/n-quads": "nquads",
    "text/turtle": "turtle",
    "application/n-triples": "nt",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vault(tmp_path_factory.mktemp("fragments") / "coffre", FILES)


@pytest.fixture(scope="module")
def web(root: Path) -> FlaskClient:
    return client_of(root)


@pytest.fixture(scope="module")
def quads(root: Path) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(build_notes(root).data, format=pyoxigraph.RdfFormat.N_QUADS))


def ask(web: FlaskClient, accept: str = "application/trig", **pattern: str) -> TestResponse:
    return web.get("/fragments", query_string=pattern, headers={"Accept": accept}, buffered=True)


def read(answer: TestResponse) -> tuple[set[pyoxigraph.Quad], rdflib.Graph, URIRef]:
    """Return the data of a page, its controls, and the IRI of the page."""
    assert answer.status_code == 200, answer.text
    data, controls, page = set(), rdflib.Graph(), None
    for quad in pyoxigraph.parse(answer.data, format=pyoxigraph.RdfFormat.TRIG):
        if str(quad.graph_name).endswith("#metadata>"):
            page = URIRef(str(quad.graph_name)[1:-1].removesuffix("#metadata"))
            controls.parse(data=f"{quad.triple} .", format="nt")
        else:
            data.add(quad)
    assert page is not None
    return data, controls, page


def number(controls: rdflib.Graph, page: Node, name: URIRef) -> int:
    return int(str(controls.value(page, name, any=False)))


def written(term: object) -> str:
    """Return a term as hydra:ExplicitRepresentation has it."""
    if isinstance(term, pyoxigraph.Literal):
        tail = f"@{term.language}" if term.language else f"^^{term.datatype.value}"
        return f'"{term.value}"{tail}'
    assert isinstance(term, pyoxigraph.NamedNode)
    return term.value


# --- what matches -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bound", list(product([False, True], repeat=4)), ids=lambda bound: "".join("?x"[b] for b in bound)
)
def test_every_shape_of_a_pattern(web: FlaskClient, quads: list[pyoxigraph.Quad], bound: tuple[bool, ...]) -> None:
    for picked in (
        quads[0],
        quads[len(quads) // 2],
        next(q for q in quads if isinstance(q.object, pyoxigraph.Literal)),
    ):
        places = dict(zip(("subject", "predicate", "object", "graph"), picked, strict=True))
        pattern = {name: written(term) for (name, term), fixed in zip(places.items(), bound, strict=True) if fixed}
        expected = {
            quad
            for quad in quads
            if all(term == other for term, other, fixed in zip(quad, picked, bound, strict=True) if fixed)
        }
        found: set[pyoxigraph.Quad] = set()
        page = 0
        while True:
            page += 1
            data, controls, here = read(ask(web, **pattern, page=str(page)))
            assert not found & data, "no quad is on two pages"
            found |= data
            assert number(controls, here, HYDRA.totalItems) == number(controls, here, VOID.triples) == len(expected)
            if controls.value(here, HYDRA.next) is None:
                break
        assert found == expected
        assert page == max(1, -(-len(expected) // 100))


def test_the_union_has_each_triple_once(web: FlaskClient, quads: list[pyoxigraph.Quad]) -> None:
    triples = {quad.triple for quad in quads}
    assert len(triples) < len(quads), "two notes say the same"
    follows = "https://w3id.org/herbier#follows"
    for pattern in ({}, {"predicate": follows}):
        expected = {t for t in triples if not pattern or t.predicate.value == follows}
        found = []
        for page in range(1, 100):
            data, controls, here = read(ask(web, graph=UNION, page=str(page), **pattern))
            found += [quad.triple for quad in data]
            assert {str(quad.graph_name) for quad in data} == {"DEFAULT"}
            assert number(controls, here, HYDRA.totalItems) == len(expected)
            if controls.value(here, HYDRA.next) is None:
                break
        assert len(found) == len(expected)
        assert set(found) == expected


@pytest.mark.parametrize(
    ("pattern", "total"),
    [
        ({"subject": f"<{BASE}id/ada>", "predicate": "schema:name"}, 1),
        ({"subject": "?s", "predicate": NAME, "object": '"Ada"'}, 1),
        ({"object": '"Ada"@FR'}, 2),
        ({"object": '"Ada"'}, 2),
        ({"object": '"Ada"@en'}, 0),
        ({"object": f'"3"^^<{rdflib.XSD.integer}>', "predicate": f"{SCHEMA}numberOfEmployees"}, 1),
        ({"object": '"À propos de « tout », "dit"-elle."@fr', "predicate": f"{SCHEMA}text"}, 1),
        ({"subject": "https://nowhere.example/"}, 0),
        ({"graph": f"{BASE}doc/nothing"}, 0),
    ],
)
def test_how_terms_may_be_written(web: FlaskClient, pattern: dict[str, str], total: int) -> None:
    data, controls, page = read(ask(web, **pattern))
    assert number(controls, page, HYDRA.totalItems) == len(data) == total


@pytest.mark.parametrize(
    ("pattern", "status", "reason"),
    [
        ({"subject": "no iri"}, 400, "should be an IRI"),
        ({"predicate": '"Ada"'}, 400, "is an IRI"),
        ({"object": '"Ada"@'}, 400, "should be an IRI"),
        ({"object": '"Ada'}, 400, "should be an IRI"),
        ({"object": '"1"^^no iri'}, 400, "should be an IRI"),
        ({"subject": "_:b0"}, 400, "should be an IRI"),
        ({"page": "0"}, 404, ""),
        ({"page": "999999"}, 404, ""),
        ({"page": "two"}, 404, ""),
        ({"page": "9" * 50}, 404, ""),
        ({"subject": "https://nowhere.example/", "page": "2"}, 404, ""),
    ],
)
def test_what_cannot_be_asked(web: FlaskClient, pattern: dict[str, str], status: int, reason: str) -> None:
    for accept in ("text/plain", "application/trig", "text/html"):
        answer = ask(web, accept, **pattern)
        assert answer.status_code == (status if accept != "text/plain" else 406), answer.text
        if accept != "text/plain":
            assert reason in answer.text


# --- the controls -----------------------------------------------------------------------------------------------------


def test_the_form(web: FlaskClient) -> None:
    _, controls, page = read(ask(web))
    dataset = URIRef(f"{BASE}dataset")
    assert page == URIRef(f"{BASE}fragments")
    assert (dataset, VOID.subset, page) in controls
    assert (URIRef(f"{page}#metadata"), FOAF.primaryTopic, dataset) in controls
    assert controls.value(dataset, SD.defaultGraph) == URIRef(UNION)
    form = controls.value(dataset, HYDRA.search)
    assert str(controls.value(form, HYDRA.template)) == f"{BASE}fragments{{?subject,predicate,object,graph}}"
    assert controls.value(form, HYDRA.variableRepresentation) == HYDRA.ExplicitRepresentation
    mappings = {
        str(controls.value(mapping, HYDRA.variable)): controls.value(mapping, HYDRA.property)
        for mapping in controls.objects(form, HYDRA.mapping)
    }
    assert mappings == {"subject": RDF.subject, "predicate": RDF.predicate, "object": RDF.object, "graph": SD.graph}


def test_pages_lead_to_each_other(web: FlaskClient) -> None:
    pattern = {"predicate": NAME}
    seen, here, total = [], "", 0
    address: str | None = f"{BASE}fragments?predicate={NAME}"
    while address:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked.items() >= pattern.items()
        answer = web.get(f"/fragments?{urlsplit(address).query}", headers={"Accept": "application/trig"})
        data, controls, page = read(answer)
        assert str(page) == address, "clients look for the address they asked for"
        assert len(data) <= number(controls, page, HYDRA.itemsPerPage) == 100
        previous = controls.value(page, HYDRA.previous)
        assert (str(previous) if previous else "") == here or here == f"{BASE}fragments?predicate={NAME}"
        assert str(controls.value(page, HYDRA.first)).endswith("page=1")
        seen.append(address)
        here, total = address, total + len(data)
        following = controls.value(page, HYDRA.next)
        address = str(following) if following else None
    assert len(seen) == 2
    assert total == number(controls, page, HYDRA.totalItems) == 122


@pytest.mark.parametrize("accept", ACCEPTS)
def test_every_format(web: FlaskClient, accept: str) -> None:
    answer = ask(web, accept, predicate=NAME)
    assert (answer.status_code, answer.mimetype, answer.headers["Vary"]) == (200, accept, "Accept")
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=answer.data, format=ACCEPTS[accept])
    names = {(quad[0], quad[2]) for quad in dataset.quads((None, URIRef(NAME), None, None))}
    assert len(names) == 100
    assert len(list(dataset.quads((None, HYDRA.totalItems, None, None)))) == 1
    again = fetch(web, "/fragments", accept, {"If-None-Match": answer.headers["ETag"]}, predicate=NAME)
    assert again.status_code == 304
    assert ask(web, "image/png").status_code == 406


def test_the_page_for_people(web: FlaskClient) -> None:
    page = ask(web, "text/html", predicate="schema:name").text
    assert "<h2>122 triplets</h2>" in page
    assert page.count("<tr><td>") == 100
    assert 'name="predicate" value="schema:name"' in page
    assert 'rel="next" href="?predicate=schema%3Aname&amp;page=2"' in page
    assert re.search(r'<a href="\./doc/n\d{3}"', page)
    nasty = ask(web, "text/html", object='"<script>alert(1)</script>"').text
    assert "<script" not in nasty
    assert "Aucun triplet" in nasty


# --- a real client ----------------------------------------------------------------------------------------------------


def comunica() -> list[str]:
    """Return the words that start Comunica's command line, from the folder that COMUNICA names or from the path."""
    node = shutil.which("node")
    folder = os.environ.get("COMUNICA")
    own = Path(folder, "node_modules/@comunica/query-sparql/bin/query.js") if folder else None
    found = [node, str(own)] if node and own and own.is_file() else [shutil.which("comunica-sparql") or ""]
    if not all(found):
        assert os.environ.get("CI") != "true", "CI installs @comunica/query-sparql"
        pytest.skip("Comunica is not installed (npm, @comunica/query-sparql)")
    return [str(word) for word in found]


RESULTS = "application/sparql-results+json"
PERSONS = f"""SELECT ?name ?place {{
  ?person a <{SCHEMA}Person> ; <{SCHEMA}name> ?name .
  OPTIONAL {{ ?person <{SCHEMA}birthPlace>/<{SCHEMA}name> ?place }}
}} ORDER BY ?name"""


@pytest.mark.parametrize(
    "query",
    [
        PERSONS,
        "SELECT DISTINCT ?s ?o { ?s <https://w3id.org/herbier#follows> ?o } ORDER BY ?s",
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s a <{SCHEMA}Person> }} }} ORDER BY ?g",
    ],
    ids=["join", "union", "graphs"],
)
def test_comunica_finds_what_sparql_finds(query: str) -> None:
    program = comunica()
    with serving(ROOT / "seeds") as server:
        address = server.address.rstrip("/")
        command = [*program, f"{address}/fragments", query, "-t", RESULTS]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()
        asked = Request(f"{address}/sparql?{urlencode({'query': query})}", headers={"Accept": RESULTS})
        rows = json.loads(done.stdout)["results"]["bindings"]
        with urlopen(asked, timeout=30) as answer:
            ours = json.load(answer)["results"]["bindings"]
    assert rows == ours
    assert rows
