"""All that Herbier gives to others of a vault: files, answers, traces, pages."""

import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from tests.conftest import run
from werkzeug.test import TestResponse

import herbier
from herbier.cli import explain, output_answers
from herbier.ledger.ledger_file import Ledger
from herbier.pipeline.build import build, keep_ledger
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.rdf.formats import FORMATS
from herbier.store.embedded import Store
from herbier.web.app import create_app
from herbier.web.data.fragments import OFFERS
from herbier.web.http.negotiation import PAGE
from herbier.web.site import Site


class Output(NamedTuple):
    """Something that Herbier gives: of what kind it is, where it was got from, and its bytes."""

    kind: str
    place: str
    data: bytes


Outputs = Iterator[Output]


def built(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield the file of every format, plain and packed, and the standard output."""
    out = root.parent / f"{root.name} built"
    out.mkdir(exist_ok=True)
    for name, row in FORMATS.items():
        for packed in ("", ".gz"):
            file = out / f"notes{row.suffix}{packed}"
            assert run("build", root, "-o", file, "--jobs", "1").code in (0, 1)
            yield Output(f"build {name}{packed}", "", file.read_bytes())
    ledger = root / "herbier.ledger"
    if ledger.exists():
        yield Output("ledger", "", ledger.read_bytes())


def dumped(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield the files for Wikidata, and what is said of them."""
    out = root.parent / f"{root.name} for wikidata"
    ran = run("build", root, "-o", out, "--profile", "wikidata", "--jobs", "1")
    assert ran.code in (0, 1)
    names = sorted(file.name for file in out.iterdir())
    assert len(names) == 6
    for name in names:
        yield Output(f"wikidata {name}", "", (out / name).read_bytes())


def bundled(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield the documents of a bundle of the Open Knowledge Format, their paths among them."""
    out = root.parent / f"{root.name} as a bundle"
    assert run("build", root, "-o", out, "--profile", "okf", "--jobs", "1").code in (0, 1)
    files = sorted(file for file in out.rglob("*") if file.is_file())
    assert len(files) > 2
    for file in files:
        path = file.relative_to(out).as_posix()
        yield Output("okf document", path, f"{path}\n".encode("utf-8", "surrogateescape") + file.read_bytes())


QUERIES = {
    "SELECT": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
    "CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE": "DESCRIBE ?s { ?s ?p ?o }",
    "ASK": "ASK { ?s ?p ?o }",
    "counts": "SELECT ?type (COUNT(*) AS ?count) { ?s a ?type } GROUP BY ?type",
}


def queried(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield the answer to every query in every format that carries it."""
    opened = open_vault(root)
    store = Store.of(opened)
    monkeypatch.setattr(Store, "of", lambda *_: store)
    answered = set()
    for form, query in QUERIES.items():
        for name in output_answers.FORMATS:
            ran = run("query", root, query, "--format", name)
            if ran.code == 0:
                answered.add(name)
                yield Output(f"query {form} --format {name}", "", ran.out.encode())
            else:
                yield Output("query refused", f"{form} --format {name}", ran.err.encode())
    assert answered == set(output_answers.FORMATS)


def explained(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield what `explain` shows of each public note, of all its keys, and of all IRIs; the vault is read once."""
    opened = open_vault(root)
    surveyed = read_snapshot(opened)
    blocks: list[bytes] = []
    build(opened, blocks.append, FORMATS["nquads"])
    monkeypatch.setattr(explain, "open_vault", lambda *_: opened)
    monkeypatch.setattr(explain, "read_snapshot", lambda *_: surveyed)
    monkeypatch.setattr(
        "herbier.inspect.mentions.build", lambda vault, look, row, progress: [look(block) for block in blocks]
    )
    text = b"".join(blocks).decode()
    names = cycle(("text", "json"))  # either is enough: both have the same source
    for summary in surveyed.index.summaries:
        if summary.private:
            continue
        note = root / summary.path
        for name in ("text", "json"):
            ran = run("explain", note, "--format", name)
            assert ran.code == 0, ran.err
            yield Output(f"explain --format {name}", summary.path, (ran.out + ran.err).encode())
        keys = sorted({field.key for field in surveyed.read(summary.path).fields} | {"absente", "isPartOf"})
        for key, name in zip(keys, names, strict=False):
            ran = run("explain", note, "--why-not", key, "--format", name)
            answer = ran.out.replace(key, "").replace(json.dumps(key)[1:-1], "")  # who asks for a key names it
            yield Output(f"explain --why-not --format {name}", f"{summary.path} {key}", answer.encode())
        for number in ("1", "12"):
            ran = run("explain", note, "--triple", number)
            yield Output("explain --triple", f"{summary.path} {number}", ran.out.encode())
    iris = sorted(set(re.findall(rf"<({re.escape(opened.settings.base)}[^>]*)>", text)))
    for iri, name in zip(iris, names, strict=False):
        ran = run("explain", root, "--iri", iri, "--format", name)
        yield Output(f"explain --iri --format {name}", iri, (ran.out + ran.err).encode())


def inventoried(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield the inventory, as text and as JSON."""
    for name in ("text", "json"):
        yield Output(f"inventory --format {name}", "", run("inventory", root, "--format", name).out.encode())


def taught(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield what `learn` proposes, down to what is least sure."""
    names = [path.removesuffix(".md").rpartition("/")[2] for path in open_vault(root).listing.notes]
    lessons = [root / f"leçon {number}.md" for number in range(3)]
    for lesson in lessons:  # with keys that no rule knows, for each note that there is
        keys = (f"gadget{number}: '[[{name}]]'" for number, name in enumerate(names) if "'" not in name)
        lesson.write_text("\n".join(["---", *keys, "---", ""]), "utf-8")
    ran = run("learn", root, "--yes", "--sure", "0")
    yield Output("learn", "", (ran.out + ran.err).encode())
    for lesson in lessons:
        lesson.unlink()


def set_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield what `init` writes and shows; it shows no more than the inventory does."""
    settings = root / "herbier.toml"
    before = settings.read_bytes()
    ledger = root / "herbier.ledger"
    kept = ledger.read_bytes() if ledger.exists() else None
    ran = run("init", root, "--yes", "--force")
    assert ran.code == 0, ran.err
    yield Output("init", "", ran.out.encode())
    for file in (settings, ledger):
        yield Output(f"init {file.name}", "", file.read_bytes())
    for file in root.glob("herbier.toml*"):
        file.unlink()
    settings.write_bytes(before)
    ledger.unlink() if kept is None else ledger.write_bytes(kept)


def loaded(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield what Python is given."""
    dataset = herbier.load(root)
    said = [" ".join(map(str, (*quad, repr(quad)))) for quad in dataset.quads()]
    yield Output("load", "", "\n".join([*said, *map(str, dataset.namespaces())]).encode())
    yield Output("load, written", "", dataset.serialize(format="nquads", encoding="utf-8"))


# --- the site ---------------------------------------------------------------------------------------------------------

ACCEPTS = [None, *(offer.media_type for offer in PAGE), "image/png", "*/*"]
_TIMES = {"Date", "Expires", "Last-Modified"}
_LINKS = re.compile(r'(?:href|src|action)="([^"]*)"')


@cache
def client(root: Path) -> FlaskClient:
    """Return a client of the site of a vault, its ledger kept as `serve` keeps it."""
    opened = open_vault(root)
    store, made = Store.of(opened)
    made = keep_ledger(opened, made)
    return create_app(Site(opened, store, made.ledger or Ledger())).test_client()


def whole(answer: TestResponse) -> bytes:
    """Return all of an answer: its status, its headers but for the times, and its body."""
    headers = (f"{name}: {value}" for name, value in sorted(answer.headers) if name not in _TIMES)
    head = "\n".join([answer.status, *headers])
    body = answer.get_data()
    answer.close()
    return b"\n\n".join([head.encode(), body])


def served(root: Path, monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Yield the answer of every page: of all that the routes name, and of all that a page or a header leads to."""
    site = client(root)
    base = urlsplit(open_vault(root).settings.base).path
    asked: set[str] = set()
    tried: set[str] = set()  # the kinds of addresses for which other methods have been tried
    waiting = ["/", "/healthz", "/ns", "/sparql", "/tag/", "/tag", "/dataset", "/static/style.css", "/.well-known/void"]
    waiting += ["/search?q=a", "/search?q=n", "/sitemap.xml", "/reconcile", "/dump/", "/dump/SHA256SUMS", "/?page=2"]
    waiting += ["/sitemap-1.xml", "/robots.txt", "/context.jsonld", "/openapi.json", "/fragments", "/profiles", "/%zz"]
    waiting += sorted({iri.partition("#")[0] for iri in _addresses(site)})
    while waiting:
        path = waiting.pop()
        if path in asked:
            continue
        asked.add(path)
        accepts = ACCEPTS if not urlsplit(path).query and "." not in path.rpartition("/")[2] else [None]
        for accept in accepts:
            answer = site.get(path, headers={"Accept": accept} if accept else {})
            yield Output(f"GET as {accept}", path, whole(answer))
            if answer.mimetype == "text/html":
                waiting += [found for link in _LINKS.findall(answer.text) if (found := _path(path, link, base))]
            for link in (answer.location, answer.headers.get("Content-Location")):
                waiting += [found for found in [link and _path(path, link, base)] if found]
        yield Output("HEAD", path, whole(site.head(path)))
        kind = path.partition("/")[2].partition("/")[0].partition("?")[0]
        for method in ("OPTIONS", "POST", "DELETE") if kind not in tried else ():
            tried.add(kind)
            yield Output(method, path, whole(site.open(path, method=method)))
    union = site.application.extensions["herbier"].base + "fragments#union"
    for offer in OFFERS:
        sent, headers = {"graph": union, "page": str(1 + OFFERS.index(offer))}, {"Accept": offer.media_type}
        yield Output(
            "GET /fragments as data", offer.name, whole(site.get("/fragments", query_string=sent, headers=headers))
        )
    yield Output(
        "GET /search as application/json", "", whole(site.get("/search?q=n", headers={"Accept": "application/json"}))
    )
    for query in QUERIES.values():
        for accept in (*ACCEPTS, "application/sparql-results+json", "application/sparql-results+xml", "text/csv"):
            sent, headers = {"query": query}, {"Accept": accept} if accept else {}
            answer = site.get("/sparql", query_string=sent, headers=headers)
            yield Output(f"GET /sparql as {accept}", query, whole(answer))
            yield Output(f"POST /sparql as {accept}", query, whole(site.post("/sparql", data=sent, headers=headers)))
    for query in ("SELECT", "SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "DELETE WHERE { ?s ?p ?o }"):
        yield Output("/sparql refused", query, whole(site.get("/sparql", query_string={"query": query})))


def _path(here: str, link: str, base: str) -> str | None:
    """Return the path on the site that a link leads to, None where it leads elsewhere."""
    parts = urlsplit(urljoin(f"http://localhost{here}", link))
    if parts.netloc not in ("localhost", "notes.example"):
        return None
    path = parts.path
    if parts.netloc != "localhost":
        path = "/" + path.removeprefix(base)
    return path + (f"?{parts.query}" if parts.query else "")


def _addresses(site: FlaskClient) -> Iterator[str]:
    """Yield the path of every IRI of the vault."""
    query = "SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?x ?o } UNION { ?s ?p ?x FILTER isIRI(?x) } }"
    found = site.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text
    base = site.application.extensions["herbier"].base
    for iri in io.StringIO(found, newline="\r\n"):
        if iri.startswith(base):
            yield "/" + iri.strip().removeprefix(base)


OUTPUTS: dict[str, Callable[[Path, pytest.MonkeyPatch], Outputs]] = {
    "build": built,
    "wikidata": dumped,
    "okf": bundled,
    "query": queried,
    "explain": explained,
    "inventory": inventoried,
    "learn": taught,
    "init": set_up,
    "load": loaded,
    "site": served,
}
