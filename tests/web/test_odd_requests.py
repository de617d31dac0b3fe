"""Requests that no browser makes, over the network: each gets the right status, and a body that says what to do."""

import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, urljoin

import pytest
from tests.conftest import vault
from tests.live import Got, Live, serving

BASE = "https://notes.example/caf%C3%A9/"
FILES = {
    "herbier.toml": f'base = "{BASE}"\nlanguage = "fr"\ntitle = "Coffre secret"\n',
    "Ada.md": "---\ncoté: 3\n---\nAda.\n",
    "Май.md": "Май.\n",
}
QUERY = f"/sparql?query={quote('ASK { ?s ?p ?o }')}"
PATHS = ("/doc/ada", "/", QUERY, "/dump/", "/healthz", "/static/herbier.css", "/nothing")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vault(tmp_path_factory.mktemp("odd") / "coffre", FILES)


@pytest.fixture(scope="module")
def live(root: Path) -> Iterator[Live]:
    with serving(root) as server:
        yield server


def raw(live: Live, *lines: str) -> Got:
    """What comes back for a request as it is written here."""

    class Sock:
        def __init__(self, data: bytes) -> None:
            self.data = data

        def makefile(self, mode: str) -> BytesIO:
            return BytesIO(self.data)

    with socket.create_connection(live.place, timeout=10) as connected:
        connected.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode())
        answer = b""
        while part := connected.recv(100_000):
            answer += part
    response = HTTPResponse(Sock(answer), method=lines[0].split()[0])  # type: ignore[arg-type]
    response.begin()
    return Got(response.status, response.headers, response.read())


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/doc/%zz", "/doc/ada%2", "/id/%", "/%zz"])
def test_an_escape_that_is_none(live: Live, path: str) -> None:
    for accept, media_type in (("text/html", "text/html"), (None, "text/plain"), ("application/json", None)):
        got = live.get(path, accept)
        assert got.status == 400
        assert got.media_type == (media_type or "application/json")
        assert "deux chiffres hexadécimaux" in got.text
    assert live.get("/doc/%E9").status == 404
    assert live.get("/file/%zz").status == 404


def test_what_is_wrong_with_a_query_is_nothing_about_addresses(live: Live) -> None:
    got = live.ask("SELECT", "text/plain")
    assert got.status == 400
    assert "hexadécimaux" not in got.text


def test_addresses_in_another_normal_form_lead_to_the_one_there_is(live: Live) -> None:
    for below in ("", "/caf%C3%A9", "/cafe%CC%81"):
        for folder, name in (("doc", "май"), ("id", "май"), ("key", "coté"), ("doc", "май.ttl")):
            path = f"{below}/{folder}/{quote(normalize('NFD', name))}"
            got = live.get(f"{path}?x=%C3%A9")
            assert got.status == 308, path
            target = urljoin(path, got.headers["Location"])
            assert target.endswith(f"/{folder}/{quote(name)}?x=%C3%A9")
            assert live.get(target).status in (200, 303)
    assert live.get(f"/doc/{quote(normalize('NFD', 'rié'))}").status in (308, 404)


def test_the_base_without_its_slash(live: Live) -> None:
    got = live.get("/caf%C3%A9?type=x")
    assert got.status == 308
    assert urljoin("/caf%C3%A9", got.headers["Location"]) == "/caf%C3%A9/?type=x"


@pytest.mark.parametrize("length", [60_100, 1_000_000, 1 << 20])
def test_a_long_address(live: Live, length: int) -> None:
    for path in ("/doc/" + "a" * length, "/sparql?query=" + "a" * length):
        got = raw(live, f"GET {path} HTTP/1.1", f"Host: {live.host}")
        assert got.status == 414
        if length < 65_000:  # what is longer is refused by the server itself, which has no words for it
            assert "trop longue" in got.text
            assert "POST" in got.text
    assert live.get("/healthz").status == 200


def test_what_is_kept_of_a_request_has_a_limit(live: Live) -> None:
    with socket.create_connection(live.place, timeout=10) as connected:
        connected.sendall(f"GET / HTTP/1.1\r\nHost: {live.host}\r\nX: ".encode())
        sent = 0
        try:
            while sent < 20_000_000:
                sent += connected.send(b"x" * 100_000)
        except OSError:
            pass
    assert sent < 20_000_000


@pytest.mark.parametrize("name", ["Accept", "Accept-Profile", "X-Other"])
def test_long_headers(live: Live, name: str) -> None:
    for path in PATHS:
        got = raw(live, f"GET {path} HTTP/1.1", f"Host: {live.host}", f"{name}: " + "a/b;q=0.1, " * 100_000)
        assert (got.status, got.media_type) == (431, "text/plain")
        assert "60\u202f000" in got.text


@pytest.mark.skipif(sys.platform == "darwin", reason="its file names are UTF-8")
def test_folders_whose_names_are_not_utf_8(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"jard\xedn")
    for name, image in ((b"caf\xe9", "seule"), (b"th\xe9", "autre")):
        folder = root / os.fsdecode(name)
        folder.mkdir(parents=True)
        (folder / f"{image}.png").write_text(image)
        (folder / "Note.md").write_text(f"![[{image}.png]]\n" if image == "seule" else "Rien.\n")
    with serving(root) as server:
        found = server.ask("SELECT ?f { ?n <https://schema.org/image> ?f }").rows
        assert [row["f"] for row in found] == [f"{server.address}file/caf%E9/seule.png"]
        for _ in range(2):
            got = server.get("/file/caf%E9/seule.png")
            assert (got.status, got.body) == (200, b"seule")
        assert server.get("/file/th%E9/autre.png").status == 404  # no note embeds it
        assert "jardín" in server.get("/").text
        assert all(server.get(path).status == 200 for path in ("/dataset.ttl", "/doc/note", "/search?q=note", "/dump/"))


# --- hosts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_a_preview_answers_its_own_machine_alone(live: Live, path: str) -> None:
    """RFC 9110, sections 7.4 and 15.5.20."""
    port = live.place[1]
    usual = raw(live, f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}").status
    for host in ("localhost", f"localhost:{port}", "127.0.0.1", f"[::1]:{port}", "notes.example", "NOTES.example:8080"):
        assert raw(live, f"GET {path} HTTP/1.1", f"Host: {host}").status == usual
    forged = ("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: localhost", "Forwarded: for=x")
    for host, *more in (
        ("evil.example",),
        (f"evil.example:{port}",),
        ("localhost.evil.example",),
        *((f"evil.example:{port}", header) for header in forged),
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            got = raw(live, f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept: text/html", *more)
            assert got.status == 421
            assert "secret" not in f"{got.headers}{got.text}"
        got = raw(live, f"GET {path} HTTP/1.1", f"Host: {host}", "Accept: application/json", *more)
        assert "127.0.0.1" in json.loads(got.body)["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_behind_a_proxy_any_host_is_answered(live: Live, path: str) -> None:
    usual = live.get(path).status
    for header in ("Via: 1.1 proxy", "X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7"):
        for host in ("jardin.example", "jardin.example:8443"):
            for _ in range(2):
                assert raw(live, f"GET {path} HTTP/1.1", f"Host: {host}", header).status == usual


def test_an_answer_to_one_host_is_not_given_to_another(live: Live) -> None:
    good = [f"GET {QUERY} HTTP/1.1", f"Host: {live.host}", "Accept: application/json"]
    bad = [good[0], "Host: evil.example", good[2]]
    absolute = ["GET " + f"http://evil.example{QUERY} HTTP/1.1", *good[1:]]  # goes before Host (RFC 9112, 3.2.2)
    for _ in range(8):  # whichever process it is
        assert [raw(live, *lines).status for lines in (good, bad, absolute, good)] == [200, 421, 421, 200]


@pytest.mark.parametrize("host", ["", "Host: a b", "Host: a/b", "Host: localhost\r\nHost: localhost"])
def test_a_host_that_is_none(live: Live, host: str) -> None:
    for path in PATHS:
        assert raw(live, f"GET {path} HTTP/1.1", *filter(None, [host])).status == 400
    if not host:
        assert raw(live, "GET /doc/ada HTTP/1.0").status == 200


def test_a_server_for_all_answers_any_host(root: Path) -> None:
    with serving(root, "--host", "0.0.0.0") as server:
        assert raw(server, "GET /doc/ada HTTP/1.1", f"Host: evil.example:{server.place[1]}").status == 200


# --- a base with letters of all kinds ---------------------------------------------------------------------------------


def test_limits_hold_below_any_base(root: Path, tmp_path: Path) -> None:
    settings = f"{FILES['herbier.toml']}[limits]\nquery_result = 1000\n"
    with serving(vault(tmp_path / "v", {**FILES, "herbier.toml": settings})) as server:
        for path in ("/sparql", "/caf%C3%A9/sparql"):
            got = server.get(f"{path}?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f }')}", "text/csv")
            assert got.status == 500
            assert re.search("larger than the 1,000 bytes", got.text)
