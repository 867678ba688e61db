"""A generation: one release in service, with its nursery and the workers forked for it."""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from loader.language import Text
from loader.releases.release import Release
from loader.settings import Settings
from sparql_api.errors import Busy
from sparql_api.workers.channel import Channel
from sparql_api.workers.enquiry import Terms
from sparql_api.workers.slate import Slate

_BYTES_PER_TRIPLE = 700  # measured: 520 in Oxigraph's memory store, and a margin
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",  # a fork loses threads
    # Statements lie all over the memory: in pages of 2 MiB they are found a quarter faster.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
_LOADING = 600.0
_SCHEDULED = 2  # in Linux's number of a process's clock, time that it ran (posix-timers.h)


class NurseryDied(Exception):
    """The process that holds the release is gone; the pool starts another."""


@dataclass(slots=True, eq=False)
class Worker:
    """The server's end of a forked worker."""

    process: int
    channel: Channel
    slate: Slate
    returned: int = 0  # lines that it gave back
    ended: bool = False

    @property
    def seconds(self) -> float:
        """Processor time of the process so far; 0 once it is gone."""
        try:
            return time.clock_gettime(~self.process << 3 | _SCHEDULED)
        except OSError:
            return 0.0


@dataclass(eq=False)
class Generation:
    """A release that answers. `leases` counts the queries that still read from it."""

    release: Release
    settings: Settings
    leases: int = 0
    tally: Callable[["Generation", bytes], None] | None = None
    _spares: int = 0
    _alive: int = 0
    _idle: list[Worker] = field(default_factory=list)
    _replies: deque[asyncio.Future[bytes]] = field(default_factory=deque)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, spares: int) -> None:
        """Loads the release and forks the first workers.

        Holds the release against `prune` until it is closed. Raises NurseryDied, UnknownRelease.
        """
        self._hold = self.release.hold()
        self._spares = spares
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(0)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "sparql_api.workers.nursery", str(theirs.fileno())),
                *(self._terms(), str(self.release.path), *self._what_to_load()),
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT},
            )
        ready: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._replies.append(ready)
        self._listener = asyncio.create_task(self._listen())
        try:
            await asyncio.wait_for(ready, _LOADING)
            for _ in range(spares):
                self._idle.append(await self._fork())
        except BaseException:
            await self.close()
            raise

    @property
    def broken(self) -> bool:
        """Whether the nursery is gone."""
        return self._listener.done()

    @property
    def idle(self) -> int:
        """Workers that wait for a query."""
        return len(self._idle)

    def hire_at_once(self) -> Worker | None:
        """A worker that waits for a query, if there is one."""
        return self._idle.pop() if self._idle and not self._idle[-1].channel.closed else None

    async def hire(self) -> Worker:
        """A worker for one query. Raises Busy when the nursery died a moment ago."""
        while self._idle:
            worker = self._idle.pop()
            if not worker.channel.closed:
                return worker
            await self.end(worker)
        forking = asyncio.create_task(self._fork())
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:  # the client left; its worker serves the next
            self._keep(self._adopt(forking))
            raise
        except NurseryDied:
            raise Busy(
                Text(
                    "Der Server nimmt gerade den Betrieb wieder auf. "
                    "Versuchen Sie es in einigen Sekunden noch einmal.",
                    "The server is just recovering. Try again in a few seconds.",
                ),
                retry_after=5,
            ) from None

    def take_back(self, worker: Worker) -> None:
        """A worker that finished its answer waits for the next, unless there are enough."""
        if self._alive > max(self._spares, 1):
            self.dismiss(worker)
        else:
            self._idle.append(worker)

    def dismiss(self, worker: Worker) -> None:
        """A worker that did not finish is killed, and a fresh one stands in if one is missing."""
        self._keep(self._replace(worker))

    async def end(self, worker: Worker) -> int:
        """Kills a worker or finds it dead; the negative number of the signal, 0 if none."""
        worker.channel.close()
        if worker.ended:
            return 0
        worker.ended = True
        worker.slate.close()
        self._alive -= 1
        with contextlib.suppress(NurseryDied):
            return int(await self._call(b"end %d" % worker.process))
        return 0

    async def close(self) -> None:
        """Ends the nursery and all its workers."""
        for task in self._tasks:
            task.cancel()
        for worker in self._idle:
            worker.channel.close()
        self._listener.cancel()
        self._control.close()  # the nursery ends its children when it reads the end
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        self._hold.close()

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _adopt(self, forking: asyncio.Task[Worker]) -> None:
        with contextlib.suppress(NurseryDied):
            self.take_back(await forking)

    async def _replace(self, worker: Worker) -> None:
        with contextlib.suppress(NurseryDied):
            await self.end(worker)
            if self._alive < self._spares:
                self._idle.append(await self._fork())

    async def _fork(self) -> Worker:
        self._alive += 1
        ours, theirs = socket.socketpair()
        slate = Slate.new()
        try:
            with theirs:
                descriptors = (theirs.fileno(), *slate.descriptors)
                process = int(await self._call(b"fork", *descriptors))
        except NurseryDied:
            self._alive -= 1
            slate.close()
            raise
        loop = asyncio.get_running_loop()
        _, channel = await loop.create_unix_connection(lambda: Channel(ours, self._note), sock=ours)
        return Worker(process, channel, slate)

    def _note(self, tally: bytes) -> None:
        if self.tally:
            self.tally(self, tally)

    async def _call(self, message: bytes, *descriptors: int) -> bytes:
        """Sends one message to the nursery, which answers in the order of the messages."""
        if self.broken:
            raise NurseryDied
        reply: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        try:
            socket.send_fds(self._control, [message], list(descriptors))
        except OSError:
            raise NurseryDied from None
        self._replies.append(reply)
        return await reply

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while message := await loop.sock_recv(self._control, 64):
                reply = self._replies.popleft()
                if not reply.done():
                    reply.set_result(message)
        except OSError:
            pass  # the same as the end of the stream: the nursery is gone
        finally:
            for reply in self._replies:
                if not reply.done():
                    reply.set_exception(NurseryDied())

    def _terms(self) -> str:
        return Terms.of(self.release.id, self.settings).encode()

    def _what_to_load(self) -> list[str]:
        need = int(self.release.manifest["triples"]) * _BYTES_PER_TRIPLE
        installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if need <= min(self.settings.query_memory, installed // 4):
            return ["memory", *map(str, self.release.masters)]
        return ["disk", str(self.release.store)]
