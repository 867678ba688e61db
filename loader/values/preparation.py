"""Preparation: a chunk's texts as our annotations want them read, before any cell is read.

In this order: cells are corrected, rows that are no records and natural persons left out; column
by column conditions are applied and parts, years and keys made of the columns before; spellings
are made one and places looked up. Tables without annotations pass through untouched.
"""

from dataclasses import dataclass, field, replace
from functools import cache

import polars as pl

from loader import rule
from loader import table as tables
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.places import municipality
from loader.places.place import Places
from loader.places.place_name import Gazetteer
from loader.table import Chunk
from loader.values import part
from loader.values.legal_form import is_organisation
from loader.values.repair import Corrector
from loader.values.spelling import Tally


@dataclass(slots=True)
class Preparation:
    """Prepares one table's chunks in their order."""

    table: Table
    _corrector: Corrector = field(init=False)
    _tallies: dict[str, Tally] = field(init=False)
    _places: dict[str, Places] = field(init=False)
    _rows: int = 0
    _persons: int = 0
    _no_records: int = 0

    def __post_init__(self) -> None:
        """Reads the table once where whole columns must decide. Raises UnreadableTable."""
        columns = self.table.read_columns
        self._corrector = Corrector(self.table)
        self._places = {
            c.name: Places(self.table, c, c.annotations.place, _gazetteer())
            for c in columns
            if c.annotations.place
        }
        self._tallies = {c.name: Tally(c) for c in columns if c.annotations.spellings}
        if self._tallies:
            self._ask()

    def _ask(self) -> None:
        """Lets the columns decide what their ambiguous cells mean, then begins anew."""
        for chunk in tables.chunks(self.table):
            frame = self._kept(chunk)
            for tally in self._tallies.values():
                tally.add(_formatted(frame, tally.column))
        self._corrector = Corrector(self.table)
        self._rows = self._persons = self._no_records = 0

    def prepare(self, chunk: Chunk) -> Chunk:
        """The chunk with its texts prepared; it may have fewer rows, and more columns."""
        if not self.table.is_annotated:
            return chunk
        frame = self._kept(chunk)
        for name, tally in self._tallies.items():
            canonical = tally.canonical(_formatted(frame, tally.column))
            texts = canonical.zip_with(canonical.is_not_null(), frame[name])
            frame = frame.with_columns(texts.alias(name))
        for name, places in self._places.items():
            frame = frame.with_columns(places.addresses(frame).alias(name))
        return replace(chunk, frame=frame)

    @property
    def left_out(self) -> int:
        """How many rows were left out so far."""
        asked = self.table.persons
        return self._no_records + (self._persons if asked and asked.leave_out == "row" else 0)

    def findings(self) -> list[Finding]:
        """What was found in all chunks so far; ask when the table has ended."""
        found = self._corrector.findings()
        found += [each for tally in self._tallies.values() for each in tally.findings(self.table)]
        found += [each for places in self._places.values() for each in places.findings]
        for code, number, asked in (
            ("P-AUSGELASSEN", self._persons, self.table.persons),
            ("T-ZEILEN", self._no_records, self.table.records),
        ):
            if number and asked:
                left = rule.finding(code, number=number, all=self._rows)
                column = next(c for c in self.table.columns if c.name == asked.column)
                found.append(left.at(self.table.place(None, column), None))
        return found

    def _kept(self, chunk: Chunk) -> pl.DataFrame:
        """The rows that are taken over, with all columns, as texts in their own spellings."""
        return self._made(self._without_persons(self._records(self._plain(chunk.frame))))

    def _records(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that are records, by what the table's description says of them."""
        self._rows += frame.height
        asked = self.table.records
        if asked is None:
            return frame
        kept = frame.filter(part.holds(frame[asked.column], asked))
        self._no_records += frame.height - kept.height
        return kept

    def _without_persons(self, frame: pl.DataFrame) -> pl.DataFrame:
        asked = self.table.persons
        if asked is None:
            return frame
        names = frame[asked.column]
        person = (names.str.strip_chars() != "") & ~is_organisation(names)
        self._persons += int(person.sum())
        if asked.leave_out == "row":
            return frame.filter(~person)
        return frame.with_columns(names.set(person, None))

    def _plain(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The chunk corrected, in our own words, and without line breaks that mean nothing."""
        frame = self._corrector.apply(frame)
        for column in self.table.real_columns:
            asked, texts = column.annotations, frame[column.name]
            if asked.is_unbroken:
                frame = frame.with_columns(part.unbroken(texts))
            if asked.synonyms:
                frame = frame.with_columns(part.renamed(texts, asked.synonyms))
        return frame

    def _made(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The chunk with its conditions applied, and with the columns that are made of others."""
        for column in self.table.read_columns:
            if column.is_made:
                frame = frame.with_columns(part.text_of(column, frame).alias(column.name))
            condition = column.annotations.condition
            if condition:
                fails = ~part.holds(frame[condition.column], condition)
                frame = frame.with_columns(frame[column.name].set(fails, None))
        return frame


def _formatted(frame: pl.DataFrame, column: Column) -> pl.Series:
    """The texts that are written in some format; null for none, and for a file's real values."""
    texts = frame[column.name]
    formatted = ~texts.str.strip_chars().is_in(list(column.null))
    real = tables.REAL + column.name
    if real in frame:
        formatted = formatted & ~frame[real]
    return texts.set(~formatted.fill_null(value=False), None)


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(municipality.read())
