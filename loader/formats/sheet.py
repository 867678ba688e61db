"""Sheets: which of a workbook's sheets a table is, and how its cells fill."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loader.errors import UnreadableTable
from loader.language import Text

WIDTH = 16_384  # columns, the most that a spreadsheet has


def chosen(names: Sequence[str], wanted: str | int | None, path: Path) -> str:
    """The name of the sheet with that name or number from 1; the first where nothing is wanted.

    Raises UnreadableTable naming the sheets that there are.
    """
    if wanted is None:
        wanted = 1
    if isinstance(wanted, int) and wanted <= len(names):
        return names[wanted - 1]
    if wanted in names:
        return str(wanted)
    there = ", ".join(names)
    raise UnreadableTable(
        Text(
            f"{path.name} hat kein Blatt {wanted}. Vorhanden: {there}.",
            f"{path.name} has no sheet {wanted}. There are: {there}.",
        )
    )


@dataclass(slots=True)
class Grid:
    """One sheet from above; a cell that spans rows says the same in each of them."""

    _spans: dict[int, tuple[int, str]] = field(default_factory=dict)

    def span(self, column: int, last_row: int, text: str) -> None:
        """A cell, its column counted from 0, that reaches down to a row."""
        if text:
            self._spans[column] = last_row, text

    def filled(self, row: int, cells: dict[int, str]) -> list[str]:
        """The row's texts, without the empty ones at its end."""
        for column, (last, text) in list(self._spans.items()):
            if row > last:
                del self._spans[column]
            else:
                cells[column] = cells.get(column) or text
        width = max((column for column, text in cells.items() if text), default=-1) + 1
        return [cells.get(column, "") for column in range(width)]
