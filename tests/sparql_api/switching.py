"""Releases that take turns while clients ask; each answer must be of one of them."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.sparql_api.conftest import GRAPH, B, publish

_STATEMENTS = 1_000
QUERIES = {
    "count": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "turn": "SELECT DISTINCT ?o { ?s ?p ?o }",
    "all": "SELECT ?s ?o { ?s ?p ?o }",
}


def publish_turn(home: Path, turn: int) -> str:
    """A release in which all values are the turn's number; as many statements as only it has."""
    lines = [
        f'<{B}id/thing/{i}> <{B}ontology/turn> "{turn}" <{GRAPH}> .'
        for i in range(_STATEMENTS + turn)
    ]
    return publish(home, {GRAPH: lines}).id


@dataclass
class Load:
    """Clients that ask; `answers` has status, release, kind of query and body of each."""

    url: str
    clients: int
    answers: list[tuple[int, str, str, bytes]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._ask) for _ in range(self.clients)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self.url, timeout=60, headers={"Accept": "text/csv"}) as client:
            while not self._stop.is_set():
                for kind, query in QUERIES.items():
                    try:
                        answer = client.get("/sparql", params={"query": query})
                        release = answer.headers.get("stadtwissen-release", "")
                        self.answers.append((answer.status_code, release, kind, answer.content))
                    except httpx.HTTPError as error:
                        self.answers.append((0, "", kind, repr(error).encode()))


def take_turns(home: Path, url: str, turns: int, seconds: float) -> tuple[Load, dict[str, int]]:
    """Publishes so many releases at that distance under load; the answers, and release to turn.

    The first turn, 0, is live already.
    """
    released: dict[str, int] = {}
    with Load(url, 3) as load:
        for turn in range(1, turns + 1):
            time.sleep(seconds)
            released[publish_turn(home, turn)] = turn
        end = time.monotonic() + 30
        last = next(reversed(released))
        while time.monotonic() < end and not any(a[1] == last for a in load.answers):
            time.sleep(0.1)
    return load, released


def faults(load: Load, released: dict[str, int]) -> list[str]:
    """What is wrong with the answers: failed, or not those of the release that they name."""
    found = []
    for status, release, kind, body in load.answers:
        turn = released.get(release)
        if status != 200 or turn is None:
            found.append(f"{kind}: {status} {release} {body[:200]!r}")
        elif kind == "count" and body != b"n\r\n%d\r\n" % (_STATEMENTS + turn):
            found.append(f"{release} (turn {turn}) counts {body!r}")
        elif kind == "turn" and body != b"o\r\n%d\r\n" % turn:
            found.append(f"{release} (turn {turn}) has the turns {body!r}")
        elif kind == "all" and body.count(b",%d\r\n" % turn) != _STATEMENTS + turn:
            found.append(f"{release} (turn {turn}) has {body.count(bytes([10]))} rows")
    return found
