"""Places: who runs, who waits, and who has to leave."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from sparql_api.dispatch.places import Place, Places
from sparql_api.errors import Busy

T = TypeVar("T")


def _run(work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        return await work()

    return asyncio.run(run())


def test_who_came_first_is_served_first() -> None:
    async def work() -> list[int]:
        places, order = Places(1, 9, 5), []

        async def ask(number: int) -> None:
            place = await places.take()
            order.append(number)
            await asyncio.sleep(0)
            places.give_back(place)

        await asyncio.gather(*(ask(number) for number in range(5)))
        assert (places.taken, places.waiting) == (0, 0)
        return order

    assert _run(work) == [0, 1, 2, 3, 4]


def test_the_queue_is_short() -> None:
    async def work() -> None:
        places = Places(1, 1, 5)
        await places.take()
        waiting = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await places.take()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert (places.taken, places.waiting) == (1, 0)

    _run(work)


def test_patience_ends() -> None:
    async def work() -> None:
        places = Places(1, 9, 0.01)
        await places.take()
        with pytest.raises(Busy):
            await places.take()
        assert places.waiting == 0

    _run(work)


def test_a_place_given_to_one_who_has_just_left_is_not_lost() -> None:
    async def work() -> None:
        places = Places(1, 9, 5)
        held = await places.take()
        leaving = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        places.give_back(held)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        assert places.taken == 0
        assert await places.take()

    _run(work)


def test_who_stands_still_loses_the_place_to_one_who_waits() -> None:
    async def work() -> None:
        places = Places(1, 9, 5)

        async def stand() -> None:
            place = await places.take()
            place.hold()
            place.still_since = asyncio.get_running_loop().time() - 100
            try:
                await asyncio.sleep(60)
            finally:
                places.give_back(place)

        standing = asyncio.create_task(stand())
        await asyncio.sleep(0)
        assert await places.take()
        assert standing.cancelled() or standing.cancelling()
        await asyncio.gather(standing, return_exceptions=True)

    _run(work)


def test_a_place_on_call_is_not_counted_and_left_to_whoever_wants_it() -> None:
    async def work() -> None:
        places, wanted = Places(1, 9, 5), []
        place = places.at_once()
        assert isinstance(place, Place)
        place.begin_call(lambda: wanted.append(True))
        assert (places.taken, places.on_call) == (0, 1)
        assert places.at_once() is None
        asking = asyncio.create_task(places.take())
        await asyncio.sleep(0)
        assert wanted == [True]
        place.end_call()
        places.give_back(place)
        assert await asking
        assert places.taken == 1

    _run(work)
