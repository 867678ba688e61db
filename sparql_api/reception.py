"""The reception: how long a client may take to say what it wants, and how long that may be."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

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
    """Uvicorn's protocol, which by itself waits for ever and reads headers without end."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._unread = 0  # bytes of headers whose end has not come yet
        self._within = True
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Called by the loop."""
        super().connection_made(transport)
        self.transport = _Envelope(transport, self.loop)  # type: ignore[assignment]
        self._timer = self.loop.call_later(_PATIENCE, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self._unread += len(data)
        super().data_received(data)
        if self._within and self._unread > _READ and not self.transport.is_closing():
            self._refuse()

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
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
        self._within, self._unread = True, 0
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

    def close(self) -> None:
        self._send_held()
        self._transport.close()

    def _send_held(self) -> None:
        if self._held:
            data, self._held = self._held, b""
            self._transport.write(data)
