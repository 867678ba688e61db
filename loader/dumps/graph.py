"""Graphs: what writers take, as blocks of canonical N-Triples lines under the graph's name.

Nothing here parses a literal, so that what a writer gets is to the letter what was delivered.
Pyoxigraph's parser would write the language tag `de-AT` as `de-at`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from loader.releases.release import Release
from loader.store import mark

__all__ = ["Graph", "blocks", "mark", "marked", "masters", "merged", "named", "of"]

BLOCK = 256 * 2**10  # bytes
_STRING = rb'"(?:[^"\\]|\\.)*"'
_IRI = rb'<[^<>"\s]*>'
_LABEL = re.compile(rb"%b|%b|_:" % (_STRING, _IRI))
_GRAPH = re.compile(
    rb"(?P<triple>\S+ \S+ (?:%b\S*|%b|_:\S+|<<\(.*\)>>))(?: (?P<graph>%b))? ?\.\n?"
    % (_STRING, _IRI, _IRI)
)


@dataclass(frozen=True, slots=True)
class Graph:
    """One graph: its name (empty: the unnamed one) and blocks of whole lines, without the name."""

    name: str
    blocks: Iterable[bytes]

    def lines(self) -> Iterator[list[bytes]]:
        """Subject, predicate and object of each statement, as N-Triples writes them."""
        for block in self.blocks:
            for line in block.split(b"\n"):
                if line:
                    yield line[:-2].split(b" ", 2)


def of(release: Release) -> Iterator[Graph]:
    """All graphs of a release; a blank node gets its graph's mark, for labels repeat."""
    for name, path in masters(release).items():
        yield Graph(name, blocks(path, name))


def masters(release: Release) -> dict[str, Path]:
    """The files of the graphs by name, the unnamed one last."""
    entries = dict(release.manifest["graphs"])
    if default := release.manifest.get("default"):
        entries[""] = default
    return {name: release.path / facts["file"] for name, facts in entries.items()}


def blocks(path: Path, name: str) -> Iterator[bytes]:
    """A master as blocks of lines without the graph's name."""
    ending = f" <{name}> .\n".encode() if name else b" .\n"
    label = f"_:{mark(name)}".encode()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            whole = (block + file.readline()).replace(ending, b" .\n")
            yield marked(whole, label) if b"_:" in whole else whole


def marked(lines: bytes, label: bytes) -> bytes:
    """The lines with `label` at the beginning of each blank node; texts stay as they are."""
    return _LABEL.sub(lambda found: label if found[0] == b"_:" else found[0], lines)


def named(lines: Iterable[str]) -> Iterator[Graph]:
    """Canonical N-Quads lines, those of one graph together, as graphs."""
    parts = (_parted(line.encode()) for line in lines)
    for name, group in groupby(parts, lambda part: part[0]):
        yield Graph(name, [b"".join(triple for _, triple in group)])


def merged(lines: Iterable[str]) -> list[str]:
    """Canonical N-Quads lines without their graphs, each statement once."""
    return list(dict.fromkeys(_parted(line.encode())[1].decode()[:-1] for line in lines))


def _parted(line: bytes) -> tuple[str, bytes]:
    found = _GRAPH.fullmatch(line)
    if not found:
        raise ValueError(line)
    return (found["graph"] or b"<>").decode()[1:-1], found["triple"] + b" .\n"
