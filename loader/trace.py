"""The trace: which row and column made a subject and a property, so that findings find cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from loader import template
from loader.describe import SUBJECT, Description, predicate_of
from loader.finding import Place, column_letter
from loader.schema import Column, Table
from loader.table import ROW

Pair = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement came from: a table's row, and the column to blame where there is one."""

    source: str
    table: Table
    row: int
    column: Column | None

    @property
    def place(self) -> Place:
        """The place as a finding names it."""
        if self.column is None:
            return Place(self.table.file, row=self.row)
        index = self.table.real_columns.index(self.column)
        letter, title = column_letter(index), self.column.title
        return Place(self.table.file, row=self.row, column=letter, header=title)


@dataclass(slots=True)
class TableTrace:
    """The subjects of one table by `aboutUrl`, and the columns by `aboutUrl` and property."""

    source: str
    table: Table
    _frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, description: Description) -> None:
        """Remembers the subjects of one chunk."""
        for about, frame in description.subjects.items():
            self._frames.setdefault(about, []).append(frame)

    def rows(self, subjects: pl.Series) -> pl.DataFrame:
        """`about`, SUBJECT and ROW of the given subjects that this table made."""
        found = [
            frame.filter(pl.col(SUBJECT).is_in(subjects.implode())).with_columns(
                pl.lit(about).alias("about")
            )
            for about, frames in self._frames.items()
            for frame in frames
        ]
        return pl.concat(found) if found else pl.DataFrame()

    def column(self, about: str, path: str | None) -> Column | None:
        """The real column whose cells became this property of these subjects."""
        for column in self.table.columns:
            if column.about_url == about and path and predicate_of(column) == path:
                return self._real(column)
        return None

    def _real(self, column: Column) -> Column | None:
        if not column.virtual:
            return column
        names = template.parse(column.value_url).names if column.value_url else ()
        return next((c for c in self.table.real_columns if c.name in names), None)


@dataclass(slots=True)
class Trace:
    """The traces of all tables of a build."""

    tables: list[TableTrace] = field(default_factory=list)

    def origins(self, wanted: Iterable[Pair]) -> dict[Pair, Origin]:
        """The origin of each (subject, property) that a table made; the property's own cell first.

        A subject may stem from several rows: the row of a table that has the property wins.
        """
        pairs = list(wanted)
        subjects = pl.Series(SUBJECT, list({subject for subject, _ in pairs}), dtype=pl.String)
        paths: dict[str, set[str | None]] = {}
        for subject, path in pairs:
            paths.setdefault(subject, set()).add(path)
        found: dict[Pair, Origin] = {}
        for trace in self.tables:
            for subject, row, about in _triples(trace.rows(subjects)):
                for path in paths[subject]:
                    origin = Origin(trace.source, trace.table, row, trace.column(about, path))
                    known = found.get((subject, path))
                    if known is None or (known.column is None and origin.column is not None):
                        found[subject, path] = origin
        return found


def _triples(frame: pl.DataFrame) -> Iterable[tuple[str, int, str]]:
    return frame.select(SUBJECT, ROW, "about").iter_rows() if frame.height else ()
