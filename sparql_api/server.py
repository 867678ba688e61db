"""The server: the application, and the process that serves it."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NODELAY, create_server, socket

import uvicorn
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from loader.errors import UsageError
from loader.language import Text
from loader.settings import Settings
from sparql_api import health, letterhead, metrics, pages, problems, search
from sparql_api.compression import Compression
from sparql_api.dispatch.pool import Pool
from sparql_api.dispatch.reception import Reception
from sparql_api.dispatch.switchboard import Switchboard
from sparql_api.endpoint import graphs, sparql, update
from sparql_api.endpoint.doorway import Doorway
from sparql_api.endpoint.editor import Editor
from sparql_api.errors import ApiError
from sparql_api.harvesting import catalog, crawling, dumps, feed, harvest, void
from sparql_api.harvesting.press import Press
from sparql_api.journal import Journal
from sparql_api.linked_data import documents
from sparql_api.manners import Manners
from sparql_api.metrics import Meters
from sparql_api.submission import blankform, checking, rulebook, submitting
from sparql_api.submission.desk import Desk
from sparql_api.submission.filing import Filing
from sparql_api.vocabulary import ontology, parts

# In the order in which addresses are tried: the last takes what is left.
_ROOMS = (
    *(update, graphs, checking, submitting, blankform, rulebook, sparql, health, metrics),
    *(pages, search, void, catalog, crawling, dumps, feed, harvest, parts, ontology),
    documents,
)
_STATIC = Path(__file__).parent / "static"
_SWEEP = 60  # seconds between two looks for query texts that are too old
_YOUNG = 20_000  # objects between two looks for cycles; with Python's 700 they are a fifth of all
_FAREWELL = 5  # seconds that running answers have after the signal to stop


def application(settings: Settings) -> tuple[ASGIApp, Switchboard]:
    """The application, which opens the live release when it starts, and the way past it."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await pool.start()
        desk.open()
        sweeping = asyncio.create_task(_sweep(journal, Filing.of(settings)))
        press.open()
        gc.freeze()  # what stays for good need not be looked through again and again
        gc.set_threshold(_YOUNG)
        try:
            yield
        finally:
            sweeping.cancel()
            await press.close()
            await editor.close()
            await desk.close()
            await pool.close()
            journal.close()

    pool, desk, editor = Pool(settings), Desk(settings), Editor(settings)
    press = Press(settings, pool)
    meters = Meters(pool)
    journal = Journal(settings.home, settings.query_log_hours)
    app = FastAPI(title="Stadtwissen", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.settings, app.state.pool, app.state.meters = settings, pool, meters
    app.state.desk, app.state.editor = desk, editor
    app.add_exception_handler(ApiError, _say_problem)
    app.add_exception_handler(HTTPException, _say_plain)
    app.mount("/static", StaticFiles(directory=_STATIC))
    for room in _ROOMS:
        app.include_router(room.router)
    app.add_middleware(Compression)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE"],
        allow_headers=["*"],
        expose_headers=letterhead.EXPOSED,
    )
    board = Switchboard(settings, pool, journal, meters)
    return Manners(Doorway(app), journal, meters), board


class AddressTaken(UsageError):
    """Nobody can listen at this address: another server does, or the machine does not have it."""


def serve(settings: Settings, host: str, port: int) -> None:
    """Serves until SIGINT or SIGTERM; prints the address when it listens. Port 0 takes any.

    Raises AddressTaken before anything is loaded.
    """
    listener = listen(host, port)
    _keep_log()
    app, board = application(settings)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=partial(Reception, board),  # type: ignore[arg-type]  # it is only ever called
        proxy_headers=False,  # STADTWISSEN_CLIENT_HEADER and STADTWISSEN_PUBLIC_URL say it
        access_log=False,  # it would write query texts
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_FAREWELL,
    )
    # uvicorn shuts down, then raises the signal again for whoever called it; here nobody waits.
    signal.signal(signal.SIGTERM, lambda *_: None)
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config).run(sockets=[listener])


def _keep_log() -> None:
    """Plain sentences for people; the journal's lines are JSON by themselves."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    lines = logging.StreamHandler()
    lines.setFormatter(logging.Formatter("%(message)s"))
    access = logging.getLogger("sparql_api.access")
    access.addHandler(lines)
    access.propagate = False


async def _sweep(journal: Journal, reports: Filing) -> None:
    while True:
        journal.sweep()
        reports.sweep()
        await asyncio.sleep(_SWEEP)


def listen(host: str, port: int) -> socket:
    """A socket that listens at an address. Raises AddressTaken."""
    try:
        listener = create_server((host, port), family=AF_INET6 if ":" in host else AF_INET)
    except OSError as error:
        raise AddressTaken(
            Text(
                f"{host}, Port {port}: {error.strerror}. Nehmen Sie einen anderen: --port 8001, "
                "oder PORT=8001 make run",
                f"{host}, port {port}: {error.strerror}. Take another: --port 8001, "
                "or PORT=8001 make run",
            )
        ) from error
    # asyncio sets this on sockets that it made itself; without it each small answer waits 40 ms.
    listener.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            sys.stdout.write(f"Stadtwissen: http://{shown}:{port}/\n")
            sys.stdout.flush()


async def _say_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return problems.answer(error, request)


async def _say_plain(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problems.answer_plain(error, request)
