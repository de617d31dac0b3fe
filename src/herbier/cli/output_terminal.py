"""The output for a terminal: progress, problems, sums."""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from herbier.cli.output_causes import Cause, causes_of
from herbier.cli.output_excerpt import excerpt
from herbier.messages import Message
from herbier.pipeline.build import FileCounts
from herbier.pipeline.progress import Progress
from herbier.problems import Problem
from herbier.text import shown
from herbier.translation import ENGLISH, language_asked_for, translate, translated_problem
from herbier.vault.files import decode, read_bytes
from herbier.vault.spans import of_problem
from herbier.wikidata.readiness import Readiness, lacks_text, summed

_SEVERITIES = {"error": Message("error:"), "warning": Message("warning:"), "info": Message("info:")}
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
LANGUAGE = "herbier.language"  # under which a command leaves its language, for what ends it to be reported in
_MOST = 20
_MOST_OF_A_CODE = 10
_MOST_BYTES = 50_000_000  # of a file that is shown
_WIDTH = 100  # where there is no terminal to fit
_LEAST_WIDTH = 40
_LEAST_LINES = 10  # of problems, on however small a terminal
_SUMMARY_LINES = 8  # that follow them
_PATIENCE = 0.7  # seconds before progress is worth a look


def own_language() -> str:
    """Return the language that the person's environment asks for."""
    return language_asked_for(os.environ)


def error(message: str, language: str = ENGLISH) -> None:
    """Say why nothing was done."""
    mark = click.style(translate(_SEVERITIES["error"], language), fg="red", bold=True)
    click.echo(f"{mark} {_printable(translate(message, language))}", err=True)


def say(message: str, language: str = ENGLISH) -> None:
    """Say what is going on."""
    click.echo(_printable(translate(message, language)), err=True)


def in_own_language(text: str) -> str:
    """Return a text in the person's own language."""
    return translate(text, own_language())


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def show_problems(found: Sequence[Problem], vault: Path, language: str) -> None:
    """Show problems by their causes, all errors but only the first warnings."""
    causes = causes_of(found)
    warnings = [cause for cause in causes if cause.first.severity != "error"]
    hidden = warnings[_MOST:]
    for cause in causes[: len(causes) - len(hidden)]:
        click.echo(_cause(cause, language), err=True)
    if hidden:
        check, count = f"herbier check {shown(str(vault))}", sum(len(cause.problems) for cause in hidden)
        more = Message("... and {count:,} more warnings: {command}", count=count, command=check)
        say(more if count > 1 else Message("... and 1 more warning: {command}", command=check), language)


def show_problems_in_context(found: Sequence[Problem], vault: Path, language: str, *, each: bool = False) -> int:
    """Show problems on the standard output, each cause with its first line, and carets below what it is about.

    Of one code the first causes are shown, but for errors, and a terminal gets a screenful; with `each` nothing is left
    out. Returns how many are not shown.
    """
    size = shutil.get_terminal_size((_WIDTH, 24))
    terminal = sys.stdout.isatty()
    causes = [Cause((problem,)) for problem in found] if each else causes_of(found)
    room = size.lines - _SUMMARY_LINES if terminal and not each else 0
    used = left = 0
    shown_of: Counter[str] = Counter()
    texts: dict[str, list[str]] = {}
    for number, cause in enumerate(causes):
        first = cause.first
        shown_of[first.code] += 1
        if shown_of[first.code] > _MOST_OF_A_CODE and first.severity != "error" and not each:
            left += len(cause.problems)
            continue
        if first.path and first.path not in texts:
            texts = {first.path: _lines(vault / first.path)}  # one file is kept, not all of a vault
        lines = texts.get(first.path, [])
        width = size.columns if terminal else _WIDTH
        shown_lines = _in_context(cause, lines, width, language)
        used += len(shown_lines)
        if room and number and used > max(room, _LEAST_LINES):
            return left + sum(len(cause.problems) for cause in causes[number:])
        click.echo("\n".join(shown_lines))
    return left


def _in_context(cause: Cause, lines: list[str], width: int, language: str) -> list[str]:
    first, *rest = _cause(cause, language).split("\n")
    found = cause.first
    if len(cause.problems) > 1 or not 0 < found.line <= len(lines):
        return [first, *rest]
    span = of_problem(lines[found.line - 1], max(found.column, 1))
    gutter = f"{found.line:>5} | "
    shown_line, carets = excerpt(lines[found.line - 1], *span, max(width - len(gutter), _LEAST_WIDTH))
    marked = click.style(carets, fg=_COLOURS[found.severity], bold=True)
    return [
        first,
        f"{click.style(gutter, fg='blue')}{_printable(shown_line)}",
        f"{click.style('      | ', fg='blue')}{marked}",
        *rest,
    ]


def _lines(file: Path) -> list[str]:
    data = read_bytes(file.parent, file.name, _MOST_BYTES)
    decoded = data if isinstance(data, Problem) else decode(data, file.name)
    return [] if isinstance(decoded, Problem) else decoded[0].split("\n")


def _cause(cause: Cause, language: str) -> str:
    """Return a cause as it is reported: one problem with its place, several with how many there are and where first."""
    first = translated_problem(cause.first, language)
    severity = click.style(translate(_SEVERITIES[first.severity], language), fg=_COLOURS[first.severity], bold=True)
    code = click.style(f"[{first.code}]", dim=True)
    hint = f"\n    {click.style(translate(Message('hint:'), language), fg='cyan')} {first.hint}" if first.hint else ""
    message = translate(cause.message, language)
    if len(cause.problems) > 1:
        places = click.style(translate(cause.places, language), dim=True)
        return _printable(f"{severity} {message} {code}\n    {places}{hint}")
    place = (
        f"{first.path}:{first.line}:{first.column}"
        if first.line
        else first.path or translate(Message("vault"), language)
    )
    return _printable(f"{click.style(place, bold=True)}: {severity} {message} {code}{hint}")


def show_readiness(of: Readiness, language: str) -> None:
    """Show on the standard output what the notes lack, worst first, and the totals."""
    heading = Message("What the notes lack to be matched with Wikidata, worst first:")
    click.echo(f"\n{click.style(translate(heading, language), bold=True)}")
    for row in of.rows:
        lacks = translate(lacks_text(row.lacks), language)
        click.echo(_printable(f"{len(row.lacks):>3}  {shown(row.path)}: {lacks}"))
    click.echo(f"{translate(summed(of), language)}\n")


def show_counts(of: FileCounts, language: str) -> None:
    """Show what became of every file."""
    counts = {"published": of.published, "private": of.private, "listed": len(of.listed)}
    total = Message(
        "{files:,} files = {published:,} published + {private:,} private + {listed:,} listed", files=of.files, **counts
    )
    if of.files == 1:
        total = Message("1 file = {published:,} published + {private:,} private + {listed:,} listed", **counts)
    say(total, language)
    reasons: dict[str, list[str]] = {}
    for path, why in of.listed.items():
        reasons.setdefault(why, []).append(shown(path))
    for why, paths in reasons.items():
        line = Message("    {reason}: {paths}", reason=why, paths=", ".join(paths[:3]))
        if len(paths) > 3:
            line = Message("{line} and {count:,} more", line=line, count=len(paths) - 3)
        click.echo(click.style(translate(line, language), dim=True), err=True)


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
            tasks[step] = bars.add_task(translate(step, language or own_language()), total=total)
        bars.update(tasks[step], completed=done)

    try:
        yield show
    finally:
        bars.stop()
