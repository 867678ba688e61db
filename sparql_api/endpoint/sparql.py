"""The address `/sparql`: SPARQL 1.1 Protocol, query."""

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from sparql_api import coding, freshness, letterhead, locality, visit
from sparql_api.dispatch import pool as pools
from sparql_api.dispatch import running
from sparql_api.dispatch.delivery import Delivery, Job
from sparql_api.dispatch.generation import Generation
from sparql_api.endpoint import result, service
from sparql_api.negotiation import GRAPHS, HTML, RESULTS, Choice, choose
from sparql_api.request import gate, payer, protocol
from sparql_api.request.graph import check_names
from sparql_api.request.protocol import Asked
from sparql_api.request.reading import Reading
from sparql_api.workers.limits import Limits
from sparql_api.workers.wire import Question

router = APIRouter()

_LONG = 2**14  # characters


@router.api_route("/sparql", methods=["GET", "HEAD", "POST"])
@router.api_route("/sparql/", methods=["GET", "HEAD", "POST"], include_in_schema=False)
async def sparql(request: Request) -> Response:
    """Answers a query; without one, the service description or, for a browser, the editor."""
    pool, settings = pools.of(request), request.app.state.settings
    asked = await protocol.read(request, settings.query_length)
    begun = running.of(request.scope)
    generation = begun.generation if begun else await pool.generation(asked.release)
    if asked.query is None or (not asked.query.strip() and request.method != "POST"):
        return service.describe(request, generation, asked.format)
    notes = visit.of(request.scope)
    notes.release = generation.release.id
    notes.query = asked.query if settings.query_log_hours else None
    reading = await _inspected(asked.query, settings.query_length, services=pool.broker.is_open)
    offers = GRAPHS if reading.form in {"CONSTRUCT", "DESCRIBE"} else RESULTS
    choice = choose((*offers, HTML), request.headers.get("accept"), asked.format)
    limits = pool.limits(asked.timeout)
    client = payer.client_of(request.scope, settings.client_header)
    headers = _headers(request, generation, limits, client)
    changes = reading.volatile or reading.services
    etag = None if changes else _etag(request, generation, asked, choice)
    known = freshness.known(request, etag)
    if known:
        notes.outcome = "unchanged"
        return Response(status_code=304, headers={**headers, "ETag": known})
    question = _question(request, asked, reading, choice, limits)
    federated = reading.services > 0
    job = Job(pool, generation, question, limits, client=client, federated=federated, running=begun)
    if choice.format is HTML:
        return await result.show(request, job, asked, offers, _with(headers, etag))
    return Delivery(job, request, {"Content-Type": choice.content_type, **headers}, etag)


async def _inspected(query: str, length: int, *, services: bool) -> Reading:
    """The gate's reading; that of a long query is made aside, so that others need not wait."""
    if len(query) < _LONG:
        return gate.inspect(query, length, services=services)
    return await asyncio.to_thread(gate.inspect, query, length, services=services)


def _question(
    request: Request, asked: Asked, reading: Reading, choice: Choice, limits: Limits
) -> Question:
    given = bool(asked.default_graphs or asked.named_graphs)
    check_names((*asked.default_graphs, *asked.named_graphs))
    page = choice.format is HTML
    return Question(
        text=asked.query or "",
        format="rows" if page else choice.format.name,
        row_limit=result.ROWS if page else 0,
        seconds=limits.total,
        base=locality.endpoint(request),
        dataset=reading.dataset,
        star=reading.star,
        order=tuple(reading.variables) if reading.star else (),
        default_graphs=asked.default_graphs if given else None,
        named_graphs=asked.named_graphs if given else None,
        coding="" if page else coding.choose(request.headers.get("accept-encoding")),
    )


def _headers(
    request: Request, generation: Generation, limits: Limits, client: str
) -> dict[str, str]:
    headers = letterhead.of_query(locality.endpoint(request), generation.release.id, limits)
    purse = pools.of(request).budget
    return {**headers, **letterhead.of_budget(purse.seconds, purse.left(client))}


def _etag(request: Request, generation: Generation, asked: Asked, choice: Choice) -> str:
    graphs = [*asked.default_graphs, "", *asked.named_graphs]
    return freshness.tag(request, generation.release.id, choice, asked.query or "", *graphs)


def _with(headers: dict[str, str], etag: str | None) -> dict[str, str]:
    return {**headers, "ETag": etag} if etag else headers
