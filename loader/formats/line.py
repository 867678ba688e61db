"""Lines: what a CSV parser is fed, with comments taken out before quotes can be seen in them."""

import re
from collections.abc import Iterable, Iterator
from typing import TextIO

_USUAL = {"\r\n", "\n", "\r"}
_BLOCK = 65_536


class Lines(Iterator[str]):
    """The lines of a file; a line that begins a record as a comment comes as an empty one.

    `taken` says after each record whether it was a comment, and lets the next one begin.
    """

    def __init__(self, file: TextIO, prefix: str | None, terminators: tuple[str, ...]) -> None:
        usual = set(terminators) <= _USUAL
        self._lines = iter(file if usual else _split(file, terminators))
        self._prefix = prefix or None
        self._begins = True
        self._comment: str | None = None

    def __next__(self) -> str:
        line = next(self._lines)
        if self._begins:
            self._begins = False
            if self._prefix and line.startswith(self._prefix):
                self._comment = line.removeprefix(self._prefix).strip("\r\n")
                return "\n"
        return line

    def taken(self) -> str | None:
        """The text of the comment that the last record was, or None."""
        comment, self._comment = self._comment, None
        self._begins = True
        return comment


def _split(file: TextIO, terminators: Iterable[str]) -> Iterator[str]:
    """Lines that end in other signs than the usual; each gets a usual end."""
    longest_first = sorted(terminators, key=len, reverse=True)
    end = re.compile("|".join(re.escape(sign) for sign in longest_first))
    rest = ""
    while block := file.read(_BLOCK):
        *whole, rest = end.split(rest + block)
        yield from (line + "\n" for line in whole)
    if rest:
        yield rest
