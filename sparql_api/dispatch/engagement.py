"""An engagement: what a query holds while it is answered, and gives back whatever happens."""

from typing import TYPE_CHECKING

from sparql_api.dispatch.generation import Generation, Worker
from sparql_api.dispatch.places import Place, Places

if TYPE_CHECKING:
    from sparql_api.dispatch.pool import Pool


class Engagement:
    """A lease of a release; then an account of a client, a place and a worker."""

    def __init__(self, pool: "Pool", generation: Generation, places: Places) -> None:
        self.generation = generation
        self.places = places
        self.place: Place | None = None
        self.worker: Worker | None = None
        self._pool = pool
        self._client = ""
        self._began = 0.0
        generation.leases += 1

    def admit(self, client: str) -> None:
        """The client pays; an empty one pays nothing. Raises BudgetSpent or TooManyAtOnce."""
        if client:
            self._began = self._pool.budget.admit(client)
            self._client = client

    def end(self, seconds: float, *, whole: bool = False, spent: bool = False) -> None:
        """The query has had so many seconds; a worker that did not finish it is killed."""
        if self.worker:
            if whole and not spent:
                self.generation.take_back(self.worker)
            else:
                self._pool.killed += not whole
                self.generation.dismiss(self.worker)
        if self.place:
            self.places.give_back(self.place)
        self.generation.leases -= 1
        if self._client:
            self._pool.budget.settle(self._client, self._began, seconds)
