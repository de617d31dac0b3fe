"""`herbier help`: what the guide says of a problem, a setting or a command, in the person's language."""

import os
import re
from functools import reduce
from textwrap import fill

import click

from herbier.guide import LANGUAGES, PAGES, find, guide_lines, nearest_topics, sections_of
from herbier.messages import Message, did_you_mean
from herbier.problems import HerbierError
from herbier.text import shown
from herbier.translation import ENGLISH, language_asked_for, translate

_MORE = Message("herbier help TOPIC shows a page, or what it says of one of these words.")
_WIDTH = 78
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*(.+?)\*\*")


@click.command("help")
@click.argument("topic", required=False)
@click.option("--lang", type=click.Choice(LANGUAGES), help="The language; the one of LANG, if not given.")
def help_command(topic: str | None, lang: str | None) -> None:
    """Show what the guide says of TOPIC: a problem's code, a setting, a key or a command.

    Without TOPIC, show the pages of the guide and what they tell of.

    \b
    herbier help dangling-link
    herbier help base
    herbier help check --lang fr
    """
    spoken = lang or language_asked_for(os.environ)
    language = spoken if spoken in LANGUAGES else ENGLISH
    if topic is None:
        click.echo(_contents(language))
        return
    found = find(topic, language)
    if not found:
        near = nearest_topics(topic, language)
        told = Message("the guide has nothing on {topic!r}", topic=shown(topic))
        if not near:
            raise HerbierError(Message("{told}; herbier help lists what there is", told=told))
        raise HerbierError(
            did_you_mean(told, reduce(lambda one, other: Message("{one} or {other}", one=one, other=other), near))
        )
    click.echo("\n\n".join(_readable(section.text) for section in found))


def _contents(language: str) -> str:
    """Return the pages with their topics."""
    parts = []
    for page in PAGES:
        sections = sections_of(page, language)
        topics = [name for section in sections for name in section.topics]
        words = fill(" ".join(dict.fromkeys(topics)), _WIDTH, initial_indent="    ", subsequent_indent="    ",
                     break_on_hyphens=False)  # fmt: skip
        parts.append(f"{click.style(page, bold=True)}: {sections[0].title}" + (f"\n{words}" if topics else ""))
    return "\n\n".join([*parts, translate(_MORE, language)])


def _readable(text: str) -> str:
    """Return Markdown as a terminal shows it well.

    The pages are written narrow, so that no line need be broken anew: rich breaks French lines before : and ».
    """
    shown_lines = []
    for line, code in guide_lines(text):
        if not code:
            shown_lines.append(_line(line))
        elif not line.lstrip().startswith(("```", "~~~")):
            shown_lines.append(f"    {line}".rstrip())
    return "\n".join(shown_lines)


def _line(line: str) -> str:
    if line.startswith("#"):
        return click.style(line.lstrip("# ").replace("`", ""), bold=True, underline=True)
    line = _LINK.sub(lambda match: f"{match[1]} ({match[2]})" if "://" in match[2] else match[1], line)
    line = _STRONG.sub(lambda match: click.style(match[1], bold=True), line)
    return _CODE.sub(lambda match: click.style(match[1], fg="cyan"), line)
