"""Blanks: the workbook that partners fill in, one sheet a form."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from loader.forms.drafting import SEPARATOR
from loader.forms.form import Field, Form, Requirement
from loader.language import Text
from loader.vocabulary import Vocabulary

GUIDE, LISTS = "Anleitung", "Listen"
HEADER_ROWS = 2
ROWS = 5000  # rows, to which the lists reach
MARK = " *"
_TEXT = "@"
_DAY = "DD.MM.YYYY"
_COLOURS: dict[Requirement, str] = {
    "required": "1B4F8A",
    "recommended": "5B84B1",
    "optional": "8A94A0",
}
_WORDS: dict[Requirement, Text] = {
    "required": Text("Pflichtangabe", "required"),
    "recommended": Text("empfohlen", "recommended"),
    "optional": Text("freiwillig", "optional"),
}
_WIDE = {"description", "title", "prefLabel"}
_GUIDE_WIDTH = 60  # characters a line
_LINE, _GAP = 15, 5  # points
_EDGE = Border(bottom=Side("thin", color="C8CED6"))
_GUIDE = (
    Text("Vorlage für Stadtwissen", "Template for Stadtwissen"),
    Text(
        "Jedes Blatt nimmt eine Art von Gegenständen auf, jede Zeile einen. Füllen Sie nur die "
        "Blätter aus, zu denen Sie etwas sagen; leere Blätter stören nicht.",
        "Each sheet takes one kind of things, each row one of them. Fill in only the sheets that "
        "you have something to say on; empty sheets do no harm.",
    ),
    Text(
        "Zeile 1 und 2 sind der Tabellenkopf, deutsch und englisch. Spalten mit * sind "
        "Pflichtangaben. Ein Hinweis erscheint, wenn Sie auf einen Spaltenkopf zeigen.",
        "Rows 1 and 2 are the header, German and English. Columns with * are required. "
        "A note appears when you point at a header.",
    ),
    Text(
        "Die Zeilen „Beispiel 1“ und „Beispiel 2“ zeigen, wie es geht. Unverändert übergehen wir "
        "sie; Sie können sie löschen.",
        "The rows “Beispiel 1” and “Beispiel 2” show how it is done. Untouched, they are passed "
        "over; you may delete them.",
    ),
    Text(
        "Die Kennung unterscheidet einen Gegenstand vom anderen und bleibt bei jeder Lieferung "
        "gleich: Kleinbuchstaben, Ziffern und Bindestriche.",
        "The identifier tells one thing from another and stays the same with every delivery: "
        "lower-case letters, digits and hyphens.",
    ),
    Text(
        f"Mehrere Angaben in einer Zelle trennen Sie durch „{SEPARATOR}“. Ein Datum darf Tag, "
        "Monat oder Jahr sein: 31.12.2023, 2023-12 oder 2023.",
        f"Separate several values in one cell by “{SEPARATOR}”. A date may be a day, a month or "
        "a year: 31.12.2023, 2023-12 or 2023.",
    ),
    Text(
        "Tragen Sie keine Namen, Telefonnummern oder E-Mail-Adressen von Privatpersonen ein.",
        "Enter no names, telephone numbers or e-mail addresses of private persons.",
    ),
)


def workbook(forms: Iterable[Form], vocabulary: Vocabulary) -> bytes:
    """The template as the bytes of an XLSX file."""
    book = Workbook()
    forms = tuple(forms)
    _guide(book.active, forms)
    used = {field.scheme for form in forms for field in form.fields if field.scheme}
    lists = _Lists(book.create_sheet(LISTS), vocabulary, sorted(used))
    for form in forms:
        _Sheet(book.create_sheet(form.label.de, index=len(book.sheetnames) - 1), form, lists).fill()
    book.properties.title = _GUIDE[0].de
    book.properties.creator = "Stadtwissen"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _guide(sheet: Worksheet, forms: tuple[Form, ...]) -> None:
    sheet.title = GUIDE
    sheet.sheet_view.showGridLines = False
    for column in ("A", "B"):
        sheet.column_dimensions[column].width = _GUIDE_WIDTH + 10
    for text in _GUIDE:
        sheet.append([text.de, text.en])
    sheet.append([])
    for form in forms:
        label, definition = form.label, form.definition
        sheet.append([f"{label.de}: {definition.de}", f"{label.en}: {definition.en}"])
    for row in sheet.iter_rows():
        longest = max(len(str(cell.value or "")) for cell in row)
        sheet.row_dimensions[row[0].row].height = _LINE * (longest // _GUIDE_WIDTH + 1) + _GAP
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True, size=16)


@dataclass(slots=True)
class _Lists:
    """The sheet of the code lists, German and English side by side."""

    sheet: Worksheet
    vocabulary: Vocabulary
    schemes: list[str]

    def __post_init__(self) -> None:
        for number, scheme in enumerate(self.schemes):
            column = number * 2 + 1
            self._write(1, column, self.vocabulary.schemes[scheme].title)
            self.sheet.cell(1, column).font = Font(bold=True)
            for row, entry in enumerate(self.vocabulary.entries(scheme).values(), start=2):
                self._write(row, column, entry.de)
                self._write(row, column + 1, entry.en)
            for each in (column, column + 1):
                self.sheet.column_dimensions[get_column_letter(each)].width = 34
        self.sheet.freeze_panes = "A2"

    def _write(self, row: int, column: int, text: str) -> None:
        self.sheet.cell(row, column, text)

    def place(self, iri: str) -> str:
        """The cells of a list's German entries, as a formula names them."""
        letter = get_column_letter(self.schemes.index(iri) * 2 + 1)
        last = len(self.vocabulary.entries(iri)) + 1
        return f"{LISTS}!${letter}$2:${letter}${last}"


@dataclass(slots=True)
class _Sheet:
    """The sheet of one form."""

    sheet: Worksheet
    form: Form
    lists: _Lists

    def fill(self) -> None:
        for number, field in enumerate(self.form.fields, start=1):
            self._head(number, field)
            self._body(number, field)
        for row, example in enumerate(self.form.examples, start=HEADER_ROWS + 1):
            for number, field in enumerate(self.form.fields, start=1):
                cell = self.sheet.cell(row, number)
                _write(cell, example[field.name], field)
                cell.font = Font(italic=True, color="6B7280")
        self.sheet.freeze_panes = f"B{HEADER_ROWS + 1}"
        self.sheet.row_dimensions[1].height = 32

    def _head(self, number: int, field: Field) -> None:
        mark = MARK if field.requirement == "required" else ""
        for row, label in enumerate((field.label.de, field.label.en), start=1):
            cell = self.sheet.cell(row, number, label + mark)
            cell.fill = PatternFill("solid", fgColor=_COLOURS[field.requirement])
            cell.font = Font(bold=row == 1, italic=row > 1, color="FFFFFF")
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        help_ = "\n".join(_help(field, german=german) for german in (True, False))
        note = Comment(help_, "Stadtwissen", width=380, height=40 + 18 * (len(help_) // 45 + 3))
        self.sheet.cell(1, number).comment = note
        width = 44 if field.name.removesuffix("_en") in _WIDE else 24
        self.sheet.column_dimensions[get_column_letter(number)].width = width

    def _body(self, number: int, field: Field) -> None:
        letter = get_column_letter(number)
        if _is_text(field):
            self.sheet.column_dimensions[letter].number_format = _TEXT
        if field.scheme:
            # A list of several entries is no entry of the list, so that it only offers them.
            choice = DataValidation(
                "list", formula1=self.lists.place(field.scheme), showErrorMessage=not field.is_list
            )
            choice.errorTitle, choice.error = LISTS, "Bitte wählen Sie einen Eintrag der Liste."
            choice.add(f"{letter}{HEADER_ROWS + 1}:{letter}{ROWS}")
            self.sheet.add_data_validation(choice)


def _is_text(field: Field) -> bool:
    """Keys lose their zeros, and other things their meaning, where Excel takes them for numbers."""
    return not field.path or bool(field.kinds)


def _help(field: Field, *, german: bool) -> str:
    word, text = _WORDS[field.requirement], field.help
    several = Text(f"Mehrere durch „{SEPARATOR}“.", f"Several by “{SEPARATOR}”.")
    parts = [f"{word.de}." if german else f"{word.en.capitalize()}."]
    parts += [several.de if german else several.en] if field.is_list else []
    return " ".join([*parts, text.de if german else text.en])


def _write(cell: Cell, text: str, field: Field) -> None:
    """A text as the spreadsheet would hold it, had a person typed it there."""
    value: str | int | float | datetime.date | None = text or None
    if text and field.base.endswith(("date", "Date")) and len(text) == len("2024-12-31"):
        value = datetime.date.fromisoformat(text)
        cell.number_format = _DAY
    elif text and (field.base in {"decimal", "integer", "gYear"} or _is_year(text, field)):
        value = float(text) if "." in text else int(text)
    cell.value = value
    cell.border = _EDGE


def _is_year(text: str, field: Field) -> bool:
    return field.base.endswith("Date") and text.isdigit()
