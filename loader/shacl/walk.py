"""Walks: how far from a thing the rules of SHACL Core look, step by step."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from loader.shacl import target
from loader.term import RDF_TYPE

_INNER = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
_LISTS = (SH["and"], SH["or"], SH.xone)
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_ENDLESS = (SH.zeroOrMorePath, SH.oneOrMorePath)
_FURTHEST = 4  # steps; a path of any length is followed so far
_REPEATED = {
    SH.zeroOrMorePath: range(_FURTHEST + 1),
    SH.oneOrMorePath: range(1, _FURTHEST + 1),
    SH.zeroOrOnePath: range(2),
}


@dataclass(frozen=True, slots=True)
class Step:
    """From a thing to another by a predicate, or against its direction."""

    predicate: str
    is_inverse: bool = False


@dataclass(slots=True)
class Walks:
    """All walks that begin with the same steps; the branches are what may follow.

    `asks_class`: a rule asks for the class of what these steps lead to; `asks_all`: for whatever
    is said of it. `is_cut`, of the first: some rule looks further than is said here.
    """

    branches: dict[Step, "Walks"] = field(default_factory=dict)
    asks_class: bool = False
    asks_all: bool = False
    is_cut: bool = False

    @property
    def is_end(self) -> bool:
        """Whether no rule asks for anything that is said of what these steps lead to."""
        return not (self.branches or self.asks_class or self.asks_all)

    def after(self, steps: tuple[Step, ...]) -> "Walks":
        """The walks that go on after some steps, which are added where they are new."""
        place = self
        for step in steps:
            place = place.branches.setdefault(step, Walks())
        return place

    def asked(self) -> set[str]:
        """The predicates that rules ask for of what these steps lead to."""
        found = {step.predicate for step in self.branches if not step.is_inverse}
        return found | {RDF_TYPE} if self.asks_class else found

    def beyond(self) -> set[str] | None:
        """The predicates that rules ask for of what the branches lead to; None for all."""
        found = set[str]()
        for further in self.branches.values():
            more = further.beyond()
            if more is None or further.asks_all:
                return None
            found |= further.asked() | more
        return found

    def predicates(self) -> set[str]:
        """The predicates that lead, in their direction, to something of which more is asked."""
        found = {
            step.predicate
            for step, further in self.branches.items()
            if not (step.is_inverse or further.is_end)
        }
        return found.union(*(walks.predicates() for walks in self.branches.values()))

    def inverse_predicates(self) -> set[str]:
        """The predicates that some walk follows against their direction."""
        found = {step.predicate for step in self.branches if step.is_inverse}
        return found.union(*(walks.inverse_predicates() for walks in self.branches.values()))


def of(shapes: Graph) -> Walks:
    """The walks of every shape in a graph, beginning at its focus nodes."""
    walks = Walks(is_cut=any((None, path, None) in shapes for path in _ENDLESS))
    for aim in shapes.objects(None, SH.targetObjectsOf):
        walks.after((Step(str(aim), is_inverse=True),))
    for shape in target.roots(shapes):
        walks.is_cut |= _grow(shapes, shape, walks, ())
    return walks


def _grow(shapes: Graph, shape: Node, walks: Walks, before: tuple[Step, ...]) -> bool:
    """Adds what a shape looks at once `before` has led to its focus; whether that is cut short."""
    for predicate in _PAIRS:
        for other in shapes.objects(shape, predicate):
            walks.after((*before, Step(str(other))))
    path = shapes.value(shape, SH.path)
    is_cut = bool(before) and (shape, SH.closed, None) in shapes
    for steps in [()] if path is None else _steps(shapes, path):
        here = (*before, *steps)
        place = walks.after(here[:_FURTHEST])
        place.asks_class |= (shape, SH["class"], None) in shapes
        place.asks_all |= (shape, SH.closed, None) in shapes or len(here) > _FURTHEST
        for inner in _inner(shapes, shape):
            if len(here) < _FURTHEST:
                is_cut |= _grow(shapes, inner, walks, here)
            else:
                is_cut = place.asks_all = True
        is_cut |= len(here) > _FURTHEST
    return is_cut


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
    for predicate, often in _REPEATED.items():
        for inner in shapes.objects(path, predicate):
            for steps in _steps(shapes, inner, is_inverse=is_inverse):
                yield from (steps * times for times in often)
