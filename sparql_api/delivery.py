"""Delivery: a running answer on its way to a client that may leave at any moment."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sparql_api import problems
from sparql_api.answer import Limits
from sparql_api.errors import ApiError
from sparql_api.generation import Generation
from sparql_api.pool import Lane, Pool
from sparql_api.wire import Question

T = TypeVar("T")

_log = logging.getLogger("sparql_api")
_TRANSFER = 10  # a client may take so many times as long to read as a query to run


class ClientGone(Exception):
    """The client closed the connection; nobody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Job:
    """A question with the release that answers it and the limits that hold."""

    pool: Pool
    generation: Generation
    question: Question
    limits: Limits
    lane: Lane = "public"


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The outcome of the work, which is cancelled when the client leaves. Raises ClientGone."""
    gone = asyncio.create_task(_until_gone(receive))
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({gone, task}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        gone.cancel()
        task.cancel()
        await asyncio.gather(gone, task, return_exceptions=True)


class Delivery(Response):
    """Streams a job's answer. The status line waits for the first block.

    What fails before it becomes a problem; what fails later breaks the transfer off without its
    last chunk, so that no client takes half an answer for a whole one.
    """

    def __init__(self, job: Job, request: Request, headers: Mapping[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._job = job
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, and ends the query when the client leaves."""
        try:
            await unless_gone(receive, self._deliver(scope, receive, send))
        except ClientGone:
            _log.info("client left; its query was ended")

    async def _deliver(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        job = self._job
        try:
            async with (
                job.pool.answering(job.question, job.limits, job.generation) as answer,
                asyncio.timeout(_TRANSFER * job.limits.total),
            ):
                await self._start(send)
                started = True
                if scope["method"] != "HEAD":
                    async for block in answer.blocks():
                        await _send(send, block, more=True)
                await _send(send, b"", more=False)
        except (ApiError, TimeoutError) as error:
            if started or not isinstance(error, ApiError):
                _log.warning("transfer broken off: %s", type(error).__name__)
                return
            await problems.answer(error, self._request)(scope, receive, send)

    async def _start(self, send: Send) -> None:
        headers = self.raw_headers
        await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _send(send: Send, block: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": block, "more_body": more})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
