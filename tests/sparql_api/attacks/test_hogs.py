"""Short queries that want all the time or all the memory there is."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.sparql_api.attacks.conftest import LIMIT, SOON, T, memory, until
from tests.sparql_api.conftest import Server

ALL = "?a ?b ?c . ?d ?e ?f ."
RING = f"?a <{T}next>"
TIME, MEMORY = {503}, {503, 507}

HOGS = {
    "cross product": (f"SELECT (COUNT(*) AS ?n) {{ {ALL} ?g ?h ?i }}", MEMORY),
    "cross product of values": (
        "SELECT (COUNT(*) AS ?n) { "
        + "".join(f"VALUES ?v{i} {{ {'1 ' * 400}}} " for i in range(5))
        + "}",
        TIME,
    ),
    "self join by text": (
        f"SELECT (COUNT(*) AS ?n) {{ ?a <{T}text> ?x . ?b <{T}text> ?y FILTER(CONTAINS(?x, ?y)) }}",
        TIME,
    ),
    "path over the ring, both ends open": (f"SELECT (COUNT(*) AS ?n) {{ {RING}+ ?z }}", MEMORY),
    "nested stars": (f"SELECT (COUNT(*) AS ?n) {{ {RING}*/(<{T}knows>*)*/<{T}next>* ?z }}", MEMORY),
    "any path": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|^!<x:y>)* ?z }", MEMORY),
    "negated paths": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:y>/!<x:z>/!<x:y>)+ ?z }", MEMORY),
    "order": (f"SELECT * {{ {ALL} }} ORDER BY ?c ?f", MEMORY),
    "distinct": (f"SELECT DISTINCT ?a ?d {{ {ALL} }} ORDER BY DESC(?d) ?a", MEMORY),
    "groups": (f"SELECT (COUNT(*) AS ?n) {{ {ALL} }} GROUP BY ?a ?d ORDER BY ?n", MEMORY),
    "group_concat": (f"SELECT (GROUP_CONCAT(?c) AS ?n) {{ {ALL} }}", MEMORY),
    "distinct count": (f"SELECT (COUNT(DISTINCT CONCAT(?c, ?f)) AS ?n) {{ {ALL} }}", MEMORY),
    "doubling text": (
        'SELECT (STRLEN(?x40) AS ?n) { BIND("aaaaaaaa" AS ?x0) '
        + "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40))
        + "}",
        MEMORY,
    ),
    "doubling by replace": (
        'SELECT (STRLEN(?x12) AS ?n) { BIND("aaaaaaaa" AS ?x0) '
        + "".join(f'BIND(REPLACE(?x{i}, "a", "aaaaaaaa") AS ?x{i + 1}) ' for i in range(12))
        + "}",
        MEMORY,
    ),
    "minus": (f"SELECT (COUNT(*) AS ?n) {{ {ALL} MINUS {{ ?g ?h ?i . ?j ?k ?l }} }}", MEMORY),
    "not exists": (
        f"SELECT (COUNT(*) AS ?n) {{ {ALL} FILTER NOT EXISTS {{ ?g ?h ?i . ?j ?k ?a }} }}",
        MEMORY,
    ),
    "construct": (f"CONSTRUCT {{ ?a ?b ?f . ?d ?e ?c }} {{ {ALL} FILTER(?c = ?x) }}", MEMORY),
}


@pytest.mark.parametrize("name", HOGS)
def test_a_hog_is_ended_within_its_limits(target: Server, name: str) -> None:
    query, expected = HOGS[name]
    start = time.monotonic()
    answer = target.client.post("/sparql", data={"query": query, "timeout": SOON})
    assert answer.status_code in expected
    assert time.monotonic() - start < 8  # the server's own limit is 10
    assert answer.headers["content-type"] == "application/problem+json"


def test_two_hogs_of_memory_at_once_stay_within_their_limits(target: Server) -> None:
    before = memory(target.process.pid)
    peak = before
    with ThreadPoolExecutor(2) as threads:
        form = {"query": HOGS["order"][0], "timeout": SOON}
        asked = [
            threads.submit(httpx.post, target.url + "/sparql", data=form, timeout=30)
            for _ in range(2)
        ]
        while not all(answer.done() for answer in asked):
            peak = max(peak, memory(target.process.pid))
            time.sleep(0.05)
        assert {answer.result().status_code for answer in asked} <= MEMORY
    # A worker that writes on a page it shared with the nursery gets a copy of its own: at most
    # all of them, beside what its limit lets it take.
    assert peak < before + 2 * (LIMIT + before)
    until(lambda: memory(target.process.pid) < before + 50 * 2**20, 3)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){25}x", "^(([a-z])+.)+[A-Z]([a-z])+$", "a*a*a*a*a*b"],
)
def test_a_regex_that_explodes_elsewhere_is_harmless(target: Server, pattern: str) -> None:
    query = f'SELECT (COUNT(*) AS ?n) {{ ?s <{T}text> ?t FILTER(REGEX(?t, "{pattern}")) }}'
    start = time.monotonic()
    answer = target.client.post("/sparql", data={"query": query, "timeout": SOON})
    assert answer.status_code in {200, 503}
    assert time.monotonic() - start < 8  # the server's own limit is 10


@pytest.mark.parametrize(
    "pattern",
    [
        "((a{1000}){1000}){1000}",
        "(" * 5_000 + ")" * 5_000,
        "(?:x{9999}){9999}",
        "[" * 50_000,
        "\\\\p{L}" * 30_000,
    ],
    ids=["counts", "nesting", "counted groups", "open classes", "classes"],
)
def test_a_regex_too_large_to_compile_is_harmless(target: Server, pattern: str) -> None:
    query = f'SELECT * {{ ?s <{T}number> ?t FILTER(REGEX(?t, "{pattern}")) }} LIMIT 1'
    start = time.monotonic()
    answer = target.client.post("/sparql", data={"query": query, "timeout": SOON})
    assert answer.status_code in {200, 400, 413, 503, 507}
    assert time.monotonic() - start < 8  # the server's own limit is 10


def test_forty_thousand_values_are_answered(target: Server) -> None:
    numbers = " ".join(str(i) for i in range(40_000))
    query = f"SELECT (COUNT(*) AS ?c) {{ VALUES ?n {{ {numbers} }} ?s <{T}number> ?n }}"
    form = {"query": query, "format": "csv"}
    answer = target.client.post("/sparql", data=form)
    assert answer.text == "c\r\n40000\r\n"


def test_a_list_of_forty_thousand_is_answered(target: Server) -> None:
    numbers = ",".join(str(i) for i in range(40_000))
    query = f"ASK {{ FILTER(39999 IN ({numbers})) }}"
    answer = target.client.post("/sparql", data={"query": query})
    assert answer.json()["boolean"] is True
