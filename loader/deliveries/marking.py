"""The annotated workbook: the partner's own table with the cells marked, and a sheet of findings.

An Excel file keeps its sheets and formats; any other table becomes a workbook with a sheet a table.
Nothing in it is a formula: a text that looks like one stays a text, and what a formula gave stays.
"""

import io
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from loader import rule
from loader import table as tables
from loader.csvw.schema import Table
from loader.deliveries import privacy
from loader.deliveries.check import Verdict
from loader.finding import Finding
from loader.language import Language, Text
from loader.table import ROW

_LONGEST = 32_767  # characters of a cell
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLOURS = {"error": "FFC9C2", "warning": "FFE8A3", "info": "D6E8FA", "converted": "DFF2D8"}
_SHEET = Text("Befunde", "Findings")
_HEADINGS = (
    Text("Schwere", "Severity"),
    Text("Regel", "Rule"),
    Text("Blatt", "Sheet"),
    Text("Zelle", "Cell"),
    Text("Wert", "Value"),
    Text("Was ist falsch", "What is wrong"),
    Text("Was zu tun ist", "What to do"),
    Text("Vorschlag", "Suggestion"),
)
_WIDTHS = (12, 16, 20, 8, 28, 60, 60, 28)
_SEVERITIES = {
    "error": Text("Fehler", "error"),
    "warning": Text("Warnung", "warning"),
    "info": Text("Hinweis", "info"),
    "converted": Text("Umgewandelt", "converted"),
}
_AUTHOR = "Stadtwissen"


def as_workbook(verdict: Verdict, language: Language) -> bytes:
    """The delivery as one workbook (xlsx) with marks, comments and the sheet of findings."""
    book, sheets = _book(verdict)
    by_cell: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in verdict.findings:
        sheet = sheets.get((finding.place.file, finding.place.sheet))
        if sheet and finding.place.row:
            at = finding.place.cell or f"A{finding.place.row}"
            by_cell[sheet, at].append(finding)
    for (sheet, at), found in by_cell.items():
        _mark(book[sheet][at], found, language)
    _list(book, verdict.findings, sheets, language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


Sheets = dict[tuple[str | None, str | None], str]


def _book(verdict: Verdict) -> tuple[Workbook, Sheets]:
    """The workbook, and the title of the sheet in it for each file and sheet of the delivery."""
    delivered = verdict.tables
    paths = {table.path for table in delivered}
    if len(paths) == 1 and verdict.kinds.get(delivered[0].file) == "xlsx":
        book = load_workbook(delivered[0].path, data_only=True, keep_links=False)
        titles = book.sheetnames
        sheets: Sheets = {(t.file, t.place().sheet): _own_sheet(t, titles) for t in delivered}
        for sheet in book.worksheets:
            _neutralise(cell for row in sheet.iter_rows() for cell in row)
        return book, sheets
    book = Workbook()
    book.remove(book.worksheets[0])
    made: Sheets = {}
    for table in delivered:
        sheet = book.create_sheet(_title(table, book.sheetnames))
        _fill(sheet, table)
        made[table.file, table.place().sheet] = sheet.title
    return book, made


def _own_sheet(table: Table, titles: list[str]) -> str:
    if isinstance(table.sheet, str) and table.sheet in titles:
        return table.sheet
    return titles[table.sheet - 1 if isinstance(table.sheet, int) else 0]


def _title(table: Table, taken: list[str]) -> str:
    """A name that Excel takes: 31 characters, and some signs are not allowed."""
    name = Path(table.file).stem + (f" {table.sheet}" if table.sheet else "")
    clean = "".join("_" if sign in "[]:*?/\\'" else sign for sign in name)[:28] or "Tabelle"
    return clean if clean not in taken else f"{clean[:26]} {len(taken) + 1}"


def _fill(sheet: Worksheet, table: Table) -> None:
    """The table's texts at the rows and columns that they have in its own file."""
    first = table.dialect.skip_columns + 1
    for row, texts in enumerate(tables.head(table).rows, start=table.dialect.skip_rows + 1):
        _write(sheet, row, first, texts)
    names = [column.name for column in table.real_columns]
    for chunk in tables.chunks(table):
        for row, *texts in chunk.frame.select(ROW, *names).iter_rows():
            _write(sheet, row, first, texts)
    sheet.freeze_panes = f"A{table.dialect.skip_rows + table.dialect.header_row_count + 1}"


def _write(sheet: Worksheet, row: int, first: int, texts: Iterable[str | None]) -> None:
    for column, text in enumerate(texts, start=first):
        if text:
            cell = sheet.cell(row, column)
            _set(cell, text)
            cell.number_format = "@"


def _set(cell: Cell, text: str) -> None:
    """A text that stays a text, whatever it looks like."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)


def _neutralise(cells: Iterable[Cell]) -> None:
    for cell in cells:
        if isinstance(cell.value, str) and cell.value.startswith(_FORMULA):
            _set(cell, cell.value)
        if getattr(cell, "hyperlink", None) is not None:
            cell.hyperlink = None


def _mark(cell: Cell, found: list[Finding], language: Language) -> None:
    worst = min(found, key=lambda finding: list(_COLOURS).index(finding.severity))
    if any(finding.privacy and finding.place.cell for finding in found):
        _set(cell, privacy.hidden(str(cell.value)))
    cell.fill = PatternFill("solid", fgColor=_COLOURS[worst.severity])
    text = "\n\n".join(_said(finding, language) for finding in found)
    cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST], _AUTHOR, 160, 420)


def _said(finding: Finding, language: Language) -> str:
    parts = [finding.code, finding.message.say(language), finding.hint.say(language)]
    if finding.suggestion:
        parts.append(f"→ {finding.suggestion}")
    return "\n".join(parts)


def _list(book: Workbook, findings: list[Finding], sheets: Sheets, language: Language) -> None:
    sheet = book.create_sheet(_SHEET.say(language))
    for column, heading in enumerate(_HEADINGS, start=1):
        cell = sheet.cell(1, column, heading.say(language))
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = _WIDTHS[column - 1]
    for row, finding in enumerate(findings, start=2):
        title = sheets.get((finding.place.file, finding.place.sheet), finding.place.file or "")
        at = finding.place.cell or (str(finding.place.row) if finding.place.row else "")
        known = rule.catalogue().get(finding.code)
        message = finding.message.say(language) or (known.title.say(language) if known else "")
        severity, hint = _SEVERITIES[finding.severity].say(language), finding.hint.say(language)
        texts = (severity, finding.code, title, at, finding.value, message, hint)
        for column, text in enumerate((*texts, finding.suggestion), start=1):
            if text:
                _set(sheet.cell(row, column), text)
                sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_COLOURS[finding.severity])
    sheet.freeze_panes = "A2"
