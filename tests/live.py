"""A server of its own for a test: `herbier serve` in processes, and what it answers."""

import http.client
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.conftest import command

JSON = "application/sparql-results+json"


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def media_type(self) -> str:
        """The media type without its parameters."""
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""

    @property
    def truth(self) -> bool:
        """The answer of ASK in JSON."""
        found: bool = json.loads(self.body)["boolean"]
        return found

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of SELECT in JSON."""
        found: list[dict[str, Any]] = json.loads(self.body)["results"]["bindings"]
        return [{name: cell["value"] for name, cell in row.items()} for row in found]


class Live:
    """A server that listens, and all that it has told so far."""

    def __init__(self, process: "subprocess.Popen[str]", address: str, told: list[str]) -> None:
        self.process = process
        self.address = address
        self.told = told

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    def get(self, path: str, accept: str | None = None, method: str = "GET", body: bytes = b"", **more: str) -> Got:
        # as through a proxy, since other sites may not read a preview
        headers = {"Via": "1.1 proxy"} | {name.replace("_", "-"): value for name, value in more.items()}
        if accept is not None:
            headers["Accept"] = accept
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            return Got(response.status, response.headers, response.read())
        finally:
            connection.close()

    def ask(self, query: str, accept: str | None = JSON, **parameters: str | list[str]) -> Got:
        named = {name.replace("_", "-"): value for name, value in parameters.items()}
        return self.get(f"/sparql?{urlencode({'query': query, **named}, doseq=True)}", accept)

    def post(self, body: bytes, media_type: str | None, parameters: str = "", accept: str | None = JSON) -> Got:
        more = {"Content_Type": media_type} if media_type else {}
        return self.get(f"/sparql?{parameters}" if parameters else "/sparql", accept, "POST", body, **more)

    def family(self) -> list[int]:
        """The processes of the server, the first one among them."""
        return [self.process.pid, *descendants(self.process.pid)]


def children(pid: int) -> list[int]:
    """The processes that a process has forked, on Linux."""
    try:
        return [int(word) for task in Path(f"/proc/{pid}/task").glob("*/children") for word in task.read_text().split()]
    except OSError:  # it has ended meanwhile
        return []


def descendants(pid: int) -> list[int]:
    """The processes below a process, on Linux."""
    return [below for child in children(pid) for below in (child, *descendants(child))]


def alive(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def until(condition: "Any", seconds: float = 5) -> bool:
    """Whether something comes to be within some seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def serving(root: Path, *options: str, env: Mapping[str, str] | None = None) -> Iterator[Live]:
    """Serve a vault at a free port, and end the server."""
    words = command("serve", root, "--port", "0", *options)
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **(env or {})}
    )
    assert process.stderr is not None
    told: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            told.append(line.rstrip("\n"))
            if line.startswith(("Serving ", "error")):
                ready.set()
        ready.set()

    ear = threading.Thread(target=listen)
    ear.start()
    try:
        assert ready.wait(60), told
        served = re.search(r"at (http://\S+) \(", told[-1])
        assert served, told
        yield Live(process, served[1], told)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        ear.join(5)
        process.stderr.close()
