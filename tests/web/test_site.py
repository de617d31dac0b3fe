"""The site, asked through HTTP: what each address answers, in which format, and what it never gives away."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
import rdflib
from flask.testing import FlaskClient
from tests.conftest import command, run, vault
from tests.site import BASE, BROWSER, FILES, PNG, RDF, SECRETS, SVG, ask, client_of, follow, get, parsed, site_of
from werkzeug.test import TestResponse

from herbier.mapping.vault_totals import Understood
from herbier.rules.rule_files import load_rules
from herbier.web.app import create_app
from herbier.web.pages.class_labels import CLASSES
from herbier.web.pages.labels import PREDICATES
from herbier.web.wording import words_in


def rows(response: TestResponse) -> list[dict[str, str]]:
    """Return the rows of an answer in JSON."""
    found = json.loads(response.data)["results"]["bindings"]
    return [{name: cell["value"] for name, cell in row.items()} for row in found]


def test_ontology_and_health(web: FlaskClient) -> None:
    ontology = get(web, "/ns", "text/turtle")
    assert (ontology.status_code, ontology.mimetype) == (200, "text/turtle")
    subject = rdflib.URIRef("https://w3id.org/herbier#")
    assert (subject, rdflib.RDF.type, rdflib.OWL.Ontology) in parsed(ontology, "turtle")
    assert get(web, "/healthz").text == "ok\n"


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_keeper_alone_sees_what_is_understood(tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": 'language = "fr"\n', "gens/Ana.md": "---\nx: 1\n---\n", "b.md": ""})
    site = site_of(root)
    told = "choses qui ont une classe\u202f: 1 sur 2\u202f; valeurs sous un prédicat courant\u202f: 0 sur 1"
    understood = Understood(2, 1, 1, 0)
    assert told not in create_app(site).test_client().get("/").text
    shown = create_app(replace(site, understood=understood), preview=True).test_client()
    assert told in shown.get("/", headers={"Host": "127.0.0.1:8000"}).text


def test_home(web: FlaskClient) -> None:
    page = get(web, "/").text
    assert '<html lang="fr">' in page
    assert "6 notes" in page
    titles = re.findall(r'<li><a href="./doc/[^"]+"[^>]*>([^<]+)</a></li>', page)
    assert titles == ["Ada Lovelace", "Analytical Engine", "Charles Babbage", "Les gens", *titles[4:]]
    assert 'href="?type=Personne"' in page
    assert 'lang="en"' in page, "the title of the English note"
    persons = get(web, "/?type=Personne").text
    assert re.findall(r'<li><a href="./doc/([^"]+)"', persons) == ["ada-lovelace", "charles-babbage"]
    assert get(web, "/?page=99&type=%3Cscript%3E").status_code == 200
    assert "<script>" not in get(web, "/?type=%3Cscript%3E").text


def test_headings_and_the_page_share_no_name(tmp_path: Path) -> None:
    names = ("Content", "Data", "Mentioned", "Of note", "Tags", "Letter 1", "Fault")
    body = "".join(f"## {name}\nx [[b]]\n" for name in names)
    web = client_of(vault(tmp_path, {"a.md": f"{body} #t [[a]]", "b.md": "[[a]]"}))
    found = re.findall(r'id="([^"]+)"', get(web, "/doc/a").text)
    assert len(found) == len(set(found)) > len(names)


def test_page_of_a_note(web: FlaskClient) -> None:
    page = get(web, "/doc/ada-lovelace").text
    for expected in (
        '<h1 lang="fr" dir="auto">Ada Lovelace</h1>',
        '<span lang="fr" dir="auto">Personne</span>',
        '<p lang="fr" dir="auto">Avant tout titre.</p>',
        '<div class="lead" id="generalite">',
        '<h2 id="details" lang="fr" dir="auto">Détails</h2>',
        '<h3 id="images" lang="fr" dir="auto">Images</h3>',
        '<time datetime="1815-12-10">10 décembre 1815</time>',
        '<a href="../doc/charles-babbage">Charles Babbage</a>',
        'class="stub"',
        ">Éthique/Été</a>",
        '<img src="../file/images/photo.png" alt="photo.png"',
        '<link rel="alternate" type="application/ld+json" href="../doc/ada-lovelace.jsonld">',
        f"<code>{BASE}id/ada-lovelace</code>",
        ">couleur préférée\n",
    ):
        assert expected in page
    head, _, body = page.partition("<body")
    assert head.count("Ada écrit le premier programme") == 1, "a search engine is told what the note is about"
    assert body.count("Ada écrit le premier programme") == 1, "the lead is not shown again as a section"
    assert "Les gens</a></li>" in page.partition("Mentionné par")[2]
    english = get(web, "/doc/analytical-engine").text
    assert '<p lang="en" dir="auto">A machine.</p>' in english


def test_pages_have_no_script_and_no_outside_resource(web: FlaskClient) -> None:
    for path in ("/", "/doc/ada-lovelace", "/doc/piege", "/tag/", "/sparql", "/doc/none"):
        response = get(web, path, BROWSER)
        assert "<script" not in response.text
        loaded = re.findall(r'(?:src|<link[^>]*rel="stylesheet"[^>]*href)="([^"]+)"', response.text)
        assert not [address for address in loaded if ":" in address]
        assert not re.search(r'\s(?:on\w+|style)="', response.text)
        policy = response.headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} <= set(policy)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert 'class="skip" href="#_content"' in response.text


def test_nothing_of_a_note_is_markup(web: FlaskClient) -> None:
    page = get(web, "/doc/piege").text
    assert "Piège &lt;script&gt;alert(1)&lt;/script&gt; &#34;&amp;&#34;" in page
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert not re.search(r"<script|<b>|<i>|javascript:", page)
    listed = get(web, "/").text
    assert "Piège &lt;script&gt;" in listed
    assert "<script" not in listed


def test_no_link_runs_a_script(tmp_path: Path) -> None:
    graph = "<http://127.0.0.1:8000/id/a> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <javascript:alert(1)> ."
    web = client_of(vault(tmp_path, {"a.md": "Un.", "herbier.toml": 'include = ["x.ttl"]', "x.ttl": graph}))
    page = get(web, "/doc/a").text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_english(tmp_path: Path) -> None:
    web = client_of(vault(tmp_path, {"a.md": "# A\nText.", "herbier.toml": 'language = "en-GB"'}))
    page = get(web, "/doc/a").text
    assert '<html lang="en">' in page
    assert "Skip to content" in page
    assert "Identifier: <code>" in page
    assert "French" not in page


def test_words() -> None:
    assert words_in("fr").keys() == words_in("en").keys()
    assert not [text for text in words_in("fr").values() if re.search(r"[ \u00a0][:;!?»]|«[ \u00a0]|'", text)], (
        "French typography"
    )
    prefixes = load_rules().prefixes
    assert not [curie for curie in (*PREDICATES, *CLASSES) if curie.partition(":")[0] not in prefixes]


def test_many_notes_are_paged(tmp_path: Path) -> None:
    notes: dict[str, str | bytes] = {f"n{number:04}.md": "---\ntags: t\n---\nx" for number in range(1, 603)}
    web = client_of(vault(tmp_path, {**notes, "herbier.toml": 'language = "fr"'}))
    found: list[str] = []
    for path in ("/?page=1", "/?page=2", "/tag/t?page=1", "/tag/t?page=2"):
        found += re.findall(r'/doc/(n\d+)"', follow(web, path, BROWSER).text)
    expected = [f"n{number:04}" for number in range(1, 603)]
    assert found == expected + expected
    assert "Page 2 sur 2" in get(web, "/?page=2").text


def test_an_empty_vault(tmp_path: Path) -> None:
    web = client_of(vault(tmp_path, {"herbier.toml": 'language = "fr"'}))
    for path in ("/", "/tag/", "/dataset", "/sparql"):
        assert get(web, path, BROWSER).status_code == 200


# --- what is kept back ------------------------------------------------------------------------------------------------


def test_a_private_note_is_nowhere(web: FlaskClient) -> None:
    pages = ["/", "/tag/", "/dataset", "/doc/ada-lovelace", "/doc/les-gens", "/tag/calcul", "/sparql"]
    data = [f"/doc/ada-lovelace{suffix}" for suffix in RDF] + ["/tag.ttl", "/dataset.ttl"]
    everything = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    texts = {path: get(web, path, BROWSER).text for path in pages + data}
    texts["sparql"] = ask(web, everything).text
    assert "Ada" in texts["sparql"]
    for path, text in texts.items():
        assert not [word for word in SECRETS if word in text], path


@pytest.mark.parametrize(
    ("path", "media_type", "data"),
    [("dessin.svg", "image/svg+xml", SVG), ("images/photo.png", "image/png", PNG)],
)
def test_files_that_a_note_embeds(web: FlaskClient, path: str, media_type: str, data: bytes) -> None:
    response = get(web, f"/file/{path}")
    assert (response.status_code, response.mimetype, response.data) == (200, media_type, data)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert get(web, f"/file/{path}", If_None_Match=response.headers["ETag"]).status_code == 304
    part = get(web, f"/file/{path}", Range="bytes=1-3")
    assert (part.status_code, part.data) == (206, data[1:4])


@pytest.mark.parametrize(
    "path",
    [
        "notice.pdf",
        "cach%C3%A9e.png",
        "photo.png",
        "herbier.toml",
        ".herbierignore",
        "Ada%20Lovelace.md",
        "images",
        "images/",
        "..%2fcoffre%2fdessin.svg",
        "../coffre/dessin.svg",
        "images/..%2fdessin.svg",
        "images/../dessin.svg",
        "%2e%2e/%2e%2e/etc/passwd",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "dessin.svg%00",
        "dessin.svg/",
        "DESSIN.SVG",
    ],
)
def test_no_other_file(web: FlaskClient, path: str) -> None:
    assert get(web, f"/file/{path}").status_code == 404


def test_odd_names_of_files(tmp_path: Path) -> None:
    names = ["a b.png", "50%.png", "quoi?.png", "pièce.png", "x#y.png", "plus+é.png"]
    note = "".join(f"![](<{quote(name)}>)\n" for name in names)
    nfd = "de\u0301ja\u0300.png"
    files: dict[str, str | bytes] = {name: name.encode() for name in [*names, nfd]}
    web = client_of(vault(tmp_path, {"a.md": f"{note}![[déjà.png]]\n", **files}))
    iris = {str(o) for _, p, o in parsed(get(web, "/doc/a.nt"), "nt") if str(p) == "https://schema.org/image"}
    assert len(iris) == len(names) + 1
    answers = [get(web, iri.removeprefix("http://127.0.0.1:8000")) for iri in sorted(iris)]
    assert {answer.data.decode() for answer in answers} == {*names, nfd}


def test_a_file_that_is_gone_or_leads_elsewhere(tmp_path: Path) -> None:
    folder = vault(tmp_path / "v", {"a.md": "![[a.png]] ![[b.png]]", "a.png": PNG, "b.png": PNG})
    web = client_of(folder)
    (tmp_path / "outside.png").write_bytes(PNG)
    (folder / "a.png").unlink()
    (folder / "b.png").unlink()
    (folder / "b.png").symlink_to(tmp_path / "outside.png")
    assert get(web, "/file/a.png").status_code == 404
    assert get(web, "/file/b.png").status_code == 404


# --- the command ------------------------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Start `herbier serve` on a vault that sets no base."""
    files = {**FILES, "herbier.toml": 'title = "Coffre"\nlanguage = "fr"\n'}
    port = free_port()
    words = command("serve", vault(tmp_path / "coffre", files), "--port", str(port))
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(200):
            try:
                with urlopen(f"{address}healthz", timeout=5) as response:
                    assert response.read() == b"ok\n"
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.05)
        yield address, process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=10)


def test_serve(live: tuple[str, "subprocess.Popen[bytes]"]) -> None:
    from SPARQLWrapper import JSON, SPARQLWrapper  # an independent client

    address, process = live
    client = SPARQLWrapper(f"{address}sparql")
    client.setReturnFormat(JSON)
    client.setQuery("SELECT ?p { ?p a <https://schema.org/Person> } ORDER BY ?p")
    answer: Any = client.queryAndConvert()
    found = answer["results"]["bindings"]
    assert [row["p"]["value"] for row in found] == [f"{address}id/ada-lovelace", f"{address}id/charles-babbage"]
    client.setMethod("POST")
    client.setQuery("ASK { ?s ?p ?o }")
    answer = client.queryAndConvert()
    assert answer["boolean"] is True

    turtle = Request(found[0]["p"]["value"], headers={"Accept": "text/turtle"})
    with urlopen(turtle, timeout=10) as response:  # follows the 303
        assert (response.status, response.url) == (200, f"{address}doc/ada-lovelace")
        assert response.headers.get_all("Date") is not None
        assert len(response.headers.get_all("Date")) == 1
        assert response.headers["Server"].startswith("Herbier/")
        graph = rdflib.Graph().parse(data=response.read(), format="turtle")
    assert (rdflib.URIRef(f"{address}id/ada-lovelace"), rdflib.RDF.type, rdflib.SDO.Person) in graph
    with pytest.raises(HTTPError) as error:
        urlopen(f"{address}doc/projet-secret", timeout=10)
    assert error.value.code == 404
    error.value.close()

    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    lines = told.decode().splitlines()
    assert f"Serving Coffre at {address} (Ctrl+C ends it)" in lines
    assert [line for line in lines if "[default-base]" in line]
    assert not [line for line in lines if "GET" in line], "requests are not told"


def test_a_port_in_use(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", root, "--port", str(port))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: port {port} is in use: choose another one with --port\n"


def test_no_vault_and_no_host(tmp_path: Path, root: Path) -> None:
    assert "there is no folder" in run("serve", tmp_path / "none", "--port", "0").err
    ran = run("serve", root, "--host", "203.0.113.7", "--port", "0")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "203.0.113.7" in ran.err
