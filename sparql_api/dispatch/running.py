"""A running answer: a clerk began it for its client, and the application goes on with it."""

import time

from starlette.types import Scope

from sparql_api.dispatch.engagement import Engagement

KEY = "stadtwissen.running"


class Running:
    """Holds what the query holds until it is handed over or dropped. `since` is monotonic."""

    def __init__(self, held: Engagement, since: float) -> None:
        self.generation = held.generation
        self._held: Engagement | None = held
        self._since = since

    @property
    def seconds(self) -> float:
        """That the query has run so far."""
        return time.monotonic() - self._since

    @property
    def is_held(self) -> bool:
        """Whether it is neither handed over nor dropped."""
        return self._held is not None

    def hand_over(self) -> Engagement | None:
        """What the query holds, for who goes on with it; None if that is over."""
        held, self._held = self._held, None
        return held

    def drop(self) -> None:
        """Nobody goes on with it."""
        held = self.hand_over()
        if held:
            held.end(self.seconds)


def of(scope: Scope) -> Running | None:
    """The answer that a request goes on with, unless another has already."""
    running: Running | None = scope.get(KEY)
    return running if running and running.is_held else None
