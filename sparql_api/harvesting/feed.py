"""The address `/feed.atom`: what was stated last, all of it or of a class, a place, some words.

Source: RFC 4287 (Atom).
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree import ElementTree

from fastapi import APIRouter, Request
from pyoxigraph import Literal, Quad
from starlette.responses import Response

from loader.language import Language, Text
from loader.releases.release import Release
from sparql_api import freshness, locality, tongue, wording
from sparql_api.dispatch import pool as pools
from sparql_api.dispatch.delivery import Job
from sparql_api.dispatch.generation import Generation
from sparql_api.endpoint import result
from sparql_api.errors import BadRequest
from sparql_api.harvesting.crawling import document
from sparql_api.harvesting.dublin_core import printable
from sparql_api.linked_data.description import label, statements
from sparql_api.negotiation import Choice, Format
from sparql_api.request.payer import client_of
from sparql_api.workers.wire import Question

router = APIRouter()

ENTRIES = 50
_ATOM = Format("atom", "Atom", ("application/atom+xml",))
_STADT = "https://w3id.org/stadtwissen/ontology/"
_NAME = re.compile(r"[A-Za-z]{1,60}")
_WAY = "stadt:measureOf?/stadt:carriedBy?/stadt:operatesIn?/stadt:within?"
_AREAS = {2: "state", 5: "district", 8: "municipality"}
_TITLE = Text("Stadtwissen: zuletzt angegeben", "Stadtwissen: stated last")
_QUERY = """
PREFIX stadt: <https://w3id.org/stadtwissen/ontology/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?thing (MAX(?stated) AS ?day) WHERE {{
  {words}
  {kind}
  {area}
  ?record foaf:primaryTopic ?thing ; stadt:dateOfStatement ?stated .
}}
GROUP BY ?thing ORDER BY DESC(?day) ?thing LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of the feed: the name of a class of ours, the key of an area, words."""

    kind: str
    area: str
    words: str

    @property
    def address(self) -> str:
        """The part of the address that says it."""
        values = {"art": self.kind, "gebiet": self.area, "q": self.words}
        return "?" + urlencode({name: text for name, text in values.items() if text})

    def query(self, base: str) -> str:
        """The query for the newest things; addresses are made of letters and digits alone."""
        kind = f"?thing a <{_STADT}{self.kind}> ." if self.kind else ""
        words = f"?thing stadt:matches {Literal(self.words)} ." if self.words else ""
        area = ""
        if self.area:
            place = f"<{base}id/{_AREAS[len(self.area)]}/{self.area}>"
            area = f"?thing {_WAY} {place} ."
        return _QUERY.format(kind=kind, words=words, area=area, limit=ENTRIES)


@router.api_route("/feed.atom", methods=["GET", "HEAD"])
async def feed(request: Request) -> Response:
    """The newest things that pass the filter `art`, `gebiet`, `q`. 400 for a wrong filter."""
    wanted = _read(request.query_params)
    generation = await pools.of(request).generation(None)
    release, language = generation.release, tongue.of_page(request)
    choice = Choice(_ATOM, _ATOM.media[0])
    headers = {
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": release.id,
        "ETag": freshness.tag(request, release.id, choice, language, wanted.address),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    base = request.app.state.settings.base_iri
    rows = await _rows(request, generation, wanted.query(base))
    made = Feed(locality.origin(request), base, release, wanted, language)
    body = await asyncio.to_thread(made.written, rows)
    return Response(body, headers={"Content-Type": f"{choice.media}; charset=utf-8", **headers})


def _read(values: Mapping[str, str]) -> Filter:
    kind, area = values.get("art", ""), values.get("gebiet", "")
    words = values.get("q", "").strip()[:500]
    if kind and not _NAME.fullmatch(kind):
        raise _wrong("art", kind, "Measure")
    if area and not (len(area) in _AREAS and area.isascii() and area.isdigit()):
        raise _wrong("gebiet", area, "05315000")
    return Filter(kind, area, words)


async def _rows(request: Request, generation: Generation, query: str) -> list[tuple[str, str]]:
    pool = pools.of(request)
    limits = pool.limits()
    question = Question(text=query, format="rows", seconds=limits.total, row_limit=ENTRIES)
    # Whoever asks for ever new parts of the feed pays as for any other query.
    client = client_of(request.scope, request.app.state.settings.client_header)
    table = await result.rows(Job(pool, generation, question, limits, client=client))
    return [(thing["value"], day["value"]) for thing, day in table["rows"] if thing and day]


@dataclass(frozen=True, slots=True)
class Feed:
    """A part of the feed in one language; `prefix` is what its pages' paths begin with."""

    origin: str
    base: str
    release: Release
    wanted: Filter
    language: Language

    @property
    def prefix(self) -> str:
        """The server's address, with `/en` for English pages."""
        return self.origin + ("/en" if self.language == "en" else "")

    def written(self, rows: list[tuple[str, str]]) -> bytes:
        """The feed as XML; rows are things with the day of the last statement."""
        names = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": self.language}
        root = ElementTree.Element("feed", names)
        address = f"{self.prefix}/feed.atom{self.wanted.address.rstrip('?')}"
        _add(root, "id", address)
        _add(root, "title", _TITLE.say(self.language))
        _add(root, "updated", self.release.manifest["created"])
        _add(root, "rights", "CC BY 4.0")
        ElementTree.SubElement(root, "link", rel="self", type=_ATOM.media[0], href=address)
        _link(root, f"{self.prefix}/")
        _add(ElementTree.SubElement(root, "author"), "name", "Stadtwissen")
        for iri, day in rows:
            self._add_entry(root, iri, day)
        return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))

    def _add_entry(self, root: ElementTree.Element, iri: str, day: str) -> None:
        entry = ElementTree.SubElement(root, "entry")
        quads = statements(self.release, iri)
        _add(entry, "id", iri)
        _add(entry, "title", label(quads, self.language) or wording.short(iri))
        _add(entry, "updated", f"{day[:10]}T00:00:00Z")
        ours = iri.startswith(self.base)
        _link(entry, self.prefix + document(iri, self.base) if ours else iri)
        for quad in quads:
            text = str(getattr(quad.object, "value", ""))
            if quad.predicate.value == wording.RDF + "type":
                ElementTree.SubElement(entry, "category", term=text)
            elif _is_summary(quad, self.language):
                _add(entry, "summary", text)


def _is_summary(quad: Quad, language: Language) -> bool:
    value = quad.object
    described = quad.predicate.value == wording.DCT + "description"
    return described and isinstance(value, Literal) and value.language == language


def _link(parent: ElementTree.Element, page: str) -> None:
    ElementTree.SubElement(parent, "link", rel="alternate", type="text/html", href=page)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = printable(text)


def _wrong(name: str, found: str, example: str) -> BadRequest:
    return BadRequest(
        Text(
            f"{name}: „{found[:60]}“ gibt es nicht. Beispiel: {name}={example}",
            f"{name}: there is no “{found[:60]}”. Example: {name}={example}",
        )
    )
