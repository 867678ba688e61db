"""Causes: one cause gives one finding, however many rules it breaks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from loader.csvw.schema import Table
from loader.describe import predicate_of
from loader.finding import Finding, Place
from loader.language import Text
from loader.tally import Tally

_SHOWN = 5
Group = tuple[str | None, ...]


def first(
    before: list[Finding], found: Iterable[Finding], tables: Sequence[Table] = ()
) -> Iterator[Finding]:
    """Findings and those of a later look that are no echo of them.

    A row whose cells are shifted has that one finding; a cell that has one gets no second; a value
    that could not be read is not missing as well; what is delivered twice is not two of each.
    """
    shifted = {_row(f.place) for f in before if f.code == "T-ZELLEN"}
    before = [f for f in before if f.code == "T-ZELLEN" or _row(f.place) not in shifted]
    cells = {(*_row(f.place), f.place.column) for f in before if f.place.cell}
    crowded = {_column(f.place) for f in before if f.times > 1}  # more cells than are told
    headless = {_column(f.place)[:2] for f in before if f.code == "T-SPALTE-FEHLT"}
    twice = {f.value for f in before if f.code == "S-DOPPELT"}
    by_file = {(table.file, table.place().sheet): table for table in tables}

    def is_echo(finding: Finding) -> bool:
        place = finding.place
        if _row(place) in shifted or (twice and _name(finding.focus) in twice):
            return True
        if not place.cell and finding.code == "S-PFLICHT":
            return _column(place)[:2] in headless or is_unread(finding)
        if place.cell:
            return has_one(place, place.column)
        return is_unread(finding)

    def has_one(place: Place, letter: str | None) -> bool:
        return (*_row(place), letter) in cells or (*_column(place)[:2], letter) in crowded

    def is_unread(finding: Finding) -> bool:
        table = by_file.get((finding.place.file or "", finding.place.sheet))
        letters = _letters(table, finding.path) if table and finding.place.row else ()
        return any(has_one(finding.place, letter) for letter in letters)

    yield from before
    yield from (finding for finding in found if not is_echo(finding))


def gathered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of a shape that name rows but no cell, each rule and value once with its rows.

    No cell means that the table has no column for the value: adding one mends them all, and what
    the description says of every row is said once. Of the others of one rule and column the first
    are kept, and the rest are counted.
    """
    tally, groups = Tally(), dict[Group, tuple[Finding, list[int]]]()
    for finding in findings:
        place = finding.place
        if place.cell or place.row is None or finding.shape is None:
            tally.add([finding])
        else:
            key = (
                finding.code,
                finding.shape,
                finding.path,
                place.file,
                place.sheet,
                finding.value,
            )
            groups.setdefault(key, (finding, []))[1].append(place.row)
    return [*tally.findings, *(_one(one, sorted(set(rows))) for one, rows in groups.values())]


def _one(one: Finding, rows: list[int]) -> Finding:
    if len(rows) == 1:
        return one
    listed = ", ".join(str(row) for row in rows[:_SHOWN]) + (" …" if len(rows) > _SHOWN else "")
    message = Text(
        f"{one.message.de} Das betrifft {len(rows)} Zeilen ({listed}).",
        f"{one.message.en} This concerns {len(rows)} rows ({listed}).",
    )
    return replace(one, message=message, place=replace(one.place, row=None), focus=None)


def _row(place: Place) -> tuple[str | None, str | None, int | None]:
    return place.file, place.sheet, place.row


def _column(place: Place) -> tuple[str | None, str | None, str | None]:
    return place.file, place.sheet, place.column


def _name(address: str | None) -> str:
    """What an address ends in."""
    return (address or "").rpartition("/")[2]


def _letters(table: Table, path: str | None) -> list[str | None]:
    """The letters of the columns whose cells become values of a property."""
    columns = [c for c in table.real_columns if c.property_url and predicate_of(c) == path]
    return [table.place(1, column).column for column in columns]
