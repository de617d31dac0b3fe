"""`herbier help`: sections of the guide in the person's language, and what is said where there is none."""

import click.testing
import pytest
from tests.conftest import run

from herbier.cli import main
from herbier.guide import LANGUAGES, PAGES, sections_of

BOTH = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@BOTH
def test_help_finds_every_topic(language: str) -> None:
    for page in PAGES:
        for section in sections_of(page, language):
            for topic in section.topics:
                ran = run("help", topic, "--lang", language)
                assert ran.code == 0
                assert section.title in ran.out.splitlines()
                assert "```" not in ran.out
                assert "\x1b" not in ran.out


@pytest.mark.parametrize("written", ["dangling-link", "[dangling-link]", "Dangling link", "dangling_link"])
def test_a_topic_may_be_written_as_it_is_met(written: str) -> None:
    ran = run("help", written)
    assert ran.out.startswith("dangling-link\n\nWarning. A link leads to no note of the vault.")
    assert "    She lived in [[Lodnon]].\n" in ran.out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("--base", "base"),
        ("limits.file_size", "file_size"),
        ("check.ignore", "ignore"),
        ("[languages]", "languages"),
        ("herbier check", "check"),
        ("herbier.ledger", "herbier.ledger"),
    ],
)
def test_a_setting_and_a_command_may_be_written_as_they_are_met(written: str, meant: str) -> None:
    assert run("help", "--", written).out.splitlines()[0] == meant


def test_a_word_with_two_meanings_shows_both() -> None:
    out = run("help", "title").out
    assert "The title of the vault" in out
    assert "The title of the note" in out


@BOTH
@pytest.mark.parametrize("page", PAGES)
def test_help_shows_a_whole_page(page: str, language: str) -> None:
    titles = [section.title for section in sections_of(page, language)]
    lines = run("help", page, "--lang", language).out.splitlines()
    assert [line for line in titles if line not in lines] == []


@BOTH
def test_without_a_topic_everything_is_listed(language: str) -> None:
    words = run("help", "--lang", language).out.split()
    assert [
        topic
        for page in PAGES
        for section in sections_of(page, language)
        for topic in section.topics
        if topic not in words
    ] == []
    assert [page for page in PAGES if f"{page}:" not in words] == []


@pytest.mark.parametrize(
    ("environment", "french"),
    [
        ({"LANG": "fr_CA.UTF-8"}, True),
        ({"LC_MESSAGES": "fr"}, True),
        ({"LC_ALL": "", "LANG": "fr"}, True),
        ({"LC_ALL": "en_GB", "LANG": "fr"}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "de_DE"}, False),
        ({}, False),
    ],
)
def test_help_speaks_the_language_of_the_person(
    environment: dict[str, str], french: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("Avertissement" in run("help", "dangling-link").out) is french
    assert "Warning" in run("help", "dangling-link", "--lang", "en").out


@pytest.mark.parametrize(("written", "meant"), [("danglin-link", "dangling-link"), ("langages", "languages")])
def test_an_unknown_topic_is_told_with_the_nearest_name(written: str, meant: str) -> None:
    ran = run("help", written)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: the guide has nothing on {written!r}; did you mean {meant}")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("written", ["zzzzzz", "", " ", "[]", "é\x1b[31m", "../en/start"])
def test_what_is_like_nothing_is_told_in_one_line(written: str) -> None:
    ran = run("help", written)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err


def test_a_terminal_is_shown_colours() -> None:
    result = click.testing.CliRunner().invoke(main, ["help", "check", "--lang", "en"], color=True)
    assert "\x1b[36m--strict\x1b[0m" in result.stdout
    assert "`" not in result.stdout
