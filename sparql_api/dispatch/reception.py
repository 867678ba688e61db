"""The reception: how long a client may take to say what it wants, and how long that may be."""

import asyncio
import contextlib
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sparql_api.dispatch.running import KEY, Running
from sparql_api.dispatch.switchboard import Switchboard
from sparql_api.dispatch.traffic import Traffic, waiting

if TYPE_CHECKING:
    from sparql_api.dispatch.shift import Shift

_HEAD = 64 * 2**10  # bytes of a request's line and headers
_READ = 2 * _HEAD  # bytes that may come before their end is seen
_SMALL = 4 * 2**10  # bytes; the head of an answer has about 1,000
_PATIENCE = 30  # seconds for them to arrive
_SENTENCE = (
    "Adresse und Kopfzeilen sind zusammen länger als 64 KiB. Senden Sie lange Abfragen mit POST.\n"
    "Address and headers are longer than 64 KiB together. Send long queries by POST.\n"
).encode()
_TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n\r\n%b"
) % (len(_SENTENCE), _SENTENCE)


class Reception(HttpToolsProtocol):
    """Uvicorn's protocol, which by itself waits for ever and reads headers without end.

    Where the switchboard lends the line to a worker, the application sees nothing of it, until it
    comes back with a request that is not plain, or with an answer that is running already.
    """

    def __init__(self, switchboard: Switchboard, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.address = ""
        self._switchboard = switchboard
        self._shift: Shift | None = None  # that has the line
        self._running: Running | None = None  # that the application goes on with
        self._unread = 0  # bytes of headers whose end has not come yet
        self._within = True
        self._has_begun = False  # a request, whose end has not come yet
        self._was_lent = False
        self._is_leaving = False  # once what was asked is answered
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the loop."""
        super().connection_made(transport)
        self._envelope = _Envelope(transport, self.loop)
        self.transport = self._envelope  # type: ignore[assignment]
        self.address = self.client[0] if self.client else ""
        self._timer = self.loop.call_later(_PATIENCE, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self._wait_no_more()
        if self._shift:
            self._shift.recall_line(self)
        elif self._was_lent:
            self._hang_up()
        super().connection_lost(exc)
        self._end_running()

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        may_go = self._is_idle() and not self._is_leaving
        self._shift = self._switchboard.lend(self, data) if may_go else None
        if self._shift:
            self._was_lent = True
            self.flow.pause_reading()
            self._unset_keepalive_if_required()
            self._wait_no_more()
        else:
            self._read(data)

    @property
    def descriptor(self) -> int:
        """The connection's own; see `sparql_api.dispatch.shift.Line`."""
        return self._socket().fileno()

    def traffic(self) -> Traffic | None:
        """What went over the connection; see `sparql_api.dispatch.shift.Line`."""
        return None if self.transport.is_closing() else Traffic.of(self._socket())

    def come_back(self, unread: bytes, unsent: bytes) -> None:
        """The line is ours again; see `sparql_api.dispatch.shift.Line`."""
        self._shift = None
        if self.transport.is_closing():
            return
        if unsent:
            self.transport.write(unsent)
        self.on_response_complete()
        if unread:
            self.data_received(unread)
        elif self._is_leaving:
            self._leave()

    def go_on(self, request: bytes, running: Running | None) -> None:
        """Lets the application answer; see `sparql_api.dispatch.shift.Line`."""
        self._shift, self._running = None, running
        if self.transport.is_closing():
            self._end_running()
            return
        self.flow.resume_reading()
        self._read(request)

    def abort(self) -> None:
        """Hangs up; see `sparql_api.dispatch.shift.Line`."""
        self._shift = None
        self.transport.abort()

    def shutdown(self) -> None:
        """Called by the server; what a client asked before is answered."""
        self._is_leaving = True
        if self._shift:
            self._shift.recall_line(self)
        else:
            self._leave()

    def on_response_complete(self) -> None:
        """Called by the answer."""
        self._end_running()
        super().on_response_complete()

    def _socket(self) -> socket:
        found: socket = self.transport.get_extra_info("socket")
        return found

    def _is_idle(self) -> bool:
        """Whether nothing is being read, answered or held back."""
        answered = self.cycle is None or self.cycle.response_complete
        read = not self._has_begun and not self._unread
        return answered and read and not self._envelope.is_holding()

    def _leave(self) -> None:
        """Ends the connection after the answer underway, or that to what was not read yet."""
        if self.transport.is_closing() or not (self._is_idle() and waiting(self._socket())):
            super().shutdown()

    def _hang_up(self) -> None:
        """Ends the connection for the client, whichever busy worker still has it open."""
        with contextlib.suppress(OSError), self._socket().dup() as same:
            same.shutdown(SHUT_RDWR)

    def _end_running(self) -> None:
        if self._running:
            self._running.drop()
            self._running = None

    def _read(self, data: bytes) -> None:
        self._unread += len(data)
        super().data_received(data)
        if self._within and self._unread > _READ and not self.transport.is_closing():
            self._refuse()
        if self._is_leaving:
            self._leave()

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        self._has_begun = True
        if self._running:
            self.scope[KEY] = self._running  # type: ignore[literal-required]
        if self._timer is None:
            self._timer = self.loop.call_later(_PATIENCE, self.transport.close)

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._wait_no_more()
        self._within = False
        if len(self.url) + sum(len(name) + len(text) for name, text in self.headers) > _HEAD:
            self._refuse()
        else:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._within, self._has_begun, self._unread = True, False, 0
        if not self.transport.is_closing():
            super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        if not self.transport.is_closing():
            super().on_body(body)

    def _refuse(self) -> None:
        self.transport.write(_TOO_LONG)
        self.transport.close()

    def _wait_no_more(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


class _Envelope:
    """A transport that holds a small piece for the next one, so that head and body go in one."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._held:
            data, self._held = self._held + data, b""
        elif len(data) < _SMALL:
            self._held = data
            self._loop.call_soon(self._send_held)
            return
        self._transport.write(data)

    def is_holding(self) -> bool:
        return bool(self._held) or self._transport.get_write_buffer_size() > 0

    def close(self) -> None:
        self._send_held()
        self._transport.close()

    def _send_held(self) -> None:
        if self._held:
            data, self._held = self._held, b""
            self._transport.write(data)
