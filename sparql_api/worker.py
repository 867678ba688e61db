"""A worker: a forked process that answers one query after the other over its socket."""

import os
import re
import resource
import socket
import threading
from json import dumps
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
)

from sparql_api import wire
from sparql_api.wire import Question

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
_COUNTED = 100_000  # rows of a page's table are counted up to here
_STACK = 256 * 2**20  # what the gate lets pass stays far below; this is the second wall
_GROWTH = 256 * 2**20  # a worker that kept more than this is replaced, not reused
_PLACE = re.compile(r"error at (\d+):(\d+): ?(.*)", re.DOTALL)

Results = QuerySolutions | QueryBoolean | QueryTriples


def work(channel: socket.socket, store: Store, memory: int) -> None:
    """Answers until the server closes the socket; the process may grow by `memory` bytes."""
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_answer_all, args=(channel, store, memory))
    thread.start()
    thread.join()


def _answer_all(channel: socket.socket, store: Store, memory: int) -> None:
    start = _size()
    limit = start + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        while question := _receive(channel):
            _answer(channel, store, question)
            spent = _size() > start + _GROWTH
            channel.sendall(wire.frame(wire.END, b"spent" if spent else b""))
            if spent:
                return
    except OSError:  # the server hung up; nobody waits for the rest
        return
    except MemoryError:  # too little was left even to say so; this is how Rust's part dies too
        os.abort()


def _answer(channel: socket.socket, store: Store, question: Question) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + question.seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    try:
        results = _evaluate(store, question)
        if question.format == "rows":
            _send_rows(channel, results, question.row_limit)
        else:
            _send(channel, results, question.format)
    except (SyntaxError, ValueError) as error:
        _fail(channel, "syntax", **_place(str(error)))
    except MemoryError:
        _fail(channel, "memory")
    except RuntimeError as error:
        _fail(channel, "engine", message=str(error))


def _evaluate(store: Store, question: Question) -> Results:
    results = _query(store, question, question.text)
    if question.star and isinstance(results, QuerySolutions):
        visible = {str(variable) for variable in results.variables}
        order = ["?" + name[1:] for name in question.order]
        columns = [name for name in dict.fromkeys(order) if name in visible]
        if len(columns) == len(visible) > 1:
            start, end = question.star
            text = f"{question.text[:start]} {' '.join(columns)} {question.text[end:]}"
            return _query(store, question, text)
    return results


def _query(store: Store, question: Question, text: str) -> Results:
    if question.default_graphs is None and question.named_graphs is None:
        values: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
            Variable(name): NamedNode(iri) for name, iri in question.bindings
        }
        union = not question.dataset
        return store.query(
            text,
            base_iri=question.base,
            use_default_graph_as_union=union,
            substitutions=values,
        )
    default: list[NamedNode | BlankNode | DefaultGraph] = [
        NamedNode(name) for name in question.default_graphs or ()
    ]
    named: list[NamedNode | BlankNode] = [NamedNode(name) for name in question.named_graphs or ()]
    return store.query(text, base_iri=question.base, default_graph=default, named_graphs=named)


def _send(channel: socket.socket, results: Results, name: str) -> None:
    sink = _Sink(channel)
    channel.sendall(wire.frame(wire.HEAD))
    if isinstance(results, QueryTriples):
        results.serialize(output=sink, format=GRAPHS[name])  # type: ignore[arg-type]
    else:
        results.serialize(output=sink, format=RESULTS[name])  # type: ignore[arg-type]
    sink.flush()


def _send_rows(channel: socket.socket, results: Results, limit: int) -> None:
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
    """Gathers what the serializer writes into blocks; the first goes out at once."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._buffer = bytearray()
        self._enough = 1

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


def _fail(channel: socket.socket, kind: str, **facts: object) -> None:
    channel.sendall(wire.frame(wire.FAILED, dumps({"kind": kind, **facts}).encode()))


def _place(message: str) -> dict[str, object]:
    match = _PLACE.match(message)
    if not match:
        return {"line": 1, "column": 1, "message": message}
    return {"line": int(match[1]), "column": int(match[2]), "message": match[3]}


def _receive(channel: socket.socket) -> Question | None:
    prefix = _exactly(channel, wire.PREFIX_SIZE)
    if prefix is None:
        return None
    payload = _exactly(channel, wire.unpack_prefix(prefix)[1])
    return None if payload is None else Question.decode(payload)


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = channel.recv(size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


def _size() -> int:
    """Bytes of address space of this process."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
