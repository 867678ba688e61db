"""What the tests of the shapes share: the rules, and two engines that judge a graph by them."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import shacl
from pyoxigraph import NamedNode, RdfFormat, Store
from pyshacl.graph_abstraction import DataGraph
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib import RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.plugins.sparql import algebra, evaluate, parser, processor
from rdflib.term import Node

from loader import shape

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"

Verdict = frozenset[str]
Judge = Callable[[Graph, frozenset[Node]], Verdict]


def name(rule: object) -> str:
    """A rule's address without its namespace."""
    return str(rule).strip("<>").rsplit("/", 1)[-1]


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


@cache
def _read(file: Path) -> str:
    # The cases say 2026-11-01 where they mean today: one rule looks at the clock.
    return file.read_text(encoding="utf-8").replace("2026-11-01", f"{datetime.now(UTC):%F}")


def read(file: Path) -> Graph:
    """A case or a base as a graph; empty where there is no file."""
    return Graph().parse(data=_read(file) if file.exists() else "", format="turtle")


@cache
def _translated(text: str, namespaces: tuple[tuple[str, Any], ...]) -> Any:
    return algebra.translateQuery(parser.parseQuery(text), None, dict(namespaces))


def _query(
    self: Any, text: str, bindings: Any = None, namespaces: Any = None, *_: Any, **__: Any
) -> Any:
    query = _translated(text, tuple(sorted((namespaces or {}).items())))
    return evaluate.evalQuery(self.graph, query, bindings or {})


@pytest.fixture(scope="session")
def reference(rules: Graph) -> Judge:
    """pySHACL, on the case's own subjects; what the case refers to is judged once, as the base."""
    shapes = ShapesGraph(rules, debug=False, logger=logging.getLogger("pyshacl"))
    targets = (SH.targetClass, SH.targetSubjectsOf)
    aimed = [s for s in shapes.shapes if any(rules.value(s.node, t) for t in targets)]

    def judge(graph: Graph, own: frozenset[Node]) -> Verdict:
        data = DataGraph.from_rdflib_graph(graph)
        validator = Validator(data, shacl_graph=Graph(), options={"inplace": True})
        validator.shacl_graph = shapes
        executor = validator.make_executor()
        found: set[str] = set()
        for each in aimed:
            focus = {node for node in each.focus_nodes(data) if node in own}
            _, results = each.validate(executor, data, focus=focus)
            found |= {_blamed(statements) for _, _, statements in results}
        return frozenset(found)

    return judge


def _blamed(statements: list[tuple[Any, Any, Any]]) -> str:
    """The constraint or shape of a result; pySHACL gives terms of the shapes as pairs."""
    top = statements[0][0]
    said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in statements if s == top}
    return name(said.get(SH.sourceConstraint, said[SH.sourceShape]))


def _written_out(graph: Graph) -> Graph:
    """The graph with every superclass stated, as the loader states them."""
    typed = Graph() + graph
    for thing, kind in graph.subject_objects(RDF.type):
        for parent in graph.transitive_objects(kind, RDFS.subClassOf):
            if parent is not None:
                typed.add((thing, RDF.type, parent))
    return typed


@pytest.fixture(scope="session", autouse=True)
def _query_read_once() -> Any:
    """Reading the same queries anew for every node was nine tenths of pySHACL's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor.SPARQLProcessor, "query", _query)
        yield


@pytest.fixture(scope="session")
def engine(rules: Graph) -> Judge:
    """The engines of the build: SHACL Core in `shacl`, SPARQL constraints over all data at once."""
    core = Graph() + rules
    core.remove((None, SH.sparql, None))
    compiled = shacl.Shapes.from_text(core.serialize(format="turtle"))
    constraints = shape.read(ROOT / "shapes").constraints

    def judge(graph: Graph, own: frozenset[Node]) -> Verdict:
        ntriples = _written_out(graph).serialize(format="nt")
        results = compiled.validate_text(ntriples, format="ntriples").results
        found = {name(r.source_shape) for r in results if URIRef(r.focus_node.strip("<>")) in own}
        store = Store()
        store.load(ntriples, format=RdfFormat.N_TRIPLES)
        for constraint in constraints:
            nodes = [row["this"] for row in store.query(constraint.query)]  # type: ignore[union-attr]
            if any(isinstance(n, NamedNode) and URIRef(n.value) in own for n in nodes):
                found.add(name(constraint.iri))
        return frozenset(found)

    return judge
