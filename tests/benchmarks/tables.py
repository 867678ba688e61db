"""A million rows of a German table to N-Triples: ours, two mappers from PyPI, and two limits.

Ours is `stadtwissen convert` with every check, the key's uniqueness and each row named in the
output. The peers get their dates, numbers and look-ups cleaned by Polars in the same process; the
limits are a DuckDB query and a Polars script that check nothing. BENCH_ROWS sets the rows,
BENCH_GROWTH the sizes that only ours is run at, BENCH_PLACE a folder for 6 GB.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError

from pyoxigraph import Literal, Quad, RdfFormat, parse

from tests.benchmarks import delivery, peer
from tests.benchmarks.measure import Measured, run

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
GROWTH = os.environ.get("BENCH_GROWTH", "10000,100000,1000000,5000000")
VERIFIED_ROWS = 1000
_OURS = ["-m", "loader.command", "convert", "--mode", "minimal", "--format", "nt"]
_MAPPERS = "tests.benchmarks.mappers."


@dataclass(frozen=True)
class Mapper:
    """A command that maps a table; `python` gives the interpreter that it runs in."""

    name: str
    python: Callable[[], str]
    command: Callable[[Path, Path], Sequence[str]]

    def run(self, table: Path, output: Path) -> Measured:
        """Maps the table. Raises CalledProcessError, which findings alone are not."""
        output.unlink(missing_ok=True)
        environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
        return run(self.command(table, output), environment, self.python(), accepted=(0, 1))


def _ours(table: Path, output: Path) -> Sequence[str]:
    metadata = str(table.with_name(delivery.METADATA))
    return [*_OURS, str(table), "--metadata", metadata, "--output", str(output)]


def _script(name: str) -> Callable[[Path, Path], Sequence[str]]:
    return lambda table, output: ["-m", _MAPPERS + name, str(table), str(output)]


def _peer(*packages: str) -> Callable[[], str]:
    return lambda: peer.python(packages[0].partition("==")[0], *packages)


MAPPERS = (
    Mapper("stadtwissen convert", lambda: sys.executable, _ours),
    Mapper("bare DuckDB", _peer("duckdb==2.0.1", "polars==2.1.0"), _script("bare_duckdb")),
    Mapper("bare Polars", lambda: sys.executable, _script("bare_polars")),
    Mapper("maplib", _peer("maplib==0.20.26", "polars==2.1.0"), _script("by_maplib")),
    Mapper("morph-kgc", _peer("morph-kgc==2.10.0", "polars==2.1.0"), _script("by_morph_kgc")),
)


def main() -> None:
    """Prints seconds, memory and ratios of all, and how ours grows."""
    _print(f"{ROWS:,} rows · {platform.machine()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_PLACE")) as place:
        folder = Path(place)
        _verify(folder)
        table = delivery.write(folder, ROWS)
        ours = 0.0
        for mapper in MAPPERS:
            measured = _measure(mapper, table, folder / "out.nt")
            if measured:
                ours = ours or measured.seconds
                _line(mapper.name, measured, f"{measured.seconds / ours:6.2f} × ours")
        _print("growth of ours")
        for rows in map(int, GROWTH.split(",")):
            table = delivery.write(folder, rows)
            measured = MAPPERS[0].run(table, folder / "out.nt")
            _line(f"{rows:,} rows", measured, f"{measured.seconds / rows * 1e6:6.2f} µs/row")


def _measure(mapper: Mapper, table: Path, output: Path) -> Measured | None:
    try:
        return mapper.run(table, output)
    except (OSError, CalledProcessError) as error:
        _print(f"{mapper.name} is missing: {error}")
        return None


def _verify(folder: Path) -> None:
    """All say the same of a small table. Raises AssertionError."""
    table, output = delivery.write(folder, VERIFIED_ROWS), folder / "out.nt"
    expected: set[str] = set()
    for mapper in MAPPERS:
        if _measure(mapper, table, output):
            found = {_normal(q) for q in parse(path=output, format=RdfFormat.N_TRIPLES)}
            expected = expected or found
            if found != expected:
                raise AssertionError(f"{mapper.name}: {sorted(found ^ expected)[:3]}")


def _normal(quad: Quad) -> str:
    """The statement as text, decimals without the zeros that some mappers cut."""
    value = quad.object
    if isinstance(value, Literal) and value.datatype.value.endswith("#decimal"):
        return f"{quad.subject} {quad.predicate} {float(value.value)}"
    return str(quad)


def _line(name: str, measured: Measured, ratio: str) -> None:
    _print(f"{name:20} {measured.seconds:8.1f} s {measured.mebibytes:7.0f} MiB {ratio}")


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201
