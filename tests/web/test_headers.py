"""The headers of every answer: links, validators, methods, who may read it, what a proxy adds."""

import os
import re
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest
from flask.testing import FlaskClient
from tests.conftest import vault
from tests.site import BASE, BROWSER, FILES, RDF, client_of, follow, get, links_of

PATHS = "/ /doc/ada-lovelace /id/ada-lovelace /tag/ /tag/calcul /dataset /sparql /ns /profiles".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    licence = 'license = "https://creativecommons.org/licenses/by/4.0/"\n'
    by = "---\nauteur de la note: https://orcid.org/0000-0002-1825-0097\n---\nDe Ada. ![[photo.png]]\n"
    files = {**FILES, "herbier.toml": f"{FILES['herbier.toml']!s}{licence}", "Signée.md": by}
    return vault(tmp_path_factory.mktemp("web") / "coffre", files)


@pytest.fixture(scope="module")
def web(root: Path) -> FlaskClient:
    return client_of(root)


# --- Link (https://signposting.org/FAIR/) -----------------------------------------------------------------------------


def related(web: FlaskClient, path: str, accept: str | None = None) -> dict[str, set[tuple[str, str]]]:
    """Return what a page's header leads to, by relation: whole addresses with their media types."""
    found: dict[str, set[tuple[str, str]]] = {}
    for link in links_of(get(web, path, accept)):
        target = urljoin(f"{BASE.rstrip('/')}{path}", link.target)
        found.setdefault(link.relation, set()).add((target, link.attributes.get("type", "")))
    return found


FORMATS = {(".html", "text/html"), *((suffix, media_type) for suffix, (media_type, _) in RDF.items())}
LICENCE = {("https://creativecommons.org/licenses/by/4.0/", "")}


def test_links_of_a_page(web: FlaskClient) -> None:
    note = f"{BASE}doc/signee"
    links = related(web, "/doc/signee")
    assert {(f"{note}{suffix}", media_type) for suffix, media_type in FORMATS} <= links["alternate"]
    assert (f"{note}.ttl?_profile=schema", "text/turtle") in links["alternate"]
    assert (f"{note}.html?_profile=alt", "text/html") in links["alternate"]
    assert links["cite-as"] == links["canonical"] == {(note, "")}
    assert links["describedby"] == {(f"{note}.ttl", "text/turtle"), (f"{note}.jsonld", "application/ld+json")}
    assert links["type"] == {("https://schema.org/AboutPage", ""), ("https://schema.org/NoteDigitalDocument", "")}
    assert links["license"] == LICENCE
    assert links["author"] == {("https://orcid.org/0000-0002-1825-0097", "")}
    assert links["item"] == {(f"{BASE}file/images/photo.png", "image/png")}
    assert links["profile"] == {("https://w3id.org/herbier/profiles#all", "")}


@pytest.mark.parametrize("suffix", RDF)
def test_links_of_data(web: FlaskClient, suffix: str) -> None:
    note = f"{BASE}doc/signee"
    for links in (related(web, f"/doc/signee{suffix}"), related(web, "/doc/signee", RDF[suffix][0])):
        assert links["describes"] == {(f"{note}.html", "text/html")}
        assert links["cite-as"] == links["canonical"] == {(note, "")}
        assert links["license"] == LICENCE
        assert "describedby" not in links


def test_links_of_what_is_no_document(web: FlaskClient) -> None:
    thing = related(web, "/id/ada-lovelace")
    assert thing["cite-as"] == {(f"{BASE}id/ada-lovelace", "")}
    assert thing["describedby"] == {(f"{BASE}doc/ada-lovelace", "")}
    assert ("https://schema.org/Person", "") in thing["type"]
    assert thing["license"] == LICENCE
    tag = related(web, "/tag/calcul", "text/turtle")
    assert tag["describedby"] == {(f"{BASE}tag/calcul.ttl", "text/turtle")}
    assert ("http://www.w3.org/2004/02/skos/core#Concept", "") in tag["type"]
    dataset = related(web, "/dataset")
    assert dataset["cite-as"] == {(f"{BASE}dataset", "")}
    assert ("http://rdfs.org/ns/void#Dataset", "") in dataset["type"]
    assert dataset["license"] == LICENCE


def test_a_header_is_ascii(web: FlaskClient) -> None:
    response = get(web, f"/doc/{quote('москва')}")
    assert response.headers["Link"].isascii()
    assert (f"{BASE}doc/{quote('москва')}", "") in related(web, f"/doc/{quote('москва')}")["cite-as"]


# --- validators (RFC 9110, sections 8.8 and 13) -----------------------------------------------------------------------


def test_etag(web: FlaskClient) -> None:
    tags = {}
    kept = ("ETag", "Vary", "Content-Location", "Cache-Control", "Access-Control-Allow-Origin")
    for accept in ("text/html", *(row[0] for row in RDF.values())):
        first = get(web, "/doc/ada-lovelace", accept)
        tag = first.headers["ETag"]
        assert re.fullmatch(r'"[0-9a-f]{32}"', tag), "a strong one"
        tags[accept] = tag
        again = get(web, "/doc/ada-lovelace", accept, If_None_Match=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert {name: again.headers[name] for name in kept} == {name: first.headers[name] for name in kept}
    assert len(set(tags.values())) == len(tags), "one for each representation"
    assert get(web, "/doc/ada-lovelace", "text/html", If_None_Match=tags["text/turtle"]).status_code == 200
    assert get(web, "/doc/ada-lovelace", "text/turtle", If_None_Match=f'"x", {tags["text/turtle"]}').status_code == 304


def test_last_modified_is_that_of_the_newest_source(tmp_path: Path) -> None:
    web = client_of(vault(tmp_path, {"a.md": "Un [[b]].", "b.md": "Deux."}))
    first = get(web, "/doc/a").headers["Last-Modified"]
    assert get(web, "/doc/a", If_Modified_Since=first).status_code == 304
    assert get(web, "/doc/a", If_Modified_Since="Sat, 01 Jan 2000 00:00:00 GMT").status_code == 200
    other = get(web, "/doc/a", If_Modified_Since=first, If_None_Match='"x"')
    assert other.status_code == 200, "the ETag goes before the date"
    os.utime(tmp_path / "b.md", (4e9, 4e9))  # the other note, and in the future
    later = get(client_of(tmp_path), "/doc/a")
    assert later.headers["Last-Modified"] >= first
    assert "20" in later.headers["Last-Modified"] and "2096" not in later.headers["Last-Modified"]


# --- methods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PATHS, "/file/dessin.svg", "/static/style.css", "/healthz"])
def test_options(web: FlaskClient, path: str) -> None:
    response = web.options(path, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
    assert (response.status_code, response.data) == (200, b"")
    allowed = set(response.headers["Allow"].split(", "))
    assert {"GET", "HEAD", "OPTIONS"} <= allowed
    assert response.headers["Access-Control-Allow-Methods"] == response.headers["Allow"]
    assert "Accept-Profile" in response.headers["Access-Control-Allow-Headers"]
    assert "Content-Type" not in response.headers


# --- other sites, and proxies -----------------------------------------------------------------------------------------

ANY = [*PATHS, "/doc/none", "/doc/ada-lovelace.ttl", "/file/dessin.svg", "/static/style.css", "/healthz"]


@pytest.mark.parametrize("path", ANY)
@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS"])
def test_other_sites_may_read_what_is_public(web: FlaskClient, path: str, method: str) -> None:
    response = web.open(path, method=method, headers={"Origin": "https://a.example"}, buffered=True)
    assert response.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Link" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ANY)
def test_other_sites_may_not_read_a_preview(root: Path, path: str) -> None:
    web = client_of(root, preview=True)
    for host in ("localhost:8000", "127.0.0.1:8000", "[::1]:8000"):
        other = get(web, path, Host=host, Origin="https://a.example")
        assert "Access-Control-Allow-Origin" not in other.headers
        assert "Origin" in ", ".join(other.headers.getlist("Vary"))
        near = get(web, path, Host=host, Origin="http://localhost:3000")
        assert near.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    for headers in ({"Host": "herbier.example"}, {"Host": "localhost:8000", "X-Forwarded-For": "203.0.113.7"}):
        behind = web.get(path, headers={**headers, "Origin": "https://a.example"}, buffered=True)
        assert behind.headers["Access-Control-Allow-Origin"] == "*", "a proxy makes it public"


def test_nothing_that_a_proxy_may_say_is_believed(web: FlaskClient) -> None:
    said = {
        "Host": "evil.example",
        "Forwarded": "for=1.2.3.4;host=evil.example;proto=https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Prefix": "/evil",
    }
    for path in ANY:
        for accept in (BROWSER, "text/turtle"):
            response = web.get(path, headers={**said, "Accept": accept}, buffered=True)
            assert "evil" not in f"{response.headers}{response.text}"


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_what_is_kept_is_what_was_made(root: Path) -> None:
    fresh = client_of(root)
    asked = [
        ("/doc/ada-lovelace", BROWSER, ""),
        ("/doc/ada-lovelace", "text/turtle", ""),
        ("/doc/ada-lovelace", "text/turtle", "schema"),
        ("/doc/ada-lovelace?_profile=alt", BROWSER, ""),
        ("/tag/calcul?page=2", BROWSER, ""),
        ("/id/ada-lovelace?x=1", BROWSER, ""),
        ("/id/ada-lovelace", BROWSER, ""),
    ]
    first = [follow(fresh, path, accept, Accept_Profile=profile) for path, accept, profile in asked]
    again = [follow(fresh, path, accept, Accept_Profile=profile) for path, accept, profile in reversed(asked)]
    for one, other in zip(first, reversed(again), strict=True):
        assert (one.status, list(one.headers), one.data) == (other.status, list(other.headers), other.data)
    assert len({response.data for response in first[:5]}) == 5


def test_the_room_for_what_is_kept_is_bounded(root: Path) -> None:
    web = client_of(root)
    cache = web.application.extensions["herbier"].response_cache
    cache.room = cache._free = 100_000
    for number in range(300):
        assert get(web, f"/doc/ada-lovelace?page={number}", BROWSER).status_code == 200
        assert 0 <= cache._free <= 100_000
    assert 1 < len(cache._kept) < 50
