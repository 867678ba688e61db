"""Reindexing: a release's text index, made from that of the one before where little differs."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile

from loader.queries.search import FILE
from loader.releases import indexing, master
from loader.releases.indexing import Row

_TEXT = re.compile(indexing.TEXT)
_MOST = 2_000  # things from which it takes no longer to write the index anew


@dataclass(frozen=True, slots=True)
class Said:
    """The statements of masters about some things, by subject in angle brackets."""

    rows: dict[str, set[Row]] = field(default_factory=dict)

    @classmethod
    def of(cls, graphs: Mapping[str, Path], things: Iterable[str]) -> "Said":
        """Reads what masters, by the names of their graphs, say of things (addresses)."""
        said = cls()
        for graph, path in graphs.items():
            end = f" <{graph}> ." if graph else " ."
            for _, line in master.statements_of(path, things):
                subject, predicate, thing = line.removesuffix(end).split(" ", 2)
                said.rows.setdefault(subject, set()).add((subject, predicate, thing))
        return said

    def texts(self, subject: str) -> list[Row]:
        """The statements about a thing that the index holds, in its order."""
        rows = (row for row in self.rows.get(subject, ()) if _TEXT.search(row[2]))
        return sorted(rows, key=lambda row: row[2])

    @property
    def kinds(self) -> set[Row]:
        """The statements that say what class something is, and what lies above a class."""
        every = (row for rows in self.rows.values() for row in rows)
        return {row for row in every if row[1] in indexing.KINDS}


def write(
    folder: Path, graphs: Mapping[str, Path], earlier: Mapping[str, Path], things: set[str]
) -> None:
    """Writes the index of masters into a release's folder, as `indexing.write` does.

    `earlier` are the masters of the release before, which say the same of all but some things;
    its index lies two folders above each.
    """
    before = next((path.parents[1] / FILE for path in earlier.values()), None)
    if before is None or len(things) > _MOST or not _is_ours(before):
        indexing.write(folder, graphs)
        return
    copyfile(before, folder / FILE)
    old, new = Said.of(earlier, things), Said.of(graphs, things)
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.executescript(indexing.UNSAFE)
        is_known = [_rewrite(database, f"<{thing}>", old, new) for thing in sorted(things)]
        if old.kinds != new.kinds or not all(is_known):
            _classify(database, indexing.classes(graphs))


def _is_ours(index: Path) -> bool:
    if not index.is_file():
        return False
    with closing(sqlite3.connect(index)) as database:
        (edition,) = database.execute("PRAGMA user_version").fetchone()
    return bool(edition == indexing.EDITION)


def _rewrite(database: sqlite3.Connection, subject: str, old: Said, new: Said) -> bool:
    """Gives the index a thing's new texts; False where the thing had none before."""
    texts, iri = new.texts(subject), subject[1:-1]
    found = database.execute("SELECT id, class FROM thing WHERE iri = ?", (iri,)).fetchone()
    if found:
        words = (found[0], *indexing.stems_of(old.texts(subject)))
        database.execute(
            "INSERT INTO words(words, rowid, name, text) VALUES ('delete', ?, ?, ?)", words
        )
        database.execute("DELETE FROM thing WHERE id = ?", found[:1])
    if texts:
        (last,) = database.execute("SELECT coalesce(max(id), 0) FROM thing").fetchone()
        number, kind = found or (last + 1, "")
        indexing.put(database, number, subject, texts, {subject: kind})
    return bool(found) or not texts


def _classify(database: sqlite3.Connection, classes: Mapping[str, str]) -> None:
    known = database.execute("SELECT id, iri, class FROM thing").fetchall()
    changed = [
        (now, number) for number, iri, kind in known if (now := classes.get(f"<{iri}>", "")) != kind
    ]
    database.executemany("UPDATE thing SET class = ? WHERE id = ?", changed)
