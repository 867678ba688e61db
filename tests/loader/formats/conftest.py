"""Workbooks as partners send them, made on the spot, and what the reader makes of them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from loader import header
from loader import table as tables
from loader.csvw import metadata
from loader.csvw.library import Library
from loader.csvw.schema import Table

Row = list[Any]
Book = Callable[..., Path]

SHARED = Path(__file__).parents[4] / "shared" / "partner-data" / "esif"


@pytest.fixture
def xlsx(tmp_path: Path) -> Book:
    """Writes the rows of one or more sheets; `change` may do anything else to the first."""

    def write(*rows: Row, change: Callable[[Any], None] | None = None, **sheets: list[Row]) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for name, others in sheets.items():
            sheet = book.create_sheet(name)
            for row in others:
                sheet.append(row)
        if change:
            change(book.active)
        path = tmp_path / "t.xlsx"
        book.save(path)
        return path

    return write


@pytest.fixture
def ods(tmp_path: Path) -> Callable[[str], Path]:
    """Writes the XML of a spreadsheet's sheets."""

    def write(sheets: str) -> Path:
        names = ("office", "table", "text", "calcext")
        spaces = " ".join(
            f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
        )
        body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
        path = tmp_path / "t.ods"
        with ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            content = f"<office:document-content {spaces}>{body}</office:document-content>"
            archive.writestr("content.xml", content)
        return path

    return write


def fitted(path: Path, **facts: Any) -> Table:
    """The table as its file's own header describes it."""
    (table,) = metadata.undescribed(path.as_uri(), Library()).tables
    return header.fitted(replace(table, **facts))[0]


def rows(path: Path, **facts: Any) -> dict[int, tuple[str, ...]]:
    """The texts of each record by its row number."""
    table = fitted(path, **facts)
    names = [column.name for column in table.real_columns]
    return {
        row[tables.ROW]: tuple(row[name] for name in names)
        for chunk in tables.chunks(table)
        for row in chunk.frame.iter_rows(named=True)
    }


def titles(path: Path, **facts: Any) -> list[str]:
    """The headers of the columns."""
    return [column.title for column in fitted(path, **facts).real_columns]
