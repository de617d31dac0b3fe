"""The README is true: its commands run, their outputs are real, and it names every command and package."""

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import ROOT, run

from herbier.cli import main
from herbier.guide import LANGUAGES, PAGES
from herbier.rdf.formats import FORMATS, Format
from herbier.vault.files import list_files

README = (ROOT / "README.md").read_text("utf-8")
FOLDERS = ["mapping", "ontology", "seeds", "shapes", "src", "tests"]
NOT_RUN = {"serve"}  # it ends only when it is reported to
PLACEHOLDERS = {"NOTES", "OLD", "NEW"}  # what stands for the reader's own
LEFT_OUT = "…"


class Block(NamedTuple):
    """A fenced block: its language, its text, and the paragraph before it."""

    language: str
    text: str
    before: str


def blocks_of(text: str) -> Iterator[Block]:
    for match in re.finditer(r"(?P<before>[^\n]*)\n\n```(?P<language>\w+)\n(?P<text>.*?)^```$", text, re.M | re.S):
        yield Block(match["language"], match["text"], match["before"])


BLOCKS = list(blocks_of(README))


def of_language(language: str) -> list[str]:
    return [block.text for block in BLOCKS if block.language == language]


def commands_of(text: str) -> list[list[str]]:
    """Return the words of each `herbier` command of a shell block, without the name of the program."""
    lines = [shlex.split(line, comments=True) for line in text.splitlines()]
    return [words[1:] for words in lines if words[:1] == ["herbier"]]


SHOWN = [words for text in of_language("sh") for words in commands_of(text)]
COMMANDS = [words for words in SHOWN if words[0] not in NOT_RUN and not PLACEHOLDERS & set(words)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as the README has it: the sample vault."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


@pytest.fixture
def inside(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):  # it shows what is said in English
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(place)
    return place


def plain(line: str) -> str:
    """Return a line without the line of a rule, which moves with each row that is added above it."""
    return re.sub(r"(mapping/\w+\.yaml):\d+\)", r"\1:…)", line.rstrip())


def test_every_block_is_found() -> None:
    assert len(BLOCKS) == README.count("\n```") // 2
    assert {block.language for block in BLOCKS} == {"sh", "text", "python"}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_run(words: list[str], inside: Path) -> None:
    ran = run(*words)
    assert ran.code == 0, ran.err


OUTPUTS = [(a.text, b.text) for a, b in pairwise(BLOCKS) if (a.language, b.language) == ("sh", "text")]


def test_every_output_has_a_command() -> None:
    assert [shown for _, shown in OUTPUTS] == of_language("text")


@pytest.mark.parametrize(("commands", "shown"), OUTPUTS)
def test_outputs_are_real(commands: str, shown: str, inside: Path) -> None:
    """All that the commands print is shown, line by line, but for what an ellipsis stands for."""
    ran = [run(*words) for words in commands_of(commands)]
    real = [plain(line) for each in ran for text in (each.out, each.err) for line in text.splitlines()]
    place, skipping = 0, False
    for line in shown.splitlines():
        if line == LEFT_OUT:
            skipping = True
            continue
        assert plain(line) in real[place:], f"not printed, or not here: {line}"
        found = real.index(plain(line), place)
        assert skipping or found == place, f"left out without a word: {real[place]}"
        place, skipping = found + 1, False
    assert skipping or place == len(real), f"left out without a word: {real[place]}"


# rdflib's own parser of N-Quads asks for what rdflib calls deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_the_python_runs(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [code] = of_language("python")
    exec(compile(code, "README.md", "exec"), {})
    assert "Alan Turing" in capsys.readouterr().out


def test_the_tour_has_eleven_lines() -> None:
    tour = of_language("sh")[2].splitlines()
    assert [int(number) for line in tour for number in re.findall(r"# (\d+)\. ", line)] == list(range(1, 12))


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_commands_can_be_given_as_shown(words: list[str]) -> None:
    assert main.commands[words[0]].make_context(words[0], words[1:]).params


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_shown(name: str) -> None:
    assert name in {words[0] for words in SHOWN}


def test_no_command_is_named_that_is_not_there() -> None:
    named = set(re.findall(r"(?:^|`|&& )herbier ([a-z]+)\b", README, re.MULTILINE))
    assert named == set(main.commands)


@pytest.mark.parametrize("row", FORMATS.values(), ids=lambda row: row.name)
def test_every_format_is_named(row: Format) -> None:
    assert f"`{row.suffix}`" in README


def test_every_package_is_told_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = [re.split(r"[^\w-]", text)[0] for text in project["dependencies"]]
    for_work = [re.split(r"[^\w-]", text)[0] for text in project["optional-dependencies"]["dev"]]
    table = README[README.index("## What it is built on") : README.index("## Licence")]
    assert re.findall(r"^\| ([a-z][\w-]*) \|", table.partition("|---")[2], re.MULTILINE) == sorted(required)
    assert [name for name in for_work if name.lower() not in table.lower()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_says_what_lives_there(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text("utf-8")
    assert text.startswith(f"# {folder}/\n")
    assert f"]({folder}/README.md)" in README


def test_the_readme_of_the_sample_vault_is_no_note() -> None:
    assert [path for path in list_files(ROOT / "seeds").private if "README" in path] == ["README.md"]
    assert list((ROOT / "seeds").glob("**/README*")) == [ROOT / "seeds" / "README.md"]


def test_the_guide_is_linked_in_all_languages() -> None:
    for language in LANGUAGES:
        assert [page for page in PAGES if f"](src/herbier/locale/{language}/guide/{page}.md)" not in README] == []


@pytest.mark.parametrize("file", ["README.md", "CHANGELOG.md", *(f"{folder}/README.md" for folder in FOLDERS)])
def test_links_lead_somewhere(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not ((ROOT / file).parent / target).exists()] == []


def test_the_changelog_tells_of_every_command() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    assert [name for name in main.commands if f"`herbier {name}`" not in changelog] == []
