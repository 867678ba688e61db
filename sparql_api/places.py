"""Places: how many queries run at the same time, and how many wait for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from loader.language import Text
from sparql_api.errors import ApiError, Busy


class Places:
    """So many at a time, so many waiting, and not for longer than the patience (seconds)."""

    def __init__(self, places: int, queue: int, patience: float) -> None:
        self._free = asyncio.Semaphore(places)
        self._queue = queue
        self._patience = patience
        self.taken = 0
        self.waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One place. Raises Busy."""
        await self._wait()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
            self._free.release()

    async def _wait(self) -> None:
        if self._free.locked() and self.waiting >= self._queue:
            raise _busy()
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self.waiting -= 1


def _busy() -> ApiError:
    return Busy(
        Text(
            "Zurzeit laufen zu viele Abfragen. Versuchen Sie es gleich noch einmal.",
            "Too many queries are running. Try again in a moment.",
        ),
        retry_after=5,
    )
