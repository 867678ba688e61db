"""A change of ten statements on the release of all sources, beside the bare update of a store.

Ours judges what the change touches and writes a whole release with masters, statistics and text
index. The limit that nobody can beat is a checkpoint of the store and the engine's own update.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from pyoxigraph import Store

from loader.changes.change import Change
from loader.changes.edit import Update
from loader.changes.judgement import Rules
from loader.changes.keys import Holder
from loader.outcome import Changed
from loader.releases.release import Home
from sparql_api.endpoint.amendment import written
from tests.benchmarks.measure import run

GOAL_SECONDS = 10
ROUNDS = 3
B = "https://w3id.org/stadtwissen/"
TEXT = """PREFIX stadt: <https://w3id.org/stadtwissen/ontology/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
INSERT DATA { GRAPH <https://w3id.org/stadtwissen/graph/bench> {
  <BASEid/publication/bench-NUMBER> a stadt:Publication ;
    dct:identifier "bench-NUMBER" ; dct:title "Bericht NUMBER"@de , "Report NUMBER"@en ;
    dct:description "Wie eine Änderung geprüft wird."@de ; dct:issued "2022-03"^^xsd:gYearMonth ;
    stadt:publicationType <BASEschemes/document-type/study> .
  <BASEid/record/bench-NUMBER> a stadt:Record ; dct:source <https://example.org/NUMBER> ;
    foaf:primaryTopic <BASEid/publication/bench-NUMBER> ;
    stadt:dateOfStatement "2026-11-01"^^xsd:date
} }"""


def main() -> None:
    """Prints the medians of both, wall clock and processor, and their ratio."""
    rules = Rules.read()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        run(["-m", "loader.command", "build"], {"STADTWISSEN_HOME": str(home.path)})
        ours, bare = [], []
        for number in range(ROUNDS):
            text = TEXT.replace("BASE", B).replace("NUMBER", str(number))
            bare.append(_measured(_bare, home, Path(folder) / str(number), text))
            ours.append(_measured(_change, home, rules, text))
    _line("a change of ours", ours)
    _line("the bare update", bare)
    ratio = median(wall for wall, _ in ours) / median(wall for wall, _ in bare)
    print(f"ratio {ratio:.1f} · goal {GOAL_SECONDS} s")  # noqa: T201


def _change(home: Home, rules: Rules, text: str) -> None:
    change = Change(home, rules, Holder("0", "bench", "operator", ""))
    outcome, findings = change.run(Update([text], B, graphs=written(text)))
    if not isinstance(outcome, Changed):
        raise TypeError([finding.message.en for finding in findings])


def _bare(home: Home, place: Path, text: str) -> None:
    live = home.current()
    if live is None:
        raise RuntimeError(home)
    Store.read_only(str(live.store)).backup(str(place))
    store = Store(str(place))
    store.update(text)
    store.flush()


def _measured(task: Callable[..., None], *given: object) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    task(*given)
    return time.perf_counter() - wall, time.process_time() - processor


def _line(name: str, runs: list[tuple[float, float]]) -> None:
    wall, processor = median(w for w, _ in runs), median(p for _, p in runs)
    print(f"{name:20} {wall:6.2f} s {processor:6.2f} s of processor")  # noqa: T201
