"""The trace: which row and column made a statement, so that findings find their cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import polars as pl

from loader.csvw import template
from loader.csvw.schema import Column, Table
from loader.describe import Describer, predicate_of
from loader.finding import Place
from loader.row import Rows
from loader.statement import OBJECT, PREDICATE, SUBJECT
from loader.table import ROW
from loader.term import RDF_TYPE, iri, literal
from loader.values import review
from loader.vocabulary import Vocabulary


class Blamed(NamedTuple):
    """What a result blames: a subject, a property or none, and a value's address or text.

    `language` is that of the texts which the rule asks for, None for any.
    """

    subject: str
    path: str | None
    value: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement came from: a table's row, and the columns that write the property.

    `row` is 0 for a thing of the whole table, which no row names.
    """

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
        return self.table.place(self.row or None, column)


@dataclass(slots=True)
class TableTrace:
    """The subjects of one table by `aboutUrl`."""

    table: Table
    vocabulary: Vocabulary

    def rows(self, subjects: pl.Series) -> Iterable[tuple[str, str, list[int]]]:
        """Subject, `aboutUrl` and rows of the given subjects that this table made.

        The table is read again for it, if it can have made any.
        """
        for about in self._abouts(subjects):
            found = pl.concat(self._subjects(about, subjects))
            grouped = found.group_by(SUBJECT, maintain_order=True).agg(pl.col(ROW))
            for subject, rows in grouped.iter_rows():
                yield subject, about, rows

    def row_of(self, rows: list[int], blamed: "Blamed") -> int:
        """The row that said the value, found by describing each of the subject's rows again."""
        subject, predicate = iri(blamed.subject), iri(blamed.path or "")
        value = blamed.value or ""
        of_subject = (pl.col(SUBJECT) == subject) & (pl.col(PREDICATE) == predicate)
        of_value = (pl.col(OBJECT) == iri(value)) | pl.col(OBJECT).str.starts_with(literal(value))
        describer = Describer(Rows(self.table), self.vocabulary)
        for reading in review.singly(self.table, self.vocabulary, rows):
            made = describer.statements(reading)
            if any(not frame.filter(of_subject & of_value).is_empty() for frame in made):
                return int(reading.rows[0])
        return rows[0]

    def _abouts(self, subjects: pl.Series) -> list[str]:
        """The templates that may have made some of the subjects."""
        columns = (c for c in self.table.columns if c.property_url and not c.suppress_output)
        found = dict.fromkeys(c.about_url for c in columns if c.about_url)
        starts = {about: template.parse(about).literals[0] for about in found}
        return [about for about in found if subjects.str.starts_with(starts[about]).any()]

    def _subjects(self, about: str, wanted: pl.Series) -> list[pl.DataFrame]:
        parsed = template.parse(about)
        names = frozenset(parsed.names)
        found = []
        for reading in review.readings(self.table, self.vocabulary, names=names):
            made = parsed.expand(reading.variables(parsed.names)).alias(SUBJECT)
            frame = pl.DataFrame([reading.rows, made])
            found.append(frame.filter(pl.col(SUBJECT).is_in(wanted.implode())))
        return found

    def columns(
        self, about: str, path: str | None, language: str | None = None, *, is_said: bool = False
    ) -> list[Column]:
        """The real columns whose cells became this property of these subjects.

        A value that is said does not come from a cell on which a constant only depends. What is
        wrong with no property is wrong with the thing, which the last column in its address names.
        """
        if path is None:
            return [column for column in [self._named(about)] if column is not None]
        found = [
            self._real(column)
            for column in self.table.columns
            if column.about_url == about and predicate_of(column) == path
            if not (is_said and column.is_constant) and language in (None, column.lang)
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
        return self._named(column.value_url)

    def _named(self, address: str | None) -> Column | None:
        """The real column that comes last in an address."""
        names = template.parse(address).names if address else ()
        real = {c.name: c for c in self.table.real_columns}
        return next((real[name] for name in reversed(names) if name in real), None)


@dataclass(slots=True)
class Trace:
    """The traces of all tables of a build."""

    tables: list[TableTrace] = field(default_factory=list)

    def origins(self, results: Iterable[Blamed]) -> dict[Blamed, Origin]:
        """The origin of each statement that a table made.

        A subject may stem from several tables and rows: the table that has the property wins,
        then the one that gives the subject its class; of several rows the one with the value.
        """
        by_subject: dict[str, list[Blamed]] = {}
        for each in results:
            by_subject.setdefault(each.subject, []).append(each)
        subjects = pl.Series(SUBJECT, list(by_subject), dtype=pl.String)
        best: dict[Blamed, tuple[int, Origin]] = {}
        for trace in self.tables:
            columns_of, defines = cache(trace.columns), cache(trace.defines)
            for subject, about, rows in trace.rows(subjects):
                for each in by_subject[subject]:
                    columns = columns_of(about, each.path, each.language)
                    rank = 2 if columns and each.path else int(defines(about))
                    if each not in best or rank > best[each][0]:
                        row = (
                            trace.row_of(rows, each)
                            if columns and each.path and rows[1:] and each.value
                            else rows[0]
                        )
                        said = each.value is not None
                        blamed = columns_of(about, each.path, each.language, is_said=said)
                        row = row if columns or template.parse(about).names else 0
                        best[each] = rank, Origin(trace.table, row, tuple(blamed))
        return {each: origin for each, (_, origin) in best.items()}
