"""The guide is complete and true: every code, setting, key, command and option, in both languages, with examples."""

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import click
import pytest
import yaml
from rdflib import Graph
from tests.conftest import FRENCH, ROOT, run

from herbier.cli import main
from herbier.config import FILE, LEDGER, READERS, Settings, load_settings
from herbier.guide import LANGUAGES, PAGES, GuideSection, guide_lines, problems_page, read_page, sections_of
from herbier.pipeline.opening import open_vault
from herbier.problems import CODES, read_codes
from herbier.rdf.formats import FORMATS
from herbier.shapes import load_shapes, shape_profiles
from herbier.shapes.shape_rules import NO_CODE
from herbier.vault.declarations.declaration_readers import DECLARATIONS
from herbier.vault.ignored import IGNORE_FILE

LOCALE = ROOT / "src" / "herbier" / "locale"
# What no file of a vault can show: the reason why.
NOT_SHOWN = {
    "unreadable-file": "who runs the tests may be allowed to read everything",
    "ledger-unwritten": "who runs the tests may be allowed to write everything",
}
# What `check` does not tell: the command that does.
TOLD_BY_BUILD = {"default-base": ["out.ttl"], "lost-in-format": ["out.rdf", "--base", "https://example.org/"]}
WIDTH = 80
# What cannot but be reported, too.
ALSO = {
    "lacks-label": {"no-language", "wikidata-readiness"},
    "lacks-type": {"wikidata-readiness"},
    "lacks-description": {"wikidata-readiness"},
    "lacks-clue": {"wikidata-readiness"},
    "wikidata-readiness": {"lacks-description", "lacks-clue"},
}
BOTH = pytest.mark.parametrize("language", LANGUAGES)


class Fence(NamedTuple):
    """A fenced block: the words of its info string, and its text."""

    words: list[str]
    text: str

    @property
    def attributes(self) -> dict[str, str]:
        return dict(word.split("=", 1) for word in self.words if "=" in word)


def fences_of(text: str) -> list[Fence]:
    return [
        Fence(shlex.split(match[1]), match[2])
        for match in re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", text + "\n", re.MULTILINE)
    ]


def topics_of(page: str, language: str) -> list[str]:
    return [topic for section in sections_of(page, language) for topic in section.topics]


def entry(page: str, topic: str, language: str) -> GuideSection:
    [found] = [section for section in sections_of(page, language) if topic in section.topics]
    return found


def groups(page: str, language: str) -> list[tuple[str, list[str]]]:
    """Return the text and the topics of each section of the second level."""
    found: list[tuple[str, list[str]]] = []
    for section in sections_of(page, language):
        if section.level == 2:
            found.append((section.text, []))
        elif section.level == 3:
            found[-1][1].extend(section.topics)
    return found


def prose_of(text: str) -> str:
    """Return a page without its code, its links' targets and its headings' marks."""
    lines = [line for line, code in guide_lines(text) if not code]
    return re.sub(r"`[^`]*`|\]\([^)]*\)", "`", "\n".join(lines))


# --- both languages -------------------------------------------------------------------------------


def test_there_are_no_other_pages() -> None:
    assert sorted(path.relative_to(LOCALE).as_posix() for path in LOCALE.glob("*/guide/*.md")) == sorted(
        f"{language}/guide/{page}.md" for language in LANGUAGES for page in PAGES
    )


@BOTH
def test_the_page_on_problems_is_made_from_the_codes(language: str) -> None:
    assert read_page("problems", language) == problems_page(language), "run make guide"


@pytest.mark.parametrize("page", PAGES)
def test_all_languages_have_the_same_headings(page: str) -> None:
    first, *others = ([(s.level, s.topics) for s in sections_of(page, language)] for language in LANGUAGES)
    assert len(first) > 1
    assert all(other == first for other in others)


@pytest.mark.parametrize("page", PAGES)
def test_all_languages_have_the_same_examples(page: str) -> None:
    first, *others = (
        [[w for w in f.words if "=" not in w] for f in fences_of(read_page(page, lang))] for lang in LANGUAGES
    )
    assert all(other == first for other in others)


@BOTH
@pytest.mark.parametrize("page", PAGES)
def test_pages_fit_a_terminal(page: str, language: str) -> None:
    wide = [line for line in read_page(page, language).splitlines() if len(line) > WIDTH and "http" not in line]
    assert [line for line in wide if not line.startswith(("    ", "rdfs:", "herbier:"))] == []


@BOTH
@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str, language: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)", read_page(page, language))
    assert [t for t in targets if "://" not in t and not (LOCALE / language / "guide" / t).is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_french_is_set_as_french_is(page: str) -> None:
    prose = prose_of(read_page(page, "fr"))
    assert "’" in prose
    assert re.findall(r".{0,9}'.{0,9}", prose) == []
    assert re.findall(r".{0,9}[ \n][:;!?»].{0,9}", prose) == []
    assert re.findall(r".{0,9}«(?![\u202f\u00a0]).{0,9}", prose) == []
    assert re.findall(r".{0,9}[^\s\u202f\u00a0][;!?»].{0,9}", prose) == []
    assert re.findall(r".{0,9}[^\s\u202f\u00a0]:(?=\s).{0,9}", prose) == []
    assert '"' not in prose
    assert re.findall(r"\.\.\.|\b(?:frontmatter|front matter|warning|link|vault|tag)s?\b", prose.lower()) == []


# --- complete, and nothing that is not there --------------------------------------------------------


def severities() -> dict[str, set[str]]:
    """Return how grave each code may be: those of the table, and those of the shapes."""
    found: dict[str, set[str]] = {code: {row.severity} for code, row in CODES.items()}
    found[NO_CODE] = {"error"}
    for profile in ("", *shape_profiles()):
        for rule in load_shapes(None, profile).rules.values():
            if rule.messages:
                found.setdefault(rule.code, set()).add(rule.severity)
    return found


SEVERITIES = severities()
WORDS = {
    "en": {"error": "Error", "warning": "Warning", "info": "Remark"},
    "fr": {"error": "Erreur", "warning": "Avertissement", "info": "Remarque"},
}


@BOTH
def test_every_code_has_an_entry(language: str) -> None:
    assert sorted(topics_of("problems", language)) == sorted(SEVERITIES)


@BOTH
@pytest.mark.parametrize("code", SEVERITIES)
def test_an_entry_says_how_grave_it_is(code: str, language: str) -> None:
    text = entry("problems", code, language).text.partition("\n\n")[2].partition(".")[0].lower()
    said = {severity for severity, word in WORDS[language].items() if re.search(rf"\b{word.lower()}\b", text)}
    assert said == SEVERITIES[code]
    assert read_codes()[code].severity in said


@BOTH
def test_every_setting_has_an_entry(language: str) -> None:
    text, topics = groups("settings", language)[0]
    assert FILE in text
    assert sorted(topics) == sorted(field.name for field in fields(Settings))
    assert set(READERS) <= set(topics)


@BOTH
def test_the_settings_shown_are_all_and_good(language: str, tmp_path: Path) -> None:
    shown = fences_of(read_page("settings", language))[0].text
    (tmp_path / FILE).write_text(shown, "utf-8")
    _, problems = load_settings(tmp_path)
    assert problems == []
    assert open_vault(tmp_path).rules.problems == ()
    named = set(re.findall(r"^\[?(\w+)", shown, re.MULTILINE))
    assert {field.name for field in fields(Settings)} <= named


def own_keys() -> dict[str, list[str]]:
    """Return the keys that Herbier itself reads, with all their names."""
    rows: Mapping[str, dict[str, list[str]]] = yaml.safe_load((ROOT / "mapping" / "keys.yaml").read_text("utf-8"))[
        "keys"
    ]
    return {name: row["names"] for name, row in rows.items() if row.get("role")}


@BOTH
def test_every_key_that_herbier_reads_has_an_entry(language: str) -> None:
    text, topics = groups("settings", language)[1]
    names = {name for row in own_keys().values() for name in row}
    privacy = yaml.safe_load((ROOT / "mapping" / "privacy.yaml").read_text("utf-8"))["privacy"]
    assert set(topics) <= names | {"brouillon"} | {key for row in privacy.values() for key in row["keys"]}
    assert "`mapping/privacy.yaml`" in text
    assert [row for row, written in own_keys().items() if not set(written) & set(topics)] == []
    assert [name for name in names if f"`{name}`" not in text] == []


@BOTH
def test_every_other_file_and_variable_has_an_entry(language: str) -> None:
    _, _, (_, files), (_, declared), (_, variables) = groups("settings", language)
    assert files == [IGNORE_FILE, LEDGER]
    told = {name.rpartition("/")[2] for name in declared} | {"hugo.yaml", "hugo.yml", "hugo.json", "_config.toml"}
    others = {"config.toml", "config.yaml", "_config.yaml", "mkdocs.yaml", "languages.toml", "languages.yaml"}
    assert {name.rpartition("/")[2] for name in DECLARATIONS if not name.startswith(".obsidian/")} <= told | others
    source = "".join(file.read_text("utf-8") for file in (ROOT / "src").rglob("*.py"))
    assert "environ" in source
    assert sorted(variables) == sorted(set(re.findall(r'"((?:LC|XDG|HERBIER)_[A-Z_]+|LANG|NO_COLOR)"', source)))


@BOTH
def test_every_command_has_an_entry(language: str) -> None:
    assert sorted(topics_of("commands", language)) == sorted(main.commands)


OPTIONS = [
    (name, option)
    for name, command in main.commands.items()
    for option in command.params
    if isinstance(option, click.Option)
]


def bullets(section: GuideSection) -> dict[str, str]:
    """Return what is said of each option of a command, by each of its names."""
    found: dict[str, str] = {}
    for text in re.findall(r"^- (.*(?:\n  .*)*)", section.text, re.MULTILINE):
        names = re.match(r"(?:`-[^`]*`(?:, )?)+", text)
        for name in re.findall(r"`(--?[\w-]+)", names[0] if names else ""):
            assert name not in found
            found[name] = text
    return found


@BOTH
@pytest.mark.parametrize("name", main.commands)
def test_every_option_has_a_line(name: str, language: str) -> None:
    real = {text for command, option in OPTIONS if command == name for text in option.opts}
    assert set(bullets(entry("commands", name, language))) == real


CHOICES = [(name, option) for name, option in OPTIONS if isinstance(option.type, click.Choice)]


@BOTH
@pytest.mark.parametrize(("name", "option"), CHOICES, ids=lambda value: getattr(value, "name", value))
def test_every_choice_is_named(name: str, option: click.Option, language: str) -> None:
    assert isinstance(option.type, click.Choice)
    text = bullets(entry("commands", name, language))[option.opts[-1]]
    assert [choice for choice in option.type.choices if f"`{choice}`" not in text] == []


def commands_in(text: str) -> Iterator[list[str]]:
    for fence in fences_of(text):
        for line in fence.text.splitlines() if fence.words[0] == "sh" else ():
            words = shlex.split(line, comments=True)
            if words[:1] == ["herbier"]:
                yield words[1:]


@BOTH
@pytest.mark.parametrize("page", PAGES)
def test_commands_can_be_given_as_shown(page: str, language: str) -> None:
    text = read_page(page, language)
    for name, *words in commands_in(text):
        main.commands[name].make_context(name, words)
    named = set(re.findall(r"`herbier ([a-z]+)\b", text)) - {"ignorer"}  # `herbier ignorer` is a key
    assert sorted(named - set(main.commands)) == []


@BOTH
def test_every_command_has_an_example(language: str) -> None:
    for name in main.commands:
        assert name in {words[0] for words in commands_in(entry("commands", name, language).text)}


# --- the examples ---------------------------------------------------------------------------------


def lay(folder: Path, examples: list[Fence], language: str) -> Path:
    """Write the files of an example; a vault without settings is given the language of the page."""
    for example in examples:
        named = example.attributes
        file = folder / os.fsdecode(unquote_to_bytes(named["file"]))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(example.text.encode(named.get("encoding", "utf-8")))
    if not (folder / FILE).exists():
        (folder / FILE).write_text(FRENCH.replace("fr", language), "utf-8")
    return folder


def told(vault: Path, code: str) -> set[str]:
    """Return the codes of all that is reported of a vault."""
    if code in TOLD_BY_BUILD:
        file, *words = TOLD_BY_BUILD[code]
        return set(re.findall(r"\[([a-z-]+)\]$", run("build", vault, "-o", vault / file, *words).err, re.MULTILINE))
    profile = ["--profile", "wikidata"] if SEVERITIES[code] == {"info"} else []
    profile = ["--profile", "okf"] if code.startswith("okf-") else profile
    return {found["code"] for found in json.loads(run("check", vault, "--format", "json", *profile).out)}


@BOTH
@pytest.mark.parametrize("code", SEVERITIES)
def test_the_wrong_example_is_told_and_the_right_one_is_not(code: str, language: str, tmp_path: Path) -> None:
    examples = fences_of(entry("problems", code, language).text)
    wrong = [example for example in examples if "wrong" in example.words]
    right = [example for example in examples if "right" in example.words]
    assert wrong
    assert right
    assert len(wrong) + len(right) == len(examples)
    if code not in NOT_SHOWN:
        assert told(lay(tmp_path / "wrong", wrong, language), code) == {code} | ALSO.get(code, set())
        assert told(lay(tmp_path / "right", right, language), code) == set()


def test_what_is_not_shown_is_still_a_code() -> None:
    assert set(NOT_SHOWN) | set(TOLD_BY_BUILD) | set(ALSO) <= set(SEVERITIES)


@BOTH
def test_the_note_gives_what_is_shown(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = read_page("start", language)
    shown = {fence.words[0]: fence.text for fence in fences_of(text)}
    [name] = re.findall(r"`(notes/[^`]*\.md)`", text)
    monkeypatch.chdir(tmp_path)
    Path(name).parent.mkdir()
    Path(name).write_text(shown["markdown"], "utf-8")
    [command] = [words for words in commands_in(text) if words[0] == "build"]
    assert run(*command).code == 0
    published = Graph().parse(command[-1], format="turtle")
    head = FORMATS["turtle"].head(open_vault(Path("notes")).names)
    said = Graph().parse(data=head + shown["turtle"], format="turtle")
    assert len(said) > 10
    assert [triple for triple in said if triple not in published] == []


@BOTH
def test_the_settings_in_short_are_good(language: str, tmp_path: Path) -> None:
    [shown] = [fence.text for fence in fences_of(read_page("start", language)) if fence.words[0] == "toml"]
    (tmp_path / FILE).write_text(shown, "utf-8")
    assert load_settings(tmp_path)[1] == []


# --- what is shipped ------------------------------------------------------------------------------


def test_the_wheel_has_the_guide(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {path.relative_to(ROOT / "src").as_posix() for path in LOCALE.rglob("*") if path.suffix in (".md", ".png")}
    assert len(wanted) > len(PAGES)
    assert wanted <= packed


def test_the_picture_is_small() -> None:
    data = (LOCALE / "en" / "guide" / "note.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20]) == 1200
    assert len(data) < 150_000
