"""Gleaning: of a file of statements, those that rules can touch, found without parsing the rest."""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from loader.shacl.reach import Reach
from loader.term import RDF_TYPE

_IRI = re.compile(rb'<[^<>"{}|^`\\\x00-\x20]*>')
_BATCH = 2**15  # lines: some megabytes


def lines(path: Path, reach: Reach) -> Iterator[bytes]:
    """The lines of an N-Triples or N-Quads file within reach, in batches of whole lines.

    A line that is written in an unusual way is kept rather than misread. Instances of the classes
    that the file puts below those within reach are within reach too.
    """
    if reach.classes is not None:
        reach = Reach(reach.predicates, _with_subclasses(path, reach.classes))
    batch: list[bytes] = []
    with path.open("rb") as file:
        for line in _within(file, reach):
            batch.append(line)
            if len(batch) == _BATCH:
                yield b"".join(batch)
                batch.clear()
    yield b"".join(batch)


def _with_subclasses(path: Path, classes: set[str]) -> set[str]:
    below: dict[str, list[str]] = {}
    for quad in parse(_naming(path, b"rdf-schema#subClassOf>"), RdfFormat.N_QUADS):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            below.setdefault(quad.object.value, []).append(quad.subject.value)
    found, waiting = set(classes), list(classes)
    while waiting:
        new = set(below.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return found


def _naming(path: Path, name: bytes) -> bytes:
    """The lines that hold a name."""
    if not path.stat().st_size:
        return b""
    found = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        place = view.find(name)
        while place >= 0:
            end = view.find(b"\n", place) + 1 or len(view)
            found.append(view[view.rfind(b"\n", 0, place) + 1 : end])
            place = view.find(name, end)
    return b"".join(found)


def _within(file: Iterator[bytes], reach: Reach) -> Iterator[bytes]:
    if reach.predicates is None:
        yield from file
        return
    wanted = {f"<{each}>".encode() for each in reach.predicates}
    kind = f"<{RDF_TYPE}>".encode()
    classes = None if reach.classes is None else {f"<{c}>".encode() for c in reach.classes}
    known: dict[bytes, bool] = {}
    for line in file:
        parts = line.split(None, 3)
        if len(parts) < 4 or b">" in parts[0][:-1] or b"\r" in line:
            yield line
            continue
        predicate = parts[1]
        if (keep := known.get(predicate)) is None:
            keep = known[predicate] = predicate in wanted or not _IRI.fullmatch(predicate)
        if keep and (predicate != kind or _may_be(parts[2], classes)):
            yield line


def _may_be(thing: bytes, classes: set[bytes] | None) -> bool:
    return classes is None or thing in classes or not _IRI.fullmatch(thing)
