"""The page `/suche`: things by the words of their texts, twenty at a time, the best first."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pyoxigraph import Literal, Quad
from starlette.responses import Response

from loader.errors import UsageError
from loader.language import Language, Text
from loader.queries.search import Hit, Index
from loader.releases.release import Release
from sparql_api import freshness, tongue, wording
from sparql_api.dispatch import pool
from sparql_api.linked_data.description import label, statements
from sparql_api.negotiation import HTML, Choice
from sparql_api.page import page

router = APIRouter()

_PAGE = 20
_TEASER = 220  # characters
_LONGEST = 500  # characters of a search
_LAST = 5_000  # page; nobody reads so far, and each is as dear as all before it
_TEASERS = (wording.DCT + "description", wording.SKOS + "definition", wording.SKOS + "altLabel")


@dataclass(frozen=True, slots=True)
class Found:
    """A thing as the page shows it."""

    iri: str
    title: str
    kind: str
    teaser: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A class with its number of hits; `address` shows these alone, or all when they are shown."""

    name: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: words, one class or all (empty), the page from 1, the asked release."""

    words: str
    kind: str
    page: int
    release: str = ""

    def address(self, **other: object) -> str:
        """The address of this search with some of its parts changed."""
        values = {"q": self.words, "art": self.kind, "seite": self.page, **other}
        values["release"] = self.release
        unchanged = {"art": "", "seite": 1, "release": ""}
        return "?" + urlencode({k: v for k, v in values.items() if v != unchanged.get(k)})


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of a search, and how many hits there are in all."""

    count: int
    things: list[Found]
    kinds: list[Kind]
    problem: str = ""


@router.api_route("/suche", methods=["GET", "HEAD"], include_in_schema=False)
async def search(request: Request) -> Response:
    """The field, and what was found; 400 with a sentence for a search that cannot be made."""
    generation = await pool.of(request).generation(request.query_params.get("release"))
    release, language = generation.release, tongue.of_page(request)
    wanted = _read(request.query_params)
    choice = Choice(HTML, HTML.media[0])
    headers = {
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": release.id,
        "ETag": freshness.tag(request, release.id, choice, "suche", wanted.address()),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    found = await asyncio.to_thread(find, release, wanted, language)
    if found.problem:
        del headers["ETag"]
    pages = max(1, -(-found.count // _PAGE))
    return page(
        "search.html",
        request,
        status=400 if found.problem else 200,
        headers=headers,
        wanted=wanted,
        found=found,
        base_iri=request.app.state.settings.base_iri,
        pages=pages,
        first=(wanted.page - 1) * _PAGE + 1,
        previous=wanted.address(seite=min(wanted.page - 1, pages)) if wanted.page > 1 else "",
        next=wanted.address(seite=wanted.page + 1) if wanted.page < pages else "",
    )


def find(release: Release, wanted: Search, language: Language) -> Findings:
    """One page of what the release's index has."""
    index = Index.of(release.path)
    if index is None:
        text = Text(
            "Diese Veröffentlichung ist älter als die Textsuche.",
            "This release is older than the text search.",
        )
        return Findings(0, [], [], text.say(language))
    with closing(index):
        try:
            counts = {kind: n for kind, n in index.counts(wanted.words).items() if kind}
            shown = [wanted.kind] if wanted.kind else list(counts)
            hits = index.page(wanted.words, shown, _PAGE, (wanted.page - 1) * _PAGE)
        except UsageError as error:
            return Findings(0, [], [], error.text.say(language))
    names = {kind: _name(release, kind, language) for kind in counts}
    return Findings(
        count=counts.get(wanted.kind, 0) if wanted.kind else sum(counts.values()),
        things=[_found(release, hit, names, language) for hit in hits],
        kinds=[
            Kind(
                names[kind],
                number,
                wanted.address(art="" if kind == wanted.kind else kind, seite=1),
                kind == wanted.kind,
            )
            for kind, number in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        ],
    )


def _read(values: Mapping[str, str]) -> Search:
    number = values.get("seite", "1")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    words = values.get("q", "").strip()[:_LONGEST]
    kind, release = values.get("art", ""), values.get("release", "")
    return Search(words, kind, min(max(place, 1), _LAST), release)


def _found(release: Release, hit: Hit, names: Mapping[str, str], language: Language) -> Found:
    quads = statements(release, hit.iri)
    title = label(quads, language) or wording.short(hit.iri)
    return Found(hit.iri, title, names[hit.kind], _teaser(quads, title, language))


def _name(release: Release, kind: str, language: Language) -> str:
    known = wording.TERMS.get(kind)
    if known:
        return known.say(language)
    return label(statements(release, kind), language) or wording.short(kind)


def _teaser(quads: list[Quad], title: str, language: Language) -> str:
    """The first text in the page's language that says more than the title."""
    for predicate in _TEASERS:
        for quad in quads:
            value = quad.object
            if quad.predicate.value != predicate or not isinstance(value, Literal):
                continue
            if value.language in {None, language} and value.value != title:
                text = " ".join(value.value.split())
                return text if len(text) <= _TEASER else text[:_TEASER].rsplit(" ", 1)[0] + " …"
    return ""
