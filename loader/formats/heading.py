"""Headings: where in a workbook the table begins, below the titles and notes above it."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from loader import table as tables
from loader.csvw.schema import Table
from loader.formats import archive, sheet
from loader.formats.record import Real, Record

SEEN = 200  # records, in which the header is looked for
_FULL = 0.6  # of the usual number of filled cells
_HEADERS = 3  # rows, the most that a header has
_MOSTLY = 0.9
_TYPED = re.compile(r"[-+]?[0-9][0-9.,/: -]*(?:€|%|EUR)?|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+")


class Corner(NamedTuple):
    """The row of the header, and the columns to its left that are empty."""

    row: int
    skipped: int


def located(table: Table) -> Table:
    """The table with its sheet's name and, in a workbook, with the rows and columns to skip.

    Where the metadata says how many to skip, that counts. Raises UnreadableTable.
    """
    kind = archive.kind(table.path)
    if kind is None:
        return table
    names = archive.reader(kind).sheets(table.path)
    table = replace(table, sheet=sheet.chosen(names, table.sheet, table.path))
    dialect = table.dialect
    if dialect.skip_rows or dialect.skip_columns or not dialect.header_row_count:
        return table
    seen = list(islice(tables.reader(table)(table, None), SEEN))
    found = corner(seen, described(table))
    return replace(
        table,
        dialect=replace(dialect, skip_rows=found.row - 1, skip_columns=found.skipped),
    )


def described(table: Table) -> set[str]:
    """The headers that the table's description expects, in the form of `plain`."""
    return {plain(text) for column in table.real_columns for text in (*column.titles, column.name)}


def plain(text: str) -> str:
    """A header without its case and with single blanks: titles break lines where they like."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def corner(records: list[Record], expected: Iterable[str] = ()) -> Corner:
    """Where the header stands: the row with most of the expected titles, or by its form.

    A header's cells are texts, filled about as often as those of the rows below.
    """
    filled = [(row, _filled(texts)) for row, texts in records]
    row = _by_titles(records, set(expected)) or _by_form(filled)
    below = [cells for number, cells in filled if number >= row and cells]
    skipped = min((min(cells) for cells in below), default=0)
    return Corner(row, skipped)


def header_rows(records: list[Record]) -> int:
    """How many of the records are headers: those that are texts where numbers and dates follow.

    A second row says the same in another language, a row of numbers counts the columns.
    """
    below = records[_HEADERS:]
    columns = range(max((len(texts) for _, texts in records), default=0))
    typed = [index for index in columns if below and _is_typed(below, index)]
    rows = 1
    for _, texts in records[1:_HEADERS]:
        cells = [texts[index] if index < len(texts) else "" for index in typed]
        if not cells or any(_TYPED.fullmatch(cell.strip()) or not cell.strip() for cell in cells):
            return rows
        rows += 1
    return rows


def _is_typed(records: list[Record], index: int) -> bool:
    """Whether a column holds numbers or dates in nearly every cell that is filled."""
    cells = [texts[index].strip() for _, texts in records if index < len(texts) and texts[index]]
    fitting = sum(bool(_TYPED.fullmatch(cell)) for cell in cells)
    return len(cells) >= _HEADERS and fitting >= len(cells) * _MOSTLY


def _filled(texts: list[str]) -> dict[int, str]:
    return {index: text for index, text in enumerate(texts) if text.strip()}


def _by_titles(records: list[Record], expected: set[str]) -> int | None:
    fits = {row: sum(plain(text) in expected for text in texts if text) for row, texts in records}
    best = max(fits, key=lambda row: fits[row], default=None)
    return best if best is not None and fits[best] else None


def _by_form(filled: list[tuple[int, dict[int, str]]]) -> int:
    """The first row that is filled like the others, with nothing but texts; else the first."""
    widths = sorted(len(cells) for _, cells in filled if cells)
    usual = widths[len(widths) * 4 // 5] if widths else 0
    for row, cells in filled:
        is_text = not any(isinstance(text, Real) for text in cells.values())
        if is_text and len(cells) >= max(usual * _FULL, 1):
            return row
    return filled[0][0] if filled else 1
