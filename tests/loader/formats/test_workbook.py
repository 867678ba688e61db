"""XLSX as spreadsheets show it."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from loader import table as tables
from loader.errors import TableEncrypted, TableTooLarge, UnreadableTable
from loader.formats import archive, workbook
from loader.formats.record import real
from tests.loader.formats.conftest import SHARED, Book, fitted, rows, titles

REAL_BOOKS = sorted(SHARED.glob("**/*.xlsx"))


def test_numbers_dates_and_truth_are_texts_that_mean_one_thing(xlsx: Book) -> None:
    day, moment = datetime.date(2022, 4, 1), datetime.datetime(2022, 4, 1, 8, 30)
    path = xlsx(["a", "b", "c", "d", "e"], [1.0, 1234.567, day, moment, True], [1e20, 1e-7, *"xyz"])
    assert rows(path) == {
        2: ("1", "1234.567", "2022-04-01", "2022-04-01T08:30:00", "true"),
        3: ("100000000000000000000", "0.0000001", "x", "y", "z"),
    }


def test_a_number_has_the_fifteen_digits_that_excel_shows(xlsx: Book) -> None:
    assert real(0.1 + 0.2) == "0.3"
    assert rows(xlsx(["a"], [1234567.89], [0.1 + 0.2]))[3] == ("0.3",)


def test_real_cells_are_told_from_texts(xlsx: Book) -> None:
    table = fitted(xlsx(["a", "b"], [5, "x"], ["5", "y"]))
    (chunk,) = tables.chunks(table)
    assert chunk.frame[tables.REAL + "a"].to_list() == [True, False]
    assert tables.REAL + "b" not in chunk.frame.columns


def test_a_key_that_its_format_shows_with_zeros_keeps_them(xlsx: Book) -> None:
    def change(sheet: Any) -> None:
        sheet["A2"].number_format = "00000000"

    assert rows(xlsx(["AGS"], [5315000], [5315000], change=change)) == {
        2: ("05315000",),
        3: ("5315000",),
    }


def test_rows_and_columns_keep_their_numbers_below_a_title_block(xlsx: Book) -> None:
    path = xlsx(
        [None, "Liste der Vorhaben"], [], [None, "Stand: 1.4.2022"], [],
        [None, "Titel", "Beginn", "Summe"], [None, "A", "2022", 5], [], [None, "B", "2023", 6],
    )  # fmt: skip
    assert rows(path) == {6: ("A", "2022", "5"), 8: ("B", "2023", "6")}
    assert fitted(path).place(6, 2).cell == "D6"


def test_a_described_table_finds_its_header_by_its_titles(xlsx: Book) -> None:
    path = xlsx(["Bericht", "über", "alles"], ["Titel", "Beginn"], ["A", "2022"])
    assert titles(path) == ["Bericht", "über", "alles"]
    columns = tuple(fitted(xlsx(["Titel", "Beginn"])).columns)
    path = xlsx(["Bericht", "über", "alles"], ["Titel", "Beginn"], ["A", "2022"])
    assert rows(path, columns=columns, is_described=True) == {3: ("A", "2022")}


def test_a_sheet_is_chosen_by_name_or_number_and_named_in_places(xlsx: Book) -> None:
    path = xlsx(["a"], ["1"], Projekte=[["b"], ["2"]])
    assert (titles(path), titles(path, sheet=2), titles(path, sheet="Projekte")) == (
        ["a"], ["b"], ["b"],
    )  # fmt: skip
    assert fitted(path, sheet=2).place(2).text().de == "Blatt „Projekte“, Zeile 2"


def test_a_sheet_that_is_not_there_names_those_that_are(xlsx: Book) -> None:
    with pytest.raises(UnreadableTable, match=r"no sheet Ziele.*Sheet, Projekte"):
        fitted(xlsx(["a"], Projekte=[["b"]]), sheet="Ziele")


def test_a_cell_merged_over_rows_says_the_same_in_each(xlsx: Book) -> None:
    def change(sheet: Any) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B3:C3")

    path = xlsx(["Stadt", "b", "c"], ["Ulm", 1, 2], ["", 3, ""], ["", 5, 6], change=change)
    assert rows(path) == {2: ("Ulm", "1", "2"), 3: ("Ulm", "3", ""), 4: ("Ulm", "5", "6")}


def test_a_single_cell_at_the_far_end_costs_nothing(xlsx: Book) -> None:
    def change(sheet: Any) -> None:
        sheet["XFD1048576"] = "z"

    table = fitted(xlsx(["a"], ["1"], change=change))
    (chunk,) = tables.chunks(table)
    assert chunk.frame[tables.ROW].to_list() == [2, 1048576]
    assert chunk.ragged == (tables.RaggedRecord(1048576, 16384),)


def test_a_formula_counts_by_its_kept_value_and_is_never_an_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["=1+1", "=2+2"])
    book.save(path)
    change(path, "xl/worksheets/sheet1.xml", b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
    assert rows(path) == {2: ("2", "=2+2")}


def test_strange_extensions_and_dates_out_of_range_do_not_stop_the_reading(xlsx: Book) -> None:
    def far(sheet: Any) -> None:
        sheet["A2"].number_format = "dd.mm.yyyy"

    assert rows(xlsx(["a"], [99999999], change=far)) == {2: ("#VALUE!",)}


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"0" * 50 * 2**20)
    with pytest.raises(TableTooLarge, match="too large when unpacked: 50 MiB"):
        workbook.sheets(path)
    with pytest.raises(TableTooLarge):
        archive.opened(path, archive.Limits(unpacked=2**20))


def test_entities_are_not_expanded(xlsx: Book) -> None:
    path = xlsx(["a"], ["1"])
    entity = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet '
    change(path, "xl/worksheets/sheet1.xml", b"<worksheet ", entity)
    with pytest.raises(UnreadableTable):
        rows(path)


@pytest.mark.parametrize(
    ("data", "kind", "sentence"),
    [
        (archive._OLE + b"\0" * 600, UnreadableTable, "Excel until 2003"),
        (archive._OLE + b"\0" * 600 + archive._ENCRYPTED, TableEncrypted, "password"),
        (archive._ZIP + b"\0" * 600, UnreadableTable, "not a zip file"),
    ],
)
def test_a_file_that_is_no_workbook_says_what_it_is(
    tmp_path: Path, data: bytes, kind: type[Exception], sentence: str
) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(data)
    with pytest.raises(kind, match=sentence):
        rows(path)


def test_an_archive_of_something_else_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    with ZipFile(path, "w") as made:
        made.writestr("a.txt", "x")
    with pytest.raises(UnreadableTable, match="archive but no workbook"):
        rows(path)


def test_a_workbook_named_csv_is_read_as_what_it_is(xlsx: Book) -> None:
    path = xlsx(["a"], ["1"])
    assert rows(path.rename(path.with_suffix(".csv"))) == {2: ("1",)}


@pytest.mark.parametrize("path", REAL_BOOKS, ids=lambda path: path.name)
def test_real_lists_have_the_cells_that_calamine_sees(path: Path) -> None:
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        seen = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        table = replace(fitted(path), sheet=name)
        ours = dict(workbook.rows(table))
        for row, cells in enumerate(seen, start=1):
            theirs = [real(cell) for cell in cells]
            mine = ours.get(row, [])
            pairs = zip(theirs, mine + [""] * (len(theirs) - len(mine)), strict=True)
            assert [(a, b) for a, b in pairs if a and a != b] == []


def change(path: Path, member: str, old: bytes, new: bytes) -> None:
    """Changes the bytes of one member of an archive."""
    with ZipFile(path) as before:
        members = {name: before.read(name) for name in before.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with ZipFile(path, "w", ZIP_DEFLATED) as after:
        for name, data in members.items():
            after.writestr(name, data)
