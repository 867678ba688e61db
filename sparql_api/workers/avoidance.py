"""Avoidance: which requests turned out to be none for a clerk, so that they go the usual way."""

_KNOWN = 2_000  # requests; beyond, the oldest are forgotten


class Avoidance:
    """Remembers requests by their hash: who is mistaken goes a longer way to the same answer."""

    def __init__(self) -> None:
        self._known: dict[int, None] = {}

    def __contains__(self, request: bytes) -> bool:
        return hash(request) in self._known

    def add(self, request: bytes) -> None:
        """The same request is to be avoided the next time."""
        self._known[hash(request)] = None
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]
