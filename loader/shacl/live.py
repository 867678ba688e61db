"""The live release as the check of a delivery sees it: with the delivery in it, and unharmed."""

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from loader.prefix import PREFIXES
from loader.releases import master
from loader.releases.release import Release
from loader.shacl import focus, walk
from loader.shacl.extract import Extract
from loader.shacl.reach import Reach
from loader.shacl.shape import Shapes
from loader.shacl.target import Choice
from loader.shacl.walk import Step, Walks
from loader.store import add, select
from loader.term import RDF_TYPE, iri

_TYPE, _SUBCLASS = iri(RDF_TYPE), NamedNode(PREFIXES["rdfs"] + "subClassOf")


@dataclass(frozen=True, slots=True)
class Live:
    """A release, or none yet, and how far the rules of Core look.

    `extract`: what is asked of it, in memory, which the first check takes.
    """

    release: Release | None
    walks: Walks
    extract: Extract | None = None

    @contextmanager
    def joined(self, lines: list[str], reach: Reach) -> Iterator["Joined"]:
        """The release with a delivery in place of what it says of the same things.

        The delivery is N-Triples lines, as this project writes them; of it the store gets what
        lies within reach of the rules that ask it. Without an extract the store is a checkpoint
        of the release's that is gone afterwards; what a killed process leaves of it lies where
        `tempfile` puts folders.
        """
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            joined = Joined(self._store(Path(folder)), self._masters(), self.walks)
            joined.take(lines, asked(reach, self.walks))
            yield joined
            del joined

    def _store(self, folder: Path) -> Store:
        if self.release is None:
            return Store()
        if self.extract and (store := self.extract.take(self.release.id)):
            return store
        Store.read_only(str(self.release.store)).backup(str(folder / "store"))
        return Store(str(folder / "store"))

    def _masters(self) -> dict[str, Path]:
        if self.release is None:
            return {}
        graphs = self.release.manifest["graphs"]
        return {graph: self.release.path / facts["file"] for graph, facts in graphs.items()}


@dataclass(slots=True)
class Joined:
    """A store that holds a delivery too; `masters` are the release's files by graph."""

    store: Store
    masters: Mapping[str, Path]
    walks: Walks
    things: set[str] = field(default_factory=set)
    _kinds: dict[str, set[str]] = field(default_factory=dict)
    _said: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _looked: dict[str, set[str]] = field(default_factory=dict)
    _found: dict[str, None] = field(default_factory=dict)
    _below: set[tuple[str, str]] = field(default_factory=set)

    @property
    def choice(self) -> Choice:
        """The things of the delivery by their classes."""
        return Choice(self.store, self.things, self._kinds)

    def take(self, lines: list[str], asked: Set[str] | None) -> None:
        """Takes a delivery in; `things` are those that it describes.

        A thing of the release of which it only says that another points to it stays as it is.
        """
        said = _parts(lines)
        typed = set(said.filter(pl.col("predicate") == _TYPE)["subject"])
        for subject in said["subject"].unique():
            if not subject.startswith("<"):
                continue
            known = self.store.quads_for_pattern(NamedNode(subject[1:-1]), None, None)
            if subject in typed:
                for quad in list(known):
                    self.store.remove(quad)
            elif next(iter(known), None) is not None:
                continue
            self.things.add(subject[1:-1])
        near = pl.Series(lines) if asked is None else _said_by(said, asked)
        add(self.store, list(parse(near.str.join("\n").item(), RdfFormat.N_TRIPLES)))
        self._note(said)

    def about(self, things: Set[str]) -> list[str]:
        """The statements (N-Quads lines) that Core looks at to judge things of the release."""
        self.things |= things
        read = self._read(things)
        self._found.update(dict.fromkeys(read))
        self._note(_parts(read))
        self._follow(self.walks, things)
        return [*self._found, *self._hierarchy()]

    def around(self) -> list[str]:
        """The release's statements (N-Quads lines) about what Core looks at beyond the delivery."""
        self._follow(self.walks, self.things)
        return list(self._found)

    def marks(self) -> Iterator[str]:
        """The statements that name the things to be judged for `Shapes.aimed`."""
        return focus.marks(self._kinds, self._below)

    def _hierarchy(self) -> Iterator[str]:
        """Which class lies below which; the unnamed ones are of no shape."""
        for quad in self.store.quads_for_pattern(None, _SUBCLASS, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                self._below.add((quad.subject.value, quad.object.value))
                yield f"{quad.triple} ."

    def _note(self, said: pl.DataFrame) -> None:
        """Keeps of the statements about things what walks and targets ask for."""
        followed = [iri(predicate) for predicate in self.walks.predicates()]
        wanted = pl.col("predicate").is_in([*followed, _TYPE, str(_SUBCLASS)])
        linked = said.filter(wanted & pl.col("object").str.starts_with("<"))
        for subject, predicate, rest in linked.iter_rows():
            thing, value = subject[1:-1], rest[1 : rest.index(">")]
            if predicate == str(_SUBCLASS):
                self._below.add((thing, value))
            if thing not in self.things:
                continue
            if predicate == _TYPE:
                self._kinds.setdefault(iri(value), set()).add(thing)
            self._tell(thing, predicate[1:-1], value)

    def _tell(self, thing: str, predicate: str, value: str) -> None:
        self._said.setdefault(predicate, {}).setdefault(thing, []).append(value)

    def _follow(self, walks: Walks, begin: Set[str]) -> None:
        for step, further in walks.branches.items():
            if step.is_inverse:
                reached = self._before(step, begin)
            elif further.is_end:
                continue
            else:
                said = self._said.get(step.predicate, {})
                reached = {thing for begun in begin & said.keys() for thing in said[begun]}
            self._look(reached - self.things, further)
            if reached and further.branches:
                self._follow(further, reached)

    def _before(self, step: Step, begin: Set[str]) -> set[str]:
        """What points to some things: read through where that is little, else asked of each."""
        predicate, limit = NamedNode(step.predicate), len(begin)
        every = self.store.quads_for_pattern(None, predicate, None)
        quads = list(islice(every, limit + 1))
        if len(quads) > limit:
            ends = (NamedNode(begun) for begun in begin)
            quads = [q for end in ends for q in self.store.quads_for_pattern(None, predicate, end)]
        pointing = [
            quad
            for quad in quads
            if isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, NamedNode)
            and quad.object.value in begin
        ]
        self._found.update((f"{quad.triple} .", None) for quad in pointing)
        return {quad.subject.value for quad in pointing if isinstance(quad.subject, NamedNode)}

    def _look(self, things: Set[str], further: Walks) -> None:
        """Finds what walks ask of things of the release."""
        written = set[str]()
        for predicate in further.asked():
            looked = self._looked.setdefault(predicate, set())
            for thing in things - looked:
                for quad in self._of(thing, predicate):
                    if isinstance(quad.object, Literal):
                        written.add(thing)
                        break
                    self._found[f"{quad.triple} ."] = None
                    if isinstance(quad.object, NamedNode):
                        self._tell(thing, predicate, quad.object.value)
            looked |= things
        self._found.update(dict.fromkeys(self._read(things if further.asks_all else written)))

    def _of(self, thing: str, predicate: str) -> Iterator[Quad]:
        return self.store.quads_for_pattern(NamedNode(thing), NamedNode(predicate), None)

    def _read(self, things: Set[str]) -> list[str]:
        """What is said of things, as delivered: the store would have rewritten literals."""
        by_graph: dict[str, list[str]] = {}
        names = " ".join(iri(thing) for thing in things)
        pattern = f"VALUES ?thing {{ {names} }} GRAPH ?graph {{ ?thing ?predicate ?value }}"
        query = f"SELECT DISTINCT ?thing ?graph {{ {pattern} }}"
        for row in select(self.store, query) if things else ():
            by_graph.setdefault(row["graph"].value, []).append(row["thing"].value)
        if things and "" in self.masters:
            by_graph[""] = list(things)
        return [
            line
            for graph, subjects in by_graph.items()
            for _, line in master.statements_of(self.masters[graph], subjects)
        ]


def asked(reach: Reach, walks: Walks) -> set[str] | None:
    """The predicates, in angle brackets, that a check asks a store for; None for all."""
    beyond = walks.beyond()
    if reach.predicates is None or beyond is None:
        return None
    return {iri(each) for each in reach.predicates | walks.inverse_predicates() | beyond}


def _parts(lines: Iterable[str]) -> pl.DataFrame:
    """Subject, predicate and the rest of each line."""
    split = pl.Series(lines, dtype=pl.String).str.splitn(" ", 3).struct
    return split.rename_fields(["subject", "predicate", "object"]).struct.unnest()


def _said_by(said: pl.DataFrame, predicates: Set[str]) -> pl.Series:
    """The lines with some predicates."""
    found = said.filter(pl.col("predicate").is_in(list(predicates)))
    return found.select(pl.concat_str(pl.all(), separator=" ").alias("line"))["line"]


def read(release: Release | None, shapes: Shapes) -> Live:
    """A release for checks; None where there is none yet."""
    return Live(release, walk.of(shapes.graph))
