"""The marked workbook: marks where they belong, nothing that runs, and a way back."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from loader.deliveries import check, view
from loader.deliveries.check import Checker
from loader.deliveries.delivery import Delivery
from loader.releases.release import Home

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
METADATA = BROKEN / "massnahmen-metadata.json"
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="session")
def checker(home: Path) -> Checker:
    return check.ready(Home(home))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A table with mistakes that all have a suggestion, and a cell that looks like a formula."""
    rows = (BROKEN / "good.csv").read_text("utf-8").splitlines()
    rows[1] = rows[1].replace("05315000", "5315000").replace("2022-04-01", "April 2022")
    rows[2] = rows[2].replace("https://", "") + "=HYPERLINK(1)"
    rows[3] = rows[3].replace("Daten;", "Dateien;")
    file = tmp_path / "massnahmen.csv"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    return file


MARKED = {"F2", "L2", "N3", "H4"}


def marked(checker: Checker, file: Path) -> bytes:
    return view.FORMATS["xlsx"](checker.check(Delivery((file,), METADATA)), "de")


def test_marks_and_comments_are_where_the_findings_are(checker: Checker, mixed: Path) -> None:
    book = load_workbook(io.BytesIO(marked(checker, mixed)))
    sheet = book["massnahmen"]
    commented = {cell.coordinate for row in sheet for cell in row if cell.comment}
    coloured = {c.coordinate for row in sheet for c in row if c.fill.fgColor.rgb == "00FFC9C2"}
    assert commented == coloured == MARKED
    assert {row[3].value for row in book["Befunde"].iter_rows(min_row=2)} == MARKED


def test_what_looks_like_a_formula_stays_a_text(checker: Checker, mixed: Path) -> None:
    sheet = load_workbook(io.BytesIO(marked(checker, mixed)))["massnahmen"]
    assert (sheet["O3"].value, sheet["O3"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["O3"].quotePrefix


def test_an_own_workbook_keeps_its_sheets_and_loses_its_formulas(
    checker: Checker, mixed: Path, tmp_path: Path
) -> None:
    book = Workbook()
    for line in mixed.read_text("utf-8").splitlines():
        book.worksheets[0].append(line.replace("=HYPERLINK(1)", "").split(";"))
    other = book.create_sheet("Notizen")
    other["A1"] = '=HYPERLINK("http://example.org")'
    own = tmp_path / "massnahmen.xlsx"
    book.save(own)
    found = load_workbook(io.BytesIO(marked(checker, own)))
    assert found.sheetnames == ["Sheet", "Notizen", "Befunde"]
    assert {c.coordinate for row in found["Sheet"] for c in row if c.comment} == MARKED
    assert found["Notizen"]["A1"].value is None


def mended(content: bytes, file: Path) -> Path:
    """The workbook with every suggestion written into its cell, as a partner would."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for row in book["Befunde"].iter_rows(min_row=2, values_only=True):
        sheet[row[3]] = row[7]
    book.save(file)
    return file


def test_mended_by_its_suggestions_it_passes(checker: Checker, mixed: Path, tmp_path: Path) -> None:
    file = mended(marked(checker, mixed), tmp_path / "berichtigt.xlsx")
    found = checker.check(Delivery((file,), METADATA))
    assert [each.sentence().de for each in found.findings] == []


@pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice here; make test installs it on Debian")
def test_libreoffice_opens_it_with_its_marks(checker: Checker, mixed: Path, tmp_path: Path) -> None:
    file = tmp_path / "befunde.xlsx"
    file.write_bytes(marked(checker, mixed))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "ods", "--outdir"]
    subprocess.run([*command, tmp_path, file], check=True, capture_output=True, timeout=180)
    back = [str(SOFFICE), profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    (tmp_path / "back").mkdir()
    ods = tmp_path / "befunde.ods"
    subprocess.run([*back, "--outdir", tmp_path / "back", ods], check=True, timeout=180)
    sheet = load_workbook(tmp_path / "back" / "befunde.xlsx")["massnahmen"]
    assert {cell.coordinate for row in sheet for cell in row if cell.comment} == MARKED
    assert sheet["O3"].value == "=HYPERLINK(1)"
