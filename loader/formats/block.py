"""Blocks: delimited text parsed natively where it is regular, record for record as `delimited`.

What a native parser would read otherwise, or not number, is left to the careful reader: comments,
blank lines and rows of another width for the block that holds them, quotes in odd places for the
rest of the file.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice

import polars as pl

from loader.csvw.schema import Dialect, Table
from loader.errors import unreadable
from loader.formats import delimited
from loader.formats.record import Record

BLOCK_BYTES = 8 * 2**20
_LONGEST = 4  # blocks that one record may go on for
_USUAL_ENDS = {"\r\n", "\n", "\r"}


@dataclass(frozen=True, slots=True)
class Block:
    """Records that follow each other: `frame` has their cells and `row` is the first one's number.

    Where the careful reader was asked, `records` has them instead.
    """

    row: int
    frame: pl.DataFrame | None = None
    records: Iterable[Record] = ()


def permits(dialect: Dialect) -> bool:
    """Whether a native parser reads tables of this dialect as the standard does."""
    signs = [dialect.delimiter, dialect.quote_char or '"']
    try:
        codecs.lookup(dialect.encoding)
    except LookupError:
        return False
    return (
        all(len(sign) == 1 and sign.isascii() and sign not in "\r\n" for sign in signs)
        and signs[0] != signs[1]
        and bool(dialect.double_quote or not dialect.quote_char)
        and not (dialect.trim or dialect.skip_initial_space or dialect.skip_columns)
        and set(dialect.line_terminators) <= _USUAL_ENDS
    )


def blocks(table: Table, names: list[str], size: int = BLOCK_BYTES) -> Iterator[Block]:
    """The records below the header. Raises UnreadableTable."""
    try:
        texts = _texts(table, size)
        row, below = _below_header(texts, table.dialect)
        yield from _parsed(table, names, chain([below], texts), row, size)
    except UnicodeDecodeError as error:
        raise unreadable(table.path.name, f"({error.encoding}: {error.reason})") from error
    except (OSError, csv.Error) as error:
        raise unreadable(table.path.name, f"({error})") from error


def _texts(table: Table, size: int) -> Iterator[str]:
    """The file's characters piece by piece, without a byte order mark."""
    decoder = codecs.getincrementaldecoder(table.dialect.encoding)("strict")
    with table.path.open("rb") as file:
        mark = "\ufeff"
        while data := file.read(size):
            text = decoder.decode(data)
            if text:
                yield text.removeprefix(mark)
                mark = ""
        yield decoder.decode(b"", final=True)


def _below_header(texts: Iterator[str], dialect: Dialect) -> tuple[int, str]:
    """The number of the first record below the header, and the text from there on."""
    above = dialect.skip_rows + dialect.header_row_count
    text = ""
    for more in texts:
        text += more
        file = StringIO(text, newline="")
        read = list(islice(delimited.numbered(file, dialect), above))
        if len(read) == above and file.tell() < len(text) - 1:  # a CR LF is not cut in two
            break
    else:
        file = StringIO(text, newline="")
        read = list(islice(delimited.numbered(file, dialect), above))
    return len(read) + 1, text[file.tell() :]


def _parsed(
    table: Table, names: list[str], texts: Iterator[str], row: int, size: int
) -> Iterator[Block]:
    dialect = table.dialect
    for data, is_whole in _pieces(texts, dialect, size):
        if not (is_whole and _quotes_fields(data, dialect)):
            rest = (record for record in delimited.rows(table) if record[0] >= row)
            yield Block(row, records=rest)
            return
        frame = _frame(data, names, dialect) if _is_plain(data, names) else None
        if frame is not None:
            yield Block(row, frame)
            row += frame.height
        else:
            file = StringIO(data.decode(), newline="")
            found = list(enumerate(delimited.numbered(file, dialect), start=row))
            yield Block(row, records=((n, cells) for n, cells in found if cells is not None))
            row += len(found)


def _pieces(texts: Iterator[str], dialect: Dialect, size: int) -> Iterator[tuple[bytes, bool]]:
    """Whole records, and whether they are: what goes on for too long is cut off anywhere."""
    data = b""
    for text in texts:
        data += text.encode()
        end = _end(data, dialect)
        if end:
            yield data[:end], True
            data = data[end:]
        elif len(data) > _LONGEST * size:
            yield data, False
            return
    if data:
        yield data, True


def _end(data: bytes, dialect: Dialect) -> int:
    """Where the last whole record ends: at the last line feed that no quotes surround."""
    end = data.rfind(b"\n") + 1
    if dialect.quote_char:
        quote = dialect.quote_char.encode()
        is_inside = data.count(quote, 0, end) % 2
        while end and is_inside:
            before = data.rfind(b"\n", 0, end - 1) + 1
            is_inside = (is_inside + data.count(quote, before, end)) % 2
            end = before
    return end


def _quotes_fields(data: bytes, dialect: Dialect) -> bool:
    """Whether quotes stand around whole cells or doubled within them, and nowhere else."""
    if not dialect.quote_char:
        return True
    parts = data.split(dialect.quote_char.encode())
    bounds = (dialect.delimiter + "\r\n").encode()
    last = len(parts) - 1
    outside = (
        (not part or part[0] in bounds or i == 0) and (not part or part[-1] in bounds or i == last)
        for i, part in zip(range(0, last + 1, 2), parts[::2], strict=True)
    )
    return last % 2 == 0 and all(outside)


def _is_plain(data: bytes, names: list[str]) -> bool:
    """Whether no line ends in CR alone, and none is blank where that makes a cell of its own."""
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return False
    blank = (b"\n", b"\r\n")
    return len(names) > 1 or not (data.startswith(blank) or b"\n\n" in data or b"\n\r\n" in data)


def _frame(data: bytes, names: list[str], dialect: Dialect) -> pl.DataFrame | None:
    """The cells; None where a record is a comment, or has not one cell for each name."""
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            separator=dialect.delimiter,
            quote_char=dialect.quote_char or None,
            schema=dict.fromkeys(names, pl.String),
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None
    prefix = dialect.comment_prefix
    if prefix and frame.to_series().str.starts_with(prefix).any():
        return None
    delimiter = dialect.delimiter.encode()
    quoted = 0
    if dialect.quote_char:
        inside = data.split(dialect.quote_char.encode())[1::2]
        quoted = sum(part.count(delimiter) for part in inside)
    is_full = data.count(delimiter) - quoted == frame.height * (len(names) - 1)
    return frame if is_full else None
