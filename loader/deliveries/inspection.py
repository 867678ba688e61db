"""Inspection: what a table's cells show whatever its columns mean.

Broken umlauts are one finding a table, at the first cell that has them: the whole file has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from loader import rule
from loader import table as tables
from loader.csvw.schema import Table
from loader.deliveries import privacy
from loader.deliveries.delivery import Allowance
from loader.finding import Finding
from loader.language import Text
from loader.table import ROW
from loader.tally import Tally

# UTF-8 that was read as Windows-1252 and saved again, and the sign for a character that was lost.
_BROKEN = "[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[“”ž™šœ¦]|\ufffd"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Inspection:
    """How many rows a table has, and what its texts show."""

    rows: int
    findings: list[Finding]


def inspect(table: Table, allowance: Allowance) -> Inspection:
    """Looks at every cell of a table once, up to what is allowed. Raises UnreadableTable."""
    tally, rows, is_broken = Tally(), 0, False
    nameless = {index for index, c in enumerate(table.real_columns) if not c.title.strip()}
    for chunk in tables.chunks(table):
        rows += chunk.frame.height
        if limit := _exceeded(rows, rows * len(table.real_columns), allowance):
            return Inspection(rows, [rule.finding("D-GROSS", limit=limit).at(table.place(), None)])
        if not is_broken:
            broken = _broken(table, chunk.frame)
            is_broken = bool(broken)
            tally.add(broken)
        tally.add(_personal(table, chunk.frame))
        filled = _filled(table, chunk.frame, nameless)
        nameless -= filled
        tally.add(_nameless(table, index) for index in sorted(filled))
    if not rows:
        tally.add([rule.finding("D-KOPF").at(table.place(), None)])
    return Inspection(rows, tally.findings)


def _exceeded(rows: int, cells: int, allowance: Allowance) -> Text | None:
    """The limit that a table is over, None where it keeps within all."""
    if rows > allowance.rows:
        return Text(f"{allowance.rows} Zeilen", f"{allowance.rows} rows")
    if cells > allowance.cells:
        return Text(f"{allowance.cells} Zellen", f"{allowance.cells} cells")
    return None


def _filled(table: Table, frame: pl.DataFrame, asked: set[int]) -> set[int]:
    """Which of some columns hold anything."""
    texts = ((index, texts) for index, texts in _columns(table, frame) if index in asked)
    return {index for index, each in texts if (each.str.strip_chars() != "").any()}


def _nameless(table: Table, index: int) -> Finding:
    return rule.finding("T-SPALTE-FREMD", header="–").at(table.place(None, index, "–"), None)


def _broken(table: Table, frame: pl.DataFrame) -> list[Finding]:
    for index, texts in _columns(table, frame):
        found = texts.str.contains(_BROKEN).fill_null(value=False)
        if found.any():
            row, value = frame.filter(found).select(ROW, texts.name).row(0)
            shown = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
            place = table.place(row, index)
            return [rule.finding("D-ZEICHEN", value=shown).at(place, shown)]
    return []


def _personal(table: Table, frame: pl.DataFrame) -> Iterator[Finding]:
    for index, texts in _columns(table, frame):
        found = privacy.suspects(texts).fill_null(value=False)
        if not found.any():
            continue
        for row, text in frame.filter(found).select(ROW, texts.name).iter_rows():
            kinds = {each.kind: each for each in reversed(privacy.personal(text))}
            for kind, each in kinds.items():
                said = rule.finding(kind, value=each.masked)
                yield said.at(table.place(row, index), each.masked)


def _columns(table: Table, frame: pl.DataFrame) -> Iterator[tuple[int, pl.Series]]:
    for index, column in enumerate(table.real_columns):
        if frame.schema.get(column.name) == pl.String:
            yield index, frame[column.name]
