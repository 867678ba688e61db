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

from sparql_api import wire

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


def send(channel: socket.socket, results: Results, name: str) -> None:
    """Head and blocks of the results in a format of `sparql_api.negotiation`."""
    sink = _Sink(channel)
    channel.sendall(wire.frame(wire.HEAD))
    if isinstance(results, QueryTriples):
        results.serialize(output=sink, format=GRAPHS[name])  # type: ignore[arg-type]
    else:
        results.serialize(output=sink, format=RESULTS[name])  # type: ignore[arg-type]
    sink.flush()


def send_rows(channel: socket.socket, results: Results, limit: int) -> None:
    """One block of JSON: the first rows for a page, and how many there are in all."""
    channel.sendall(wire.frame(wire.HEAD))
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
    channel.sendall(wire.frame(wire.BLOCK, dumps(page).encode()))


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

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._buffer = bytearray()
        self._enough = _SOON

    def write(self, data: bytes) -> int:
        self._buffer += data
        if len(self._buffer) >= self._enough:
            self.flush()
            self._enough = wire.BLOCK_SIZE
        return len(data)

    def flush(self) -> None:
        if self._buffer:
            self._channel.sendall(wire.frame(wire.BLOCK, bytes(self._buffer)))
            self._buffer.clear()
