"""The wire between server and worker: questions one way, framed answers the other.

A frame is one letter, four bytes of length, and the payload. An answer is BLOCKs, or CODED blocks
where its content coding was applied, then END, so that a broken answer can never look whole;
FAILED stands for any of them.
"""

import marshal
import socket
import struct
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

BLOCK: Final = b"B"
CODED: Final = b"C"
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
    a count. `coding` is the content coding of the answer, unless it is too small to gain by it.
    `star` and `order` put the columns of `SELECT *` in order. `base` resolves relative addresses.
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
    coding: str = ""

    def encode(self) -> bytes:
        """The frame for the worker."""
        return frame(QUESTION, marshal.dumps(_VALUES(self)))

    @classmethod
    def decode(cls, payload: bytes) -> "Question":
        """The question in a frame's payload."""
        return cls(*marshal.loads(payload))  # noqa: S302  # nobody but the server wrote it


_VALUES = attrgetter(*(field.name for field in fields(Question)))


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """A frame as bytes."""
    return _PREFIX.pack(kind, len(payload)) + payload


def unpack_prefix(data: bytes | bytearray, start: int = 0) -> tuple[bytes, int]:
    """Kind and length of the payload that follows the prefix at a place."""
    kind, size = _PREFIX.unpack_from(data, start)
    return kind, size


def receive(channel: socket.socket) -> bytes | None:
    """The payload of the next frame; None at the end of the stream."""
    prefix = _exactly(channel, PREFIX_SIZE)
    return None if prefix is None else _exactly(channel, unpack_prefix(prefix)[1])


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    data = channel.recv(size)
    while len(data) < size:
        part = channel.recv(size - len(data))
        if not part:
            return None
        data += part
    return data
