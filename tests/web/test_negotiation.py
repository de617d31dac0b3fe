"""Which representation a request is given: by Accept, by a suffix, by a profile; the same triples in each."""

import json
from pathlib import Path
from urllib.parse import quote, urljoin

import pyoxigraph
import pytest
import rdflib
from flask.testing import FlaskClient
from pyld import jsonld
from tests.conftest import build_notes, vault
from tests.site import BASE, BROWSER, RDF, ask, client_of, follow, get, links_of, parsed


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("  ", "text/html"),
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/*", "text/html"),
        ("application/*", "application/ld+json"),
        ("text/turtle, */*", "text/turtle"),
        ("text/turtle;q=0.5, application/ld+json;q=0.8", "application/ld+json"),
        ("text/html;q=0.2, text/turtle", "text/turtle"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/html;q=0, text/*", "text/turtle"),
        ("*/*;q=0.1, application/rdf+xml;q=0.2", "application/rdf+xml"),
        ("application/rdf+xml, text/turtle", "text/turtle"),  # as good to the client: ours to choose
        ("image/png, application/n-triples;q=0.3", "application/n-triples"),
        ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1", "application/rdf+xml"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("nonsense", None),
    ],
)
def test_accept(web: FlaskClient, accept: str | None, media_type: str | None) -> None:
    for path in ("/doc/ada-lovelace", "/doc/machine-analytique", "/tag/ethique/ete", "/tag/", "/dataset", "/profiles"):
        first = get(web, path, accept)
        assert first.headers["Vary"] == "Accept, Accept-Profile" + (", Prefer" if media_type else "")
        if media_type is None:
            assert (first.status_code, first.mimetype) == (406, "text/plain")
            assert all(known in first.text for known in ("text/html", *(row[0] for row in RDF.values())))
        else:
            response = follow(web, path, accept)
            assert (response.status_code, response.mimetype) == (200, media_type)


@pytest.mark.parametrize("suffix", RDF)
@pytest.mark.parametrize(
    "path",
    [
        "doc/ada-lovelace",
        "doc/piege",
        "doc/machine-analytique",
        "doc/москва",
        "tag/ethique/ete",
        "tag",
        "dataset",
        "key/couleur_préférée",
        "profiles",
    ],
)
def test_every_format_has_the_same_triples(web: FlaskClient, path: str, suffix: str) -> None:
    media_type, name = RDF[suffix]
    response = get(web, f"/{quote(path)}{suffix}", accept="image/png")
    assert (response.status_code, response.mimetype) == (200, media_type), "the suffix wins"
    assert "Vary" not in response.headers
    found = parsed(response, name)
    assert found
    assert found == parsed(get(web, f"/{quote(path)}.nt"), "nt")


def test_html_by_suffix(web: FlaskClient) -> None:
    assert get(web, "/doc/ada-lovelace.html", "text/turtle").mimetype == "text/html"
    assert get(web, "/doc/ada-lovelace.xyz").status_code == 404
    assert get(web, "/doc/nobody.ttl").status_code == 404
    assert get(web, "/doc/.ttl").status_code == 404


def test_a_note_is_its_graph(web: FlaskClient, root: Path) -> None:
    note = pyoxigraph.NamedNode(f"{BASE}doc/ada-lovelace")
    every = pyoxigraph.parse(build_notes(root).data, format=pyoxigraph.RdfFormat.N_QUADS)
    graph = {str(quad.triple) for quad in every if quad.graph_name == note}
    assert triples_at(web, "/doc/ada-lovelace.nt?_profile=bare") == graph


def triples_at(web: FlaskClient, path: str, **headers: str) -> set[str]:
    sent = follow(web, path, "application/n-triples", **headers)
    return {str(quad.triple) for quad in pyoxigraph.parse(sent.data, format=pyoxigraph.RdfFormat.N_TRIPLES)}


def test_a_note_has_the_names_of_what_it_links_to_unless_they_are_declined(web: FlaskClient) -> None:
    bare = triples_at(web, "/doc/ada-lovelace.nt?_profile=bare")
    more = triples_at(web, "/doc/ada-lovelace")
    names = more - bare
    assert more > bare
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    assert f'<{BASE}id/machine-analytique> {label} "Machine analytique"@fr' in names
    predicates = {name.split(" ")[1].rpartition("/")[2].rpartition("#")[2] for name in names}
    assert predicates <= {"label>", "prefLabel>", "name>", "title>"}
    assert {name.split(" ")[0] for name in names} <= {word for triple in bare for word in triple.split(" ")}
    for little in ("return=minimal", 'respond-async, return="minimal"', "Return = Minimal; x=y, wait=3"):
        assert triples_at(web, "/doc/ada-lovelace", Prefer=little) == bare
    for much in ("return=representation", "minimal", "x=return", "return=minimally"):
        assert triples_at(web, "/doc/ada-lovelace", Prefer=much) == more
    response = follow(web, "/doc/ada-lovelace", "text/turtle", Prefer="return=minimal")
    assert response.headers["Content-Profile"] == f"<{PROFILES}bare>"
    assert follow(web, "/doc/ada-lovelace", "text/html", Prefer="return=minimal").status_code == 200


@pytest.mark.parametrize("kind", ["id", "doc"])
@pytest.mark.parametrize("slug", ["ada-lovelace", "machine-analytique", "москва"])
def test_describe_is_the_note(web: FlaskClient, kind: str, slug: str) -> None:
    answer = ask(web, f"DESCRIBE <{BASE}{kind}/{slug}>", "application/n-triples")
    assert parsed(answer, "nt") == parsed(get(web, f"/doc/{quote(slug)}.nt"), "nt")


def test_what_rdfxml_cannot_write(tmp_path: Path) -> None:
    graph = '<http://127.0.0.1:8000/doc/a> { <https://a.example/s> <https://a.example/2024> "x" }'
    web = client_of(vault(tmp_path, {"a.md": "Un.", "herbier.toml": 'include = ["x.trig"]', "x.trig": graph}))
    assert get(web, "/doc/a.rdf").status_code == 406
    assert get(web, "/doc/a", "application/rdf+xml").status_code == 406
    for path in ("/doc/a", "/doc/a?_profile=alt"):
        for accept in (BROWSER, "text/turtle"):
            sent = get(web, path, accept)
            assert sent.status_code == 200
            offered = f"{sent.headers['Link']}{sent.text}"  # nowhere is offered what cannot be had
            assert "a.jsonld" in offered
            assert "a.rdf" not in offered
            assert "application/rdf+xml" not in offered
    assert "a.rdf" not in get(web, "/doc/a", "image/png").text
    assert len(parsed(get(web, "/doc/a.jsonld"), "json-ld")) == len(parsed(get(web, "/doc/a.nt"), "nt"))
    assert get(web, "/doc/a", "application/rdf+xml, text/turtle;q=0.1").mimetype == "text/turtle"
    construct = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(CONTAINS(STR(?p), '2024')) }"
    assert ask(web, construct, "application/rdf+xml").status_code == 406
    assert b"2024" in ask(web, construct, "text/turtle").data


# --- the forms of JSON-LD (JSON-LD 1.1, section 6.2) ------------------------------------------------------------------

FORM = "http://www.w3.org/ns/json-ld#"


@pytest.mark.parametrize(
    ("accept", "sent"),
    [
        ('application/ld+json;profile="{}expanded"', "expanded"),
        ('application/ld+json;profile="{}flattened"', "flattened"),
        ('application/ld+json;profile="{}compacted"', "compacted"),
        ('application/ld+json; profile="{0}expanded {0}flattened"', "expanded"),
        ("application/ld+json", ""),
        ('application/ld+json;profile="{}framed"', ""),
        ('application/ld+json;profile="{}streaming";q=0.3, text/turtle;q=0.2', ""),
        ('application/ld+json;profile="{}expanded";q=0.1, application/ld+json;q=0.2', ""),
    ],
)
def test_forms_of_jsonld(web: FlaskClient, accept: str, sent: str) -> None:
    asked = "/doc/ada-lovelace"
    response = get(web, asked, accept.format(FORM))
    profile = f';profile="{FORM}{sent}"' if sent else ""
    assert response.headers["Content-Type"] == f"application/ld+json{profile}"
    read = json.loads(response.data)
    expanded = sent in ("expanded", "flattened")
    assert isinstance(read, list) == expanded, "only what is compacted has a context"
    if expanded:
        names = [node["@id"] for node in read]
        assert len(names) == len(set(names)), "each node once"
    lines = jsonld.to_rdf(read, {"format": "application/n-quads"})
    assert parsed_lines(lines) == parsed(get(web, f"{asked}.nt"), "nt")
    if sent:
        assert response.headers["ETag"] != get(web, asked, "application/ld+json").headers["ETag"], "its type is another"
    again = get(web, urljoin(asked, response.headers["Content-Location"]))
    assert (again.data, again.headers["Content-Type"]) == (response.data, response.headers["Content-Type"])


def parsed_lines(text: str) -> set[tuple[rdflib.term.Node, ...]]:
    return set(rdflib.Graph().parse(data=text, format="nt"))


# --- profiles (https://www.w3.org/TR/dx-prof-conneg/) -----------------------------------------------------------------

PROFILES = "https://w3id.org/herbier/profiles#"
NAMESPACES = {
    "schema": "https://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


@pytest.mark.parametrize("way", ["token", "IRI", "header", "header token"])
@pytest.mark.parametrize("token", NAMESPACES)
def test_profiles(web: FlaskClient, token: str, way: str) -> None:
    path = "/tag/ethique/ete.ttl" if token == "skos" else "/doc/ada-lovelace.ttl"
    generic = path.removesuffix(".ttl")
    whole = parsed(get(web, path), "turtle")
    sent = {
        "token": lambda: get(web, f"{path}?_profile={token}"),
        "IRI": lambda: get(web, f"{path}?_profile={quote(PROFILES + token, safe='')}"),
        "header": lambda: follow(web, generic, "text/turtle", Accept_Profile=f"<{PROFILES}{token}>;q=0.9, <urn:x>"),
        "header token": lambda: follow(web, generic, "text/turtle", Accept_Profile=f"{token}, all;q=0.1"),
    }[way]()
    assert sent.status_code == 200
    start = NAMESPACES[token]
    expected = {(s, p, o) for s, p, o in whole if str(o if p == rdflib.RDF.type else p).startswith(start)}
    assert parsed(sent, "turtle") == expected
    assert expected
    others = {p for _, p, _ in whole - expected}
    assert others == {rdflib.DCTERMS.title} if token == "skos" else len(others) > 1, "of a tag all is said with SKOS"
    assert sent.headers["Content-Profile"] == f"<{PROFILES}{token}>"
    assert f'<{PROFILES}{token}>; rel="profile"' in sent.headers["Link"]


@pytest.mark.parametrize(
    ("accept_profile", "token"),
    [
        ("", "all"),
        ("*", "all"),
        (f"<{PROFILES}all>, <{PROFILES}schema>;q=0.5", "all"),
        (f"<{PROFILES}dcterms>;q=0.3, <{PROFILES}schema>;q=0.5", "schema"),
        (f"<{PROFILES}schema>;q=0, *;q=0.5", "all"),
        ("<urn:unknown>", "all"),  # the draft's section 5: the default is sent, and says which it is
        ("nonsense;;,<", "all"),
        (f"<{PROFILES}skos>, <{PROFILES}dcterms>;q=0.2", "dcterms"),  # nothing is said of Ada with SKOS
    ],
)
def test_preferred_profiles(web: FlaskClient, accept_profile: str, token: str) -> None:
    response = get(web, "/doc/ada-lovelace", "application/n-triples", Accept_Profile=accept_profile)
    assert response.headers["Content-Profile"] == f"<{PROFILES}{token}>"
    assert response.headers["Vary"] == "Accept, Accept-Profile, Prefer"


def test_media_type_and_profile_in_the_query(web: FlaskClient) -> None:
    query = "?_profile=schema&_mediatype=application/n-triples"
    response = get(web, f"/doc/ada-lovelace{query}", BROWSER)
    assert (response.status_code, response.mimetype) == (200, "application/n-triples"), "the query goes before Accept"
    assert response.headers["Content-Profile"] == f"<{PROFILES}schema>"
    assert response.data == get(web, "/doc/ada-lovelace.nt?_profile=schema").data
    assert get(web, f"/id/ada-lovelace{query}").headers["Location"].endswith(f"doc/ada-lovelace{query}")
    browser = get(web, "/doc/ada-lovelace?_profile=schema", BROWSER)
    assert browser.mimetype == "text/turtle", "a part has no page; */* takes its Turtle"


@pytest.mark.parametrize("query", ["_profile=nonsense", "_mediatype=image/png", "_profile=skos"])
def test_what_the_query_asks_for_is_not_there(web: FlaskClient, query: str) -> None:
    response = get(web, f"/doc/ada-lovelace?{query}")
    assert response.status_code == 404
    addresses = [line.split("\t")[0] for line in response.text.splitlines() if "\t" in line]
    assert len(addresses) >= 5
    for address in addresses:
        assert get(web, urljoin("/doc/ada-lovelace", address)).status_code == 200


@pytest.mark.parametrize("path", ["doc/ada-lovelace", "tag/ethique/ete", "dataset", "tag/"])
def test_list_of_what_there_is(web: FlaskClient, path: str) -> None:
    altr = rdflib.Namespace("http://www.w3.org/ns/dx/connegp/altr#")
    answer = follow(web, f"/{path}?_profile=alt", "text/turtle")
    assert answer.mimetype == "text/turtle"
    graph = rdflib.Graph().parse(data=answer.data, format="turtle")
    subject = rdflib.URIRef(f"{BASE}{path}")
    nodes = [*graph.objects(subject, altr.hasRepresentation), *graph.objects(subject, altr.hasDefaultRepresentation)]
    assert len(nodes) >= 9
    assert len(set(graph.objects(subject, altr.hasDefaultRepresentation))) == 1
    for node in nodes:
        sent = get(web, "/" + str(node).removeprefix(BASE))
        assert sent.status_code == 200
        assert sent.mimetype == str(graph.value(node, rdflib.DCTERMS.format))
        assert sent.headers["Content-Profile"] == f"<{graph.value(node, rdflib.DCTERMS.conformsTo)}>"
    for profile in set(graph.objects(None, rdflib.DCTERMS.conformsTo)):
        assert graph.value(profile, rdflib.URIRef("http://www.w3.org/ns/dx/prof/hasToken"))
    tokens = {
        link.attributes["token"]: link.attributes["anchor"] for link in links_of(answer) if link.relation == "type"
    }
    assert tokens["all"] == f"{PROFILES}all"
    assert '<http://www.w3.org/ns/dx/connegp/altr>; rel="profile"' in answer.headers["Link"]
    page = follow(web, f"/{path}?_profile=alt", BROWSER)
    assert page.mimetype == "text/html"
    assert "Ce qui peut être obtenu" in page.text
    assert ".rdf?_profile=" in page.text
