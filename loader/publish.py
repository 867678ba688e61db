"""Publication: masters, store and manifest of a release, written into a build's candidate."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    serialize,
)

from loader.account import GRAPH
from loader.releases import derived, master
from loader.releases.release import Candidate, Release


@dataclass(slots=True)
class Publication:
    """The graphs of a candidate; each is written once and named in the manifest."""

    candidate: Candidate
    graphs: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)  # who changed what was carried over

    def add(self, name: str, graph: str, blocks: Iterable[pl.Series]) -> None:
        """Writes one named graph's master; blocks are columns of N-Quads lines."""
        path = self.candidate.path / "graphs" / f"{name}.nq"
        path.parent.mkdir(exist_ok=True)
        number, checksum = master.write(path, blocks)
        self.graphs[graph] = {
            "file": f"graphs/{name}.nq",
            "triples": number,
            "sha256": checksum,
        }

    def carry(self, live: Release) -> list[str]:
        """Takes over the graphs that somebody made since the last build, as they are.

        Returns the changed graphs that are not taken over: what was added before says them anew.
        """
        changed = {g: by for g, by in live.manifest.get("changed", {}).items() if g != GRAPH}
        self.changed = {g: by for g, by in changed.items() if g not in self.graphs}
        for graph in self.changed:
            entry = live.manifest["graphs"][graph] if graph else live.manifest["default"]
            os.link(live.path / entry["file"], self.candidate.path / entry["file"])
            self.graphs[graph] = entry
        return [graph for graph in changed if graph not in self.changed]

    def entries(self) -> dict[str, Any]:
        """The graphs as the manifest names them, the unnamed one apart."""
        graphs = dict(self.graphs)
        default = graphs.pop("", None)
        return {"graphs": graphs, **({"default": default} if default else {})}

    @property
    def triples(self) -> int:
        """The statements of all graphs so far."""
        return sum(graph["triples"] for graph in self.graphs.values())

    @property
    def store(self) -> Path:
        """Where the candidate's store goes."""
        return self.candidate.path / "store"

    @property
    def files(self) -> dict[str, Path]:
        """The masters by the names of their graphs, in the order in which they were added."""
        return {name: self.candidate.path / facts["file"] for name, facts in self.graphs.items()}

    @property
    def masters(self) -> list[Path]:
        """The files of the graphs, in the order in which they were added."""
        return list(self.files.values())

    def content(self, ruleset: str, descriptions: list[str]) -> str:
        """A checksum of all graphs so far, their descriptions, and the rules that judge them."""
        digest = sha256(" ".join([ruleset, *descriptions]).encode())
        for graph in sorted(self.graphs):
            digest.update(self.graphs[graph]["sha256"].encode())
        return digest.hexdigest()

    def derive(self) -> dict[str, int]:
        """Writes what is made of the masters; returns how many things each class has."""
        return derived.derive(self.candidate.path, self.files)

    def write_report(self, text: str) -> None:
        """Writes the findings beside the graphs."""
        (self.candidate.path / "report.json").write_text(text, "utf-8")


def canonical(quads: Iterable[Quad], graph: str) -> pl.Series:
    """Statements moved to one graph as canonical N-Quads lines, blank nodes named by RDFC-1.0."""
    name = NamedNode(graph)
    dataset = Dataset(Quad(q.subject, q.predicate, q.object, name) for q in quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = serialize(dataset, format=RdfFormat.N_QUADS)
    return pl.Series((text or b"").decode().splitlines(), dtype=pl.String)
