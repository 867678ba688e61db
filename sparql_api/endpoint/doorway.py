"""The doorway: `/sparql` is answered here, before the framework looks through all its addresses.

A look-up takes the engine less time than the framework takes to find out who answers it.
"""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sparql_api import letterhead, problems
from sparql_api.endpoint import sparql
from sparql_api.errors import ApiError

_PATHS = frozenset(["/sparql", "/sparql/"])
_METHODS = frozenset(["GET", "HEAD", "POST"])


class Doorway:
    """Wraps the application. What is not a plain request to `/sparql` goes on to it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a query, or passes the request on."""
        if (
            scope["type"] != "http"
            or scope["path"] not in _PATHS
            or scope["method"] not in _METHODS
        ):
            await self._app(scope, receive, send)
            return
        scope["app"] = self._app
        request = Request(scope, receive)
        try:
            response = await sparql.sparql(request)
        except ApiError as error:
            response = problems.answer(error, request)
        response.raw_headers += letterhead.TO_ALL
        await response(scope, receive, send)
