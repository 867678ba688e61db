"""Appearances: how a file of characters looks, where nobody says which dialect it has."""

import csv
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path

from loader.csvw.schema import Dialect
from loader.errors import empty, unreadable
from loader.formats import heading
from loader.formats.line import Lines
from loader.formats.record import Record

_SEEN = 4 * 2**20  # bytes, in which signs of an encoding are looked for
_BLOCK = 2**20
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# The first wins where several read the same umlauts.
_EIGHT_BITS = ("windows-1252", "iso-8859-15", "cp850", "mac_roman")
_GERMAN = frozenset("äöüÄÖÜß€„“–")
_DELIMITERS = ";,\t|"
_QUOTES = "\"'"


def dialect(path: Path) -> Dialect:
    """The dialect in which the file makes most sense. Raises UnreadableTable for an empty one."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        text = file.read(_SEEN).removeprefix("\ufeff")
    if not text.strip("\0\r\n\t ;,"):
        raise empty(path.name)
    quote = _quote(text)
    delimiter = max(_DELIMITERS, key=lambda sign: _evenness(text, sign, quote))
    found = Dialect(comment_prefix=None, delimiter=delimiter, encoding=encoding, quote_char=quote)
    corner = heading.corner(_records(text, found))
    return Dialect(
        comment_prefix=None,
        delimiter=delimiter,
        encoding=encoding,
        quote_char=quote,
        skip_rows=corner.row - 1,
        skip_columns=corner.skipped,
        skip_blank_rows=True,
    )


def encoding_of(path: Path) -> str:
    """The encoding by its mark, else UTF-8 where it fits, else the one with most umlauts.

    Raises UnreadableTable.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_SEEN)
            for mark, name in _MARKS.items():
                if start.startswith(mark):
                    return name
            if start.count(0) * 3 > len(start) > 0:
                return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
            file.seek(0)
            if _is_utf8(path):
                return "utf-8"
    except OSError as error:
        raise unreadable(path.name, f"({error})") from error
    return max(_EIGHT_BITS, key=lambda name: _umlauts(start, name))


def _is_utf8(path: Path) -> bool:
    """Whether all of the file is UTF-8, whatever its first part is."""
    try:
        with path.open(encoding="utf-8", errors="strict") as file:
            while file.read(_BLOCK):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _umlauts(data: bytes, encoding: str) -> int:
    """German signs less signs that no German text has."""
    text = data.decode(encoding, errors="replace")
    counts = Counter(sign for sign in text if sign > "\x7f")
    german = sum(number for sign, number in counts.items() if sign in _GERMAN)
    odd = sum(n for sign, n in counts.items() if not (sign.isalpha() or sign in _GERMAN))
    return german * 2 - odd


def _quote(text: str) -> str:
    """The sign that stands at most edges of cells."""
    return max(_QUOTES, key=lambda sign: sum(text.count(sign + end) for end in _DELIMITERS))


def _evenness(text: str, delimiter: str, quote: str) -> float:
    """How much a delimiter makes rows of one width; the wider, the surer."""
    records = _records(text, Dialect(comment_prefix=None, delimiter=delimiter, quote_char=quote))
    widths = Counter(len(texts) for _, texts in records if any(texts))
    if not widths:
        return 0.0
    width, number = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    return (number / widths.total()) * min(width - 1, 20) if width > 1 else 0.0


def _records(text: str, dialect: Dialect) -> list[Record]:
    lines = Lines(StringIO(text, newline=""), None, dialect.line_terminators)
    reader = csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote_char)
    try:
        return list(enumerate(islice(reader, heading.SEEN), start=1))
    except csv.Error:
        return []
