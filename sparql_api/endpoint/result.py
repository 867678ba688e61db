"""The page of a query's result: its first rows, how many there are, and the ways to have all."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from sparql_api import problems, tongue, visit
from sparql_api.dispatch.attendance import ClientGone, unless_gone
from sparql_api.dispatch.delivery import Job
from sparql_api.errors import ApiError
from sparql_api.negotiation import Format
from sparql_api.page import page
from sparql_api.request.protocol import Asked

ROWS = 200


async def show(
    request: Request,
    job: Job,
    asked: Asked,
    offers: Sequence[Format],
    headers: Mapping[str, str],
) -> Response:
    """The result as a page; what went wrong stands above the query, which is kept."""
    status = 200
    table: dict[str, Any] | None = None
    problem: dict[str, str] | None = None
    notes = visit.of(request.scope)
    try:
        table = await unless_gone(request.receive, rows(job))
        notes.outcome = "ok"
    except ClientGone:
        notes.outcome = "gone"
        return Response(status_code=499)  # nobody reads it; the log does
    except ApiError as error:
        kind = problems.KINDS[type(error)]
        notes.outcome = kind.name
        language = tongue.of_page(request)
        status, headers = kind.status, _after(error)
        problem = {"title": kind.title.say(language), "detail": error.text.say(language)}
    notes.seconds = job.seconds
    base_iri = request.app.state.settings.base_iri
    return page(
        "result.html",
        request,
        status=status,
        headers=headers,
        query=asked.query or "",
        table=table,
        problem=problem,
        base_iri=base_iri,
        release=job.generation.release.id,
        downloads=[(offer.label, _address(asked, offer.name)) for offer in offers],
    )


async def rows(job: Job) -> dict[str, Any]:
    """The first rows of a job that asks for `rows`. Raises ApiError."""
    async with job.pool.answering(job) as answer:
        data = b"".join([block async for block in answer.blocks()])
    table: dict[str, Any] = json.loads(data)
    return table


def _address(asked: Asked, name: str) -> str:
    values: list[tuple[str, str]] = [("query", asked.query or ""), ("format", name)]
    values += [("default-graph-uri", graph) for graph in asked.default_graphs]
    values += [("named-graph-uri", graph) for graph in asked.named_graphs]
    if asked.release:
        values.append(("release", asked.release))
    return "/sparql?" + urlencode(values)


def _after(error: ApiError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return headers
