"""The trace: which row and column made a statement, so that findings find their cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from loader import cell, template
from loader import table as tables
from loader.describe import SUBJECT, Describer, Description, predicate_of
from loader.finding import Place
from loader.preparation import Preparation
from loader.schema import Column, Table
from loader.source import Source
from loader.table import ROW, Chunk
from loader.term import RDF_TYPE, iri, literal
from loader.vocabulary import Vocabulary


class Blamed(NamedTuple):
    """What a result blames: a subject, a property or none, and a value's address or text."""

    subject: str
    path: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement came from: a table's row, and the columns that write the property."""

    table: Table
    row: int
    columns: tuple[Column, ...]

    def blame(self, texts: dict[str, str], value: str | None) -> Column | None:
        """The one column to blame, by the row's texts; None where they leave it open.

        A missing value blames the only empty cell, a value the only cell that it ends in.
        """
        if len(self.columns) == 1:
            return self.columns[0]
        if value is None:
            fitting = [c for c in self.columns if not texts.get(c.name)]
        else:
            ends = {c.name: texts.get(c.name, "") for c in self.columns}
            fitting = [
                c
                for c in self.columns
                if value == ends[c.name] or value.endswith("/" + ends[c.name])
            ]
        return fitting[0] if len(fitting) == 1 else None

    def place(self, column: Column | None) -> Place:
        """The place as a finding names it."""
        return self.table.place(self.row, column)


@dataclass(slots=True)
class TableTrace:
    """The subjects of one table by `aboutUrl`."""

    source: Source
    table: Table
    _frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def add(self, description: Description) -> None:
        """Remembers the subjects of one chunk."""
        for about, frame in description.subjects.items():
            self._frames.setdefault(about, []).append(frame)

    def rows(self, subjects: pl.Series) -> Iterable[tuple[str, str, list[int]]]:
        """Subject, `aboutUrl` and rows of the given subjects that this table made."""
        for about, frames in self._frames.items():
            found = pl.concat(frames).filter(pl.col(SUBJECT).is_in(subjects.implode()))
            grouped = found.group_by(SUBJECT, maintain_order=True).agg(pl.col(ROW))
            for subject, rows in grouped.iter_rows():
                yield subject, about, rows

    def columns(self, about: str, path: str | None) -> list[Column]:
        """The real columns whose cells became this property of these subjects."""
        found = [
            self._real(column)
            for column in self.table.columns
            if column.about_url == about and path and predicate_of(column) == path
        ]
        return [column for column in found if column is not None]

    def defines(self, about: str) -> bool:
        """Whether this table says what kind of thing these subjects are."""
        columns = (c for c in self.table.columns if c.about_url == about)
        return any(predicate_of(column) == RDF_TYPE for column in columns)

    def _real(self, column: Column) -> Column | None:
        """The column that a person sees: the one it is made of, or the last in its address."""
        if not column.virtual or column.is_made:
            return self.table.origin(column)
        names = template.parse(column.value_url).names if column.value_url else ()
        real = {c.name: c for c in self.table.real_columns}
        return next((real[name] for name in reversed(names) if name in real), None)


@dataclass(slots=True)
class Trace:
    """The traces of all tables of a build."""

    vocabulary: Vocabulary
    tables: list[TableTrace] = field(default_factory=list)

    def origins(self, blamed: Iterable[Blamed]) -> dict[Blamed, Origin]:
        """The origin of each statement that a table made.

        A subject may stem from several tables and rows: the table that has the property wins,
        then the one that gives the subject its class; of several rows the one with the value.
        """
        by_subject: dict[str, list[Blamed]] = {}
        for each in blamed:
            by_subject.setdefault(each.subject, []).append(each)
        subjects = pl.Series(SUBJECT, list(by_subject), dtype=pl.String)
        best: dict[Blamed, tuple[int, Origin]] = {}
        for trace in self.tables:
            for subject, about, rows in trace.rows(subjects):
                for each in by_subject[subject]:
                    columns = trace.columns(about, each.path)
                    rank = 2 if columns else int(trace.defines(about))
                    if each not in best or rank > best[each][0]:
                        row = self._row(trace, rows, each) if columns else rows[0]
                        best[each] = rank, Origin(trace.table, row, tuple(columns))
        return {each: origin for each, (_, origin) in best.items()}

    def _row(self, trace: TableTrace, rows: list[int], each: Blamed) -> int:
        """The row that said the value, found by describing each of the subject's rows again."""
        if len(rows) == 1 or each.value is None:
            return rows[0]
        start = f"{iri(each.subject)} {iri(each.path or '')} "
        said = (start + iri(each.value) + " ", start + literal(each.value)[:-1])
        describer = Describer(trace.table, trace.source.group.graph, self.vocabulary)
        preparation = Preparation(trace.table)
        for chunk in tables.chunks(trace.table):
            prepared = preparation.prepare(chunk)
            for row in rows:
                frame = prepared.frame.filter(pl.col(ROW) == row)
                reading = cell.read(Chunk(frame, ()), trace.table, self.vocabulary)
                if any(line.startswith(said) for line in describer.describe(reading).lines):
                    return row
        return rows[0]
