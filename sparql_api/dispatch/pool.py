"""The pool: who may ask when, which release answers, and what happens to the worker after."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from starlette.requests import Request

from loader.errors import LoaderError
from loader.language import Text
from loader.releases.release import Home
from loader.settings import Settings
from sparql_api.dispatch.answer import Answer, late
from sparql_api.dispatch.budget import Budget
from sparql_api.dispatch.engagement import Engagement
from sparql_api.dispatch.generation import Generation, NurseryDied
from sparql_api.dispatch.places import Places
from sparql_api.errors import EngineCrash, NoRelease, Unknown
from sparql_api.request import federation
from sparql_api.request.broker import Broker
from sparql_api.workers.cache import Cache, Finished
from sparql_api.workers.limits import Limits

if TYPE_CHECKING:
    from sparql_api.dispatch.delivery import Job
    from sparql_api.workers.wire import Question

Lane = Literal["public", "house"]

_log = logging.getLogger("sparql_api")
_LOOK = 0.5  # seconds between two looks at the pointer `current`
_RETRY = 5.0  # seconds until the next look after one that failed
_GRACE = 5.0  # seconds that a replaced release stays at least
_TRIES = 3  # workers that a query may lose, one after the other, to whoever kills them
_OLDER = 2  # releases kept open besides the live one


def of(request: Request) -> "Pool":
    """The pool of the application that got the request."""
    pool: Pool = request.app.state.pool
    return pool


class Pool:
    """The generations in service and the places before them.

    Our own pages have a lane of their own, so that they answer while visitors' queries fill theirs.
    """

    def __init__(self, settings: Settings) -> None:
        self.budget = Budget(settings.rate, settings.client_queries)
        self.cache = Cache(settings.answer_cache)
        self.broker = Broker(
            settings.allowed_services, settings.service_timeout, settings.service_size
        )
        self.tally: Callable[[Generation, bytes], None] | None = None  # told what clerks answered
        self.killed = 0  # workers that were ended before their answer was
        self._settings = settings
        self._limits = Limits.of(settings)
        self.home = Home(settings.home)
        self._current: Generation | None = None
        self._older: dict[str, Generation] = {}
        self._draining: list[tuple[float, Generation]] = []
        self._refused = ""
        self._opening = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._lanes: dict[Lane, Places] = {
            "public": Places(
                settings.query_workers, settings.query_queue, settings.query_first_row
            ),
            "house": Places(2, 64, settings.query_first_row),
        }

    async def start(self) -> None:
        """Takes the live release into service, if there is one, and keeps looking for the next."""
        try:
            await self._look()
        except (LoaderError, NurseryDied, OSError):  # better a server that says so than none
            _log.exception("the release that `current` names cannot be opened")
        self._watch = asyncio.create_task(self._watch_pointer())

    async def close(self) -> None:
        """Ends all workers; no process stays behind."""
        self.broker.close()
        self._watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watch
        draining = [generation for _, generation in self._draining]
        live = [self._current] if self._current else []
        generations = [*self._older.values(), *draining, *live]
        await asyncio.gather(*(generation.close() for generation in generations))

    @property
    def current(self) -> Generation:
        """The generation of the live release. Raises NoRelease."""
        if self._current is None:
            raise NoRelease(
                Text(
                    "Es gibt noch keine Daten: Der Betreiber hat noch keine Veröffentlichung "
                    "gebaut.",
                    "There are no data yet: the operator has not built a release.",
                ),
                retry_after=60,
            )
        return self._current

    @property
    def at_hand(self) -> Generation | None:
        """The generation of the live release, while it can be asked."""
        live = self._current
        return live if live and not live.broken else None

    @property
    def state(self) -> dict[str, int]:
        """Places and workers as `/health` tells them."""
        public = self._lanes["public"]
        return {
            "places": self._settings.query_workers,
            "busy": public.taken,
            "queued": public.waiting,
            "idle": self._current.idle + public.on_call if self._current else 0,
        }

    def limits(self, timeout: float | None = None) -> Limits:
        """The operator's limits, lowered by what the client asks for."""
        return self._limits.lowered(timeout)

    async def generation(self, release: str | None) -> Generation:
        """The generation that answers for a release, opened if need be. Raises Unknown."""
        if not release or (self._current and release == self._current.release.id):
            return self.current
        async with self._opening:
            found = self._older.get(release)
            if found is None or found.broken:
                found = await self._open(release)
                self._older[release] = found
                await self._close_surplus(found)
        return found

    @asynccontextmanager
    async def answering(self, job: "Job") -> AsyncIterator[Answer]:
        """An answer whose first block has come. Raises ApiError; always clears up its worker."""
        held = job.running.hand_over() if job.running else None
        begun = held is not None
        held = held or Engagement(self, job.generation, self._lanes[job.lane])
        answer: Answer | None = None
        try:
            if not begun:
                held.admit(job.client)
            question = await self._bound(job) if job.federated else job.question
            held.place = held.place or await held.places.take()
            held.place.hold()
            held.worker = held.worker or await job.generation.hire()
            answer = Answer(job.generation, held.worker, question, job.limits, held.place)
            if begun and job.running:
                answer.seconds = job.running.seconds
            else:
                answer.ask()
            await self._begin(answer, held)
            yield answer
        finally:
            job.seconds += answer.seconds if answer else 0.0
            whole, spent = (answer.whole, answer.spent) if answer else (False, False)
            held.end(job.seconds, whole=whole, spent=spent)

    async def _begin(self, answer: Answer, held: Engagement) -> None:
        """Waits for the first block. Others are asked where a worker is killed, but no end of them.

        Raises ApiError.
        """
        for left in reversed(range(_TRIES)):
            try:
                await answer.begin()
            except EngineCrash:
                if not (left and answer.was_killed and held.worker):
                    raise
                held.generation.dismiss(held.worker)
                held.worker = await held.generation.hire()
                answer.ask(held.worker)
            else:
                return

    @property
    def has_spare(self) -> bool:
        """Whether there is a place and a worker for visitors' queries that nobody waits for."""
        generation = self.at_hand
        return bool(generation and generation.idle and self._lanes["public"].free)

    def spare(self) -> Engagement | None:
        """A place and a worker for visitors' queries, if nobody waits for them."""
        generation, places = self.at_hand, self._lanes["public"]
        place = places.at_once() if generation and generation.idle else None
        if generation is None or place is None:
            return None
        held = Engagement(self, generation, places)
        held.place, held.worker = place, generation.hire_at_once()
        if held.worker is None:
            held.end(0)
            return None
        return held

    async def _bound(self, job: "Job") -> "Question":
        """The question with what other servers answer in the place of its SERVICE blocks."""
        began = time.perf_counter()
        question = job.question
        try:
            async with asyncio.timeout(job.limits.first):
                text = await federation.bind(question.text, question.base or "", self.broker)
        except TimeoutError:
            raise late(job.limits.first) from None
        finally:
            job.seconds += time.perf_counter() - began
        return question._replace(text=text)

    def keep(self, generation: Generation, etag: str, answer: Finished) -> None:
        """Keeps a finished answer, unless its release has been replaced meanwhile."""
        if generation is self._current:
            self.cache.keep(etag, answer)

    async def renew(self) -> None:
        """Takes the release that `current` names into service now, not at the next look."""
        try:
            await self._look()
        except (LoaderError, NurseryDied, OSError):
            _log.exception("the release that `current` names cannot be opened")

    async def _open(self, release: str) -> Generation:
        try:
            generation = Generation(self.home.release(release), self._settings)
            await generation.start(spares=0)
        except (LoaderError, NurseryDied) as error:
            raise Unknown(
                Text(
                    f"Die Veröffentlichung „{release}“ gibt es hier nicht.",
                    f"There is no release “{release}” here.",
                )
            ) from error
        return generation

    async def _close_surplus(self, keep: Generation) -> None:
        for name, generation in list(self._older.items()):
            if len(self._older) > _OLDER and generation is not keep and not generation.leases:
                del self._older[name]
                await generation.close()

    async def _watch_pointer(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self._look()
                await self._drain()
            except (LoaderError, NurseryDied, OSError):
                _log.exception("the release that `current` names cannot be opened")
                await asyncio.sleep(_RETRY)

    async def _look(self) -> None:
        """Puts the release that `current` names into service; the old one drains."""
        async with self._looking:
            await self._take_over()

    async def _take_over(self) -> None:
        live = self.home.current()
        serving = self._current
        if live is None or (serving and serving.release.id == live.id and not serving.broken):
            return
        if live.id == self._refused and serving and not serving.broken:
            return  # it could not be opened; said once
        fresh = Generation(live, self._settings)
        fresh.tally = self.tally
        self._refused = live.id
        await fresh.start(spares=self._settings.query_workers + 1)
        self._refused = ""
        self._current = fresh
        self.cache.clear()
        if serving:
            self._draining.append((asyncio.get_running_loop().time(), serving))

    async def _drain(self) -> None:
        """Closes what nobody reads any more; the grace is for requests that just chose it."""
        now = asyncio.get_running_loop().time()
        for since, generation in list(self._draining):
            if generation.broken or (not generation.leases and now - since > _GRACE):
                self._draining.remove((since, generation))
                await generation.close()
