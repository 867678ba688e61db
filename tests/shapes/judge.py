"""The two judges of a case: the build's own validator, and pySHACL.

Each says what it found as rows; the build's findings carry the sentences too.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from pyshacl.graph_abstraction import DataGraph
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator as PyShacl
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.plugins.sparql import algebra, evaluate, parser

from loader.finding import Finding
from loader.shacl.shape import Shapes
from loader.trace import Trace
from loader.validate import Validator, masked

HOME = "https://w3id.org/stadtwissen/"
RULE_CODE = URIRef(f"{HOME}ontology/ruleCode")
SEVERITIES = {SH.Violation: "error", SH.Warning: "warning", SH.Info: "info"}


class Row(NamedTuple):
    """One result. `shape` is a name, the others addresses or texts; empty where there is none."""

    severity: str
    shape: str
    focus: str
    path: str
    value: str


def short(term: object) -> str:
    """An address without what all of ours begin with."""
    return "" if term is None else str(term).removeprefix(HOME)


def name(rule: object) -> str:
    """A rule's address without its namespace."""
    return str(rule).strip("<>").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Scene:
    """What a case stands before: the vocabulary and the base. A case enters and leaves again."""

    graph: Graph
    ntriples: str

    @classmethod
    def of(cls, graph: Graph) -> "Scene":
        """The scene of a graph; its N-Triples state every superclass, as the loader does."""
        return cls(graph, written_out(graph, graph))

    @contextmanager
    def showing(self, case: Graph) -> Iterator[Graph]:
        """The graph with the case in it."""
        new = [triple for triple in case if triple not in self.graph]
        for triple in new:
            self.graph.add(triple)
        try:
            yield self.graph
        finally:
            for triple in new:
                self.graph.remove(triple)


def written_out(graph: Graph, vocabulary: Graph) -> str:
    """The graph as N-Triples with every superclass stated."""
    typed = Graph() + graph
    for thing, kind in graph.subject_objects(RDF.type):
        for parent in vocabulary.transitive_objects(kind, RDFS.subClassOf):
            if parent is not None:
                typed.add((thing, RDF.type, parent))
    return typed.serialize(format="nt")


class BuildJudge:
    """The validator of the build, its results made into findings with their sentences."""

    def __init__(self, shapes: Shapes) -> None:
        self._validator = Validator(shapes)
        self._trace = Trace()

    def findings(self, scene: Scene, case: Graph) -> list[Finding]:
        """What the build finds about the case's own subjects."""
        own = {str(subject) for subject in case.subjects()}
        with NamedTemporaryFile("w", encoding="utf-8", suffix=".nt") as file:
            file.write(scene.ntriples + written_out(case, scene.graph))
            file.flush()
            results = self._validator.results(Path(file.name))
        found = [r for r in results if r.focus in own]
        return list(self._validator.findings(found, self._trace))

    def __call__(self, scene: Scene, case: Graph) -> frozenset[Row]:
        """The same as rows."""
        return frozenset(map(row_of, self.findings(scene, case)))


def row_of(finding: Finding) -> Row:
    """The finding without its code and sentences."""
    said = (short(finding.focus), short(finding.path), short(finding.value))
    return Row(finding.severity, name(finding.shape), *said)


class ReferenceJudge:
    """pySHACL, on the case's own subjects; what the case refers to is judged once, as the base."""

    def __init__(self, rules: Graph) -> None:
        self._rules = rules
        self._shapes = ShapesGraph(rules, debug=False, logger=logging.getLogger("pyshacl"))
        targets = (SH.targetClass, SH.targetSubjectsOf)
        named = {s for t in targets for s in rules.subjects(t)}
        self._aimed = [shape for shape in self._shapes.shapes if shape.node in named]

    def __call__(self, scene: Scene, case: Graph) -> frozenset[Row]:
        """What pySHACL finds about the case's own subjects."""
        own = set(case.subjects())
        with scene.showing(case) as graph:
            data = DataGraph.from_rdflib_graph(graph)
            validator = PyShacl(data, shacl_graph=Graph(), options={"inplace": True})
            validator.shacl_graph = self._shapes
            executor = validator.make_executor()
            found: set[Row] = set()
            for each in self._aimed:
                focus = {node for node in each.focus_nodes(data) if node in own}
                if focus:
                    _, results = each.validate(executor, data, focus=focus)
                    found |= {self._row(statements) for _, _, statements in results}
        return frozenset(found)

    def _row(self, statements: list[tuple[Any, Any, Any]]) -> Row:
        top = statements[0][0]
        said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in statements if s == top}
        constraint = said.get(SH.sourceConstraint)
        path, value = said.get(SH.resultPath), said.get(SH.value)
        if constraint is not None and "?value" not in str(self._rules.value(constraint, SH.select)):
            # The standard falls back on the focus node where a query binds no value.
            value = None
        rule = constraint or said[SH.sourceShape]
        if str(self._rules.value(rule, RULE_CODE)).startswith("P-"):
            value = masked(str(value))  # the report hides what it finds personal
        return Row(
            SEVERITIES[said[SH.resultSeverity]],
            name(rule),
            short(said[SH.focusNode]),
            short(path) if isinstance(path, URIRef) else "",
            short(value),
        )


@cache
def _translated(text: str, namespaces: tuple[tuple[str, Any], ...]) -> Any:
    return algebra.translateQuery(parser.parseQuery(text), None, dict(namespaces))


def query(
    self: Any, text: str, bindings: Any = None, namespaces: Any = None, *_: Any, **__: Any
) -> Any:
    """rdflib's way to a query, each text read once: reading was nine tenths of pySHACL's time."""
    found = _translated(text, tuple(sorted((namespaces or {}).items())))
    return evaluate.evalQuery(self.graph, found, bindings or {})
