"""Fair use: seconds of query time for each client, and queries at a time."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sparql_api.dispatch.budget import Budget
from sparql_api.errors import BudgetSpent, TooManyAtOnce
from sparql_api.request.payer import client_in, client_of
from tests.sparql_api.attacks.conftest import dial, until
from tests.sparql_api.conftest import ENDLESS, Server, Start

HEADER = "X-Real-IP"


@pytest.fixture(scope="module")
def strict(start: Start, probe_home: Path) -> Iterator[Server]:
    """One second of query time in a minute, behind a proxy."""
    server = start(probe_home, rate=1, client_header=HEADER, query_workers=2)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def narrow(start: Start, probe_home: Path) -> Iterator[Server]:
    """As much query time as anybody wants, two queries at a time."""
    server = start(probe_home, rate=0, client_queries=2, client_header=HEADER, query_workers=2)
    yield server
    server.stop()


def _ask(server: Server, client: str, query: str = "ASK {}", timeout: float = 30) -> httpx.Response:
    query = f"{query} # {token_hex(4)}"  # an answer from the cache costs nothing
    return httpx.get(
        server.url + "/sparql",
        params={"query": query, "timeout": str(timeout)},
        headers={HEADER: client, "Accept": "*/*", "Accept-Language": "en"},
        timeout=30,
    )


def test_who_used_up_the_budget_is_told_so_and_when_to_come_back(strict: Server) -> None:
    first = _ask(strict, "192.0.2.1")
    assert first.headers["ratelimit-policy"] == '"query-seconds";q=1;w=60'
    assert first.headers["ratelimit"] == '"query-seconds";r=1'
    _ask(strict, "192.0.2.1", ENDLESS, 2.5)
    refused = _ask(strict, "192.0.2.1")
    assert refused.status_code == 429
    assert 1 < int(refused.headers["retry-after"]) < 120
    problem = refused.json()
    assert (problem["budget"], problem["window"]) == (1, 60)
    assert problem["used"] > 1
    assert "everybody has 1 in a minute" in problem["detail"]


def test_others_are_not_affected(strict: Server) -> None:
    _ask(strict, "192.0.2.2", ENDLESS, 2.5)
    assert _ask(strict, "192.0.2.2").status_code == 429
    assert _ask(strict, "192.0.2.3").status_code == 200


def test_a_client_has_only_so_many_queries_at_a_time(narrow: Server) -> None:
    with ExitStack() as connections:
        for _ in range(2):
            waiting = connections.enter_context(dial(narrow))
            waiting.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n".encode())
            waiting.sendall(f"{HEADER}: 192.0.2.4\r\n\r\n".encode())
        until(lambda: narrow.busy() == 2, 10)
        refused = _ask(narrow, "192.0.2.4")
    assert refused.status_code == 429, refused.text
    assert refused.json()["queries"] == 2, refused.text


def test_a_browser_gets_a_page_that_says_it(strict: Server) -> None:
    _ask(strict, "192.0.2.5", ENDLESS, 2.5)
    page = httpx.get(
        strict.url + "/en/sparql",
        params={"query": f"ASK {{}} # {token_hex(4)}"},
        headers={HEADER: "192.0.2.5", "Accept": "text/html"},
    )
    assert page.status_code == 429
    assert "Query time used up" in page.text


def _at(work: Callable[[], Any]) -> Any:
    async def run() -> Any:
        return work()

    return asyncio.run(run())


def test_what_was_used_melts_away() -> None:
    async def run() -> float:
        budget = Budget(600, 10)  # ten a second
        budget.settle("a", budget.admit("a"), 1.0)
        await asyncio.sleep(0.05)
        return budget.used("a")

    assert 0 < asyncio.run(run()) < 0.6


def test_running_queries_count_before_they_end() -> None:
    async def run() -> None:
        budget = Budget(0.02, 10)
        budget.admit("a")
        await asyncio.sleep(0.05)
        budget.admit("a")

    with pytest.raises(BudgetSpent):
        asyncio.run(run())


def test_without_a_rate_only_the_number_at_a_time_counts() -> None:
    def run() -> None:
        budget = Budget(0, 2)
        for _ in range(2):
            budget.settle("a", budget.admit("a"), 1_000)
        for _ in range(3):
            budget.admit("a")

    with pytest.raises(TooManyAtOnce):
        _at(run)


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2::1", "20010db800010002"),
        ("2001:db8:1:2:ffff::9", "20010db800010002"),
        ("", "192.0.2.9"),
        ("no:address", "no:address"),
    ],
)
def test_a_client_is_what_the_proxy_says_last(said: str, client: str) -> None:
    headers = [(b"x-forwarded-for", said.encode())] if said else []
    scope = {"type": "http", "client": ("192.0.2.9", 5), "headers": headers}
    assert client_of(scope, "X-Forwarded-For").rjust(len(client), "0") == client
    head = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"%b: %b\r\n" % each for each in headers)
    assert client_in(head + b"\r\n", "192.0.2.9", "X-Forwarded-For") == client_of(
        scope, "X-Forwarded-For"
    )


def test_without_a_trusted_header_nobody_can_pass_for_another() -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.7")]
    scope = {"type": "http", "client": ("192.0.2.9", 5), "headers": headers}
    assert client_of(scope, "") == "192.0.2.9"
