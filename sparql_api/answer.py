"""An answer: one query's frames as they come from a worker, within their time."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from loader.language import Text
from sparql_api import wire
from sparql_api.errors import (
    ApiError,
    EngineCrash,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
)
from sparql_api.generation import Generation, Worker

_QUOTED = 120  # characters of the line that has the error


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a query may take until its first block, and in all."""

    first: float
    total: float
    memory: int


class Answer:
    """The blocks of one answer. `whole` is true once the end has come.

    Time counts while the server waits for the worker, not while a client reads.
    """

    def __init__(self, generation: Generation, worker: Worker, limits: Limits) -> None:
        self.generation = generation
        self.whole = False
        self.spent = False
        self._worker = worker
        self._limits = limits
        self._left = limits.total
        self._query = ""
        self._first: tuple[bytes, bytes] | None = None

    async def ask(self, question: wire.Question) -> None:
        """Sends the question and waits for the first block. Raises ApiError instead of it."""
        self._query = question.text
        self._worker.writer.write(question.encode())
        await self._frame(self._limits.first)  # the head: the engine accepted the query
        self._first = await self._frame(self._limits.first - (self._limits.total - self._left))

    async def blocks(self) -> AsyncIterator[bytes]:
        """The blocks to the end. Raises ApiError when it fails underway."""
        kind, payload = self._first or (wire.END, b"")
        while kind == wire.BLOCK:
            yield payload
            kind, payload = await self._frame(self._left)
        self.whole = True
        self.spent = payload == b"spent"

    async def _frame(self, patience: float) -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout(max(0.0, min(patience, self._left))):
                prefix = await self._worker.reader.readexactly(wire.PREFIX_SIZE)
                kind, size = wire.unpack_prefix(prefix)
                payload = await self._worker.reader.readexactly(size)
        except TimeoutError:
            streaming = self._first is not None
            raise _timeout(self._limits.total if streaming else self._limits.first) from None
        except (asyncio.IncompleteReadError, OSError):
            raise _death(await self.generation.end(self._worker), self._limits) from None
        self._left -= loop.time() - start
        if kind == wire.FAILED:
            await self._finish_failed()
            raise _failure(json.loads(payload), self._query, self._limits)
        return kind, payload

    async def _finish_failed(self) -> None:
        """The worker lives on after a failure that it could report; its END follows."""
        try:
            async with asyncio.timeout(1):
                prefix = await self._worker.reader.readexactly(wire.PREFIX_SIZE)
                kind, size = wire.unpack_prefix(prefix)
                payload = await self._worker.reader.readexactly(size)
        except (TimeoutError, asyncio.IncompleteReadError, OSError):
            return
        self.whole = kind == wire.END
        self.spent = payload == b"spent"


def _failure(facts: dict[str, Any], query: str, limits: Limits) -> ApiError:
    if facts["kind"] == "memory":
        return _memory(limits)
    if facts["kind"] == "syntax":
        return _syntax(query, int(facts["line"]), int(facts["column"]))
    return EngineCrash(
        Text(
            f"Die Abfrage konnte nicht zu Ende geführt werden: {facts['message']}",
            f"The query could not be completed: {facts['message']}",
        )
    )


def _syntax(query: str, line: int, column: int) -> QuerySyntax:
    """Quotes the line; the parser's own list of what it expected helps nobody."""
    lines = query.split("\n")
    quoted = lines[line - 1].strip()[:_QUOTED] if line <= len(lines) else ""
    return QuerySyntax(
        Text(
            f"Syntaxfehler in Zeile {line}, Spalte {column}: „{quoted}“",
            f"Syntax error in line {line}, column {column}: “{quoted}”",
        ),
        line=line,
        column=column,
    )


def _timeout(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        Text(
            f"Die Abfrage wurde nach {seconds:g} Sekunden abgebrochen. "
            "Schränken Sie sie ein (LIMIT, engere Muster), oder teilen Sie sie.",
            f"The query was stopped after {seconds:g} seconds. "
            "Narrow it (LIMIT, tighter patterns), or split it.",
        ),
        retry_after=30,
    )


def _memory(limits: Limits) -> QueryMemory:
    size = f"{limits.memory / 2**20:,.0f} MiB"
    return QueryMemory(
        Text(
            f"Die Abfrage braucht mehr als {size} Arbeitsspeicher und wurde beendet. "
            "Schränken Sie sie ein, bevor Sie sortieren, gruppieren oder zusammenfassen.",
            f"The query needs more than {size} of memory and was ended. "
            "Narrow it before you sort, group or aggregate.",
        )
    )


def _death(status: int, limits: Limits) -> ApiError:
    if status == -signal.SIGABRT:  # Rust aborts when the kernel refuses it memory
        return _memory(limits)
    if status == -signal.SIGXCPU:
        return _timeout(limits.total)
    return EngineCrash(
        Text(
            "Die Abfrage hat den Prozess beendet, der sie beantwortete. Das ist unser Fehler; "
            "andere Abfragen sind nicht betroffen.",
            "The query ended the process that answered it. That is our fault; "
            "other queries are not affected.",
        )
    )
