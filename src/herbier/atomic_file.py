"""Where a build writes to: a file that appears whole or not at all, in which several processes may write at once."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from herbier.messages import Message, reason
from herbier.problems import HerbierError

CAN_SHARE = hasattr(os, "pwrite")


@dataclass(slots=True)
class PartFile:
    """A file being written: called with bytes it appends them; `reserve` leaves room that another process fills."""

    path: Path
    descriptor: int
    size: int = 0

    def __call__(self, block: bytes) -> None:
        """Append a block."""
        write_at(self.descriptor, block, self.reserve(len(block)))

    def reserve(self, size: int) -> int:
        """Leave room for so many bytes and return where it starts."""
        start = self.size
        self.size += size
        return start


def write_at(descriptor: int, block: bytes, start: int) -> None:
    """Write a block at a place of a file, whole; OSError where that fails."""
    rest = memoryview(block)
    while rest:
        written = os.pwrite(descriptor, rest, start)
        rest, start = rest[written:], start + written


@contextmanager
def whole_file(path: Path, *, gzipped: bool = False) -> Iterator[Callable[[bytes], object]]:
    """Write a file beside its place and rename it at the end, so that no one ever sees half of it.

    Raises HerbierError where it cannot be written.
    """
    special = path.exists() and not path.is_file()  # a pipe or a device is written to, and stays what it is
    part = path if special else path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as raw:
            if gzipped:
                with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as stream:
                    yield stream.write
            elif CAN_SHARE and not special:
                yield PartFile(part, raw.fileno())
            else:
                yield raw.write
        if not special:
            part.replace(path)
    except OSError as error:
        why = reason(error)
        raise HerbierError(Message("{path} could not be written: {why}", path=str(path), why=why)) from error
    finally:
        if not special:
            part.unlink(missing_ok=True)
