"""Output: a worker's results as frames, in blocks that neither side has to gather."""

import socket
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

from sparql_api import coding, wire

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
_COUNTED = 100_000  # rows of a page's table are counted up to here

Results = QuerySolutions | QueryBoolean | QueryTriples


def send(channel: socket.socket, results: Results, name: str, wanted: str) -> bytes:
    """Sends the blocks of the results in a format of `sparql_api.negotiation`; returns the last."""
    sink = _Sink(channel, wanted)
    if isinstance(results, QueryTriples):
        results.serialize(output=sink, format=GRAPHS[name])  # type: ignore[arg-type]
    else:
        results.serialize(output=sink, format=RESULTS[name])  # type: ignore[arg-type]
    return sink.rest()


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


class _Sink:
    """Gathers what the serializer writes into blocks; the first goes out soon.

    The serializer writes 8 KiB at a time, less only at the end or when it gives up. So what comes
    before the first row is never an answer by itself, and a failure there can still be said.
    """

    def __init__(self, channel: socket.socket, wanted: str) -> None:
        self._channel = channel
        self._buffer = bytearray()
        self._enough = _SOON
        self._coding = wanted
        self._coder: coding.Coder | None = None

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= self._enough:
            self._pass_on()
            self._enough = wire.BLOCK_SIZE
        return len(data)

    def flush(self) -> None:
        """For the serializer, which calls it at the end; `rest` has what is left."""

    def rest(self) -> bytes:
        """The last block as a frame, for the END to follow in one go."""
        if self._coder is None and (not self._coding or len(self._buffer) < coding.SMALL):
            return wire.frame(wire.BLOCK, bytes(self._buffer)) if self._buffer else b""
        coder = self._coder or coding.coder(self._coding)
        return wire.frame(wire.CODED, coder.compress(bytes(self._buffer)) + coder.finish())

    def _pass_on(self) -> None:
        block, kind = bytes(self._buffer), wire.BLOCK
        self._buffer.clear()
        if self._coding:
            kind = wire.CODED
            first = self._coder is None
            self._coder = self._coder or coding.coder(self._coding)
            block = self._coder.compress(block) + (self._coder.flush() if first else b"")
        if block:
            self._channel.sendall(wire.frame(kind, block))
