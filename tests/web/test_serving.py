"""`herbier serve` as a program: its processes, its port, its end, and what it sends."""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.conftest import run, vault
from tests.live import Live, alive, children, descendants, serving, until

from herbier import __version__

LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ALIVE = "ASK { FILTER(RAND() < 2) }"  # which is asked of a process each time
FILES: dict[str, str | bytes] = {
    "herbier.toml": 'language = "fr"\ntitle = "Coffre"\n',
    "Ada.md": "---\ntype: personne\n---\nAda. ![[grande.png]] ![[été.png]]\n",
    "Été à Genève.md": "Il fait beau.\n",
    "grande.png": bytes(range(256)) * 20_000,
    "été.png": b"\x89PNG",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vault(tmp_path_factory.mktemp("serving") / "coffre", FILES)


@pytest.fixture(scope="module")
def live(root: Path) -> Iterator[Live]:
    with serving(root) as server:
        yield server


# --- what is sent -----------------------------------------------------------------------------------------------------


def test_the_headers_of_the_server(live: Live) -> None:
    for path in ("/doc/ada.ttl", "/nirgends", "/sparql?query=ASK%7B%7D", "/sparql?query=A", "/healthz"):
        got = live.get(path)
        assert got.headers.get_all("Server") == [f"Herbier/{__version__}"]
        (date,) = got.headers.get_all("Date") or [""]
        assert abs(parsedate_to_datetime(date).timestamp() - time.time()) < 60
        assert got.headers.get_all("Content-Length") == [str(len(got.body))]


def test_a_large_file_comes_whole(live: Live) -> None:
    got = live.get("/file/grande.png")
    assert (got.status, got.media_type) == (200, "image/png")
    assert got.body == FILES["grande.png"]
    part = live.get("/file/grande.png", Range="bytes=100-299999")
    assert (part.status, part.body) == (206, got.body[100:300_000])
    assert live.get("/file/grande.png", method="HEAD").headers["Content-Length"] == str(len(got.body))


def test_addresses_with_letters_of_all_kinds(live: Live) -> None:
    assert live.get("/doc/ete-a-geneve").status == 200
    assert live.get("/file/" + quote("été.png")).body == b"\x89PNG"
    assert live.get("/doc/%C3%A9t%C3%A9").status == 404
    assert live.get("/doc/%E9").status == 404
    assert live.get("/doc/%").status in (400, 404)
    assert live.get("/doc/../herbier.toml").status == 404


def test_one_connection_for_many_requests(live: Live) -> None:
    with socket.create_connection(live.place, timeout=10) as connected:
        request = f"GET /healthz HTTP/1.1\r\nHost: {live.host}\r\n\r\n".encode()
        connected.sendall(request * 3)
        answer = b""
        while answer.count(b"ok\n") < 3:
            answer += connected.recv(10_000)
    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_methods_that_are_not_known(live: Live) -> None:
    got = live.get("/doc/ada", method="PATCH", body=b"x")
    assert got.status == 405
    assert "GET" in got.headers["Allow"]
    assert live.get("/doc/ada", method="OPTIONS").status == 200
    assert live.get("/doc/ada", method="HEAD").body == b""


# --- the program ------------------------------------------------------------------------------------------------------


def test_the_base_is_the_address_that_is_served(live: Live) -> None:
    assert live.told[-1] == f"Serving Coffre at {live.address} (Ctrl+C ends it)"
    assert f"@base <{live.address}>" in live.get("/doc/ada.ttl").text
    assert not live.address.endswith(":0/")


def test_a_port_that_another_one_serves(live: Live, root: Path) -> None:
    began = time.monotonic()
    ran = run("serve", root, "--port", str(live.place[1]))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: port {live.place[1]} is in use: choose another one with --port\n"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quickly_and_leaves_nothing(root: Path, number: signal.Signals) -> None:
    with serving(root) as live:
        with socket.create_connection(live.place, timeout=10) as idle, socket.create_connection(live.place) as asking:
            idle.sendall(f"GET /healthz HTTP/1.1\r\nHost: {live.host}\r\n\r\n".encode())
            idle.recv(1000)
            asking.sendall(f"GET /sparql?query={quote(LONG)} HTTP/1.1\r\nHost: {live.host}\r\n\r\n".encode())
            time.sleep(0.5)
            processes = live.family()
            assert len(processes) > 2
            for pid in processes if number is signal.SIGINT else [live.process.pid]:
                with suppress(ProcessLookupError):  # the first has been quick to end the others
                    os.kill(pid, number)  # Ctrl+C is reported to all processes of the terminal
            assert live.process.wait(6) == 0
        assert until(lambda: not any(map(alive, processes)))
        assert not [line for line in live.told if "Traceback" in line or "GET" in line]
    with socket.create_server(live.place):
        pass  # the port is free again


def test_no_process_outlives_the_first(root: Path) -> None:
    with serving(root) as live:
        assert live.ask(ALIVE).truth
        processes = live.family()
        live.process.kill()
        assert until(lambda: not any(map(alive, processes)), 10)


def nursery_of(live: Live) -> int:
    """The process that the query processes are forked from."""
    assert until(lambda: any(map(descendants, children(live.process.pid))))
    return max(children(live.process.pid), key=lambda pid: len(descendants(pid)))


def test_a_process_that_ends_is_replaced(root: Path) -> None:
    with serving(root) as live:
        assert live.ask(ALIVE).truth
        before = live.family()
        nursery = nursery_of(live)
        servers = [pid for pid in children(live.process.pid) if pid != nursery]
        os.kill(servers[0], signal.SIGKILL)
        assert all(live.ask(ALIVE).truth for _ in range(8))  # whoever comes meanwhile is answered by the next one
        assert until(lambda: any("was replaced" in line for line in live.told))
        assert until(lambda: len(children(live.process.pid)) == len(servers) + 1)
        assert servers[0] not in children(live.process.pid)
        for pid in descendants(nursery):
            os.kill(pid, signal.SIGKILL)
        assert until(lambda: live.ask(ALIVE).status == 200)
        live.process.terminate()
        assert live.process.wait(10) == 0
        assert until(lambda: not any(map(alive, before)))


def test_too_many_that_end_are_told(root: Path) -> None:
    with serving(root) as live:
        nursery = nursery_of(live)
        processes: set[int] = set()

        def ended() -> bool:
            processes.update(live.family())
            for pid in children(live.process.pid):
                if pid != nursery:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            return live.process.poll() is not None

        assert until(ended, 20)
        assert live.process.returncode == 2
        assert until(lambda: live.told[-1].startswith("error: a process of the server ended"))
        assert until(lambda: not any(map(alive, processes)))


def test_the_end_of_the_nursery_ends_all(root: Path) -> None:
    with serving(root) as live:
        nursery = nursery_of(live)
        processes = live.family()
        os.kill(nursery, signal.SIGKILL)
        assert live.process.wait(10) == 2
        assert until(lambda: not any(map(alive, processes)))


def test_a_base_with_a_path(tmp_path: Path) -> None:
    with serving(vault(tmp_path / "coffre", FILES), "--base", "https://a.example/jardin/") as live:
        assert live.told[-1].startswith(f"Serving Coffre at {live.address}")
        assert live.address.endswith("/jardin/")
        for path in ("/jardin/sparql", "/sparql"):
            for _ in range(2):
                got = live.get(
                    f"{path}?query=ASK%7B%3Chttps%3A//a.example/jardin/id/ada%3E%20%3Fp%20%3Fo%7D", "application/json"
                )
                assert json.loads(got.body)["boolean"] is True
        assert live.get("/jardin/doc/ada").status == 200
