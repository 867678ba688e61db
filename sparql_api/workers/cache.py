"""The cache: finished answers of the release in service, bounded in bytes."""

from collections import OrderedDict
from dataclasses import dataclass

from sparql_api.coding import SMALL
from sparql_api.letterhead import coded

WORTH = 0.005  # seconds; what the engine gives sooner would only drive dearer answers out
_SHARE = 8  # no answer may take more than this part of the cache
_ENTRY = 400  # bytes that Python needs for an entry itself


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole answer as it was sent, its content coding applied."""

    body: bytes
    coding: str


class Cache:
    """Answers by their ETag, which says release, query and format; the idlest go first."""

    def __init__(self, limit: int) -> None:
        self.bytes = 0
        self.hits = 0
        self.misses = 0
        self.largest = limit // _SHARE
        self._limit = limit
        self._answers: OrderedDict[str, Finished] = OrderedDict()

    def find(self, etag: str, coding: str) -> Finished | None:
        """The answer in that coding, or in none where it is too small for one."""
        for key in (coded(etag, coding), etag):
            found = self._answers.get(key)
            if found and (found.coding == coding or len(found.body) < SMALL):
                self.hits += 1
                self._answers.move_to_end(key)
                return found
        self.misses += 1
        return None

    def keep(self, etag: str, answer: Finished) -> None:
        """Keeps an answer and lets others go for it."""
        key = coded(etag, answer.coding)
        size = _size(answer)
        if size > self.largest:
            return
        self._drop(key)
        self._answers[key] = answer
        self.bytes += size
        while self.bytes > self._limit:
            self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        """Forgets everything: another release answers now."""
        self._answers.clear()
        self.bytes = 0

    def _drop(self, key: str) -> None:
        old = self._answers.pop(key, None)
        if old is not None:
            self.bytes -= _size(old)


def _size(answer: Finished) -> int:
    return len(answer.body) + _ENTRY
