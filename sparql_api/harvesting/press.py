"""The press: makes the dumps of the live release while the server answers.

Neither a build nor a change waits for them. They are made in a process of its own that gives way
to all others, one release at a time; what was replaced meanwhile is left.
"""

import asyncio
import contextlib
import logging
import os
import sys

from loader.dumps.form import FORMS
from loader.dumps.shelf import Shelf
from loader.errors import UsageError
from loader.language import Text
from loader.releases.release import Release
from loader.settings import Settings
from sparql_api.dispatch.pool import Pool
from sparql_api.errors import ApiError

_LOOK = 2.0  # seconds between two looks at what is live
_SETTLED = 10.0  # seconds that a release is live before its dumps are begun
_PROGRAM = (
    "import os, sys; os.nice(19); from loader.command import main; sys.exit(main(sys.argv[1:]))"
)
_log = logging.getLogger("sparql_api")


class Press:
    """Makes what the operator wants of each release that stays live for a while."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self._settings = settings
        self._pool = pool
        self._forms = wanted(settings.dumps)
        self._failed: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begins to look."""
        if self._forms:
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stops; what is half made is cleared by whoever makes dumps next."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        before: Release | None = None
        while True:
            live = self._live()
            if live and live == before and self._missing(live):
                await self._make(live)
            await asyncio.sleep(_LOOK if live == before else _SETTLED)
            before = live

    def _live(self) -> Release | None:
        with contextlib.suppress(ApiError):
            return self._pool.current.release
        return None

    def _missing(self, release: Release) -> list[str]:
        if release.id in self._failed:
            return []
        made = {dump.form for dump in Shelf.of(release).dumps()}
        return [form for form in self._forms if form not in made]

    async def _make(self, release: Release) -> None:
        forms = [word for form in self._missing(release) for word in ("--format", form)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", _PROGRAM, "--lang", self._settings.lang),
            *("export", "--release", release.id, *forms),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "STADTWISSEN_HOME": str(self._settings.home)},
        )
        saying = asyncio.create_task(process.communicate())
        try:
            while not saying.done() and self._live() == release:
                await asyncio.wait([saying], timeout=_LOOK)
            if not saying.done():
                return  # another release is live now
            if process.returncode:
                self._failed.add(release.id)
                said = saying.result()[1].decode("utf-8", "replace")
                _log.error("the dumps of %s were not made: %s", release.id, said[-500:])
        finally:
            if process.returncode is None:
                process.kill()
            await saying


def wanted(text: str) -> list[str]:
    """The forms that a setting names: `all`, `none`, or their names. Raises UsageError."""
    words = text.split()
    if words == ["all"]:
        return list(FORMS)
    if words == ["none"]:
        return []
    for word in words:
        if word not in FORMS:
            names = ", ".join(FORMS)
            raise UsageError(
                Text(
                    f"STADTWISSEN_DUMPS: „{word}“ ist kein Format. Möglich sind all, none oder "
                    f"Namen aus: {names}.",
                    f"STADTWISSEN_DUMPS: “{word}” is no format. Possible are all, none, or names "
                    f"of: {names}.",
                )
            )
    return [form for form in FORMS if form in words]
