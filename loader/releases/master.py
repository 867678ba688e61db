"""The master of a release: canonical N-Quads, one sorted file per named graph.

The store rewrites literals when it loads them (`"1.50"` becomes `1.5`); these lines do not.
"""

import mmap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile

import polars as pl

from loader.releases.run import Runs, first_at_or_after


def write(path: Path, blocks: Iterable[pl.Series]) -> tuple[int, str]:
    """Writes the distinct lines in bytewise order; returns their number and the SHA-256.

    Blocks are columns of lines that end in `.` without a line feed. Memory is bounded by a run,
    whatever their number. Without blank nodes this order is RDFC-1.0's.
    """
    with Runs(path) as runs:
        for block in blocks:
            runs.add(block)
        number = runs.merge()
    with path.open("rb") as file:
        return number, file_digest(file, "sha256").hexdigest()


@contextmanager
def together(folder: Path, masters: Iterable[Path]) -> Iterator[Path]:
    """All masters as one N-Quads file in a folder, until the context ends."""
    with NamedTemporaryFile(dir=folder, suffix=".nq") as file:
        for path in masters:
            with path.open("rb") as lines:
                copyfileobj(lines, file)
        file.flush()
        yield Path(file.name)


def statements(path: Path, subject: str) -> Iterator[str]:
    """The lines about one subject, found by bisection: milliseconds, whatever the file's size.

    `subject` is an IRI without angle brackets.
    """
    return (line for _, line in statements_of(path, [subject]))


def statements_of(path: Path, subjects: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The lines about each of some subjects, each with its subject; the file is opened once."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        for subject in subjects:
            for line in _about(view, f"<{subject}> ".encode()):
                yield subject, line


def _about(view: mmap.mmap, prefix: bytes) -> Iterator[str]:
    position = first_at_or_after(view, prefix)
    while position < len(view):
        end = view.find(b"\n", position)
        line = view[position:end]
        if not line.startswith(prefix):
            return
        yield line.decode()
        position = end + 1
