"""The ledger: what a clerk has answered, told to the server a little later and many at once."""

import marshal
import socket
import time
from typing import NamedTuple

from sparql_api.workers import wire

_MANY = 64  # records that go at once
_LATE = 0.05  # seconds until they go at the latest
_CALM = 2  # milliseconds without a request, after which they go
_REST = 250  # milliseconds


class Record(NamedTuple):
    """An answered request: who pays, its number, seconds of the engine, bytes of the body (`size`).

    `kept` has request, ETag, coding and body of an answer that is worth keeping.
    """

    client: str
    number: str
    seconds: float
    size: int
    kept: tuple[bytes, str, str, bytes] | None


class Ledger:
    """Gathers records until they are due."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._records: list[tuple[object, ...]] = []
        self._since = 0.0

    def note(self, record: Record) -> None:
        """Adds a record."""
        if not self._records:
            self._since = time.monotonic()
        self._records.append(tuple(record))  # marshal writes no other

    def patience(self, *, has_lines: bool) -> int | None:
        """Milliseconds that the clerk may wait for what comes next; None for any time."""
        if self._records:
            return _CALM
        return _REST if has_lines else None

    def is_due(self, *, calm: bool) -> bool:
        """Whether the records should go; `calm` where there is nothing else to do."""
        return calm or len(self._records) >= _MANY or self._is_late()

    def send(self) -> None:
        """Sends them to the server."""
        if self._records:
            self._channel.sendall(wire.frame(wire.TALLY, marshal.dumps(self._records)))
            self._records.clear()

    def _is_late(self) -> bool:
        return bool(self._records) and time.monotonic() - self._since > _LATE


def read(payload: bytes) -> list[Record]:
    """The records in a frame's payload."""
    return [Record._make(record) for record in marshal.loads(payload)]  # noqa: S302  # our clerk's
