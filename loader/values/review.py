"""Reviews: single rows of a table read again, where a finding needs what memory did not keep."""

from collections.abc import Iterator

import polars as pl

from loader import cell
from loader import table as tables
from loader.cell import Reading
from loader.csvw.schema import Table
from loader.table import ROW, Chunk
from loader.values.preparation import Preparation
from loader.vocabulary import Vocabulary


def readings(
    table: Table,
    vocabulary: Vocabulary,
    rows: pl.Series | None = None,
    names: frozenset[str] | None = None,
) -> Iterator[Reading]:
    """The table's rows, or those of these numbers, a chunk at a time; only the columns named."""
    preparation = Preparation(table)
    for chunk in tables.chunks(table):
        frame = preparation.prepare(chunk).frame
        if rows is not None:
            frame = frame.filter(pl.col(ROW).is_in(rows.implode()))
        if frame.height:
            yield cell.read(Chunk(frame, (), chunk.first), table, vocabulary, names)


def singly(table: Table, vocabulary: Vocabulary, rows: list[int]) -> Iterator[Reading]:
    """Each of these rows as a reading of its own."""
    wanted = pl.Series(rows, dtype=pl.UInt32).implode()
    preparation = Preparation(table)
    for chunk in tables.chunks(table):
        for frame in (
            preparation.prepare(chunk).frame.filter(pl.col(ROW).is_in(wanted)).iter_slices(1)
        ):
            yield cell.read(Chunk(frame, ()), table, vocabulary)
