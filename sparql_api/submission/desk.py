"""The desk: where deliveries are handed in, each to a worker of its own, under limits.

Files lie in a folder of their own while they are checked and are gone before the answer is.
"""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request

from loader.language import Language, Text
from loader.settings import Settings
from sparql_api.errors import Busy, CheckTooHeavy, DescriptionRefused, EngineCrash
from sparql_api.submission import examiner
from sparql_api.submission.examiner import REFUSAL, VERDICT, Task

_START = 120.0  # seconds that shapes and vocabulary may take to load
_WAITING = 64  # deliveries that may wait for a worker
# One more check than there are processors runs at once, so that none rests while files are written;
# with threads of their own they would only wait for each other.
_ENVIRONMENT = {
    "POLARS_MAX_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # large pages: a fork then copies fewer entries
}


def of(request: Request) -> "Desk":
    """The desk of the application that got the request."""
    desk: Desk = request.app.state.desk
    return desk


@dataclass(frozen=True, slots=True)
class Upload:
    """A delivery as it lies in its folder: the names of its files, and of its description."""

    folder: Path
    files: tuple[str, ...]
    metadata: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict as the contract writes it, with excerpts, and the reports by their format."""

    verdict: dict[str, Any]
    reports: dict[str, bytes]


@dataclass
class Desk:
    """The examiner and the places before it."""

    settings: Settings
    _process: asyncio.subprocess.Process | None = None
    _readying: asyncio.Task[None] | None = None
    _waiting: int = 0
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def open(self) -> None:
        """Takes a folder for what will be handed in."""
        self._room = Path(tempfile.mkdtemp(prefix="stadtwissen-"))
        self._places = asyncio.Semaphore(self.settings.query_workers + 1)

    def expect(self) -> None:
        """Lets the examiner make ready: somebody looks at the page and will soon hand in.

        Until then it is not started, since few servers get deliveries and it costs 250 MB.
        """
        if self._readying is None:
            self._readying = asyncio.create_task(self._started())

    async def close(self) -> None:
        """Ends the examiner and clears what was handed in."""
        if self._readying is not None:
            self._readying.cancel()
        if self._process is not None:
            self._control.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 5)
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
        shutil.rmtree(self._room, ignore_errors=True)

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A fresh folder with `in` and `out`, gone at the end."""
        path = Path(tempfile.mkdtemp(dir=self._room))
        try:
            (path / "in").mkdir()
            (path / "out").mkdir()
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)

    async def examine(self, upload: Upload, language: Language, *forms: str) -> Outcome:
        """Checks a delivery. Raises Busy, CheckTooHeavy, DescriptionRefused, EngineCrash."""
        if self._waiting >= _WAITING:
            raise _busy()
        self._waiting += 1
        try:
            async with self._places:
                task = Task(str(upload.folder), upload.files, upload.metadata, forms, language)
                word = await self._ask(task)
        finally:
            self._waiting -= 1
        out = upload.folder / "out"
        if word == examiner.DONE:
            verdict = json.loads((out / VERDICT).read_text("utf-8"))
            return Outcome(verdict, {f: (out / f"report.{f}").read_bytes() for f in forms})
        if word == examiner.REFUSED:
            raise DescriptionRefused(Text(**json.loads((out / REFUSAL).read_text("utf-8"))))
        raise self._failure(word)

    async def _ask(self, task: Task) -> bytes:
        """One task to the examiner; the word in which its minder says how it ended."""
        await self._started()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [task.encoded()], [theirs.fileno()])
            except OSError:
                ours.close()
                raise _busy() from None
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            return await reader.read()
        finally:
            writer.close()

    async def _started(self) -> None:
        """The examiner, started with the first delivery and again if it died."""
        async with self._starting:
            if self._process is not None and self._process.returncode is None:
                return
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._control.setblocking(False)  # noqa: FBT003  # the socket module names none
            settings = self.settings
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    *(
                        sys.executable,
                        "-P",
                        "-m",
                        "sparql_api.submission.examiner",
                        str(theirs.fileno()),
                    ),
                    *(str(settings.home), str(settings.check_timeout), str(settings.check_memory)),
                    env={**os.environ, **_ENVIRONMENT},
                    pass_fds=[theirs.fileno()],
                    stdin=asyncio.subprocess.DEVNULL,
                )
            loop = asyncio.get_running_loop()
            await asyncio.wait_for(loop.sock_recv(self._control, 16), _START)

    def _failure(self, word: bytes) -> Exception:
        if word == examiner.TIME:
            seconds = self.settings.check_timeout
            return CheckTooHeavy(
                Text(
                    f"Die Prüfung dauert länger als {seconds:g} Sekunden. Teilen Sie die Datei.",
                    f"The check takes longer than {seconds:g} seconds. Split the file.",
                ),
                limit=seconds,
            )
        if word == examiner.MEMORY:
            limit = self.settings.check_memory // 2**20
            return CheckTooHeavy(
                Text(
                    f"Die Prüfung braucht mehr als {limit} MB Arbeitsspeicher. Teilen Sie die "
                    "Datei.",
                    f"The check needs more than {limit} MB of memory. Split the file.",
                ),
                limit=self.settings.check_memory,
            )
        return EngineCrash(
            Text(
                "Ihre Datei ist nicht schuld: Bei uns ist ein Fehler aufgetreten.",
                "Your file is not to blame: something went wrong on our side.",
            )
        )


def _busy() -> Busy:
    return Busy(
        Text(
            "Gerade werden viele Dateien geprüft. Versuchen Sie es in einer Minute noch einmal.",
            "Many files are being checked just now. Try again in a minute.",
        ),
        retry_after=60,
    )
