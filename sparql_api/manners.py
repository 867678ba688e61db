"""Manners: what every request gets, whatever it asks: a number, a line of log, safe headers."""

import logging
import time
from secrets import token_hex

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparql_api import problems, tongue, visit
from sparql_api.journal import Journal
from sparql_api.letterhead import SAFE
from sparql_api.metrics import Meters

_log = logging.getLogger("sparql_api")

_PAGE = [
    *SAFE,
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
]


class Manners:
    """Wraps the application. `/en/…` is the same address in English."""

    def __init__(self, app: ASGIApp, journal: Journal, meters: Meters) -> None:
        self._app = app
        self._journal = journal
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and notes how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, start = token_hex(4), time.monotonic()
        # As it was sent: decoded, it could write lines of its own into the log.
        path = scope["raw_path"].decode("latin-1").partition("?")[0]
        scope = _translated(scope)
        notes = visit.begin(scope, number)
        status = 0

        async def polite(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message["headers"], (b"stadtwissen-request", number.encode())]
                said = dict(headers)
                policies = _PAGE if said.get(b"content-type", b"")[:9] == b"text/html" else SAFE
                headers += [pair for pair in policies if pair[0] not in said]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self._app(scope, receive, polite)
        except ClientDisconnect:
            _log.info("request %s was never sent whole", number)
        except Exception:  # the last wall: the client gets a number, the log the cause
            _log.exception("request %s failed", number)
            if not status:
                answer = problems.answer_fault(Request(scope, receive), number)
                await answer(scope, receive, polite)
        finally:
            self._meters.count(notes, status)
            seconds = time.monotonic() - start
            self._journal.note(notes, scope["method"], path, status, seconds)


def _translated(scope: Scope) -> Scope:
    path = scope["path"]
    if path != "/en" and not path.startswith("/en/"):
        return scope
    raw = scope["raw_path"]
    return {
        **scope,
        "path": path.removeprefix("/en") or "/",
        "raw_path": raw.removeprefix(b"/en") or b"/",
        tongue.KEY: "en",
    }
