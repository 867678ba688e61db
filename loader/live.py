"""The live release as the check of a delivery sees it: with the delivery in it, and unharmed."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, Store

from loader import master, walk
from loader.release import Release
from loader.shape import Shapes
from loader.term import RDF_TYPE
from loader.walk import Step, Walks

_TYPE = NamedNode(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Live:
    """A release, or none yet, and how far the rules of Core look."""

    release: Release | None
    walks: Walks

    @contextmanager
    def joined(self, quads: Iterable[Quad]) -> Iterator["Joined"]:
        """The release with a delivery in place of what it says of the same things.

        It is a checkpoint of the release's store that is gone afterwards; what a killed process
        leaves of it lies where `tempfile` puts folders.
        """
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            store, masters = Store(), {}
            if self.release:
                Store.read_only(str(self.release.store)).backup(str(Path(folder) / "store"))
                store = Store(str(Path(folder) / "store"))
                graphs = self.release.manifest["graphs"]
                masters = {g: self.release.path / facts["file"] for g, facts in graphs.items()}
            joined = Joined(store, masters, self.walks)
            joined.take(list(quads))
            yield joined
            del store, joined


@dataclass(slots=True)
class Joined:
    """A store that holds a delivery too; `masters` are the release's files by graph."""

    store: Store
    masters: Mapping[str, Path]
    walks: Walks
    things: set[str] = field(default_factory=set)
    _said: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    _found: dict[str, list[str]] = field(default_factory=dict)

    def take(self, quads: list[Quad]) -> None:
        """Takes a delivery in; `things` are those that it describes.

        A thing of the release of which it only says that another points to it stays as it is.
        """
        typed = {quad.subject for quad in quads if quad.predicate == _TYPE}
        for thing in {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}:
            known = list(self.store.quads_for_pattern(thing, None, None))
            if thing in typed or not known:
                self.things.add(thing.value)
                for quad in known:
                    self.store.remove(quad)
        self.store.extend(quads)
        for quad in quads:
            if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
                key = quad.subject.value, quad.predicate.value
                self._said.setdefault(key, set()).add(quad.object.value)

    def around(self) -> list[str]:
        """The release's statements (N-Quads lines) about what Core looks at beyond the delivery."""
        self._follow(self.walks, self.things)
        return [line for lines in self._found.values() for line in lines]

    def _follow(self, walks: Walks, begin: set[str]) -> None:
        for step, further in walks.branches.items():
            reached = {thing for begun in begin for thing in self._reached(step, begun)}
            for thing in reached - self.things - self._found.keys():
                self._found[thing] = list(self._lines(thing))
            if reached and further.branches:
                self._follow(further, reached)

    def _reached(self, step: Step, begun: str) -> Iterable[str]:
        """The things one step away, in the delivery or in the release."""
        if step.is_inverse:
            pattern = None, NamedNode(step.predicate), NamedNode(begun)
            subjects = (quad.subject for quad in self.store.quads_for_pattern(*pattern))
            return (subject.value for subject in subjects if isinstance(subject, NamedNode))
        if begun in self.things:
            return self._said.get((begun, step.predicate), ())
        middle = f"> <{step.predicate}> <"
        lines = (line for line in self._found.get(begun, ()) if middle in line)
        return (line.split("<", 3)[3].partition(">")[0] for line in lines)

    def _lines(self, thing: str) -> Iterator[str]:
        """The statements about a thing, as delivered: the store would have rewritten literals."""
        quads = self.store.quads_for_pattern(NamedNode(thing), None, None)
        graphs = {quad.graph_name for quad in quads}
        for graph in graphs:
            if isinstance(graph, NamedNode):
                yield from master.statements(self.masters[graph.value], thing)


def read(release: Release | None, shapes: Shapes) -> Live:
    """A release for checks; None where there is none yet."""
    return Live(release, walk.of(shapes.graph))
