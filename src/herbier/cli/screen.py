"""What a person sees in the terminal: progress, problems, sums."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from herbier.build import Progress, Summary
from herbier.problems import Problem
from herbier.terms import shown

_COLOURS = {"error": "red", "warning": "yellow"}
_MOST = 20
_PATIENCE = 0.7  # seconds before progress is worth a look


def error(message: str) -> None:
    """Say why nothing was done."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} {_printable(message)}", err=True)


def say(message: str) -> None:
    """Say what is going on."""
    click.echo(_printable(message), err=True)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def problems(found: Sequence[Problem], vault: Path, most: int | None = _MOST, stream: TextIO | None = None) -> None:
    """Show problems, errors first where only some can be shown; `most` is how many warnings."""
    warnings = [p for p in found if p.severity == "warning"]
    left_out = len(warnings) - most if most is not None and len(warnings) > most else 0
    hidden = set(warnings[most:]) if left_out else set()
    for p in found:
        if p not in hidden:
            click.echo(_problem(p), file=stream or sys.stderr)
    if left_out:
        click.echo(f"... and {left_out:,} more warnings: herbier check {shown(str(vault))}", err=True)


def _problem(p: Problem) -> str:
    place = f"{p.path}:{p.line}:{p.column}" if p.line else p.path or "vault"
    severity = click.style(f"{p.severity}:", fg=_COLOURS[p.severity], bold=True)
    code = click.style(f"[{p.code}]", dim=True)
    hint = f"\n    {click.style('hint:', fg='cyan')} {p.hint}" if p.hint else ""
    return _printable(f"{click.style(place, bold=True)}: {severity} {p.message} {code}{hint}")


def summary(of: Summary) -> None:
    """Show what became of every file."""
    listed = len(of.listed)
    click.echo(
        f"{of.files:,} files = {of.published:,} published + {of.private:,} private + {listed:,} listed",
        err=True,
    )
    reasons: dict[str, list[str]] = {}
    for path, why in of.listed.items():
        reasons.setdefault(why, []).append(shown(path))
    for why, paths in reasons.items():
        more = f" and {len(paths) - 3:,} more" if len(paths) > 3 else ""
        click.echo(click.style(f"    {why}: {', '.join(paths[:3])}{more}", dim=True), err=True)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show how far a long work is, on a terminal and only once it takes long."""
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
            tasks[step] = bars.add_task(step, total=total)
        bars.update(tasks[step], completed=done)

    try:
        yield show
    finally:
        bars.stop()
