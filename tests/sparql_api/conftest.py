"""A small real release and a real server on loopback."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM

import httpx
import polars as pl
import pytest
from pyoxigraph import RdfFormat, Store

from loader.releases import master
from loader.releases.derived import derive
from loader.releases.release import Home, Release

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
B = "https://w3id.org/stadtwissen/"
GRAPH = B + "graph/probe"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FOAF = "http://xmlns.com/foaf/0.1/"
DCT = "http://purl.org/dc/terms/"
NUMBERS = 3_000

# Runs for minutes and gives its first row at the very end.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Gives rows at once and goes on for minutes.
FLOOD = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Keeps all its rows in memory before it gives the first.
HOG = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"

PROJECT = [
    f"<{B}id/project/probe> <{RDF_TYPE}> <{B}ontology/Project> <{GRAPH}> .",
    f'<{B}id/project/probe> <{RDFS_LABEL}> "Probe für Köln 😀"@de <{GRAPH}> .',
    f'<{B}id/project/probe> <{RDFS_LABEL}> "Probe for Cologne"@en <{GRAPH}> .',
    f'<{B}id/project/probe> <{B}ontology/cost> "1.50"^^<{XSD}decimal> <{GRAPH}> .',
    f'<{B}id/project/probe> <{B}ontology/population> "007"^^<{XSD}nonNegativeInteger> <{GRAPH}> .',
    f"<{B}id/project/probe> <{B}ontology/carriedBy> <{B}id/organisation/k%C3%B6ln> <{GRAPH}> .",
    f'<{B}id/organisation/k%C3%B6ln> <{RDFS_LABEL}> "Stadt Köln"@de <{GRAPH}> .',
    f"<{B}id/record/probe-1> <{RDF_TYPE}> <{B}ontology/Record> <{GRAPH}> .",
    f"<{B}id/record/probe-1> <{FOAF}primaryTopic> <{B}id/project/probe> <{GRAPH}> .",
    f"<{B}id/record/probe-1> <{DCT}source> <https://example.org/bericht> <{GRAPH}> .",
    f'<{B}id/record/probe-1> <{B}ontology/dateOfStatement> "2026-11-24"^^<{XSD}date> <{GRAPH}> .',
]
NUMBERED = [
    f'<{B}id/thing/{i}> <{B}ontology/number> "{i}"^^<{XSD}integer> <{GRAPH}> .'
    for i in range(NUMBERS)
]
TERMS = [
    f"<{B}ontology/Project> <{RDF_TYPE}> <http://www.w3.org/2002/07/owl#Class> <{B}ontology/> .",
    f'<{B}ontology/Project> <{RDFS_LABEL}> "Projekt"@de <{B}ontology/> .',
    f'<{B}ontology/Project> <{RDFS_LABEL}> "project"@en <{B}ontology/> .',
    f'<{B}ontology/cost> <{RDFS_LABEL}> "Kosten"@de <{B}ontology/> .',
    f'<{B}ontology/cost> <{RDFS_LABEL}> "cost"@en <{B}ontology/> .',
    f"<{B}ontology/> <{RDF_TYPE}> <http://www.w3.org/2002/07/owl#Ontology> <{B}ontology/> .",
    f'<{B}ontology/> <http://purl.org/dc/terms/title> "Vokabular"@de <{B}ontology/> .',
]


def publish(home: Path, graphs: dict[str, list[str]]) -> Release:
    """Writes a release as the build does, and makes it the live one."""
    place = Home(home)
    with place.building() as candidate:
        folder = candidate.path / "graphs"
        folder.mkdir()
        entries = {}
        for number, (graph, lines) in enumerate(graphs.items()):
            path = folder / f"{number}.nq"
            count, checksum = master.write(path, [pl.Series(lines, dtype=pl.String)])
            entries[graph] = {"file": f"graphs/{path.name}", "triples": count, "sha256": checksum}
        (candidate.path / "store").mkdir()
        store = Store(str(candidate.path / "store"))
        for entry in entries.values():
            store.bulk_load(path=candidate.path / entry["file"], format=RdfFormat.N_QUADS)
        store.flush()
        derive(candidate.path, {g: candidate.path / e["file"] for g, e in entries.items()})
        (candidate.path / "report.json").write_text("[]")
        manifest = {
            "id": candidate.id,
            "created": "2026-11-24T10:00:00Z",
            "triples": sum(entry["triples"] for entry in entries.values()),
            "ruleset": "probe",
            "graphs": entries,
            "numbers": {B + "ontology/Municipality": 10981, B + "ontology/ModelProject": 73},
            "sources": {},
            "content": "probe",
        }
        return place.commit(candidate, manifest)


@dataclass
class Server:
    """A running server; `url` is its address."""

    process: subprocess.Popen[str]
    url: str
    log: Path
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, timeout=30)

    def ask(self, query: str, accept: str = "*/*", **headers: str) -> httpx.Response:
        return self.client.get(
            "/sparql", params={"query": query}, headers={"Accept": accept, **headers}
        )

    def busy(self) -> int:
        return int(self.client.get("/health").json()["workers"]["busy"])

    def idle(self) -> int:
        return int(self.client.get("/health").json()["workers"]["idle"])

    def stop(self, signal: int = SIGTERM) -> int:
        self.client.close()
        self.process.send_signal(signal)
        code = self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()
        return code


Start = Callable[..., Server]


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts servers; settings are given in lower case, without their prefix."""
    running: list[Server] = []

    def run(home: Path, **settings: object) -> Server:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("STADTWISSEN_")}
        settings = {"dumps": "none", **settings}
        given = {f"STADTWISSEN_{k.upper()}": str(v) for k, v in settings.items()}
        log = tmp_path_factory.mktemp("log") / "server.log"
        with log.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "loader.command", "serve", "--port", "0"],
                env={**clean, "STADTWISSEN_HOME": str(home), **given},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert process.stdout
        line = process.stdout.readline()
        if "http://" not in line:
            process.kill()
            process.communicate()
            pytest.fail(log.read_text()[-3_000:])
        server = Server(process, line.split()[-1].rstrip("/"), log)
        running.append(server)
        return server

    yield run
    for server in running:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(scope="session")
def probe_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one small release."""
    path = tmp_path_factory.mktemp("probe")
    publish(path, {GRAPH: PROJECT + NUMBERED, B + "ontology/": TERMS})
    return path


@pytest.fixture(scope="session")
def server(start: Start, probe_home: Path) -> Server:
    """A server with short limits, shared by all tests that leave it as it was."""
    return start(
        probe_home,
        query_first_row=8,
        query_timeout=9,
        query_memory="200 MiB",
        query_workers=2,
        query_queue=1,
        rate=0,
        lang="de",
    )


@pytest.fixture(scope="session")
def waiting_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server with a desk keeps what is handed in."""
    return tmp_path_factory.mktemp("room")


@pytest.fixture(scope="session")
def desk(start: Start, home: Path, waiting_room: Path) -> Server:
    """A server on the release of the bundled sources, which partners hand files in at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(waiting_room))
        return start(home, query_workers=2, lang="de")
