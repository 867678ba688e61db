"""The linked-data addresses: `/id/…` leads to `/doc/…`, a page or RDF about one thing."""

import asyncio
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pyoxigraph import Quad
from starlette.responses import RedirectResponse, Response

from loader.dumps import form, graph
from loader.language import Text
from loader.releases.release import Home, Release
from sparql_api import freshness, tongue
from sparql_api.dispatch import pool as pools
from sparql_api.errors import BadRequest
from sparql_api.linked_data import past, schema_org, signposts
from sparql_api.linked_data.description import Description, describe, statements, whole_graph
from sparql_api.linked_data.portrait import portray
from sparql_api.negotiation import GRAPHS, HTML, choose
from sparql_api.page import page
from sparql_api.problems import unknown
from sparql_api.wording import PREFIXES

router = APIRouter()

# `json` is what people try first; for a graph it is JSON-LD.
_ENDINGS = (*(offer.name for offer in GRAPHS), "html", "json")
_QUADS = frozenset(["nq", "trig"])


@router.api_route("/doc/{rest:path}", methods=["GET", "HEAD"])
async def document(request: Request) -> Response:
    """The document about a thing, by Accept, `format=` or ending.

    404 for what is no subject, 410 for what was one in an older release.
    """
    generation = await pools.of(request).generation(request.query_params.get("release"))
    release, number = generation.release, _page_number(request)
    places = [place.removeprefix("doc/") for place in _places(request)]
    thing, ending = await _find(request, [*(f"id/{place}" for place in places), *places])
    choice = choose(
        (*GRAPHS, HTML),
        request.headers.get("accept"),
        request.query_params.get("format") or ending,
    )
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": release.id,
        "ETag": freshness.tag(request, release.id, choice, thing, str(number)),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    description = await describe(pools.of(request), generation, thing, number)
    if description is None:
        raise unknown(request.url.path)
    terms = await asyncio.to_thread(signposts.licences, release, description.own)
    headers["Link"] = signposts.links(
        path(request, choice.format.name), description, choice, terms, kept(request)
    )
    if choice.format is HTML:
        return await _show(request, description, headers, terms)
    lines = description.lines
    if thing in release.manifest["graphs"] and "/graph/" not in thing:
        lines = await whole_graph(release, thing)
    body = written(lines, choice.format.name, request.app.state.settings.base_iri)
    return Response(body, headers={"Content-Type": choice.content_type, **headers})


@router.api_route("/{room}", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/{room}/{rest:path}", methods=["GET", "HEAD"])
async def thing(request: Request) -> Response:
    """303 from the address of a thing or term to its document; 404 for what is no subject."""
    await pools.of(request).generation(None)
    places = _places(request)
    found, ending = await _find(request, [*places, *(f"{place}/" for place in places)])
    place = found.removeprefix(request.app.state.settings.base_iri).removeprefix("id/")
    target = f"/doc/{place}" + (f".{ending}" if ending else "")
    if request.scope["query_string"]:
        target += "?" + request.scope["query_string"].decode("latin-1")
    prefix = "/en" if tongue.of_page(request) == "en" else ""
    return RedirectResponse(prefix + target, 303, headers={"Cache-Control": "no-cache"})


async def _find(request: Request, places: list[str]) -> tuple[str, str | None]:
    """The first place that is a subject, and the ending that was taken off for it."""
    generation = await pools.of(request).generation(request.query_params.get("release"))
    base = request.app.state.settings.base_iri
    options = [option for place in places for option in _options(place)]
    for option, taken in options:
        if await asyncio.to_thread(statements, generation.release, base + option):
            return base + option, taken
    home = Home(request.app.state.settings.home)
    addresses = [base + option for option, _ in options]
    path = request.url.path
    raise await asyncio.to_thread(past.missing, home, generation.release, addresses, path)


def _options(place: str) -> list[tuple[str, str | None]]:
    """What a path may stand for: itself, or without the ending that asks for a format."""
    stem, _, ending = place.rpartition(".")
    return [(place, None), *([(stem, ending)] if ending in _ENDINGS else [])]


def _places(request: Request) -> list[str]:
    """The path as it was sent and as it reads decoded: addresses of data come in both ways."""
    raw = request.scope["raw_path"].decode("latin-1").partition("?")[0].removeprefix("/")
    places = [raw, _upper_escapes(raw)]
    if "%25" not in raw:  # else what is decoded once would be taken for what is encoded
        places.append(request.scope["path"].removeprefix("/"))
    return list(dict.fromkeys(places))


def _upper_escapes(raw: str) -> str:
    head, *parts = raw.split("%")
    return head + "".join(f"%{part[:2].upper()}{part[2:]}" for part in parts)


def _page_number(request: Request) -> int:
    """The page of what points to the thing. Raises BadRequest."""
    text = request.query_params.get("seite", "1")
    if text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text):
        return int(text)
    raise BadRequest(
        Text(
            f"seite: „{text}“ ist keine Seite. Beispiel: seite=2",
            f"seite: “{text}” is not a page. Example: seite=2",
        )
    )


def path(request: Request, ending: str) -> str:
    """The path of the document as it was asked for, without the ending that names its format."""
    raw = request.scope["raw_path"].decode("latin-1").partition("?")[0]
    return str(raw.removesuffix(f".{ending}"))


def kept(request: Request) -> str:
    """What the addresses of other formats and pages must say as well."""
    release = request.query_params.get("release")
    return urlencode({"release": release}) if release else ""


def summary(
    request: Request, release: Release, iri: str, own: list[Quad], licences: list[str]
) -> str:
    """What the page of a thing says of it in schema.org's words."""
    facts = {
        "inLanguage": tongue.of_page(request),
        "license": licences,
        "version": release.id,
        "dateModified": release.manifest["created"],
    }
    return schema_org.script(iri, own, facts)


async def _show(
    request: Request, description: Description, headers: dict[str, str], licences: list[str]
) -> Response:
    generation = await pools.of(request).generation(request.query_params.get("release"))
    release, language = generation.release, tongue.of_page(request)
    portrait = await asyncio.to_thread(portray, release, description, language)
    base = request.app.state.settings.base_iri
    return page(
        "document.html",
        request,
        headers=headers,
        portrait=portrait,
        base_iri=base,
        place=description.iri.removeprefix(base).removeprefix("id/"),
        formats=GRAPHS,
        release=release.id,
        asked=kept(request),
        summary=summary(request, release, description.iri, description.own, licences),
    )


def written(lines: list[str], name: str, base: str) -> bytes:
    """A document in an RDF format; its graphs in those that are made for graphs."""
    prefixes = {**PREFIXES, "stadt": base + "ontology/"}
    return form.written(lines if name in _QUADS else graph.merged(lines), name, prefixes)
