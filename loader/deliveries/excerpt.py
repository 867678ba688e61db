"""Excerpts: a piece of the partner's own table around a finding, as a report shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from loader import table as tables
from loader.csvw.schema import Table
from loader.deliveries import privacy
from loader.finding import Place, column_letter

_AROUND = 1  # rows before and after
_COLUMNS = 2  # columns on each side
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`letters` and `headers` of the columns shown, and the rows by their number."""

    letters: list[str]
    headers: list[str]
    rows: list[tuple[int, list[str]]]


def excerpts(places: Iterable[Place], delivered: Iterable[Table]) -> dict[Place, Excerpt]:
    """The excerpt of each place that names a row of a delivered table."""
    known = {(table.file, table.place().sheet): table for table in delivered}
    wanted: dict[tuple[str, str | None], list[Place]] = {}
    for place in places:
        if place.row and place.file and (place.file, place.sheet) in known:
            wanted.setdefault((place.file, place.sheet), []).append(place)
    return {
        place: excerpt
        for key, group in wanted.items()
        for place, excerpt in _of_table(known[key], group)
    }


def _of_table(table: Table, places: list[Place]) -> Iterable[tuple[Place, Excerpt]]:
    numbers = {row for place in places for row in _rows(place, table)}
    texts = tables.cells(table, numbers)
    columns = table.real_columns
    letters = [column_letter(i + table.dialect.skip_columns) for i in range(len(columns))]
    for place in places:
        middle = letters.index(place.column) if place.column in letters else 0
        shown = range(max(0, middle - _COLUMNS), min(len(columns), middle + _COLUMNS + 1))
        rows = [
            (row, [_short(texts[row].get(columns[i].name, "")) for i in shown])
            for row in _rows(place, table)
            if row in texts
        ]
        yield place, Excerpt([letters[i] for i in shown], [columns[i].title for i in shown], rows)


def _rows(place: Place, table: Table) -> range:
    above = table.dialect.skip_rows + table.dialect.header_row_count
    row = place.row or 0
    return range(max(above + 1, row - _AROUND), row + _AROUND + 1)


def _short(text: str) -> str:
    text = privacy.hidden(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
