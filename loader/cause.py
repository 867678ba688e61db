"""Causes: one cause gives one finding, however many rules it breaks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from loader.describe import predicate_of
from loader.finding import Finding, Place
from loader.language import Text
from loader.schema import Table

_SHOWN = 5
Group = tuple[str | None, ...]


def first(
    before: list[Finding], found: list[Finding], tables: Sequence[Table] = ()
) -> list[Finding]:
    """Findings and those of a later look that are no echo of them.

    A row whose cells are shifted has that one finding; a cell that has one gets no second; a value
    that could not be read is not missing as well; what is delivered twice is not two of each.
    """
    shifted = {_row(f.place) for f in before if f.code == "T-ZELLEN"}
    before = [f for f in before if f.code == "T-ZELLEN" or _row(f.place) not in shifted]
    cells = {(*_row(f.place), f.place.column) for f in before if f.place.cell}
    headless = {(f.place.file, f.place.sheet) for f in before if f.code == "T-SPALTE-FEHLT"}
    twice = tuple(f"/{f.value}" for f in before if f.code == "S-DOPPELT")
    by_file = {(table.file, table.place().sheet): table for table in tables}

    def is_echo(finding: Finding) -> bool:
        place = finding.place
        if _row(place) in shifted or (twice and (finding.focus or "").endswith(twice)):
            return True
        if not place.cell and finding.code == "S-PFLICHT":
            return (place.file, place.sheet) in headless or is_unread(finding)
        if place.cell:
            return (*_row(place), place.column) in cells
        return is_unread(finding)

    def is_unread(finding: Finding) -> bool:
        table = by_file.get((finding.place.file or "", finding.place.sheet))
        letters = _letters(table, finding.path) if table and finding.place.row else ()
        return any((*_row(finding.place), letter) in cells for letter in letters)

    return before + [finding for finding in found if not is_echo(finding)]


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of one rule that name rows but no cell, each rule and value once with its rows.

    No cell means that the table has no column for the value: adding one mends them all, and what
    the description says of every row is said once.
    """
    found: dict[Group, list[Finding]] = {}
    for number, finding in enumerate(findings):
        place = finding.place
        alone = place.cell or place.row is None
        shape = f"{number}" if alone else finding.shape
        key = (finding.code, shape, finding.path, place.file, place.sheet, finding.value)
        found.setdefault(key, []).append(finding)
    return [group[0] if len(group) == 1 else _one(group) for group in found.values()]


def _one(group: list[Finding]) -> Finding:
    one = group[0]
    rows = sorted({finding.place.row for finding in group if finding.place.row})
    listed = ", ".join(str(row) for row in rows[:_SHOWN]) + (" …" if len(rows) > _SHOWN else "")
    message = Text(
        f"{one.message.de} Das betrifft {len(rows)} Zeilen ({listed}).",
        f"{one.message.en} This concerns {len(rows)} rows ({listed}).",
    )
    return replace(one, message=message, place=replace(one.place, row=None))


def _row(place: Place) -> tuple[str | None, str | None, int | None]:
    return place.file, place.sheet, place.row


def _letters(table: Table, path: str | None) -> list[str | None]:
    """The letters of the columns whose cells become values of a property."""
    columns = [c for c in table.real_columns if c.property_url and predicate_of(c) == path]
    return [table.place(1, column).column for column in columns]
