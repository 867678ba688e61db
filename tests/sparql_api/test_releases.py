"""Releases come and go without a failing request, and no process stays behind."""

import os
import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from loader.releases.release import Home
from tests.sparql_api.conftest import GRAPH, HOG, B, Server, Start, publish
from tests.sparql_api.switching import faults, publish_turn, take_turns

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def _lines(number: int) -> list[str]:
    return [f'<{B}id/thing/{i}> <{B}ontology/number> "{i}" <{GRAPH}> .' for i in range(number)]


def _children(process: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        if int(fields[1]) == process and fields[0] != "Z":
            child = int(stat.parent.name)
            found += [child, *_children(child)]
    return found


def _until(holds: object, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path, {GRAPH: _lines(10)})
    return tmp_path


def test_a_new_release_takes_over_without_a_failing_or_mixed_answer(
    start: Start, home: Path
) -> None:
    server = start(home)
    answers: set[tuple[int, str, str]] = set()
    stop = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            while not stop.is_set():
                answer = client.get("/sparql", params={"query": COUNT, "format": "csv"})
                release = answer.headers.get("stadtwissen-release", "")
                answers.add((answer.status_code, release, answer.text))

    first = Home(home).releases()[0]
    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    second = publish(home, {GRAPH: _lines(20)})
    _until(lambda: server.client.get("/health").json()["release"] == second.id, 10)
    time.sleep(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    assert answers == {(200, first.id, "n\r\n10\r\n"), (200, second.id, "n\r\n20\r\n")}
    server.stop()


def test_an_answer_that_began_before_a_new_release_is_finished_from_the_old(
    start: Start, home: Path
) -> None:
    first = publish(home, {GRAPH: _lines(600)})
    server = start(home)
    pairs = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
    asked = {"query": pairs, "format": "csv"}
    plain = {"Accept-Encoding": "identity"}
    address = server.url + "/sparql"
    with httpx.stream("GET", address, params=asked, headers=plain, timeout=30) as answer:
        parts = answer.iter_raw()
        text = next(parts)
        second = publish(home, {GRAPH: _lines(20)})
        _until(lambda: server.client.get("/health").json()["release"] == second.id, 10)
        time.sleep(6)  # longer than the grace that a replaced release has without readers
        text += b"".join(parts)
    assert answer.headers["stadtwissen-release"] == first.id
    assert text.count(b"\n") == 200_001
    server.stop()


def test_an_older_release_still_answers_by_its_id(start: Start, home: Path) -> None:
    first = Home(home).releases()[0]
    publish(home, {GRAPH: _lines(20)})
    server = start(home)
    asked = {"query": COUNT, "format": "csv", "release": first.id}
    answer = server.client.get("/sparql", params=asked)
    assert (answer.text, answer.headers["stadtwissen-release"]) == ("n\r\n10\r\n", first.id)
    assert server.client.get("/sparql", params=asked | {"release": "x"}).status_code == 404
    server.stop()


def test_a_damaged_release_does_not_take_over(start: Start, home: Path) -> None:
    server = start(home)
    first = server.client.get("/health").json()["release"]
    second = publish(home, {GRAPH: _lines(20)})
    second.masters[0].write_bytes(b"no quads\n")
    time.sleep(2)
    assert server.client.get("/health").json()["release"] == first
    assert server.ask(COUNT).status_code == 200
    server.stop()


def test_a_release_too_large_for_memory_is_read_from_disk(start: Start, home: Path) -> None:
    publish(home, {GRAPH: _lines(100_000)})
    server = start(home, query_memory="64 MiB")  # 100,000 need 70 MB
    nursery = _children(server.process.pid)[0]
    assert b"disk" in Path(f"/proc/{nursery}/cmdline").read_bytes().split(b"\0")
    assert server.ask(COUNT, "text/csv").text == "n\r\n100000\r\n"
    assert server.ask(HOG).status_code == 507
    assert server.ask(COUNT, "text/csv").text == "n\r\n100000\r\n"
    server.stop()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_stays_behind(start: Start, home: Path, how: signal.Signals) -> None:
    server = start(home)
    children = _children(server.process.pid)
    assert len(children) > 1
    code = server.stop(how)
    assert code == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    _until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), 5)


def test_a_killed_nursery_is_replaced(start: Start, home: Path) -> None:
    server: Server = start(home)
    (nursery, *_) = [
        child
        for child in _children(server.process.pid)
        if Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[1]
        == str(server.process.pid)
    ]
    os.kill(nursery, signal.SIGKILL)
    _until(lambda: server.client.get("/health").json()["status"] == "ok", 5)
    _until(lambda: server.ask(COUNT).status_code == 200, 5)
    server.stop()


def test_a_release_that_the_server_reads_is_not_pruned(start: Start, home: Path) -> None:
    first = Home(home).releases()[0]
    publish(home, {GRAPH: _lines(20)})
    server = start(home)
    asked = {"query": COUNT, "format": "csv", "release": first.id}
    server.client.get("/sparql", params=asked)
    assert Home(home).prune(keep=1) == ([], [first.id])
    assert server.client.get("/sparql", params=asked).text == "n\r\n10\r\n"
    server.stop()
    assert Home(home).prune(keep=1) == ([first.id], [])


def test_releases_that_take_turns_under_load_never_fail_or_mix(
    start: Start, tmp_path: Path
) -> None:
    """Four switches; `tests/benchmarks/switching.py` makes twelve, every five seconds."""
    first = publish_turn(tmp_path, 0)
    server = start(tmp_path, rate=0, query_queue=64)
    load, released = take_turns(tmp_path, server.url, 4, 1.5)
    released[first] = 0
    assert faults(load, released) == []
    assert {release for _, release, _, _ in load.answers} >= {first, list(released)[3]}
    assert len(load.answers) > 50
    server.stop()
