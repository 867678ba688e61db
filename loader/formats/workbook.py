"""Workbooks: the sheets of an XLSX file, row by row.

Read by openpyxl's row parser: its public rows fill every gap that a sheet claims to have, which a
single cell at the far end turns into billions; so does calamine, in memory.
"""

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet._reader import CELL_TAG, FORMULA_TAG, ROW_TAG, WorkSheetParser

from loader.csvw.schema import Table
from loader.errors import unreadable
from loader.formats import archive, sheet
from loader.formats.record import Real, Record, real
from loader.formats.sheet import WIDTH, Grid

# What openpyxl raises for workbooks that are damaged in one way or another.
_DAMAGE = (
    ArithmeticError, AttributeError, BadZipFile, EOFError, LookupError, NotImplementedError,
    OSError, RuntimeError, SyntaxError, TypeError, ValueError, zlib.error,
)  # fmt: skip
_MERGED = re.compile(rb'mergeCell\b[^>]*?\bref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_LONGEST = 200  # bytes of an element that names merged cells
_BLOCK = 2**20
_OWN_FORMATS = 164  # numbers of formats below are built in


def sheets(path: Path) -> list[str]:
    """The names of the sheets with cells, in the workbook's order. Raises UnreadableTable."""
    with _opened(path) as book:
        return [each.title for each in book.worksheets]


def rows(table: Table, comments: list[str] | None = None) -> Iterator[Record]:  # noqa: ARG001  # cells' comments are none of the table's
    """Each row of the table's sheet that is not empty. Raises UnreadableTable."""
    with _opened(table.path) as book:
        names = [each.title for each in book.worksheets]
        name = sheet.chosen(names, table.sheet, table.path)
        yield from _Reader(book, book.worksheets[names.index(name)]).rows()


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    try:
        archive.opened(path).close()
        with path.open("rb") as file:  # a name would have to end in .xlsx
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # parts of the file that hold no cells
                book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            yield book
    except _DAMAGE as error:
        raise unreadable(path.name, f"({error})") from error


@dataclass(slots=True)
class _Reader:
    """Reads one sheet; `widths` are the digits that number formats of zeros alone ask for."""

    book: Workbook
    source: Any
    parser: WorkSheetParser = field(init=False)
    widths: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        book = self.book
        self.parser = WorkSheetParser(
            None,
            self.source._shared_strings,  # as openpyxl's own reader does
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, style in enumerate(book._cell_styles):
            if style.numFmtId >= _OWN_FORMATS:
                form = book._number_formats[style.numFmtId - _OWN_FORMATS]
                if len(form) > 1 and not form.strip("0"):
                    self.widths[number] = len(form)

    def rows(self) -> Iterator[Record]:
        merged, grid = self._merged(), Grid()
        with self.source._get_source() as file:
            for _, element in iterparse(file):
                if element.tag != ROW_TAG:
                    continue
                row, cells = self._row(element)
                element.clear()
                for column, last in merged.pop(row, ()):
                    grid.span(column, last, cells.get(column, ""))
                texts = grid.filled(row, cells)
                if texts:
                    yield row, texts

    def _row(self, element: Any) -> tuple[int, dict[int, str]]:
        formulas = {}
        for index, cell in enumerate(element.iterfind(CELL_TAG)):
            formula = cell.find(FORMULA_TAG)
            if formula is not None:
                formulas[index] = f"={formula.text or ''}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a date out of range is the text #VALUE!
            row, cells = self.parser.parse_row(element)
        texts = {}
        for index, cell in enumerate(cells):
            text = self._text(cell)
            # A formula that no program has computed yet is not an empty cell.
            texts[cell["column"] - 1] = text or formulas.get(index, "")
        return row, {column: text for column, text in texts.items() if text and column < WIDTH}

    def _text(self, cell: dict[str, Any]) -> str:
        text = real(cell["value"])
        width = self.widths.get(cell["style_id"])
        return Real(text.zfill(width)) if width and isinstance(text, Real) else text

    def _merged(self) -> dict[int, list[tuple[int, int]]]:
        """By its first row, the column (from 0) and the last row of each cell over several rows.

        They stand after the rows, so that the sheet is looked through for them first.
        """
        found: dict[int, list[tuple[int, int]]] = {}
        rest = b""
        with self.source._get_source() as file:
            while block := file.read(_BLOCK):
                text = rest + block
                end = 0
                for match in _MERGED.finditer(text):
                    end = match.end()
                    column, first, _, last = range_boundaries(match[1].decode())
                    if last > first:
                        found.setdefault(first, []).append((column - 1, last))
                rest = text[max(end, len(text) - _LONGEST) :]
        return found
