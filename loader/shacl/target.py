"""Targets: the nodes that a shape is aimed at.

Source: *Shapes Constraint Language*, section 2.1.3.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Store
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph
from rdflib.term import Node

from loader.shacl.reach import Reach
from loader.store import select
from loader.term import RDF_TYPE, iri

AIMS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_SHAPES = (SH.NodeShape, SH.PropertyShape)
_TYPE = f"<{RDF_TYPE}>"
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Targets:
    """What a shape is aimed at, each in SPARQL's own notation."""

    classes: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    subjects_of: tuple[str, ...] = ()
    objects_of: tuple[str, ...] = ()

    def find(self, store: Store) -> list[Term]:
        """All targets in a store."""
        rows = select(store, f"SELECT DISTINCT ?this {{ {self.pattern(store)} }}")
        return [t for row in rows if isinstance(t := row["this"], Term)]

    def among(self, choice: "Choice") -> list[Term]:
        """The targets among some things."""
        names = {n for kind in self._classes(choice.store) for n in choice.by_class.get(kind, ())}
        names |= {node[1:-1] for node in self.nodes} & choice.things
        linked = choice.things if self.subjects_of or self.objects_of else ()
        for subject in (NamedNode(thing) for thing in linked):
            says = any(_holds(choice.store, subject, p, None) for p in self.subjects_of)
            if says or any(_holds(choice.store, None, p, subject) for p in self.objects_of):
                names.add(subject.value)
        return [NamedNode(name) for name in sorted(names)]

    def test(self, store: Store) -> Callable[[Term], bool]:
        """Tells of single terms whether they are targets in a store."""
        classes: list[NamedNode] = []

        @cache
        def is_target(term: Term) -> bool:
            if str(term) in self.nodes or any(
                _holds(store, None, p, term) for p in self.objects_of
            ):
                return True
            if isinstance(term, Literal):
                return False
            classes.extend([] if classes else [NamedNode(c[1:-1]) for c in self._classes(store)])
            return any(_holds(store, term, _TYPE, each) for each in classes) or any(
                _holds(store, term, p, None) for p in self.subjects_of
            )

        return is_target

    def pattern(self, store: Store) -> str:
        """The pattern that binds `?this` to each target once."""
        parts = [f"{{ ?this a {kind} }}" for kind in sorted(self._classes(store))]
        parts += [f"{{ ?this {p} ?_object }}" for p in self.subjects_of]
        parts += [f"{{ ?_subject {p} ?this }}" for p in self.objects_of]
        if self.nodes:
            parts.append(f"{{ VALUES ?this {{ {' '.join(self.nodes)} }} }}")
        return f"{{ SELECT DISTINCT ?this {{ {' UNION '.join(parts)} }} }}"

    def _classes(self, store: Store) -> set[str]:
        return {kind for each in self.classes for kind in (each, *_subclasses(store, each))}

    def reach(self) -> Reach:
        """The statements that say what the targets are."""
        predicates = {p[1:-1] for p in (*self.subjects_of, *self.objects_of)}
        if self.classes:
            predicates |= {RDF_TYPE, str(RDFS.subClassOf)}
        return Reach(predicates, {c[1:-1] for c in self.classes})


@dataclass(slots=True)
class Choice:
    """Things in a store that alone are to be judged; `by_class` lists them as `<class>` says."""

    store: Store
    things: Set[str]
    by_class: Mapping[str, Set[str]]


def roots(graph: Graph) -> set[Node]:
    """The shapes with targets."""
    named = {shape for aim in AIMS for shape in graph.subjects(aim)}
    shapes, classes = _instances(graph, *_SHAPES), _instances(graph, RDFS.Class, OWL.Class)
    return named | shapes & classes


def read(graph: Graph, shape: Node) -> Targets:
    """The targets that a shape declares; a class that is a shape aims at its own instances."""
    classes = set(graph.objects(shape, SH.targetClass))
    if (shape, RDF.type, RDFS.Class) in graph or (shape, RDF.type, OWL.Class) in graph:
        classes.add(shape)
    return Targets(
        _notation(classes),
        _notation(graph.objects(shape, SH.targetNode)),
        _notation(graph.objects(shape, SH.targetSubjectsOf)),
        _notation(graph.objects(shape, SH.targetObjectsOf)),
    )


def _instances(graph: Graph, *kinds: Node) -> set[Node]:
    return {node for kind in kinds for node in graph.subjects(RDF.type, kind)}


def _notation(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(sorted(node.n3() for node in nodes if not isinstance(node, BNode)))


def _subclasses(store: Store, kind: str) -> Iterator[str]:
    """The classes below one, as the data says; SHACL asks for their instances too."""
    query = f"SELECT DISTINCT ?c {{ ?c {iri(RDFS.subClassOf)}+ {kind} FILTER(isIRI(?c)) }}"
    return (str(row["c"]) for row in select(store, query))


def _holds(
    store: Store, subject: NamedNode | BlankNode | None, predicate: str, thing: Term | None
) -> bool:
    quads = store.quads_for_pattern(subject, NamedNode(predicate[1:-1]), thing)
    return next(iter(quads), None) is not None
