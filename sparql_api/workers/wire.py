"""The wire between server and worker: questions one way, framed answers the other.

A frame is one letter, four bytes of length, and the payload. An answer is BLOCKs, or CODED blocks
where its content coding was applied, then END, so that a broken answer can never look whole;
FAILED stands for any of them.

A LOAN gives a worker a client's connection, RECALL asks for it, RETURN gives it back. A TALLY tells
what was answered on such lines; ASIDE begins an answer that goes to the server after all.
"""

import marshal
import socket
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

BLOCK: Final = b"B"
CODED: Final = b"C"
END: Final = b"E"
FAILED: Final = b"F"
QUESTION: Final = b"Q"
LOAN: Final = b"L"
RECALL: Final = b"R"
RETURN: Final = b"T"
TALLY: Final = b"Y"
ASIDE: Final = b"A"

SPENT: Final = b"spent"  # the payload of the END of a worker that is to be replaced

BLOCK_SIZE: Final = 256 * 2**10
_PREFIX = struct.Struct("!cI")
PREFIX_SIZE: Final = _PREFIX.size


class Question(NamedTuple):
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
        return frame(QUESTION, marshal.dumps(tuple(self)))

    @classmethod
    def decode(cls, payload: bytes) -> "Question":
        """The question in a frame's payload."""
        return cls._make(marshal.loads(payload))  # noqa: S302  # nobody but the server wrote it


class Loan(NamedTuple):
    """A client's connection for a clerk; its descriptor comes with the frame.

    `shift` is the clerk's turn that the loan is for, `number` the line's. `client` pays, and may
    use `left` seconds; `address` is the connection's. `request` came already.
    """

    shift: int
    number: int
    client: str
    address: str
    left: float
    request: bytes

    def encode(self) -> bytes:
        """The frame for the clerk."""
        return frame(LOAN, marshal.dumps(tuple(self)))

    @classmethod
    def decode(cls, payload: bytes) -> "Loan":
        """The loan in a frame's payload."""
        return cls._make(marshal.loads(payload))  # noqa: S302  # nobody but the server wrote it


class Return(NamedTuple):
    """A line that a clerk gives back, with what it read and did not answer, or did not get sent."""

    number: int
    unread: bytes
    unsent: bytes

    def encode(self) -> bytes:
        """The frame for the server."""
        return frame(RETURN, marshal.dumps(tuple(self)))

    @classmethod
    def decode(cls, payload: bytes) -> "Return":
        """The line in a frame's payload."""
        return cls._make(marshal.loads(payload))  # noqa: S302  # a clerk of ours wrote it


def recall(line: int = 0) -> bytes:
    """The frame that asks a clerk for a line; 0 for all."""
    return frame(RECALL, marshal.dumps(line))


def recalled(payload: bytes) -> int:
    """The line that is asked for, 0 for all."""
    return int(marshal.loads(payload))  # noqa: S302  # nobody but the server wrote it


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


def frames(data: bytearray) -> Iterator[tuple[bytes, bytes]]:
    """The whole frames at the beginning of the data, each taken out of it before it is given."""
    while len(data) >= PREFIX_SIZE:
        kind, size = unpack_prefix(data)
        end = PREFIX_SIZE + size
        if len(data) < end:
            return
        payload = bytes(data[PREFIX_SIZE:end])
        del data[:end]
        yield kind, payload


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    data = channel.recv(size)
    while len(data) < size:
        part = channel.recv(size - len(data))
        if not part:
            return None
        data += part
    return data
