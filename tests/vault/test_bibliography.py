"""Works that notes cite by a key are what the bibliography of the vault says of them."""

import json
from pathlib import Path

import pytest
from tests.conftest import FRENCH, build_notes, quads, run, said_of, values, vault

SETTINGS = FRENCH + 'bibliography = ["refs.bib", "zotero.json"]\n'
BIB = r"""
% what the keeper exported
@string{oup = "Oxford University Press"}
@article{turing1950,
  author = {Alan M. Turing and {Soci{\'e}t{\'e} X} and Gauss, Carl Friedrich},
  title = {Computing {M}achinery and {I}ntelligence},
  journal = {Mind}, year = 1950, doi = {https://doi.org/10.1093/mind/LIX.236.433}, langid = {english}
}
@book{ecole, title = "L'\'ecole", date = {2001-05}, publisher = oup, isbn = {978-0-262-03561-3}}
@comment{ecole2, title={x}}
@article{broken, title={abc
@misc{after, title={Après}}
"""
CSL = [
    {
        "id": "dupont2020",
        "type": "chapter",
        "title": "Un <i>titre</i>",
        "author": [{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}, {"literal": "ONU"}],
        "issued": {"date-parts": [[2020, 3]]},
        "DOI": "10.1000/xyz",
        "URL": "https://example.org/a",
    },
    {"id": "bare"},
]


def lay(tmp_path: Path, text: str, **more: str) -> Path:
    files = {"herbier.toml": SETTINGS, "refs.bib": BIB, "zotero.json": json.dumps(CSL), "a.md": text}
    return vault(tmp_path, files | {f"{name}.md": text for name, text in more.items()})


@pytest.mark.parametrize("citation", ["[@turing1950]", "[[@turing1950]]", "[voir @turing1950, p. 3; @ecole]"])
def test_an_entry_of_bibtex(citation: str, tmp_path: Path) -> None:
    root = lay(tmp_path, citation, **{"Carl Friedrich Gauss": "---\ntype: personne\n---\n"})
    node = "dataset#work-turing1950"
    assert build_notes(root).codes == []
    assert node in values(root, "doc/a", "schema:citation")
    said = said_of(root, node)
    assert said == {
        "rdf:type schema:CreativeWork",
        "rdf:type schema:ScholarlyArticle",
        'schema:identifier "turing1950"',
        'rdfs:label "Computing Machinery and Intelligence"@en',
        'schema:name "Computing Machinery and Intelligence"@en',
        'schema:datePublished "1950"^^xsd:gYear',
        "schema:sameAs <https://doi.org/10.1093/mind/lix.236.433>",
        f"schema:author {node}-author-1",
        f"schema:author {node}-author-2",
        "schema:author id/carl-friedrich-gauss",
    }
    assert said_of(root, f"{node}-author-2") == {'schema:name "Société X"'}


def test_a_book_and_what_stands_beside_a_broken_entry(tmp_path: Path) -> None:
    root = lay(tmp_path, "[@ecole; @after; @broken; @unknown]")
    book = said_of(root, "dataset#work-ecole")
    assert {'schema:name "L\'école"', 'schema:isbn "978-0-262-03561-3"', "rdf:type schema:Book"} <= book
    assert 'schema:datePublished "2001-05"^^xsd:gYearMonth' in book
    assert 'schema:name "Après"' in said_of(root, "dataset#work-after")
    for key in ("broken", "unknown"):
        bare = {"rdf:type schema:CreativeWork", f'schema:identifier "{key}"'}
        assert said_of(root, f"dataset#work-{key}") == bare


def test_an_item_of_csl_json(tmp_path: Path) -> None:
    root = lay(tmp_path, "[@dupont2020; @bare]")
    node = "dataset#work-dupont2020"
    assert {
        "rdf:type schema:Chapter",
        'schema:name "Un titre"',
        'schema:datePublished "2020-03"^^xsd:gYearMonth',
        "schema:sameAs <https://doi.org/10.1000/xyz>",
        "schema:url <https://example.org/a>",
    } <= said_of(root, node)
    assert said_of(root, f"{node}-author-1") == {
        "rdf:type schema:Person",
        'schema:name "Vincent van Gogh"',
        'schema:givenName "Vincent"',
        'schema:familyName "van Gogh"',
    }
    assert said_of(root, f"{node}-author-2") == {'schema:name "ONU"'}


def test_only_what_is_cited_is_published_and_no_author_whose_note_is_private(tmp_path: Path) -> None:
    root = lay(tmp_path, "[@turing1950]", **{"Carl Friedrich Gauss": "---\nprivate: true\n---\n"})
    data = build_notes(root).data.decode()
    assert "Computing Machinery" in data
    assert "Gauss" not in data
    assert "école" not in data
    assert "van Gogh" not in data


def test_files_that_cannot_be_read_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    root = lay(tmp_path, "[@turing1950; @dupont2020]")
    (root / "zotero.json").write_text("[{")
    (root / "herbier.toml").write_text(
        FRENCH + 'bibliography = ["absent.bib", "../x.bib", "zotero.json", "refs.bib"]\n'
    )
    found = build_notes(root)
    assert found.codes == ["bad-include", "bad-include", "bad-include"]
    assert [problem.path for problem in found.problems] == ["herbier.toml", "herbier.toml", "zotero.json"]
    assert 'schema:datePublished "1950"^^xsd:gYear' in said_of(root, "dataset#work-turing1950")


def test_a_bibliography_that_is_kept_back_says_nothing(tmp_path: Path) -> None:
    root = lay(tmp_path, "[@turing1950]")
    (root / ".herbierignore").write_text("refs.bib\n")
    assert "Computing" not in build_notes(root).data.decode()


def test_several_processes_give_the_same(tmp_path: Path) -> None:
    root = lay(tmp_path / "notes", "[@turing1950]", **{f"n{n}": f"[@turing1950; @ecole] {n}" for n in range(40)})
    for jobs in ("1", "2"):
        assert run("build", root, "-o", tmp_path / f"{jobs}.nq", "--jobs", jobs).code == 0
    one, two = ((tmp_path / f"{jobs}.nq").read_bytes() for jobs in ("1", "2"))
    assert quads(one, "nquads") == quads(two, "nquads")
    assert one == two


def test_one_file_may_stand_alone(tmp_path: Path) -> None:
    root = lay(tmp_path, "[@ecole]")
    (root / "herbier.toml").write_text(FRENCH + 'bibliography = "refs.bib"\n')
    assert "rdf:type schema:Book" in said_of(root, "dataset#work-ecole")


def test_check_looks_again_where_a_bibliography_has_changed(tmp_path: Path) -> None:
    shape = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
<urn:x> a sh:NodeShape ; sh:targetClass schema:Book ;
    sh:property [ sh:path schema:isbn ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "no ISBN" ] ."""
    root = lay(tmp_path, "[@ecole]")
    (root / "shapes").mkdir()
    (root / "shapes" / "own.ttl").write_text(shape)
    assert "no ISBN" not in run("check", root).out
    (root / "refs.bib").write_text(BIB.replace(", isbn = {978-0-262-03561-3}", ""))
    assert "no ISBN" in run("check", root).out
    (root / "refs.bib").write_text(BIB)
    assert "no ISBN" not in run("check", root).out


@pytest.mark.parametrize(
    ("key", "message", "hint"),
    [
        ("turing1951", "no bibliography of the vault has 'turing1951'", "is 'turing1950' meant?"),
        ("nobody", "no bibliography of the vault has 'nobody'", "herbier.toml names the files of the bibliography"),
        ("broken", "the entry 'broken' of the bibliography cannot be read", ""),
    ],
)
def test_a_citation_that_no_file_explains_is_told_once_a_note(
    key: str, message: str, hint: str, tmp_path: Path
) -> None:
    [found] = build_notes(lay(tmp_path, f"La preuve [@{key}].\n\nEncore [voir @{key}, p. 2].\n")).problems
    assert (found.code, str(found.message), str(found.hint)) == ("unknown-citation", message, hint)
    assert (found.path, found.line, found.column) == ("a.md", 1, 12)


def test_without_a_bibliography_no_citation_is_unknown(tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH, "a.md": "[@turing1951]"})
    assert build_notes(root).codes == []
