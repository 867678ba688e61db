"""The address `/catalog`: the live release in DCAT-AP.de, whole, in pages, or one part of it.

A graph that cannot be catalogued is left out, logged, and told at `/catalog/report`.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from loader.catalog import dataset
from loader.catalog.catalogue import Catalogue
from loader.catalog.dataset import Dataset
from loader.catalog.dcat import NAMES
from loader.dumps import form
from loader.dumps.shelf import Dump, Shelf
from loader.language import Text
from loader.releases.release import Release
from loader.settings import Settings
from sparql_api import freshness, locality, tongue
from sparql_api import page as pages
from sparql_api.dispatch import pool as pools
from sparql_api.errors import BadRequest
from sparql_api.harvesting import profiles
from sparql_api.harvesting.listing import entries
from sparql_api.harvesting.paging import Page
from sparql_api.negotiation import GRAPHS, HTML, choose
from sparql_api.problems import unknown

router = APIRouter()

PAGE = 100  # datasets
_log = logging.getLogger("sparql_api")
_GET = ["GET", "HEAD"]


@router.api_route("/catalog", methods=_GET)
async def catalog(request: Request) -> Response:
    """The catalogue by Accept or `format=`, a page for people; `page=` is a part of the datasets.

    `modified_since=` leaves out datasets that were changed before that day or moment;
    `profile=2.0` or `Accept-Profile` asks for another version of DCAT-AP.de than 3.0.
    """
    return await _answer(request, request.query_params.get("format"))


@router.api_route("/catalog.{ending}", methods=_GET)
async def catalog_as(request: Request, ending: str) -> Response:
    """The catalogue by ending."""
    return await _answer(request, ending)


@router.api_route("/catalog/report", methods=_GET)
async def report(request: Request) -> Response:
    """Which graphs are left out of the catalogue, and why."""
    made = await _made(request)
    omitted = [
        {"graph": each.graph, "reason": {"de": each.reason.de, "en": each.reason.en}}
        for each in made.omitted
    ]
    headers = {"Cache-Control": "no-cache", "Stadtwissen-Release": made.release.id}
    return JSONResponse({"release": made.release.id, "omitted": omitted}, headers=headers)


@router.api_route("/catalog/{rest:path}", methods=_GET)
async def part(request: Request, rest: str) -> Response:
    """What the catalogue says of a dataset with its distributions, a series, or the service."""
    return await _answer(request, request.query_params.get("format"), rest)


async def _answer(request: Request, wanted: str | None, rest: str = "") -> Response:
    made = await _made(request)
    chosen = _since(made.datasets, request.query_params.get("modified_since", "").strip())
    page = Page.asked(request, len(chosen), PAGE)
    offers = GRAPHS if rest else (*GRAPHS, HTML)
    choice = choose(offers, request.headers.get("accept"), wanted)
    profile = profiles.asked(request)
    dumps = (dump.sha256 for dump in made.dumps)
    asked = (request.url.path, request.url.query, profile.version, *_said(made.settings), *dumps)
    headers = {
        "Vary": profiles.VARY,
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": made.release.id,
        "ETag": freshness.tag(request, made.release.id, choice, *asked),
        "Link": ", ".join([*profiles.links(request, profile), *_help(made)]),
        **_omitted(made),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    shown = page.of(chosen) if page else chosen
    if choice.format is HTML:
        return _page(request, made, shown, headers)
    lines = list(profile.view(made.statements(shown)))
    if rest:
        lines = list(_within(lines, f"{made.address}/{rest}"))
        if not lines:
            raise unknown(request.url.path)
    elif page:
        lines += page.statements(made.address)
    body = form.written(lines, choice.format.name, NAMES)
    return Response(body, headers={"Content-Type": choice.content_type, **headers})


async def _made(request: Request) -> Catalogue:
    generation = await pools.of(request).generation(request.query_params.get("release"))
    settings, origin = request.app.state.settings, locality.origin(request)
    dumps = Shelf.of(generation.release).dumps()
    return await asyncio.to_thread(_catalogue, generation.release, settings, origin, dumps)


@lru_cache(maxsize=8)
def _catalogue(
    release: Release, settings: Settings, origin: str, dumps: tuple[Dump, ...]
) -> Catalogue:
    made = Catalogue.of(release, settings, origin, dumps)
    for each in made.omitted:
        _log.warning("catalogue of %s leaves out %s: %s", release.id, each.graph, each.reason.en)
    return made


def _page(
    request: Request, made: Catalogue, shown: Iterable[Dataset], headers: dict[str, str]
) -> Response:
    return pages.page(
        "catalog.html",
        request,
        headers=headers,
        entries=entries(made, shown, tongue.of_page(request)),
        formats=GRAPHS,
        omitted=len(made.omitted),
        release=made.release.id,
    )


def _omitted(made: Catalogue) -> dict[str, str]:
    return {"Stadtwissen-Omitted": str(len(made.omitted))} if made.omitted else {}


def _help(made: Catalogue) -> list[str]:
    return ['</catalog/report>; rel="help"; type="application/json"'] if made.omitted else []


def _said(settings: Settings) -> tuple[str, ...]:
    """The settings that the catalogue repeats."""
    names = (settings.publisher, settings.publisher_type, settings.contact, settings.contributor)
    return (settings.base_iri, *names)


def _since(datasets: Iterable[Dataset], text: str) -> list[Dataset]:
    """The datasets that were changed at that day or moment, or later. Raises BadRequest."""
    if not text:
        return list(datasets)
    try:
        # What stands for a space in a query string is mostly a + that nobody encoded.
        first = dataset.moment(text.replace(" ", "+"))
    except ValueError as error:
        raise BadRequest(
            Text(
                f"modified_since={text[:40]} ist kein Tag und kein Zeitpunkt. "
                "Beispiele: 2026-01-31 oder 2026-01-31T12:00:00Z",
                f"modified_since={text[:40]} is no day and no moment. "
                "Examples: 2026-01-31 or 2026-01-31T12:00:00Z",
            )
        ) from error
    return [each for each in datasets if each.moment >= first]


def _within(lines: Iterable[str], address: str) -> Iterator[str]:
    """What is said of an address and of those that begin with it."""
    beginnings = tuple(f"<{address}{sign}" for sign in (">", "/", "#"))
    return (line for line in lines if line.startswith(beginnings))
