"""The pages for note keepers, in English and in French."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import NamedTuple

from herbier.problems import CODES, CODES_OF_DATA, FOLDER
from herbier.rdf.slugs import plain_name
from herbier.translation import LOCALE

LANGUAGES = tuple(sorted(folder.parent.name for folder in LOCALE.glob("*/guide")))
PAGES = ("start", "commands", "settings", "problems")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6}) +(.+)")
_TOPIC = re.compile(r"`([^`]+)`")
_AROUND = re.compile(r"^[\s\[`-]*(?:herbier |limits\.|check\.)?")  # in [dangling-link], --base, check.ignore


class GuideSection(NamedTuple):
    """A part of a page, from its heading to the next of the same level or above.

    `topics` are the words under which it is found; `text` is Markdown, heading included.
    """

    page: str
    level: int
    title: str
    topics: tuple[str, ...]
    text: str


def read_page(name: str, language: str) -> str:
    """Return the Markdown of a page."""
    return (LOCALE / language / "guide" / f"{name}.md").read_text("utf-8")


def guide_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a page, and whether each is code or the fence around it."""
    fence = ""
    for line in text.splitlines():
        match = _FENCE.match(line)
        if fence:
            yield line, True
            if match and match[1].startswith(fence) and line.strip() == match[1]:
                fence = ""
        else:
            fence = match[1] if match else ""
            yield line, bool(fence)


def sections_of(name: str, language: str) -> list[GuideSection]:
    """Return the sections of a page, in its order; one that has sections of its own holds their text, too."""
    lines = list(guide_lines(read_page(name, language)))
    headings = [
        (number, match) for number, (line, code) in enumerate(lines) if not code and (match := _HEADING.match(line))
    ]
    found: list[GuideSection] = []
    for place, (start, match) in enumerate(headings):
        level = len(match[1])
        stop = next((n for n, other in headings[place + 1 :] if len(other[1]) <= level), len(lines))
        text = "\n".join(line for line, _ in lines[start:stop]).strip()
        topics = tuple(_TOPIC.findall(match[2])) if not _TOPIC.sub("", match[2]).strip(" ,") else ()
        found.append(GuideSection(name, level, match[2].replace("`", ""), topics, text))
    return found


def find(topic: str, language: str) -> list[GuideSection]:
    """Return the sections on a topic, or the page of that name; empty where there is none."""
    wanted = _plain(topic)
    if wanted in PAGES:
        return sections_of(wanted, language)[:1]
    return [
        section
        for page in PAGES
        for section in sections_of(page, language)
        if wanted and wanted in map(_plain, section.topics)
    ]


def nearest_topics(topic: str, language: str) -> list[str]:
    """Return the topics that are written most like a word, at most three."""
    known = {_plain(name): name for name in PAGES}
    known |= {_plain(name): name for page in PAGES for s in sections_of(page, language) for name in s.topics}
    return [known[name] for name in get_close_matches(_plain(topic), known, 3)]


def _plain(topic: str) -> str:
    """Return a topic as it is compared: as keys are, and also as `check` prints a code and TOML a table."""
    return plain_name(_AROUND.sub("", topic))


def problems_page(language: str) -> str:
    """Return the page on problems, made from the codes; `make guide` writes it where people read it on the web.

    A code that has no text in the language is left out; `herbier help` shows it in English.
    """
    intro = (FOLDER / f"_{language}.md").read_text("utf-8")
    parts = {
        name: "\n\n".join(
            f"## `{code}`\n\n{row.texts[language]}" for code, row in codes.items() if language in row.texts
        )
        for name, codes in (("problems", CODES), ("data", CODES_OF_DATA))
    }
    return re.sub(r"\{(problems|data)\}", lambda match: parts[match[1]], intro)


def write_pages() -> None:
    """Write the pages that are made from other files."""
    for language in LANGUAGES:
        (LOCALE / language / "guide" / "problems.md").write_text(problems_page(language), "utf-8")
