"""The build of all bundled sources, beside the bare load of the same statements.

The limit that no build can beat is parsing and loading its own output: pyoxigraph's `bulk_load`
of the masters into a store on disk, with nothing read, checked or written out before.
"""

import tempfile
from pathlib import Path
from statistics import median

from loader.releases.release import Home
from tests.benchmarks.measure import Measured, run

GOAL_SECONDS = 30
GOAL_MEBIBYTES = 1536
ROUNDS = 3

_BARE = """
import sys
from pathlib import Path
from pyoxigraph import RdfFormat, Store
store = Store(sys.argv[1])
for path in sorted(Path(sys.argv[2]).glob("*.nq")):
    store.bulk_load(path=path, format=RdfFormat.N_QUADS)
store.flush()
"""


def main() -> None:
    """Prints both in rounds, the medians and their ratio."""
    ours, bare = [], []
    triples = 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            ours.append(run(["-m", "loader.command", "build"], {"STADTWISSEN_HOME": str(home)}))
            release = Home(home).current()
            if release is None:
                raise RuntimeError(home)
            triples = release.manifest["triples"]
            graphs = str(release.path / "graphs")
            bare.append(run(["-c", _BARE, str(Path(folder) / "bare"), graphs]))
    _line("stadtwissen build", ours, triples)
    _line("bare bulk_load", bare, triples)
    ratio = _seconds(ours) / _seconds(bare)
    print(f"ratio {ratio:.1f} · goal {GOAL_SECONDS} s, {GOAL_MEBIBYTES} MiB")  # noqa: T201


def _line(name: str, runs: list[Measured], triples: int) -> None:
    seconds, memory = _seconds(runs), max(run.mebibytes for run in runs)
    print(f"{name:20} {seconds:6.1f} s {memory:7.0f} MiB {triples / seconds:9.0f} triples/s")  # noqa: T201


def _seconds(runs: list[Measured]) -> float:
    return median(run.seconds for run in runs)
