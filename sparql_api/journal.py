"""The journal: one line of JSON for each request, and the users' queries if the operator wants.

A line names number, time, method, path, status, milliseconds and, where a query was asked, how it
ended; it names no client and no query. Query texts go to hourly files under `queries/`, and only
as long as the operator says.
"""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from json import dumps
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from sparql_api.visit import Visit

_access = logging.getLogger("sparql_api.access")
_DELAY = 0.2  # seconds that lines wait for others, so that one write serves many
_HOUR = "%Y-%m-%dT%HZ"


class Journal:
    """Notes what happened. Lines wait a moment; `close` writes what is left."""

    def __init__(self, home: Path, hours: float) -> None:
        self._folder = home / "queries"
        self._hours = hours
        self._lines: list[str] = []
        self._queries: list[str] = []
        self._pending: asyncio.TimerHandle | None = None
        self._swept = ""

    def note(self, visit: Visit, method: str, path: str, status: int, seconds: float) -> None:
        """One line for a request that has ended."""
        now = _at(int(time.time()))
        line = (
            f'{{"time": "{now}", "request": "{visit.number}", "method": "{method}", '
            f'"path": {quoted(path)}, "status": {status}, "ms": {seconds * 1000:.1f}'
        )
        if visit.outcome:
            line += (
                f', "outcome": "{visit.outcome}", "release": "{visit.release}", '
                f'"bytes": {visit.bytes}, "query_ms": {visit.seconds * 1000:.1f}'
            )
        self._lines.append(line + "}")
        if self._hours and visit.query is not None:
            about = {
                "time": _at(int(time.time())),
                "request": visit.number,
                "outcome": visit.outcome,
            }
            self._queries.append(dumps({**about, "query": visit.query}, ensure_ascii=False))
        if self._pending is None:
            self._pending = asyncio.get_running_loop().call_later(_DELAY, self.write)

    def write(self) -> None:
        """Writes what waits."""
        self._pending = None
        if self._lines:
            _access.info("%s", "\n".join(self._lines))
            self._lines.clear()
        if self._queries:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            name = datetime.now(UTC).strftime(_HOUR) + ".jsonl"
            with (self._folder / name).open("a", encoding="utf-8") as file:
                file.write("\n".join(self._queries) + "\n")
            self._queries.clear()

    def sweep(self) -> None:
        """Deletes query texts that are older than the operator says; without hours, all."""
        kept = datetime.now(UTC) - timedelta(hours=self._hours)
        for file in self._folder.glob("*.jsonl"):
            begun = datetime.strptime(file.stem, _HOUR).replace(tzinfo=UTC)
            if begun <= kept or not self._hours:
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Writes the rest; the server ends."""
        if self._pending:
            self._pending.cancel()
        self.write()


@lru_cache(maxsize=1)
def _at(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))
