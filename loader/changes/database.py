"""The small database: what cannot be rebuilt from sources, such as keys and submissions (SQLite).

Each module that keeps something here makes its own tables.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 10.0  # seconds that a writer waits for another


@contextmanager
def opened(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A connection for one task: committed at its end, rolled back by an exception.

    `schema` is run first and may only hold `CREATE … IF NOT EXISTS`. Only its owner can read a
    new file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(schema)
        with connection:
            yield connection
    finally:
        connection.close()
