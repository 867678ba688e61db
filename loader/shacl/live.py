"""The live release as the check of a delivery sees it: with the delivery in it, and unharmed."""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from loader.prefix import PREFIXES
from loader.releases import master
from loader.releases.release import Release
from loader.shacl import walk
from loader.shacl.reach import Reach
from loader.shacl.shape import Shapes
from loader.shacl.target import Choice
from loader.shacl.walk import Step, Walks
from loader.store import add, select
from loader.term import RDF_TYPE, iri

_TYPE, _SUBCLASS = iri(RDF_TYPE), NamedNode(PREFIXES["rdfs"] + "subClassOf")


@dataclass(frozen=True, slots=True)
class Live:
    """A release, or none yet, and how far the rules of Core look."""

    release: Release | None
    walks: Walks

    @contextmanager
    def joined(self, lines: list[str], reach: Reach) -> Iterator["Joined"]:
        """The release with a delivery in place of what it says of the same things.

        The delivery is N-Triples lines, as this project writes them; of it the store gets what
        lies within reach of the rules that ask it. The store is a checkpoint of the release's
        that is gone afterwards; what a killed process leaves of it lies where `tempfile` puts
        folders.
        """
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            store, masters = Store(), {}
            if self.release:
                Store.read_only(str(self.release.store)).backup(str(Path(folder) / "store"))
                store = Store(str(Path(folder) / "store"))
                graphs = self.release.manifest["graphs"]
                masters = {g: self.release.path / facts["file"] for g, facts in graphs.items()}
            joined = Joined(store, masters, self.walks)
            joined.take(lines, reach)
            yield joined
            del store, joined


@dataclass(slots=True)
class Joined:
    """A store that holds a delivery too; `masters` are the release's files by graph."""

    store: Store
    masters: Mapping[str, Path]
    walks: Walks
    things: set[str] = field(default_factory=set)
    _kinds: dict[str, set[str]] = field(default_factory=dict)
    _said: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def choice(self) -> Choice:
        """The things of the delivery by their classes."""
        return Choice(self.store, self.things, self._kinds)

    def take(self, lines: list[str], reach: Reach) -> None:
        """Takes a delivery in; `things` are those that it describes.

        A thing of the release of which it only says that another points to it stays as it is.
        """
        typed, subjects = set[str](), set[str]()
        for subject, predicate, _ in _parts(lines):
            subjects.add(subject)
            if predicate == _TYPE:
                typed.add(subject)
        for subject in subjects:
            if not subject.startswith("<"):
                continue
            known = self.store.quads_for_pattern(NamedNode(subject[1:-1]), None, None)
            if subject in typed:
                for quad in list(known):
                    self.store.remove(quad)
            elif next(iter(known), None) is not None:
                continue
            self.things.add(subject[1:-1])
        self._note(lines, self._asked(reach))

    def _asked(self, reach: Reach) -> set[str] | None:
        """The predicates that anything asks the store for; None for all."""
        if reach.predicates is None:
            return None
        return {iri(each) for each in reach.predicates | self.walks.inverse_predicates()}

    def about(self, things: Set[str]) -> list[str]:
        """The statements (N-Quads lines) that Core looks at to judge things of the release."""
        self._find(things)
        self._follow(self.walks, things)
        return [*self._lines(), *self._hierarchy()]

    def around(self) -> list[str]:
        """The release's statements (N-Quads lines) about what Core looks at beyond the delivery."""
        self._follow(self.walks, self.things)
        return self._lines()

    def _lines(self) -> list[str]:
        return [line for lines in self._found.values() for line in lines]

    def _hierarchy(self) -> Iterator[str]:
        """Which class lies below which; the unnamed ones are of no shape."""
        for quad in self.store.quads_for_pattern(None, _SUBCLASS, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                yield f"{quad.triple} ."

    def _note(self, lines: list[str], asked: set[str] | None) -> None:
        """Puts into the store what is asked of it, and keeps what walks and targets ask for."""
        followed = {iri(predicate) for predicate in self.walks.predicates()}
        near = []
        for line, (subject, predicate, rest) in zip(lines, _parts(lines), strict=True):
            if asked is None or predicate in asked:
                near.append(line)
            thing, value = subject[1:-1], rest.removesuffix(" .")
            if thing not in self.things or not value.startswith("<"):
                continue
            if predicate == _TYPE:
                self._kinds.setdefault(value, set()).add(thing)
            if predicate in followed:
                said = self._said.setdefault(predicate[1:-1], {})
                said.setdefault(thing, []).append(value[1:-1])
        add(self.store, list(parse("\n".join(near), RdfFormat.N_TRIPLES)))

    def _follow(self, walks: Walks, begin: Set[str]) -> None:
        for step, further in walks.branches.items():
            reached = self._before(step, begin) if step.is_inverse else self._after(step, begin)
            self._find(reached - self.things - self._found.keys())
            if reached and further.branches:
                self._follow(further, reached)

    def _after(self, step: Step, begin: Set[str]) -> set[str]:
        """What some things point to, in the delivery or in the release."""
        said, middle = self._said.get(step.predicate, {}), f"> <{step.predicate}> <"
        reached = {thing for begun in begin & said.keys() for thing in said[begun]}
        lines = (line for begun in begin & self._found.keys() for line in self._found[begun])
        found = (line for line in lines if middle in line)
        return reached | {line.split("<", 3)[3].partition(">")[0] for line in found}

    def _before(self, step: Step, begin: Set[str]) -> set[str]:
        """What points to some things: read through where that is little, else asked of each."""
        predicate, limit = NamedNode(step.predicate), len(begin)
        every = self.store.quads_for_pattern(None, predicate, None)
        quads = list(islice(every, limit + 1))
        if len(quads) > limit:
            ends = (NamedNode(begun) for begun in begin)
            quads = [q for end in ends for q in self.store.quads_for_pattern(None, predicate, end)]
        return {
            quad.subject.value
            for quad in quads
            if isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, NamedNode)
            and quad.object.value in begin
        }

    def _find(self, things: Set[str]) -> None:
        """Reads what is said of things, as delivered: the store would have rewritten literals."""
        self._found.update((thing, []) for thing in things)
        by_graph: dict[str, list[str]] = {}
        names = " ".join(iri(thing) for thing in things)
        pattern = f"VALUES ?thing {{ {names} }} GRAPH ?graph {{ ?thing ?predicate ?value }}"
        query = f"SELECT DISTINCT ?thing ?graph {{ {pattern} }}"
        for row in select(self.store, query) if things else ():
            by_graph.setdefault(row["graph"].value, []).append(row["thing"].value)
        if things and "" in self.masters:
            by_graph[""] = list(things)
        for graph, subjects in by_graph.items():
            for subject, line in master.statements_of(self.masters[graph], subjects):
                self._found[subject].append(line)


def _parts(lines: list[str]) -> Iterator[list[str]]:
    """Subject, predicate and the rest of each line."""
    return (line.split(" ", 2) for line in lines)


def read(release: Release | None, shapes: Shapes) -> Live:
    """A release for checks; None where there is none yet."""
    return Live(release, walk.of(shapes.graph))
