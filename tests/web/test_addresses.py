"""What each address answers: where it leads, what it never was, what may be done there; and that every link works."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pytest
import rdflib
from flask.testing import FlaskClient
from tests.conftest import ROOT
from tests.site import BASE, BROWSER, RDF, client_of, follow, get, links_of, parsed


@pytest.mark.parametrize("slug", ["ada-lovelace", "machine-analytique", "москва"])
@pytest.mark.parametrize("accept", [None, BROWSER, "text/turtle", "image/png"])
def test_a_thing_leads_to_its_note(web: FlaskClient, slug: str, accept: str | None) -> None:
    asked = f"/id/{quote(slug)}"
    response = get(web, asked, accept)
    assert (response.status_code, response.headers["Vary"]) == (303, "Accept, Accept-Profile, Prefer")
    assert urljoin(asked, response.headers["Location"]) == f"/doc/{quote(slug)}"


@pytest.mark.parametrize(
    "path",
    [
        "/id/nobody",
        "/doc/nobody",
        "/tag/nothing",
        "/key/nothing",
        "/id/projet-secret",
        "/doc/projet-secret",
        "/nope",
        "/doc/brouillon-cache",
        "/doc/",
        "/id/",
        "/doc/a%20b",
        "/doc/100%25",
        "/doc/ada-lovelace%23images",
        "/doc/%3Ca%3E",
        "/doc/ada-lovelace%3Fx",
        "/doc/%EE%80%80",
        "/doc/%ff",
        "/doc/ada-lovelace/",
        "//doc/ada-lovelace",
        "/tag//ethique",
        "/doc/Ada-Lovelace",
        "/tag/ethique/",
        "/key/",
        "/dataset/",
        "/dataset.xyz",
    ],
)
@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
def test_unknown(web: FlaskClient, path: str, accept: str) -> None:
    response = get(web, path, accept)
    assert response.status_code == 404
    assert response.mimetype == ("text/html" if accept == BROWSER else "text/plain")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/id/ada-lovelace",
        "/doc/ada-lovelace",
        "/doc/ada-lovelace.ttl",
        "/tag/",
        "/tag/calcul",
        "/dataset",
        "/key/couleur_pr%C3%A9f%C3%A9r%C3%A9e",
        "/file/dessin.svg",
        "/ns",
        "/healthz",
        "/sparql?query=ASK%7B%7D",
        "/doc/no",
        "/static/style.css",
    ],
)
def test_head(web: FlaskClient, path: str) -> None:
    got = get(web, path)
    head = web.head(path, buffered=True)
    assert (head.status_code, head.data) == (got.status_code, b"")
    assert head.headers["Content-Length"] == str(len(got.data))
    for name in ("Content-Type", "ETag", "Vary", "Location"):
        assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize("path", ["/", "/doc/ada-lovelace", "/id/ada-lovelace", "/sparql", "/ns", "/tag/"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(web: FlaskClient, path: str, method: str) -> None:
    response = web.open(path, method=method)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_note_not_written(web: FlaskClient) -> None:
    page = get(web, "/doc/machine-analytique").text
    assert "Cette note n’est pas encore écrite" in page
    assert '<a href="../doc/ada-lovelace"' in page
    assert '<a href="../doc/charles-babbage"' in page
    subject = rdflib.URIRef(f"{BASE}doc/machine-analytique")
    stub = rdflib.URIRef("https://w3id.org/herbier#Stub")
    assert (subject, rdflib.RDF.type, stub) in parsed(get(web, "/doc/machine-analytique.ttl"), "turtle")


def test_tags(web: FlaskClient) -> None:
    page = follow(web, "/tag/ethique/ete").text
    assert 'lang="fr" dir="auto">Été</h1>' in page
    assert '<a href="../../doc/ada-lovelace"' in page
    assert '<a href="../../tag/ethique"' in page
    above = follow(web, "/tag/ethique").text
    assert '<a href="../tag/ethique/ete"' in above
    assert "doc/ada-lovelace" not in above, "the note has the narrower tag only"
    every = get(web, "/tag/").text
    assert 'href="../tag/calcul"' in every
    assert 'href="../tag/ethique/ete"' in every
    moved = get(web, "/tag")
    assert (moved.status_code, urljoin("/tag", moved.headers["Location"])) == (308, "/tag/")


def test_keys_and_dataset(web: FlaskClient) -> None:
    key = follow(web, "/key/couleur_pr%C3%A9f%C3%A9r%C3%A9e").text
    assert "couleur préférée" in key
    assert '<a href="../doc/ada-lovelace"' in key
    assert '<a href="../key/couleur_préférée"' not in get(web, "/doc/ada-lovelace").text
    assert "Coffre d’essai" in get(web, "/dataset").text


@pytest.mark.parametrize("base", ["https://herbier.example/a/réseau/", "https://herbier.example/a/r%C3%A9seau"])
def test_a_base_with_a_path(root: Path, base: str) -> None:
    web = client_of(root, base)
    for above in ("", "/a/r%C3%A9seau"):  # a proxy may take the path away, or leave it
        asked = f"{above}/id/ada-lovelace"
        led = urljoin(asked, get(web, asked).headers["Location"])
        assert led == f"{above}/doc/ada-lovelace"
        page = get(web, led)
        for address in re.findall(r'href="([^"#:]+)"', page.text):
            target = urljoin(led, address)
            assert target.startswith(f"{above}/")
            assert follow(web, quote(target, safe="/%?=&"), BROWSER).status_code == 200
        graph = parsed(get(web, f"{led}.ttl"), "turtle")
        assert any(str(subject).endswith("/id/ada-lovelace") for subject, *_ in graph)


# --- the rules of Cool URIs (https://www.w3.org/TR/cooluris/) ---------------------------------------------------------

IDENTIFIERS = ["id/ada-lovelace", "id/machine-analytique", "tag/calcul", "tag/ethique/ete", "key/couleur_préférée"]


@pytest.mark.parametrize("path", IDENTIFIERS)
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        (BROWSER, "text/html"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml, text/html;q=0.5", "application/rdf+xml"),
        ("application/rdf+xml;q=0.5, text/html", "text/html"),
        ("text/html;q=0.9, application/ld+json;q=0.95, */*;q=0.1", "application/ld+json"),
    ],
)
def test_what_is_no_document_leads_to_one(web: FlaskClient, path: str, accept: str | None, media_type: str) -> None:
    asked = f"/{quote(path)}"
    first = get(web, asked, accept)
    assert first.status_code == 303, "a thing, a concept, a property: no server can send it"
    assert first.headers["Vary"] == "Accept, Accept-Profile, Prefer"
    assert urlsplit(urljoin(asked, first.headers["Location"])).path != asked
    last = follow(web, asked, accept)
    assert (last.status_code, last.mimetype) == (200, media_type)
    if media_type == "text/html":
        assert f"{BASE}{path}" in last.text, "the page names what it is about"
    else:
        name = next(name for known, name in RDF.values() if known == media_type)
        assert [triple for triple in parsed(last, name) if triple[0] == rdflib.URIRef(f"{BASE}{path}")]


@pytest.mark.parametrize("suffix", RDF)
def test_headings_and_nested_values_dereference(web: FlaskClient, suffix: str) -> None:
    media_type, name = RDF[suffix]
    every = parsed(get(web, "/doc/ada-lovelace.nt"), "nt")
    inside = {subject for subject, *_ in every if "#" in str(subject)}
    assert inside
    for subject in inside:
        path = str(subject).partition("#")[0].removeprefix(BASE)
        said = parsed(follow(web, f"/{path}", media_type), name)
        assert [triple for triple in said if triple[0] == subject]


# --- every link -------------------------------------------------------------------------------------------------------

LINKS = re.compile(r'<(\w+)[^>]*?\s(?:href|src|action)="([^"]*)"')


def crawl(web: FlaskClient, *starts: str, below: str = "/") -> dict[str, int]:
    """Ask for all that pages and headers lead to on the host that is asked; return the status of each address."""
    found: dict[str, int] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = get(web, address, BROWSER)
        found[address] = response.status_code
        response.close()
        led = [response.headers[name] for name in ("Location", "Content-Location") if name in response.headers]
        led += [link.target for link in links_of(response) if not link.target.startswith(("http:", "https:"))]
        if response.mimetype == "text/html":
            for tag, target in LINKS.findall(response.text):
                if "://" in target:  # only what is clicked leads elsewhere, and none to where the notes will be
                    assert tag == "a" and not target.startswith(BASE), f"{address}: {target}"
                elif not target.startswith("data:"):
                    led.append(unescape(target))
        for target in led:
            whole = urlsplit(urljoin(f"http://localhost{address}", target))
            assert whole.netloc == "localhost"
            assert whole.path.startswith(below), f"{address} leads to {target}, above where the site stands"
            waiting.append(quote(whole.path, safe="/%~") + (f"?{whole.query}" if whole.query else ""))
    return found


@pytest.mark.parametrize("above", ["/", "/un/chemin/"])
def test_every_link_works_on_the_host_that_is_asked(root: Path, above: str) -> None:
    web = client_of(root, f"{BASE.rstrip('/')}{above}")
    found = crawl(web, above, f"{above}key/{quote('couleur_préférée')}", below=above)
    assert {status for status in found.values() if status not in (200, 303, 308)} == set()
    assert len(found) > 100
    for kind in ("doc/", "tag/", "key/", "file/", "dataset", "profiles", "doc/ada-lovelace?_profile=alt"):
        assert [address for address in found if address.startswith(f"{above}{kind}")], kind


def test_every_link_of_the_seeds_works() -> None:
    web = client_of(ROOT / "seeds", BASE)
    graphs = quote("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")  # that of an included file is no page
    found = crawl(web, "/", f"/sparql?query={graphs}")
    assert {address: status for address, status in found.items() if status not in (200, 303, 308)} == {}
