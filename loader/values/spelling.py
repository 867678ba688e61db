"""Spellings: columns that write dates or numbers in several ways, read by what the whole says.

A cell that two spellings read in different ways is ambiguous. It is read by the spelling that
most of the column's other cells need, and that is reported.
"""

import re
from dataclasses import dataclass, field

import polars as pl

from loader import rule
from loader.csvw import date, number
from loader.csvw.annotation import Spelling
from loader.csvw.schema import Column, Table
from loader.finding import Finding

CURRENCY = r"(?i)^\s*(?:€|eur|euro)?\s*|\s*(?:€|eur|euro)?\s*$"


@dataclass(slots=True)
class Tally:
    """What a column's cells say about its spellings, gathered chunk by chunk.

    `rewritten` counts the cells that are not written as XML Schema writes them.
    """

    column: Column
    needing: list[int] = field(init=False)
    rewritten: int = 0
    rewritten_example: str | None = None
    ambiguous: int = 0
    ambiguous_example: str | None = None

    def __post_init__(self) -> None:
        self.needing = [0] * len(self.column.annotations.spellings)

    @property
    def is_date(self) -> bool:
        """Whether the column holds dates; else it holds numbers."""
        return self.column.datatype.base in date.TIMES

    def add(self, texts: pl.Series) -> None:
        """Counts the cells that only one spelling reads, and those that are ambiguous."""
        readings, differ = _readings(texts, self.column)
        able = pl.DataFrame(
            [reading.is_not_null().alias(f"{i}") for i, reading in enumerate(readings)]
        ).sum_horizontal()
        for index, reading in enumerate(readings):
            self.needing[index] += int((reading.is_not_null() & (able == 1)).sum())
        self.ambiguous += int(differ.sum())
        if self.ambiguous_example is None and differ.any():
            self.ambiguous_example = texts.filter(differ)[0]
        odd = (able > 0) & ~differ & (_first(readings) != texts)
        self.rewritten += int(odd.sum())
        if self.rewritten_example is None and odd.any():
            self.rewritten_example = texts.filter(odd)[0]

    def canonical(self, texts: pl.Series) -> pl.Series:
        """The texts as XML Schema writes them; what no spelling reads stays as it is."""
        readings, _ = _readings(texts, self.column)
        return _first([*(readings[index] for index in self._order), texts])

    def findings(self, table: Table) -> list[Finding]:
        """How many cells were rewritten and how many are ambiguous, each with an example."""
        kind = "DATUM" if self.is_date else "ZAHL"
        found = []
        for code, count, value in (
            (f"U-{kind}", self.rewritten, self.rewritten_example),
            (f"S-{kind}-MEHRDEUTIG", self.ambiguous, self.ambiguous_example),
        ):
            if value is not None:
                read = self.canonical(pl.Series([value]))[0]
                made = rule.finding(code, number=count, value=value, read=read)
                found.append(made.at(table.place(None, self.column), value))
        return found

    @property
    def _order(self) -> list[int]:
        """The spellings, the one that most cells need first; else as they are described."""
        return sorted(range(len(self.needing)), key=lambda index: -self.needing[index])


def _first(choices: list[pl.Series]) -> pl.Series:
    """The first that is there, row by row."""
    frame = pl.DataFrame([choice.alias(f"{i}") for i, choice in enumerate(choices)])
    return frame.select(pl.coalesce(pl.all()).alias("text"))["text"]


def _readings(texts: pl.Series, column: Column) -> tuple[list[pl.Series], pl.Series]:
    """What each spelling reads, null where it reads nothing, and where they differ in value."""
    base = column.datatype.base
    readings = [_read(texts, each, base) for each in column.annotations.spellings]
    values = [_value(reading, base) for reading in readings]
    frame = pl.DataFrame([value.alias(f"{i}") for i, value in enumerate(values)])
    differ = frame.select((pl.max_horizontal(pl.all()) != pl.min_horizontal(pl.all())).alias("d"))
    return readings, differ["d"].fill_null(value=False)


def _read(texts: pl.Series, spelling: Spelling, base: str) -> pl.Series:
    if base in date.TIMES:
        lexical, good = date.read(texts.str.strip_chars(), base, spelling.form)
    else:
        plain = texts.str.replace_all(CURRENCY, "")
        lexical, good = number.read(plain, base, None, spelling.point, spelling.group)
        good = good & plain.str.contains(_grouped(spelling))
    return lexical.set(~good.fill_null(value=False), None)


def _grouped(spelling: Spelling) -> str:
    """The form of a number whose groups, where it has any, have three digits each."""
    groups = rf"|[0-9]{{1,3}}(?:{re.escape(spelling.group)}[0-9]{{3}})+" if spelling.group else ""
    return rf"^[+-]?(?:[0-9]+{groups})?(?:{re.escape(spelling.point)}[0-9]+)?%?$"


def _value(lexical: pl.Series, base: str) -> pl.Series:
    if base in date.TIMES:
        return date.instants(lexical, base)
    return lexical.cast(pl.Float64, strict=False)
