"""No query takes more than it may, nor reaches another host, and the pages are answered meanwhile."""

import os
import select
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import run, vault
from tests.live import JSON, Live, alive, descendants, serving, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="limits are held to on Linux")

SECONDS = 1.0
SETTINGS = """language = "fr"
[limits]
query_time = {seconds}
query_memory = 100000000
query_result = 1000000
"""
ONE_JOIN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ONE_SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"
ALIVE = "ASK { FILTER(RAND() < 2) }"  # which is asked of a process each time
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    notes = {f"n{n}.md": f"---\ntype: personne\ntags: [a, b{n}]\n---\nVoir [[n{n + 1}]].\n" for n in range(40)}
    settings = SETTINGS.format(seconds=SECONDS)
    return vault(tmp_path_factory.mktemp("limits") / "coffre", {"herbier.toml": settings, **notes})


@pytest.fixture(scope="module")
def live(root: Path) -> Iterator[Live]:
    with serving(root) as server:
        yield server


@pytest.fixture(scope="module")
def patient(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server with a long limit of time, so that another one is met first, however busy the machine is."""
    folder = vault(tmp_path_factory.mktemp("patient") / "coffre", of(root))
    (folder / "herbier.toml").write_text(SETTINGS.format(seconds=60), "utf-8")
    with serving(folder) as server:
        yield server


def of(root: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in root.glob("*.md")}


def busy(live: Live) -> list[int]:
    """The processes of a server that have given way to others since their query takes long."""
    return [pid for pid in descendants(live.process.pid) if alive(pid) and niceness(pid) > 0]


def niceness(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])
    except OSError:
        return 0


def test_a_long_join_ends_in_time(live: Live) -> None:
    began = time.monotonic()
    got = live.ask(ONE_JOIN)
    assert SECONDS <= time.monotonic() - began < SECONDS + 3
    assert got.status == 500
    assert "longer than the 1 seconds" in got.text
    assert got.headers["Access-Control-Allow-Origin"] == "*"
    assert live.ask(ALIVE).truth


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (ONE_SORT, "more than the 100,000,000 bytes of memory"),
        ("SELECT (STRLEN(?c) AS ?n) { BIND('a' AS ?a0) "
         + " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(31)) + " BIND(?a31 AS ?c) }", "memory"),
        (LARGE, "larger than the 1,000,000 bytes"),
        ("CONSTRUCT { ?a ?b ?x } { ?a ?b ?c . ?d ?e ?f BIND(UUID() AS ?x) }", "bytes"),
        ("SELECT * { " + "{" * 4000 + " ?s ?p ?o " + "}" * 4000 + " }", "nested too deeply"),
    ],
    ids=["sort", "text", "answer", "graph", "nesting"],
)  # fmt: skip
def test_what_is_too_much_is_told(patient: Live, query: str, told: str) -> None:
    got = patient.ask(query, f"{JSON}, text/turtle")
    assert got.status == 500, got.text[:300]
    assert told in got.text
    assert patient.ask("SELECT ?n { VALUES ?n { 1 2 } }").rows == [{"n": "1"}, {"n": "2"}]


def test_an_answer_just_below_the_limit_comes_whole(patient: Live) -> None:
    values = " ".join(f'"{n:06}"' for n in range(20_000))
    got = patient.post(
        f"SELECT ?x {{ VALUES ?x {{ {values} }} }}".encode(), "application/sparql-query", accept="text/csv"
    )
    assert got.status == 200
    assert got.text.splitlines() == ["x", *(f"{n:06}" for n in range(20_000))]


def test_a_query_that_took_much_memory_leaves_nothing_behind(patient: Live) -> None:
    """What it had is given back, so that the one after it has all of its own."""
    text = "SELECT (STRLEN(?c) AS ?n) { BIND('a' AS ?a0) "
    text += " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(24)) + " BIND(?a24 AS ?c) }"
    for _ in range(8):
        assert patient.ask(text).rows == [{"n": str(2**24)}]


def test_a_client_that_goes_away_frees_its_process(patient: Live) -> None:
    clients = [socket.create_connection(patient.place, timeout=10) for _ in range(6)]
    for client in clients:
        client.sendall(f"GET /sparql?query={quote(ONE_JOIN)} HTTP/1.1\r\nHost: {patient.host}\r\n\r\n".encode())
    assert until(lambda: len(busy(patient)) >= 2)
    for client in clients:
        client.close()
    assert until(lambda: not busy(patient)), "a process goes on for nobody"
    assert patient.ask(ALIVE).truth


def test_fifty_hostile_queries_leave_the_pages_answering(live: Live) -> None:
    got: list[tuple[int, str | None]] = []

    def hostile() -> None:
        answer = live.ask(ONE_JOIN)
        got.append((answer.status, answer.headers["Retry-After"]))

    threads = [threading.Thread(target=hostile) for _ in range(50)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    times = []
    while any(thread.is_alive() for thread in threads):
        began = time.monotonic()
        assert live.get("/doc/n1.ttl").status == 200
        times.append(time.monotonic() - began)
        time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert max(times) < SECONDS
    kinds = Counter(got)
    assert sum(kinds.values()) == 50
    assert kinds.keys() <= {(500, None), (503, "1")}
    assert kinds[500, None] >= 2
    assert kinds[503, "1"] >= 20
    assert live.ask(ALIVE).truth
    assert not busy(live)


def test_a_full_queue_sends_away_at_once(patient: Live) -> None:
    request = f"GET /sparql?query={quote(ONE_JOIN)} HTTP/1.1\r\nHost: {patient.host}\r\n\r\n".encode()
    clients = [socket.create_connection(patient.place, timeout=10) for _ in range(500)]
    for client in clients:
        client.sendall(request)
    sent_away = select.select(clients, [], [], 10)[0]
    assert sent_away
    answer = sent_away[0].recv(10_000)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 60\r\n" in answer
    assert b"too many queries" in answer
    for client in clients:
        client.close()
    assert until(lambda: patient.ask(ALIVE).status == 200)


def test_a_process_that_is_killed_is_replaced(live: Live) -> None:
    assert live.ask(ALIVE).truth
    assert until(lambda: any(map(descendants, descendants(live.process.pid))))
    nursery = max(descendants(live.process.pid), key=lambda pid: len(descendants(pid)))
    idle = descendants(nursery)
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: not any(map(alive, idle)))
    assert all(live.ask(ALIVE).truth for _ in range(6))


# --- other hosts ------------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[bytes]]]:
    """An endpoint on another host, as far as a query can tell; it keeps what it is asked."""
    asked: list[bytes] = []
    body = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"de loin"}}]}}'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    listening = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                connected, _ = listening.accept()
            except OSError:
                return
            with connected:
                connected.settimeout(5)
                asked.append(connected.recv(10_000))
                connected.sendall(head.encode() + body)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/sparql", asked
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


LEAVING = [
    "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <{}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "BASE <{}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "LOAD <{}>",
    "LOAD SILENT <{}> INTO GRAPH <x:y>",
    "SELECT * FROM <{}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
]


def test_no_query_reaches_another_host(live: Live, elsewhere: tuple[str, list[bytes]]) -> None:
    address, asked = elsewhere
    for query in LEAVING:
        got = live.ask(query.format(address), f"{JSON}, text/turtle")
        assert got.status == (200 if "FROM" in query else 400), query
        assert "not allowed here" in got.text or "FROM" in query
    live.ask("SELECT * { ?s ?p ?o }", default_graph_uri=address, named_graph_uri=address)
    live.post(b"update=LOAD+<" + address.encode() + b">", "application/x-www-form-urlencoded")
    time.sleep(0.2)
    assert asked == []


def test_a_vault_may_allow_endpoints(tmp_path: Path, elsewhere: tuple[str, list[bytes]]) -> None:
    address, asked = elsewhere
    settings = f'language = "fr"\n[sparql]\nservices = ["{address}"]\n'
    root = vault(tmp_path / "coffre", {"herbier.toml": settings, "Ada.md": "Ada."})
    with serving(root) as live:
        got = live.ask(f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}")
        assert got.rows == [{"x": "de loin"}]
        assert len(asked) == 1
        for query in (
            f"SELECT * {{ SERVICE <{address}/2> {{ ?s ?p ?x }} }}",
            f"SELECT * {{ BIND(<{address}> AS ?e) SERVICE ?e {{ ?s ?p ?x }} }}",
            f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?x }} SERVICE <http://127.0.0.1:1/> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND('SERVICE #' AS ?y) SERVICE <http://127.0.0.1:1/> {{ ?s ?p ?o }}\n"
            f"FILTER(<{address}> != ?s) }} # <{address}>{{",
        ):
            got = live.ask(query)
            assert got.status == 400
            assert f"SERVICE is not allowed here but for {address}" in got.text
        assert len(asked) == 1
        assert "BasicFederatedQuery" in live.get("/sparql", "text/turtle").text
    assert "de loin" in run("query", root, f"SELECT ?x {{ SERVICE <{address}> {{ ?s ?p ?x }} }}").out


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_endpoint_that_is_allowed_leads_to_no_other(
    tmp_path: Path, elsewhere: tuple[str, list[bytes]], status: int
) -> None:
    address, asked = elsewhere
    with socket.create_server(("127.0.0.1", 0)) as listening:
        allowed = f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        led: list[bytes] = []

        def lead() -> None:
            for _ in range(2):
                connected, _ = listening.accept()
                with connected:
                    led.append(connected.recv(10_000))
                    connected.sendall(head.encode())

        thread = threading.Thread(target=lead)
        thread.start()
        settings = f'language = "fr"\n[sparql]\nservices = ["{allowed}"]\n'
        root = vault(tmp_path / "coffre", {"herbier.toml": settings, "Ada.md": "Ada."})
        query = f"SELECT ?x {{{{ SERVICE {{}} <{allowed}> {{{{ ?s ?p ?x }}}} }}}}"
        assert run("query", root, query.format("")).code == 2
        assert "de loin" not in run("query", root, query.format("SILENT")).out
        thread.join(5)
    assert len(led) == 2
    assert asked == []


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[limits]\nquery_time = 0", "limits.query_time should be a number of seconds"),
        ("[limits]\nquery_time = '10'", "limits.query_time should be a number of seconds"),
        ("[limits]\nquery_memory = -1", "limits.query_memory should be a number of bytes"),
        ("[limits]\nquery_result = 1.5", "limits.query_result should be a number of bytes"),
        ("[limits]\nquery_tme = 1", "did you mean 'query_time'"),
        ("[sparql]\nservices = 'https://a.example/'", "sparql.services should be a list of addresses"),
        ("[sparql]\nservices = ['a.example']", "sparql.services should be a list of addresses"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, line: str, told: str) -> None:
    ran = run("check", vault(tmp_path, {"herbier.toml": f'language = "fr"\n{line}\n', "a.md": "A."}))
    assert told in ran.out + ran.err
