"""Golden cases: a small vault a folder, and what must come of it."""

from pathlib import Path

import pytest
import rdflib
from rdflib.compare import graph_diff, to_isomorphic
from tests.conftest import CASES, BuildResult, build_notes

import herbier

NUMBER_OF_CASES = 51  # adding a case means changing this, so that none is lost unseen
NUMBER_OF_SUMMARIES = 6
NAMES = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def golden(case: Path, name: str) -> list[str] | None:
    """Return the lines of a golden file without its comments; None where the case has no such file."""
    file = case / name
    if not file.is_file():
        return None
    return [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def summary_lines(pressed: BuildResult) -> list[str]:
    """Return what became of the files, as summary.txt has it."""
    of = pressed.counts
    sums = f"{of.files} files = {of.published} published + {of.private} private + {len(of.listed)} listed"
    return [sums, *(f"{path}: {why}" for path, why in of.listed.items())]


def union(root: Path) -> rdflib.Graph:
    """Return all that `herbier.load` gives, without the names of the graphs."""
    graph = rdflib.Graph()
    for subject, predicate, value, _ in herbier.load(root).quads():
        graph.add((subject, predicate, value))
    return graph


def difference(found: rdflib.Graph, expected: rdflib.Graph) -> str:
    """Return what is missing and what is too much, a line a triple; "" where the graphs are isomorphic."""
    ours, theirs = to_isomorphic(found), to_isomorphic(expected)
    if ours == theirs:
        return ""
    _, extra, missing = graph_diff(ours, theirs)
    lines = [f"- {' '.join(term.n3() for term in triple)}" for triple in missing]
    lines += [f"+ {' '.join(term.n3() for term in triple)}" for triple in extra]
    return "\n".join(["- is missing, + is too much", *sorted(lines, key=lambda line: line[2:])])


def test_no_case_is_lost() -> None:
    assert len(NAMES) == NUMBER_OF_CASES


def test_no_golden_is_lost() -> None:
    """A case without problems.txt has no problem, so a lost one is seen; of the summaries only the number tells."""
    assert len(list(CASES.glob("*/expected.ttl"))) == NUMBER_OF_CASES
    assert len(list(CASES.glob("*/summary.txt"))) == NUMBER_OF_SUMMARIES


@pytest.mark.parametrize("name", NAMES)
def test_graph(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # else 007 and 7 would pass for the same
    case = CASES / name
    file = case / "expected.ttl"
    assert file.is_file(), f"{name} has no expected.ttl"
    wanted = rdflib.Graph().parse(file, format="turtle")
    assert len(wanted) > 0
    told = difference(union(case / "vault"), wanted)
    assert not told, f"\n{told}"


@pytest.mark.parametrize("name", NAMES)
def test_problems(name: str) -> None:
    """A case without problems.txt has no problem."""
    case = CASES / name
    assert (case / "vault").is_dir(), f"{name} has no vault"
    assert build_notes(case / "vault").places == (golden(case, "problems.txt") or [])


@pytest.mark.parametrize("name", [name for name in NAMES if (CASES / name / "summary.txt").is_file()])
def test_summary(name: str) -> None:
    case = CASES / name
    assert summary_lines(build_notes(case / "vault")) == golden(case, "summary.txt")
