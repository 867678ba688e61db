"""Edits: what may be done to the live release, each in its own way true to what was written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import ClassVar, Protocol

from pyoxigraph import Quad, RdfFormat, Store

from loader import store
from loader.changes import difference
from loader.changes.casing import Casing
from loader.changes.draft import DEFAULT, Draft, canonical
from loader.changes.lexical import LexicalForms


class Edit(Protocol):
    """A change of a draft. `kind` says in English what it is, for the provenance."""

    kind: ClassVar[str]

    def apply(self, draft: Draft) -> None:
        """Changes the draft's store and the lines of its graphs alike."""
        ...


@dataclass(frozen=True, slots=True)
class Put:
    """A graph becomes these statements, or is made of them; `casing` is that of their tags."""

    graph: str
    quads: Iterable[Quad]
    casing: Casing
    kind: ClassVar[str] = "graph replaced"

    def apply(self, draft: Draft) -> None:
        """Replaces the graph."""
        lines = canonical(self.quads, self.graph)
        draft.replace(self.graph, map(self.casing.restored, lines))


@dataclass(frozen=True, slots=True)
class Add:
    """A graph gets these statements besides its own; their blank nodes are new ones.

    `casing` is that of their language tags.
    """

    graph: str
    quads: Iterable[Quad]
    casing: Casing
    kind: ClassVar[str] = "statements added to a graph"

    def apply(self, draft: Draft) -> None:
        """Adds to the graph."""
        lines = map(self.casing.restored, canonical(self.quads, self.graph))
        draft.add(self.graph, [line.replace("_:c14n", "_:new") for line in lines])


@dataclass(frozen=True, slots=True)
class Drop:
    """A graph goes."""

    graph: str
    kind: ClassVar[str] = "graph deleted"

    def apply(self, draft: Draft) -> None:
        """Takes the graph away."""
        draft.drop(self.graph)


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL Update in one or more texts; `forms` is how they wrote what they add.

    `graphs` are those that it may write besides the unnamed one; None: any.

    Raises what the engine raises: SyntaxError for no SPARQL, RuntimeError for a step that fails.
    """

    steps: Sequence[str]
    base: str
    forms: LexicalForms = field(default_factory=LexicalForms)
    graphs: frozenset[str] | None = None
    kind: ClassVar[str] = "SPARQL Update"

    def apply(self, draft: Draft) -> None:
        """Runs it on the store, then carries over to the masters what became different."""
        for graph in draft.graphs:
            _settle(draft, graph)
        before = self._digests(draft.store)
        for step in self.steps:
            draft.store.update(step, base_iri=self.base)
        after = self._digests(draft.store)
        for graph in before.keys() - after.keys():
            draft.drop(graph)
        touched = [graph for graph in after if before.get(graph) != after[graph]]
        found = [difference.find(draft, graph) for graph in sorted(touched)]
        difference.carry_over(draft, found, self.forms)

    def _digests(self, changing: Store) -> dict[str, str]:
        """A checksum of the dump of each graph that may be written, by its name."""
        named = (str(graph.value) for graph in changing.named_graphs())
        names = [name for name in named if self.graphs is None or name in self.graphs]
        return {name: _digest(changing, name) for name in [DEFAULT, *names]}


def _settle(draft: Draft, graph: str) -> None:
    """Gives the blank nodes of a graph the labels of its master, should the store have others."""
    lines = draft.blank_lines(graph)
    if any(store.labelled(line, graph) not in draft.store for line in lines):
        draft.replace(graph, draft.lines(graph))


def _digest(changing: Store, graph: str) -> str:
    sink = _Digest()
    changing.dump(sink, format=RdfFormat.N_TRIPLES, from_graph=store.named(graph))  # type: ignore[arg-type]
    return sink.digest.hexdigest()


class _Digest:
    """A file that keeps nothing but a checksum."""

    def __init__(self) -> None:
        self.digest = sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""
