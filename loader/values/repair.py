"""Repairs: the corrections of a table applied to its chunks, and those that no longer fit."""

from dataclasses import dataclass, field

import polars as pl

from loader import rule
from loader.csvw.correction import Correction, unreadable
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.table import ROW


def check(table: Table) -> None:
    """Raises UnreadableMetadata for a correction of a column that the table lacks."""
    for each in table.corrections:
        if _column(table, each.column) is None:
            raise unreadable(each.line, f"column: {each.column}")


@dataclass(slots=True)
class Corrector:
    """Applies the corrections of one table while its chunks pass, and knows which ones fitted."""

    table: Table
    _applied: dict[Correction, int] = field(default_factory=dict)
    _misfits: list[Finding] = field(default_factory=list)
    _met: set[Correction] = field(default_factory=set)

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The chunk with its wrong cells repaired."""
        for each in self.table.corrections:
            column = _column(self.table, each.column)
            if column is None:
                continue
            texts = frame[column.name]
            fits = (texts.str.strip_chars() == each.found.strip()).fill_null(value=False)
            if each.row is not None:
                here = frame[ROW] == each.row
                self._meet(each, column, texts.filter(here))
                fits = fits & here
            if fits.any():
                self._applied[each] = self._applied.get(each, 0) + int(fits.sum())
                frame = frame.with_columns(texts.set(fits, each.corrected))
        return frame

    def findings(self) -> list[Finding]:
        """What was corrected, and which corrections no longer fit."""
        found = list(self._misfits)
        for each in self.table.corrections:
            column = _column(self.table, each.column)
            number = self._applied.get(each, 0)
            if number:
                made = rule.finding(
                    "U-KORREKTUR",
                    value=each.found,
                    corrected=each.corrected,
                    number=number,
                    reason=each.reason,
                )
                found.append(made.at(self.table.place(each.row, column), each.found))
            elif each not in self._met:
                found.append(_misfit(self.table, each, column, "–"))
        return found

    def _meet(self, each: Correction, column: Column, texts: pl.Series) -> None:
        if texts.is_empty():
            return
        self._met.add(each)
        text = texts[0] or ""
        if text.strip() != each.found.strip():
            self._misfits.append(_misfit(self.table, each, column, text))


def _misfit(table: Table, each: Correction, column: Column | None, text: str) -> Finding:
    found = rule.finding("E-KORREKTUR", line=each.line, value=each.found, found=text)
    return found.at(table.place(each.row, column), text)


def _column(table: Table, name: str) -> Column | None:
    return next((c for c in table.real_columns if name in (c.name, *c.titles)), None)
