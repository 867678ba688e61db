"""A channel: the server's end of a worker's socket, read frame by frame."""

import asyncio
from collections import deque
from collections.abc import Callable
from socket import send_fds, socket
from typing import cast

from sparql_api.workers import wire

_AHEAD = 4 * wire.BLOCK_SIZE  # bytes that may wait for a client before the worker has to

Frame = tuple[bytes, bytes]


class ChannelClosed(Exception):
    """The worker is gone; what it had not finished to say is lost."""


class Channel(asyncio.Protocol):
    """Frames as they come; memory is bounded by a few blocks, whatever the answer's length."""

    def __init__(self, socket: socket, tally: Callable[[bytes], None]) -> None:
        """`tally` gets what a clerk tells of its answers, which belongs to none that is awaited."""
        self.closed = False
        self._socket = socket
        self._tally = tally
        self._data = bytearray()
        self._frames: deque[Frame] = deque()
        self._held = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self.listener: Callable[[], None] | None = None  # called when frames came, or the end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Called by the loop."""
        self.closed = True
        self._wake()

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        if self._data:  # part of a frame; an answer that comes whole is not copied together
            self._data += data
        whole = self._data or data
        place, end = 0, len(whole)
        while end - place >= wire.PREFIX_SIZE:
            kind, size = wire.unpack_prefix(whole, place)
            after = place + wire.PREFIX_SIZE + size
            if after > end:
                break
            payload = bytes(whole[place + wire.PREFIX_SIZE : after])
            if kind == wire.TALLY:
                self._tally(payload)
            else:
                self._frames.append((kind, payload))
                self._held += size
            place = after
        if whole is data:
            self._data += data[place:]
        else:
            del self._data[:place]
        if place:
            self._wake()
        if self._held > _AHEAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def send(self, data: bytes) -> None:
        """Sends a question."""
        self._transport.write(data)

    def hand(self, data: bytes, descriptor: int) -> None:
        """Sends a frame with a descriptor, which the worker gets too. Raises OSError if it cannot.

        Past the transport, which sends no descriptors; so nothing may wait there.
        """
        if self.closed or self._transport.get_write_buffer_size():
            raise BlockingIOError
        if send_fds(self._socket, [data], [descriptor]) < len(data):
            self.close()
            raise BrokenPipeError

    def close(self) -> None:
        """Hangs up."""
        self._transport.close()

    def at_hand(self) -> Frame | None:
        """The next frame if it is here already."""
        if not self._frames:
            return None
        kind, payload = self._frames.popleft()
        self._held -= len(payload)
        if self._paused and self._held <= _AHEAD // 2:
            self._paused = False
            self._transport.resume_reading()
        return kind, payload

    def kind_at_hand(self) -> bytes | None:
        """The kind of the next frame if it is here already."""
        return self._frames[0][0] if self._frames else None

    def end_at_hand(self) -> bytes | None:
        """The payload of the END, if it is what comes next and is here already."""
        if self._frames and self._frames[0][0] == wire.END:
            return self._frames.popleft()[1]
        return None

    async def frame(self, seconds: float) -> Frame:
        """The next frame. Raises TimeoutError after so many seconds, ChannelClosed at the end."""
        loop = asyncio.get_running_loop()
        while (frame := self.at_hand()) is None:
            if self.closed:
                raise ChannelClosed
            self._waiter = loop.create_future()
            timer = loop.call_later(seconds, self._give_up, self._waiter)
            try:
                await self._waiter
            finally:
                timer.cancel()
                self._waiter = None
        return frame

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)
        if self.listener:
            self.listener()

    @staticmethod
    def _give_up(waiter: asyncio.Future[None]) -> None:
        if not waiter.done():
            waiter.set_exception(TimeoutError())
