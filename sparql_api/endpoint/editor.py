"""The editor: the server's end of the workshop. One change at a time, a short queue before it."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from loader.changes.keys import Holder
from loader.language import Text
from loader.settings import Settings
from sparql_api.dispatch.places import Places
from sparql_api.errors import (
    ApiError,
    BadRequest,
    Conflict,
    EngineCrash,
    QueryMemory,
    QuerySyntax,
    QueryTimeout,
    RuleBroken,
)
from sparql_api.workers import wire

Answer = dict[str, Any]

_QUEUE = 8
_IDLE = 600.0  # seconds after which a workshop without work goes home
_ENGINE_MEMORY = {signal.SIGABRT, signal.SIGKILL}  # Rust aborts, the kernel kills


def of(request: Request) -> "Editor":
    """The editor of the application that got the request."""
    editor: Editor = request.app.state.editor
    return editor


class Editor:
    """Makes changes in a process of its own, which is started by the first and may be killed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = Places(1, _QUEUE, settings.update_timeout)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter
        self._leaving: asyncio.TimerHandle | None = None

    async def edit(self, order: dict[str, Any], holder: Holder, body: bytes) -> Answer:
        """What became of an order by the holder of a key, see `endpoint.workshop`.

        Raises ApiError; then, and when the outcome is `rejected`, the live release is untouched.
        """
        place = await self._places.take()
        try:
            whole = order | {"home": str(self._settings.home), "holder": asdict(holder)}
            work = asyncio.ensure_future(self._edit(whole, body))
            # A client that leaves does not stop a change halfway: it is made, or it is not.
            try:
                answer = await asyncio.shield(work)
            except asyncio.CancelledError:
                with contextlib.suppress(ApiError):
                    await work
                raise
        finally:
            self._places.give_back(place)
        _check(answer, order["do"], body)
        return answer

    async def close(self) -> None:
        """Ends the workshop; a change that was not committed is not made."""
        if self._leaving:
            self._leaving.cancel()
        if self._process:
            await self._end()

    async def _edit(self, order: dict[str, Any], body: bytes) -> Answer:
        if self._leaving:
            self._leaving.cancel()
        if self._process is None or self._process.returncode is not None:
            await self._start()
        text = json.dumps(order).encode()
        try:
            async with asyncio.timeout(self._settings.update_timeout):
                self._writer.write(wire.frame(wire.QUESTION, text))
                self._writer.write(wire.frame(wire.BLOCK, body))
                await self._writer.drain()
                prefix = await self._reader.readexactly(wire.PREFIX_SIZE)
                payload = await self._reader.readexactly(wire.unpack_prefix(prefix)[1])
        except TimeoutError:
            await self._end()
            raise _timeout(self._settings.update_timeout) from None
        except (asyncio.IncompleteReadError, OSError):
            await self._end()
            raise _crash() from None
        self._leaving = asyncio.get_running_loop().call_later(_IDLE, self._leave)
        answer: Answer = json.loads(payload)
        if "signal" in answer:
            raise self._death(answer["signal"])
        return answer

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "sparql_api.endpoint.workshop", str(theirs.fileno())),
                str(self._settings.update_memory),
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # so that the fork at work can be ended with it
            )
        self._reader, self._writer = await asyncio.open_connection(sock=ours)

    async def _end(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._writer.close()
        await self._process.wait()
        self._process = None

    def _leave(self) -> None:
        self._writer.close()  # the workshop ends when it reads the end

    def _death(self, number: int) -> ApiError:
        if number not in _ENGINE_MEMORY:
            return _crash()
        size = f"{self._settings.update_memory / 2**20:,.0f} MiB"
        return QueryMemory(
            Text(
                f"Die Änderung braucht mehr als {size} Arbeitsspeicher und wurde beendet. "
                "Es wurde nichts geändert. Teilen Sie sie.",
                f"The change needs more than {size} of memory and was ended. "
                "Nothing was changed. Split it.",
            )
        )


def _check(answer: Answer, do: str, body: bytes) -> None:
    """Raises the ApiError for an answer that says what failed."""
    match answer.get("failed"):
        case "conflict":
            raise Conflict(Text(answer["de"], answer["en"]), retry_after=10)
        case "refused":
            raise Conflict(Text(answer["de"], answer["en"]))
        case "syntax":
            raise _syntax(answer, body, QuerySyntax if do == "update" else BadRequest)
        case "engine":
            raise BadRequest(
                Text(
                    f"Nichts wurde geändert: {answer['message']}",
                    f"Nothing was changed: {answer['message']}",
                )
            )
    if answer["outcome"] == "rejected":
        errors = [finding for finding in answer["findings"] if finding["severity"] == "error"]
        raise RuleBroken(
            Text(
                f"Nichts wurde geändert: {len(errors)} Regeln wären verletzt.",
                f"Nothing was changed: {len(errors)} rules would be broken.",
            ),
            release=answer["release"],
            findings=errors,
        )


def _syntax(answer: Answer, body: bytes, kind: type[ApiError]) -> ApiError:
    line, column = answer["line"], answer["column"]
    lines = body.decode(errors="replace").split("\n")
    quoted = lines[line - 1].strip()[:120] if line <= len(lines) else ""
    return kind(
        Text(
            f"Nichts wurde geändert: Syntaxfehler in Zeile {line}, Spalte {column}: „{quoted}“",
            f"Nothing was changed: syntax error in line {line}, column {column}: “{quoted}”",
        ),
        line=line,
        column=column,
    )


def _timeout(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        Text(
            f"Die Änderung wurde nach {seconds:g} Sekunden abgebrochen. Es wurde nichts geändert.",
            f"The change was stopped after {seconds:g} seconds. Nothing was changed.",
        ),
        retry_after=30,
    )


def _crash() -> EngineCrash:
    return EngineCrash(
        Text(
            "Die Änderung hat den Prozess beendet, der sie machte. Das ist unser Fehler; "
            "es wurde nichts geändert.",
            "The change ended the process that made it. That is our fault; nothing was changed.",
        )
    )
