"""OpenDocument: the sheets of an ODS file, row by row.

Source: OpenDocument 1.3, part 3, sections 9.1 and 19.385.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element
from zipfile import BadZipFile

from defusedxml.ElementTree import iterparse

from loader.csvw.schema import Table
from loader.errors import unreadable
from loader.formats import archive, sheet
from loader.formats.record import Real, Record, real
from loader.formats.sheet import WIDTH, Grid

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT = (_NAMESPACE % name for name in ("office", "table", "text"))
_SHEET, _ROW = _TABLE + "table", _TABLE + "table-row"
_CELL = _TABLE + "table-cell"
_CELLS = {_CELL, _TABLE + "covered-table-cell"}  # what a covered cell holds nobody sees
_VALUES = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
_NUMBERS = {"float", "percentage", "currency"}
_DAMAGE = (
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    RuntimeError,
    ValueError,
    zlib.error,
)


def sheets(path: Path) -> list[str]:
    """The names of the sheets, in the workbook's order. Raises UnreadableTable."""
    return [name for name, _ in _elements(path) if name]


def rows(table: Table, comments: list[str] | None = None) -> Iterator[Record]:  # noqa: ARG001  # cells' comments are none of the table's
    """Each row of the table's sheet that is not empty. Raises UnreadableTable."""
    wanted = sheet.chosen(sheets(table.path), table.sheet, table.path)
    reader, current = _Reader(), ""
    for name, row in _elements(table.path):
        if name:
            if current == wanted:
                return
            current = name
        elif row is not None and current == wanted:
            yield from reader.rows(row)


def _elements(path: Path) -> Iterator[tuple[str, Element | None]]:
    """The name of each sheet as it begins, and each row."""
    depth = 0
    try:
        with archive.opened(path) as book, book.open("content.xml") as file:
            for event, element in iterparse(file, events=("start", "end")):
                if element.tag == _SHEET:
                    depth += 1 if event == "start" else -1
                    if event == "start" and depth == 1:
                        yield element.get(_TABLE + "name", "?"), None
                elif element.tag == _ROW and event == "end" and depth == 1:
                    yield "", element
                    element.clear()
    except _DAMAGE as error:
        raise unreadable(path.name, f"({error})") from error


@dataclass(slots=True)
class _Reader:
    """Counts the rows of one sheet."""

    row: int = 0
    grid: Grid = field(default_factory=Grid)

    def rows(self, element: Element) -> Iterator[Record]:
        """The row as often as it is repeated; empty rows only count."""
        times = _times(element, "number-rows-repeated")
        cells = self._cells(element)
        texts = self.grid.filled(self.row + 1, cells)
        if texts:
            for number in range(self.row + 1, self.row + times + 1):
                yield number, list(texts)
        self.row += times

    def _cells(self, element: Element) -> dict[int, str]:
        cells: dict[int, str] = {}
        column = 0
        for cell in element:
            if cell.tag not in _CELLS:
                continue
            times = _times(cell, "number-columns-repeated")
            text = _text(cell) if cell.tag == _CELL else ""
            for index in range(column, min(column + times, WIDTH)) if text else ():
                cells[index] = text
            down = _times(cell, "number-rows-spanned")
            if down > 1:
                self.grid.span(column, self.row + down, text)
            column += times
        return cells


def _times(element: Element, name: str) -> int:
    return max(int(element.get(_TABLE + name, "1")), 1)


def _text(cell: Element) -> str:
    """The cell's value; the text that it shows where that is a number with leading zeros."""
    kind = cell.get(_OFFICE + "value-type", "")
    if kind in _VALUES:
        value = cell.get(_OFFICE + _VALUES[kind], "")
        return Real(value.removesuffix("T00:00:00"))
    shown = "\n".join(_shown(each) for each in cell.iterfind(_TEXT + "p"))
    if kind in _NUMBERS:
        number = real(float(cell.get(_OFFICE + "value", "nan")))
        zeros = shown.startswith("0") and shown.isdigit() and shown.lstrip("0") == number
        return Real(shown) if zeros else number
    return cell.get(_OFFICE + "string-value", shown)


def _shown(paragraph: Element) -> str:
    """A paragraph's text, with the blanks and breaks that have elements of their own."""
    signs = {"tab": "\t", "line-break": "\n"}
    parts = [paragraph.text or ""]
    for each in paragraph:
        name = each.tag.removeprefix(_TEXT)
        if name == "s":
            parts.append(" " * min(int(each.get(_TEXT + "c", "1")), WIDTH))
        elif name in signs:
            parts.append(signs[name])
        elif each.tag.startswith(_TEXT):
            parts.append(_shown(each))
        parts.append(each.tail or "")
    return "".join(parts)
