"""The other doors of the site: sitemap, robots.txt, the ontology, the context, search, and the contract of them all."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import Request, urlopen
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
import rdflib
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from tests.conftest import ROOT, vault
from tests.live import serving
from tests.site import client_of, fetch, parsed

from herbier.web.data import sitemap

BASE = "https://herbier.example/v/"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FILES: dict[str, str | bytes] = {
    "herbier.toml": f'base = "{BASE}"\ntitle = "Coffre"\nlanguage = "fr"\n'
    'license = "https://creativecommons.org/licenses/by/4.0/"\n',
    "Ada Lovelace.md": "---\ntype: personne\naliases: [Comtesse de Lovelace]\ntags: [calcul, calcul/été]\n"
    "date_modification: 2024-03-01\ncouleur préférée: bleu\n---\n## Généralité\nElle écrit pour [[Machine]].\n",
    "Évariste Galois.md": "---\ntype: personne\ndate_modification: 2025-01-02T10:00:00\n---\n![[dessin.png]]\n",
    "École d'été.md": "---\ntype: cours\n---\n## Généralité\nOn y parle d’ŒUVRES et de Lovelace.\n",
    "Москва.md": "---\ntype: ville\nlang: ru\n---\nГород.\n",
    "R&D.md": "---\ntype: concept\n---\nRecherche.\n",
    "Secret.md": "---\nprivate: true\naliases: [Cachotterie]\n---\nMystère.\n",
    "dessin.png": b"\x89PNG\r\n\x1a\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vault(tmp_path_factory.mktemp("doors") / "coffre", FILES)


@pytest.fixture(scope="module")
def web(root: Path) -> FlaskClient:
    return client_of(root)


# --- crawlers ---------------------------------------------------------------------------------------------------------


def listed(web: FlaskClient, path: str = "/sitemap.xml") -> tuple[str, dict[str, str | None]]:
    """Return the root of a sitemap, and the addresses with their dates."""
    answer = fetch(web, path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    tree = ElementTree.fromstring(answer.data)
    found = {}
    for entry in tree:
        address = entry.findtext(f"{SITEMAPS}loc")
        assert address
        found[address] = entry.findtext(f"{SITEMAPS}lastmod")
    assert len(found) == len(tree)
    return tree.tag.removeprefix(SITEMAPS), found


def test_every_address_of_the_sitemap_is_a_page(web: FlaskClient) -> None:
    kind, found = listed(web)
    assert kind == "urlset"
    for address in found:
        assert re.fullmatch(r"[!-~]+", address), "a URI, in ASCII"
        assert address.startswith(BASE)
        answer = fetch(web, urlsplit(address).path, "text/html")
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), address
    assert f"{BASE}doc/{quote('москва')}" in found
    assert f"{BASE}tag/calcul/ete.html" in found
    assert f"{BASE}dataset" in found
    assert f"{BASE}doc/machine" not in found, "it is not written yet"
    assert found[f"{BASE}doc/ada-lovelace"] == "2024-03-01"
    assert found[f"{BASE}doc/evariste-galois"] == "2025-01-02", "a time without its zone is no date of the Web"
    assert found[f"{BASE}doc/r-d"] is None


def test_the_limits_of_sitemaps(web: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sitemap.MOST_ADDRESSES <= 50_000
    assert sitemap.MOST_BYTES <= 50 * 1024 * 1024
    _, whole = listed(web)
    for name, limit in (("MOST_ADDRESSES", 4), ("MOST_BYTES", 700)):
        with monkeypatch.context() as limited:
            limited.setattr(sitemap, name, limit)
            kind, files = listed(web)
            assert kind == "sitemapindex"
            assert len(files) > 1
            joined: dict[str, str | None] = {}
            for address in files:
                path = urlsplit(address).path
                _, share = listed(web, path)
                assert len(share) <= sitemap.MOST_ADDRESSES
                assert len(fetch(web, path).data) <= sitemap.MOST_BYTES
                joined |= share
            assert joined == whole
            assert fetch(web, f"/sitemap-{len(files) + 1}.xml").status_code == 404
            assert fetch(web, "/sitemap-0.xml").status_code == 404
    assert fetch(web, "/sitemap-1.xml").status_code == 404, "one file holds all"


def test_robots(web: FlaskClient) -> None:
    answer = fetch(web, "/robots.txt")
    assert answer.mimetype == "text/plain"
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    for path in ("sparql?query=ASK", "fragments", "fragments?page=2", "search?q=a"):
        assert not robots.can_fetch("Crawler", f"{BASE}{path}"), path
    for path in ("", "doc/ada-lovelace", "dump/dataset.nq.gz", "dataset", "ns"):
        assert robots.can_fetch("Crawler", f"{BASE}{path}"), path
    assert robots.site_maps() == [f"{BASE}sitemap.xml"]


# --- the ontology, the context ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("text/turtle", "turtle"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
    ],
)
def test_the_ontology_is_that_of_the_file(web: FlaskClient, accept: str, name: str) -> None:
    file = rdflib.Graph().parse(ROOT / "ontology" / "herbier.ttl")
    answer = fetch(web, "/ns", accept)
    assert (answer.status_code, answer.mimetype) == (200, accept)
    assert "Accept" in answer.vary
    assert parsed(answer, name) == set(file)
    assert fetch(web, "/ns", "image/png").status_code == 406


def test_every_term_has_a_place_on_the_page(web: FlaskClient) -> None:
    file = rdflib.Graph().parse(ROOT / "ontology" / "herbier.ttl")
    page = fetch(web, "/ns").text
    terms = {str(term).partition("#")[2] for term in file.subjects() if str(term).partition("#")[2]}
    assert len(terms) > 5
    for term in terms:
        assert page.count(f'id="{term}"') == 1
    anchors = re.findall(r'href="#([^"]+)"', page)
    assert set(anchors) >= terms
    assert set(anchors) <= set(re.findall(r'id="([^"]+)"', page))
    assert "note à écrire" in page
    assert "stub" not in page


def test_the_context(web: FlaskClient) -> None:
    answer = fetch(web, "/context.jsonld")
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.cache_control.max_age is not None
    assert answer.cache_control.max_age >= 3600
    assert fetch(web, "/context.jsonld", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    note = json.loads(fetch(web, "/doc/ada-lovelace.jsonld").data)
    served = json.loads(answer.data)["@context"]
    assert {**served, "@base": BASE} == note["@context"], "the same as inline"


def test_a_program_that_fetches_the_context_reads_the_same(root: Path) -> None:
    with serving(vault(root.parent / "served", {**FILES, "herbier.toml": 'language = "fr"\n'})) as server:
        address = server.address.rstrip("/")
        with urlopen(Request(f"{address}/doc/ada-lovelace.jsonld"), timeout=10) as answer:
            note = json.load(answer)
        context = [f"{address}/context.jsonld", {"@base": f"{address}/"}]
        theirs = rdflib.Graph().parse(data=json.dumps({**note, "@context": context}), format="json-ld")
    ours = rdflib.Graph().parse(data=json.dumps(note), format="json-ld")
    assert len(ours) > 10
    assert set(theirs) == set(ours)


# --- search -----------------------------------------------------------------------------------------------------------


def found(web: FlaskClient, asked: str, **more: str) -> list[str]:
    answer = web.get("/search", query_string={"q": asked, **more}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return [result["page"].removeprefix(f"{BASE}doc/") for result in json.loads(answer.data)["results"]]


@pytest.mark.parametrize(
    ("asked", "notes"),
    [
        ("ada", ["ada-lovelace"]),
        ("EVARISTE", ["evariste-galois"]),
        ("évariste gal", ["evariste-galois"]),
        ("gal evar", ["evariste-galois"]),
        ("comtesse", ["ada-lovelace"]),
        ("lovelace", ["ada-lovelace", "ecole-d-ete"]),  # its name before what only speaks of it
        ("ecole d'ete", ["ecole-d-ete"]),
        ("oeuvres", ["ecole-d-ete"]),
        ("москва", ["москва"]),
        ("оскв", ["москва"]),
        ("r&d", ["r-d"]),
        ("velace", []),
        ("secret", []),
        ("cachotterie", []),
        ("mystère", []),
        ("machine", ["ada-lovelace"]),
        ("", []),
        ("&<>\"'", []),
        ("x" * 5000, []),
    ],
)
def test_search(web: FlaskClient, asked: str, notes: list[str]) -> None:
    assert found(web, asked) == notes
    page = web.get("/search", query_string={"q": asked}, headers={"Accept": "text/html"}).text
    shown = re.findall(r'<li><a href="\./doc/([^"]+)"', page)
    assert shown == notes


def test_the_results_say_what_they_are(web: FlaskClient) -> None:
    answer = fetch(web, "/search", "application/json", q="ada")
    assert answer.headers["Vary"] == "Accept"
    assert json.loads(answer.data) == {
        "query": "ada",
        "total": 1,
        "page": 1,
        "pages": 1,
        "results": [
            {
                "id": f"{BASE}id/ada-lovelace",
                "page": f"{BASE}doc/ada-lovelace",
                "name": "Ada Lovelace",
                "language": "fr",
                "types": ["https://schema.org/Person"],
                "description": "Elle écrit pour Machine.",
            }
        ],
    }
    fault = fetch(web, "/search", "image/png, application/problem+json;q=0.1", q="ada")
    assert (fault.status_code, fault.content_type) == (406, "application/problem+json")
    assert "application/json" in fault.text
    assert "Accept" in fault.headers["Vary"]
    assert fetch(web, "/search", "*/*", q="ada").mimetype == "text/html"
    page = fetch(web, "/search", "text/html", q='<script>"').text
    assert "&lt;script&gt;&#34;" in page
    assert "<script" not in page


def test_many_results_are_paged(tmp_path: Path) -> None:
    notes: dict[str, str | bytes] = {f"Note {number:03}.md": "x" for number in range(120)}
    web = client_of(vault(tmp_path / "v", {**notes, "herbier.toml": f'base = "{BASE}"\nlanguage = "en"'}))
    names = [name for page in "123" for name in found(web, "note", page=page)]
    assert names == [f"note-{number:03}" for number in range(120)]
    page = fetch(web, "/search", "text/html", q="note", page="2").text
    assert "120 notes found" in page
    assert 'rel="next" href="?q=note&amp;page=3"' in page


# --- the contract -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contract(web: FlaskClient) -> dict[str, Any]:
    answer = fetch(web, "/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_the_contract_is_valid(contract: dict[str, Any]) -> None:
    assert contract["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(contract).validate()
    names = [operation["operationId"] for path in contract["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) > 20


def test_the_contract_has_every_address(web: FlaskClient, contract: dict[str, Any]) -> None:
    """A new route belongs into `DOORS`."""
    templates = [re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) for path in contract["paths"]]
    documented = {path.replace("{", "<").replace("}", ">") for path in contract["paths"]}
    exact = set()
    for rule in web.application.url_map.iter_rules():
        if several := re.fullmatch(r"/<any\((.*)\):\w+>", rule.rule):
            for name in re.findall(r"'([^']+)'", several[1]):
                assert any(re.fullmatch(template, f"/{name}") for template in templates), f"no row of DOORS for {name}"
            continue
        plain = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", rule.rule)
        assert plain in documented, f"no row of DOORS for {plain}"
        exact.add(plain)
        methods = {method.lower() for method in rule.methods or ()} - {"head", "options"}
        assert methods == set(contract["paths"][plain.replace("<", "{").replace(">", "}")])
    others = documented - exact
    wholes = {f"/{name}{suffix}" for name in ("dataset", "ns", "profiles") for suffix in ("", "<suffix>")}
    assert others == wholes | {"/tag<suffix>"}


def test_every_example_is_answered_as_the_contract_says(web: FlaskClient, contract: dict[str, Any]) -> None:
    assert contract["servers"] == [{"url": BASE.rstrip("/")}]
    asked = 0
    for path, operations in contract["paths"].items():
        operation = operations["get"]
        given = {p["name"]: p["example"] for p in operation.get("parameters", ()) if "example" in p}
        required = {p["name"] for p in operation.get("parameters", ()) if p.get("required")}
        if not required <= given.keys():
            assert path == "/sitemap-{number}.xml", "only what a small vault has not lacks an example"
            continue
        address = path.format(**{name: quote(value, safe="/") for name, value in given.items() if name in required})
        query = {name: value for name, value in given.items() if name not in required}
        answers = operation["responses"]
        for accept in answers.get("200", {}).get("content", {"text/html": {}}):
            if path == "/sparql" and ("results" not in accept and accept.startswith(("text/t", "application/"))):
                continue  # of other kinds of queries
            answer = web.get(address, query_string=query, headers={"Accept": accept}, buffered=True)
            assert answer.status_code in (200, 303), (path, accept)
            told = answers[str(answer.status_code)]
            if answer.status_code == 200:
                assert {answer.mimetype, "*/*"} & told["content"].keys(), (path, accept)
            else:
                assert "Location" in answer.headers
            asked += 1
        if "404" in answers and "{name}" in path:
            assert fetch(web, path.replace("{name}", "nothing-of-this-name")).status_code == 404
        if "406" in answers:
            assert fetch(web, address, "image/png", **query).status_code == 406, path
    assert asked > 40


def test_the_contract_in_words(web: FlaskClient, contract: dict[str, Any]) -> None:
    for path, operations in contract["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert all(response for response in operation["responses"].values())
    assert urljoin("/dataset", "openapi.json") in contract["paths"]
