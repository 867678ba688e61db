"""The master of a release: canonical N-Quads, one sorted file per named graph.

The store rewrites literals when it loads them (`"1.50"` becomes `1.5`); these lines do not.
"""

import mmap
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path


def write(path: Path, lines: Iterable[str]) -> tuple[int, str]:
    """Writes the distinct lines in bytewise order; returns their number and the SHA-256.

    Lines end in `.` without a line feed. Without blank nodes this order is RDFC-1.0's.
    """
    encoded = sorted({line.encode() for line in lines})
    data = b"\n".join(encoded) + b"\n" if encoded else b""
    path.write_bytes(data)
    return len(encoded), sha256(data).hexdigest()


def statements(path: Path, subject: str) -> Iterator[str]:
    """The lines about one subject, found by bisection: milliseconds, whatever the file's size.

    `subject` is an IRI without angle brackets.
    """
    prefix = f"<{subject}> ".encode()
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        position = _first_at_or_after(view, prefix)
        while position < len(view):
            end = view.find(b"\n", position)
            line = view[position:end]
            if not line.startswith(prefix):
                return
            yield line.decode()
            position = end + 1


def _first_at_or_after(view: mmap.mmap, prefix: bytes) -> int:
    """The start of the first line that is not less than the prefix."""
    low, high = 0, len(view)
    while low < high:
        middle = view.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = view.find(b"\n", middle) + 1
        if view[middle:end] < prefix:
            low = end
        else:
            high = middle
    return low
