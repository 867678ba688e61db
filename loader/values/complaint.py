"""Complaints: the wrong cells of a column as findings, each with its place and a way to mend it."""

from dataclasses import dataclass, field

import polars as pl

from loader import rule, tally
from loader.csvw import datatype, date
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.vocabulary import Vocabulary


@dataclass(slots=True)
class Complaints:
    """Gathers what is wrong with one column of a chunk; `rows` are the numbers of its rows."""

    table: Table
    column: Column
    vocabulary: Vocabulary
    rows: pl.Series
    findings: list[Finding] = field(default_factory=list)

    def add(
        self, code: str, wrong: pl.Series, items: pl.Series, places: pl.Series | None = None
    ) -> None:
        """One finding for each item that is `wrong`, with its text and the row of its place."""
        if not wrong.any():
            return
        where = wrong.arg_true()
        shown = where.head(tally.KEPT)
        rows = self.rows.gather(shown if places is None else places.gather(shown))
        known: dict[str | None, Finding] = {}
        made = []
        for row, value in zip(rows, items.gather(shown), strict=True):
            if value not in known:
                known[value] = rule.finding(code, **self._facts(value))
            made.append(known[value].at(self.table.place(row, self.column), value))
        self.findings += tally.cut(made, len(where))

    def _facts(self, value: str | None) -> dict[str, str]:
        column = self.column
        if value is None:
            return {"header": column.title}
        if column.lookup:
            scheme = self.vocabulary.schemes[column.lookup]
            nearest = scheme.nearest(value) or "–"
            return {"value": value, "scheme": scheme.title, "nearest": nearest}
        return {"value": value, "example": _example(column)}


def code(column: Column) -> str:
    """The rule that a text breaks which is no value of the column's datatype."""
    base = column.datatype.base
    if base == datatype.PARTIAL_DATE:
        return "S-DATUM-TEIL"
    if base in {"date", "dateTime", "gYear", "gYearMonth"}:
        return "S-DATUM"
    is_web = (column.datatype.format or "").startswith("http")
    if base == "anyURI" or (is_web and column.value_url == f"{{+{column.name}}}"):
        return "S-ADRESSE"
    return "S-ZAHL" if datatype.is_number(column.datatype) else "S-FORM"


def _example(column: Column) -> str:
    base, form = column.datatype.base, column.date_form
    examples = {"date": "31.12.2023", "gYear": "2023", "gYearMonth": "2023-12"}
    if base == "date":
        return date.written(form or "yyyy-MM-dd", 2023, 12, 31)
    number = f"1200{column.decimal_sign}50"
    return examples.get(base) or (number if datatype.is_number(column.datatype) else form or base)
