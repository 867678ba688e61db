"""Delivery: a running answer on its way to a client that may leave at any moment."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sparql_api import problems, visit
from sparql_api.dispatch.answer import Answer
from sparql_api.dispatch.attendance import ClientGone, unless_gone
from sparql_api.dispatch.generation import Generation
from sparql_api.dispatch.places import Place
from sparql_api.dispatch.pool import Lane, Pool
from sparql_api.dispatch.running import Running
from sparql_api.errors import ApiError
from sparql_api.letterhead import coded
from sparql_api.workers.cache import WORTH, Finished
from sparql_api.workers.limits import Limits
from sparql_api.workers.wire import Question

_log = logging.getLogger("sparql_api")
_TRANSFER = 10  # a client may take so many times as long to read as a query to run


class ClientStoodStill(Exception):
    """The client stopped to read while others waited for its place."""


@dataclass(slots=True)
class Job:
    """A question with the release that answers it and the limits that hold.

    `client` is who pays with its budget; our own pages ask in a lane of their own and pay nothing.
    `federated` where the question has SERVICE blocks. `running` where a clerk began to answer.
    `seconds` tells afterwards how long the engine took, and the other servers.
    """

    pool: Pool
    generation: Generation
    question: Question
    limits: Limits
    lane: Lane = "public"
    client: str = ""
    federated: bool = False
    running: Running | None = None
    seconds: float = 0.0


class Delivery(Response):
    """Streams a job's answer. The status line waits for the first block.

    What fails before it becomes a problem; what fails later breaks the transfer off without its
    last chunk, so that no client takes half an answer for a whole one. `etag` is that of the answer
    without content coding, None where the same query may answer differently.
    """

    def __init__(
        self, job: Job, request: Request, headers: Mapping[str, str], etag: str | None
    ) -> None:
        self.status_code = 200
        self.background = None
        self.raw_headers = [_raw(name, text) for name, text in headers.items()]
        self._job = job
        self._request = request
        self._etag = etag
        self._visit = visit.of(request.scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, and ends the query when the client leaves."""
        coding = self._job.question.coding
        finished = self._job.pool.cache.find(self._etag, coding) if self._etag else None
        if finished:
            self._visit.outcome = "cached"
            await self._send_whole(scope, send, finished.body, finished.coding)
            return
        try:
            await unless_gone(receive, self._deliver(scope, receive, send))
        except ClientGone:
            self._visit.outcome = "gone"
        finally:
            self._visit.seconds = self._job.seconds

    async def _deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._visit.outcome = "broken"
        started = False
        try:
            async with self._job.pool.answering(self._job) as answer:
                started = True
                body = answer.at_once()
                coding = self._job.question.coding if answer.coded else ""
                if body is not None:
                    self._keep(answer, body, coding)
                    await self._send_whole(scope, send, body, coding)
                else:
                    async with asyncio.timeout(_TRANSFER * self._job.limits.total):
                        await self._stream(scope, send, answer, coding)
            self._visit.outcome = "ok"
        except (ApiError, TimeoutError, ClientStoodStill) as error:
            if started or not isinstance(error, ApiError):
                _log.warning(
                    "%s: transfer broken off: %s", self._visit.number, type(error).__name__
                )
                return
            self._visit.outcome = problems.KINDS[type(error)].name
            problem = problems.answer(error, self._request)
            problem.raw_headers += [h for h in self.raw_headers if h[0].startswith(b"access-")]
            await problem(scope, receive, send)

    async def _send_whole(self, scope: Scope, send: Send, body: bytes, coding: str) -> None:
        await self._start(send, coding, (b"content-length", b"%d" % len(body)))
        await self._send(send, b"" if scope["method"] == "HEAD" else body, more=False)

    async def _stream(self, scope: Scope, send: Send, answer: Answer, coding: str) -> None:
        await self._start(send, coding)
        if scope["method"] != "HEAD":
            async for block in self._kept(answer, coding):
                await self._send_patiently(send, block, answer.place)
        await self._send(send, b"", more=False)

    async def _send_patiently(self, send: Send, block: bytes, place: Place) -> None:
        """Waits for a client that reads slowly, until another needs the place."""
        place.still_since = asyncio.get_running_loop().time()
        try:
            await self._send(send, block, more=True)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if place.lost and task:
                task.uncancel()
                raise ClientStoodStill from None
            raise
        place.still_since = None

    async def _kept(self, answer: Answer, coding: str) -> AsyncIterator[bytes]:
        """The blocks, which also go to the cache as long as they are not too many."""
        blocks: list[bytes] = []
        size = 0
        async for block in answer.blocks():
            size += len(block)
            if size <= self._job.pool.cache.largest:
                blocks.append(block)
            else:
                blocks.clear()
            yield block
        if size <= self._job.pool.cache.largest:
            self._keep(answer, b"".join(blocks), coding)

    def _keep(self, answer: Answer, body: bytes, coding: str) -> None:
        if self._etag and answer.whole and answer.seconds >= WORTH:
            self._job.pool.keep(self._job.generation, self._etag, Finished(body, coding))

    async def _start(self, send: Send, coding: str, *more: tuple[bytes, bytes]) -> None:
        headers = [*self.raw_headers, *more]
        if self._etag:
            headers.append((b"etag", coded(self._etag, coding).encode()))
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def _send(self, send: Send, block: bytes, *, more: bool) -> None:
        self._visit.bytes += len(block)
        await send({"type": "http.response.body", "body": block, "more_body": more})


@lru_cache(maxsize=256)  # most answers have the same
def _raw(name: str, text: str) -> tuple[bytes, bytes]:
    return name.lower().encode(), text.encode("latin-1")
