"""Dumps of ten million statements, beside pyoxigraph's bare `serialize` of the same file.

The bare program reads the master and writes the format, nothing else: no compression, no checksum,
no list. It is measured beside ours without compression; with gzip, as `export` does it, follows.
DUMP_STATEMENTS sets another number.
"""

import json
import os
import tempfile
from pathlib import Path

from tests.benchmarks import statements
from tests.benchmarks.measure import Measured, run

GOAL_RATE = 300_000  # statements a second, formats of a line a statement
GOAL_RATIO = 0.7
GOAL_MEBIBYTES = 300
COUNT = int(os.environ.get("DUMP_STATEMENTS", "10_000_000"))
LINES = ("nq", "nt")
OTHERS = ("ttl", "trig", "rdf", "jsonld")
_ID = "2026-01-01T000000Z"
_BARE = """
import sys
from pyoxigraph import RdfFormat, parse, serialize
quads = parse(path=sys.argv[1], format=RdfFormat.N_QUADS)
form = RdfFormat.from_extension(sys.argv[2])
serialize(quads if form.supports_datasets else (q.triple for q in quads), sys.argv[3], form)
"""

_MASTER = """
import sys
from pathlib import Path
from tests.benchmarks import statements
statements.write(Path(sys.argv[1]), int(sys.argv[2]), graph=True)
"""


def main() -> None:
    """Prints seconds, memory and rate of each format and the ratio to the bare program."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        master = _release(home)
        print(f"{COUNT} statements, {master.stat().st_size / 2**20:.0f} MiB")  # noqa: T201
        for form in (*LINES, *OTHERS):
            bare = run(["-c", _BARE, str(master), form, str(home / "bare")])
            plain = _export(home, form, "none")
            ratio = bare.seconds / plain.seconds
            _line(f"{form} pyoxigraph", bare)
            _line(f"{form} ours", plain, f"ratio {ratio:.2f}")
            _line(f"{form} ours, gzip", _export(home, form, "gzip"))
    print(f"goal {GOAL_RATE}/s by line, ratio {GOAL_RATIO}, {GOAL_MEBIBYTES} MiB")  # noqa: T201


def _release(home: Path) -> Path:
    """A release of one graph, without what no dump needs."""
    folder = home / "releases" / _ID
    (folder / "graphs").mkdir(parents=True)
    master = folder / "graphs" / "bench.nq"
    # In a process of its own: what this one has held would count as memory of its children.
    run(["-c", _MASTER, str(master), str(COUNT)])
    manifest = {
        "id": _ID,
        "created": "2026-01-01T00:00:00Z",
        "triples": COUNT,
        "graphs": {statements.GRAPH: {"file": "graphs/bench.nq", "triples": COUNT, "sha256": ""}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (home / "current").write_text(_ID)
    return master


def _export(home: Path, form: str, coding: str) -> Measured:
    """Into the release, as the server has it done."""
    command = ["-m", "loader.command", "export", "--format", form, "--compression", coding]
    return run(command, {"STADTWISSEN_HOME": str(home)})


def _line(name: str, measured: Measured, more: str = "") -> None:
    rate = COUNT / measured.seconds
    said = f"{name:18} {measured.seconds:7.1f} s {measured.mebibytes:6.0f} MiB {rate:9.0f}/s"
    print(f"{said} {more}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
