"""The addresses `/dumps/…`: a release's files, its citation and its RO-Crate."""

import asyncio
import json
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from loader.dumps.form import FORMS
from loader.dumps.shelf import Shelf
from loader.errors import LoaderError
from loader.releases.release import Home, Release
from sparql_api import freshness, tongue
from sparql_api.dispatch import pool as pools
from sparql_api.harvesting import citation
from sparql_api.harvesting.crate import crate, masters
from sparql_api.negotiation import HTML, Choice, Format, choose
from sparql_api.page import page
from sparql_api.problems import unknown

router = APIRouter()
_GET = ["GET", "HEAD"]
_CRATE = Format("json", "RO-Crate", ("application/ld+json", "application/json"))
_QUADS = "application/n-quads"
_FOR_EVER = "public, max-age=31536000, immutable"


@router.api_route("/dumps/current/{rest:path}", methods=_GET)
async def current(request: Request, rest: str) -> Response:
    """302 to the same file of the live release."""
    release = pools.of(request).current.release
    headers = {"Cache-Control": "no-cache", "Stadtwissen-Release": release.id}
    prefix = "/en" if tongue.of_page(request) == "en" else ""
    return RedirectResponse(f"{prefix}/dumps/{release.id}/{rest}", 302, headers=headers)


@router.api_route("/dumps/{release_id}", methods=_GET, include_in_schema=False)
@router.api_route("/dumps/{release_id}/", methods=_GET)
async def folder(request: Request, release_id: str) -> Response:
    """What there is of the release, as a page or as an RO-Crate."""
    release = await _release(request, release_id)
    offers = (_CRATE, HTML)
    choice = choose(offers, request.headers.get("accept"), request.query_params.get("format"))
    if choice.format is not HTML:
        return _crate(request, release, choice)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "Stadtwissen-Release": release.id}
    return page(
        "dumps.html",
        request,
        headers=headers,
        release=release,
        files=masters(release),
        dumps=[(each, FORMS[each.form]) for each in Shelf.of(release).dumps()],
        formats=citation.FORMATS,
    )


@router.api_route("/dumps/{release_id}/ro-crate-metadata.json", methods=_GET)
async def metadata(request: Request, release_id: str) -> Response:
    """The release as an RO-Crate."""
    release = await _release(request, release_id)
    return _crate(request, release, Choice(_CRATE, _CRATE.media[0]))


@router.api_route("/dumps/{release_id}/CITATION.cff", methods=_GET, include_in_schema=False)
async def citation_file(request: Request, release_id: str) -> Response:
    """The citation under the name that programs look for."""
    return await _cite(request, release_id, "cff")


@router.api_route("/dumps/{release_id}/citation", methods=_GET)
async def cite(request: Request, release_id: str) -> Response:
    """How to cite the release, by Accept or `format=`."""
    return await _cite(request, release_id, request.query_params.get("format"))


@router.api_route("/dumps/{release_id}/citation.{ending}", methods=_GET)
async def cite_as(request: Request, release_id: str, ending: str) -> Response:
    """How to cite the release, by ending."""
    return await _cite(request, release_id, ending)


@router.api_route("/dumps/{release_id}/graphs/{name}", methods=_GET)
async def master(request: Request, release_id: str, name: str) -> Response:
    """One graph of the release, to the letter; parts of it by `Range`."""
    release = await _release(request, release_id)
    for facts in release.manifest["graphs"].values():
        if facts["file"] == f"graphs/{name}":
            path = release.path / facts["file"]
            headers = {**_facts(release, facts["sha256"]), "Cache-Control": _FOR_EVER}
            return _file(request, path, _QUADS, headers)
    raise unknown(request.url.path)


@router.api_route("/dumps/{release_id}/{name}", methods=_GET)
async def dump(request: Request, release_id: str, name: str) -> Response:
    """All of the release in one file of the format that the name's ending says."""
    release = await _release(request, release_id)
    shelf = Shelf.of(release)
    for each in shelf.dumps():
        if each.file == name:
            return _file(request, shelf.path(each), each.media, _facts(release, each.sha256))
    raise unknown(request.url.path)


def _facts(release: Release, checksum: str) -> dict[str, str]:
    """Headers of a file; a dump may be made again in another way, so that clients ask."""
    return {
        "Cache-Control": "no-cache",
        "ETag": f'"{checksum}"',
        "Stadtwissen-Release": release.id,
    }


def _file(request: Request, path: Path, media: str, headers: dict[str, str]) -> Response:
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=media, headers=headers)


def _crate(request: Request, release: Release, choice: Choice) -> Response:
    base, dumps = request.app.state.settings.base_iri, Shelf.of(release).dumps()
    cited, publisher = citation.of(release, base), f"{base}id/organisation/stadtwissen"
    text = json.dumps(crate(release, cited, publisher, dumps), ensure_ascii=False, indent=1)
    return _answer(request, release, choice, text, *(dump.sha256 for dump in dumps))


async def _cite(request: Request, release_id: str, wanted: str | None) -> Response:
    release = await _release(request, release_id)
    choice = choose(citation.FORMATS, request.headers.get("accept"), wanted)
    cited = citation.of(release, request.app.state.settings.base_iri)
    return _answer(request, release, choice, cited.text(choice.format.name))


def _answer(request: Request, release: Release, choice: Choice, text: str, *files: str) -> Response:
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": release.id,
        "ETag": freshness.tag(request, release.id, choice, request.url.path, *files),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(text, headers={"Content-Type": choice.content_type, **headers})


async def _release(request: Request, release_id: str) -> Release:
    home = Home(request.app.state.settings.home)
    try:
        return await asyncio.to_thread(home.release, release_id)
    except LoaderError as error:
        raise unknown(request.url.path) from error
