"""The dataset describes itself as it is: each count and digest is taken again from the files by other means."""

import gzip
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from hashlib import sha256
from os import environ
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph
import pyshacl
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, RDF, SH, VOID, XSD, Namespace, URIRef
from tests.conftest import ROOT, vault
from tests.site import client_of, fetch, parsed

from herbier.web.wording import words_in

SPDX = Namespace("http://spdx.org/rdf/terms#")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
BASE = "https://herbier.example/v/"
FILES: Mapping[str, str | bytes] = {
    "herbier.toml": f'base = "{BASE}"\ntitle = "Coffre"\nlanguage = "fr"\npublisher = "Une éditrice"\n'
    'license = "https://creativecommons.org/licenses/by/4.0/"\ninclude = ["plus.ttl"]\n',
    "Ada Lovelace.md": "---\ntype: personne\ntags: [Éthique/Été, calcul]\ncouleur préférée: bleu\n"
    "precedes: '[[Alan Turing]]'\n---\nElle annote [[Machine analytique]]. ![[dessin.png]]\n",
    # the inverse of what the other note says: one triple in two graphs
    "Alan Turing.md": "---\ntype: personne\nfollows: '[[Ada Lovelace]]'\n---\n## Généralité\nIl pense.\n",
    "Algorithme.md": "---\ntype: concept\n---\nUne recette.\n",
    "Tri.md": "---\ntype: '[[Algorithme]]'\n---\nMettre en ordre.\n",
    "Secret.md": "---\nprivate: true\n---\nRien.\n",
    "dessin.png": b"\x89PNG\r\n\x1a\n",
    "plus.ttl": "<https://elsewhere.example/x> <https://schema.org/name> 'Ailleurs' .",
}
FORMATS = {".nq.gz": "nquads", ".trig.gz": "trig", ".nt.gz": "nt", ".ttl.gz": "turtle", ".jsonld.gz": "json-ld"}
OXIGRAPH = {
    ".nq.gz": pyoxigraph.RdfFormat.N_QUADS,
    ".trig.gz": pyoxigraph.RdfFormat.TRIG,
    ".nt.gz": pyoxigraph.RdfFormat.N_TRIPLES,
    ".ttl.gz": pyoxigraph.RdfFormat.TURTLE,
    ".jsonld.gz": pyoxigraph.RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of(vault(tmp_path_factory.mktemp("dataset") / "coffre", FILES))


@pytest.fixture(scope="module")
def described(web: FlaskClient) -> rdflib.Graph:
    return rdflib.Graph().parse(data=fetch(web, "/dataset.ttl").data, format="turtle")


@pytest.fixture(scope="module")
def published(web: FlaskClient) -> rdflib.Graph:
    """All that is published, as the dump in N-Triples has it and rdflib reads it."""
    return rdflib.Graph().parse(data=gzip.decompress(fetch(web, "/dump/dataset.nt.gz").data), format="nt")


DATASET = URIRef(f"{BASE}dataset")


def number(graph: rdflib.Graph, subject: rdflib.term.Node, predicate: URIRef) -> int:
    return int(str(graph.value(subject, predicate, any=False)))


# --- counts -----------------------------------------------------------------------------------------------------------


def test_the_counts_are_those_of_the_dump(described: rdflib.Graph, published: rdflib.Graph) -> None:
    subjects, objects = set(published.subjects()), set(published.objects())
    counted = {
        VOID.triples: len(published),
        VOID.entities: len({subject for subject in subjects if str(subject).startswith(BASE)}),
        VOID.distinctSubjects: len(subjects),
        VOID.distinctObjects: len(objects),
        VOID.properties: len(set(published.predicates())),
        VOID.classes: len(set(published.objects(None, RDF.type))),
    }
    assert counted[VOID.entities] < counted[VOID.distinctSubjects]
    assert {name: number(described, DATASET, name) for name in counted} == counted
    assert described.value(DATASET, VOID.uriSpace) == rdflib.Literal(BASE)


def test_the_counts_of_classes_and_properties(described: rdflib.Graph, published: rdflib.Graph) -> None:
    instances = defaultdict(set)
    for subject, kind in published.subject_objects(RDF.type):
        instances[kind].add(subject)
    parts = list(described.objects(DATASET, VOID.classPartition))
    assert {described.value(part, VOID["class"]): number(described, part, VOID.entities) for part in parts} == {
        kind: len(found) for kind, found in instances.items()
    }
    assert len(parts) == len(instances)
    parts = list(described.objects(DATASET, VOID.propertyPartition))
    found = {
        described.value(part, VOID.property): tuple(
            number(described, part, name) for name in (VOID.triples, VOID.distinctSubjects, VOID.distinctObjects)
        )
        for part in parts
    }
    assert found == {
        name: (
            len(list(published.triples((None, name, None)))),
            len(set(published.subjects(name))),
            len(set(published.objects(None, name))),
        )
        for name in set(published.predicates())
    }
    assert len(parts) == len(found)


def test_the_counts_hold_in_every_door(web: FlaskClient, described: rdflib.Graph) -> None:
    triples = number(described, DATASET, VOID.triples)
    query = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    assert fetch(web, "/sparql", "text/csv", query=query).text.split() == ["n", str(triples)]
    union = fetch(web, "/fragments", "application/n-quads", graph=f"{BASE}fragments#union").text
    assert f'hydra/core#totalItems> "{triples}"^^' in union
    for suffix in FORMATS:
        data = gzip.decompress(fetch(web, f"/dump/dataset{suffix}").data)
        assert len({quad.triple for quad in pyoxigraph.parse(data, format=OXIGRAPH[suffix])}) == triples
    lines = gzip.decompress(fetch(web, "/dump/dataset.nt.gz").data).splitlines()
    assert len(lines) == len(set(lines)) == triples
    quads = gzip.decompress(fetch(web, "/dump/dataset.nq.gz").data).splitlines()
    assert len(quads) == len(set(quads)) > triples, "two notes say the same"
    page = fetch(web, "/dataset", "text/html").text
    assert f"<dt>{words_in('fr')['count-triples']}</dt><dd>{triples}</dd>" in page


def test_vocabularies_and_examples(web: FlaskClient, described: rdflib.Graph, published: rdflib.Graph) -> None:
    used = {*published.predicates(), *published.objects(None, RDF.type)}
    vocabularies = set(map(str, described.objects(DATASET, VOID.vocabulary)))
    assert all(any(str(term).startswith(name) for term in used) for name in vocabularies)
    assert {"https://schema.org/", "http://purl.org/dc/terms/", "https://w3id.org/herbier#"} <= vocabularies
    examples = list(described.objects(DATASET, VOID.exampleResource))
    assert len(examples) == 3
    for example in examples:
        assert (example, None, None) in published
        asked = str(example).removeprefix(BASE.rstrip("/"))
        assert fetch(web, urljoin(asked, fetch(web, asked).headers["Location"])).status_code == 200


def test_what_is_published_of_the_dataset_is_not_said_otherwise(
    described: rdflib.Graph, published: rdflib.Graph
) -> None:
    stated = set(published.triples((DATASET, None, None)))
    assert stated
    assert stated <= set(described)
    assert not [p for _, p, _ in stated if p in (VOID.triples, DCAT.distribution)], "it would count itself"


# --- files ------------------------------------------------------------------------------------------------------------


def test_the_distributions_are_the_files(web: FlaskClient, described: rdflib.Graph) -> None:
    files = {}
    for item in described.objects(DATASET, DCAT.distribution):
        address = str(described.value(item, DCAT.downloadURL))
        answer = fetch(web, address.removeprefix(BASE.rstrip("/")))
        assert answer.mimetype == "application/gzip"
        assert described.value(item, DCAT.compressFormat) == URIRef(f"{MEDIA_TYPES}application/gzip")
        assert described.value(item, DCAT.byteSize) == rdflib.Literal(len(answer.data), datatype=XSD.nonNegativeInteger)
        checksum = described.value(item, SPDX.checksum)
        assert described.value(checksum, RDF.type) == SPDX.Checksum
        assert described.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        value = described.value(checksum, SPDX.checksumValue)
        assert str(value).lower() == sha256(answer.data).hexdigest()
        assert isinstance(value, rdflib.Literal)
        assert value.datatype == XSD.hexBinary
        assert fetch(web, str(described.value(item, DCAT.accessURL)).removeprefix(BASE.rstrip("/"))).status_code == 200
        assert str(described.value(item, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
        files[address] = str(described.value(item, DCAT.mediaType)).removeprefix(MEDIA_TYPES)
    assert sorted(files) == sorted(map(str, described.objects(DATASET, VOID.dataDump)))
    assert sorted(files.values()) == [
        "application/ld+json",
        "application/n-quads",
        "application/n-triples",
        "application/trig",
        "text/turtle",
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_files_in_another_toolkit(web: FlaskClient, published: rdflib.Graph, suffix: str) -> None:
    data = gzip.decompress(fetch(web, f"/dump/dataset{suffix}").data)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=data, format=FORMATS[suffix])
    assert {quad[:3] for quad in dataset.quads()} == set(published)


@pytest.mark.parametrize("suffix", [".nt", ".ttl", ".rdf", ".nq.gz", ".trig.gz", ".nt.gz", ".ttl.gz"])
def test_rapper_reads_the_same(web: FlaskClient, suffix: str, tmp_path: Path) -> None:
    rapper = shutil.which("rapper")
    if rapper is None and environ.get("CI") != "true":
        pytest.skip("rapper is not installed (raptor2-utils)")
    assert rapper is not None, "CI installs raptor2-utils"
    packed = suffix.endswith(".gz")
    data = fetch(web, f"/dump/dataset{suffix}" if packed else f"/dataset{suffix}").data
    file = tmp_path / f"dataset{suffix.removesuffix('.gz')}"
    file.write_bytes(gzip.decompress(data) if packed else data)
    kinds = {".nt": "ntriples", ".ttl": "turtle", ".rdf": "rdfxml", ".nq": "nquads", ".trig": "trig"}
    command = [rapper, "--quiet", "--input", kinds[file.suffix], "--output", "ntriples", str(file)]
    read = subprocess.run(command, capture_output=True, check=True)
    assert read.stderr == b""
    theirs = {quad.triple for quad in pyoxigraph.parse(read.stdout, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    same = gzip.decompress(fetch(web, "/dump/dataset.nt.gz").data) if packed else fetch(web, "/dataset.nt").data
    assert theirs == {quad.triple for quad in pyoxigraph.parse(same, format=pyoxigraph.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("suffix", [".nt.gz", ".ttl.gz", ".jsonld.gz"])
def test_the_files_of_a_class(web: FlaskClient, suffix: str) -> None:
    def read(name: str) -> set[pyoxigraph.Triple]:
        data = gzip.decompress(fetch(web, f"/dump/{name}{suffix}").data)
        return {quad.triple for quad in pyoxigraph.parse(data, format=OXIGRAPH[suffix])}

    notes = ("ada-lovelace", "alan-turing")
    expected = {
        quad.triple
        for note in notes
        for quad in pyoxigraph.parse(
            fetch(web, f"/doc/{note}.nt?_profile=bare").data, format=pyoxigraph.RdfFormat.N_TRIPLES
        )
    }
    assert read("schema-person") == expected
    assert {str(triple.subject) for triple in read("id-algorithme")} >= {f"<{BASE}id/tri>"}


def test_the_same_notes_give_the_same_bytes(tmp_path: Path) -> None:
    answers = []
    for name in ("one", "two"):
        web = client_of(vault(tmp_path / name, dict(sorted(FILES.items(), reverse=name == "two"))))
        names = re.findall(r'href="([\w.-]+\.gz)"', fetch(web, "/dump/").text)
        assert len(names) > 15
        paths = ["/dataset.ttl", "/dump/", "/dump/SHA256SUMS", *(f"/dump/{name}" for name in names)]
        paths += ["/sitemap.xml", "/robots.txt", "/ns.ttl", "/context.jsonld", "/fragments", "/openapi.json"]
        got = [fetch(web, path) for path in paths]
        assert {answer.status_code for answer in got} == {200}
        answers.append([(path, answer.data, answer.headers["ETag"]) for path, answer in zip(paths, got, strict=True)])
    assert answers[0] == answers[1]


# --- discovery --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, ".ttl"),
        ("*/*", ".ttl"),
        ("text/html,*/*;q=0.8", ".html"),
        ("application/rdf+xml", ".rdf"),
        ("application/ld+json, text/turtle;q=0.5", ".jsonld"),
    ],
)
def test_the_well_known_address_leads_there(web: FlaskClient, accept: str | None, suffix: str) -> None:
    answer = fetch(web, "/.well-known/void", accept)
    assert (answer.status_code, answer.headers["Vary"]) == (303, "Accept")
    assert urljoin("/.well-known/void", answer.headers["Location"]) == f"/dataset{suffix}"
    assert fetch(web, "/.well-known/void", "image/png").status_code == 406


def test_every_format_of_the_description_has_the_same_triples(web: FlaskClient, described: rdflib.Graph) -> None:
    for suffix, name in ((".jsonld", "json-ld"), (".nt", "nt"), (".rdf", "xml")):
        assert parsed(fetch(web, f"/dataset{suffix}"), name) == set(described)
    assert not [term for triple in described for term in triple if isinstance(term, rdflib.BNode)]


def test_every_page_tells_its_dataset(web: FlaskClient) -> None:
    for path in ("/doc/ada-lovelace", "/tag/calcul.html", "/dataset", "/"):
        links = re.findall(r'<link rel="http://rdfs.org/ns/void#inDataset" href="([^"]+)">', fetch(web, path).text)
        assert [urljoin(path, link) for link in links] == ["/dataset"]
    for note in ("ada-lovelace", "machine-analytique"):  # one written, one not
        assert (URIRef(f"{BASE}doc/{note}"), VOID.inDataset, DATASET) in parsed(
            fetch(web, f"/doc/{note}.ttl"), "turtle"
        )


def test_the_description_keeps_to_the_shape(described: rdflib.Graph) -> None:
    """But for the one by which a vault is reported not to state what is counted."""
    shapes = rdflib.Graph().parse(ROOT / "shapes" / "dataset.ttl")
    for left_out in (False, True):
        if left_out:
            shapes.remove((None, SH.property, URIRef("https://w3id.org/herbier/shapes#dataset-count")))
        conforms, _, text = pyshacl.validate(described, shacl_graph=shapes)
        assert conforms is left_out, text


def test_a_large_vault_makes_no_file_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("herbier.web.data.dumps._MOST", 10)
    web = client_of(vault(tmp_path / "v", FILES))
    graph = rdflib.Graph().parse(data=fetch(web, "/dataset.ttl").data, format="turtle")
    assert len(list(graph.objects(DATASET, DCAT.distribution))) == len(FORMATS)
    assert not list(graph.objects(None, DCAT.byteSize))
    assert "dataset.nq.gz.sha256" in fetch(web, "/dump/").text
    assert not list(tmp_path.glob("herbier-*"))
    assert fetch(web, "/dump/dataset.nq.gz").status_code == 200


def test_an_empty_vault_is_described(tmp_path: Path) -> None:
    web = client_of(vault(tmp_path / "v", {"herbier.toml": 'language = "en"'}))
    graph = rdflib.Graph().parse(data=fetch(web, "/dataset.nt").data, format="nt")
    data = rdflib.Graph().parse(data=gzip.decompress(fetch(web, "/dump/dataset.nt.gz").data), format="nt")
    assert number(graph, URIRef("http://127.0.0.1:8000/dataset"), VOID.triples) == len(data) > 0
    for path in ("/dataset", "/dump/", "/fragments", "/search?q=a", "/sitemap.xml", "/openapi.json", "/ns"):
        assert fetch(web, path).status_code == 200
