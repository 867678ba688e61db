"""Attendance: whether the client still waits for what it asked."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from starlette.types import Receive

T = TypeVar("T")

_NOTICE = 0.05  # seconds; what is answered sooner needs nobody to watch the door


class ClientGone(Exception):
    """The client closed the connection; nobody waits for the answer."""


async def unless_gone(receive: Receive, work: Awaitable[T]) -> T:
    """The outcome of the work, which is cancelled when the client leaves. Raises ClientGone."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("only a task can be left alone")
    watch = _Watch(receive, task)
    try:
        return await work
    except asyncio.CancelledError:
        if not watch.gone:
            raise
        task.uncancel()
        raise ClientGone from None
    finally:
        watch.end()


class _Watch:
    def __init__(self, receive: Receive, worker: asyncio.Task[Any]) -> None:
        self.gone = False
        self._receive = receive
        self._worker = worker
        self._door: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_NOTICE, self._begin)

    def end(self) -> None:
        self._timer.cancel()
        if self._door:
            self._door.remove_done_callback(self._leave)
            self._door.cancel()

    def _begin(self) -> None:
        self._door = asyncio.create_task(self._until_gone())
        self._door.add_done_callback(self._leave)

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def _leave(self, _door: asyncio.Task[None]) -> None:
        self.gone = True
        self._worker.cancel()
