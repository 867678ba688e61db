"""Who judges what: SHACL Core, SPARQL constraints asked once, and the rest by the reference.

A rule in SPARQL counts for every shape that leads to it. Where that is only the shape's own target,
or one step by `sh:property`, Core and SPARQL can be judged apart and their results put together;
where a shape's conformance hangs on it (`sh:node`, `sh:not`, `sh:or`, …), one engine judges all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal
from rdflib.collection import Collection
from rdflib.term import Node

from loader.shacl import constraint, target
from loader.shacl.constraint import SparqlConstraint
from loader.shacl.reach import Unproven

_INNER = (SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS = (SH["and"], SH["or"], SH.xone)
_CARRIED = (*target.AIMS, RDF.type, SH.path, SH.severity, SH.message, SH.deactivated)
_TRUE = Literal(lexical_or_value=True)


@dataclass(slots=True)
class Division:
    """Three parts that together are the shapes; `apart` holds what only the reference judges."""

    core: Graph
    constraints: list[SparqlConstraint] = field(default_factory=list)
    apart: Graph = field(default_factory=Graph)


def divide(graph: Graph) -> Division:
    """Divides a shapes graph. Raises UnsupportedConstraint."""
    return _Divider(graph).run()


@dataclass(slots=True)
class _Divider:
    graph: Graph
    components: dict[Node, set[Node]] = field(init=False)
    division: Division = field(init=False)

    def __post_init__(self) -> None:
        self.components = dict(_components(self.graph))
        self.division = Division(Graph() + self.graph)

    def run(self) -> Division:
        core = self.division.core
        core.remove((None, SH.sparql, None))
        for component in self.components:
            core.remove((component, None, None))
        for root in sorted(target.roots(self.graph), key=str):
            if (root, SH.deactivated, _TRUE) in self.graph:
                continue
            if any(self._hangs(shape) for shape in self._reached(root)):
                self._give_away(root)
            else:
                self._constraints_of(root)
        self._explain(self.division.apart)
        return self.division

    def _hangs(self, shape: Node) -> bool:
        """Whether a shape has a rule in SPARQL."""
        return (shape, SH.sparql, None) in self.graph or any(self._uses(shape))

    def _uses(self, shape: Node) -> Iterator[Node]:
        """The components in SPARQL that a shape uses: it has all they ask for."""
        said = set(self.graph.predicates(shape))
        return (component for component, asked in self.components.items() if asked <= said)

    def _own(self, root: Node) -> list[Node]:
        """The shape itself and, of a node shape, its properties."""
        return [root, *sorted(self.graph.objects(root, SH.property), key=str)]

    def _reached(self, root: Node) -> set[Node]:
        """The shapes below `_own` that the shape's conformance hangs on."""
        own = self._own(root)
        first = {s for shape in own for s in self._inner(shape)}
        first |= {s for shape in own[1:] for s in self.graph.objects(shape, SH.property)}
        found, waiting = set(first), list(first)
        while waiting:
            shape = waiting.pop()
            new = {*self._inner(shape), *self.graph.objects(shape, SH.property)} - found
            found |= new
            waiting += new
        return found

    def _inner(self, shape: Node) -> set[Node]:
        found = {inner for p in _INNER for inner in self.graph.objects(shape, p)}
        for predicate in _LISTS:
            for members in self.graph.objects(shape, predicate):
                found |= set(Collection(self.graph, members))
        return found

    def _give_away(self, root: Node) -> None:
        """Leaves a shape with all that it leads to to the reference."""
        for aim in target.AIMS:
            self.division.core.remove((root, aim, None))
        self.division.core.remove((root, RDF.type, RDFS.Class))
        self.division.core.remove((root, RDF.type, OWL.Class))
        waiting, seen = [root], set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for subject, predicate, thing in self.graph.triples((node, None, None)):
                aims = predicate in target.AIMS or thing in (RDFS.Class, OWL.Class)
                if node == root or not aims:
                    self.division.apart.add((subject, predicate, thing))
                if not aims:
                    waiting.append(thing)

    def _constraints_of(self, root: Node) -> None:
        aim = target.read(self.graph, root)
        for shape in self._own(root):
            if (shape, SH.deactivated, _TRUE) in self.graph:
                continue
            if any(self._uses(shape)):
                self._carry(root, shape, None)
            for node in sorted(self.graph.objects(shape, SH.sparql), key=str):
                if (node, SH.deactivated, _TRUE) in self.graph:
                    continue
                try:
                    found = constraint.read(self.graph, shape, node, aim)
                except Unproven:
                    self._carry(root, shape, node)
                else:
                    self.division.constraints.append(found)

    def _carry(self, root: Node, shape: Node, node: Node | None) -> None:
        """Leaves one constraint, or the use of a component, to the reference."""
        apart = self.division.apart
        parameters = (p for used in self._uses(shape) for p in _paths(self.graph, used))
        carried = {*_CARRIED, *parameters}
        for each in {root, shape}:
            for predicate in carried:
                for said in self.graph.objects(each, predicate):
                    apart += self._described(each, predicate, said)
        if shape != root:
            apart.add((root, SH.property, shape))
        if node is not None:
            apart += self._described(shape, SH.sparql, node)

    def _described(self, subject: Node, predicate: Node, thing: Node) -> Graph:
        whole = isinstance(thing, BNode) or predicate == SH.sparql
        found = self.graph.cbd(thing) if whole else Graph()
        return found.add((subject, predicate, thing))

    def _explain(self, apart: Graph) -> None:
        """Adds what constraints refer to: components, prefixes, and kinds of these."""
        if not apart:
            return
        for component in self.components:
            apart += self.graph.cbd(component)
            for parts in (SH.parameter, SH.validator, SH.nodeValidator, SH.propertyValidator):
                for part in self.graph.objects(component, parts):
                    apart += self.graph.cbd(part)
        for owner, declared in self.graph.subject_objects(SH.declare):
            apart += self.graph.cbd(declared).add((owner, SH.declare, declared))
        for predicate in (OWL.imports, RDFS.subClassOf):
            apart += self.graph.triples((None, predicate, None))


def _components(graph: Graph) -> Iterator[tuple[Node, set[Node]]]:
    """Each constraint component that the shapes define, with the properties that call for it."""
    for component in set(graph.subjects(SH.parameter)):
        yield component, set(_paths(graph, component, optional=False))


def _paths(graph: Graph, component: Node, *, optional: bool = True) -> Iterator[Node]:
    """The properties that are parameters of a component."""
    for parameter in graph.objects(component, SH.parameter):
        if optional or (parameter, SH.optional, _TRUE) not in graph:
            yield from graph.objects(parameter, SH.path)
