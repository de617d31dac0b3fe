"""The formats: each carries the same triples, whatever the notes hold."""

import gzip
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import TypeVar

import pyoxigraph
import pytest
import rdflib
from tests.conftest import FRENCH, Files, build_notes, facts, quads, run, triples, vault

import herbier
from herbier.problems import HerbierError
from herbier.rdf.formats import FORMATS, format_named, format_of

RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}

T = TypeVar("T")

# Notes, each with something that a format may stumble over.
NOTES = {
    "a percent sign": "https://example.org/100% [x](https://example.org/50%) [y](https://example.org/%zz)\n",
    "brackets in a query": "[x](https://example.org/?a[]=1&b[c]=2)\n",
    "two hashes": "[x](https://example.org/#a#b)\n",
    "a port that is none": "---\nsite_web: https://example.org:abc/\n---\n",
    "a host that is none": "---\nsite_web: 'http://[oops'\n---\nhttp://[oops\n",
    "private characters": "[x](https://example.org/\ue000)\n",
    "an image at a bad address": "![x](https://example.org/100%)\n",
    "a source at a bad address": "---\nsource: https://example.org/100%\n---\n",
    "a key that breaks out of its IRI": (
        "---\n'schema:a>b': x\n'schema:c\"d': x\n'schema:e{f}': x\n'schema:g\\h': x\n---\n"
    ),
    "a value that breaks out of its IRI": (
        "---\nseeAlso: 'schema:a>b'\ninconnue: 'wd:Q4\"2'\nsource: 'schema:<x>'\ntype: 'schema:c>d'\n---\n"
    ),
    "a key of a prefix that is no name": "---\nschema:2024: x\nschema:a/: y\nschema:a%20b: z\nschema:: w\n---\n",
    "a term of schema.org that is a prefix": (
        "---\nschema:geo: '45'\nschema:key: x\nschema:void: y\nschema:dc: '[[b]]'\n---\n"
    ),
    "a key that is no ASCII": "---\n質問: x\nclé: y\nµg: z\nªb: w\n٣: v\n🙂: u\n---\n",
    "a number in other digits": "---\nlatitude: ٤٥.٥\neffectif: ٤٥\ncreated: ٢٠٢٥\n---\n",
    "an integer as text": "---\nidentifiant: '007'\npages: 007\nversion: 1.0\n---\n",
    "quotes and backslashes": "---\ntitle: '\"\"\" \\ \\n \\u0041 ''''''.'\n---\n\"\"\"\n\\\\\\\n'''\n",
    "a text that ends in a quote": '---\ndescription: |\n  deux lignes\n  "citées"\n---\n',
    "blanks at the ends": "```\n\n   x   \n\t\n```\n",
    "markup": "```\n<b>&amp;&lt;]]></b> <!-- x --> <?x?>\n```\n",
    "characters beyond the first plane": "🙂 𝔸 👩‍👩‍👧 \u200d\u200f\u202e\n",
    "an attachment with odd characters": "![[a b'(1)&é+%25.png]]\n",
    "an attachment with a colon": "![[10:30.png]]\n",
    "line separators": "un\u2028deux\u2029trois\u0085quatre\n",
    "a language of several parts": "---\nlang: zh-Hant-TW\n---\n標題\n",
    "keys and types that are no IRIs": (
        "---\nrdfs:subClas%sOf: x\nschema:na[m]e: x\n'http://[x/y': x\n"
        "'schema:a\ue000b': x\n'https://x.example:8a/p': x\n"
        "type: ['http://[x/y', 'rdfs:a%zb', 'https://x.example:8a/Z']\nrdfs:seeAlso: 'http://[x/y'\n---\n"
    ),
    "a language that is none": "---\nlang: fr-une-langue-trop-longue\n---\nx\n",
    "what looks like a link in a table": "\\[[b|c]] &\n\n<p>[[b|c]]</p>\n\n| x |\n|---|\n| [[b\\|c]] |\n",
}


def lay(folder: Path, name: str, more: Files | None = None) -> Path:
    files = {"a.md": NOTES[name], "b.md": "", "a b'(1)&é+%25.png": "x", "10:30.png": "x", "herbier.toml": FRENCH}
    return vault(folder, {**files, **(more or {})})


def carries(found: set[T], expected: set[T], codes: list[str]) -> bool:
    """Return whether a format carries all triples, or says which it cannot."""
    return found == expected or (found < expected and "lost-in-format" in codes)


@pytest.mark.parametrize("name", NOTES)
def test_oxigraph_reads_the_same_from_every_format(name: str, tmp_path: Path) -> None:
    root = lay(tmp_path, name)
    expected = triples(build_notes(root, "ntriples").data, "ntriples")
    assert len(expected) > 10
    for form in FORMATS:
        pressed = build_notes(root, form)
        assert carries(triples(pressed.data, form), expected, pressed.codes), form


@pytest.mark.parametrize("name", NOTES)
def test_rdflib_reads_the_same_from_every_format(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    root = lay(tmp_path, name)
    expected = set(rdflib.Graph().parse(data=build_notes(root, "ntriples").data, format="nt"))
    assert len(expected) > 10
    for form in FORMATS:
        pressed = build_notes(root, form)
        dataset = rdflib.Dataset()
        dataset.parse(data=pressed.data, format=RDFLIB[form])
        assert carries({quad[:3] for quad in dataset.quads()}, expected, pressed.codes), form


@pytest.mark.parametrize("name", NOTES)
def test_load_and_query_take_every_note(name: str, tmp_path: Path) -> None:
    root = lay(tmp_path, name)
    assert len(herbier.load(root)) > 10
    store = pyoxigraph.Store()
    store.bulk_load(build_notes(root).data, format=pyoxigraph.RdfFormat.N_QUADS)
    assert len(store) > 10


@pytest.mark.parametrize("name", NOTES)
def test_rdf_xml_is_well_formed(name: str, tmp_path: Path) -> None:
    """As a parser of XML sees it, names of elements among them, which Oxigraph does not look at."""
    root = lay(tmp_path, name)
    document = ElementTree.fromstring(build_notes(root, "rdfxml").data)
    assert document.tag == "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
    assert len(document) > 3


OWN = {
    "a path with a colon": "https://example.org/Aide:Sommaire",
    "an empty segment": "https://example.org//x",
    "a path that goes up": "https://example.org/a/../b",
    "a query": "https://example.org/?q=1",
    "a fragment": "https://example.org/#x",
    "the base": "https://example.org/",
    "a path with a dot": "https://example.org/./x",
    "only a name": "https://example.org/x",
}


@pytest.mark.parametrize("name", OWN)
def test_addresses_below_the_base_come_back_as_they_went(name: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": f"[x]({OWN[name]})\n", "herbier.toml": f'{FRENCH}base = "https://example.org/"\n'})
    assert f"<{OWN[name]}>" in build_notes(root, "ntriples").data.decode()
    for form in FORMATS:
        assert triples(build_notes(root, form).data, form) == triples(build_notes(root, "ntriples").data, "ntriples"), (
            form
        )


@pytest.mark.parametrize(
    "base", ["https://example.org/", "https://example.org/a/b", "http://localhost:8000", "https://exämple.org/é/"]
)
def test_bases(base: str, tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "#x [[b]] ![[c.png]]\n\n# H\n", "c.png": "x", "herbier.toml": FRENCH})
    expected = triples(build_notes(root, "ntriples", base=base).data, "ntriples")
    assert any(f"<{base.rstrip('/')}/doc/a#h>" in triple for triple in expected)
    for form in FORMATS:
        assert triples(build_notes(root, form, base=base).data, form) == expected


# --- predicates that RDF/XML cannot write ---------------------------------------------------------


@pytest.mark.parametrize(
    "subject", ["http://127.0.0.1:8000/id/a", "http://127.0.0.1:8000/doc/a", "https://elsewhere.example/"]
)
def test_a_predicate_that_is_no_name_is_told_by_rdf_xml_and_kept_by_all_others(subject: str, tmp_path: Path) -> None:
    turtle = f"<{subject}> <https://x.example/2024> 'perdu' ; <https://x.example/ok> 'gardé' .\n"
    root = vault(tmp_path, {"a.md": "", "plus.ttl": turtle, "herbier.toml": "include = ['plus.ttl']\n"})
    for form in set(FORMATS) - {"rdfxml"}:
        assert build_notes(root, form).codes == []
        assert any('"perdu"' in triple for triple in triples(build_notes(root, form).data, form))
    pressed = build_notes(root, "rdfxml")
    assert pressed.codes == ["lost-in-format"]
    assert any('"gardé"' in triple for triple in triples(pressed.data, "rdfxml"))
    assert "perdu" not in pressed.data.decode()
    ElementTree.fromstring(pressed.data)


# --- shape of the files ---------------------------------------------------------------------------


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    files = {
        "a.md": "---\ntype: organisation\ntags: [x]\neffectif: 500\nmasse: 45.5\n---\n[[b]] [[absente]]\n",
        "b.md": "# H\n\nDeux\nlignes.\n",
        "herbier.toml": FRENCH,
    }
    return vault(tmp_path, files)


def test_named_graphs(sample: Path) -> None:
    """A graph a note, one for each stub, one for the tags and one for the vault."""
    graphs = {quad.rpartition(" ")[2] for quad in quads(build_notes(sample).data, "nquads")}
    names = {"doc/a", "doc/b", "doc/absente", "tag/", "dataset"}
    assert graphs == {f"<http://127.0.0.1:8000/{name}>" for name in names}
    assert quads(build_notes(sample, "trig").data, "trig") == quads(build_notes(sample).data, "nquads")


def test_load_gives_named_graphs_and_a_union(sample: Path) -> None:
    dataset = herbier.load(sample)
    graph = dataset.graph("http://127.0.0.1:8000/doc/a")
    assert len(graph) > 5
    (row,) = dataset.query('SELECT ?s { ?s a <https://schema.org/Organization> ; <https://schema.org/name> "a"@fr }')
    assert isinstance(row, rdflib.query.ResultRow)
    assert str(row[0]) == "http://127.0.0.1:8000/id/a"
    assert str(next(iter(herbier.load(sample, "https://example.org/v").subjects()))).startswith(
        "https://example.org/v/"
    )


def test_turtle_groups_each_subject_once(sample: Path) -> None:
    text = build_notes(sample, "turtle").data.decode()
    subjects = [line.split()[0] for line in text.splitlines() if line.startswith("<")]
    assert len(subjects) == len(set(subjects))
    assert "<id/a> a schema:Organization ;" in text
    assert text.startswith("@base <http://127.0.0.1:8000/> .\n")
    assert "schema:numberOfEmployees 500" in text
    assert "key/masse> 45.5" in text


def test_json_ld_has_a_context_and_short_names(sample: Path) -> None:
    document = json.loads(build_notes(sample, "jsonld").data)
    assert {"@context", "@graph"} == set(document)
    nodes = {node["@id"]: node for node in document["@graph"]}
    assert len(nodes) == len(document["@graph"])
    assert nodes["id/a"]["@type"] == "Organization"
    assert nodes["id/a"]["numberOfEmployees"] == 500
    assert nodes["id/a"]["name"] == {"@language": "fr", "@value": "a"}
    assert nodes["id/a"]["subjectOf"] == "doc/a"
    assert document["@context"]["@vocab"] == "https://schema.org/"


def test_lines_of_ntriples_are_triples(sample: Path) -> None:
    lines = build_notes(sample, "ntriples").data.decode().splitlines()
    assert len(lines) == len(set(lines)) == len(triples(build_notes(sample).data, "nquads"))
    assert all(line.endswith(" .") for line in lines)


def test_an_empty_vault_is_a_file_of_every_format(tmp_path: Path) -> None:
    for form in FORMATS:
        assert len(triples(build_notes(tmp_path, form).data, form)) == 3


@pytest.mark.parametrize(
    ("name", "form", "gzipped"),
    [
        ("a.ttl", "turtle", False),
        ("a.NT", "ntriples", False),
        ("a.b.nq.gz", "nquads", True),
        ("a.jsonld.GZ", "jsonld", True),
        ("x/a.rdf", "rdfxml", False),
    ],
)
def test_formats_by_suffix(name: str, form: str, gzipped: bool) -> None:
    row, packed = format_of(Path(name))
    assert (row.name, packed) == (form, gzipped)


@pytest.mark.parametrize("name", ["a.foo", "a.ttl.zip"])
def test_unknown_suffixes(name: str) -> None:
    with pytest.raises(HerbierError, match="unknown suffix"):
        format_of(Path(name))


@pytest.mark.parametrize("name", ["a", "a.gz", "ttl", ".gz"])
def test_names_without_a_suffix(name: str) -> None:
    with pytest.raises(HerbierError, match="has no suffix to tell the format"):
        format_of(Path(name))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ttl", "turtle"),
        (".ttl", "turtle"),
        ("Turtle", "turtle"),
        ("json-ld", "jsonld"),
        ("xml", "rdfxml"),
        ("nq", "nquads"),
    ],
)
def test_formats_by_name(name: str, form: str) -> None:
    assert format_named(name).name == form


def test_unknown_format() -> None:
    with pytest.raises(HerbierError, match=r"unknown format 'csv': known are \.ttl"):
        format_named("csv")


def test_every_format_has_its_own_suffix_and_media_type() -> None:
    assert len({row.suffix for row in FORMATS.values()}) == len(FORMATS) == 6
    assert len({row.media_type for row in FORMATS.values()}) == 6
    assert {row.suffix for row in FORMATS.values()} == {".ttl", ".nt", ".nq", ".trig", ".jsonld", ".rdf"}


def test_gzip_of_a_build_unpacks_to_the_build(sample: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.nt.gz"
    assert run("build", sample, "-o", output).code == 0
    assert gzip.decompress(output.read_bytes()) == build_notes(sample, "ntriples").data
    assert facts(sample)
