"""Compression: pages, documents and files in the content coding that the client asks for.

Answers to queries come compressed from their workers; what has a coding already is left alone.
"""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sparql_api import coding
from sparql_api.coding import Coder
from sparql_api.letterhead import coded

_LONG = 256 * 2**10  # bytes; compressing more at once would hold up the others
_DENSE = ("image/png", "image/jpeg", "font/", "application/zip", "application/gzip")


class Compression:
    """Wraps the application, which knows nothing of codings: their ETags are told apart here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; the answer comes back smaller where that gains something."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = MutableHeaders(raw=list(scope["headers"]))
        wanted = coding.choose(headers.get("accept-encoding"))
        known = headers.get("if-none-match", "")
        if wanted and known:
            headers["if-none-match"] = known.replace(f'-{wanted}"', '"')
            scope = {**scope, "headers": headers.raw}
        await self._app(scope, receive, _Squeeze(send, wanted, known))


class _Squeeze:
    """Holds the head back until the first piece of the body says whether coding it pays."""

    def __init__(self, send: Send, wanted: str, known: str) -> None:
        self._send = send
        self._wanted = wanted
        self._known = known
        self._head: Message = {}
        self._coder: Coder | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._head and self._pays(body, more=more):
            self._coder = coding.coder(self._wanted)
        if self._coder:
            body = await _coded(self._coder, body, more=more)
        if self._head:
            head, self._head = self._head, {}
            await self._send(self._labelled(head, None if more else len(body)))
        await self._send({**message, "body": body})

    def _pays(self, body: bytes, *, more: bool) -> bool:
        headers = Headers(raw=self._head["headers"])
        dense = headers.get("content-type", "").startswith(_DENSE)
        whole = self._head["status"] == 200 and "content-encoding" not in headers
        long = len(body) >= coding.SMALL or more
        return bool(self._wanted) and whole and long and not dense

    def _labelled(self, head: Message, length: int | None) -> Message:
        headers = MutableHeaders(raw=list(head["headers"]))
        if head["status"] in {200, 304}:
            headers.add_vary_header("Accept-Encoding")
        if self._coder:
            headers["Content-Encoding"] = self._wanted
            del headers["Content-Length"]
            if length is not None:
                headers["Content-Length"] = str(length)
        etag = headers.get("etag", "")
        if etag and (self._coder or coded(etag, self._wanted) in self._known):
            headers["ETag"] = coded(etag, self._wanted)
        return {**head, "headers": headers.raw}


async def _coded(coder: Coder, body: bytes, *, more: bool) -> bytes:
    def work() -> bytes:
        return coder.compress(body) + (coder.flush() if more else coder.finish())

    return await asyncio.to_thread(work) if len(body) > _LONG else work()
