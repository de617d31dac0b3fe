"""A fixed note put in the place of the old one: whole or not at all, and only if no one has changed it meanwhile."""

import os
import stat
import tempfile
from pathlib import Path

from herbier.messages import Message, reason
from herbier.problems import HerbierError

_NO_LINKS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def replace_note(file: Path, before: bytes, after: bytes) -> None:
    """Write `after` over a note that still holds `before`; it keeps its permission bits.

    Raises HerbierError where it cannot be written, and where it is another file by now: nothing has changed then.
    """
    try:
        mode = _still(file, before)
        if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(file, os.W_OK):
            raise HerbierError(Message("it is read-only, and was left as it is"))
        descriptor, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(after)
                stream.flush()
                os.fsync(stream.fileno())
            Path(part).chmod(stat.S_IMODE(mode))
            _still(file, before)
            Path(part).replace(file)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        why = reason(error)
        raise HerbierError(Message("it could not be written: {why}", why=why)) from error


def _still(file: Path, before: bytes) -> int:
    """Return the mode of a file that still holds these bytes, and is no symbolic link."""
    with os.fdopen(os.open(file, os.O_RDONLY | _NO_LINKS), "rb") as stream:
        mode = os.fstat(stream.fileno()).st_mode
        if stream.read() != before:
            raise HerbierError(Message("it has changed meanwhile, and was left as it is"))
    return mode
