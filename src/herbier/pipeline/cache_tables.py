"""The tables of the cache, in SQLite."""

import os
import sqlite3
from pathlib import Path

# What is looked at every time stands apart from what is seldom asked for: in `notes` what was read of a note, and what
# came of checking it as far as every check must know it, in `outcomes` and `said` the rest of that. `since` is what was
# read after the last check, which must still know what it has seen.
TABLES = {
    "conditions": ("part TEXT, value TEXT", "part"),
    "notes": ("path BLOB, ignored INTEGER, stamp TEXT, note TEXT, told TEXT, edges TEXT", "path, ignored"),
    "since": ("path BLOB, ignored INTEGER, stamp TEXT, note TEXT", "path, ignored"),
    "outcomes": ("path BLOB, ignored INTEGER, shared TEXT, edges TEXT, names TEXT", "path, ignored"),
    "said": ("path BLOB, ignored INTEGER, name TEXT, triples TEXT", "path, ignored, name"),
}
_INDEX = "said_of"
_WANTED = {
    **{
        table: f"CREATE TABLE {table} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID"
        for table, (columns, key) in TABLES.items()
    },
    _INDEX: f"CREATE INDEX {_INDEX} ON said (name)",
}


def connect(file: Path) -> sqlite3.Connection:
    """Open the database of a cache, which only its owner can read, with the tables that are wanted."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    try:
        return _with_tables(file)
    except sqlite3.OperationalError:  # in use
        raise
    except sqlite3.DatabaseError:  # it is none: a new one is begun
        file.unlink()
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        return _with_tables(file)


def _with_tables(file: Path) -> sqlite3.Connection:
    """Open a database, and make its tables anew where they are not those that are wanted, as of another version."""
    connection = sqlite3.connect(file, timeout=2, isolation_level=None)
    try:
        if _tables(connection) != _WANTED:
            connection.execute("BEGIN IMMEDIATE")
            if (there := _tables(connection)) != _WANTED:  # no other process was faster
                for table in there.keys() - {_INDEX}:
                    connection.execute(f'DROP TABLE "{table}"')
                for statement in _WANTED.values():
                    connection.execute(statement)
            connection.execute("COMMIT")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, sql FROM sqlite_master").fetchall())
