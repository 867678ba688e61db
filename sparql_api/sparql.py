"""The address `/sparql`: SPARQL 1.1 Protocol, query."""

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from loader.language import Text
from sparql_api import freshness, gate, protocol, result, service
from sparql_api import pool as pools
from sparql_api.delivery import Delivery, Job
from sparql_api.errors import BadRequest
from sparql_api.gate import Reading
from sparql_api.generation import Generation
from sparql_api.negotiation import GRAPHS, HTML, RESULTS, Choice, choose
from sparql_api.protocol import Asked
from sparql_api.wire import Question

router = APIRouter()


@router.api_route("/sparql", methods=["GET", "HEAD", "POST"])
@router.api_route("/sparql/", methods=["GET", "HEAD", "POST"], include_in_schema=False)
async def sparql(request: Request) -> Response:
    """Answers a query; without one, the service description or, for a browser, the editor."""
    pool = pools.of(request)
    length = request.app.state.settings.query_length
    asked = await protocol.read(request, length)
    generation = await pool.generation(asked.release)
    if asked.query is None or (not asked.query.strip() and request.method != "POST"):
        return service.describe(request, generation, asked.format)
    reading = gate.inspect(asked.query, length)
    offers = GRAPHS if reading.form in {"CONSTRUCT", "DESCRIBE"} else RESULTS
    choice = choose((*offers, HTML), request.headers.get("accept"), asked.format)
    headers = _headers(request, generation, asked, choice, reading)
    if freshness.is_known(request, headers.get("ETag")):
        return Response(status_code=304, headers=headers)
    question = _question(request, asked, reading, choice)
    job = Job(pool, generation, question, pool.limits(asked.timeout))
    if choice.format is HTML:
        return await result.show(request, job, asked, offers, headers)
    return Delivery(job, request, {"Content-Type": choice.content_type, **headers})


def _question(request: Request, asked: Asked, reading: Reading, choice: Choice) -> Question:
    given = bool(asked.default_graphs or asked.named_graphs)
    _check_names((*asked.default_graphs, *asked.named_graphs))
    page = choice.format is HTML
    return Question(
        text=asked.query or "",
        format="rows" if page else choice.format.name,
        row_limit=result.ROWS if page else 0,
        seconds=pools.of(request).limits(asked.timeout).total,
        base=service.endpoint(request),
        dataset=reading.dataset,
        star=reading.star,
        order=tuple(reading.variables) if reading.star else (),
        default_graphs=asked.default_graphs if given else None,
        named_graphs=asked.named_graphs if given else None,
    )


def _headers(
    request: Request, generation: Generation, asked: Asked, choice: Choice, reading: Reading
) -> dict[str, str]:
    limits = pools.of(request).limits(asked.timeout)
    headers = {
        "Vary": "Accept, Accept-Language",
        "Cache-Control": "no-cache",
        "Stadtwissen-Release": generation.release.id,
        "Stadtwissen-Limits": f"first={limits.first:g}, total={limits.total:g}, "
        f"memory={limits.memory}",
    }
    if not reading.volatile:
        graphs = [*asked.default_graphs, "", *asked.named_graphs]
        release = generation.release.id
        headers["ETag"] = freshness.tag(request, release, choice, asked.query or "", *graphs)
    return headers


def _check_names(names: tuple[str, ...]) -> None:
    for name in names:
        try:
            NamedNode(name)
        except ValueError:
            raise BadRequest(
                Text(
                    f"„{name}“ ist keine Adresse eines Graphen.",
                    f"“{name}” is not the address of a graph.",
                )
            ) from None
