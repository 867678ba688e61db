"""ODS as LibreOffice writes it."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from loader.errors import UnreadableTable
from tests.loader.formats.conftest import fitted, rows, titles

Write = Callable[[str], Path]

EMPTY = (
    '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
)


def sheet(*rows: str, name: str = "Tabelle1") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}{EMPTY}</table:table>'


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def text(value: str, **facts: str) -> str:
    more = "".join(f' table:{k.replace("_", "-")}="{v}"' for k, v in facts.items())
    start = f'<table:table-cell office:value-type="string"{more}>'
    return f"{start}<text:p>{value}</text:p></table:table-cell>"


def value(kind: str, name: str, value: str, shown: str = "") -> str:
    start = f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
    return f"{start}<text:p>{shown}</text:p></table:table-cell>"


def test_values_count_rather_than_what_is_shown(ods: Write) -> None:
    path = ods(
        sheet(
            row(*map(text, "abcd")),
            row(
                value("float", "value", "1234.5", "1.234,50 €"),
                value("percentage", "value", "0.45", "45 %"),
                value("date", "date-value", "2022-04-01", "1. April 2022"),
                value("boolean", "boolean-value", "true", "WAHR"),
            ),
        )
    )
    assert rows(path) == {2: ("1234.5", "0.45", "2022-04-01", "true")}


def test_a_key_that_is_shown_with_zeros_keeps_them(ods: Write) -> None:
    number = value("float", "value", "5315000", "05315000")
    assert rows(ods(sheet(row(text("AGS")), row(number)))) == {2: ("05315000",)}


def test_repeated_cells_and_rows_keep_their_numbers(ods: Write) -> None:
    gap = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    twice = text("x", number_columns_repeated="2")
    path = ods(sheet(row(*map(text, "abc")), gap, row(twice, text("y"))))
    assert rows(path) == {5: ("x", "x", "y")}


def test_a_cell_merged_over_rows_says_the_same_in_each(ods: Write) -> None:
    covered = "<table:covered-table-cell/>"
    tall = text("Ulm", number_rows_spanned="2")
    path = ods(sheet(row(text("Stadt"), text("b")), row(tall, text("1")), row(covered, text("2"))))
    assert rows(path) == {2: ("Ulm", "1"), 3: ("Ulm", "2")}


def test_blanks_breaks_and_comments_are_told_apart(ods: Write) -> None:
    note = "<office:annotation><text:p>Notiz</text:p></office:annotation>"
    cell = (
        f'<table:table-cell office:value-type="string">{note}<text:p>a<text:s text:c="2"/>b'
        "<text:span>c</text:span></text:p><text:p>d</text:p></table:table-cell>"
    )
    assert rows(ods(sheet(row(text("x")), row(cell)))) == {2: ("a  bc\nd",)}


def test_a_sheet_is_chosen_by_name(ods: Write) -> None:
    path = ods(sheet(row(text("a"))) + sheet(row(text("b")), name="Ziele"))
    assert (titles(path), titles(path, sheet="Ziele")) == (["a"], ["b"])
    assert fitted(path, sheet="Ziele").place(2).sheet == "Ziele"


def test_a_damaged_document_is_an_error_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "t.ods"
    with ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office:document")
    with pytest.raises(UnreadableTable, match=r"t\.ods"):
        rows(path)
