"""The workbook: the tables as sheets, in Excel's format.

Its limits are kept: what is longer than a cell is cut and counted, what is more than a sheet goes
on in the next. No text becomes a formula.
"""

import re
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from loader.dumps import package
from loader.dumps.column import Column
from loader.dumps.table import LINKS, REST, Table, Tables

_LONGEST = 32_767  # characters of a cell
_CUT = "… [gekürzt / cut]"
_SHEET = 2**20 - 1  # rows below the header
_FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TITLE = 31


def write(tables: Tables, path: Path) -> int:
    """Writes the workbook; returns how many texts were cut."""
    before = tempfile.tempdir
    tempfile.tempdir = str(tables.folder)  # where openpyxl keeps sheets, and a killed process too
    try:
        return _write(tables, path)
    finally:
        tempfile.tempdir = before


def _write(tables: Tables, path: Path) -> int:
    book = Workbook(write_only=True)
    made = datetime.fromisoformat(tables.release.manifest["created"]).replace(tzinfo=None)
    book.properties.creator = "Stadtwissen"
    book.properties.created = book.properties.modified = made
    sheets = _Sheets(book)
    sheets.add("Info", ["Stadtwissen"], iter(_about(tables)))
    for table in tables.tables:
        kinds = [None, *table.columns.values()]
        rows = ([sheets.cell(*pair) for pair in zip(row, kinds, strict=True)]
                for row in tables.rows(table))  # fmt: skip
        sheets.add(table.name, table.header, rows)
    links = Table("", LINKS, columns={})
    sheets.add(LINKS, ["id", "property", "value"], ([*row] for row in tables.rows(links)))
    sheets.add("rest", ["subject", "predicate", "object"], _rest(tables, sheets))
    ExcelWriter(book, _Archive(path)).save()
    return sheets.cut


class _Archive:
    """The zip file of a workbook as openpyxl writes it; the same tables make the same file."""

    def __init__(self, path: Path) -> None:
        self._package = ZipFile(path, "w")
        self.namelist, self.close = self._package.namelist, self._package.close

    def writestr(self, name: str, content: str | bytes) -> None:
        """Puts a text in."""
        self._package.writestr(package.entry(name, ZIP_DEFLATED), content)

    def write(self, path: str, name: str) -> None:
        """Puts a file in."""
        package.add(self._package, Path(path), package.entry(name, ZIP_DEFLATED))


class _Sheets:
    """Adds sheets to a book and counts what did not fit into a cell."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.cut = 0

    def add(self, name: str, header: list[str], rows: Iterator[list[Any]]) -> None:
        """A sheet, or several where there are too many rows for one."""
        sheet = self._sheet(name, header)
        for count, row in enumerate(rows):
            if count and count % _SHEET == 0:
                sheet = self._sheet(f"{name[:25]} ({count // _SHEET + 1})", header)
            sheet.append(row)

    def cell(self, text: str, column: Column | None) -> Any:
        """What stands in a cell."""
        value = column.value(text) if column and column.is_number else text
        if not isinstance(value, str):
            return value
        if column and column.is_day and text:
            day = date.fromisoformat(text)
            return day if day >= _FIRST_DAY else text
        return self._text(text)

    def _text(self, text: str) -> Any:
        if len(text) > _LONGEST:
            self.cut += 1
            text = text[: _LONGEST - len(_CUT)] + _CUT
        if "_x" in text:
            text = _ESCAPE.sub("_x005F_", text)
        if not text.startswith("="):
            return text or None
        cell = WriteOnlyCell(self._book.worksheets[-1], text)
        cell.data_type = "s"
        return cell

    def _sheet(self, name: str, header: list[str]) -> Any:
        sheet = self._book.create_sheet(name[:_TITLE])
        sheet.freeze_panes = "B2"
        cells = [WriteOnlyCell(sheet, title) for title in header]
        for cell in cells:
            cell.font = Font(bold=True)
        sheet.append(cells)
        return sheet


def _about(tables: Tables) -> list[list[str]]:
    release = tables.release
    return [
        ["Veröffentlichung / release", release.id],
        ["Lizenz / licence", "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"],
        ["Adresse / address", f"https://w3id.org/stadtwissen/dumps/{release.id}/"],
        ["Mehrere Werte einer Zelle trennt |. Mehrere Adressen nennt „links“ einzeln."],
        ["Several values of a cell are parted by |. “links” names several addresses one by one."],
    ]


def _rest(tables: Tables, sheets: _Sheets) -> Iterator[list[Any]]:
    with (tables.folder / REST).open(encoding="utf-8") as lines:
        for line in lines:
            yield [sheets.cell(part, None) for part in line.removesuffix(" .\n").split(" ", 2)]
