"""Tables: the records of a file in chunks of whole columns, each record with its row number."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

import polars as pl

from loader.csvw.schema import Dialect, Table
from loader.formats import archive, delimited, entries, fixed
from loader.formats.block import Block, blocks, permits
from loader.formats.record import Real, Record

ROW = "\N{PILCROW SIGN}row"  # no column of a partner is called that
REAL = "\N{PILCROW SIGN}real "
CHUNK_ROWS = 50_000

Reader = Callable[[Table, list[str] | None], Iterator[Record]]

_ENTRIES = {".json", ".geojson"}


@dataclass(frozen=True, slots=True)
class RaggedRecord:
    """A record with more or fewer cells than the table has columns."""

    row: int
    cells: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Text columns under their names, and `ROW` as a spreadsheet counts (the header is 1).

    `REAL` and a name tell of each of the column's cells whether the file holds it as a number,
    a date or a truth value, whose text then follows no format; there where it holds any so.
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

    Raises UnreadableTable when the file is missing, damaged, or not in the characters it says.
    """
    names = [column.name for column in table.real_columns]
    first = 1
    for block in _blocks(table, names):
        if block.frame is not None:
            frame = _numbered(block, table.dialect)
            yield Chunk(frame, (), first)
            first += frame.height
        records = iter(block.records)
        while batch := list(islice(records, rows)):
            yield _chunk(batch, names, first, is_delimited=reader(table) is delimited.rows)
            first += len(batch)


def cells(table: Table, wanted: set[int]) -> dict[int, dict[str, str]]:
    """The texts of single rows, by row number and column name: a second look at the file."""
    names = [column.name for column in table.real_columns]
    numbers = pl.Series(sorted(wanted), dtype=pl.UInt32)
    found: dict[int, dict[str, str]] = {}
    for chunk in chunks(table):
        rows = chunk.frame.filter(pl.col(ROW).is_in(numbers.implode()))
        found |= {row.pop(ROW): row for row in rows.select(ROW, *names).iter_rows(named=True)}
        if len(found) == len(wanted):
            break
    return found


def _chunk(batch: list[Record], names: list[str], first: int, *, is_delimited: bool) -> Chunk:
    width = len(names)
    if not is_delimited:  # whose rows end where nothing follows
        batch = [(row, texts + [""] * (width - len(texts))) for row, texts in batch]
    ragged = tuple(RaggedRecord(row, len(c)) for row, c in batch if len(c) != width)
    columns: dict[str, list[str] | list[bool]] = {}
    for i, name in enumerate(names):
        texts = [cells[i] if i < len(cells) else "" for _, cells in batch]
        columns[name] = texts
        if not is_delimited and any(isinstance(text, Real) for text in texts):
            columns[REAL + name] = [isinstance(text, Real) for text in texts]
    frame = pl.DataFrame({ROW: [row for row, _ in batch], **columns}, strict=False)
    schema = {ROW: pl.UInt32, **dict.fromkeys(names, pl.String)}
    return Chunk(frame.cast(schema), ragged, first)  # type: ignore[arg-type]  # a mapping will do


def _numbered(block: Block, dialect: Dialect) -> pl.DataFrame:
    """The block's cells with ROW before them."""
    cells = block.frame if block.frame is not None else pl.DataFrame()
    frame = cells.with_row_index(ROW, block.row)
    if dialect.skip_blank_rows and (cells.to_series() == "").any():
        frame = frame.filter(pl.any_horizontal(pl.col(cells.columns) != ""))
    return frame


def _blocks(table: Table, names: list[str]) -> Iterator[Block]:
    """The records below the header: parsed natively where that reads the same."""
    above = table.dialect.skip_rows + table.dialect.header_row_count
    if reader(table) is not delimited.rows or not permits(table.dialect) or table.examples:
        yield Block(above + 1, records=_rows(table, from_row=above + 1))
        return
    for block in blocks(table, names):
        yield replace(block, records=_kept(block.records, table))


def _rows(table: Table, from_row: int, comments: list[str] | None = None) -> Iterator[Record]:
    """Row number and cells of each record from a row on; comments go to the list."""
    records = reader(table)(table, comments)
    return _kept((record for record in records if record[0] >= from_row), table)


def _kept(records: Iterable[Record], table: Table) -> Iterator[Record]:
    dialect, width = table.dialect, len(table.real_columns)
    for row, texts in records:
        if any(texts) or not dialect.skip_blank_rows:
            cells = _trimmed(texts[dialect.skip_columns :], dialect)
            if not table.examples or (*cells, *[""] * (width - len(cells))) not in table.examples:
                yield row, cells


def reader(table: Table) -> Reader:
    """What reads the table's file, by what the file holds. Raises UnreadableTable."""
    kind = archive.kind(table.path)
    if kind:
        rows: Reader = archive.reader(kind).rows
        return rows
    if table.path.suffix.lower() in _ENTRIES:
        return entries.rows
    is_fixed = any(column.characters for column in table.real_columns)
    return fixed.rows if is_fixed else delimited.rows


def _trimmed(texts: list[str], dialect: Dialect) -> list[str]:
    trim = dialect.trim or ("start" if dialect.skip_initial_space else False)
    if not trim:
        return texts
    strip = {"start": str.lstrip, "end": str.rstrip}.get(str(trim), str.strip)
    return [text if isinstance(text, Real) else strip(text) for text in texts]
