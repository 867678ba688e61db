"""Lines: clients' connections that a clerk has on loan."""

import os
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sparql_api.workers.ledger import Ledger
from sparql_api.workers.wire import Loan, Return

_IDLE = 1.0  # seconds until an idle line is given back, for the server to watch it


@dataclass(slots=True, eq=False)
class Line:
    """A connection on loan, `used` for so many seconds of query time, `last` at that time.

    `read` and `written` are bytes since it is on loan.
    """

    loan: Loan
    descriptor: int
    last: float
    used: float = 0.0
    read: int = 0
    written: int = 0

    @property
    def left(self) -> float:
        """Seconds that its client may still use."""
        return self.loan.left - self.used


class Lines:
    """`returned` counts those that went back, `borrowed` is the number of the last that came."""

    def __init__(self, channel: socket.socket, ledger: Ledger) -> None:
        self.returned = 0
        self.borrowed = 0
        self._channel = channel
        self._ledger = ledger
        self._lines: dict[int, Line] = {}
        self._poll = select.poll()
        self._poll.register(channel, select.POLLIN)

    def __len__(self) -> int:
        return len(self._lines)

    def ready(self, milliseconds: int | None) -> Iterator[Line | None]:
        """Lines on which something came, None for the server's channel."""
        for descriptor, _ in self._poll.poll(milliseconds):
            if descriptor == self._channel.fileno():
                yield None
            elif line := self._lines.get(descriptor):  # else it went back meanwhile
                yield line

    def borrow(self, loan: Loan, descriptor: int) -> Line:
        """Takes a line on loan."""
        self.borrowed = loan.number
        line = self._lines[descriptor] = Line(loan, descriptor, time.monotonic())
        self._poll.register(descriptor, select.POLLIN)
        return line

    def give_back(self, line: Line, unread: bytes = b"", unsent: bytes = b"") -> None:
        """The line is the server's, with what came and was not answered, or did not get sent."""
        self._drop(line)
        self._ledger.send()
        self.returned += 1
        self._channel.sendall(Return(line.loan.number, unread, unsent).encode())

    def give_back_all(self, number: int = 0) -> None:
        """The same for the line of that number, 0 for all."""
        for line in list(self._lines.values()):
            if number in {0, line.loan.number}:
                self.give_back(line)

    def give_back_idle(self) -> None:
        """The same for those on which nothing came for some time."""
        now = time.monotonic()
        for line in [line for line in self._lines.values() if now - line.last > _IDLE]:
            self.give_back(line)

    def drop_all(self) -> None:
        """The server has taken all lines back."""
        for line in list(self._lines.values()):
            self._drop(line)

    def _drop(self, line: Line) -> None:
        self._poll.unregister(line.descriptor)
        del self._lines[line.descriptor]
        os.close(line.descriptor)
