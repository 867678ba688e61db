"""Arrangements: a described table with its columns in the order in which its file has them.

The standard counts columns; partners move them, add some, and rename some.
"""

from dataclasses import dataclass, replace
from difflib import get_close_matches

from loader import rule
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.formats.heading import plain

_ALIKE = 0.6
_NAMELESS = "Spalte ohne Titel. Column without a title."


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The table as its file has it, and the columns that the file lacks."""

    table: Table
    findings: tuple[Finding, ...] = ()


def arranged(table: Table, header: list[str]) -> Arrangement:
    """Looks for each described column by its titles; what else the file has is added, unmapped.

    With a column missing the table stays as it is described.
    """
    real = list(table.real_columns)
    if not header or table.dialect.header_row_count != 1 or any(c.characters for c in real):
        return Arrangement(table)
    places = _places(real, header)
    missing = [column for column in real if column.name not in places.values()]
    others = [index for index in range(len(header)) if index not in places]
    if missing:
        return Arrangement(table, _missing(table, missing, header, others))
    by_name = {column.name: column for column in real}
    columns = [
        by_name[places[index]] if index in places else _foreign(index, title)
        for index, title in enumerate(header)
    ]
    virtual = (column for column in table.columns if column.virtual)
    return Arrangement(replace(table, columns=(*columns, *virtual)))


def _places(real: list[Column], header: list[str]) -> dict[int, str]:
    """The name of the column that stands at each place; its own place goes before others."""
    found: dict[int, str] = {}
    titles = [plain(title) for title in header]
    for number, column in enumerate(real):
        names = {plain(text) for text in (*column.titles, column.name)}
        fitting = [i for i, title in enumerate(titles) if i not in found and title in names]
        here = number if number in fitting else next(iter(fitting), None)
        if here is not None:
            found[here] = column.name
    return found


def _foreign(index: int, title: str) -> Column:
    """A column that nobody described; one without a title is told only where it holds something."""
    ignored = None if title.strip() else _NAMELESS
    return Column(f"_col.{index + 1}", (title,), ignored=ignored, by_item=True)


def _missing(
    table: Table, columns: list[Column], header: list[str], others: list[int]
) -> tuple[Finding, ...]:
    """A finding for each column, at the one that is most likely meant by it."""
    names = [column.name for column in table.real_columns]
    found = []
    for column in columns:
        own = names.index(column.name)
        meant = own if own in others else _alike(column, header, others)
        listed = ", ".join(header[index] for index in others if header[index]) or "–"
        finding = rule.finding("T-SPALTE-FEHLT", header=column.title, found=listed)
        if meant is None:
            found.append(finding.at(table.place(), None))
            continue
        there = header[meant]
        others = [index for index in others if index != meant]
        finding = replace(finding, suggestion=column.title if there else None)
        found.append(finding.at(table.place(None, meant, there), there or None))
    return tuple(found)


def _alike(column: Column, header: list[str], others: list[int]) -> int | None:
    known = {plain(header[index]): index for index in others}
    near = get_close_matches(plain(column.title), known, n=1, cutoff=_ALIKE)
    return known[near[0]] if near else None
