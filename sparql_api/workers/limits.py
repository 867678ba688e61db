"""Limits: seconds and memory that a query may take."""

from dataclasses import dataclass, replace

from loader.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that a query may take until its first block, and in all; bytes that it may grow."""

    first: float
    total: float
    memory: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The operator's."""
        first = min(settings.query_first_row, settings.query_timeout)
        return cls(first, settings.query_timeout, settings.query_memory)

    def lowered(self, timeout: float | None) -> "Limits":
        """The same for a client that asks for so many seconds, which are never more."""
        if not timeout or timeout >= self.total:
            return self
        return replace(self, first=min(self.first, timeout), total=timeout)
