"""Manners: what every request gets, whatever it asks: a number, a log line, safe headers."""

import logging
import time
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparql_api import problems, tongue

_access = logging.getLogger("sparql_api.access")
_log = logging.getLogger("sparql_api")

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Manners:
    """Wraps the application. `/en/…` is the same address in English.

    The log has number, method, path, status and time, and never a query: those are the users'.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and notes how it ended."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number, start = token_hex(4), time.monotonic()
        # As it was sent: decoded, it could write lines of its own into the log.
        path = scope["raw_path"].decode("latin-1").partition("?")[0]
        scope = _translated(scope)
        status = 0

        async def polite(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, text in _HEADERS.items():
                    headers.setdefault(name, text)
                headers["Stadtwissen-Request"] = number
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
            seconds = time.monotonic() - start
            _access.info("%s %s %s %d %.3f", number, scope["method"], path, status, seconds)


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
