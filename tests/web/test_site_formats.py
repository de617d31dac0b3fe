"""Each format of each page, read by another toolkit to the same triples: rapper, of the Raptor libraries, and PyLD."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from pyld import jsonld
from tests.conftest import ROOT, vault
from tests.site import BASE, FILES, ask, client_of, get

SUFFIXES = {".ttl": "turtle", ".nt": "ntriples", ".rdf": "rdfxml"}
ODD_TEXT = """---
tags: ["l'été", 'a b', 日本]
largeur: 1.10
vu: "a \\"b\\" \\\\ c"
---
# Odd \t tab
<b>&amp; é 😀 ‏عربي
"""
ODD = {
    "Odd.md": ODD_TEXT,
    "日本.md": "---\nlang: ja\ndate: 2024-02-30\nannée: 0099\n---\n本文 ![[dessin.svg]] [[Nulle part]]\n",
}


def pages(web: FlaskClient) -> list[str]:
    """Return the path of every page that has data."""
    query = "SELECT DISTINCT ?x { { GRAPH ?x { ?s ?p ?o } } UNION { ?x ?p ?o } }"
    lines = ask(web, query, "text/csv").text.splitlines()[1:]
    iris = {line.strip().partition("#")[0].removeprefix(BASE) for line in lines if line.startswith(BASE)}
    kept = sorted(iri for iri in iris if iri.startswith(("doc/", "tag/", "key/")) and iri != "tag/")
    return [*kept, "tag", "dataset", "profiles"]


def triples(data: bytes) -> set[pyoxigraph.Triple]:
    parsed = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return {quad.triple for quad in parsed if isinstance(quad.triple, pyoxigraph.Triple)}


@pytest.fixture(scope="module", params=["small", "seeds"])
def web(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    if request.param == "seeds":
        return client_of(ROOT / "seeds", BASE)
    return client_of(vault(tmp_path_factory.mktemp("web") / "coffre", {**FILES, **ODD}))


@pytest.fixture(scope="module")
def rapper() -> str:
    found = shutil.which("rapper")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("rapper is not installed (raptor2-utils)")
    assert found is not None, "CI installs raptor2-utils"
    return found


def test_rapper_reads_every_page(web: FlaskClient, rapper: str) -> None:
    asked = [(path, suffix) for path in pages(web) for suffix in SUFFIXES]
    asked += [(path, f".ttl?_profile={token}") for path in pages(web)[:5] for token in ("schema", "dcterms", "alt")]
    sent = {(path, suffix): get(web, f"/{quote(path)}{suffix}") for path, suffix in asked}

    def read(place: tuple[str, str]) -> bytes:
        command = [
            rapper,
            "--quiet",
            "--input",
            SUFFIXES[place[1].partition("?")[0]],
            "--output",
            "ntriples",
            "-",
            BASE,
        ]
        ran = subprocess.run(command, input=sent[place].data, capture_output=True, check=True)
        assert ran.stderr == b"", place
        return bytes(ran.stdout)

    there = [place for place in asked if sent[place].status_code == 200]
    assert len(there) > 50
    assert {sent[place].status_code for place in asked} <= {200, 404}, "some profiles keep nothing of a page"
    with ThreadPoolExecutor(4) as pool:
        for place, theirs in zip(there, pool.map(read, there), strict=True):
            path, suffix = place
            ours = get(web, f"/{quote(path)}.nt{suffix.removeprefix('.ttl') if '?' in suffix else ''}").data
            assert triples(theirs) == triples(ours), place
            assert triples(ours), place


def documents(web: FlaskClient, paths: list[str]) -> Iterator[tuple[str, str, object]]:
    """Yield every page as JSON-LD, and some in each of its forms."""
    for number, path in enumerate(paths):
        forms = ("expanded", "flattened", "compacted") if number % 10 == 0 else ()
        yield path, "", get(web, f"/{quote(path)}.jsonld").json
        for form in forms:
            media_type = quote(f'application/ld+json;profile="http://www.w3.org/ns/json-ld#{form}"')
            generic = "tag/" if path == "tag" else path
            yield path, form, get(web, f"/{quote(generic)}?_mediatype={media_type}").json


def test_pyld_reads_every_page(web: FlaskClient) -> None:
    count = 0
    for path, form, document in documents(web, pages(web)):
        theirs = jsonld.to_rdf(document, {"format": "application/n-quads"}).encode()
        assert triples(theirs) == triples(get(web, f"/{quote(path)}.nt").data), (path, form)
        count += 1
    assert count > 20


def test_a_small_context_is_enough(tmp_path: Path) -> None:
    web = client_of(vault(tmp_path, {"a.md": "---\nauteur: https://example.org/x\n---\nUn #t."}))
    said = json.loads(get(web, "/doc/a.jsonld").data)
    assert said["@context"]["@base"] == "http://127.0.0.1:8000/", "nothing has to be fetched to read it"
