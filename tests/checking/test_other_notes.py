"""`herbier check`: what other notes and included files say of a note is judged with it, and reported where it is."""

import json
from pathlib import Path
from random import Random

import pytest
from tests.checking.test_checking import told
from tests.conftest import BASE, CASES, FRENCH, ROOT, Files, run, vault
from tests.keeper import NO_PARTS, Keeper
from tests.shapes.test_shapes import CASES as NOTES
from tests.shapes.test_shapes import PREFIXES, files_of

from herbier.checking.check import check, check_note
from herbier.pipeline.build import build
from herbier.pipeline.opening import open_vault
from herbier.pipeline.snapshot import read_snapshot
from herbier.rdf.formats import FORMATS
from herbier.rdf.iris import owner
from herbier.rdf.terms import Triple
from herbier.shapes import load_shapes

INCLUDE = f'{FRENCH}include = ["plus.ttl"]\n'


def with_rdf(turtle: str, **notes: str) -> Files:
    """Return a vault of notes, a keyword each, that includes a file of Turtle, which begins on line 1."""
    head = PREFIXES.replace("\n", " ")
    return {"plus.ttl": head + turtle, "herbier.toml": INCLUDE, **{f"{name}.md": text for name, text in notes.items()}}


def as_one(root: Path) -> set[tuple[str, str]]:
    """Return what shapes find in all that a vault publishes at once: the note, "" where it is none, and the code."""
    opened, shapes = open_vault(root), load_shapes(root)
    blocks: list[bytes] = []
    build(opened, blocks.append, FORMATS["ntriples"])
    triples: list[Triple] = []
    for row in b"".join(blocks).decode().splitlines():
        subject, predicate, value = row.removesuffix(" .").split(" ", 2)
        triples.append((subject, predicate, value))
    index = read_snapshot(opened).index
    paths = dict(zip(index.slugs, (summary.path for summary in index.summaries), strict=True))
    found = [*shapes.validate(triples), *shapes.validate_whole(triples)]
    return {(paths.get(owner(one.focus, opened.mint.base), ""), shapes.rules[one.shape].code) for one in found}


@pytest.mark.parametrize("root", [*sorted(CASES.glob("*/vault")), ROOT / "seeds"], ids=lambda path: path.parent.name)
def test_shares_find_what_all_data_at_once_would_find(root: Path) -> None:
    shapes = load_shapes(root)
    codes = {rule.code for rule in shapes.rules.values()}
    given = {(one.path, one.code) for one in check(open_vault(root), shapes).problems if one.code in codes}
    assert given == as_one(root)


@pytest.mark.parametrize("name", [name for name, case in NOTES.items() if {"fails-rdf", "passes-rdf"} & case.keys()])
def test_shares_and_included_files_break_the_shapes_that_all_data_at_once_breaks(name: str, tmp_path: Path) -> None:
    for outcome in ("fails", "passes"):
        root = vault(tmp_path / outcome, files_of(NOTES[name], outcome))
        shapes = load_shapes(root)
        codes = {rule.code for rule in shapes.rules.values()}
        given = {one.code for one in check(open_vault(root), shapes).problems if one.code in codes}
        assert given == {code for _, code in as_one(root)}


# --- where it is reported ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize(
    ("turtle", "place"),
    [
        ('\n<id/ada> schema:birthDate "hier"@fr .', "plus.ttl:2:28: warning bad-date"),
        ("\n<id/ada>\n  schema:worksFor <id/paris> .", "plus.ttl:3:23: warning wrong-kind"),
        ('\n<id/ada> schema:email "x\\ny" .', "plus.ttl:2:5: warning bad-email"),  # it is not written like that
        # written twice, and so is the subject: neither place is surely meant
        ('\n<id/ada> schema:email "x" .\n<id/ada> foaf:name "x" .', "plus.ttl:0:0: warning bad-email"),
        # nothing of the file is wrong by itself: it is the note that says the rest
        ('<id/paris> schema:name "Autre"@fr .', "Paris.md:1:1: warning repeated-label"),
    ],
)
def test_what_an_included_file_says_of_a_note_is_told_in_that_file(
    turtle: str, place: str, engine: str, tmp_path: Path
) -> None:
    root = vault(tmp_path, with_rdf(turtle, Ada="---\ntype: personne\n---\n", Paris="---\ntype: lieu\n---\n"))
    assert told(root, "--engine", engine) == [place]


def test_what_an_included_file_says_of_no_note_is_told_in_that_file(tmp_path: Path) -> None:
    root = vault(tmp_path, with_rdf('\n<tag/mot> skos:inScheme <tag/> ; skos:prefLabel "x"@fr .', Ada=""))
    assert told(root) == ["plus.ttl:2:6: error bad-tag"]


def test_what_an_included_file_says_that_a_thing_is_counts_for_those_who_link_to_it(tmp_path: Path) -> None:
    notes = {"O": "---\ntype: organisation\nfondateur: '[[Ada]]'\n---\n", "Ada": ""}
    assert told(vault(tmp_path / "a", with_rdf("", **notes))) == []
    assert told(vault(tmp_path / "b", with_rdf("<id/ada> a schema:Place .", **notes))) == [
        "O.md:3:12: warning wrong-kind"
    ]


def test_what_another_note_says_of_a_note_is_told_where_it_is_said(tmp_path: Path) -> None:
    notes = {"A.md": "---\ntype: livre\nhasPart: '[[B]]'\n---\n", "B.md": "B", "herbier.toml": FRENCH}
    root = vault(tmp_path, {**notes, "shapes/x.ttl": NO_PARTS})
    assert told(root) == ["A.md:3:10: error shape"]
    assert told(root / "A.md") == ["A.md:3:10: error shape"]
    assert told(root / "B.md") == []
    (root / "B.md").unlink()  # and what it says of a note that is not written
    assert told(root) == ["A.md:3:10: error shape", "A.md:3:10: warning dangling-link"]


def test_a_circle_is_told_at_the_link_that_closes_it_whichever_note_it_stands_in(tmp_path: Path) -> None:
    notes = {
        "A.md": "---\nisPartOf: '[[B]]'\n---\n",
        "B.md": "B",
        "C.md": "---\nhasPart: '[[B]]'\nisPartOf: '[[A]]'\n---\n",
    }
    root = vault(tmp_path, {**notes, "herbier.toml": FRENCH})
    assert told(root) == [
        "A.md:2:11: error link-cycle",
        "C.md:2:10: error link-cycle",
        "C.md:3:11: error link-cycle",
    ]


# --- a single note --------------------------------------------------------------------------------------------------


def of_single_notes(root: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return what is reported of each note by itself, and what the whole check tells of these files."""
    paths = sorted(file.relative_to(root).as_posix() for file in root.rglob("*.md"))
    whole = json.loads(run("check", root, "--format", "json").out)
    single = [found for path in paths for found in json.loads(run("check", root / path, "--format", "json").out)]
    return single, [found for found in whole if found["path"] in paths]


def test_a_note_by_itself_is_told_what_a_whole_check_tells_of_it(tmp_path: Path) -> None:
    head = "type: concept\nsubClassOf: '[[S]]'"
    circle: Files = {f"{a}.md": f"---\n{head}\nisPartOf: '[[{b}]]'\n---\n" for a, b in ("AB", "BC", "CA")}
    others: Files = {
        "O.md": "---\ntype: organisation\nfondateur: '[[S]]'\n---\n",
        "D.md": "---\ntype: personne\nnaissance: 2000\nmort: 1990\nherbier-ignore: reversed-dates\n---\n",
        "x/A.md": "[[rien]]",
        "latin.md": "é".encode("cp1252"),
        "binaire.md": b"\x00\x01\x02\xff",
    }
    root = vault(tmp_path, {**circle, **others, "herbier.toml": FRENCH, "shapes/x.ttl": NO_PARTS})
    single, whole = of_single_notes(root)
    assert single == whole
    assert {one["code"] for one in whole} >= {"link-cycle", "wrong-kind", "shape", "binary-file", "guessed-encoding"}


@pytest.mark.parametrize("seed", range(3))
def test_any_note_by_itself_is_told_what_a_whole_check_tells_of_it(seed: int, tmp_path: Path) -> None:
    root = vault(tmp_path, {"herbier.toml": FRENCH})
    keeper = Keeper(root, Random(seed))
    for _ in range(12):
        keeper.change()
    single, whole = of_single_notes(root)
    assert single == whole != []


def test_a_note_of_a_large_vault_never_checked_is_checked_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take long to look at all others; that they were not looked at is said."""
    monkeypatch.setattr("herbier.checking.check.WORTH_A_CACHE", 0)
    monkeypatch.setattr("herbier.pipeline.cache._TOO_NEW", -(10**9))
    circle: Files = {f"{a}.md": f"---\nisPartOf: '[[{b}]]'\nmort: x\n---\n" for a, b in ("AB", "BA")}
    included = f"<{BASE}id/a> <http://purl.org/dc/terms/created> 'never' ."
    root = vault(tmp_path, {**circle, "herbier.toml": f'{FRENCH}\ninclude = ["x.ttl"]\n', "x.ttl": included})
    first = run("check", root / "A.md", "--format", "json")
    assert first.err.endswith("what other notes say of it was not looked at; herbier check " + f"{root} does\n")
    assert [found["code"] for found in json.loads(first.out)] == ["bad-value"]
    assert run("check", root).code == 1
    again = run("check", root / "A.md", "--format", "json")
    assert again.err == ""
    assert [found["code"] for found in json.loads(again.out)] == ["link-cycle", "bad-value"]
    (root / "herbier.toml").write_text(f'{FRENCH}\ntitle = "Autre"\n', "utf-8")  # all may be otherwise now
    assert "was not looked at" in run("check", root / "A.md").err


def test_a_note_that_is_none_is_told(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": "", "photo.png": b"\x89PNG", "herbier.toml": FRENCH})
    ran = run("check", root / "photo.png")
    assert (ran.code, ran.err) == (2, "error: 'photo.png' is no note of the vault\n")
    assert check_note(open_vault(root), load_shapes(root), "a.md").problems == []
