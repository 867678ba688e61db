"""The switchboard: which lines of clients are lent to which workers.

A request that looks plain goes with its line to a worker, which answers it and what follows. All
else, and all that a worker gives back, takes the usual way through the application.
"""

import asyncio
from collections import defaultdict

from loader.settings import Settings
from sparql_api.dispatch.generation import Generation
from sparql_api.dispatch.pool import Pool
from sparql_api.dispatch.shift import Line, Shift
from sparql_api.journal import Journal
from sparql_api.metrics import Meters
from sparql_api.request import payer
from sparql_api.visit import Visit
from sparql_api.workers import enquiry, ledger
from sparql_api.workers.avoidance import Avoidance
from sparql_api.workers.cache import Finished

_LOOK = 0.01  # seconds between two looks at what the shifts do
_LINES = 64  # of one shift


class Switchboard:
    """Lends lines while there are places to run queries in.

    Where the operator keeps queries nothing is lent: their texts are read in the application.
    """

    def __init__(self, settings: Settings, pool: Pool, journal: Journal, meters: Meters) -> None:
        self._is_open = not settings.query_log_hours
        self._header = settings.client_header
        self._most = settings.client_queries
        self._pool = pool
        self._journal = journal
        self._meters = meters
        self._shifts: list[Shift] = []
        self._avoided = Avoidance()
        self._timer: asyncio.TimerHandle | None = None
        pool.tally = self.record

    def lend(self, line: Line, request: bytes) -> Shift | None:
        """The shift that answers a request and has its line; None if the application must."""
        if not self._is_open or not enquiry.is_likely(request) or request in self._avoided:
            return None
        client = payer.client_in(request, line.address, self._header)
        left = self._pool.budget.left(client)
        if left <= 0 or self._lent(client) + self._pool.budget.running(client) >= self._most:
            return None
        shift = self._open() or min(self._at_work(), key=lambda s: len(s.lines), default=None)
        if shift is None or len(shift.lines) >= _LINES:
            return None
        return shift if shift.lend(line, client, left, request) else None

    def has(self, shift: Shift) -> bool:
        """Whether the shift has not ended."""
        return shift in self._shifts

    def end(self, shift: Shift) -> None:
        """The shift ends."""
        self._shifts.remove(shift)

    def is_of(self, client: str, line: Line, request: bytes) -> bool:
        """Whether a request that came over a line is a client's."""
        return payer.client_in(request, line.address, self._header) == client

    def avoid(self, request: bytes) -> None:
        """The same request takes the usual way the next time, where dear answers are kept."""
        self._avoided.add(request)

    def record(self, generation: Generation, tally: bytes) -> None:
        """Notes what a clerk answered, as the application notes its requests."""
        spent: defaultdict[str, float] = defaultdict(float)  # seconds by client
        for record in ledger.read(tally):
            visit = Visit(record.number, "ok", generation.release.id, record.size, record.seconds)
            self._meters.count(visit, 200)
            self._journal.note(visit, "GET", "/sparql", 200, record.seconds)
            spent[record.client] += record.seconds
            if record.kept:
                request, etag, coding, body = record.kept
                self.avoid(request)
                self._pool.keep(generation, etag, Finished(body, coding))
        for client, seconds in spent.items():
            self._pool.budget.charge(client, seconds)
            self._recall_if_spent(client)

    def _recall_if_spent(self, client: str) -> None:
        """Each line was lent with the client's whole budget; together they may not exceed it."""
        if self._pool.budget.left(client) <= 0:
            for shift in self._shifts:
                shift.recall_of(client)

    def _lent(self, client: str) -> int:
        return sum(lent.client == client for shift in self._shifts for lent in shift.lines.values())

    def _at_work(self) -> list[Shift]:
        live = self._pool.at_hand
        return [shift for shift in self._shifts if shift.generation is live and shift.is_open]

    def _open(self) -> Shift | None:
        """A new shift, if there is a place and a worker for it."""
        held = self._pool.spare()
        if held is None or held.worker is None:
            return None
        shift = Shift(self, held, held.worker)
        self._shifts.append(shift)
        self._timer = self._timer or asyncio.get_running_loop().call_later(_LOOK, self._look)
        return shift

    def _level(self) -> None:
        """Lines come back from the shift that has the most, for one that has far fewer.

        They do not move by themselves: a shift has them as long as its clients ask.
        """
        at_work = self._at_work()
        numbers = [len(shift.lines) for shift in at_work]
        most, least = max(numbers, default=0), min(numbers, default=0)
        surplus = (most - (0 if self._pool.has_spare else least)) // 2
        if surplus:
            at_work[numbers.index(most)].recall_some(surplus)

    def _look(self) -> None:
        """One timer for all shifts, and none while there are none."""
        self._timer = None
        try:
            for shift in list(self._shifts):
                shift.look()
                if shift.generation is not self._pool.at_hand:
                    shift.recall()
            self._level()
        finally:
            if self._shifts:
                self._timer = asyncio.get_running_loop().call_later(_LOOK, self._look)
