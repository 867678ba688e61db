"""A release of generated statements, written as the build writes its own."""

from hashlib import file_digest
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from loader.releases.derived import derive
from loader.releases.release import Home
from tests.benchmarks import statements


def publish(path: Path, count: int) -> None:
    """Writes the release and makes it the live one."""
    home = Home(path)
    with home.building() as candidate:
        (candidate.path / "graphs").mkdir()
        master = candidate.path / "graphs" / "bench.nq"
        statements.write(master, count, graph=True)
        store = Store(str(candidate.path / "store"))
        store.bulk_load(path=master, format=RdfFormat.N_QUADS)
        store.flush()
        derive(candidate.path, {statements.GRAPH: master})
        with master.open("rb") as file:
            checksum = file_digest(file, "sha256").hexdigest()
        entry = {"file": "graphs/bench.nq", "triples": count, "sha256": checksum}
        manifest = {
            "id": candidate.id,
            "created": "2026-11-24T00:00:00Z",
            "triples": count,
            "ruleset": "bench",
            "graphs": {statements.GRAPH: entry},
            "numbers": {},
            "sources": {},
            "content": "bench",
        }
        home.commit(candidate, manifest)
