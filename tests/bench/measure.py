"""Measures a command as a whole process: wall time, and the peak memory of its process tree."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SAMPLE_SECONDS = 0.02
PROC = Path("/proc")


class MeasureError(Exception):
    """A command that failed, or that did less than it was asked to."""


@dataclass(frozen=True)
class Peak:
    """The greatest sum of memory seen over a process tree, in bytes."""

    size: int
    samples: int


def wall_seconds(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """The seconds from the start of the process to its end."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        done = subprocess.run(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=errors, check=False)
        seconds = time.perf_counter() - started
        check(command, done.returncode, errors)
    return seconds


def peak_memory(command: Sequence[str], environment: Mapping[str, str]) -> Peak | None:
    """The peak memory of the command, or None where the system does not tell (only Linux does)."""
    if not (PROC / "self" / "statm").exists():
        return None
    sizes = [0]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=errors)
        with process:
            while process.poll() is None:
                sizes.append(sum(memory(pid) for pid in tree(process.pid)))
                time.sleep(SAMPLE_SECONDS)
        check(command, process.returncode, errors)
    return Peak(max(sizes), len(sizes) - 1)


def check(command: Sequence[str], code: int, errors: IO[bytes]) -> None:
    """Raise MeasureError, with the last line of what the command said, unless it succeeded."""
    if code == 0:
        return
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().splitlines() or ["nothing said"]
    raise MeasureError(f"{Path(command[0]).name} ended with {code}: {said[-1]}")


def tree(pid: int) -> Iterator[int]:
    """The process and all that descend from it."""
    yield pid
    try:
        tasks = list((PROC / str(pid) / "task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # it ended meanwhile
        return
    for child in children:
        yield from tree(child)


def memory(pid: int) -> int:
    """The bytes of a process: its share of the pages (PSS), or where that is not reported all of them (RSS)."""
    folder = PROC / str(pid)
    for name, key in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        try:
            lines = (folder / name).read_text().splitlines()
        except OSError:  # it ended meanwhile, or the kernel does not show it
            continue
        for line in lines:
            if line.startswith(key):
                return int(line.split()[1]) * 1024
    return 0
