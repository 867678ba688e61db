"""Walks: how far from a thing the rules of SHACL Core look, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

_INNER = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS = (SH["and"], SH["or"], SH.xone)
_REPEATED = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)
_FURTHEST = 4  # steps; a path of any length is followed so far


@dataclass(frozen=True, slots=True)
class Step:
    """From a thing to another by a predicate, or against its direction."""

    predicate: str
    is_inverse: bool = False


@dataclass(slots=True)
class Walks:
    """All walks that begin with the same steps; the branches are what may follow."""

    branches: dict[Step, "Walks"] = field(default_factory=dict)

    def add(self, steps: tuple[Step, ...]) -> None:
        """Adds one walk."""
        if steps:
            self.branches.setdefault(steps[0], Walks()).add(steps[1:])

    def predicates(self) -> set[str]:
        """The predicates that some walk follows in their direction."""
        found = {step.predicate for step in self.branches if not step.is_inverse}
        return found.union(*(walks.predicates() for walks in self.branches.values()))

    def inverse_predicates(self) -> set[str]:
        """The predicates that some walk follows against their direction."""
        found = {step.predicate for step in self.branches if step.is_inverse}
        return found.union(*(walks.inverse_predicates() for walks in self.branches.values()))


def of(shapes: Graph) -> Walks:
    """The walks of every shape in a graph, beginning at its focus nodes."""
    walks = Walks()
    for shape in {s for p in (SH.property, *_INNER) for s in shapes.subjects(p)}:
        if (shape, SH.path, None) not in shapes:
            for steps in _from(shapes, shape, ()):
                walks.add(steps)
    return walks


def _from(shapes: Graph, shape: Node, before: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """The walks that a shape asks for, once `before` has led to its focus."""
    path = shapes.value(shape, SH.path)
    for steps in [()] if path is None else _steps(shapes, path):
        here = (*before, *steps)[:_FURTHEST]
        yield here
        if len(here) < _FURTHEST:
            for inner in _inner(shapes, shape):
                yield from _from(shapes, inner, here)


def _inner(shapes: Graph, shape: Node) -> Iterator[Node]:
    for predicate in _INNER:
        yield from shapes.objects(shape, predicate)
    for predicate in _LISTS:
        for members in shapes.objects(shape, predicate):
            yield from Collection(shapes, members)


def _steps(shapes: Graph, path: Node, *, is_inverse: bool = False) -> Iterator[tuple[Step, ...]]:
    """The ways to go along a path."""
    if isinstance(path, URIRef):
        yield (Step(str(path), is_inverse),)
    elif (path, RDF.first, None) in shapes:
        parts = list(Collection(shapes, path))
        ways: list[tuple[Step, ...]] = [()]
        for part in reversed(parts) if is_inverse else parts:
            more = list(_steps(shapes, part, is_inverse=is_inverse))
            ways = [(*way, *step) for way in ways for step in more]
        yield from ways
    elif (inverse := shapes.value(path, SH.inversePath)) is not None:
        yield from _steps(shapes, inverse, is_inverse=not is_inverse)
    elif (choice := shapes.value(path, SH.alternativePath)) is not None:
        for part in Collection(shapes, choice):
            yield from _steps(shapes, part, is_inverse=is_inverse)
    for predicate in _REPEATED:
        for inner in shapes.objects(path, predicate):
            for steps in _steps(shapes, inner, is_inverse=is_inverse):
                yield from (steps * times for times in range(1, _FURTHEST + 1))
