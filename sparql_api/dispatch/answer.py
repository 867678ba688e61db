"""An answer: one query's frames as they come from a worker, within their time."""

import json
import signal
import time
from collections.abc import AsyncIterator
from typing import Any

from loader.language import Text
from sparql_api.dispatch.generation import Generation, Worker
from sparql_api.dispatch.places import Place
from sparql_api.errors import (
    ApiError,
    EngineCrash,
    ExtensionRefused,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
)
from sparql_api.workers import wire
from sparql_api.workers.channel import ChannelClosed, Frame
from sparql_api.workers.limits import Limits

_QUOTED = 120  # characters of the line that has the error


class Answer:
    """The blocks of one answer. `whole` is true once the end has come.

    Time counts while the server waits for the worker, not while a client reads; `seconds` tells
    how much it was.
    """

    def __init__(
        self,
        generation: Generation,
        worker: Worker,
        question: wire.Question,
        limits: Limits,
        place: Place,
    ) -> None:
        self.generation = generation
        self.place = place
        self.whole = False
        self.spent = False
        self.was_killed = False  # the worker, from outside, and not by what it was asked
        self.seconds = 0.0
        self._worker = worker
        self._question = question
        self._limits = limits
        self._first: Frame = (wire.END, b"")

    def ask(self, worker: Worker | None = None) -> None:
        """Sends the question, to another worker where one is given."""
        self._worker = worker or self._worker
        self._worker.channel.send(self._question.encode())

    async def begin(self) -> None:
        """Waits for the first block. Raises ApiError instead of it."""
        left = self._limits.first - self.seconds
        self._first = await self._frame(left, self._limits.first)

    @property
    def coded(self) -> bool:
        """Whether the blocks have the content coding that was asked for."""
        return self._first[0] == wire.CODED

    def at_once(self) -> bytes | None:
        """The whole answer, if it is one block and its end is here already."""
        if self._first[0] == wire.END:
            return None
        last = self._worker.channel.end_at_hand()
        if last is None:
            return None
        self._end(last)
        return self._first[1]

    async def blocks(self) -> AsyncIterator[bytes]:
        """The blocks to the end. Raises ApiError when it fails underway."""
        kind, payload = self._first
        while kind != wire.END:
            yield payload
            left = self._limits.total - self.seconds
            kind, payload = await self._frame(left, self._limits.total)
        self._end(payload)

    async def _frame(self, patience: float, limit: float) -> Frame:
        start = time.perf_counter()  # the loop's own clock counts whole milliseconds
        try:
            kind, payload = await self._worker.channel.frame(max(0.0, patience))
        except TimeoutError:
            raise late(limit) from None
        except ChannelClosed:
            status = await self.generation.end(self._worker)
            self.was_killed = status == -signal.SIGKILL
            raise _death(status, self._limits) from None
        finally:
            self.seconds += time.perf_counter() - start
        if kind == wire.FAILED:
            await self._finish_failed()
            raise _failure(json.loads(payload), self._question.text, self._limits)
        return kind, payload

    async def _finish_failed(self) -> None:
        """The worker lives on after a failure that it could report; its END follows."""
        try:
            kind, payload = await self._worker.channel.frame(1)
        except (TimeoutError, ChannelClosed):
            return
        if kind == wire.END:
            self._end(payload)

    def _end(self, payload: bytes) -> None:
        self.whole = True
        self.spent = payload == wire.SPENT


def _failure(facts: dict[str, Any], query: str, limits: Limits) -> ApiError:
    if facts["kind"] == "memory":
        return _memory(limits)
    if facts["kind"] == "usage":
        return ExtensionRefused(Text(facts["de"], facts["en"]))
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


def late(seconds: float) -> QueryTimeout:
    """The query has had its seconds."""
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
        return late(limits.total)
    return EngineCrash(
        Text(
            "Die Abfrage hat den Prozess beendet, der sie beantwortete. Das ist unser Fehler; "
            "andere Abfragen sind nicht betroffen.",
            "The query ended the process that answered it. That is our fault; "
            "other queries are not affected.",
        )
    )
