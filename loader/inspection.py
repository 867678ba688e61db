"""Inspection: what a table's cells show whatever its columns mean.

Broken umlauts are one finding a table, at the first cell that has them: the whole file has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from loader import privacy, rule
from loader import table as tables
from loader.finding import Finding
from loader.schema import Table
from loader.table import ROW

# UTF-8 that was read as Windows-1252 and saved again, and the sign for a character that was lost.
_BROKEN = "[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[“”ž™šœ¦]|\ufffd"
_FEW = 100  # findings of one rule in one column; more say nothing new
_SHOWN = 60


@dataclass(slots=True)
class Inspection:
    """The rows of a table, and what its texts show."""

    table: Table
    rows: int = 0
    findings: list[Finding] = field(default_factory=list)


def inspect(table: Table) -> Inspection:
    """Looks at every cell of a table once. Raises UnreadableTable."""
    seen = Inspection(table)
    for chunk in tables.chunks(table):
        seen.rows += chunk.frame.height
        if not any(finding.code == "D-ZEICHEN" for finding in seen.findings):
            seen.findings += _broken(table, chunk.frame)
        seen.findings += _personal(table, chunk.frame)
    if not seen.rows:
        seen.findings.append(rule.finding("D-KOPF").at(table.place(), None))
    return seen


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
        for row, text in frame.filter(found).select(ROW, texts.name).head(_FEW).iter_rows():
            kinds = {each.kind: each for each in reversed(privacy.personal(text))}
            for kind, each in kinds.items():
                said = rule.finding(kind, value=each.masked)
                yield said.at(table.place(row, index), each.masked)


def _columns(table: Table, frame: pl.DataFrame) -> Iterator[tuple[int, pl.Series]]:
    for index, column in enumerate(table.real_columns):
        if frame.schema.get(column.name) == pl.String:
            yield index, frame[column.name]
