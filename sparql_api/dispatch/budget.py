"""The budget: seconds of query time that each client has in a minute, and queries at a time."""

import asyncio
from dataclasses import dataclass, field
from math import ceil, inf

from loader.language import Text
from sparql_api.errors import BudgetSpent, TooManyAtOnce
from sparql_api.letterhead import WINDOW

_CLIENTS = 10_000  # accounts; beyond, those that owe nothing are forgotten


@dataclass(slots=True)
class _Account:
    """`spent` at the time `since`; it melts by the budget of a minute a minute."""

    spent: float = 0.0
    since: float = 0.0
    began: list[float] = field(default_factory=list)


class Budget:
    """Who may ask how much. A budget of 0 seconds is none: everybody may ask.

    Running queries count with the time that they have had so far.
    """

    def __init__(self, seconds: float, queries: int) -> None:
        self.seconds = seconds
        self.refused = 0
        self._queries = queries
        self._accounts: dict[str, _Account] = {}

    def admit(self, client: str) -> float:
        """Lets a client's query begin; what is returned is for `settle`.

        Raises BudgetSpent or TooManyAtOnce.
        """
        now = asyncio.get_running_loop().time()
        account = self._account(client, now)
        if len(account.began) >= self._queries:
            self.refused += 1
            raise _too_many(self._queries)
        used = self._used(account, now)
        if self.seconds and used >= self.seconds:
            self.refused += 1
            raise _spent(self.seconds, used)
        account.began.append(now)
        return now

    def running(self, client: str) -> int:
        """Queries of a client that run or wait."""
        account = self._accounts.get(client)
        return len(account.began) if account else 0

    def left(self, client: str) -> float:
        """Seconds that a client may use now; without a rate there is no end of them."""
        return self.seconds - self.used(client) if self.seconds else inf

    def charge(self, client: str, seconds: float) -> None:
        """Charges what a query took that was not admitted by itself."""
        now = asyncio.get_running_loop().time()
        account = self._account(client, now)
        account.spent = self._melted(account, now) + seconds
        account.since = now

    def settle(self, client: str, began: float, seconds: float) -> None:
        """Charges what a query took."""
        self._accounts[client].began.remove(began)
        self.charge(client, seconds)

    def used(self, client: str) -> float:
        """Seconds that a client has used of its budget."""
        account = self._accounts.get(client)
        return self._used(account, asyncio.get_running_loop().time()) if account else 0.0

    def _account(self, client: str, now: float) -> _Account:
        account = self._accounts.get(client)
        if account is None:
            self._forget(now)
            account = self._accounts[client] = _Account(since=now)
        return account

    def _used(self, account: _Account, now: float) -> float:
        return self._melted(account, now) + sum(now - began for began in account.began)

    def _melted(self, account: _Account, now: float) -> float:
        return max(0.0, account.spent - (now - account.since) * self.seconds / WINDOW)

    def _forget(self, now: float) -> None:
        if len(self._accounts) < _CLIENTS:
            return
        for client, account in list(self._accounts.items()):
            if not account.began and not self._melted(account, now):
                del self._accounts[client]


def _spent(seconds: float, used: float) -> BudgetSpent:
    wait = max(1, ceil((used - seconds) / seconds * WINDOW) + 1)
    return BudgetSpent(
        Text(
            f"Ihre Abfragen haben {used:.1f} Sekunden Rechenzeit gebraucht; in einer Minute stehen "
            f"jedem {seconds:g} zu. Fragen Sie in {wait} Sekunden weiter.",
            f"Your queries took {used:.1f} seconds of query time; everybody has {seconds:g} in a "
            f"minute. Go on in {wait} seconds.",
        ),
        retry_after=wait,
        budget=seconds,
        used=round(used, 3),
        window=WINDOW,
    )


def _too_many(queries: int) -> TooManyAtOnce:
    return TooManyAtOnce(
        Text(
            f"Von Ihnen laufen oder warten schon {queries} Abfragen. "
            "Warten Sie, bis eine davon beantwortet ist.",
            f"{queries} of your queries are running or waiting already. "
            "Wait until one of them is answered.",
        ),
        retry_after=1,
        queries=queries,
    )
