"""Runs the benchmark and prints its table: `python tests/bench/run.py --help` tells the options."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

# Started as a script, so that `make bench` needs no PYTHONPATH.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench.lab import Lab
from tests.bench.measure import MeasureError
from tests.bench.rows import ROWS, Figure, Sizes

FULL = Sizes(notes=10_000, obvious=1_000)
QUICK = Sizes(notes=1_000, obvious=100)
VERDICTS = {True: "met", False: "not met", None: ""}
WIDTH_ELSEWHERE = 140


@dataclass(frozen=True)
class Result:
    """The figures of a row, and what stopped it before the end."""

    figures: tuple[Figure, ...]
    failure: str | None = None


def main() -> int:
    """Measure the rows asked for, print the table, and return 1 where a row failed."""
    options = arguments()
    sizes = QUICK if options.quick else Sizes(options.notes, min(FULL.obvious, options.notes))
    progress = Console(stderr=True, highlight=False)
    with vaults_folder(options.keep) as vaults:
        lab = Lab(vaults, options.herbier, progress.print)
        results = {row: measured(row, lab, sizes) for row in options.rows}
    screen = Console(highlight=False)
    # Into a file or a pipe the lines are as long as they need to be.
    printer = screen if screen.is_terminal else Console(highlight=False, width=WIDTH_ELSEWHERE)
    printer.print(f"{machine()}; Herbier is {build_of(options.herbier)}")
    printer.print(table(results))
    if sizes != FULL:
        printer.print(f"The targets are stated for {FULL.notes:,} notes; this run had {sizes.notes:,}.")
    if options.json:
        options.json.write_text(as_json(results, lab, sizes), encoding="utf-8")
    return int(any(result.failure for result in results.values()))


def arguments() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description="Measures herbier build, and compares it with its targets.")
    parser.add_argument("--notes", type=positive, default=FULL.notes, help="notes of the large vault")
    parser.add_argument("--quick", action="store_true", help="1,000 notes, and 100 for the obvious pipeline")
    parser.add_argument("--rows", type=row_names, default=tuple(ROWS), help=f"some of: {','.join(ROWS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the vaults there, and use those that are")
    parser.add_argument(
        "--herbier",
        type=Path,
        default=Path(sys.executable).parent / "herbier",
        metavar="PROGRAM",
        help="the program to measure (default: the one beside this Python)",
    )
    options = parser.parse_args()
    if not options.herbier.exists():
        parser.error(f"there is no {options.herbier}: run make install first")
    return options


def positive(text: str) -> int:
    """A number of notes."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def row_names(text: str) -> tuple[str, ...]:
    """The names of rows, parted by commas."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return names


@contextmanager
def vaults_folder(keep: Path | None) -> Iterator[Path]:
    """The folder of the vaults: the one to keep, or one that is removed at the end."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="herbier-bench-") as folder:
        yield Path(folder)


def measured(row: str, lab: Lab, sizes: Sizes) -> Result:
    """The figures of a row; one that fails does not stop the others."""
    figures: list[Figure] = []
    try:
        figures.extend(ROWS[row](lab, sizes))
    except MeasureError as error:
        lab.say(f"{row}: {error}")
        return Result(tuple(figures), str(error))
    return Result(tuple(figures))


def machine() -> str:
    """The first line: what the figures were measured on."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count()
    return f"{cores} cores, {platform.machine()} {platform.system()}, Python {platform.python_version()}"


def build_of(herbier: Path) -> str:
    """How the program to measure was made."""
    question = "import herbier.rdf.terms; print(herbier.rdf.terms.__file__)"
    answer = subprocess.run([herbier.parent / "python", "-c", question], capture_output=True, text=True, check=False)
    return "of plain Python" if answer.stdout.rstrip().endswith(".py") else "the wheel, its hot path compiled"


def table(results: Mapping[str, Result]) -> Table:
    """The table, with a line between the rows asked for."""
    made = Table(box=SIMPLE_HEAD)
    for heading in ("row", "figure"):
        made.add_column(heading, overflow="fold")
    for heading in ("value", "less start-up"):
        made.add_column(heading, justify="right")
    for heading in ("unit", "target", ""):
        made.add_column(heading)
    for row, result in results.items():
        for place, figure in enumerate(result.figures):
            made.add_row("" if place else row, figure.label, *cells(figure))
        if result.failure is not None:
            made.add_row("" if result.figures else row, f"failed: {result.failure}")
        made.add_section()
    return made


def cells(figure: Figure) -> tuple[str, str, str, str, str]:
    """The value, the net value, the unit, the target and the verdict."""
    value = "not measured here" if figure.value is None else number(figure.value)
    net = "" if figure.net is None else number(figure.net)
    return value, net, figure.unit, str(figure.target or ""), VERDICTS[figure.met]


def number(value: float) -> str:
    """Whole from a hundred on, else with two digits after the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def as_json(results: Mapping[str, Result], lab: Lab, sizes: Sizes) -> str:
    """All the figures and all the single times, for a program to compare."""
    rows = {
        row: {
            "figures": [
                {
                    "label": figure.label,
                    "value": figure.value,
                    "less_start_up": figure.net,
                    "unit": figure.unit,
                    "target": str(figure.target) if figure.target else None,
                    "met": figure.met,
                }
                for figure in result.figures
            ],
            "failure": result.failure,
        }
        for row, result in results.items()
    }
    seconds = {str(job): timing.seconds for job, timing in lab.timings.items()}
    head = {"machine": machine(), "notes": sizes.notes, "obvious_notes": sizes.obvious}
    return json.dumps({**head, "rows": rows, "seconds": seconds}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
