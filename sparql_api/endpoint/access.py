"""Access: the key of a request, and what it allows (RFC 6750)."""

import asyncio

from starlette.requests import Request

from loader.changes.keys import Holder, Keys
from loader.language import Text
from sparql_api.errors import Forbidden, Unauthorized


async def holder(request: Request) -> Holder:
    """The holder of the request's key. Raises Unauthorized without one that is good."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    keys = Keys(request.app.state.settings.database_file)
    found = None
    if scheme.lower() == "bearer":
        found = await asyncio.to_thread(keys.holder, key.strip())
    if found is None:
        raise Unauthorized(
            Text(
                "Wer Daten ändert, braucht einen gültigen Schlüssel: "
                "„Authorization: Bearer SCHLÜSSEL“. Sie bekommen ihn vom Betreiber.",
                "Whoever changes data needs a valid key: “Authorization: Bearer KEY”. "
                "The operator gives it to you.",
            )
        )
    return found


async def operator(request: Request) -> Holder:
    """The same for what only operators may do. Raises Unauthorized, Forbidden."""
    found = await holder(request)
    if found.role != "operator":
        raise Forbidden(
            Text(
                f"Das dürfen nur Betreiber; Ihr Schlüssel hat eine andere Rolle ({found.role}).",
                f"Only operators may do this; your key has another role ({found.role}).",
            )
        )
    return found


async def writer(request: Request, graph: str) -> Holder:
    """The same for who may change a graph. Raises Unauthorized, Forbidden."""
    found = await holder(request)
    if not found.may_write(graph, request.app.state.settings.base_iri):
        own = f"{request.app.state.settings.base_iri}graph/{found.partner}"
        raise Forbidden(
            Text(
                f"Ihr Schlüssel gilt nicht für den Graphen „{graph or 'default'}“, "
                f"sondern für {own} und was darunter liegt.",
                f"Your key is not good for the graph “{graph or 'default'}” "
                f"but for {own} and what lies below it.",
            )
        )
    return found
