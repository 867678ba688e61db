"""The budget: seconds of query time that each client has in a minute, and queries at a time."""

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_address
from math import ceil

from starlette.datastructures import Headers
from starlette.types import Scope

from loader.language import Text
from sparql_api.errors import BudgetSpent, TooManyAtOnce

WINDOW = 60.0  # seconds
_HOUSE = "house"
_CLIENTS = 10_000  # accounts; beyond, those that owe nothing are forgotten
_NETWORK = 64  # bits; a client of IPv6 has so many addresses of its own that one says nothing


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
        account = self._accounts.get(client)
        if account is None:
            self._forget(now)
            account = self._accounts[client] = _Account(since=now)
        if len(account.began) >= self._queries:
            self.refused += 1
            raise _too_many(self._queries)
        used = self._used(account, now)
        if self.seconds and used >= self.seconds:
            self.refused += 1
            raise _spent(self.seconds, used)
        account.began.append(now)
        return now

    def settle(self, client: str, began: float, seconds: float) -> None:
        """Charges what a query took."""
        now = asyncio.get_running_loop().time()
        account = self._accounts[client]
        account.began.remove(began)
        account.spent = self._melted(account, now) + seconds
        account.since = now

    def used(self, client: str) -> float:
        """Seconds that a client has used of its budget."""
        account = self._accounts.get(client)
        return self._used(account, asyncio.get_running_loop().time()) if account else 0.0

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


def client_of(scope: Scope, header: str) -> str:
    """Who asks: the connection's address, or the last in the header that a proxy writes."""
    address = (scope["client"] or (_HOUSE,))[0]
    if header:
        said = ",".join(Headers(scope=scope).getlist(header)).rpartition(",")[2].strip()
        address = said or address
    if ":" not in address:
        return str(address)
    try:
        number = int(ip_address(address.strip("[]").partition("%")[0]))
    except ValueError:
        return str(address)
    return f"{number >> (128 - _NETWORK):x}"


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
