"""The wire between server and worker: questions one way, framed answers the other.

A frame is one letter, four bytes of length, and the payload. An answer is one HEAD, then BLOCKs,
then END, so that a broken answer can never look whole; FAILED stands for any of them.
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, Final

HEAD: Final = b"H"
BLOCK: Final = b"B"
END: Final = b"E"
FAILED: Final = b"F"
QUESTION: Final = b"Q"

BLOCK_SIZE: Final = 256 * 2**10
_PREFIX = struct.Struct("!cI")
PREFIX_SIZE: Final = _PREFIX.size


@dataclass(frozen=True, slots=True)
class Question:
    """A query for a worker.

    `format` is a name of `sparql_api.negotiation`, or `rows` for the first `row_limit` rows with
    a count. `star` and `order` put the
    columns of `SELECT *` in order. `base` resolves relative addresses.
    Without graphs the query sees the union
    of all, unless it names its `dataset` itself. `seconds` of processor time end the worker.
    `bindings` give variables an address as their value, so that none is pasted into a text.
    """

    text: str
    format: str
    seconds: float
    base: str | None = None
    row_limit: int = 0
    dataset: bool = False
    star: tuple[int, int] | None = None
    order: tuple[str, ...] = ()
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    bindings: tuple[tuple[str, str], ...] = ()

    def encode(self) -> bytes:
        """The frame for the worker."""
        return frame(QUESTION, json.dumps(asdict(self)).encode())

    @classmethod
    def decode(cls, payload: bytes) -> "Question":
        """The question in a frame's payload."""
        values: dict[str, Any] = json.loads(payload)
        for name in ("star", "order", "default_graphs", "named_graphs"):
            values[name] = None if values[name] is None else tuple(values[name])
        return cls(**values)


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame as bytes."""
    return _PREFIX.pack(kind, len(payload)) + payload


def unpack_prefix(prefix: bytes) -> tuple[bytes, int]:
    """Kind and length of the payload that follows."""
    kind, size = _PREFIX.unpack(prefix)
    return bytes(kind), int(size)
