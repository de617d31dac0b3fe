"""The README is true: its commands run, their outputs are real, and it names every command and setting."""

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import Graph
from tests.conftest import ROOT, run

from herbier.build import open_vault
from herbier.cli import main
from herbier.config import FILE, Settings, load_settings
from herbier.formats import FORMATS, Format

README = (ROOT / "README.md").read_text("utf-8")
FOLDERS = [
    "mapping",
    "ontology",
    "shapes",
    "src",
    "tests",
]  # seeds is a vault: a README there would be a note
NOT_RUN = {"serve"}  # it ends only when it is told to
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


COMMANDS = [words for text in of_language("sh") for words in commands_of(text) if words[0] not in NOT_RUN]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as the README has it: the sample vault, and the notes that it shows."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    for block in BLOCKS:
        if block.language == "markdown":
            [name] = re.findall(r"`(\S[^`]*\.md)`", block.before)
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(block.text, "utf-8")
    return folder


@pytest.fixture
def inside(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


def plain(line: str) -> str:
    """Return a line without the line of a rule, which moves with each row that is added above it."""
    return re.sub(r"(mapping/\w+\.yaml):\d+\)", r"\1:…)", line.rstrip())


def test_every_block_is_found() -> None:
    assert len(BLOCKS) == README.count("\n```") // 2
    assert {block.language for block in BLOCKS} == {"sh", "text", "markdown", "turtle", "toml", "python"}


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


def test_the_turtle_is_what_the_note_gives(inside: Path) -> None:
    [command] = [words for words in COMMANDS if words[:2] == ["build", "notes"]]
    assert run(*command).code == 0
    published = Graph().parse(command[-1], format="turtle")
    head = FORMATS["turtle"].head(open_vault(Path("notes")).names)
    [shown] = of_language("turtle")
    said = Graph().parse(data=head + shown, format="turtle")
    assert len(said) > 0
    assert [triple for triple in said if triple not in published] == []


# rdflib's own parser of N-Quads asks for what rdflib calls deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_the_python_runs(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [code] = of_language("python")
    exec(compile(code, "README.md", "exec"), {})
    assert "Alan Turing" in capsys.readouterr().out


def test_the_settings_shown_are_good(tmp_path: Path) -> None:
    [shown] = of_language("toml")
    (tmp_path / FILE).write_text(shown, "utf-8")
    _, problems = load_settings(tmp_path)
    assert problems == []
    assert open_vault(tmp_path).rules.problems == ()


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_named(name: str) -> None:
    table = README[README.index("\n| setting |") : README.index("\n## Exit codes")]
    assert re.search(rf"`\[?{name}\]?`", table)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_shown(name: str) -> None:
    assert name in {words[0] for text in of_language("sh") for words in commands_of(text)}


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


def test_the_sample_vault_has_no_readme() -> None:
    assert not list((ROOT / "seeds").glob("**/README*"))


@pytest.mark.parametrize("file", ["README.md", "CHANGELOG.md", *(f"{folder}/README.md" for folder in FOLDERS)])
def test_links_lead_somewhere(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not ((ROOT / file).parent / target).exists()] == []


def test_the_changelog_tells_of_every_command() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    assert [name for name in main.commands if f"`herbier {name}`" not in changelog] == []
