"""Corrections: single cells repaired, each with a reason, by `corrections.csv` beside a source.

Its columns are `table`, `row`, `column`, `found`, `corrected` and `reason`. Without a row a
correction holds for every cell of the column with the text that it expects.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from loader.errors import UnreadableMetadata
from loader.language import Text

FILE = "corrections.csv"
_COLUMNS = ["table", "row", "column", "found", "corrected", "reason"]


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands where and what is read instead; `line` is its row in `corrections.csv`.

    `table` is the file's name, `column` a column's name or title, `row` None for every row.
    """

    line: int
    table: str
    row: int | None
    column: str
    found: str
    corrected: str
    reason: str


def read(folder: Path) -> tuple[Correction, ...]:
    """The corrections of a source's folder; none without the file. Raises UnreadableMetadata."""
    path = folder / FILE
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(_correction(path, line, row) for line, row in enumerate(rows, start=2))


def _correction(path: Path, line: int, row: dict[str, str]) -> Correction:
    if list(row) != _COLUMNS or None in row.values():
        raise unreadable(line, f"{path.parent.name}: {', '.join(_COLUMNS)}")
    number = row.pop("row").strip()
    if (number and not number.isdecimal()) or not row["reason"].strip():
        raise unreadable(line, "row, reason")
    return Correction(line=line, row=int(number) if number else None, **row)


def unreadable(line: int, why: str) -> UnreadableMetadata:
    """The error for a row of the file that cannot be followed."""
    return UnreadableMetadata(
        Text(
            f"{FILE}, Zeile {line}, ist nicht lesbar ({why}).",
            f"{FILE}, row {line}, cannot be read ({why}).",
        )
    )
