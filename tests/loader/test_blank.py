"""The workbook that partners fill in, and what comes back."""

import datetime
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from loader.forms import blank, blueprint, discovery
from loader.forms.discovery import Discovery
from loader.forms.form import Form
from loader.forms.recognition import Recogniser
from loader.source import Source
from loader.vocabulary import Vocabulary
from tests.conftest import stadtwissen
from tests.loader.conftest import Converted, converted

ID = "https://w3id.org/stadtwissen/id"
OFFICE = shutil.which("soffice")
PROJECT = {
    "Kennung": "sensornetz",
    "Titel": "Sensornetz",
    "Titel (englisch)": "Sensor network",
    "Beschreibung": "Misst den Regen.",
    "Beginn": datetime.date(2022, 4, 1),
    "Ende": 2024,
    "Bearbeitungsstand": "laufend",
    "Handlungsfeld": "Mobilität; Energie & Umwelt",
    "Gemeindeschlüssel (AGS)": "05315000",
    "Gesamtkosten": 1234567.89,
    "Webseite": "https://sensornetz.example/",
    "Stand der Angabe": datetime.date(2024, 6, 30),
    "Quelle": "https://musterstadt.example/",
}


@pytest.fixture(scope="module")
def forms(words: Vocabulary) -> tuple[Form, ...]:
    return blueprint.bundled(words)


@pytest.fixture(scope="module")
def template(forms: tuple[Form, ...], words: Vocabulary) -> bytes:
    return blank.workbook(forms, words)


@pytest.fixture
def filled(tmp_path: Path, template: bytes, forms: tuple[Form, ...]) -> Any:
    """Fills in rows of a sheet and reads the workbook back."""

    def run(rows: list[dict[str, Any]], sheet: str = "Projekt", change: Any = None) -> Discovery:
        path = tmp_path / "vorlage.xlsx"
        path.write_bytes(template)
        book = openpyxl.load_workbook(path)
        titles = [str(cell.value).removesuffix(blank.MARK) for cell in book[sheet][1]]
        for number, row in enumerate(rows, start=5):
            for title, value in row.items():
                book[sheet].cell(number, titles.index(title) + 1).value = value
        if change:
            change(book[sheet])
        book.save(path)
        return discovery.read(path, Recogniser(forms))

    return run


def convert(found: Discovery, words: Vocabulary) -> Converted:
    assert found.group
    source = Source(found.name, found.path.parent, found.group, "")
    return converted(source, words)


def said(made: Converted, subject: str) -> set[str]:
    start = f"<{ID}/{subject}> "
    lines = [line.removeprefix(start).rsplit(" <", 1)[0] for line in made.lines]
    starts = [line.startswith(start) for line in made.lines]
    return {line for line, is_about in zip(lines, starts, strict=True) if is_about}


def test_each_delivered_class_has_a_sheet_between_the_guide_and_the_lists(
    template: bytes, forms: tuple[Form, ...], tmp_path: Path
) -> None:
    (tmp_path / "t.xlsx").write_bytes(template)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["Anleitung", *(form.label.de for form in forms), "Listen"]


def test_headers_are_german_with_english_below_and_mark_what_is_required(
    template: bytes, tmp_path: Path
) -> None:
    (tmp_path / "t.xlsx").write_bytes(template)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Projekt"]
    heads = {cell.value: sheet.cell(2, cell.column).value for cell in sheet[1]}
    assert heads["Titel *"] == "title *"
    assert heads["Gemeindeschlüssel (AGS)"] == "municipality key (AGS)"
    assert "Titel" in sheet["B1"].comment.text


def test_keys_are_formatted_as_text_and_lists_offer_their_entries(
    template: bytes, tmp_path: Path
) -> None:
    (tmp_path / "t.xlsx").write_bytes(template)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["Projekt"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    place = columns["Gemeindeschlüssel (AGS)"]
    assert sheet.column_dimensions[place].number_format == "@"
    letter = columns["Bearbeitungsstand *"]
    (rule,) = [v for v in sheet.data_validations.dataValidation if f"{letter}5" in v.sqref]
    place = rule.formula1.removeprefix("Listen!").replace("$", "")
    assert "laufend" in [cell.value for (cell,) in book["Listen"][place]]


def test_an_untouched_template_says_nothing(filled: Any, words: Vocabulary) -> None:
    made = convert(filled([]), words)
    assert (made.lines, made.findings) == ([], [])


def test_sheets_that_nobody_filled_in_are_left_out(filled: Any) -> None:
    found = filled([PROJECT])
    assert [sheet.located.sheet for sheet in found.sheets] == ["Projekt"]


def test_a_filled_row_says_what_was_filled_in(filled: Any, words: Vocabulary) -> None:
    found = filled([PROJECT])
    assert all(sheet.recognised.is_template for sheet in found.sheets)
    made = convert(found, words)
    assert made.findings == []
    stadt, dct = "<https://w3id.org/stadtwissen/ontology/", "<http://purl.org/dc/terms/"
    xsd, schemes = "http://www.w3.org/2001/XMLSchema#", "https://w3id.org/stadtwissen/schemes"
    assert {
        f'{dct}title> "Sensornetz"@de',
        f'{dct}title> "Sensor network"@en',
        f'{stadt}startDate> "2022-04-01"^^<{xsd}date>',
        f'{stadt}endDate> "2024"^^<{xsd}gYear>',
        f"{stadt}status> <{schemes}/project-status/running>",
        f"{stadt}fieldOfAction> <{schemes}/field-of-action/energy-environment>",
        f"{dct}spatial> <{ID}/municipality/05315000>",
        "<http://xmlns.com/foaf/0.1/homepage> <https://sensornetz.example/>",
    } <= said(made, "project/sensornetz")
    amount = said(made, "amount/vorlage-project-sensornetz-total-cost")
    assert f'{stadt}value> "1234567.89"^^<{xsd}decimal>' in amount
    record = said(made, "record/vorlage-project-sensornetz")
    assert f'{stadt}dateOfStatement> "2024-06-30"^^<{xsd}date>' in record


def test_a_key_whose_zero_excel_dropped_is_found_at_its_cell(
    filled: Any, words: Vocabulary
) -> None:
    made = convert(filled([PROJECT | {"Gemeindeschlüssel (AGS)": 5315000}]), words)
    (finding,) = made.findings
    assert (finding.place.sheet, finding.place.row) == ("Projekt", 5)
    assert "5315000" in finding.message.de


def test_an_example_that_was_changed_but_not_named_anew_is_an_error(
    filled: Any, words: Vocabulary
) -> None:
    def change(sheet: Any) -> None:
        sheet["B3"] = "Unser Projekt"

    made = convert(filled([], change=change), words)
    assert [finding.place.cell for finding in made.findings] == ["A3"]


def test_columns_may_change_places(filled: Any, words: Vocabulary) -> None:
    def change(sheet: Any) -> None:
        sheet.move_range(f"A1:A{sheet.max_row}", cols=30)
        sheet.delete_cols(1)

    made = convert(filled([PROJECT], change=change), words)
    assert made.findings == []
    assert said(made, "project/sensornetz")


def test_the_verb_writes_the_workbook_to_a_file_or_to_stdout(tmp_path: Path) -> None:
    path = tmp_path / "vorlage.xlsx"
    done = stadtwissen("template", "--output", str(path), home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not on this machine")
def test_libreoffice_opens_it_and_keeps_what_it_says(
    filled: Any, words: Vocabulary, forms: tuple[Form, ...], tmp_path: Path
) -> None:
    found = filled([PROJECT])
    own = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    command = [str(OFFICE), own, "--headless", "--convert-to", "ods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(found.path)], check=True, capture_output=True, timeout=300)
    saved = discovery.read(tmp_path / "vorlage.ods", Recogniser(forms))
    assert sorted(convert(saved, words).lines) == sorted(convert(found, words).lines)
