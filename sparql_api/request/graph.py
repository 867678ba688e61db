"""Graphs by their addresses, as requests name them."""

from collections.abc import Iterable

from pyoxigraph import NamedNode
from starlette.requests import Request

from loader.language import Text
from sparql_api import locality
from sparql_api.errors import BadRequest

DEFAULT = ""  # the unnamed graph


def check_names(names: Iterable[str]) -> None:
    """Raises BadRequest for the first that is no absolute address."""
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


def place(request: Request) -> str:
    """Where the graph store is, as clients know it; ends in `/graphs/`."""
    return locality.origin(request) + "/graphs/"


def asked(request: Request) -> str | None:
    """The graph that `?graph=` or `?default` names; None where there is neither.

    An address in this graph store means the graph `…graph/…` that it leads to. Raises BadRequest.
    """
    pairs = request.query_params.multi_items()
    names = [value for name, value in pairs if name == "graph"]
    default = [name for name, _ in pairs if name == "default"]
    if len(names) + len(default) > 1:
        raise BadRequest(
            Text(
                "Nennen Sie genau einen Graphen: graph=… oder default.",
                "Name exactly one graph: graph=… or default.",
            )
        )
    if default:
        return DEFAULT
    if not names:
        return None
    check_names(names)
    here = place(request)
    return direct(request, names[0].removeprefix(here)) if names[0].startswith(here) else names[0]


def direct(request: Request, rest: str) -> str:
    """The graph at an address below `/graphs/`. Raises BadRequest for one that cannot be."""
    name = f"{request.app.state.settings.base_iri}graph/{rest}"
    check_names([name])
    return name
