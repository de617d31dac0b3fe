"""Makes each vault once, and measures each job once."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.measure import MeasureError, Peak, peak_memory, wall_seconds
from tests.bench.vault import make_vault

HERE = Path(__file__).resolve().parent
BASE = "https://example.org/"
RUNS = 3
SHORT_SECONDS = 30.0
VERY_SHORT_SECONDS = 2.0
MANY_RUNS = 9
NOTE_CLASS = b"NoteDigitalDocument"


@dataclass(frozen=True)
class Job:
    """A program at work on a vault; `suffix` is that of the file it writes, empty where it writes none."""

    program: str
    notes: int
    suffix: str = ""
    language: str | None = "fr"

    def __str__(self) -> str:
        stated = "" if self.language else ", language not stated"
        return f"{self.program}{self.suffix and f' {self.suffix}'}, {self.notes:,} notes{stated}"


@dataclass(frozen=True)
class Timing:
    """The wall times of a job, and what it wrote."""

    seconds: tuple[float, ...]
    statements: int

    @property
    def median(self) -> float:
        """The middle one of the times."""
        return median(self.seconds)


@dataclass(frozen=True)
class Lab:
    """Where the measuring is done; what was measured once is remembered."""

    vaults: Path
    herbier: Path
    say: Callable[[str], None]
    timings: dict[Job, Timing] = field(default_factory=dict)
    peaks: dict[Job, Peak | None] = field(default_factory=dict)

    def time(self, job: Job) -> Timing:
        """The times of the job, several of them where it is short."""
        if job not in self.timings:
            self.timings[job] = self.measure_time(job)
        return self.timings[job]

    def peak(self, job: Job) -> Peak | None:
        """The peak memory of the job, in a run of its own, since looking on slows it down."""
        if job not in self.peaks:
            self.say(f"{job}: memory")
            with self.bench(job) as (command, environment, _):
                self.peaks[job] = peak_memory(command, environment)
        return self.peaks[job]

    def measure_time(self, job: Job) -> Timing:
        seconds: list[float] = []
        statements = 0
        while not seconds or len(seconds) < runs(seconds[0]):
            self.say(f"{job}: run {len(seconds) + 1}")
            with self.bench(job) as (command, environment, out):
                seconds.append(wall_seconds(command, environment))
                if len(seconds) == 1 and job.suffix:
                    statements = count_statements(out, job)
        return Timing(tuple(seconds), statements)

    def again(self, notes: int) -> tuple[float, float, dict[str, tuple[float, float]]]:
        """The seconds of a check of a vault, of one after a note has changed, and of each look at one note.

        A look takes two times: with nothing known of the other notes, and with all known.
        """
        original, _ = self.vault(notes, "fr")
        with tempfile.TemporaryDirectory(prefix="herbier-bench-again-") as folder:
            vault = Path(folder) / "vault"
            shutil.copytree(original, vault)
            time.sleep(3)  # what has just been written is not trusted
            note = sorted(vault.rglob("*.md"))[notes // 2]
            environment = {**os.environ, "XDG_CACHE_HOME": f"{folder}/cache", "NO_COLOR": "1"}
            environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as below
            check = [str(self.herbier), "check", str(vault), "--format", "json", "--base", BASE]
            self.say(f"check, {notes:,} notes: again")
            first = wall_seconds(check, environment)
            note.write_text(note.read_text("utf-8") + "\nUne phrase de plus.\n", "utf-8")
            second = wall_seconds(check, environment)
            looks = {}
            for name in ("explain", "check", "fix"):
                self.say(f"{name} of one note of {notes:,}")
                command = [str(self.herbier), name, str(note)]
                empty = {**environment, "XDG_CACHE_HOME": f"{folder}/{name}"}
                cold = wall_seconds(command, empty)
                looks[name] = (cold, median(wall_seconds(command, empty) for _ in range(RUNS)))
        return first, second, looks

    @contextmanager
    def bench(self, job: Job) -> Iterator[tuple[list[str], dict[str, str], Path]]:
        """The command, its environment and its output, in a state where nothing remains of an earlier run."""
        vault, kept = self.vault(job.notes, job.language)
        with tempfile.TemporaryDirectory(prefix="herbier-bench-run-") as folder:
            out = Path(folder) / f"out{job.suffix}"
            # A cache that one run leaves, in the vault or at home, must not help the next one.
            environment = {**os.environ, "XDG_CACHE_HOME": folder, "NO_COLOR": "1"}
            # Compiled modules are no such cache: an installed program has them, so a run may write them.
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            try:
                yield PROGRAMS[job.program](self, vault, out), environment, out
            finally:
                remove_others(vault, kept)

    def vault(self, notes: int, language: str | None) -> tuple[Path, frozenset[str]]:
        """The vault of so many notes, made where it is not there yet, and the names at its top."""
        vault = self.vaults / f"{recipe()}-{notes}-{language or 'unstated'}"
        listing = vault.with_name(f"{vault.name}.txt")  # written last: without it the vault is not complete
        if not listing.exists():
            self.say(f"making a vault of {notes:,} notes")
            shutil.rmtree(vault, ignore_errors=True)
            make_vault(vault, notes, language=language)
            listing.write_text("\n".join(path.name for path in vault.iterdir()), encoding="utf-8")
        return vault, frozenset(listing.read_text(encoding="utf-8").splitlines())


PROGRAMS: dict[str, Callable[[Lab, Path, Path], list[str]]] = {
    "herbier": lambda lab, vault, out: [
        str(lab.herbier),
        "build",
        str(vault),
        "-o",
        str(out),
        "--base",
        BASE,
    ],
    "herbier of plain Python": lambda lab, vault, out: [
        *(sys.executable, "-m", "herbier", "build", str(vault), "-o", str(out), "--base", BASE),
    ],
    "check": lambda lab, vault, out: [str(lab.herbier), "check", str(vault), "--format", "json", "--base", BASE],
    "learn": lambda lab, vault, out: [str(lab.herbier), "learn", str(vault), "--yes"],
    "wikidata": lambda lab, vault, out: [
        *(str(lab.herbier), "build", str(vault), "-o", str(out), "--base", BASE),
        *("--profile", "wikidata"),
    ],
    "pyshacl": lambda lab, vault, out: [sys.executable, str(HERE / "whole_graph.py"), str(vault), BASE],
    "obvious": lambda lab, vault, out: [sys.executable, str(HERE / "obvious.py"), str(vault), str(out)],
    "obvious, with prefixes": lambda lab, vault, out: [
        sys.executable,
        str(HERE / "obvious.py"),
        str(vault),
        str(out),
        "--bind",
    ],
    "read only": lambda lab, vault, out: [sys.executable, str(HERE / "read_only.py"), str(vault)],
}


def runs(seconds: float) -> int:
    """How often a job is run that took so long: the shorter it is, the more of its time is chance."""
    if seconds < VERY_SHORT_SECONDS:
        return MANY_RUNS
    return RUNS if seconds < SHORT_SECONDS else 1


def recipe() -> str:
    """Eight hex digits of what the vaults are made from: no old vault is taken for a new one."""
    made_from = b"".join((HERE / name).read_bytes() for name in ("vault.py", "words.toml"))
    return hashlib.sha256(made_from).hexdigest()[:8]


def remove_others(vault: Path, kept: frozenset[str]) -> None:
    """Remove from the top of the vault whatever a build left there."""
    for path in vault.iterdir():
        if path.name in kept:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def count_statements(out: Path, job: Job) -> int:
    """The statements of a file with one a line; a file with fewer notes than the vault has is no result."""
    statements = notes = 0
    with out.open("rb") as lines:
        for line in lines:
            statements += line.endswith(b".\n")
            notes += NOTE_CLASS in line
    if notes < job.notes:
        raise MeasureError(f"{job.program} published {notes:,} of {job.notes:,} notes")
    return statements
