"""The pages `/` and `/api`: what this is, and how programs use it."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from loader.language import Text
from sparql_api import problems, tongue
from sparql_api.dispatch import pool
from sparql_api.endpoint import examples
from sparql_api.errors import NoRelease
from sparql_api.negotiation import GRAPHS, RESULTS
from sparql_api.page import page

router = APIRouter()

_ONTOLOGY = "https://w3id.org/stadtwissen/ontology/"
# The numbers of the first page: class, and its name in the plural.
COUNTED = (
    ("ModelProject", Text("Modellprojekte", "model projects")),
    ("Measure", Text("Maßnahmen", "measures")),
    ("Municipality", Text("Städte und Gemeinden", "cities and municipalities")),
    ("District", Text("Kreise und kreisfreie Städte", "districts and urban districts")),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the first page."""

    count: int
    name: str


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
async def home(request: Request) -> Response:
    """The first page; without a release it says so."""
    language = tongue.of_page(request)
    try:
        release = pool.of(request).current.release
    except NoRelease:
        return page(
            "home.html",
            request,
            release=None,
            numbers=[],
            query=examples.FIRST,
            examples=examples.all(),
        )
    counts = release.manifest["numbers"]
    numbers = [Number(counts.get(_ONTOLOGY + name, 0), t.say(language)) for name, t in COUNTED]
    return page(
        "home.html",
        request,
        headers={"Stadtwissen-Release": release.id, "Cache-Control": "no-cache"},
        release=release,
        numbers=numbers,
        date=_date(str(release.manifest["created"])[:10], german=language == "de"),
        query=examples.FIRST,
        examples=examples.all(),
    )


@router.api_route("/api", methods=["GET", "HEAD"], include_in_schema=False)
async def api(request: Request) -> Response:
    """How programs use the server: addresses, formats, limits, problems."""
    return page(
        "api.html",
        request,
        results=RESULTS,
        graphs=GRAPHS,
        limits=pool.of(request).limits(),
        settings=request.app.state.settings,
        kinds=sorted(problems.KINDS.values(), key=lambda kind: (kind.status, kind.name)),
    )


def _date(iso: str, *, german: bool) -> str:
    year, month, day = iso.split("-")
    return f"{int(day)}.{int(month)}.{year}" if german else iso
