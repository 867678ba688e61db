"""The log and the metrics: what happened, never who asked or what."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.sparql_api.conftest import ENDLESS, GRAPH, PROJECT, Server, Start, publish

SECRET = 'ASK { ?s ?p "a secret question" }'


def _lines(server: Server, number: str) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line[:1] == "{"]
    return [line for line in lines if line["request"] == number]


def _until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


def _metrics(server: Server) -> dict[str, float]:
    text = server.client.get("/metrics").text
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_each_request_is_one_line_of_json_with_the_number_that_its_client_got(
    server: Server,
) -> None:
    answer = server.ask(SECRET)
    number = answer.headers["stadtwissen-request"]
    _until(lambda: _lines(server, number))
    (line,) = _lines(server, number)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sparql", 200)
    assert (line["outcome"], line["release"]) == ("ok", answer.headers["stadtwissen-release"])
    assert line["bytes"] == len(answer.content)


def test_neither_log_nor_home_has_a_query(server: Server, probe_home: Path) -> None:
    number = server.ask(SECRET.replace("}", "! }")).headers["stadtwissen-request"]
    _until(lambda: _lines(server, number))
    assert "secret" not in server.log.read_text()
    assert not (probe_home / "queries").exists()


def test_queries_are_kept_only_as_long_as_the_operator_says(start: Start, tmp_path: Path) -> None:
    publish(tmp_path, {GRAPH: PROJECT})
    folder = tmp_path / "queries"
    server = start(tmp_path, query_log_hours=24)
    server.ask(SECRET)
    _until(lambda: list(folder.glob("2*.jsonl")))
    (kept,) = folder.glob("*.jsonl")
    _until(kept.read_text)
    assert json.loads(kept.read_text())["query"] == SECRET
    assert oct(folder.stat().st_mode)[-3:] == "700"
    server.stop()
    old = folder / "2026-01-01T00Z.jsonl"
    old.write_text("{}\n")
    server = start(tmp_path, query_log_hours=24)
    _until(lambda: not old.exists())
    assert kept.exists()
    server.stop()
    server = start(tmp_path)
    _until(lambda: not kept.exists())
    server.stop()


def test_metrics_count_queries_by_how_they_ended(server: Server) -> None:
    before = _metrics(server)
    server.ask("ASK { ?metrics ?p 1 }")
    server.ask("ASK {")
    server.client.get("/sparql", params={"query": ENDLESS, "timeout": "0.2"})
    after = _metrics(server)

    def grew(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grew("stadtwissen_queries_total ok") == 1
    assert grew("stadtwissen_queries_total query-syntax") == 1
    assert grew("stadtwissen_queries_total query-timeout") == 1
    assert grew("stadtwissen_workers_killed_total") == 1
    assert grew("stadtwissen_query_seconds_count") >= 3
    assert grew("stadtwissen_answer_bytes_total") > 10


@pytest.mark.parametrize(
    "name",
    [
        "stadtwissen_workers places",
        "stadtwissen_release_age_seconds",
        "stadtwissen_release_triples",
        "stadtwissen_disk_free_bytes",
        "stadtwissen_cache_bytes",
        "stadtwissen_budget_refusals_total",
    ],
)
def test_metrics_tell_the_state(server: Server, name: str) -> None:
    assert _metrics(server)[name] >= 0
