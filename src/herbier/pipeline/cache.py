"""The cache of notes that have not changed, so that a look at one need not read all the others.

The cache lies with the person's other caches, readable by that person alone, since it knows of private notes as well.
It may be removed at any time: nothing but time is lost. Who adds to what was known adds nothing where another process
has kept something meanwhile.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from time import time_ns
from typing import Any

from herbier.pipeline.cache_records import CachedNote, CachedOutcome, cached_notes, cached_text
from herbier.pipeline.cache_tables import TABLES, connect
from herbier.pipeline.fingerprint import fingerprint_of
from herbier.pipeline.opening import Vault
from herbier.pipeline.worker import NoteFile

_TOO_NEW = 2_000_000_000  # nanoseconds: a file may change once more without its time showing it
_TURN = "turn"  # the part that is another whenever anything was kept
Stamp = str  # what changes whenever a file does


class OutdatedError(Exception):
    """The cache no longer holds what it held, or it cannot be read: nothing that was known of it can be relied on."""


Stamps = Mapping[NoteFile, Stamp]


def stamps(root: Path, files: Iterable[NoteFile]) -> Stamps:
    """Return the stamp of each file that there is."""
    found: dict[NoteFile, Stamp] = {}
    folder = os.path.join(root, "")  # noqa: PTH118 - what follows is done ten thousand times in one command
    for file in files:
        with suppress(OSError):
            stat = os.stat(folder + file.path)  # noqa: PTH116
            found[file] = f"{stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_size} {stat.st_ino}"
    return found


@contextmanager
def open_cache(vault: Vault) -> Iterator["Cache | None"]:
    """Open the cache of a vault; None where there can be none."""
    file = _file(vault.root)
    connection = None
    with suppress(OSError, sqlite3.Error):
        connection = connect(file)
    if connection is None:
        yield None
        return
    with closing(Cache(file, connection, fingerprint_of(vault))) as cache:
        yield cache


class Cache:
    """The notes of a vault as they were read and checked last; a fault in it counts as nothing known.

    Nothing is known either of what was found under other conditions: with other settings, rules or shapes.
    """

    def __init__(self, file: Path, connection: sqlite3.Connection, conditions: str) -> None:
        self.file = file
        self.connection = connection
        self.conditions = {"notes": conditions}
        self.parts: Mapping[str, str] = {}  # what is known of the vault as a whole
        self.there: frozenset[NoteFile] = frozenset()  # the files of which anything is known

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def meet(self, conditions: str) -> None:
        """State the conditions under which notes are checked, beside those under which they are read."""
        self.conditions["outcomes"] = conditions

    def is_checked(self) -> bool:
        """Return whether the vault was checked before, under these conditions."""
        with suppress(sqlite3.Error), self._transaction():
            parts = self._parts()
            return "vault" in parts and self._holds(parts)
        return False

    # --- what is known --------------------------------------------------------------------------------------------

    def read(self, now: Stamps) -> dict[NoteFile, CachedNote]:
        """Return what was read of the files whose stamps are as they were."""
        rows: list[tuple[Any, ...]] = []
        with self._forgiving():
            with self._transaction():
                self.parts = self._parts()
                if self._holds(self.parts):
                    rows += self.connection.execute("SELECT path, ignored, stamp, note FROM notes")
                    rows += self.connection.execute("SELECT path, ignored, stamp, note FROM since")
            files = [_to_read(row[0], row[1]) for row in rows]
            notes = cached_notes((file.path for file in files), (row[3] for row in rows), repeat(None))
            return {file: one for file, row, one in zip(files, rows, notes, strict=True) if now.get(file) == row[2]}
        return {}

    def known(self, now: Stamps) -> tuple[dict[NoteFile, CachedNote], dict[NoteFile, CachedNote]]:
        """Return what is known of the files whose stamps are as they were, and what was known of all others."""
        rows: list[tuple[Any, ...]] = []
        with self._forgiving():
            with self._transaction():
                parts = self._parts()
                if self._holds(parts, "notes"):
                    rows += self.connection.execute("SELECT path, ignored, stamp, note, told, edges FROM notes")
            checked = self._holds(parts)
            found: dict[NoteFile, CachedNote] = {}
            before: dict[NoteFile, CachedNote] = {}
            files = [_to_read(row[0], row[1]) for row in rows]
            outcomes = [(row[4], row[5]) if checked and row[4] else None for row in rows]
            notes = cached_notes((file.path for file in files), (row[3] for row in rows), outcomes)
            for file, row, known in zip(files, rows, notes, strict=True):
                (found if now.get(file) == row[2] else before)[file] = known
            self.parts = parts if checked else {}
            self.there = frozenset([*found, *before])
            return found, before
        return {}, {}

    def outcomes(self, files: Iterable[NoteFile]) -> list[CachedOutcome]:
        """Return what came of checking notes, but for what is reported; OutdatedError."""
        with self._as_it_was():
            rows = [(*self._one(_OUTCOME, _key(file)), self._all(_SAYS, _key(file))) for file in files]
        return [CachedOutcome("", "", shared, edges, names, dict(said)) for shared, edges, names, said in rows]

    def edges(self) -> dict[NoteFile, str]:
        """Return the edges of all notes that have any; OutdatedError."""
        return self._by_file("SELECT path, ignored, edges FROM outcomes WHERE edges <> '[]'")

    def names(self) -> dict[NoteFile, str]:
        """Return the names that each note calls others by, a line each; OutdatedError."""
        return self._by_file("SELECT path, ignored, names FROM outcomes")

    def others(self) -> set[str]:
        """Return the slugs of the subjects of which another than their own note says something; OutdatedError."""
        with self._as_it_was():
            return {name for (name,) in self._all("SELECT DISTINCT name FROM said")}

    def said(self, names: Iterable[str]) -> list[tuple[str, NoteFile, str]]:
        """Return what others say of the subjects of slugs: the slug, who says it, the triples; OutdatedError."""
        with self._as_it_was():
            rows = [(name, row) for name in names for row in self._all(_SAID_OF, (name,))]
        return [(name, _to_read(path, ignored), triples) for name, (path, ignored, triples) in rows]

    def _by_file(self, query: str) -> dict[NoteFile, str]:
        with self._as_it_was():
            rows = self._all(query)
        return {_to_read(path, ignored): text for path, ignored, text in rows}

    # --- what is kept ---------------------------------------------------------------------------------------------

    def keep_read(self, now: Stamps, notes: Mapping[NoteFile, CachedNote]) -> None:
        """Keep what was read of these notes, and forget what was read of those that are no more."""
        with self._forgiving(), self._transaction("IMMEDIATE"):
            parts = self._parts()
            if parts.get(_TURN) != self.parts.get(_TURN):
                return
            if not self._holds(parts):
                self._forget()
                parts = {}
            table = "since" if "vault" in parts else "notes"
            there = {_to_read(*row) for row in self._all(f"SELECT path, ignored FROM {table}")}
            self._remove(table, there - now.keys())
            rows = _rows(now, notes)
            self._insert(table, rows if table == "since" else ((*row, "", "") for row in rows))
            self._set({})

    def keep_all(
        self,
        now: Stamps,
        notes: Mapping[NoteFile, CachedNote],
        outcomes: Mapping[NoteFile, CachedOutcome],
        parts: Mapping[str, str],
    ) -> None:
        """Keep what is known of all notes of a vault and of the vault as a whole, and nothing else."""
        with self._forgiving(), self._transaction("IMMEDIATE"):
            self._forget()
            self._write(now, notes, outcomes, parts)

    def keep_changed(
        self,
        now: Stamps,
        notes: Mapping[NoteFile, CachedNote],
        outcomes: Mapping[NoteFile, CachedOutcome],
        parts: Mapping[str, str],
    ) -> None:
        """Keep what is known of these notes and of the vault as a whole, beside what is known of all others.

        Those that are no more are forgotten.
        """
        with self._forgiving(), self._transaction("IMMEDIATE"):
            if self._parts().get(_TURN) != self.parts.get(_TURN):
                return
            gone = self.there - now.keys()
            for table in ("notes", "outcomes", "said"):
                self._remove(table, [*gone, *notes])
            self._write(now, notes, outcomes, parts)

    def _write(
        self,
        now: Stamps,
        notes: Mapping[NoteFile, CachedNote],
        outcomes: Mapping[NoteFile, CachedOutcome],
        parts: Mapping[str, str],
    ) -> None:
        checked = ((of.told, of.mark) if (of := outcomes.get(file)) else ("", "") for file in notes)
        self._insert("notes", ((*row, *told) for row, told in zip(_rows(now, notes), checked, strict=True)))
        self._insert("outcomes", ((*_key(file), of.shared, of.edges, of.names) for file, of in outcomes.items()))
        said = ((*_key(file), name, text) for file, of in outcomes.items() for name, text in of.said.items())
        self._insert("said", said)
        self.connection.execute("DELETE FROM since")
        self._set(parts)

    # --- the tables -----------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self, kind: str = "DEFERRED") -> Iterator[None]:
        """See the cache as it is at one time, and write all or nothing."""
        self.connection.execute(f"BEGIN {kind}")
        try:
            yield
            self.connection.execute("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """See the cache once more, as it was before; OutdatedError where it is another."""
        try:
            with self._transaction():
                if self._one("SELECT value FROM conditions WHERE part = ?", (_TURN,)) != (self.parts.get(_TURN),):
                    raise OutdatedError
                yield
        except sqlite3.Error as error:
            raise OutdatedError from error

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Leave a cache that cannot be read, and begin another where it is broken."""
        try:
            yield
        except (ValueError, TypeError, sqlite3.OperationalError):
            pass
        except sqlite3.DatabaseError:
            with suppress(OSError, sqlite3.Error):
                self.connection.close()
                self.file.unlink()
                self.connection = connect(self.file)

    def _one(self, query: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        found = self.connection.execute(query, values).fetchone()
        if found is None:
            raise OutdatedError
        return tuple(found)

    def _all(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        return self.connection.execute(query, values).fetchall()

    def _parts(self) -> dict[str, str]:
        return dict(self._all("SELECT part, value FROM conditions"))

    def _holds(self, parts: Mapping[str, str], *names: str) -> bool:
        """Return whether something was found under the conditions of now, under all or under those that are named."""
        return all(parts.get(name) == self.conditions[name] for name in names or self.conditions)

    def _set(self, parts: Mapping[str, str]) -> None:
        rows = {**self.conditions, **parts, _TURN: os.urandom(16).hex()}.items()
        self._insert("conditions", rows)

    def _forget(self) -> None:
        for table in TABLES:
            self.connection.execute(f"DELETE FROM {table}")

    def _remove(self, table: str, files: Iterable[NoteFile]) -> None:
        self.connection.executemany(f"DELETE FROM {table} WHERE path = ? AND ignored = ?", map(_key, files))

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" for _ in TABLES[table][0].split(","))
        self.connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)


_OUTCOME = "SELECT shared, edges, names FROM outcomes WHERE path = ? AND ignored = ?"
_SAYS = "SELECT name, triples FROM said WHERE path = ? AND ignored = ?"
_SAID_OF = "SELECT path, ignored, triples FROM said WHERE name = ?"


def _key(file: NoteFile) -> tuple[bytes, int]:
    return os.fsencode(file.path), file.ignored


def _to_read(path: bytes, ignored: int) -> NoteFile:
    return NoteFile(os.fsdecode(path), bool(ignored))


def _rows(now: Stamps, notes: Mapping[NoteFile, CachedNote]) -> Iterator[tuple[bytes, int, Stamp, str]]:
    """Return what was read of notes as rows.

    Of one that is too new no stamp is kept: it was so once, but is read again.
    """
    newest = time_ns() - _TOO_NEW
    for file, known in notes.items():
        stamp = now.get(file, "")
        if not stamp or max(map(int, stamp.split()[:2])) >= newest:
            stamp = ""
        yield *_key(file), stamp, cached_text(known)


def _file(root: Path) -> Path:
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return folder / "herbier" / f"{sha256(os.fsencode(root.resolve())).hexdigest()[:32]}.sqlite"
