"""The draft: a copy of the live release on its way to become the next, with changed graphs.

Store and masters of the copy are hard links, so it costs milliseconds and no space.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import polars as pl
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from loader import store
from loader.releases import derived, master
from loader.releases.release import Candidate, Release

DEFAULT = ""  # the name of the unnamed graph


@dataclass(slots=True)
class Draft:
    """The next release. `changed` has the new lines of changed graphs, None for one that goes.

    `entries` is what the manifest says of the masters, once they are written.
    """

    live: Release
    candidate: Candidate
    store: Store
    changed: dict[str, list[str] | None] = field(default_factory=dict)
    entries: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def begin(cls, live: Release, candidate: Candidate) -> Self:
        """Copies the live release into the candidate."""
        folder = str(candidate.path / "store")
        Store.read_only(str(live.store)).backup(folder)
        return cls(live, candidate, Store(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Gives the store's lock back; what is written from then on is read-only."""
        with contextlib.suppress(AttributeError):  # closed already
            del self.store

    @property
    def graphs(self) -> list[str]:
        """The graphs that the draft has, without the unnamed one."""
        kept = [graph for graph in self.live.manifest["graphs"] if graph not in self.changed]
        new = [graph for graph, lines in self.changed.items() if lines is not None and graph]
        return sorted([*kept, *new])

    def has(self, graph: str) -> bool:
        """Whether there is such a graph; the unnamed one always is."""
        return graph == DEFAULT or graph in self.graphs

    def lines(self, graph: str) -> list[str]:
        """The master's lines of a graph; none for one that is not there."""
        return (self.changed[graph] or []) if graph in self.changed else self.before(graph)

    def before(self, graph: str) -> list[str]:
        """The same of the live release."""
        path = self.master(graph)
        text = path.read_text("utf-8") if path else ""
        return text.rstrip("\n").split("\n") if text else []

    def master(self, graph: str) -> Path | None:
        """The live release's master of a graph."""
        entry = _entry(self.live, graph)
        return self.live.path / entry["file"] if entry else None

    def blank_lines(self, graph: str) -> list[str]:
        """The lines of a live master that may have blank nodes; mostly it has none at all."""
        path = self.master(graph)
        if path is None or not store.may_have_blanks(path):
            return []
        return [line for line in self.before(graph) if store.blank(line)]

    def replace(self, graph: str, lines: Iterable[str]) -> None:
        """Gives a graph these lines, in the store too."""
        self.note(graph, lines)
        self.store.remove_graph(store.named(graph))
        if graph:
            self.store.add_graph(NamedNode(graph))
        store.fill(self.store, graph, self.lines(graph))

    def add(self, graph: str, lines: list[str]) -> None:
        """Adds lines to a graph; blank nodes make the graph be written anew."""
        before = self.lines(graph)
        if any(map(store.blank, lines)) or not before:
            self.replace(graph, [*before, *lines])
            return
        self.note(graph, [*before, *lines])
        store.fill(self.store, graph, lines)

    def drop(self, graph: str) -> None:
        """Takes a graph away; the unnamed one only becomes empty."""
        self.store.remove_graph(store.named(graph))
        self.note(graph, [] if graph == DEFAULT else None)

    def note(self, graph: str, lines: Iterable[str] | None) -> None:
        """Remembers lines for a graph whose store is as it should be; nothing new is no change."""
        new = None if lines is None else settled(lines, graph)
        old = sorted(self.before(graph)) if _entry(self.live, graph) else None
        if new == old or (graph == DEFAULT and not new and not old):
            self.changed.pop(graph, None)
        else:
            self.changed[graph] = new

    def write(self) -> None:
        """Writes the changed masters and links the others."""
        self.store.flush()
        (self.candidate.path / "graphs").mkdir()
        graphs = {graph: self._master(graph) for graph in self.graphs}
        default = {"default": self._master(DEFAULT)} if self.lines(DEFAULT) else {}
        number = sum(facts["triples"] for facts in (*graphs.values(), *default.values()))
        self.entries = {"graphs": graphs, **default, "triples": number}

    @property
    def files(self) -> dict[str, Path]:
        """The masters that were written, by the names of their graphs."""
        default = self.entries.get("default")
        entries = {**({DEFAULT: default} if default else {}), **self.entries["graphs"]}
        return {graph: self.candidate.path / facts["file"] for graph, facts in entries.items()}

    def derive(self, things: Set[str]) -> dict[str, int]:
        """Writes what is made of the masters, which tell new things of some things alone.

        Returns how many things each class has.
        """
        graphs = ("", *self.live.manifest["graphs"])
        earlier = {graph: path for graph in graphs if (path := self.master(graph))}
        return derived.derive(self.candidate.path, self.files, earlier, things)

    def _master(self, graph: str) -> dict[str, Any]:
        entry = _entry(self.live, graph) or {"file": _file(graph)}
        path = self.candidate.path / entry["file"]
        if graph not in self.changed:
            os.link(self.live.path / entry["file"], path)
            return dict(entry)
        number, checksum = master.write(path, [pl.Series(self.lines(graph), dtype=pl.String)])
        return {"file": entry["file"], "triples": number, "sha256": checksum}


def settled(lines: Iterable[str], graph: str) -> list[str]:
    """Lines of a graph in order, each once, blank nodes named by RDFC-1.0.

    The names depend on the lines with blank nodes alone, so only those are looked at.
    """
    blank = set(filter(store.blank, lines := set(lines)))
    if not blank:
        return sorted(lines)
    quads = (next(parse(line, format=RdfFormat.N_QUADS)) for line in sorted(blank))
    return sorted(lines - blank | set(canonical(quads, graph)))


def canonical(quads: Iterable[Quad], graph: str) -> Iterator[str]:
    """Statements moved to one graph as canonical N-Quads lines."""
    name = store.named(graph)
    dataset = Dataset(Quad(q.subject, q.predicate, q.object, name) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return (line for line in text.decode().split("\n") if line)


def _entry(release: Release, graph: str) -> dict[str, Any] | None:
    manifest = release.manifest
    entry: dict[str, Any] | None = (
        manifest["graphs"].get(graph) if graph else manifest.get("default")
    )
    return entry


def _file(graph: str) -> str:
    name = "g-" + sha256(graph.encode()).hexdigest()[:16] if graph else "default"
    return f"graphs/{name}.nq"
