"""Clients' lines are lent to workers: what that changes for a client is nothing."""

import gzip
import json
import os
import select
import signal
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path
from socket import SHUT_RDWR, SO_RCVBUF, SOL_SOCKET, socket

import httpx
import pytest
import zstandard

from tests.sparql_api.attacks.conftest import family, until
from tests.sparql_api.conftest import ENDLESS, FLOOD, NUMBERS, B, Server, Start
from tests.sparql_api.lines import Reader, lines, look_up, number_of, request

MIDDLING = f"SELECT ?s ?n {{ ?s <{B}ontology/number> ?n }} LIMIT 900"  # under 64 KiB as CSV


def _fields(head: bytes) -> dict[str, str]:
    """Header fields but for those that no two answers share, and how the end is known."""
    own = {"date", "stadtwissen-request", "content-length", "transfer-encoding"}
    pairs = (line.partition(b": ") for line in head.split(b"\r\n")[1:-1])
    found = {name.decode().lower(): text.decode() for name, _, text in pairs}
    return {name: found[name] for name in found if name not in own}


def _decoded(body: bytes) -> bytes:
    """Without its content coding, which differs where a body came in several pieces."""
    if body.startswith(b"\x1f\x8b"):
        return gzip.decompress(body)
    if body.startswith(zstandard.FRAME_HEADER):
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return body


@pytest.mark.parametrize("coding", ["", "Accept-Encoding: gzip\r\n", "Accept-Encoding: zstd\r\n"])
@pytest.mark.parametrize(
    "query",
    [number_of(7), MIDDLING, "ASK {}", "ASK { FILTER(RAND() < 2) }", "DESCRIBE <x:nothing>"],
)
def test_the_answer_is_the_same_as_the_application_gives(
    server: Server, query: str, coding: str
) -> None:
    other = coding + "If-None-Match: nothing\r\n"  # which no worker judges
    with Reader(server) as reader:
        reader.connection.sendall(request(query, coding))
        head, body = reader.read()
        reader.connection.sendall(request(query, other))
        expected_head, expected_body = reader.read()
    assert _fields(head) == _fields(expected_head)
    assert _decoded(body) == _decoded(expected_body)
    assert head.split(b"\r\n")[0] == expected_head.split(b"\r\n")[0]


def test_a_slow_query_holds_up_no_other_line(server: Server) -> None:
    with lines(server, 6) as readers:
        readers[0].connection.sendall(request(ENDLESS))
        for number, reader in enumerate(readers[1:]):
            reader.connection.sendall(look_up(number))
        for number, reader in enumerate(readers[1:]):
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
        assert server.busy() == 1
    until(lambda: server.busy() == 0, 5)


def test_lines_that_come_while_their_worker_is_slow_are_not_lost(server: Server) -> None:
    with lines(server, 2) as slow, ExitStack() as stack:
        slow[0].connection.sendall(request(ENDLESS))
        fresh = [stack.enter_context(Reader(server)) for _ in range(20)]
        for number, reader in enumerate(fresh):
            reader.connection.sendall(look_up(number))
        for number, reader in enumerate(fresh):
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
    until(lambda: server.busy() == 0, 5)


def test_a_flood_on_a_line_streams_and_ends_with_its_client(server: Server) -> None:
    with lines(server, 2) as readers:
        readers[0].connection.sendall(request(FLOOD))
        assert readers[0].connection.recv(65_536).startswith(b"HTTP/1.1 200")
        readers[0].connection.shutdown(SHUT_RDWR)
        readers[1].connection.sendall(look_up(5))
        assert readers[1].read()[1] == b"n\r\n5\r\n"
    until(lambda: server.busy() == 0, 5)


def test_requests_sent_at_once_are_answered_in_their_order(server: Server) -> None:
    with lines(server, 1) as (reader,):
        reader.connection.sendall(b"".join(look_up(number) for number in range(12)))
        answers = [reader.read()[1] for _ in range(12)]
    assert answers == [b"n\r\n%d\r\n" % number for number in range(12)]


@pytest.mark.parametrize("place", [1, 12, 40, -2])
def test_a_request_in_two_pieces_is_answered(server: Server, place: int) -> None:
    with lines(server, 1) as (reader,):
        reader.connection.sendall(look_up(3)[:place])
        until(lambda: server.client.get("/health").status_code == 200, 5)
        reader.connection.sendall(look_up(3)[place:])
        assert reader.read()[1] == b"n\r\n3\r\n"


def test_a_client_that_reads_late_gets_all_of_every_answer(server: Server) -> None:
    asked = request(MIDDLING)
    with Reader(server) as reader:
        reader.connection.setsockopt(SOL_SOCKET, SO_RCVBUF, 2**16)
        reader.connection.sendall(asked)
        expected = reader.read()[1]
        for _ in range(120):  # some megabytes, more than the kernel keeps
            reader.connection.sendall(asked)
        assert all(reader.read()[1] == expected for _ in range(120))


def test_faults_are_told_on_a_line_as_elsewhere(server: Server) -> None:
    with lines(server, 1) as (reader,):
        reader.connection.sendall(request("SELECT ?n { ?n }"))
        head, body = reader.read()
        assert b" 400 " in head.split(b"\r\n")[0]
        assert json.loads(body)["line"] == 1
        reader.connection.sendall(look_up(4))
        assert reader.read()[1] == b"n\r\n4\r\n"


def test_lines_survive_the_death_of_their_worker(start: Start, probe_home: Path) -> None:
    server = start(probe_home, query_workers=2, rate=0)
    with lines(server, 5) as readers:
        nursery, *workers = family(server.process.pid)[1:]
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        for number, reader in enumerate(readers):
            reader.connection.sendall(look_up(number))
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
        assert nursery in family(server.process.pid)
    server.stop()


def test_lines_spread_over_the_workers_as_places_become_free(server: Server) -> None:
    with Reader(server) as slow:
        slow.connection.sendall(request(ENDLESS))
        until(lambda: server.busy() == 1, 5)
        with lines(server, 6) as readers:
            slow.connection.close()

            numbers = count(100)  # what was asked before may be answered without a worker

            def are_even() -> bool:
                for reader in readers:
                    number = next(numbers) % NUMBERS
                    reader.connection.sendall(look_up(number))
                    assert reader.read()[1] == b"n\r\n%d\r\n" % number
                return _spread(server) == [3, 3]

            until(are_even, 20)


def _spread(server: Server) -> list[int]:
    """How many connections each worker has that has any; one socket is the server's."""
    numbers = []
    for worker in family(server.process.pid)[2:]:
        with suppress(OSError):  # it ends meanwhile
            opened = [path.readlink() for path in Path(f"/proc/{worker}/fd").iterdir()]
            numbers.append(sum(str(path).startswith("socket:") for path in opened) - 1)
    return [number for number in numbers if number > 0]


def test_look_ups_use_up_the_budget_too(start: Start, probe_home: Path) -> None:
    server = start(probe_home, rate=0.05, query_workers=1)
    statuses = []
    with httpx.Client(base_url=server.url) as client:
        for number in range(3_000):
            answer = client.get("/sparql", params={"query": number_of(number)})
            statuses.append(answer.status_code)
            if answer.status_code != 200:
                break
    assert statuses[-1] == 429
    assert statuses.count(200) > 10
    server.stop()


def test_a_proxy_may_send_many_clients_requests_over_one_line(
    start: Start, probe_home: Path
) -> None:
    server = start(probe_home, rate=1, client_header="X-Real-IP", query_workers=2)
    with Reader(server) as reader:
        for number in range(6):
            named = f"X-Real-IP: 192.0.2.{number % 2}\r\n"
            reader.connection.sendall(request(number_of(number), named))
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
    server.stop()


def test_idle_lines_leave_no_place_taken_and_no_worker_away(server: Server) -> None:
    with lines(server, 4):
        state = server.client.get("/health").json()["workers"]
        assert state["busy"] == 0
        assert state["idle"] >= state["places"]


def test_an_idle_line_is_closed_although_a_busy_worker_still_has_it(server: Server) -> None:
    with lines(server, 4) as readers:
        busy, *idle = readers
        busy.connection.sendall(request(ENDLESS))
        assert [reader.connection.recv(1) for reader in idle] == [b"", b"", b""]
        still, _, _ = select.select([busy.connection], [], [], 0)
        assert still == []  # its worker was still at it when the last line was closed
        assert busy.read()[0].startswith(b"HTTP/1.1 50")


def test_what_was_asked_on_a_line_before_the_server_stops_is_answered(
    start: Start, probe_home: Path
) -> None:
    server = start(probe_home, query_workers=2, rate=0)
    with lines(server, 4) as readers:
        workers = family(server.process.pid)[2:]
        for worker in workers:
            os.kill(worker, signal.SIGSTOP)
        for number, reader in enumerate(readers[1:], 10):
            reader.connection.sendall(look_up(number))
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not _listens(server), 10)
        for worker in workers:
            os.kill(worker, signal.SIGCONT)
        for number, reader in enumerate(readers[1:], 10):
            assert reader.read()[1] == b"n\r\n%d\r\n" % number
        assert [reader.connection.recv(1) for reader in readers] == [b""] * 4
    assert server.process.wait(20) == 0
    server.stop()


def _listens(server: Server) -> bool:
    address = httpx.URL(server.url)
    with socket() as connection:
        return connection.connect_ex((address.host, address.port or 80)) == 0
