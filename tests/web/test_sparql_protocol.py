"""The SPARQL endpoint speaks the protocol: the W3C's tests of it, formats, faults, and what it says of itself."""

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
import rdflib
import rdflib.compare
from tests.conftest import vault
from tests.live import JSON, Got, Live, serving

BASE = "https://herbier.example/"
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
FILES = {
    "herbier.toml": f'base = "{BASE}"\nlanguage = "fr"\ninclude = ["w3c.nq"]\n',
    "w3c.nq": "".join(
        f"<{DATA.format(n)}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        f"<http://xmlns.com/foaf/0.1/Document> <{DATA.format(n)}> .\n"
        for n in range(4)
    ),
    "Ada.md": "---\ntype: personne\n---\nAda, voir [[Charles]].\n",
    "Charles.md": '---\ntype: personne\n---\nIl a dit « "oui" », puis\trien.\n',
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(vault(tmp_path_factory.mktemp("protocol") / "coffre", FILES)) as server:
        yield server


# --- the W3C's tests --------------------------------------------------------------------------------------------------
# https://w3c.github.io/rdf-tests/sparql/sparql11/protocol/: what they ask, written anew, and what they want.


class Case(NamedTuple):
    """A request: its parameters, and the body and its type where it is posted; what it is to be answered."""

    name: str
    method: str
    parameters: str = ""
    body: str | bytes = ""
    media_type: str | None = None
    truth: bool | None = None
    refused: tuple[int, ...] = ()


def as_rows(result: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in result]


def graphs(kind: str, *numbers: int) -> str:
    return "&".join(f"{kind}-graph-uri={quote(DATA.format(n), safe='')}" for n in numbers)


def typed(n: int) -> str:
    return f"<{DATA.format(n)}> a ?type"


BOTH = f"ASK {{ {typed(1)} . {typed(2)} . }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ {typed(1)} }} GRAPH ?g2 {{ {typed(2)} }} }}"
FULL = f"ASK {{ {typed(3)} GRAPH ?g1 {{ {typed(1)} }} GRAPH ?g2 {{ {typed(2)} }} }}"
REQUEST_WINS = f"ASK FROM <{DATA.format(3)}> {{ GRAPH ?g1 {{ {typed(1)} }} GRAPH ?g2 {{ {typed(2)} }} }}"
ASK = "query=" + quote("ASK {}")
CLEAR = "CLEAR ALL"
INSERT = f"INSERT DATA {{ <{DATA.format(1)}> a <http://purl.org/dc/terms/BibliographicResource> }}"

CASES = [
    Case("query_post_form", "POST", graphs("default", 0), ASK, FORM, truth=True),
    Case(
        "query_dataset_default_graphs_get",
        "GET",
        f"query={quote(BOTH, safe='')}&{graphs('default', 1, 2)}",
        truth=True,
    ),
    Case("query_dataset_default_graphs_post", "POST", graphs("default", 1, 2), BOTH, QUERY, truth=True),
    Case("query_dataset_named_graphs_post", "POST", graphs("named", 1, 2), NAMED, QUERY, truth=True),
    Case("query_dataset_named_graphs_get", "GET", f"query={quote(NAMED, safe='')}&{graphs('named', 1, 2)}", truth=True),
    Case("query_dataset_full", "POST", f"{graphs('default', 3)}&{graphs('named', 1, 2)}", FULL, QUERY, truth=True),
    Case(
        "query_multiple_dataset",
        "POST",
        f"{graphs('default', 3)}&{graphs('named', 1, 2)}",
        REQUEST_WINS,
        QUERY,
        truth=True,
    ),
    Case("query_get", "GET", ASK, truth=True),
    Case("query_post_direct", "POST", "", "ASK {}", QUERY, truth=True),
    Case("bad_query_method", "PUT", ASK, refused=(405,)),
    Case("bad_multiple_queries", "GET", f"{ASK}&query=" + quote("SELECT * {}"), refused=(400,)),
    Case("bad_query_wrong_media_type", "POST", "", "ASK {}", "text/plain", refused=(415,)),
    Case("bad_query_missing_form_type", "POST", "", ASK, None, refused=(415,)),
    Case("bad_query_missing_direct_type", "POST", "", "ASK {}", None, refused=(415,)),
    Case("bad_query_non_utf8", "POST", "", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", refused=(415,)),
    Case("bad_query_syntax", "GET", "query=" + quote("ASK {"), refused=(400,)),
    Case("bad_update_get", "GET", "update=" + quote(CLEAR), refused=(400,)),
    Case(
        "bad_multiple_updates", "POST", "", f"update={quote('CLEAR NAMED')}&update={quote(CLEAR)}", FORM, refused=(400,)
    ),
    Case("bad_update_wrong_media_type", "POST", "", CLEAR, "text/plain", refused=(415,)),
    Case("bad_update_missing_form_type", "POST", "", f"update={quote(CLEAR)}", None, refused=(415,)),
    Case("bad_update_non_utf8", "POST", "", CLEAR.encode("utf-16"), f"{UPDATE}; charset=UTF-16", refused=(400, 415)),
    Case("bad_update_syntax", "POST", "", "update=" + quote("CLEAR XYZ"), FORM, refused=(400,)),
    Case(
        "bad_update_dataset_conflict",
        "POST",
        "",
        f"using-named-graph-uri=http%3A%2F%2Fexample%2Fp&update={quote('INSERT { ?s ?p ?o } USING <x:g> WHERE {}')}",
        FORM,
        refused=(400,),
    ),
    # the tests of updates: an endpoint that only reads refuses them all, and says where the data is changed
    Case("update_post_form", "POST", "", f"update={quote(CLEAR)}", FORM, refused=(400,)),
    Case("update_post_direct", "POST", "", INSERT, UPDATE, refused=(400,)),
    Case("update_base_uri", "POST", "", "BASE <http://example.org/> " + INSERT, UPDATE, refused=(400,)),
    *(
        Case(
            f"update_dataset_{name}", "POST", f"using-graph-uri={quote(DATA.format(1))}", INSERT, UPDATE, refused=(400,)
        )
        for name in ("default_graph", "default_graphs", "named_graphs", "full")
    ),
]
CONTENT_TYPES = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", {JSON, "application/sparql-results+xml", "text/csv"}),
    "query_content_type_ask": ("ASK {}", {JSON, "application/sparql-results+xml"}),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", {"text/turtle", "application/rdf+xml"}),
    "query_content_type_construct": ("CONSTRUCT { <x:s> <x:p> 1 } WHERE {}", {"text/turtle", "application/rdf+xml"}),
}


def send(live: Live, case: Case) -> Got:
    body = case.body.encode() if isinstance(case.body, str) else case.body
    more = {"Content_Type": case.media_type} if case.media_type else {}
    path = f"/sparql?{case.parameters}" if case.parameters else "/sparql"
    return live.get(path, JSON, case.method, body, **more)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_protocol_tests_of_the_w3c(live: Live, case: Case) -> None:
    got = send(live, case)
    if case.refused:
        assert got.status in case.refused
        assert got.text.strip()
        assert got.headers["Access-Control-Allow-Origin"] == "*"
        if "update" in case.name and got.status == 400:
            assert "updates are not allowed here: the vault's notes are where its data is changed" in got.text
    else:
        assert (got.status, got.media_type, got.truth) == (200, JSON, case.truth)


@pytest.mark.parametrize("name", CONTENT_TYPES)
def test_the_content_types_of_the_w3c(live: Live, name: str) -> None:
    query, types = CONTENT_TYPES[name]
    got = live.ask(query, None)
    assert got.status == 200
    assert got.media_type in types


def test_all_protocol_tests_are_asked() -> None:
    assert len({case.name for case in CASES} | CONTENT_TYPES.keys()) == 34


def test_a_dataset_of_the_request_changes_the_answer(live: Live) -> None:
    """What the tests above would not see: that graphs which are not named are not asked."""
    assert live.ask(BOTH).truth, "the default graph is the union of all"
    assert not live.ask(BOTH, default_graph_uri=DATA.format(1)).truth
    assert not live.ask(NAMED, named_graph_uri=[DATA.format(1), DATA.format(3)]).truth
    form = urlencode({"query": BOTH, "default-graph-uri": DATA.format(2)}).encode()
    assert not live.post(form, FORM).truth
    assert live.post(form, FORM, graphs("default", 1)).truth


# --- formats ----------------------------------------------------------------------------------------------------------

VALUES = """SELECT ?a ?b ?c { VALUES (?a ?b ?c) {
    ("é, \\"q\\"\\n\\tfin"@fr <https://a.example/x> 1)
    (UNDEF "plain" "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>)
} }"""
EXPECTED = [
    (rdflib.Literal('é, "q"\n\tfin', lang="fr"), rdflib.URIRef("https://a.example/x"), rdflib.Literal(1)),
    (None, rdflib.Literal("plain"), rdflib.Literal("2020-01-01", datatype=rdflib.XSD.date)),
]


@pytest.mark.parametrize("accept", [JSON, "application/json", "application/sparql-results+xml", "application/xml"])
def test_rows_as_rdflib_reads_them(live: Live, accept: str) -> None:
    got = live.ask(VALUES, accept)
    assert got.media_type == accept
    result = rdflib.query.Result.parse(io.BytesIO(got.body), format="xml" if "xml" in accept else "json")
    assert as_rows(result) == EXPECTED


def test_rows_as_tsv_and_csv(live: Live) -> None:
    got = live.ask(VALUES, "text/tab-separated-values")
    assert got.media_type == "text/tab-separated-values"
    result = rdflib.query.Result.parse(io.BytesIO(got.body), format="tsv")
    assert as_rows(result) == EXPECTED
    got = live.ask(VALUES, "text/csv")
    table = list(csv.reader(io.StringIO(got.text, newline="")))
    assert table == [["a", "b", "c"], ['é, "q"\n\tfin', "https://a.example/x", "1"], ["", "plain", "2020-01-01"]]


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("text/turtle", "turtle"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
    ],
)
def test_graphs_as_rdflib_reads_them(live: Live, accept: str, name: str) -> None:
    got = live.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", accept)
    assert got.media_type == accept
    whole = rdflib.Graph().parse(data=live.ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle").body)
    assert len(whole) == int(live.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0]["n"])
    assert rdflib.compare.isomorphic(rdflib.Graph().parse(data=got.body, format=name), whole)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("text/turtle, text/csv;q=0.5", "text/csv"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("text/*;q=0.9, application/json;q=0.1", "text/csv"),
    ],
)
def test_the_format_is_negotiated(live: Live, accept: str | None, media_type: str) -> None:
    got = live.ask("ASK {}", accept)
    assert (got.status, got.media_type) == (200, media_type)
    assert "Accept" in got.headers["Vary"]


def test_a_format_that_an_answer_cannot_have(live: Live) -> None:
    for query, accept in (("ASK {}", "text/turtle"), ("DESCRIBE <x:y>", JSON), ("ASK {}", "image/png")):
        got = live.ask(query, accept)
        assert got.status == 406
        assert ("text/turtle" if "DESCRIBE" in query else JSON) in got.text


def test_head_and_conditional_requests(live: Live) -> None:
    path = f"/sparql?{ASK}"
    got, head = live.get(path, JSON), live.get(path, JSON, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.body))
    again = live.get(path, JSON, If_None_Match=got.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert live.get(path, "text/csv", If_None_Match=got.headers["ETag"]).status == 200


def test_the_second_answer_has_the_headers_of_the_first(live: Live) -> None:
    """The first is made by the application, those after it on a shorter way."""
    query = "SELECT ?x { VALUES ?x { 'tous les mêmes' } }"
    first, second, third = (live.ask(query, "application/sparql-results+xml") for _ in range(3))
    names = [
        sorted((name.lower(), value) for name, value in got.headers.items() if name != "date")
        for got in (first, second, third)
    ]
    assert names[0] == names[1] == names[2]
    assert first.body == second.body
    other = live.get(f"/sparql?{ASK}", JSON, Origin="https://a.example")
    assert other.headers["Access-Control-Allow-Origin"] == "*"


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "media_type", "status", "told"),
    [
        (b"ASK {\n ?s ?p }", QUERY, 400, "line 2, column 9"),
        (b"ASK {}", "application/json", 415, QUERY),
        (b"ASK {}", f"{QUERY}; charset=iso-8859-1", 415, "UTF-8"),
        (b"ASK { ?s ?p '\xe9' }", QUERY, 400, "UTF-8"),
        (b"query=ASK%20%7B%20%3Fs%20%3Fp%20%27%E9%27%7D", FORM, 400, "UTF-8"),
        (b"&".join([b"query=ASK%7B%7D", *(b"x=1" for _ in range(200))]), FORM, 400, "at most"),
        (b"x=ASK%7B%7D", FORM, 400, "`query`"),
        (b"", FORM, 400, "`query`"),
        (b"ASK {}" + b" " * 1_000_000, QUERY, 413, ""),
    ],
)
def test_what_is_wrong_with_a_request_is_told(live: Live, body: bytes, media_type: str, status: int, told: str) -> None:
    got = live.post(body, media_type)
    assert got.status == status
    assert told in got.text
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    page = live.post(body, media_type, accept="text/html")
    assert (page.status, page.media_type) == (status, "text/html")


def test_a_query_of_nearly_a_megabyte_is_answered(live: Live) -> None:
    values = " ".join(f"<https://a.example/{n:030}>" for n in range(18_000))
    query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {values} }} }}"
    assert 900_000 < len(query) < 1_000_000
    assert live.post(query.encode(), QUERY).rows == [{"n": "18000"}]


def test_a_body_without_a_length_that_is_too_long(live: Live) -> None:
    import socket

    with socket.create_connection(live.place, timeout=10) as connected:
        head = (
            f"POST /sparql HTTP/1.1\r\nHost: {live.host}\r\nContent-Type: {QUERY}\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        connected.sendall(head.encode())
        try:
            for _ in range(30):
                connected.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        except OSError:
            pass  # it is answered before all has come
        assert b" 413 " in connected.recv(100)


def test_preflight(live: Live) -> None:
    got = live.get("/sparql", None, "OPTIONS", Origin="https://a.example", Access_Control_Request_Method="POST")
    assert got.status in (200, 204)
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in got.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in got.headers["Access-Control-Allow-Headers"]
    assert live.get("/sparql", None, "DELETE").headers["Access-Control-Allow-Origin"] == "*"
