"""Tables: the records of a file in chunks of whole columns, each record with its row number."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

import polars as pl

from loader.errors import UnreadableTable
from loader.language import Text
from loader.schema import Dialect, Table

ROW = "\N{PILCROW SIGN}row"  # no column of a partner is called that
CHUNK_ROWS = 50_000

Record = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class RaggedRecord:
    """A record with more or fewer cells than the table has columns."""

    row: int
    cells: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text columns under their names, and `ROW` as a spreadsheet counts (the header is 1)."""

    frame: pl.DataFrame
    ragged: tuple[RaggedRecord, ...]


def header(table: Table) -> list[str]:
    """The cells of the header row; empty when the dialect has none."""
    if not table.dialect.header_row_count:
        return []
    rows = _rows(table, from_row=table.dialect.skip_rows + 1)
    return next((cells for _, cells in rows), [])


def chunks(table: Table, rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """The table's records, at most `rows` a chunk, in the file's order.

    Raises UnreadableTable when the file is missing or its characters are not those it says.
    """
    names = [column.name for column in table.real_columns]
    first = table.dialect.skip_rows + table.dialect.header_row_count + 1
    records = _rows(table, from_row=first)
    while batch := list(islice(records, rows)):
        yield _chunk(batch, names)


def cells(table: Table, wanted: set[int]) -> dict[int, dict[str, str]]:
    """The texts of single rows, by row number and column name: a second look at the file."""
    names = [column.name for column in table.real_columns]
    found = {}
    for row, texts in _rows(table, from_row=1):
        if row in wanted:
            found[row] = dict(zip(names, texts, strict=False))
            if len(found) == len(wanted):
                break
    return found


def _chunk(batch: list[Record], names: list[str]) -> Chunk:
    width = len(names)
    ragged = tuple(RaggedRecord(row, len(c)) for row, c in batch if len(c) != width)
    columns = {
        name: [cells[i] if i < len(cells) else "" for _, cells in batch]
        for i, name in enumerate(names)
    }
    frame = pl.DataFrame({ROW: [row for row, _ in batch], **columns}, strict=False)
    schema = {ROW: pl.UInt32, **dict.fromkeys(names, pl.String)}
    return Chunk(frame.cast(schema), ragged)  # type: ignore[arg-type]  # a plain mapping will do


def _rows(table: Table, from_row: int) -> Iterator[Record]:
    try:
        with table.path.open(encoding=table.dialect.encoding, newline="", errors="strict") as file:
            if file.read(1) != "\ufeff":
                file.seek(0)
            yield from _records(_reader(file, table.dialect), table, from_row)
    except OSError as error:
        raise _unreadable(table, f"({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _unreadable(table, f"({error.encoding}: {error.reason})") from error
    except csv.Error as error:
        raise _unreadable(table, f"({error})") from error


def _records(reader: Iterator[list[str]], table: Table, from_row: int) -> Iterator[Record]:
    dialect = table.dialect
    for row, texts in enumerate(reader, start=1):
        if row < from_row or (not any(texts) and _skips_blank(table)):
            continue
        comment = dialect.comment_prefix
        if comment and texts and texts[0].startswith(comment):
            continue
        yield row, [text.strip() for text in texts] if dialect.trim is True else texts


def _skips_blank(table: Table) -> bool:
    """Rows without any text hold no record, in tables of more than one column always."""
    return table.dialect.skip_blank_rows or len(table.real_columns) > 1


def _reader(file: TextIO, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        file,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char or None,
        doublequote=dialect.double_quote,
        escapechar=None if dialect.double_quote else "\\",
        quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
    )


def _unreadable(table: Table, why: str) -> UnreadableTable:
    name = table.path.name
    return UnreadableTable(
        Text(
            f"Die Tabelle {name} ist nicht lesbar {why}.",
            f"The table {name} cannot be read {why}.",
        )
    )
