"""The worked example of mapping/README.md is true: it is made again from the sample vault, and compared."""

import csv
import re
import shlex
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from tests.conftest import ROOT, run

TEXT = (ROOT / "mapping" / "README.md").read_text("utf-8").partition("## Match things with Wikidata")[2]
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.M | re.S)
OUTPUTS = [(a[1], b[1]) for a, b in pairwise(BLOCKS) if (a[0], b[0]) == ("sh", "text")]
LEFT_OUT = "…"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def without_line(text: str) -> str:
    """Return a text without the line of a row, which moves with each row that is added above it."""
    return re.sub(r"(mapping/\w+\.yaml):\d+\)", r"\1:…)", text.rstrip())


def held(shown: str, real: list[str]) -> str:
    """Return the first line that is shown and not real, or left out without an ellipsis; "" where there is none."""
    at, skipping = 0, False
    real = [without_line(line) for line in real]
    for line in map(without_line, shown.splitlines()):
        if line == LEFT_OUT:
            skipping = True
            continue
        if line not in real[at:]:
            return f"not written, or not here: {line}"
        found = real.index(line, at)
        if found != at and not skipping:
            return f"left out: {real[at]}"
        at, skipping = found + 1, False
    return "" if skipping or at == len(real) else f"left out: {real[at]}"


def test_the_commands_print_what_is_shown_and_write_what_is_shown(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    assert len(OUTPUTS) == 3
    for command, shown in OUTPUTS:
        ran = run(*shlex.split(command)[1:])
        assert ran.code == 0
        assert held(shown, [line for text in (ran.out, ran.err) for line in text.splitlines() if line]) == ""
    [turtle] = [text for kind, text in BLOCKS if kind == "turtle"]
    assert held(turtle, (place / "out" / "things.ttl").read_text("utf-8").splitlines()) == ""
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line[:1] == "|"
    ]
    with (place / "out" / "things.csv").open(encoding="utf-8", newline="") as stream:
        assert rows == [[row[name] for name in head] for row in csv.DictReader(stream)]


def test_what_is_held_to_can_fail() -> None:
    assert held("a\n…\nc\n", ["a", "b", "c"]) == ""
    assert held("a\nc\n", ["a", "b", "c"]) == "left out: b"
    assert held("a\nx\n", ["a", "b"]) == "not written, or not here: x"
    assert held("a\n", ["a", "b"]) == "left out: b"
