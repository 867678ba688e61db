"""A shift: a worker that serves clients' lines itself, as the server sees it.

It has a place among the running queries, and leaves it to whoever waits for one. What takes the
engine long ends the shift: the worker, its place and that one query go the usual way, with all
limits, and the other lines are taken back at once. `workers.clerk` is the worker's side.

A worker that dies takes no line with it. A line on which nothing was asked, or whose answer was
sent whole, comes back as it is; what was asked and not answered is asked again the usual way, even
if the worker had read it. Only a line on which part of an answer was sent is broken off.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Protocol

from sparql_api.dispatch.engagement import Engagement
from sparql_api.dispatch.running import Running
from sparql_api.dispatch.traffic import Traffic
from sparql_api.errors import ApiError
from sparql_api.workers import wire
from sparql_api.workers.slate import Entry
from sparql_api.workers.wire import Loan, Return

if TYPE_CHECKING:
    from sparql_api.dispatch.generation import Worker
    from sparql_api.dispatch.switchboard import Switchboard

_SOON = 0.01  # seconds of the processor; what takes more, after it was first seen, is no look-up
_LATE = 0.25  # seconds, however little of the processor the worker got
_numbers = count(1)


class Line(Protocol):
    """A client's connection; `address` is where it comes from."""

    address: str

    @property
    def descriptor(self) -> int:
        """The connection's own."""
        ...

    def traffic(self) -> Traffic | None:
        """What went over the connection so far; None if it is closed."""
        ...

    def come_back(self, unread: bytes, unsent: bytes) -> None:
        """The line is the server's again, with what was read and not answered, or not sent."""
        ...

    def go_on(self, request: bytes, running: Running | None) -> None:
        """The application answers a request, whose answer may be running already."""
        ...

    def abort(self) -> None:
        """Nobody knows how much of an answer was sent."""
        ...


@dataclass(frozen=True, slots=True)
class Lent:
    """A line that a worker has, who pays, and the request and the traffic with which it went."""

    line: Line
    client: str
    request: bytes
    traffic: Traffic


class Shift:
    """Begins with the first line that is lent, ends with the last that comes back."""

    def __init__(self, board: "Switchboard", held: Engagement, worker: "Worker") -> None:
        self.generation = held.generation
        self.lines: dict[int, Lent] = {}
        self._number = next(_numbers)
        self._board = board
        self._held = held
        self._worker = worker
        self._recalled = self._taken = self._spent = False
        self._seen = (0.0, 0.0)  # a request by its time, and what the worker had worked then
        worker.channel.listener = self._hear
        if held.place:
            held.place.begin_call(self.recall)

    @property
    def is_open(self) -> bool:
        """Whether it takes more lines."""
        return not (self._recalled or self._taken or self._spent)

    def lend(self, line: Line, client: str, left: float, request: bytes) -> bool:
        """Lends a line on which a request came; False if the worker's ear is full."""
        traffic = line.traffic()
        if traffic is None:
            return False
        number = next(_numbers)
        loan = Loan(self._number, number, client, line.address, left, request)
        try:
            self._worker.channel.hand(loan.encode(), line.descriptor)
        except BlockingIOError:
            self._end_if_done()
            return False
        except OSError:  # it died, and its lines come back when the loop tells of it
            self._spent = True
            self._end_if_done()
            return False
        self.lines[number] = Lent(line, client, request, traffic)
        return True

    def recall(self) -> None:
        """The lines are to come back as soon as what is being answered is."""
        if not self._recalled:
            self._recalled = True
            self._worker.channel.send(wire.recall())

    def recall_of(self, client: str) -> None:
        """The same for the lines of a client."""
        self._recall(number for number, lent in self.lines.items() if lent.client == client)

    def recall_some(self, count: int) -> None:
        """The same for so many lines."""
        self._recall(islice(self.lines, count))

    def recall_line(self, line: Line) -> None:
        """The same for one line."""
        self._recall(number for number, lent in self.lines.items() if lent.line is line)

    def look(self) -> None:
        """Ends the shift if the engine works on one request for too long."""
        if not self._board.has(self):
            return
        since = self._worker.slate.read().since
        if since != self._seen[0]:
            self._seen = since, self._worker.seconds
        worked = self._worker.seconds - self._seen[1]
        if since and (worked > _SOON or time.monotonic() - since > _LATE):
            self._taken = self._taken or self._worker.slate.take()
            self._take_over_if_complete()

    def _recall(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._worker.channel.send(wire.recall(number))

    def _hear(self) -> None:
        """Frames came from the worker, or its end."""
        channel = self._worker.channel
        while not self._taken or channel.kind_at_hand() == wire.RETURN:
            frame = channel.at_hand()
            if frame is None:
                break
            kind, payload = frame
            if kind == wire.RETURN:
                self._take_back(Return.decode(payload))
            elif kind == wire.ASIDE:
                self._taken = True
            else:  # END: the process took too much memory
                self._spent = True
        self._take_over_if_complete()
        self._end_if_done()

    def _take_back(self, returned: Return) -> None:
        self._worker.returned += 1
        lent = self.lines.pop(returned.number)
        if returned.unread and self._board.is_of(lent.client, lent.line, returned.unread):
            self._board.avoid(returned.unread)
        lent.line.come_back(returned.unread, returned.unsent)

    def _end_if_done(self) -> None:
        if not self._board.has(self):
            return
        if not self.lines and not self._taken:
            self._close()
            self._held.end(0, whole=True, spent=self._spent or self._worker.channel.closed)
        elif self._worker.channel.closed:
            self._bury()

    def _close(self) -> None:
        self._board.end(self)
        self._worker.channel.listener = None
        if self._held.place:
            self._held.place.end_call()

    def _take_over_if_complete(self) -> None:
        """Once all lines that came back before are here, the query goes on the usual way."""
        entry = self._worker.slate.read()
        if not self._taken or entry.returned > self._worker.returned:
            return
        if not self._board.has(self):
            return
        self._close()
        lent = self.lines.pop(entry.line)
        running = Running(self._held, entry.since)
        try:
            self._held.admit(lent.client)
        except ApiError:  # it is refused again, with all that is to be said
            running.drop()
        self._board.avoid(entry.request)
        lent.line.go_on(entry.request, running)
        self._return_others(entry)

    def _bury(self) -> None:
        """The worker died; what it had not answered is asked again the usual way."""
        self._close()
        entry = self._worker.slate.read()
        lent = self.lines.pop(entry.line, None) if entry.since else None
        if lent:
            self._bequeath(lent, entry)
        self._held.end(0)
        self._return_others(entry)

    def _bequeath(self, lent: Lent, entry: Entry) -> None:
        """How far the worker came with a line, the kernel knows."""
        now = lent.line.traffic()
        if now is None:
            return
        there = now.since(lent.traffic)
        read, written = there.read - entry.read, there.written - entry.written
        request = entry.request or self._worker.slate.read(read).request
        if written and written != entry.reply:
            lent.line.abort()
        elif written or not request:
            lent.line.come_back(b"", b"")
        else:
            self._board.avoid(request)
            lent.line.go_on(request, None)

    def _return_others(self, entry: Entry) -> None:
        """Loans that the clerk had not come to take their requests back with them."""
        lines, self.lines = self.lines, {}
        for number, lent in lines.items():
            lent.line.come_back(lent.request if number > entry.borrowed else b"", b"")
