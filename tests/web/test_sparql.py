"""The SPARQL endpoint through the application: what is asked, what is answered, what is refused."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from tests.site import BASE, BROWSER, RDF, ask, get, parsed
from tests.web.test_site import rows

# --- SPARQL -----------------------------------------------------------------------------------------------------------

NAMES = "SELECT ?name { ?p a <https://schema.org/Person> ; <https://schema.org/name> ?name } ORDER BY ?name"


@pytest.mark.parametrize("way", ["get", "form", "body"])
@pytest.mark.parametrize(
    ("accept", "media_type", "expected"),
    [
        (None, "application/sparql-results+json", '"value":"Ada Lovelace"'),
        ("*/*", "application/sparql-results+json", '"value":"Ada Lovelace"'),
        ("application/sparql-results+json", "application/sparql-results+json", '"value":"Ada Lovelace"'),
        ("application/json", "application/json", '"value":"Ada Lovelace"'),
        ("application/sparql-results+xml", "application/sparql-results+xml", ">Ada Lovelace</literal>"),
        ("text/csv", "text/csv", "name\r\nAda Lovelace\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values", '?name\n"Ada Lovelace"\n'),
        ("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values", '"Ada Lovelace"'),
        (BROWSER, "text/html", "Ada Lovelace</span></td>"),
    ],
)
def test_select(web: FlaskClient, way: str, accept: str | None, media_type: str, expected: str) -> None:
    headers = {"Accept": accept} if accept else {}
    response = {
        "get": lambda: web.get("/sparql", query_string={"query": NAMES}, headers=headers),
        "form": lambda: web.post("/sparql", data={"query": NAMES}, headers=headers),
        "body": lambda: web.post("/sparql", data=NAMES, content_type="application/sparql-query", headers=headers),
    }[way]()
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert expected in response.text
    assert response.headers["Vary"] == "Accept"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/sparql-results+json", '"boolean":true'),
        ("application/sparql-results+xml", "<boolean>true</boolean>"),
        ("text/csv", "true"),
        (BROWSER, "Oui"),
    ],
)
def test_ask(web: FlaskClient, accept: str, expected: str) -> None:
    assert expected in ask(web, f"ASK {{ <{BASE}id/ada-lovelace> ?p ?o }}", accept).text


@pytest.mark.parametrize("form", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", f"DESCRIBE <{BASE}id/ada-lovelace>"])
def test_graphs(web: FlaskClient, form: str) -> None:
    assert ask(web, form, "*/*").mimetype == "text/turtle"
    expected = parsed(ask(web, form, "application/n-triples"), "nt")
    for media_type, name in RDF.values():
        response = ask(web, form, media_type)
        assert response.mimetype == media_type
        assert parsed(response, name) == expected
    assert "<pre" in ask(web, form, BROWSER).text
    assert ask(web, form, "text/csv").status_code == 406
    blank = "CONSTRUCT { [] <https://a.example/p> [ <https://a.example/q> 'x' ] } {}"
    for media_type, name in RDF.values():
        assert len(parsed(ask(web, blank, media_type), name)) == 2


def test_not_acceptable(web: FlaskClient) -> None:
    response = ask(web, NAMES, "text/turtle")
    assert (response.status_code, response.mimetype) == (406, "text/plain")
    assert "application/sparql-results+json" in response.text


def test_dataset_of_the_request(web: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    ada, babbage = f"{BASE}doc/ada-lovelace", f"{BASE}doc/charles-babbage"

    def size(query: str, **parameters: str | list[str]) -> int:
        response = web.get("/sparql", query_string={"query": query, **parameters})
        return int(rows(response)[0]["n"])

    one = size(count, **{"default-graph-uri": ada})
    both = size(count, **{"default-graph-uri": [ada, babbage]})
    assert 0 < one < both < size(count)
    assert (
        size(f"SELECT (COUNT(*) AS ?n) FROM <{BASE}doc/les-gens> {{ ?s ?p ?o }}", **{"default-graph-uri": ada}) == one
    )
    assert size(f"PREFIX : <{BASE}doc/> SELECT (COUNT(*) AS ?n) FROM :ada-lovelace {{ ?s ?p ?o }}") == one
    assert size(count, **{"named-graph-uri": ada}) == 0, "a dataset of named graphs has an empty default graph"
    posted = web.post("/sparql", data={"query": named, "named-graph-uri": [ada, babbage]})
    assert {row["g"] for row in rows(posted)} == {ada, babbage}
    body = web.post(f"/sparql?named-graph-uri={quote(ada)}", data=named, content_type="application/sparql-query")
    assert {row["g"] for row in rows(body)} == {ada}
    assert ask(web, named, **{"default-graph-uri": "no iri"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "select * { service <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { \\U00000053ERV\\u0049CE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://127.0.0.1:1/>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o .SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 1SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o SERVICE # { \n <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE :a { ?s ?p ?o } }",
        "PREFIX : <http://127.0.0.1:1/> SELECT * { SERVICE:a { ?s ?p ?o } }",
        "PREFIX e: <http://127.0.0.1:1/> SELECT * { ?s ?p e:.SERVICE e:a#\n{ ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:1/> AS ?x) SERVICE ?x { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:1/> AS ?x) SERVICE$x{ ?s ?p ?o } }",
        "SELECT * { ?s ?p ?a, ?b FILTER(?a<?b&&'>'!='') SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } FILTER('a'='a') }",
        "SELECT * { { SELECT * { ?s ?p ?o { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } } } }",
        "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } } }",
        "DESCRIBE ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    ],
)
def test_no_query_leaves_the_house(web: FlaskClient, query: str) -> None:
    response = ask(web, query)
    assert (response.status_code, response.mimetype) == (400, "text/plain")
    assert "SERVICE is not allowed" in response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a <https://schema.org/Person> }",
        "SELECT ?service ?x { ?service a ?x }",
        "PREFIX service: <https://schema.org/> SELECT * { ?s service:name ?service }",
        "SELECT * { ?s <https://schema.org/service> ?o OPTIONAL { ?o <https://a.example/service> ?x } }",
        "SELECT * { ?s ?p 'the SERVICE of others' }",
    ],
)
def test_the_word_service_is_no_crime(web: FlaskClient, query: str) -> None:
    assert ask(web, query).status_code == 200


def test_updates_are_refused(web: FlaskClient) -> None:
    insert = "INSERT DATA { <https://a.example/s> <https://a.example/p> 1 }"
    for response in (
        ask(web, insert),
        ask(web, "LOAD <http://127.0.0.1:1/>"),
        web.post("/sparql", data={"update": insert}),
        web.post("/sparql", data=insert, content_type="application/sparql-update"),
        web.post("/sparql", data=insert, content_type="application/sparql-query"),
    ):
        assert (response.status_code, response.mimetype) == (400, "text/plain")
        assert "updates are not allowed" in response.text
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?x {\n ?x ?y }", "line 2, column 9"),
        ("SELECT", "line 1, column 7"),
        ("", "line 1, column 1"),
        ("SELECT * { ?s ?p '\\UFFFFFFFF' }", "not valid SPARQL"),
        ("SELECT (<https://a.example/f>(1) AS ?x) {}", "not supported"),
        ("SELECT * { ?s x:p ?o }", "line 1, column 15: the prefix 'x:' is not declared"),
        ("CONSTRUCT { ?s ?p <<( ?s ?p ?o )>> } { ?s ?p ?o }", "RDF 1.2"),
    ],
)
def test_wrong_queries(web: FlaskClient, query: str, reason: str) -> None:
    response = ask(web, query)
    assert (response.status_code, response.mimetype) == (400, "text/plain")
    assert reason in response.text
    page = web.get("/sparql", query_string={"query": query or "x"}, headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (400, "text/html")


def test_wrong_requests(web: FlaskClient) -> None:
    def post(data: str | bytes, media_type: str | None) -> int:
        return web.post("/sparql", data=data, content_type=media_type).status_code

    assert web.post("/sparql").status_code == 415
    assert web.get("/sparql?query=ASK%7B%7D&query=ASK%7B%7D").status_code == 400
    assert post("query=ASK%7B%7D", "application/x-www-form-urlencoded") == 200
    assert post("x=ASK%7B%7D", "application/x-www-form-urlencoded") == 400
    assert post("ASK{}", "text/plain") == 415
    assert post("ASK{}", None) == 415
    assert post("ASK{}".encode("utf-16"), "application/sparql-query; charset=utf-16") == 415
    assert post(b"ASK{ ?s ?p '\xe9' }", "application/sparql-query") == 400
    assert post("ASK{}" + " " * 2_000_000, "application/sparql-query") == 413
    preflight = web.options("/sparql", headers={"Origin": "https://a.example"})
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]


def test_form(web: FlaskClient) -> None:
    page = get(web, "/sparql", BROWSER)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    example = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert example
    query = example[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    assert rows(ask(web, query)), "the example has an answer"
    table = ask(web, f"SELECT ?s ?x {{ VALUES (?s ?x) {{ (<{BASE}id/ada-lovelace> '<script>') }} }}", BROWSER).text
    assert '<a href="./doc/ada-lovelace">id/ada-lovelace</a>' in table
    assert "&lt;script&gt;" in table
    hostile = web.get("/sparql", query_string={"query": "</textarea><script>"}, headers={"Accept": BROWSER}).text
    assert "<script" not in hostile


def test_prefixes_of_a_hostile_query_do_not_break_a_page(web: FlaskClient) -> None:
    table = ask(web, "SELECT * { VALUES ?x { UNDEF 1 'a'@fr <javascript:a> } BIND(BNODE() AS ?b) }", BROWSER)
    assert table.status_code == 200
    assert 'href="javascript' not in table.text
