"""How many requests a second `herbier serve` answers, side by side with others that serve the same data.

All servers listen on loopback, one after the other, and are asked by wrk, or by load.py where wrk is missing. What they
answer is compared before it is measured.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import HTTPError, URLError
from urllib.parse import quote

from tests.bench.lab import BASE, HERE, Lab
from tests.bench.measure import MeasureError

SECONDS, RUNS, CONNECTIONS = 4, 3, 16
PAGE_BYTES = 5_000
READY_SECONDS = 600  # rdflib takes its time to load
OTHERS = ("oxigraph==0.5.13", "rdflib-endpoint[cli,web]==0.6.3", "uvicorn[standard]")
JSON = "application/sparql-results+json"
POINT = "SELECT ?name ?type WHERE {{ <{}> <https://schema.org/name> ?name ; a ?type }} ORDER BY ?name ?type"
GROUP = "SELECT ?type (COUNT(*) AS ?n) WHERE { ?s a ?type } GROUP BY ?type ORDER BY ?type"
NUMBER = "{n}"  # in a path: another one in each request, so that no answer can be one that is kept
Rates = dict[str, float | None]


@dataclass(frozen=True)
class Ask:
    """A kind of request: paths among which is chosen, and what is accepted."""

    paths: tuple[str, ...]
    accept: str


@dataclass(frozen=True)
class Up:
    """A server that listens, and what it is called."""

    name: str
    port: int


def rates(lab: Lab, notes: int) -> Rates:
    """The rates of all servers, by server and kind of request; None where one could not be had."""
    vault, _ = lab.vault(notes, "fr")
    found: Rates = {}
    with tempfile.TemporaryDirectory(prefix="herbier-bench-serving-") as name:
        folder = Path(name)
        data = folder / "notes.nq"
        build: list[str | Path] = [lab.herbier, "build", vault, "-o", data, "--base", BASE]
        subprocess.run(build, check=True, capture_output=True)
        slugs = re.findall(rf"^<{re.escape(BASE)}id/([\w-]+)> <[^>]*#type>", data.read_text("utf-8"), re.MULTILINE)
        slugs = random.Random(1).sample(sorted(set(slugs)), 200)
        points = tuple(f"query={quote(POINT.format(f'{BASE}id/{slug}'), safe='')}%20%23{NUMBER}" for slug in slugs)
        queries = {"point": points, "group": (f"query={quote(GROUP, safe='')}%20%23{NUMBER}",)}
        answers: dict[str, list[str]] = {}
        served: list[str | Path] = [lab.herbier, "serve", vault, "--base", BASE, "--port", "{port}"]
        with up(lab, "herbier", served) as server:
            slug = near(server, slugs)
            asks = {
                "page, negotiated": Ask((f"/doc/{slug}",), "text/turtle"),
                "page, by suffix": Ask((f"/doc/{slug}.ttl",), "*/*"),
                "page, for people": Ask((f"/doc/{slug}",), "text/html"),
                **{kind: Ask(tuple(f"/sparql?{one}" for one in asked), JSON) for kind, asked in queries.items()},
            }
            measure(lab, server, asks, found)
            answers["herbier"] = rows(server, asks)
            keep(server, asks, folder)
        bare: list[str | Path] = [sys.executable, HERE / "bare.py", "{port}", folder]
        for threads in (1, 4):
            with up(lab, f"bare Flask, {threads} threads", [*bare, str(threads)], cwd=HERE.parents[1]) as server:
                kinds = {"page, negotiated": Ask(("/page",), "text/turtle"), "point": Ask(("/point",), JSON)}
                measure(lab, server, kinds, found)
        if (programs := others(lab, folder)) is None:
            return found
        location = folder / "store"
        load: list[str | Path] = [programs / "oxigraph", "load", "--location", location, "--file", data]
        subprocess.run(load, check=True, capture_output=True)
        serve: list[str | Path] = [
            "serve-read-only",
            "--location",
            location,
            "--union-default-graph",
            "--bind",
            "127.0.0.1:{port}",
        ]
        with up(lab, "oxigraph", [programs / "oxigraph", *serve]) as server:
            asks = {kind: Ask(tuple(f"/query?{one}" for one in asked), JSON) for kind, asked in queries.items()}
            measure(lab, server, asks, found)
            answers["oxigraph"] = rows(server, asks)
        endpoint: list[str | Path] = [
            programs / "rdflib-endpoint",
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            "{port}",
            data,
        ]
        with up(lab, "rdflib-endpoint", endpoint) as server:
            asks = {kind: Ask(tuple(f"/?{one}" for one in asked), JSON) for kind, asked in queries.items()}
            measure(lab, server, asks, found)
            answers["rdflib-endpoint"] = rows(server, asks)
        for other, answer in answers.items():
            if answer != answers["herbier"]:
                raise MeasureError(f"{other} answers otherwise than herbier")
    return found


def others(lab: Lab, folder: Path) -> Path | None:
    """The programs of others, in an environment of their own; None where they cannot be installed."""
    kept = lab.vaults / "servers"
    if not (kept / "complete").exists():
        lab.say("installing the servers of others")
        python = kept / "bin" / "python"
        steps: tuple[list[str | Path], ...] = (
            [sys.executable, "-m", "venv", "--clear", kept],
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *OTHERS],
        )
        for step in steps:
            done = subprocess.run(step, capture_output=True, check=False)
            if done.returncode:
                lab.say(f"the servers of others cannot be installed, so they are not measured: {' '.join(OTHERS)}")
                return None
        (kept / "complete").touch()
    return kept / "bin"


@contextmanager
def up(lab: Lab, name: str, command: list[str | Path], cwd: Path | None = None) -> Iterator[Up]:
    """Start a server at a free port, wait until it answers, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    words = [str(word).format(port=port) for word in command]
    environment = {**os.environ, "PYTHONPATH": str(cwd or "")}
    lab.say(f"{name}: starting")
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdout=quiet, stderr=quiet, cwd=cwd, env=environment) as process:
        try:
            end = time.monotonic() + READY_SECONDS
            while not answers(port):
                if process.poll() is not None or time.monotonic() > end:
                    raise MeasureError(f"{name} does not start")
                time.sleep(0.1)
            yield Up(name, port)
        finally:
            process.terminate()


def answers(port: int) -> bool:
    """Whether a server answers, whatever it is."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10):
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


def fetch(server: Up, path: str, accept: str) -> tuple[bytes, str]:
    """What a server answers: the body and its type."""
    address = f"http://127.0.0.1:{server.port}{path.replace(NUMBER, '0')}"
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=READY_SECONDS) as response:
        body: bytes = response.read()
        return body, str(response.headers["Content-Type"])


def near(server: Up, slugs: list[str]) -> str:
    """The note whose data is nearest to the size of the target."""
    return min(slugs[:100], key=lambda slug: abs(len(fetch(server, f"/doc/{slug}.ttl", "*/*")[0]) - PAGE_BYTES))


def rows(server: Up, asks: Mapping[str, Ask]) -> list[str]:
    """What a server answers to some of the queries, in a form that can be compared."""
    found = []
    for kind in ("point", "group"):
        for path in asks[kind].paths[:20]:
            body = json.loads(fetch(server, path, JSON)[0])["results"]["bindings"]
            found.append(json.dumps(sorted([sorted((k, v["value"]) for k, v in row.items()) for row in body])))
    return found


def keep(server: Up, asks: Mapping[str, Ask], folder: Path) -> None:
    """Keep what Herbier answers, for the bare application to answer the same."""
    for name, kind in (("page", "page, negotiated"), ("point", "point")):
        body, media_type = fetch(server, asks[kind].paths[0], asks[kind].accept)
        (folder / name).write_bytes(body)
        (folder / f"{name}.type").write_text(media_type, "ascii")


def measure(lab: Lab, server: Up, asks: Mapping[str, Ask], found: Rates) -> None:
    """Ask a server each kind of request, a few times in turn, and keep the median of the rates."""
    load: Callable[[Up, Ask], float] = with_wrk if shutil.which("wrk") else with_python
    for kind, ask in asks.items():
        lab.say(f"{server.name}: {kind}")
        time.sleep(1)  # what was under way at the end of the last kind is over then
        # an answer that takes longer than the load is timed by itself
        found[f"{server.name}: {kind}"] = median(load(server, ask) for _ in range(RUNS)) or alone(server, ask)


def alone(server: Up, ask: Ask) -> float:
    """Answers a second, from one alone."""
    began = time.monotonic()
    fetch(server, ask.paths[0], ask.accept)
    return 1 / (time.monotonic() - began)


def with_wrk(server: Up, ask: Ask) -> float:
    """Answers a second under wrk."""
    paths = ", ".join(f'"{path}"' for path in ask.paths)
    script = f"""
local paths = {{ {paths} }}
local before, after = {{}}, {{}}
local n = 0
function init(args)
  n = os.time() % 1000000 * 1000000
  math.randomseed(os.time())
  for i, path in ipairs(paths) do
    local whole = wrk.format("GET", path, {{ ["Accept"] = "{ask.accept}" }})
    local first, last = whole:find("{NUMBER}", 1, true)
    before[i] = whole:sub(1, (first or 0) - 1)
    after[i] = first and whole:sub(last + 1)
  end
end
function request()
  local i = math.random(#before)
  n = n + 1
  return after[i] and before[i] .. n .. after[i] or before[i]
end
"""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "30s", "-s", file.name]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{server.port}"], capture_output=True, text=True, check=False
        )
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if rate is None or "Non-2xx" in done.stdout:
        raise MeasureError(f"{server.name} does not answer as it should: {done.stdout.strip()[-200:]}")
    return float(rate[1])


def with_python(server: Up, ask: Ask) -> float:
    """Answers a second under load.py."""
    head = f"Host: 127.0.0.1:{server.port}\r\nAccept: {ask.accept}\r\n\r\n"
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([f"GET {path} HTTP/1.1\r\n{head}" for path in ask.paths], file)
        file.flush()
        command = [sys.executable, str(HERE / "load.py"), "127.0.0.1", str(server.port), str(SECONDS), str(CONNECTIONS)]
        done = subprocess.run([*command, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasureError(f"{server.name} does not answer as it should: {done.stderr.strip()[-200:]}")
    rate, bad = done.stdout.split()
    if int(bad):
        raise MeasureError(f"{server.name} gave {bad} bad answers")
    return float(rate)
