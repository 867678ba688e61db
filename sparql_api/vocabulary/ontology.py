"""The vocabulary's addresses: one page of all of it, a page for each term, its versions."""

import asyncio
import json
import re
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from sparql_api import freshness, tongue
from sparql_api.dispatch import pool as pools
from sparql_api.linked_data import documents, signposts
from sparql_api.linked_data.description import Description, statements, whole_graph
from sparql_api.negotiation import GRAPHS, HTML, Choice, choose
from sparql_api.page import page
from sparql_api.problems import unknown
from sparql_api.vocabulary.atlas import Atlas, atlas, kept, kept_atlas, kept_versions
from sparql_api.vocabulary.codelist import code_list
from sparql_api.vocabulary.context import context
from sparql_api.vocabulary.entry import ClassEntry
from sparql_api.wording import RDF, SKOS

router = APIRouter()
_GET = ["GET", "HEAD"]
_JSONLD = next(offer for offer in GRAPHS if offer.name == "jsonld")
_VERSION = re.compile(r"(\d+\.\d+\.\d+)(?:\.([a-z]+))?")


@router.api_route("/ontology.{ending}", methods=_GET)
async def ontology_file(ending: str) -> Response:
    """303 to the whole vocabulary in one format."""
    return RedirectResponse(f"/doc/ontology/?format={ending}", 303)


@router.api_route("/shapes.{ending}", methods=_GET)
async def shapes_file(ending: str) -> Response:
    """303 to all rules in one format."""
    return RedirectResponse(f"/doc/shapes/?format={ending}", 303)


@router.api_route("/schemes.{ending}", methods=_GET)
async def schemes_file(ending: str) -> Response:
    """303 to all code lists in one format."""
    return RedirectResponse(f"/doc/schemes/?format={ending}", 303)


@router.api_route("/schemes", methods=_GET)
@router.api_route("/schemes/", methods=_GET, include_in_schema=False)
async def schemes(request: Request) -> Response:
    """303 to the document about all code lists."""
    return _see_other(request, "/doc/schemes/")


@router.api_route("/ontology/{rest:path}", methods=_GET)
async def term(request: Request, rest: str) -> Response:
    """303 from a version to its document; from a term as from every other thing."""
    if not _VERSION.fullmatch(rest):
        return await documents.thing(request)
    return _see_other(request, f"/doc/ontology/{rest}")


@router.api_route("/doc/ontology/{rest:path}", methods=_GET)
async def document(request: Request, rest: str) -> Response:
    """A page about the whole vocabulary, a version of it or a term, or the same in RDF."""
    if version := _VERSION.fullmatch(rest):
        return await _version(request, version[1], version[2])
    if not _wants_page(request, rest):
        return await documents.document(request)
    drawn = await _atlas(request)
    name = rest.removesuffix(".html")
    if not name:
        return await _whole(request, drawn)
    entry = drawn.glossary.entry(drawn.glossary.stadt + name)
    if entry is None:
        return await documents.document(request)
    return await _about(
        request,
        "entry.html",
        drawn,
        entry.iri,
        entry=entry,
        is_class=isinstance(entry, ClassEntry),
        rules=drawn.glossary.rules.of_property(entry.iri),
    )


@router.api_route("/doc/schemes/{rest:path}", methods=_GET)
async def code_lists(request: Request, rest: str) -> Response:
    """A page about a code list, or the same in RDF; without a name about all of them."""
    if not _wants_page(request, rest):
        return await documents.document(request) if rest else await _all_lists(request)
    if not rest:
        return RedirectResponse(f"{_prefix(request)}/doc/ontology/#lists", 303)
    drawn = await _atlas(request)
    iri = f"{drawn.glossary.base}schemes/{rest.removesuffix('.html')}"
    if SKOS + "ConceptScheme" not in drawn.glossary.said.nodes(iri, RDF + "type"):
        return await documents.document(request)
    scheme = code_list(drawn.glossary, iri)
    return await _about(request, "scheme.html", drawn, iri, scheme=scheme)


@router.api_route("/doc/shapes/{rest:path}", methods=_GET)
async def shape(request: Request, rest: str) -> Response:
    """A page about one rule or the rules of a class, or the same in RDF."""
    if not rest or not _wants_page(request, rest):
        return await documents.document(request)
    drawn = await _atlas(request)
    name = rest.removesuffix(".html")
    iri = f"{drawn.glossary.base}shapes/{name}"
    rules = drawn.glossary.rules.of_shape(iri)
    if not rules:
        return await documents.document(request)
    return await _about(
        request,
        "shape.html",
        drawn,
        iri,
        name=name,
        iri=iri,
        rules=rules,
        classes=drawn.glossary.links(drawn.glossary.rules.classes(iri)),
        paths=drawn.glossary.links(rule.path for rule in rules if rule.path),
    )


@router.api_route("/context/stadtwissen.jsonld", methods=_GET)
async def jsonld_context(request: Request) -> Response:
    """The JSON-LD context of the vocabulary."""
    drawn = await _atlas(request)
    body = json.dumps(context(drawn.glossary), ensure_ascii=False, indent=1)
    choice = Choice(_JSONLD, _JSONLD.media[0])
    tag = freshness.tag(request, drawn.tag, choice, request.url.path)
    headers = {"ETag": tag, "Cache-Control": "max-age=3600", "Stadtwissen-Release": drawn.tag}
    if freshness.is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers={"Content-Type": _JSONLD.media[0], **headers})


async def _version(request: Request, version: str, ending: str | None) -> Response:
    """The present version is the whole vocabulary; an earlier one comes from its file."""
    wanted = request.query_params.get("format") or ending
    choice = choose((*GRAPHS, HTML), request.headers.get("accept"), wanted)
    drawn = await _atlas(request)
    present = version == drawn.header.version
    if not present and version not in kept_versions():
        raise unknown(request.url.path)
    if choice.format is HTML:
        base, language = drawn.glossary.base, drawn.glossary.language
        chosen = drawn if present else await kept_atlas(version, base, language)
        return await _whole(request, chosen)
    if present:
        release = (await pools.of(request).generation(None)).release
        lines = await whole_graph(release, drawn.glossary.stadt)
    else:
        lines = kept(version).read_text("utf-8").rstrip("\n").split("\n")
    return _graph(lines, choice.format.name, choice.content_type, drawn)


async def _all_lists(request: Request) -> Response:
    wanted = request.query_params.get("format")
    choice = choose(GRAPHS, request.headers.get("accept"), wanted)
    release = (await pools.of(request).generation(request.query_params.get("release"))).release
    drawn = await _atlas(request)
    graph = drawn.glossary.base + "schemes/"
    if graph not in release.manifest["graphs"]:
        raise unknown(request.url.path)
    lines = await whole_graph(release, graph)
    return _graph(lines, choice.format.name, choice.content_type, drawn)


def _graph(lines: list[str], name: str, media: str, drawn: Atlas) -> Response:
    body = documents.written(lines, name, drawn.glossary.base)
    headers = {"Content-Type": media, "Vary": "Accept", "Cache-Control": "no-cache"}
    return Response(body, headers=headers)


async def _whole(request: Request, drawn: Atlas) -> Response:
    shared = drawn.glossary.rules.shared()
    return await _about(
        request,
        "ontology.html",
        drawn,
        drawn.glossary.stadt,
        shared=[(drawn.glossary.link(s), drawn.glossary.rules.of_shape(s)) for s in shared],
        versions=sorted({*kept_versions(), drawn.header.version}, reverse=True),
    )


async def _about(
    request: Request, template: str, drawn: Atlas, thing: str, **values: Any
) -> Response:
    """The page of one thing of the vocabulary, with what programs read of it."""
    release = (await pools.of(request).generation(request.query_params.get("release"))).release
    own = await asyncio.to_thread(statements, release, thing)
    terms = await asyncio.to_thread(signposts.licences, release, own)
    kept = documents.kept(request)
    path = documents.path(request, "html")
    links = signposts.links(path, Description(thing, own), Choice(HTML, HTML.media[0]), terms, kept)
    summary = documents.summary(request, release, thing, own, terms)
    return _page(request, template, drawn, links, summary=summary, **values)


def _page(
    request: Request, template: str, drawn: Atlas, links: str = "", **values: Any
) -> Response:
    tag = freshness.tag(request, drawn.tag, Choice(HTML, HTML.media[0]), request.url.path)
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "ETag": tag}
    headers["Stadtwissen-Release"] = drawn.tag
    if links:
        headers["Link"] = links
    if freshness.is_known(request, tag):
        return Response(status_code=304, headers=headers)
    return page(
        template,
        request,
        headers=headers,
        atlas=drawn,
        base_iri=drawn.glossary.base,
        formats=GRAPHS,
        **values,
    )


async def _atlas(request: Request) -> Atlas:
    generation = await pools.of(request).generation(request.query_params.get("release"))
    base = request.app.state.settings.base_iri
    return await atlas(generation.release, base, tongue.of_page(request))


def _wants_page(request: Request, rest: str) -> bool:
    wanted = request.query_params.get("format")
    if not wanted and "." in rest:
        wanted = rest.rpartition(".")[2]
        if wanted not in {"html", *(offer.name for offer in GRAPHS), "json"}:
            wanted = None
    return choose((*GRAPHS, HTML), request.headers.get("accept"), wanted).format is HTML


def _see_other(request: Request, path: str) -> Response:
    """303 within the language, with the same parameters."""
    query = request.scope["query_string"].decode("latin-1")
    target = _prefix(request) + path + (f"?{query}" if query else "")
    return RedirectResponse(target, 303, headers={"Cache-Control": "no-cache"})


def _prefix(request: Request) -> str:
    return "/en" if tongue.of_page(request) == "en" else ""
