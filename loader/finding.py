"""Findings: whatever is wrong with a delivery, in one form, wherever it was noticed."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from loader.language import Text

Severity = Literal["error", "warning", "info", "converted"]
_THINGS = "https://w3id.org/stadtwissen/id/"
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "converted")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a delivery; rows count as a spreadsheet shows them, columns are letters."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    header: str | None = None

    @property
    def cell(self) -> str | None:
        """`D3`, or None where the place is no single cell."""
        return f"{self.column}{self.row}" if self.row and self.column else None

    def text(self) -> Text:
        """`Zeile 3, Spalte D „AGS“ (Zelle D3)` and the same in English."""
        row_de = [f"Blatt „{self.sheet}“"] if self.sheet else []
        row_en = [f"sheet “{self.sheet}”"] if self.sheet else []
        row_de += [f"Zeile {self.row}"] if self.row else []
        row_en += [f"row {self.row}"] if self.row else []
        if self.column:
            row_de.append(f"Spalte {self.column} „{self.header}“")
            row_en.append(f"column {self.column} “{self.header}”")
        cell_de = f" (Zelle {self.cell})" if self.cell else ""
        cell_en = f" (cell {self.cell})" if self.cell else ""
        return Text(", ".join(row_de) + cell_de, ", ".join(row_en) + cell_en)


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, one finding; `focus`, `path` and `shape` are addresses where SHACL found it.

    `times` is more than 1 where one finding stands for many that a tally counted but did not keep.
    """

    code: str
    severity: Severity
    message: Text
    hint: Text
    place: Place = Place()
    value: str | None = None
    suggestion: str | None = None
    privacy: bool = False
    focus: str | None = None
    path: str | None = None
    shape: str | None = None
    times: int = 1

    def at(self, place: Place, value: str | None) -> "Finding":
        """The same finding with its place in the delivery and the cell's text."""
        return replace(self, place=place, value=value)

    def sentence(self) -> Text:
        """Place and message in one sentence, as the report shows it; the thing where no row is."""
        place = self.place.text()
        is_placed = self.place.row or self.place.column
        thing = f"{self.focus.removeprefix(_THINGS)}: " if self.focus and not is_placed else ""
        if not place.de:
            return Text(thing + self.message.de, thing + self.message.en)
        return Text(
            f"{place.de}: {thing}{self.message.de}", f"{_upper(place.en)}: {thing}{self.message.en}"
        )

    def as_json(self) -> dict[str, Any]:
        """The finding as the contract writes it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "privacy": self.privacy,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "row": self.place.row,
            "column": self.place.column,
            "cell": self.place.cell,
            "header": self.place.header,
            "value": self.value,
            "message": self.sentence().as_json(),
            "hint": self.hint.as_json(),
            "suggestion": self.suggestion,
            "focus": self.focus,
            "path": self.path,
            "shape": self.shape,
            **({"times": self.times} if self.times > 1 else {}),
        }


def counts(findings: list[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    return {s: sum(f.times for f in findings if f.severity == s) for s in SEVERITIES}


def column_letter(index: int) -> str:
    """`A` for 0, `Z` for 25, `AA` for 26, as spreadsheets name columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
