"""Output: a worker's results as frames, in blocks that neither side has to gather."""

import socket
import time
from collections.abc import Callable
from json import dumps
from typing import Any

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
)

from sparql_api import coding
from sparql_api.workers import wire

RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_SOON = 4 * 2**10  # bytes
_AT_ONCE = 64 * 2**10  # bytes
_QUICK = 0.005  # seconds
_COUNTED = 100_000  # rows of a page's table are counted up to here

Results = QuerySolutions | QueryBoolean | QueryTriples


def rows(results: Results, limit: int) -> bytes:
    """One block of JSON: the first rows for a page, and how many there are in all."""
    page: dict[str, Any] = {"variables": [], "rows": [], "count": 0, "counted": True}
    if isinstance(results, QueryBoolean):
        page["boolean"] = bool(results)
    elif isinstance(results, QueryTriples):
        page["variables"] = ["s", "p", "o"]
    else:
        page["variables"] = [variable.value for variable in results.variables]
    if not isinstance(results, QueryBoolean):
        for row in results:
            page["count"] += 1
            if page["count"] <= limit:
                page["rows"].append([_term(term) for term in row])
            if page["count"] > _COUNTED:
                page["counted"] = False
                break
    return wire.frame(wire.BLOCK, dumps(page).encode())


def _term(term: object) -> dict[str, str] | None:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Literal):
        return {
            "type": "literal",
            "value": term.value,
            "language": term.language or "",
            "datatype": term.datatype.value,
        }
    return None if term is None else {"type": "bnode", "value": str(term)}


class Sink:
    """Gathers what the serializer writes into blocks; the first goes out soon.

    The serializer writes 8 KiB at a time, less only at the end or when it gives up. So what comes
    before the first row is never an answer by itself, and a failure there can still be said.
    """

    def __init__(
        self, channel: socket.socket, wanted: str, before: Callable[[], None] | None = None
    ) -> None:
        """`before` is called before the first block goes out, if it is not the only one."""
        self._begun = False  # whether a block went out
        self._before = before
        self._channel = channel
        self._buffer = bytearray()
        self._since = time.perf_counter()
        self._coding = wanted
        self._coder: coding.Coder | None = None

    def take(self, results: Results, name: str) -> None:
        """Sends the blocks of results but the last, in a format of `sparql_api.negotiation`."""
        if isinstance(results, QueryTriples):
            results.serialize(output=self, format=GRAPHS[name])  # type: ignore[arg-type]
        else:
            results.serialize(output=self, format=RESULTS[name])  # type: ignore[arg-type]

    def write(self, data: bytes) -> int:
        """For the serializer."""
        self._buffer += data
        size = len(self._buffer)
        if size >= wire.BLOCK_SIZE or (not self._begun and size >= self._enough()):
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """For the serializer, which calls it at the end; `rest` has what is left."""

    def rest(self) -> bytes:
        """The last block as a frame, for the END to follow in one go."""
        applied, body = self.whole()
        return wire.frame(wire.CODED if applied else wire.BLOCK, body) if body else b""

    def whole(self) -> tuple[str, bytes]:
        """The content coding that was applied, and what did not go out yet."""
        if self._coder is None and (not self._coding or len(self._buffer) < coding.SMALL):
            return "", bytes(self._buffer)
        coder = self._coder or coding.coder(self._coding)
        return self._coding, coder.compress(bytes(self._buffer)) + coder.finish()

    def _enough(self) -> int:
        """Bytes of the first block: many come at once where they come quickly."""
        return _SOON if time.perf_counter() - self._since > _QUICK else _AT_ONCE

    def _pass_on(self) -> None:
        if self._before and not self._begun:
            self._before()
        self._begun = True
        block, kind = bytes(self._buffer), wire.BLOCK
        self._buffer.clear()
        if self._coding:
            kind = wire.CODED
            first = self._coder is None
            self._coder = self._coder or coding.coder(self._coding)
            block = self._coder.compress(block) + (self._coder.flush() if first else b"")
        if block:
            self._channel.sendall(wire.frame(kind, block))
