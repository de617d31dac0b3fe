"""The output of `herbier learn`: a proposal, and what a vault comes to before and after."""

import click

from herbier.cli import output_terminal
from herbier.inspect.evidence_counts import Shares
from herbier.inspect.learning import Lesson
from herbier.mapping.vault_totals import Understood, told_understood
from herbier.messages import Message

_ROWS: tuple[tuple[str, Message], ...] = (
    ("typed", Message("things with a class")),
    ("standard", Message("values under a standard predicate")),
    ("relations", Message("relations between things")),
    ("dates", Message("dates read")),
    ("warnings", Message("warnings left")),
)
_OF = {"typed": "things", "standard": "values"}


def show_lesson(lesson: Lesson, number: str = "") -> None:
    """Show a proposal: what it is about, what it would be, what speaks for it and against it."""
    told = Message(
        "{subject}, in {count} notes: {gives}, sure {sure}",
        subject=lesson.subject, count=lesson.notes, gives=lesson.gives, sure=f"{lesson.sure:.2f}",
    )  # fmt: skip
    mark = f"{number}  " if number else ""
    click.echo(click.style(f"{mark}{output_terminal.in_own_language(told)}", bold=True))
    click.echo(f"    {', '.join(lesson.examples)}")
    if lesson.exceptions:
        but = Message("but: {exceptions}", exceptions=", ".join(lesson.exceptions))
        click.echo(f"    {output_terminal.in_own_language(but)}")


def show_understood(of: Understood, language: str) -> None:
    """Show how much of a vault is understood, in a line; nothing where there is nothing to be understood."""
    if told := told_understood(of):
        output_terminal.say(told, language)


def show_shares(before: Shares, after: Shares) -> None:
    """Show what a vault comes to before and after, as a table."""
    heads = [output_terminal.in_own_language(text) for text in (Message("before"), Message("after"))]
    click.echo()
    names = [output_terminal.in_own_language(label) for _, label in _ROWS]
    width = max(map(len, names))
    click.echo(f"{'':{width}}  {heads[0]:>16}  {heads[1]:>16}")
    for (field, _), name in zip(_ROWS, names, strict=True):
        click.echo(f"{name:{width}}  {_cell(before, field):>16}  {_cell(after, field):>16}")


def _cell(shares: Shares, field: str) -> str:
    count = getattr(shares, field)
    of = getattr(shares, _OF[field]) if field in _OF else 0
    return f"{count:,} ({count / of:.0%})" if of else f"{count:,}"
