"""Clients that are slow, silent, rude or gone."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from socket import (
    IPPROTO_TCP,
    SHUT_WR,
    SO_LINGER,
    SO_RCVBUF,
    SOL_SOCKET,
    TCP_NODELAY,
    create_connection,
)
from struct import pack
from urllib.parse import quote

import httpx
import pytest

from sparql_api.server import listen
from tests.sparql_api.attacks.conftest import ORDINARY, WORKERS, dial, memory, until
from tests.sparql_api.conftest import Server

LARGE = "SELECT ?s ?p ?o { ?s ?p ?o }"
QUEUE = 64


def _get(query: str) -> bytes:
    return (
        f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    )


def _ordinary_is_answered(server: Server, seconds: float) -> None:
    """By a client that tries again as `Retry-After` says, only sooner."""
    end = time.monotonic() + seconds
    while server.ask(ORDINARY, "text/csv").text != "n\r\n4711\r\n":
        assert time.monotonic() < end, "the next query was not answered"


def test_a_hundred_slow_readers_hold_nobody_up_for_long(target: Server) -> None:
    before = memory(target.process.pid)
    with ExitStack() as connections:
        readers = [connections.enter_context(dial(target)) for _ in range(100)]
        for reader in readers:
            reader.setsockopt(SOL_SOCKET, SO_RCVBUF, 4_096)
            reader.sendall(_get(LARGE))
        time.sleep(1)
        assert target.client.get("/health").status_code == 200
        assert memory(target.process.pid) < before + 100 * 2**20
    _ordinary_is_answered(target, 2)


def test_a_slow_reader_gets_the_whole_answer(target: Server) -> None:
    asked, plain = {"query": LARGE, "format": "csv"}, {"Accept-Encoding": "identity"}
    with target.client.stream("GET", "/sparql", params=asked, headers=plain) as answer:
        parts = []
        for part in answer.iter_raw(2**20):
            parts.append(part)
            time.sleep(0.03)
    assert b"".join(parts).count(b"\r\n") == 300_001


@pytest.mark.parametrize(
    "fragment",
    [
        b"",
        b"GET /spar",
        b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-A: ",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 100\r\n\r\nASK",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nAS",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        b"Content-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\n",
    ],
    ids=["nothing", "path", "header", "body", "chunk", "expect"],
)
def test_a_hundred_half_sent_requests_hold_no_place(target: Server, fragment: bytes) -> None:
    with ExitStack() as connections:
        for _ in range(100):
            connections.enter_context(dial(target)).sendall(fragment)
        assert target.ask(ORDINARY, "text/csv").text == "n\r\n4711\r\n"
        assert target.busy() == 0


@pytest.mark.parametrize("way", ["closed", "half closed", "reset"])
def test_clients_that_leave_midstream_free_their_places(target: Server, way: str) -> None:
    for _ in range(10):
        with dial(target) as client:
            client.sendall(_get(LARGE))
            assert client.recv(1_000).startswith(b"HTTP/1.1 200")
            if way == "half closed":
                client.shutdown(SHUT_WR)
            elif way == "reset":
                client.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))  # a reset, no farewell
        assert target.ask(ORDINARY, "text/csv").status_code == 200


def test_clients_that_leave_before_the_answer_free_their_places(target: Server) -> None:
    for _ in range(30):
        with dial(target) as client:
            client.sendall(_get("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    until(lambda: target.busy() == 0, 2)


def test_a_crowd_larger_than_the_queue_is_answered_or_refused(target: Server) -> None:
    with ThreadPoolExecutor(2 * QUEUE) as threads:
        address = f"{target.url}/sparql?query={quote(ORDINARY)}"
        asked = [threads.submit(httpx.get, address, timeout=30) for _ in range(2 * QUEUE)]
        statuses = [answer.result().status_code for answer in asked]
    assert set(statuses) <= {200, 503}
    assert statuses.count(200) >= QUEUE


def test_accepted_connections_wait_for_no_acknowledgement() -> None:
    """Without it, TCP holds a second small piece back until the first is acknowledged."""
    with listen("127.0.0.1", 0) as listener, create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(IPPROTO_TCP, TCP_NODELAY)


@pytest.mark.parametrize("path", ["/sparql?query=ASK%20%7B%7D", "/robots.txt"])
def test_a_small_answer_comes_in_one_piece(target: Server, path: str) -> None:
    with dial(target) as client:
        for _ in range(5):
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head, _, body = client.recv(65_536).partition(b"\r\n\r\n")
            length = next(line for line in head.split(b"\r\n") if b"content-length" in line)
            assert len(body) == int(length.split()[1])


def test_readers_that_stand_still_lose_their_places_to_those_who_wait(target: Server) -> None:
    with ExitStack() as connections:
        for _ in range(WORKERS):
            reader = connections.enter_context(dial(target))
            reader.setsockopt(SOL_SOCKET, SO_RCVBUF, 4_096)
            reader.sendall(_get(LARGE))
        until(lambda: target.busy() == WORKERS, 5)
        # Their own limit would hold the places for ten times 20 seconds.
        assert target.ask(ORDINARY, "text/csv").text == "n\r\n4711\r\n"
