"""The parts of the vocabulary, each at its own address, and the PROF profile that lists them.

Source: *The Profiles Vocabulary*, W3C Note of 18 December 2019.
"""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from pyoxigraph import Quad, RdfFormat, parse, serialize
from starlette.responses import FileResponse, Response

from loader import bundle
from loader.language import Language, Text
from sparql_api import tongue
from sparql_api.linked_data.statements import Statements
from sparql_api.negotiation import GRAPHS, HTML, choose
from sparql_api.page import page
from sparql_api.problems import unknown
from sparql_api.wording import DCT, PREFIXES
from sparql_api.workers.output import GRAPHS as WRITERS

router = APIRouter()
_GET = ["GET", "HEAD"]
_LOGO = Path(__file__).parents[1] / "static" / "logo.svg"
_PROF = "http://www.w3.org/ns/dx/prof/"
# Which files make which part; what a release holds of them is at /ontology.
_PARTS = {
    "alignments": "alignments/*.ttl",
    "examples": "examples/*.ttl",
    "restrictions": "restrictions/*.ttl",
    "terms": "*.ttl",
}
_ROLES = {
    "constraints": Text("Einschränkungen", "constraints"),
    "example": Text("Beispiele", "examples"),
    "guidance": Text("Anleitung", "guidance"),
    "mapping": Text("Übersetzung", "mapping"),
    "schema": Text("Schema", "schema"),
    "validation": Text("Prüfung", "validation"),
    "vocabulary": Text("Begriffsliste", "vocabulary"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part as the profile lists it."""

    title: str
    description: str
    role: str
    media: str
    address: str


@router.api_route("/logo.svg", methods=_GET, include_in_schema=False)
async def logo() -> Response:
    """The logo that the vocabulary's header names."""
    return FileResponse(_LOGO, media_type="image/svg+xml")


@router.api_route("/ontology/parts/{name}", methods=_GET)
async def part(request: Request, name: str) -> Response:
    """One part of the vocabulary in any RDF format, by Accept, `format=` or ending."""
    stem, _, ending = name.partition(".")
    if stem not in _PARTS:
        raise unknown(request.url.path)
    wanted = request.query_params.get("format") or ending
    choice = choose(GRAPHS, request.headers.get("accept"), wanted)
    return _graph(_read(_PARTS[stem]), choice.format.name, choice.content_type)


@router.api_route("/profile", methods=_GET)
@router.api_route("/profile.{ending}", methods=_GET)
async def profile(request: Request, ending: str = "") -> Response:
    """The list of the parts: a page for people, PROF for programs."""
    wanted = request.query_params.get("format") or ending
    choice = choose((*GRAPHS, HTML), request.headers.get("accept"), wanted)
    quads = _read("profile/*.ttl")
    if choice.format is not HTML:
        return _graph(quads, choice.format.name, choice.content_type)
    base = request.app.state.settings.base_iri
    listed = _listed(Statements(quads), base, tongue.of_page(request))
    return page(
        "profile.html",
        request,
        headers={"Vary": "Accept", "Cache-Control": "no-cache"},
        parts=listed,
        base_iri=base,
        formats=GRAPHS,
    )


def _listed(said: Statements, base: str, language: Language) -> list[Part]:
    found = said.nodes(base + "profile", _PROF + "hasResource")
    parts = [
        Part(
            title=said.text(iri, DCT + "title", language),
            description=said.text(iri, DCT + "description", language),
            role=_role(said.node(iri, _PROF + "hasRole"), language),
            media=said.node(iri, DCT + "format").partition("mediatype/")[2],
            address=said.node(iri, _PROF + "hasArtifact"),
        )
        for iri in found
    ]
    return sorted(parts, key=lambda each: each.title.casefold())


def _role(iri: str, language: Language) -> str:
    name = iri.rpartition("/")[2]
    return _ROLES[name].say(language) if name in _ROLES else name


def _read(pattern: str) -> list[Quad]:
    files = sorted(bundle.ontology().glob(pattern))
    return [
        quad
        for file in files
        for quad in parse(path=file, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def _graph(quads: list[Quad], name: str, media: str) -> Response:
    triples = dict.fromkeys(quad.triple for quad in quads)
    body = serialize(triples, format=WRITERS[name], prefixes=PREFIXES) or b""
    headers = {"Content-Type": media, "Vary": "Accept", "Cache-Control": "no-cache"}
    return Response(body, headers=headers)
