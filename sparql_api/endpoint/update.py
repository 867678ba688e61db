"""The address `/sparql/update`: SPARQL 1.1 Update for operators, each update a new release."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from sparql_api import locality
from sparql_api.dispatch import pool as pools
from sparql_api.endpoint import access, amendment, editor
from sparql_api.request import gate, protocol
from sparql_api.request.graph import check_names

router = APIRouter()


@router.post("/sparql/update")
@router.post("/sparql/update/", include_in_schema=False)
async def update(request: Request) -> Response:
    """Makes an update, or says why not; after the answer every query sees the new release."""
    holder = await access.operator(request)
    length = request.app.state.settings.query_length
    asked = await protocol.read_update(request, length)
    check_names((*asked.using_graphs, *asked.using_named_graphs))
    gate.inspect_update(asked.update, length)
    text = amendment.without_loads(asked.update)
    if asked.using_graphs or asked.using_named_graphs:
        text = amendment.with_datasets(text, asked.using_graphs, asked.using_named_graphs)
    order = {"do": "update", "base": locality.endpoint(request)}
    return await answered(request, await editor.of(request).edit(order, holder, text.encode()))


async def answered(request: Request, made: editor.Answer, status: int = 200) -> Response:
    """The answer to a change that was made, once the server answers from its release."""
    await pools.of(request).renew()
    headers = {"Stadtwissen-Release": made["release"], "Cache-Control": "no-store"}
    if status in {201, 204}:
        return Response(status_code=status, headers=headers)
    body = {
        "release": made["release"],
        "changed": made["outcome"] == "changed",
        "inserted": made.get("inserted", 0),
        "deleted": made.get("deleted", 0),
    }
    return JSONResponse(body, status_code=status, headers=headers)
