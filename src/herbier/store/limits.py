"""The limits of a query, and how the process that answers it is held to that by the system."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

try:
    import resource
except ImportError:  # a system without it holds no process to its memory
    resource = None  # type: ignore[assignment]


class Limits(NamedTuple):
    """The limits of a query: `seconds` of time, `memory` and the size of its `result` in bytes."""

    seconds: float = 10
    memory: int = 1_000_000_000
    result: int = 50_000_000


def hold_to_memory(limits: Limits) -> None:
    """Let this process have so much memory beside what it has already; a request for more ends it (SIGABRT).

    The store is shared with the process that this one was forked from, and does not count.
    """
    if resource is None:
        return
    most = _data_size() + limits.memory
    with suppress(ValueError, OSError):  # a lower limit holds already
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what the memory holds is left nowhere


def start_clock(seconds: float) -> None:
    """End this process after so many seconds, whatever it is doing then (SIGALRM, as it is by default)."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def stop_clock() -> None:
    """Take the end back."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def peak_memory() -> int:
    """Return the most memory that this process has had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if resource else 0


def be_modest(pid: int) -> None:
    """Let a process give way to all others."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, 5)


def _data_size() -> int:
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmData:"))) * 1024
    return 0
