"""Shapes that a vault adds are used like Herbier's own; a broken file is reported by its line, and the rest goes on."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import BASE, FRENCH, ROOT, vault
from tests.shapes.test_engines import published

from herbier.problems import Problem
from herbier.rdf.terms import Triple
from herbier.shapes import ENGINES, Finding, Shapes, load_shapes
from herbier.shapes.shape_files import EDGES

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix herbier: <https://w3id.org/herbier#> .
@prefix hs: <https://w3id.org/herbier/shapes#> .
@prefix ex: <https://example.org/shapes#> .

"""
NATIONALITY = """ex:Person a sh:NodeShape ;
    sh:targetClass schema:Person ;
    sh:property ex:nationality .

ex:nationality a sh:PropertyShape ;
    sh:path schema:nationality ;
    sh:minCount 1 ;
    sh:severity sh:Warning ;
    sh:message "Who is it?"@en , "De quel pays est-ce ?"@fr ;
    herbier:code "no-nationality" ;
    herbier:key "nationality" , "country" .
"""
NOTE = {"herbier.toml": FRENCH, "Ada.md": "---\ntype: personne\ncourriel: ada\n---\n"}
SHOWS = "<http://www.w3.org/ns/shacl#MinCountConstraintComponent>"


def shapes_of(folder: Path, engine: str = "", **files: str | bytes) -> Shapes:
    """Return the shapes of a vault with these files in its folder shapes/, a file a keyword."""
    written = {f"shapes/{name}.ttl": HEAD + text if isinstance(text, str) else text for name, text in files.items()}
    return load_shapes(vault(folder, {**NOTE, **written}), engine=engine)


def found_in(shapes: Shapes, folder: Path) -> list[tuple[str, str]]:
    """Return the code and the focus of all that is found."""
    return [(shapes.rules[one.shape].code, one.focus) for one in shapes.validate(published(folder))]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_vault_adds_shapes_of_its_own(engine: str, tmp_path: Path) -> None:
    shapes = shapes_of(tmp_path, engine, pays=NATIONALITY)
    name, ada = "<https://example.org/shapes#nationality>", f"<{BASE}id/ada>"
    assert shapes.problems == ()
    assert Finding(ada, "<https://schema.org/nationality>", "", name, SHOWS) in shapes.validate(published(tmp_path))
    assert found_in(shapes, tmp_path) == [("bad-email", ada), ("no-nationality", ada)]
    rule = shapes.rules[name]
    assert (rule.severity, rule.keys) == ("warning", {"": ("nationality", "country")})
    assert rule.source == ("shapes/pays.ttl", 11)
    assert rule.message("fr") == "De quel pays est-ce ?"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_shape_without_a_name_is_told_by_the_one_it_is_in(engine: str, tmp_path: Path) -> None:
    text = """[] a sh:NodeShape ; sh:targetClass schema:Person ;
    sh:message "Too little is said." ;
    sh:property [ sh:path schema:nationality ; sh:minCount 1 ; herbier:code "no-nationality" ] ,
        [ sh:path schema:spouse ; sh:minCount 1 ; sh:severity sh:Info ] .
"""
    shapes = shapes_of(tmp_path, engine, peu=text)
    found = [shapes.rules[one.shape] for one in shapes.validate(published(tmp_path)) if "w3id" not in one.shape]
    told = [(rule.code, rule.severity, rule.message("fr")) for rule in found]
    assert told == [("no-nationality", "error", "Too little is said."), ("shape", "info", "Too little is said.")]
    assert {rule.source.file for rule in found} == {"shapes/peu.ttl"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_query_of_a_vault_may_use_the_prefixes_of_herbier(engine: str, tmp_path: Path) -> None:
    text = """ex:Person a sh:NodeShape ; sh:targetClass schema:Person ;
    sh:sparql [ sh:prefixes <https://w3id.org/herbier/shapes#> ;
        sh:select "SELECT $this WHERE { $this schema:email ?mail . FILTER(!CONTAINS(?mail, '@')) }" ] .
"""
    shapes = shapes_of(tmp_path, engine, question=text)
    assert shapes.problems == ()
    assert ("shape", f"<{BASE}id/ada>") in found_in(shapes, tmp_path)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_vault_turns_a_shape_of_herbier_off(engine: str, tmp_path: Path) -> None:
    shapes = shapes_of(tmp_path, engine, sans="hs:thing-email sh:deactivated true .\n")
    assert shapes.problems == ()
    assert found_in(shapes, tmp_path) == []
    kept = shapes.rules["<https://w3id.org/herbier/shapes#thing-email>"]
    assert kept.source.file == "shapes/thing.ttl"


def test_a_file_called_cycles_is_for_the_edges_of_the_whole_vault(tmp_path: Path) -> None:
    text = """ex:Part a sh:NodeShape ; sh:targetSubjectsOf <http://purl.org/dc/terms/isPartOf> ; sh:property ex:one .
ex:one a sh:PropertyShape ; sh:path <http://purl.org/dc/terms/isPartOf> ; sh:maxCount 1 .
"""
    shapes = shapes_of(tmp_path, cycles=text)
    part = "<http://purl.org/dc/terms/isPartOf>"
    triples = [("<urn:a>", part, "<urn:b>"), ("<urn:a>", part, "<urn:c>"), ("<urn:a>", "<urn:p>", "<urn:c>")]
    assert part in EDGES
    assert shapes.validate(triples) == []
    assert [one.shape for one in shapes.validate_whole(triples)] == ["<https://example.org/shapes#one>"]


_NODES = st.sampled_from([f"<urn:n{number}>" for number in range(5)])


@given(st.lists(st.tuples(_NODES, st.sampled_from(sorted(EDGES)), _NODES), max_size=12))
@settings(max_examples=60)
def test_edges_that_are_left_out_close_no_circle(edges: list[Triple]) -> None:
    shapes = load_shapes()
    assert shapes.only_circles
    assert shapes.validate_whole(edges) == replace(shapes, only_circles=False).validate_whole(edges)


BROKEN: dict[str, tuple[str | bytes, int, str]] = {
    "syntax": ("ex:A a sh:NodeShape\nex:B a sh:NodeShape .\n", 8, "the file is broken here: A dot is expected"),
    "pattern": (
        'ex:A a sh:NodeShape ; sh:targetClass ex:C ; sh:pattern "(" .\n',
        7,
        "the pattern '(' cannot be read: ",
    ),
    "query": (
        'ex:B a sh:NodeShape .\nex:A a sh:NodeShape ;\n    sh:sparql [ sh:select "SELECT $this WHERE { nix" ] .\n',
        8,
        "a query cannot be read, at line 1, column ",
    ),
    "prefix": (
        'ex:A a sh:NodeShape ;\n    sh:sparql [ sh:select "SELECT $this WHERE { $this foaf:name ?b }" ] .\n',
        7,
        "a query cannot be read, at line 1, column 37 of it: its sh:prefixes do not declare a prefix that it uses",
    ),
    "undeclared": (  # declared, but the query does not say so
        'ex:A a sh:NodeShape ;\n    sh:sparql [ sh:select "SELECT $this WHERE { $this schema:name ?b }" ] .\n',
        7,
        "a query cannot be read, at line 1, column 39 of it: its sh:prefixes do not declare a prefix that it uses",
    ),
    "service": (
        'ex:A a sh:NodeShape ; sh:sparql [ sh:select "SELECT * { SERVICE <http://a.example/> { ?a ?b 1 } }" ] .\n',
        7,
        "a query of a shape may not use SERVICE",
    ),
    "number": ('\nex:A a sh:PropertyShape ; sh:path ex:p ; sh:minCount "one" .\n', 8, "sh:minCount: "),
    "list": ("ex:A a sh:NodeShape ; sh:in ex:b .\n", 7, "sh:in: "),
    "paths": ("ex:A a sh:PropertyShape ; sh:path ex:p , ex:q .\n", 7, "this is not as SHACL asks"),
    "again": ("hs:thing-email a sh:PropertyShape ; sh:path ex:mail .\n", 7, "another file has the shape "),
    "graver": ("hs:thing-email sh:severity sh:Violation .\n", 7, "another file has the shape "),
    "latin": (b"# \xe9t\xe9\n", 0, "the file could not be read: "),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_and_the_rest_goes_on(
    name: str, engine: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    text, line, message = BROKEN[name]
    shapes = shapes_of(tmp_path, engine, **{name: text, "pays": NATIONALITY})
    (told,) = shapes.problems
    assert isinstance(told, Problem)
    assert (told.path, told.line, told.code, told.severity) == (f"shapes/{name}.ttl", line, "bad-shape", "error")
    assert told.message.startswith(message)
    assert "\n" not in told.message
    assert told.hint
    assert [code for code, _ in found_in(shapes, tmp_path)] == ["bad-email", "no-nationality"]
    assert capfd.readouterr() == ("", "")  # the libraries tell nothing themselves


def test_the_shape_that_the_readme_shows_works(tmp_path: Path) -> None:
    text = (ROOT / "shapes" / "README.md").read_text("utf-8")
    example = text.partition("```turtle\n")[2].partition("```")[0]
    shapes = shapes_of(tmp_path, nationality=example.encode())
    assert shapes.problems == ()
    assert ("no-nationality", f"<{BASE}id/ada>") in found_in(shapes, tmp_path)


def test_a_symbolic_link_among_the_shapes_is_told(tmp_path: Path) -> None:
    root = vault(tmp_path / "vault", {**NOTE, "shapes/pays.ttl": HEAD + NATIONALITY})
    (root / "shapes" / "lien.ttl").symlink_to(tmp_path / "ailleurs.ttl")
    shapes = load_shapes(root)
    assert [(told.path, told.code) for told in shapes.problems] == [("shapes/lien.ttl", "bad-shape")]
    assert "<https://example.org/shapes#nationality>" in shapes.rules


def test_a_vault_without_shapes_has_those_of_herbier(tmp_path: Path) -> None:
    shapes = load_shapes(vault(tmp_path, NOTE))
    assert shapes == load_shapes()
    assert found_in(shapes, tmp_path) == [("bad-email", f"<{BASE}id/ada>")]
