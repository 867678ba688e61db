"""A visit: what is known of one request, for the journal and the metrics."""

from dataclasses import dataclass

from starlette.types import Scope

_KEY = "stadtwissen.visit"


@dataclass(slots=True)
class Visit:
    """`number` names the request to its client and in the log.

    `outcome` is set where a query was asked: `ok`, `cached`, `unchanged`, the name of its problem,
    `gone` when the client left, `broken` when the transfer was broken off. `query` is kept only
    where the operator keeps queries.
    """

    number: str
    outcome: str = ""
    release: str = ""
    bytes: int = 0
    seconds: float = 0.0  # that the query ran
    query: str | None = None


def begin(scope: Scope, number: str) -> Visit:
    """Opens the visit of a request."""
    visit = Visit(number)
    scope[_KEY] = visit
    return visit


def of(scope: Scope) -> Visit:
    """The visit of a request."""
    visit: Visit = scope[_KEY]
    return visit
