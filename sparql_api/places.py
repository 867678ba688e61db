"""Places: how many queries run at the same time, and how many wait for it."""

import asyncio
from dataclasses import dataclass
from typing import Any

from loader.language import Text
from sparql_api.errors import ApiError, Busy

_STALL = 2.0  # seconds that a client may stand still while others wait for its place
_LOOK = 0.25  # seconds between two looks for such


@dataclass(slots=True, eq=False)
class Place:
    """A place that a task holds. `still_since` is when its client stopped reading."""

    holder: asyncio.Task[Any] | None
    still_since: float | None = None
    lost: bool = False


class Places:
    """So many at a time, so many waiting, and not for longer than the patience (seconds).

    Who waits takes the place of a client that has stopped to read; its transfer is broken off.
    """

    def __init__(self, places: int, queue: int, patience: float) -> None:
        self._free = asyncio.Semaphore(places)
        self._queue = queue
        self._patience = patience
        self._held: set[Place] = set()
        self.waiting = 0

    @property
    def taken(self) -> int:
        """Places in use."""
        return len(self._held)

    async def take(self) -> Place:
        """A place, to be given back. Raises Busy."""
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        place = Place(asyncio.current_task())
        self._held.add(place)
        return place

    def give_back(self, place: Place) -> None:
        """The place is free for the next."""
        self._held.discard(place)
        self._free.release()

    async def _wait(self) -> None:
        if self.waiting >= self._queue:
            raise _busy()
        self.waiting += 1
        freeing = asyncio.create_task(self._free_the_still())
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            freeing.cancel()
            self.waiting -= 1

    async def _free_the_still(self) -> None:
        while True:
            now = asyncio.get_running_loop().time()
            still = [place for place in self._held if _is_still(place, now)]
            if still:
                place = min(still, key=lambda place: place.still_since or now)
                place.lost = True
                if place.holder:
                    place.holder.cancel()
            await asyncio.sleep(_LOOK)


def _is_still(place: Place, now: float) -> bool:
    since = place.still_since
    return since is not None and now - since > _STALL and not place.lost


def _busy() -> ApiError:
    return Busy(
        Text(
            "Zurzeit laufen zu viele Abfragen. Versuchen Sie es gleich noch einmal.",
            "Too many queries are running. Try again in a moment.",
        ),
        retry_after=5,
    )
