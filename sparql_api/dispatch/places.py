"""Places: how many queries run at the same time, and how many wait for it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loader.language import Text
from sparql_api.errors import ApiError, Busy

_STALL = 2.0  # seconds that a client may stand still while others wait for its place
_LOOK = 0.25  # seconds between two looks for such, and for those who waited too long


@dataclass(slots=True, eq=False)
class Place:
    """A place that somebody holds. `still_since` is when its client stopped reading."""

    still_since: float | None = None
    lost: bool = False
    is_on_call: bool = False  # free for whoever wants it
    _wanted: Callable[[], None] | None = None
    _holder: asyncio.Task[Any] | None = None

    def hold(self) -> None:
        """The task that calls this is cancelled when another gets the place."""
        self._holder = asyncio.current_task()

    def begin_call(self, wanted: Callable[[], None]) -> None:
        """The place is held only as long as nobody wants it; then `wanted` is called, once."""
        self.is_on_call, self._wanted = True, wanted

    def end_call(self) -> None:
        """The place is held for a query."""
        self.is_on_call, self._wanted = False, None

    def want(self) -> bool:
        """Asks for a place on call; False if it is not, or was asked for already."""
        wanted, self._wanted = self._wanted, None
        if wanted:
            wanted()
        return wanted is not None

    def lose(self) -> None:
        """Another gets the place."""
        self.lost = True
        if self._holder:
            self._holder.cancel()


Seat = Callable[[Place | None], object]


class Places:
    """So many at a time, so many waiting, and not for longer than the patience (seconds).

    Who waits takes the place of a client that has stopped to read; its transfer is broken off.
    """

    def __init__(self, places: int, queue: int, patience: float) -> None:
        self._free = places
        self._queue = queue
        self._patience = patience
        self._held: set[Place] = set()
        self._waiting: dict[Seat, float] = {}  # in the order of arrival, with the time to give up
        self._timer: asyncio.TimerHandle | None = None

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self._free

    @property
    def taken(self) -> int:
        """Places in which queries run."""
        return len(self._held) - self.on_call

    @property
    def on_call(self) -> int:
        """Places that are held only as long as nobody wants them."""
        return sum(place.is_on_call for place in self._held)

    @property
    def waiting(self) -> int:
        """Those who wait for one."""
        return len(self._waiting)

    async def take(self) -> Place:
        """A place, to be given back. Raises Busy."""
        ready: asyncio.Future[Place] = asyncio.get_running_loop().create_future()

        def seat(place: Place | None) -> None:
            if ready.done():  # who asked is being cancelled
                if place:
                    self.give_back(place)
            elif place is None:
                ready.set_exception(busy())
            else:
                ready.set_result(place)

        self.ask(seat)
        try:
            place = await ready
        except asyncio.CancelledError:
            self.withdraw(seat)
            if ready.done() and not ready.cancelled() and not ready.exception():
                self.give_back(ready.result())
            raise
        return place

    def at_once(self) -> Place | None:
        """A place, if there is one that nobody waits for."""
        if not self._free:
            return None
        self._free -= 1
        return self._new()

    def ask(self, seat: Seat) -> None:
        """Calls `seat` with a place, now or later, or with None where there is none in time."""
        if self._free:
            self._free -= 1
            self._give(seat)
        elif len(self._waiting) >= self._queue:
            seat(None)
        else:
            loop = asyncio.get_running_loop()
            self._waiting[seat] = loop.time() + self._patience
            self._timer = self._timer or loop.call_later(0, self._look)
            any(place.want() for place in list(self._held))

    def withdraw(self, seat: Seat) -> bool:
        """Who asked waits no longer; False if the place was given or refused already."""
        return self._waiting.pop(seat, None) is not None

    def give_back(self, place: Place) -> None:
        """The place is free for the next."""
        self._held.discard(place)
        if self._waiting:
            seat = next(iter(self._waiting))
            del self._waiting[seat]
            self._give(seat)
        else:
            self._free += 1

    def _give(self, seat: Seat) -> None:
        seat(self._new())

    def _new(self) -> Place:
        place = Place()
        self._held.add(place)
        return place

    def _look(self) -> None:
        """One timer for all who wait, and none while nobody does."""
        now = asyncio.get_running_loop().time()
        for seat, end in list(self._waiting.items()):
            if end <= now and self.withdraw(seat):
                seat(None)
        still = [place for place in self._held if _is_still(place, now)]
        still.sort(key=lambda place: place.still_since or now)
        for place in still[: len(self._waiting)]:
            place.lose()
        missing = len(self._waiting)
        for place in list(self._held):
            if missing and place.want():
                missing -= 1
        self._timer = None
        if self._waiting:
            self._timer = asyncio.get_running_loop().call_later(_LOOK, self._look)


def _is_still(place: Place, now: float) -> bool:
    since = place.still_since
    return since is not None and now - since > _STALL and not place.lost


def busy() -> ApiError:
    """There is no place, nor will there be one soon."""
    return Busy(
        Text(
            "Zurzeit laufen zu viele Abfragen. Versuchen Sie es gleich noch einmal.",
            "Too many queries are running. Try again in a moment.",
        ),
        retry_after=5,
    )
