"""The address `/graphs`: SPARQL 1.1 Graph Store HTTP Protocol, by `?graph=…` or directly."""

from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from loader.dumps.form import writer
from loader.dumps.graph import Graph, blocks
from loader.language import Text
from loader.releases.release import Release
from sparql_api import freshness
from sparql_api.dispatch import pool as pools
from sparql_api.endpoint import access, editor, parcel, service
from sparql_api.endpoint.update import answered
from sparql_api.errors import BadRequest, Unknown
from sparql_api.negotiation import GRAPHS, choose
from sparql_api.request import graph
from sparql_api.wording import PREFIXES

router = APIRouter()

_QUADS = frozenset(["nq", "trig"])


@router.api_route("/graphs", methods=["GET", "HEAD"])
@router.api_route("/graphs/{rest:path}", methods=["GET", "HEAD"])
async def read(request: Request, rest: str = "") -> Response:
    """The statements of a graph as they were written; without one, what graphs there are."""
    wanted = request.query_params.get("format")
    name = _named(request, rest)
    generation = await pools.of(request).generation(request.query_params.get("release"))
    if name is None:
        return service.describe(request, generation, wanted)
    path = _master(generation.release, name)
    choice = choose(GRAPHS, request.headers.get("accept"), wanted)
    headers = {
        "Vary": "Accept",
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": generation.release.id,
        "ETag": freshness.tag(request, generation.release.id, choice, "graph", name),
    }
    if freshness.is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = choice.content_type
    if request.method == "HEAD":
        answer = Response(headers=headers)
        del answer.headers["content-length"]  # nobody has written it yet
        return answer
    base = request.app.state.settings.base_iri
    return StreamingResponse(_pieces(path, name, choice.format.name, base), headers=headers)


@router.put("/graphs")
@router.put("/graphs/{rest:path}")
async def put(request: Request, rest: str = "") -> Response:
    """A graph becomes what is sent: 201 if it was not there, else 204."""
    return await _write(request, "put", _certain(request, rest))


@router.post("/graphs")
@router.post("/graphs/{rest:path}")
async def post(request: Request, rest: str = "") -> Response:
    """What is sent is added to a graph; without one, a new graph is made of it (201, Location)."""
    name = _named(request, rest)
    if name is not None:
        return await _write(request, "add", name)
    fresh = token_hex(8)
    holder = await access.holder(request)
    below = "" if holder.role == "operator" else f"{holder.partner}/"
    made = await _write(request, "put", graph.direct(request, below + fresh))
    made.headers["Location"] = graph.place(request) + below + fresh
    return made


@router.delete("/graphs")
@router.delete("/graphs/{rest:path}")
async def delete(request: Request, rest: str = "") -> Response:
    """A graph goes; 404 for one that is not there."""
    name = _certain(request, rest)
    holder = await access.writer(request, name)
    _master((await pools.of(request).generation(None)).release, name)
    made = await editor.of(request).edit({"do": "drop", "graph": name}, holder, b"")
    return await answered(request, made, 204)


async def _write(request: Request, do: str, name: str) -> Response:
    holder = await access.writer(request, name)
    sent = await parcel.read(request, request.app.state.settings.upload_limit)
    order = {
        "do": do,
        "graph": name,
        "base": name or str(request.url.replace(query="")),
        "parts": [(part.media, len(part.data)) for part in sent],
    }
    body = b"".join(part.data for part in sent)
    made = await editor.of(request).edit(order, holder, body)
    return await answered(request, made, 201 if name in made.get("created", ()) else 204)


def _named(request: Request, rest: str) -> str | None:
    return graph.direct(request, rest) if rest else graph.asked(request)


def _certain(request: Request, rest: str) -> str:
    name = _named(request, rest)
    if name is None:
        raise BadRequest(
            Text(
                "Nennen Sie den Graphen: /graphs?graph=…, /graphs?default oder /graphs/….",
                "Name the graph: /graphs?graph=…, /graphs?default or /graphs/….",
            )
        )
    return name


def _master(release: Release, name: str) -> Path | None:
    """The file of a graph; None for the unnamed graph while it is empty. Raises Unknown."""
    manifest = release.manifest
    entry = manifest["graphs"].get(name) if name else manifest.get("default")
    if entry:
        return release.path / str(entry["file"])
    if name:
        raise Unknown(
            Text(
                f"Den Graphen „{name}“ gibt es nicht. Alle nennt /graphs.",
                f"There is no graph “{name}”. /graphs names them all.",
            )
        )
    return None


def _pieces(path: Path | None, graph: str, form: str, base: str) -> Iterator[bytes]:
    """The statements of a master in an RDF format, as they are made."""
    prefixes = PREFIXES | {"stadt": f"{base}ontology/"}
    said = Graph(graph if form in _QUADS else "", blocks(path, graph) if path else ())
    return writer(form, prefixes).pieces([said])
