"""A clerk: a worker's loop, which answers the server's questions and serves clients itself.

The server lends a client's connection (a line) to a clerk as long as its requests are plain ones
(`workers.enquiry`), so that no process in between has to wake up for a look-up. A clerk gives a
line back with whatever it cannot answer whole and soon. `dispatch.shift` is the server's side.
"""

import os
import socket
import time
from collections import deque

from sparql_api.request import payer
from sparql_api.workers import enquiry, wire
from sparql_api.workers.avoidance import Avoidance
from sparql_api.workers.cache import WORTH
from sparql_api.workers.engine import answer
from sparql_api.workers.enquiry import Enquiry, Terms
from sparql_api.workers.holdings import Holdings
from sparql_api.workers.ledger import Ledger, Record
from sparql_api.workers.lines import Line, Lines
from sparql_api.workers.output import Sink
from sparql_api.workers.ration import Ration
from sparql_api.workers.reply import Reply
from sparql_api.workers.slate import Entry, Slate
from sparql_api.workers.wire import Loan, Question

_READ = 2 * enquiry.LONGEST  # bytes
_END, _SPENT = wire.frame(wire.END), wire.frame(wire.END, wire.SPENT)


class Clerk:
    """`serve` returns when the server hangs up or the process took too much memory."""

    def __init__(
        self, channel: socket.socket, slate: Slate, holdings: Holdings, terms: Terms
    ) -> None:
        self._channel = channel
        self._slate = slate
        self._holdings = holdings
        self._reader = enquiry.Reader(terms)
        self._header = terms.client_header
        self._ration = Ration(terms.limits.memory)
        self._ledger = Ledger(channel)
        self._lines = Lines(channel, self._ledger)
        self._reply = Reply(terms)
        self._unread = bytearray()
        self._lent: deque[int] = deque()  # descriptors that came, each for the next loan
        self._shift = self._void = 0  # the latest that a loan was for, and that the server ended
        self._avoided = Avoidance()
        self._apart = False  # whether the answer goes to the server and not to the client
        self._over = False

    def serve(self) -> None:
        """Answers what comes, one after the other."""
        while not self._over:
            calm = True
            for line in self._lines.ready(self._ledger.patience(has_lines=len(self._lines) > 0)):
                calm = False
                if line is None:
                    self._hear()
                else:
                    self._attend(line)
            if self._ledger.is_due(calm=calm):
                self._ledger.send()
                self._lines.give_back_idle()

    def _hear(self) -> None:
        """Reads what the server sends."""
        data, descriptors, _, _ = socket.recv_fds(self._channel, wire.BLOCK_SIZE, 64)
        self._lent.extend(descriptors)
        self._unread += data
        self._over = not data
        for kind, payload in wire.frames(self._unread):
            if kind == wire.QUESTION:
                self._answer(Question.decode(payload))
            elif kind == wire.LOAN:
                self._borrow(Loan.decode(payload), self._lent.popleft())
            else:
                self._lines.give_back_all(wire.recalled(payload))

    def _answer(self, question: Question) -> None:
        """Answers a question of the server."""
        self._ration.begin(question.seconds)
        sink = Sink(self._channel, question.coding)
        last = answer(self._holdings, question, sink)
        self._end(sink.rest() if last is None else last)

    def _end(self, last: bytes) -> None:
        self._over = self._ration.is_spent()
        self._channel.sendall(last + (_SPENT if self._over else _END))

    def _borrow(self, loan: Loan, descriptor: int) -> None:
        if loan.shift <= self._void:
            os.close(descriptor)
            return
        self._shift = loan.shift
        line = self._lines.borrow(loan, descriptor)
        self._begin(line, loan.request)
        self._take(line, loan.request)

    def _attend(self, line: Line) -> None:
        self._begin(line)
        try:
            request = self._slate.fill(line.descriptor, _READ)
        except BlockingIOError:
            self._slate.clear()
            return
        except OSError:
            request = b""
        line.read += len(request)
        self._take(line, request)

    def _begin(self, line: Line, request: bytes = b"") -> None:
        lines = self._lines
        self._slate.begin(
            Entry(
                since=time.monotonic(),
                line=line.loan.number,
                returned=lines.returned,
                borrowed=lines.borrowed,
                read=line.read,
                written=line.written,
                reply=0,
                request=request,
            )
        )

    def _take(self, line: Line, request: bytes) -> None:
        """Answers a request from a client, or gives the line back with it."""
        asked = self._enquiry(line, request)
        if asked is None:
            self._lines.give_back(line, request)
            self._slate.clear()
            return
        self._ration.begin(asked.question.seconds)
        self._apart = False
        began = time.monotonic()
        self._slate.lay(len(request))
        sink = Sink(self._channel, asked.question.coding, self._step_aside)
        last = answer(self._holdings, asked.question, sink)
        if self._apart or not self._slate.take():
            self._finish_apart(sink.rest() if last is None else last, request)
            return
        if last is None:
            self._send(line, request, asked, sink, time.monotonic() - began)
        else:  # the server will say what is wrong
            self._lines.give_back(line, request)
        self._slate.clear()
        if self._ration.is_spent():
            self._over = True
            self._channel.sendall(_SPENT)
            self._lines.give_back_all()

    def _enquiry(self, line: Line, request: bytes) -> Enquiry | None:
        """What is asked, if it is plain and by the client that has the loan."""
        if not enquiry.is_likely(request) or request in self._avoided:
            return None
        if self._header:
            client = payer.client_in(request, line.loan.address, self._header)
            if client != line.loan.client:
                return None
        return self._reader.read(request)

    def _send(self, line: Line, request: bytes, asked: Enquiry, sink: Sink, seconds: float) -> None:
        """Sends an answer to its client; what does not fit goes back to the server."""
        coding, body = sink.whole()
        number, reply = self._reply.write(asked, coding, body, line.left)
        line.used += seconds
        line.last = time.monotonic()
        self._slate.reply(len(reply))
        try:
            sent = os.write(line.descriptor, reply)
        except BlockingIOError:
            sent = 0
        except OSError:  # the client left
            sent = len(reply)
        line.written += sent
        kept = None
        if asked.etag and seconds >= WORTH:
            kept = (request, asked.etag, coding, body)
            self._avoided.add(request)
        self._ledger.note(Record(line.loan.client, number, seconds, len(body), kept))
        if sent < len(reply) or line.left <= 0:
            self._lines.give_back(line, unsent=reply[sent:])

    def _step_aside(self) -> None:
        """The answer is more than one piece: the server takes it, and all lines, over."""
        self._apart = True
        if self._slate.take():
            self._channel.sendall(wire.frame(wire.ASIDE))

    def _finish_apart(self, last: bytes, request: bytes) -> None:
        self._avoided.add(request)
        self._void = self._shift
        self._lines.drop_all()
        self._ledger.send()
        self._end(last)
