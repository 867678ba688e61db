"""Our own side of the validation benchmark, a process for itself: `write` or `judge` a folder."""

import json
import sys
from pathlib import Path

from loader import source, statement
from loader.convert import Conversion
from loader.shacl import shape
from loader.trace import TableTrace, Trace
from loader.validate import Validator
from loader.vocabulary import Vocabulary
from tests.benchmarks import measures

WORDS = Vocabulary((), ())


def write(folder: Path) -> None:
    """The source as N-Triples, with what its measures refer to."""
    (found,) = source.find(folder / "bench")
    conversion = Conversion(found, WORDS, lambda _: None)
    with (folder / "data.nt").open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in measures.context())
        for frame in conversion.statements():
            file.writelines(f"{line}\n" for line in statement.lines(frame, " ."))


def judge(folder: Path) -> None:
    """From the N-Triples file to the findings with their places."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "rules" / "measures.ttl").write_bytes(measures.SHAPES.read_bytes())
    validator = Validator(shape.read(folder / "rules"))
    results = validator.results(folder / "data.nt")
    (found,) = source.find(folder / "bench")
    trace = Trace([TableTrace(table, WORDS) for table in found.group.tables])
    findings = validator.findings(results, trace)
    places = {(f.place.row, f.place.header) for f in findings}
    (folder / "places.json").write_text(json.dumps(sorted(places, key=str)), "utf-8")
    rows = sorted(([r.focus, r.path, r.value, r.component] for r in results), key=str)
    (folder / "results.json").write_text(json.dumps(rows), "utf-8")


if __name__ == "__main__":
    {"write": write, "judge": judge}[sys.argv[1]](Path(sys.argv[2]))
