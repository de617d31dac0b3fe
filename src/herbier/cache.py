"""What is known of notes that have not changed, so that a look at one need not read all the others.

The cache lies with the person's other caches, readable by that person alone, since it knows of private notes as well.
It may be removed at any time: nothing but time is lost.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import closing, contextmanager, suppress
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from time import time_ns
from typing import Any, NamedTuple

from herbier import __version__
from herbier.build import Vault
from herbier.cards import Card, HeadingLink, values_of
from herbier.desk import ToRead
from herbier.problems import Problem, as_row, of_row, packed, unpacked

_TOO_NEW = 2_000_000_000  # nanoseconds: a file may change once more without its time showing it
_TABLES = """
CREATE TABLE IF NOT EXISTS conditions (part TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (path BLOB, ignored INTEGER, stamp TEXT, note TEXT, told TEXT, shared TEXT,
    names TEXT, PRIMARY KEY (path, ignored)) WITHOUT ROWID;
"""
Stamp = str  # what changes whenever a file does


class Known(NamedTuple):
    """What was read of a note: its card, or why it is listed, and what was wrong.

    `outcome` is what came of checking it, where that is kept; its names are asked for by themselves.
    """

    card: Card | None
    reason: str
    problems: tuple[Problem, ...]
    outcome: tuple[str, ...] = ()


Stamps = Mapping[ToRead, Stamp]


def stamps(root: Path, files: Iterable[ToRead]) -> Stamps:
    """Return the stamp of each file that there is."""
    found: dict[ToRead, Stamp] = {}
    for file in files:
        with suppress(OSError):
            stat = os.stat(os.path.join(root, file.path))  # noqa: PTH116, PTH118 - ten thousand times in one command
            found[file] = f"{stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_size} {stat.st_ino}"
    return found


@contextmanager
def open_cache(vault: Vault) -> Iterator["Cache | None"]:
    """Open the cache of a vault; None where there can be none. What depends on other settings or rules is left out."""
    file = _file(vault.root)
    connection = None
    with suppress(OSError, sqlite3.Error):
        connection = _connection(file)
        _meet(connection, "notes", _conditions(vault), "DELETE FROM notes")
    if connection is None:
        yield None
        return
    with closing(connection):
        yield Cache(connection)


class Cache:
    """The notes of a vault as they were read last; a fault in it counts as nothing known."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def known(self, now: Stamps) -> tuple[dict[ToRead, Known], dict[ToRead, Known]]:
        """Return what is known of the files whose stamps are as they were, and what was known of all others."""
        found: dict[ToRead, Known] = {}
        before: dict[ToRead, Known] = {}
        with suppress(sqlite3.Error, ValueError, TypeError):
            rows = self.connection.execute("SELECT path, ignored, stamp, note, told, shared FROM notes").fetchall()
            notes = json.loads(f"[{','.join([row[3] for row in rows])}]")  # at once: many small calls take longer
            for (path, ignored, stamp, _, *outcome), (card, reason, problems) in zip(rows, notes, strict=True):
                file = ToRead(os.fsdecode(path), bool(ignored))
                told = tuple([of_row(row) for row in problems]) if problems else ()
                known = Known(_card(card), unpacked(reason), told, tuple(outcome) if outcome[0] else ())
                (found if now.get(file) == stamp else before)[file] = known
        return found, before

    def names(self) -> dict[ToRead, str]:
        """Return the names that each note calls others by, a line each."""
        with suppress(sqlite3.Error):
            rows = self.connection.execute("SELECT path, ignored, names FROM notes")
            return {ToRead(os.fsdecode(path), bool(ignored)): names for path, ignored, names in rows}
        return {}

    def keep(self, now: Stamps, notes: Mapping[ToRead, Known]) -> None:
        """Keep what is known of these notes, and forget those that are no more.

        Of a note that is too new its stamp is not kept: it was so once, but is read again.
        """
        newest = time_ns() - _TOO_NEW
        rows = []
        for file, known in notes.items():
            stamp = now.get(file, "")
            if not stamp or max(map(int, stamp.split()[:2])) >= newest:
                stamp = ""
            note = json.dumps([_row(known.card), packed(known.reason), [as_row(found) for found in known.problems]])
            rows.append((os.fsencode(file.path), file.ignored, stamp, note, *(known.outcome or ("", "", ""))))
        with suppress(sqlite3.Error), self.connection:
            there = {ToRead(os.fsdecode(path), bool(ignored)) for path, ignored in self.connection.execute(_PATHS)}
            gone = [(os.fsencode(file.path), file.ignored) for file in there - now.keys()]
            self.connection.executemany("DELETE FROM notes WHERE path = ? AND ignored = ?", gone)
            self.connection.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def meet(self, conditions: str) -> None:
        """Forget what came of checking the notes, if it was found under other conditions."""
        with suppress(sqlite3.Error):
            _meet(self.connection, "outcomes", conditions, "UPDATE notes SET told = '', shared = '', names = ''")

    def keep_part(self, part: str, value: str) -> None:
        """Keep a value of the vault as a whole."""
        with suppress(sqlite3.Error), self.connection:
            self.connection.execute("INSERT OR REPLACE INTO conditions VALUES (?, ?)", (part, value))

    def part(self, part: str) -> str:
        """Return a value of the vault as a whole, "" where none is kept."""
        with suppress(sqlite3.Error):
            row = self.connection.execute("SELECT value FROM conditions WHERE part = ?", (part,)).fetchone()
            return str(row[0]) if row else ""
        return ""


_PATHS = "SELECT path, ignored FROM notes"


def _connection(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(file, timeout=2)
    try:
        connection.executescript(_TABLES)
    except sqlite3.DatabaseError as error:
        connection.close()
        if isinstance(error, sqlite3.OperationalError):  # in use
            raise
        file.unlink()  # it is none: a new one is begun
        connection = sqlite3.connect(file, timeout=2)
        connection.executescript(_TABLES)
    return connection


def _meet(connection: sqlite3.Connection, part: str, wanted: str, otherwise: str) -> None:
    with connection:
        row = connection.execute("SELECT value FROM conditions WHERE part = ?", (part,)).fetchone()
        if row is None or row[0] != wanted:
            connection.execute(otherwise)
            connection.execute("DELETE FROM conditions WHERE part IN ('vault', 'circles')")
            connection.execute("INSERT OR REPLACE INTO conditions VALUES (?, ?)", (part, wanted))


def _row(card: Card | None) -> list[Any] | None:
    return None if card is None else list(values_of(card))


def _card(row: list[Any] | None) -> Card | None:
    if row is None:
        return None
    path, title, wish, aliases, types, language, private, headings, blocks, links, id_, slug, content, ignores = row
    return Card(
        path, title, wish, tuple(aliases), tuple(types), language, private, tuple(headings), tuple(blocks),
        tuple([HeadingLink(*link) for link in links]), id_, slug, content, tuple(ignores),
    )  # fmt: skip


def _file(root: Path) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return folder / "herbier" / f"{sha256(os.fsencode(root.resolve())).hexdigest()[:32]}.sqlite"


def _conditions(vault: Vault) -> str:
    """Return a digest of all that what is known of a note depends on, beside the note."""
    code = max(file.stat().st_mtime_ns for file in Path(__file__).parent.rglob("*.py"))
    roles = sorted(vault.rules.roles.items())
    return digest(__version__, code, vault.settings, roles, vault.ledger is not None)


def digest(*parts: object) -> str:
    """Return what tells whether any of these has changed."""
    return sha256(_ordered(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _ordered(part: object) -> str:
    """Return a value as text, the same in every process: sets have no order of their own."""
    if isinstance(part, Set):
        return f"{{{sorted(map(_ordered, part))}}}"
    if isinstance(part, Mapping):
        return f"{{{[(_ordered(key), _ordered(value)) for key, value in part.items()]}}}"
    if isinstance(part, tuple | list):
        return f"({[_ordered(one) for one in part]})"
    if is_dataclass(part) and not isinstance(part, type):
        return _ordered([getattr(part, field.name) for field in fields(part)])
    return repr(part)
