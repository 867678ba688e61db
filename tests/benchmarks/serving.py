"""Our server beside `oxigraph serve`, Virtuoso and rdflib-endpoint, on the same statements.

`BENCH_TRIPLES` (2,500,000) says how many, `BENCH_SECONDS` (4) how long each load lasts. A peer that
is not installed is named and left out. rdflib-endpoint gets a tenth of the data and of the rows;
its times are set in relation as if they grew in proportion.

Each round of the mix asks a text that no server has seen (its comment has a number), so that no
cache of answers helps; `again` is the mean of the same texts asked once more. Look-ups are for
chance measures out of all. Goals are printed with `met` or `missed`.
"""

import os
import platform
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from math import exp, log
from pathlib import Path

from loader.settings import default_home
from tests.benchmarks.contender import ALL, Contender
from tests.benchmarks.statements import PER_MEASURE, B, T

JSON, CSV = "application/sparql-results+json", "text/csv"
CONNECTIONS = (1, 8, 32)
LOAD_SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
PATIENCE = 300
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
MIX = {
    "one subject": f"SELECT ?p ?o {{ <{B}id/measure/4711> ?p ?o }}",
    "filter and label": f"SELECT ?m ?l {{ ?m <{T}year> 2011 ; <{T}district> <{B}id/district/7> ;"
    f" {_LABEL} ?l }}",
    "facet: field": f"SELECT ?f (COUNT(*) AS ?n) {{ ?m <{T}fieldOfAction> ?f }} GROUP BY ?f",
    "facet of a facet": f"SELECT ?f (COUNT(*) AS ?n) {{ ?m <{T}district> <{B}id/district/7> ;"
    f" <{T}fieldOfAction> ?f }} GROUP BY ?f",
    "cost by district": f"SELECT ?d (SUM(?c) AS ?n) {{ ?m <{T}district> ?d ; <{T}cost> ?c }}"
    " GROUP BY ?d",
    "count of everything": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "predicates": "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "text, first 1,000": f"SELECT ?m {{ ?m <{T}text> ?t FILTER(CONTAINS(?t, '99')) }} LIMIT 1000",
    "top 20 by cost": f"SELECT ?m ?c {{ ?m <{T}cost> ?c }} ORDER BY DESC(?c) LIMIT 20",
    "distinct over join": f"SELECT (COUNT(DISTINCT ?p) AS ?n) {{ ?m <{T}measureOf> ?p ;"
    f" <{T}status> <{B}schemes/status/3> }}",
    "export of a join": f"SELECT ?m ?l ?c {{ ?m <{T}status> <{B}schemes/status/3> ;"
    f" {_LABEL} ?l ; <{T}cost> ?c }}",
}


@dataclass
class Figures:
    """What was measured of one server: milliseconds, or requests per second, by name."""

    name: str
    share: float
    times: dict[str, float] = field(default_factory=dict)
    again: dict[str, float] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    first: float = 0.0
    memory: float = 0.0
    data: float = 0.0

    def mean(self, times: dict[str, float]) -> float:
        """The geometric mean of the mix in milliseconds, for all of the data."""
        return _geometric([times[name] / self.share for name in MIX])


def main() -> None:
    """Measures every server that can be started, one after another, and prints the table."""
    count = int(os.environ.get("BENCH_TRIPLES", "2500000"))
    place = default_home() / "bench"
    place.mkdir(parents=True, exist_ok=True)
    _print(f"{count:,} triples · {platform.machine()}, {os.cpu_count()} cores")
    all_figures = []
    with tempfile.TemporaryDirectory(dir=place) as folder:
        for start in ALL:
            try:
                contender = start(Path(folder), count)
            except (OSError, subprocess.SubprocessError) as error:
                _print(f"{start.__name__} is missing: {error}")
                continue
            try:
                all_figures.append(_measure(contender, count))
            finally:
                contender.stop()
    _table(all_figures)


def _measure(contender: Contender, count: int) -> Figures:
    figures = Figures(contender.name, contender.share, data=contender.data)
    own = int(count * contender.share)
    rows = min(1_000_000, count) * contender.share
    everything = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {rows:.0f}"
    for name, accept in (("rows as JSON", JSON), ("rows as CSV", CSV)):
        first, seconds = _best(contender, everything, accept, 2)
        figures.times[name] = seconds
        figures.first = max(figures.first, first)
    for name, query in MIX.items():
        figures.times[name] = _best(contender, query, JSON, 3)[1]
        figures.again[name] = min(_ask(contender, f"{query}\n#1", JSON)[1] for _ in range(2))
    for connections in CONNECTIONS:
        figures.rates[f"look-ups/s, {connections}"] = _load(contender, connections, own)
    figures.memory = contender.memory
    _print(f"{contender.name} measured")
    return figures


def _best(contender: Contender, query: str, accept: str, rounds: int) -> tuple[float, float]:
    """The shortest of some rounds: milliseconds to the first byte of the body and to the last."""
    times = [_ask(contender, f"{query}\n#{number}", accept) for number in range(rounds)]
    return min(first for first, _ in times), min(last for _, last in times)


def _ask(contender: Contender, query: str, accept: str) -> tuple[float, float]:
    connection = HTTPConnection("127.0.0.1", contender.port, timeout=PATIENCE)
    start = time.perf_counter()
    try:
        connection.request("GET", contender.address(query), headers={"Accept": accept})
        answer = connection.getresponse()
        answer.read(1)
        first = time.perf_counter()
        while answer.read(2**20):
            pass
        if answer.status != 200:
            raise HTTPException(f"{contender.name} answered {answer.status}: {query}")
    except (OSError, HTTPException) as error:
        _print(f"{contender.name}: {error!r}")
        return float("nan"), float("nan")
    finally:
        connection.close()
    return (first - start) * 1000, (time.perf_counter() - start) * 1000


def _load(contender: Contender, connections: int, count: int) -> float:
    """Answered look-ups of chance measures per second, by wrk; nan without it."""
    if not shutil.which("wrk"):
        return float("nan")
    before, after = contender.address(f"SELECT ?p ?o {{ <{B}id/measure/~> ?p ?o }}").split("~")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(
            f'math.randomseed(os.time())\nwrk.headers["Accept"] = "{JSON}"\n'
            f'function request() return wrk.format("GET", "{before}" .. '
            f'math.random(0, {count // PER_MEASURE - 1}) .. "{after}") end\n'
        )
        script.flush()
        options = ["-t1", f"-c{connections}", f"-d{LOAD_SECONDS}s", "--timeout", "20s"]
        command = ["wrk", *options, "-s", script.name, f"http://127.0.0.1:{contender.port}/"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return _answered(contender.name, connections, said)


def _answered(name: str, connections: int, said: str) -> float:
    """What wrk counted without the refusals, which are quicker than answers."""
    asked, seconds = _number(r"(\d+) requests in ([\d.]+)s", said)
    refused = _number(r"Non-2xx or 3xx responses: (\d+)", said)[0]
    if refused or "Socket errors" in said:
        _print(f"{name}, {connections} connections: {refused:,.0f} of {asked:,.0f} refused")
    return (asked - refused) / seconds


def _number(pattern: str, text: str) -> list[float]:
    found = re.search(pattern, text)
    return [float(group) for group in found.groups()] if found else [0.0]


def _table(all_figures: list[Figures]) -> None:
    if not all_figures:
        return
    ours = all_figures[0]
    _line("ms, best of 2 or 3", [f.name for f in all_figures])
    for name in ours.times:
        _line(name, [_cell(f.times[name] / f.share, ours.times[name]) for f in all_figures])
    _line("first byte of rows", [f"{f.first:,.1f}" for f in all_figures])
    means = [f.mean(f.times) for f in all_figures]
    _line("geometric mean of the mix", [_cell(mean, means[0]) for mean in means])
    again = [f.mean(f.again) for f in all_figures]
    _line("the mix again", [_cell(mean, again[0]) for mean in again])
    for name in ours.rates:
        _line(name, [_cell(f.rates[name], ours.rates[name]) for f in all_figures])
    _line("MiB before, or of the data", [f"{f.data:,.0f}" for f in all_figures])
    _line("MiB besides, after", [f"{f.memory - f.data:,.0f}" for f in all_figures])
    for peer in all_figures[1:]:
        _goals(ours, peer)
    _goal("first byte under 100 ms", ours.first, met=ours.first < 100)
    _goal(
        "besides the data under 300 MiB", ours.memory - ours.data, met=ours.memory < ours.data + 300
    )


def _goals(ours: Figures, peer: Figures) -> None:
    wanted = 3 if peer.name == "oxigraph serve" else 10
    for name in ("rows as JSON", "rows as CSV"):
        times = peer.times[name] / peer.share / ours.times[name]
        _goal(f"{name}: {wanted} times {peer.name}", times, met=times >= wanted)
    times = peer.mean(peer.times) / ours.mean(ours.times)
    _goal(f"mean of the mix ahead of {peer.name}", times, met=times > 1)
    if peer.name == "oxigraph serve":
        for name, rate in ours.rates.items():
            times = rate / peer.rates[name]
            _goal(f"{name}: as many as {peer.name}", times, met=times >= 1)
    behind = [name for name in MIX if peer.times[name] / peer.share < ours.times[name]]
    if behind:
        _print(f"  {peer.name} is ahead on: {', '.join(behind)}")


def _goal(name: str, value: float, *, met: bool) -> None:
    _print(f"{name:54} {value:10,.2f}  {'met' if met else 'missed'}")


def _geometric(values: list[float]) -> float:
    return exp(sum(map(log, values)) / len(values))


def _cell(value: float, ours: float) -> str:
    return f"{value:,.1f} ({value / ours:.2f})"


def _line(name: str, cells: list[str]) -> None:
    _print(f"{name:26}" + "".join(f"{cell:>22}" for cell in cells))


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201
