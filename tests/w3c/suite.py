"""The suites as they lie in ../shared, and which of their tests a server is known to fail."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

FOLDER = Path(__file__).parents[3] / "shared/suites/sparql/sparql/sparql11"
FAILURES = Path(__file__).with_name("failures.toml")

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True)
class Case:
    """A test: its name (folder and fragment), its type, and its node in the manifest's graph."""

    name: str
    kind: str
    node: URIRef
    graph: Graph
    folder: Path

    @property
    def action(self) -> Node:
        return self.graph.value(self.node, MF.action) or self.node

    def file(self, address: Node) -> Path:
        """The file that the manifest names by its address."""
        return self.folder / str(address).rpartition("/")[2]


@cache
def cases(folder: str, manifest: str = "manifest.ttl") -> tuple[Case, ...]:
    """The tests of one manifest, in its order; none where the suite is absent."""
    return tuple(_cases(FOLDER / folder, manifest)) if FOLDER.is_dir() else ()


def _cases(folder: Path, manifest: str) -> Iterator[Case]:
    graph = Graph().parse(folder / manifest)
    entries = next(graph.objects(None, MF.entries), None)
    for node in Collection(graph, entries) if entries else ():
        name = f"{folder.name}/{str(node).rpartition('#')[2]}"
        kind = str(graph.value(node, RDF.type)).rpartition("#")[2]
        yield Case(name, kind, node, graph, folder)


@cache
def failures() -> dict[str, str]:
    """Names of tests that our server fails, each with the reason; the list only gets shorter."""
    with FAILURES.open("rb") as file:
        reasons: dict[str, str] = tomllib.load(file)["failures"]
    return reasons
