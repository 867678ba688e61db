"""A query can only hurt itself."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from tests.sparql_api.conftest import ENDLESS, FLOOD, HOG, Server


def test_a_query_over_its_time_is_stopped_with_a_clear_answer(server: Server) -> None:
    start = time.monotonic()
    answer = server.ask(ENDLESS)
    assert 1.4 < time.monotonic() - start < 2.5
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "nach 1.5 Sekunden" in answer.json()["detail"]


def test_the_next_query_is_answered_at_once(server: Server) -> None:
    server.ask(ENDLESS)
    start = time.monotonic()
    assert server.ask("ASK {}").status_code == 200
    assert time.monotonic() - start < 0.2


def test_a_fresh_worker_stands_in_for_a_killed_one(server: Server) -> None:
    _until(lambda: server.idle() >= 3, 2)
    server.ask(ENDLESS)
    _until(lambda: server.idle() >= 3, 1)


def test_a_client_may_ask_for_less_time(server: Server) -> None:
    start = time.monotonic()
    parameters = {"query": ENDLESS, "timeout": "0.3"}
    assert server.client.get("/sparql", params=parameters).status_code == 503
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_a_late_failure_breaks_the_transfer(server: Server, accept: str) -> None:
    headers = {"Accept": accept}
    with server.client.stream("GET", "/sparql", params={"query": FLOOD}, headers=headers) as answer:
        assert answer.status_code == 200
        parts = answer.iter_raw()
        assert next(parts)
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            list(parts)


def test_a_query_over_its_memory_is_ended(server: Server) -> None:
    answer = server.client.get("/sparql", params={"query": HOG})
    assert answer.status_code == 507
    assert "200 MiB" in answer.json()["detail"]
    assert server.ask("ASK {}").status_code == 200


def test_a_client_that_leaves_ends_its_query(server: Server) -> None:
    address = httpx.URL(server.url)
    request = f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((address.host, address.port or 80)) as client:
        client.sendall(request.encode())
        _until(lambda: server.busy() == 1, 1)
    start = time.monotonic()
    _until(lambda: server.busy() == 0, 1)
    assert time.monotonic() - start < 0.7  # its limit would end it only after 1.5 s


def test_a_client_that_leaves_midstream_ends_its_query(server: Server) -> None:
    with server.client.stream("GET", "/sparql", params={"query": FLOOD}) as answer:
        parts = answer.iter_raw()
        assert next(parts)
        assert server.busy() == 1
    start = time.monotonic()
    _until(lambda: server.busy() == 0, 1)
    assert time.monotonic() - start < 0.7


def test_all_places_taken_means_a_short_queue_then_503(server: Server) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(httpx.get, _slow(server), timeout=30) for _ in range(2)]
        _until(lambda: server.busy() == 2, 1)
        waiting = threads.submit(server.ask, "ASK {}")
        _until(lambda: server.client.get("/health").json()["workers"]["queued"] == 1, 1)
        start = time.monotonic()
        refused = server.ask("ASK {}")
        assert time.monotonic() - start < 0.3
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert [a.result().status_code for a in answers] == [503, 503]
        assert waiting.result().status_code in {200, 503}


def test_health_and_pages_answer_while_all_places_are_taken(server: Server) -> None:
    with ThreadPoolExecutor(2) as threads:
        slow = [threads.submit(httpx.get, _slow(server), timeout=30) for _ in range(2)]
        _until(lambda: server.busy() == 2, 1)
        start = time.monotonic()
        assert server.client.get("/health").json()["status"] == "ok"
        assert server.client.get("/").status_code == 200
        assert server.client.get("/doc/project/probe.html").status_code == 200
        assert time.monotonic() - start < 1
        assert all(answer.result().status_code == 503 for answer in slow)


def test_many_at_once_are_all_answered_or_refused(server: Server) -> None:
    statuses: list[int] = []

    def ask() -> None:
        for _ in range(10):
            statuses.append(httpx.get(server.url + "/sparql?query=ASK%7B%7D").status_code)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(statuses) == 60
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) > 20


def _slow(server: Server) -> str:
    return f"{server.url}/sparql?query={quote(ENDLESS)}"


def _until(holds: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
