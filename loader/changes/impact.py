"""The impact of a change: of which things, and of which rules, the answer may be another one now.

A rule of Core looks at a thing and at what its walks lead to, so that a changed statement matters
to everything from which the first steps of a walk lead to it. A rule in SPARQL is asked again of
everything if its query can touch a changed statement.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store
from rdflib import RDFS, SH, Graph
from rdflib import Literal as Written

from loader.shacl.constraint import SparqlConstraint
from loader.shacl.shape import Shapes
from loader.shacl.walk import Step, Walks
from loader.store import select
from loader.term import RDF_TYPE, iri

_MOST = 5_000  # statements or things from which it takes no longer to judge everything
_SUBCLASS = str(RDFS.subClassOf)
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Impact:
    """The things that Core judges again, and the SPARQL constraints that are asked again."""

    things: frozenset[str]
    constraints: tuple[SparqlConstraint, ...]

    def covers(self, shape: str, focus: str, shapes: Shapes) -> bool:
        """Whether what was found before is found anew, should it still hold."""
        if shape in {constraint.iri for constraint in shapes.constraints}:
            return shape in {constraint.iri for constraint in self.constraints}
        return focus in self.things


def of(changed: list[Quad], store: Store, shapes: Shapes, walks: Walks) -> Impact | None:
    """The impact of statements that a store has now or had before; None: everything.

    Steps back are taken in the store as it is: where one of them is gone, it has changed itself.
    """
    predicates = {quad.predicate.value for quad in changed}
    if len(changed) > _MOST or walks.is_cut or shapes.apart or _SUBCLASS in predicates:
        return None
    things = _things(_Traces(store, changed), shapes, walks)
    if things is None or len(things) > _MOST:
        return None
    kinds = _kinds(changed, store)
    constraints = (each for each in shapes.constraints if _touches(each, predicates, kinds))
    return Impact(things, tuple(constraints))


def _things(traces: "_Traces", shapes: Shapes, walks: Walks) -> frozenset[str] | None:
    found = traces.of(walks)
    if not _aims_at_literals(shapes.graph):
        found = {each for each in found if not isinstance(each, Literal)}
    names = frozenset(each.value for each in found if isinstance(each, NamedNode))
    return None if traces.is_lost or len(names) < len(found) else names


@dataclass(slots=True)
class _Traces:
    """Goes back from changed statements to the things whose walks lead there.

    `is_lost`: the way goes on from a literal, which the store may know in another form.
    """

    store: Store
    changed: list[Quad]
    found: set[Term] = field(default_factory=set)
    is_lost: bool = False

    def of(self, walks: Walks) -> set[Term]:
        self.found |= {_term(quad.subject) for quad in self.changed}
        self._visit(walks, ())
        return self.found

    def _visit(self, walks: Walks, before: tuple[Step, ...]) -> None:
        if walks.asks_class:
            self._back(self._ends(Step(RDF_TYPE)), before)
        for step, further in walks.branches.items():
            self._back(self._ends(step), before)
            self._visit(further, (*before, step))

    def _ends(self, step: Step) -> set[Term]:
        """Where a step along a changed statement begins."""
        quads = (quad for quad in self.changed if quad.predicate.value == step.predicate)
        return {_term(quad.object if step.is_inverse else quad.subject) for quad in quads}

    def _back(self, ends: set[Term], steps: tuple[Step, ...]) -> None:
        if steps and any(isinstance(end, Literal) for end in ends):
            self.is_lost = True
        for step in reversed(steps):
            ends = {begin for end in ends for begin in self._begins(end, step)}
        self.found |= ends

    def _begins(self, end: Term, step: Step) -> Iterator[Term]:
        predicate = NamedNode(step.predicate)
        if not step.is_inverse:
            found = self.store.quads_for_pattern(None, predicate, end)
            yield from (_term(quad.subject) for quad in found)
        elif not isinstance(end, Literal):
            found = self.store.quads_for_pattern(end, predicate, None)
            yield from (_term(quad.object) for quad in found)


def _aims_at_literals(graph: Graph) -> bool:
    nodes = graph.objects(None, SH.targetNode)
    is_aimed = any(isinstance(node, Written) for node in nodes)
    return is_aimed or (None, SH.targetObjectsOf, None) in graph


def _kinds(changed: Iterable[Quad], store: Store) -> set[str]:
    """The classes that things were put in or taken out of, and all above them."""
    named = {str(quad.object) for quad in changed if quad.predicate.value == RDF_TYPE}
    below = f"VALUES ?kind {{ {' '.join(named)} }} ?kind {iri(_SUBCLASS)}* ?above"
    rows = select(store, f"SELECT DISTINCT ?above {{ {below} }}") if named else ()
    return {row["above"].value for row in rows}


def _touches(constraint: SparqlConstraint, predicates: Set[str], kinds: Set[str]) -> bool:
    reach = constraint.reach
    if reach.predicates is None or predicates & reach.predicates - {RDF_TYPE}:
        return True
    asks_class = RDF_TYPE in predicates & reach.predicates
    return asks_class and (reach.classes is None or bool(kinds & reach.classes))


def _term(term: object) -> Term:
    """A term of a statement; quoted triples are nothing that a rule asks for."""
    return term if isinstance(term, NamedNode | BlankNode | Literal) else BlankNode()
