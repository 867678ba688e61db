"""What the tests of the shapes share: the rules, the vocabulary, and the judges of the cases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import RDFS, SKOS, Graph
from rdflib.plugins.sparql import processor

from loader.finding import Finding
from loader.shacl import shape
from loader.shacl.shape import Shapes

from . import judge
from .judge import BuildJudge, ReferenceJudge, Row, Scene

if TYPE_CHECKING:
    from rdflib.term import Node

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"

# The cases say this day where they mean today: one rule looks at the clock.
TODAY = "2026-11-01"


@pytest.fixture(scope="session")
def rules() -> Graph:
    """All shapes of the project, without those of its profiles."""
    graph = Graph()
    for file in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(file)
    return graph


@pytest.fixture(scope="session")
def ontology() -> Graph:
    """All modules, without restrictions and code lists."""
    graph = Graph()
    for file in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(file)
    return graph


@pytest.fixture(scope="session")
def vocabulary(ontology: Graph) -> Graph:
    """What the rules need to know of the ontology: superclasses, and which list a concept is in."""
    graph = Graph()
    for triple in ontology.triples((None, RDFS.subClassOf, None)):
        graph.add(triple)
    for file in sorted((ROOT / "ontology" / "schemes").glob("*.ttl")):
        for triple in Graph().parse(file).triples((None, SKOS.inScheme, None)):
            graph.add(triple)
    return graph


def today() -> str:
    """The day on which the tests run, as the rules see it."""
    return f"{datetime.now(UTC):%F}"


@cache
def read(file: Path) -> Graph:
    """A case or a base as a graph; empty where there is no file."""
    text = file.read_text(encoding="utf-8").replace(TODAY, today()) if file.exists() else ""
    return Graph().parse(data=text, format="turtle")


@pytest.fixture(scope="session", autouse=True)
def _everything_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor.SPARQLProcessor, "query", judge.query)
        yield


class Judged:
    """What both judges say about a file; files that say the same are judged once."""

    def __init__(self, vocabulary: Graph, shapes: Shapes) -> None:
        self._vocabulary = vocabulary
        self._reference = ReferenceJudge(shapes.graph)
        self._build = BuildJudge(shapes)
        self._scenes: dict[str, Scene] = {}
        self._known: dict[tuple[str, frozenset[tuple[Node, Node, Node]]], frozenset[Row]] = {}

    def reference(self, file: Path) -> frozenset[Row]:
        """The rows of pySHACL."""
        scene, case = self._scene(file), read(file)
        key = (file.parent.parent.name, frozenset(case))
        if key not in self._known:
            self._known[key] = self._reference(scene, case)
        return self._known[key]

    def build(self, file: Path) -> list[Finding]:
        """The findings of the build."""
        return self._build.findings(self._scene(file), read(file))

    def base(self, module: Path) -> frozenset[Row]:
        """What pySHACL says about the things that the cases of a module refer to."""
        return self._reference(self._scene(module / "a" / "case"), read(module / "base.ttl"))

    def judge(self, graph: Graph) -> frozenset[Row]:
        """The rows of pySHACL about a whole graph."""
        return self._reference(Scene.of(Graph() + self._vocabulary), graph)

    def built(self, graph: Graph) -> frozenset[Row]:
        """The rows of the build about a whole graph."""
        return self._build(Scene.of(Graph() + self._vocabulary), graph)

    def _scene(self, file: Path) -> Scene:
        module = file.parent.parent
        if module.name not in self._scenes:
            graph = Graph() + self._vocabulary + read(module / "base.ttl")
            self._scenes[module.name] = Scene.of(graph)
        return self._scenes[module.name]


@pytest.fixture(scope="session")
def judged(vocabulary: Graph) -> Judged:
    """The judges of all cases of `shapes/`."""
    return Judged(vocabulary, shape.read(ROOT / "shapes"))


@pytest.fixture(scope="session")
def profiles() -> Graph:
    """The shapes of all profiles, without those of the project itself."""
    return shape.read(ROOT / "shapes" / "profiles").graph


@pytest.fixture(scope="session")
def profile_judged(vocabulary: Graph) -> Judged:
    """The judges of all cases of `shapes/profiles/`."""
    return Judged(vocabulary, shape.read(ROOT / "shapes" / "profiles"))
