"""A store large enough that bad queries hurt, and a look at the server after every attack."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket
from threading import Event, Thread

import httpx
import pytest

from tests.sparql_api.conftest import XSD, B, Server, Start, publish

GRAPH = B + "graph/attacked"
T = B + "ontology/"
THINGS = 50_000
WORKERS = 2
LIMIT = 300 * 2**20  # bytes that a query may take
PROCESSES = 1 + 1 + WORKERS + 1  # the server, the nursery, the workers and a spare one
SOON = 0.7  # seconds that attackers ask for, so that the tests end; honest clients have more
PROMPT = 3  # seconds that a small query may take right after an attack
ORDINARY = f"SELECT ?n {{ <{B}id/thing/4711> <{T}number> ?n }}"


def statements() -> Iterator[str]:
    """300,000: a ring over all things, a dense knot of 120, numbers, years, groups, texts."""
    for i in range(THINGS):
        thing = f"<{B}id/thing/{i}>"
        yield f"{thing} <{T}next> <{B}id/thing/{(i + 1) % THINGS}> <{GRAPH}> ."
        yield f'{thing} <{T}number> "{i}"^^<{XSD}integer> <{GRAPH}> .'
        yield f'{thing} <{T}year> "{1990 + i % 36}" <{GRAPH}> .'
        yield f"{thing} <{T}group> <{B}id/group/{i % 97}> <{GRAPH}> ."
        yield f'{thing} <{T}text> "{"a" * 40}{i} Größe der Straße" <{GRAPH}> .'
        yield f"{thing} <{T}knows> <{B}id/thing/{i * 7919 % 120}> <{GRAPH}> ."


@pytest.fixture(scope="session")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release of 300,000 statements."""
    path = tmp_path_factory.mktemp("attacked")
    publish(path, {GRAPH: list(statements())})
    return path


@pytest.fixture(scope="session")
def target(start: Start, large_home: Path) -> Server:
    """The server that all attacks share, from which attackers ask for little time."""
    return start(
        large_home,
        query_first_row=10,
        query_timeout=20,
        rate=0,
        query_memory=LIMIT,
        query_workers=WORKERS,
        query_queue=64,
        lang="en",
    )


@pytest.fixture(autouse=True)
def _unhurt(target: Server) -> Iterator[None]:
    """After each attack: alive, prompt, as many processes as before, no fault in the log."""
    faults = target.log.read_text("utf-8").count("Traceback")
    yield
    assert target.process.poll() is None, target.log.read_text("utf-8")[-3_000:]
    start = time.monotonic()
    answer = target.ask(ORDINARY, "text/csv")
    assert answer.text == "n\r\n4711\r\n"
    assert time.monotonic() - start < PROMPT
    until(lambda: target.busy() == 0, 10)
    until(lambda: len(family(target.process.pid)) == PROCESSES, 10)
    assert target.log.read_text("utf-8").count("Traceback") == faults


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Waits for a state that must come about in so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    members = [process]
    for member in members:  # grows while it is walked
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{member}/task").glob("*/children"):
                members += map(int, task.read_text("ascii").split())
    return members


def memory(process: int) -> int:
    """Bytes that a process and its descendants hold, what they share counted once (PSS)."""
    total = 0
    for member in family(process):
        with contextlib.suppress(OSError):  # a worker may end while it is looked at
            total += pss(member)
    return total


def pss(process: int) -> int:
    """Bytes that one process holds, with its part of what it shares. Raises OSError at its end."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def dial(server: Server) -> socket:
    """A bare connection to the server."""
    address = httpx.URL(server.url)
    connection = socket()
    connection.settimeout(20)
    connection.connect((address.host, address.port or 80))
    return connection


class Trap:
    """A listener on loopback that must never be reached; `visits` counts who came."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._socket = socket()
        self._socket.bind((host, 0))
        self._socket.listen(50)
        self._socket.settimeout(0.1)
        self.port: int = self._socket.getsockname()[1]
        self.visits = 0
        self._done = Event()
        self._thread = Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.is_set():
            try:
                visitor, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.visits += 1
            visitor.close()

    def close(self) -> None:
        """Ends the listener."""
        self._done.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    """A listener on loopback."""
    listener = Trap()
    yield listener
    listener.close()
