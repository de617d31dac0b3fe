"""What a person sees in the terminal: progress, problems, sums."""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import click

from herbier.build import Progress, Summary
from herbier.cli.excerpt import excerpt
from herbier.problems import Problem, words
from herbier.speech import ENGLISH, language_of, said, translated
from herbier.terms import shown
from herbier.vault.files import decode, read_bytes
from herbier.vault.spans import of_problem
from herbier.wikidata.readiness import Readiness, listed, summed

_SEVERITIES = {"error": words("error:"), "warning": words("warning:"), "info": words("info:")}
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
LANGUAGE = "herbier.language"  # under which a command leaves its language, for what ends it to be told in
_MOST = 20
_MOST_BYTES = 50_000_000  # of a file that is shown
_WIDTH = 100  # where there is no terminal to fit
_LEAST_WIDTH = 40
_PATIENCE = 0.7  # seconds before progress is worth a look


def own_language() -> str:
    """Return the language that the person's environment asks for."""
    return language_of(os.environ)


def error(message: str, language: str = ENGLISH) -> None:
    """Say why nothing was done."""
    mark = click.style(said(_SEVERITIES["error"], language), fg="red", bold=True)
    click.echo(f"{mark} {_printable(said(message, language))}", err=True)


def say(message: str, language: str = ENGLISH) -> None:
    """Say what is going on."""
    click.echo(_printable(said(message, language)), err=True)


def own(text: str) -> str:
    """Return a text in the person's own language."""
    return said(text, own_language())


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def problems(found: Sequence[Problem], vault: Path, language: str) -> None:
    """Show problems, all errors but only the first warnings."""
    warnings = [p for p in found if p.severity != "error"]
    hidden = set(warnings[_MOST:])
    for p in found:
        if p not in hidden:
            click.echo(_problem(p, language), err=True)
    if hidden:
        check, count = f"herbier check {shown(str(vault))}", len(warnings) - _MOST
        more = words("... and {count:,} more warnings: {command}", count=count, command=check)
        say(more if count > 1 else words("... and 1 more warning: {command}", command=check), language)


def problems_in_context(found: Sequence[Problem], vault: Path, language: str) -> None:
    """Show problems on the standard output, each with its line, and carets below what it is about."""
    width = shutil.get_terminal_size((_WIDTH, 24)).columns if sys.stdout.isatty() else _WIDTH
    for path, of_file in groupby(found, lambda p: p.path):
        lines = _lines(vault / path) if path else []
        for p in of_file:
            shown_problem, *hint = _problem(p, language).split("\n")
            shown_lines = [shown_problem]
            if 0 < p.line <= len(lines):
                span = of_problem(lines[p.line - 1], max(p.column, 1))
                gutter = f"{p.line:>5} | "
                shown_line, carets = excerpt(lines[p.line - 1], *span, max(width - len(gutter), _LEAST_WIDTH))
                shown_lines.append(f"{click.style(gutter, fg='blue')}{_printable(shown_line)}")
                colour = _COLOURS[p.severity]
                shown_lines.append(f"{click.style('      | ', fg='blue')}{click.style(carets, fg=colour, bold=True)}")
            click.echo("\n".join([*shown_lines, *hint]))


def _lines(file: Path) -> list[str]:
    data = read_bytes(file.parent, file.name, _MOST_BYTES)
    decoded = data if isinstance(data, Problem) else decode(data, file.name)
    return [] if isinstance(decoded, Problem) else decoded[0].split("\n")


def _problem(p: Problem, language: str) -> str:
    told = translated(p, language)
    place = f"{p.path}:{p.line}:{p.column}" if p.line else p.path or said(words("vault"), language)
    severity = click.style(said(_SEVERITIES[p.severity], language), fg=_COLOURS[p.severity], bold=True)
    code = click.style(f"[{p.code}]", dim=True)
    hint_mark = click.style(said(words("hint:"), language), fg="cyan")
    hint = f"\n    {hint_mark} {told.hint}" if p.hint else ""
    return _printable(f"{click.style(place, bold=True)}: {severity} {told.message} {code}{hint}")


def readiness(of: Readiness, language: str) -> None:
    """Show on the standard output what the notes lack, worst first, and the totals."""
    heading = words("What the notes lack to be matched with Wikidata, worst first:")
    click.echo(f"\n{click.style(said(heading, language), bold=True)}")
    for row in of.rows:
        lacks = said(listed(row.lacks), language)
        click.echo(_printable(f"{len(row.lacks):>3}  {shown(row.path)}: {lacks}"))
    click.echo(f"{said(summed(of), language)}\n")


def summary(of: Summary, language: str) -> None:
    """Show what became of every file."""
    counts = {"published": of.published, "private": of.private, "listed": len(of.listed)}
    total = words(
        "{files:,} files = {published:,} published + {private:,} private + {listed:,} listed", files=of.files, **counts
    )
    if of.files == 1:
        total = words("1 file = {published:,} published + {private:,} private + {listed:,} listed", **counts)
    say(total, language)
    reasons: dict[str, list[str]] = {}
    for path, why in of.listed.items():
        reasons.setdefault(why, []).append(shown(path))
    for why, paths in reasons.items():
        line = words("    {reason}: {paths}", reason=why, paths=", ".join(paths[:3]))
        if len(paths) > 3:
            line = words("{line} and {count:,} more", line=line, count=len(paths) - 3)
        click.echo(click.style(said(line, language), dim=True), err=True)


@contextmanager
def progress(language: str = "") -> Iterator[Progress]:
    """Show how far a long work is, on a terminal and only once it takes long; in the person's own language for ""."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description:>8}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks = {}
    began = time.monotonic()

    def show(step: str, done: int, total: int) -> None:
        if time.monotonic() - began < _PATIENCE:
            return
        if step not in tasks:
            bars.start()
            tasks[step] = bars.add_task(said(step, language or own_language()), total=total)
        bars.update(tasks[step], completed=done)

    try:
        yield show
    finally:
        bars.stop()
