"""Tables: the records of a file in chunks of whole columns, each record with its row number."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TextIO

import polars as pl

from loader.errors import UnreadableTable
from loader.language import Text
from loader.line import Lines
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
    """Text columns under their names, and `ROW` as a spreadsheet counts (the header is 1).

    `first` is the number of the chunk's first record, counted without the header.
    """

    frame: pl.DataFrame
    ragged: tuple[RaggedRecord, ...]
    first: int = 1


@dataclass(slots=True)
class Head:
    """What stands above the records, the comments among it, and the first record's width."""

    rows: list[list[str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    width: int = 0


def header(table: Table) -> list[str]:
    """The cells of the header row; empty when the dialect has none."""
    return next(iter(head(table).rows), [])


def head(table: Table) -> Head:
    """The header rows, and the rows above them as comments."""
    dialect, found = table.dialect, Head()
    last = dialect.skip_rows + dialect.header_row_count
    for row, texts in _rows(table, from_row=1, comments=found.comments):
        if row <= dialect.skip_rows:
            text = dialect.delimiter.join(texts)
            found.comments += [text] if text else []
        elif row <= last:
            found.rows.append(texts)
        else:
            found.width = len(texts)
            break
    found.width = max([found.width, *(len(row) for row in found.rows)])
    return found


def chunks(table: Table, rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """The table's records, at most `rows` a chunk, in the file's order.

    Raises UnreadableTable when the file is missing or its characters are not those it says.
    """
    names = [column.name for column in table.real_columns]
    above = table.dialect.skip_rows + table.dialect.header_row_count
    records = _rows(table, from_row=above + 1)
    first = 1
    while batch := list(islice(records, rows)):
        yield _chunk(batch, names, first)
        first += len(batch)


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


def _chunk(batch: list[Record], names: list[str], first: int) -> Chunk:
    width = len(names)
    ragged = tuple(RaggedRecord(row, len(c)) for row, c in batch if len(c) != width)
    columns = {
        name: [cells[i] if i < len(cells) else "" for _, cells in batch]
        for i, name in enumerate(names)
    }
    frame = pl.DataFrame({ROW: [row for row, _ in batch], **columns}, strict=False)
    schema = {ROW: pl.UInt32, **dict.fromkeys(names, pl.String)}
    return Chunk(frame.cast(schema), ragged, first)  # type: ignore[arg-type]  # a mapping will do


def _rows(table: Table, from_row: int, comments: list[str] | None = None) -> Iterator[Record]:
    """Row number and cells of each record from a row on; comments go to the list."""
    try:
        with table.path.open(encoding=table.dialect.encoding, newline="", errors="strict") as file:
            if file.read(1) != "\ufeff":
                file.seek(0)
            yield from _records(file, table.dialect, from_row, comments)
    except (OSError, LookupError) as error:
        raise _unreadable(table, f"({error})") from error
    except UnicodeDecodeError as error:
        raise _unreadable(table, f"({error.encoding}: {error.reason})") from error
    except csv.Error as error:
        raise _unreadable(table, f"({error})") from error


def _records(
    file: TextIO, dialect: Dialect, from_row: int, comments: list[str] | None
) -> Iterator[Record]:
    lines = Lines(file, dialect.comment_prefix, dialect.line_terminators)
    for row, texts in enumerate(_reader(lines, dialect), start=1):
        comment = lines.taken()
        if comment is not None:
            if comments is not None:
                comments.append(comment)
            continue
        if row < from_row or (dialect.skip_blank_rows and not any(texts)):
            continue
        yield row, _trimmed((texts or [""])[dialect.skip_columns :], dialect)


def _trimmed(texts: list[str], dialect: Dialect) -> list[str]:
    trim = dialect.trim or ("start" if dialect.skip_initial_space else False)
    if trim is True:
        return [text.strip() for text in texts]
    if trim == "start":
        return [text.lstrip() for text in texts]
    return [text.rstrip() for text in texts] if trim == "end" else texts


def _reader(lines: Lines, dialect: Dialect) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char or None,
        doublequote=dialect.double_quote,
        escapechar=None if dialect.double_quote else "\\",
        skipinitialspace=dialect.skip_initial_space,
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
