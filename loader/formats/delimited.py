"""Delimited text: CSV and its kin, as a dialect says."""

import csv
from collections.abc import Iterator
from typing import TextIO

from loader.csvw.schema import Dialect, Table
from loader.errors import unreadable
from loader.formats.line import Lines
from loader.formats.record import Record


def rows(table: Table, comments: list[str] | None = None) -> Iterator[Record]:
    """Each record; comments go to the list. Raises UnreadableTable."""
    try:
        with table.path.open(encoding=table.dialect.encoding, newline="", errors="strict") as file:
            if file.read(1) != "\ufeff":
                file.seek(0)
            yield from _records(file, table.dialect, comments)
    except UnicodeDecodeError as error:
        raise unreadable(table.path.name, f"({error.encoding}: {error.reason})") from error
    except (OSError, LookupError, csv.Error) as error:
        raise unreadable(table.path.name, f"({error})") from error


def numbered(
    file: TextIO, dialect: Dialect, comments: list[str] | None = None
) -> Iterator[list[str] | None]:
    """Every record in its turn, None for a comment. Raises csv.Error."""
    lines = Lines(file, dialect.comment_prefix, dialect.line_terminators)
    for texts in _reader(lines, dialect):
        comment = lines.taken()
        if comment is not None and comments is not None:
            comments.append(comment)
        yield (texts or [""]) if comment is None else None


def _records(file: TextIO, dialect: Dialect, comments: list[str] | None) -> Iterator[Record]:
    for row, texts in enumerate(numbered(file, dialect, comments), start=1):
        if texts is not None:
            yield row, texts


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
