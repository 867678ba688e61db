"""A query can only hurt itself."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import httpx
import pytest

from tests.sparql_api.attacks.conftest import dial
from tests.sparql_api.conftest import ENDLESS, FLOOD, HOG, Server

FRESH = "ASK {} # no other test asks this, so that it is in no cache: "


def test_a_query_over_its_time_is_stopped_with_a_clear_answer(server: Server) -> None:
    start = time.monotonic()
    answer = server.ask(ENDLESS)
    assert time.monotonic() - start > 7.9
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "nach 8 Sekunden" in answer.json()["detail"]


def test_the_next_query_is_answered_at_once(server: Server) -> None:
    _hurry(server, ENDLESS)
    start = time.monotonic()
    assert server.ask("ASK {}").status_code == 200
    assert time.monotonic() - start < 1


def test_a_fresh_worker_stands_in_for_a_killed_one(server: Server) -> None:
    _until(lambda: server.idle() >= 3, 5)
    _hurry(server, ENDLESS)
    _until(lambda: server.idle() >= 3, 5)


def test_a_client_may_ask_for_less_time(server: Server) -> None:
    answer = _hurry(server, ENDLESS)
    assert answer.status_code == 503
    assert "nach 0.3 Sekunden" in answer.json()["detail"]


def test_a_client_cannot_ask_for_more_time_than_the_operator_gives(server: Server) -> None:
    answer = server.client.get("/sparql", params={"query": "ASK {}", "timeout": "1000"})
    assert answer.headers["stadtwissen-limits"].startswith("first=8, total=9, memory=")


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_a_late_failure_breaks_the_transfer(server: Server, accept: str) -> None:
    headers = {"Accept": accept}
    asked = {"query": FLOOD, "timeout": "1.5"}
    with server.client.stream("GET", "/sparql", params=asked, headers=headers) as answer:
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
        _until(lambda: server.busy() == 1, 3)
    _until(lambda: server.busy() == 0, 2)  # its limit would end it only after 4 s


def test_a_client_that_leaves_midstream_ends_its_query(server: Server) -> None:
    with server.client.stream("GET", "/sparql", params={"query": FLOOD}) as answer:
        parts = answer.iter_raw()
        assert next(parts)
        assert server.busy() == 1
    _until(lambda: server.busy() == 0, 3)  # its limit would end it only after 6 s


def test_all_places_taken_means_a_short_queue_then_503(server: Server) -> None:
    with _occupied(server), dial(server) as waiting:
        waiting.sendall(_request(FRESH + "1"))
        _until(lambda: server.client.get("/health").json()["workers"]["queued"] == 1, 5)
        refused = server.ask(FRESH + "2")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert server.ask("ASK {}").status_code == 200


def test_who_waited_is_answered_when_a_place_is_free(server: Server) -> None:
    with _occupied(server) as occupants, dial(server) as waiting:
        waiting.sendall(_request(FRESH + "3"))
        _until(lambda: server.client.get("/health").json()["workers"]["queued"] == 1, 5)
        occupants.close()
        assert waiting.recv(1_000).startswith(b"HTTP/1.1 200")


def test_health_metrics_and_pages_answer_while_all_places_are_taken(server: Server) -> None:
    with _occupied(server):
        assert server.client.get("/health").json()["status"] == "ok"
        assert server.client.get("/metrics").status_code == 200
        assert server.client.get("/").status_code == 200
        assert server.client.get("/doc/project/probe.html").status_code == 200
        assert server.busy() == 2


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


def _hurry(server: Server, query: str) -> httpx.Response:
    return server.client.get("/sparql", params={"query": query, "timeout": "0.3"})


def _request(query: str) -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


@contextmanager
def _occupied(server: Server) -> Iterator[ExitStack]:
    """Both places are taken, until the occupants are closed."""
    with ExitStack() as occupants:
        for _ in range(2):
            occupants.enter_context(dial(server)).sendall(_request(ENDLESS))
        _until(lambda: server.busy() == 2, 5)
        yield occupants
    _until(lambda: server.busy() == 0, 5)


def _until(holds: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
