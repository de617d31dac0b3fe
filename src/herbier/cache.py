"""What is known of notes that have not changed, so that a look at one need not read all the others.

The cache lies with the person's other caches, readable by that person alone, since it knows of private notes as well.
It may be removed at any time: nothing but time is lost.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path
from time import time_ns
from typing import Any, NamedTuple

from herbier import __version__
from herbier.cards import Card, HeadingLink
from herbier.config import Settings
from herbier.desk import ToRead
from herbier.mapping.rules import Rules
from herbier.problems import Problem

_TOO_NEW = 2_000_000_000  # nanoseconds: a file may change once more without its time showing it
Stamp = list[int]  # what changes whenever a file does


class Known(NamedTuple):
    """What was read of a note: its card, or why it is listed, and what was wrong."""

    card: Card | None
    reason: str
    problems: tuple[Problem, ...]


def stamps(root: Path, files: Iterable[ToRead]) -> dict[ToRead, Stamp]:
    """Return the stamp of each file that there is."""
    found: dict[ToRead, Stamp] = {}
    for file in files:
        with suppress(OSError):
            stat = os.stat(os.path.join(root, file.path))  # noqa: PTH116, PTH118 - ten thousand times in one command
            found[file] = [stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino]
    return found


def recall_notes(
    root: Path, settings: Settings, rules: Rules, ledger: bool, now: Mapping[ToRead, Stamp]
) -> dict[ToRead, Known]:
    """Return what is known of the files whose stamps are as they were; nothing where settings or rules have changed."""
    try:
        data = json.loads(_file(root).read_bytes())
        if data["for"] != _conditions(settings, rules, ledger):
            return {}
        known: dict[ToRead, Known] = {}
        for path, ignored, stamp, card, reason, problems in data["notes"]:
            file = ToRead(path, ignored)
            if now.get(file) == stamp:
                known[file] = Known(_card(card), reason, tuple([Problem(*row) for row in problems]))
    except (OSError, ValueError, TypeError, KeyError):  # none yet, or not of this version
        return {}
    return known


def keep_notes(
    root: Path,
    settings: Settings,
    rules: Rules,
    ledger: bool,
    now: Mapping[ToRead, Stamp],
    known: Mapping[ToRead, Known],
) -> None:
    """Keep what is known of files for the next time; where that cannot be written, it is read again then."""
    newest = time_ns() - _TOO_NEW
    rows = [
        [file.path, file.ignored, stamp, astuple_of(note.card), note.reason, [astuple(p) for p in note.problems]]
        for file, note in known.items()
        if (stamp := now.get(file)) and max(stamp[:2]) < newest
    ]
    data = json.dumps({"for": _conditions(settings, rules, ledger), "notes": rows}, separators=(",", ":"))
    file = _file(root)
    part = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
            ) as stream:
                stream.write(data)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def astuple_of(card: Card | None) -> list[Any] | None:
    """Return the fields of a card, in order."""
    return None if card is None else [getattr(card, name) for name in Card.__slots__]


def _card(row: Sequence[Any] | None) -> Card | None:
    if row is None:
        return None
    path, title, wish, aliases, types, language, private, headings, blocks, links, *rest = row
    return Card(
        path, title, wish, tuple(aliases), tuple(types), language, private, tuple(headings), tuple(blocks),
        tuple([HeadingLink(*link) for link in links]), *rest,
    )  # fmt: skip


def _file(root: Path) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return folder / "herbier" / f"{sha256(os.fsencode(root.resolve())).hexdigest()[:32]}.json"


def _conditions(settings: Settings, rules: Rules, ledger: bool) -> str:
    """Return a digest of all that what is known of a note depends on, beside the note."""
    package = Path(__file__).parent
    code = max(file.stat().st_mtime_ns for file in package.rglob("*.py"))
    text = repr((__version__, code, settings, sorted(rules.roles.items()), ledger))
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
