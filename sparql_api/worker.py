"""A worker: a forked process that answers one query after the other over its socket."""

import os
import re
import socket
import threading
from json import dumps

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolutions,
    Store,
    Triple,
    Variable,
)

from loader.errors import UsageError
from loader.extension import CALLS
from loader.matching import MatchMisplaced, expanded
from sparql_api import wire
from sparql_api.holdings import Holdings
from sparql_api.output import Results, rows, send
from sparql_api.ration import Ration
from sparql_api.shortcut import shortened
from sparql_api.wire import Question

_STACK = 256 * 2**20  # what the gate lets pass stays far below; this is the second wall
_END, _SPENT = wire.frame(wire.END), wire.frame(wire.END, b"spent")
_FUNCTION = re.compile(r"custom function (\S+) is not supported")
_PLACE = re.compile(r"error at (\d+):(\d+):")


def work(channel: socket.socket, holdings: Holdings, memory: int) -> None:
    """Answers until the server closes the socket; the process may grow by `memory` bytes."""
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_answer_all, args=(channel, holdings, memory))
    thread.start()
    thread.join()


def _answer_all(channel: socket.socket, holdings: Holdings, memory: int) -> None:
    ration = Ration(memory)
    try:
        while (payload := wire.receive(channel)) is not None:
            question = Question.decode(payload)
            ration.begin(question.seconds)
            last = _answer(channel, holdings, question)
            spent = ration.is_spent()
            channel.sendall(last + (_SPENT if spent else _END))
            if spent:
                return
    except OSError:  # the server hung up; nobody waits for the rest
        return
    except MemoryError:  # too little was left even to say so; this is how Rust's part dies too
        os.abort()


def _answer(channel: socket.socket, holdings: Holdings, question: Question) -> bytes:
    """Sends the answer but for its last frame, which is returned."""
    try:
        results = _evaluate(holdings, question)
        if question.format == "rows":
            return rows(results, question.row_limit)
        return send(channel, results, question.format, question.coding)
    except (SyntaxError, MemoryError, UsageError, RuntimeError, ValueError) as error:
        return wire.frame(wire.FAILED, dumps(_failure(error)).encode())


def _evaluate(holdings: Holdings, question: Question) -> Results:
    try:
        text = shortened(question, holdings.statistics)
        text = text or expanded(question.text, holdings.search)
        return _ordered(holdings.store, question, text)
    except (MatchMisplaced, SyntaxError):
        _query(Store(), question, question.text)  # an error has its place in the text as it came
        raise


def _ordered(store: Store, question: Question, text: str) -> Results:
    """The results, with the columns of `SELECT *` in the order of the question."""
    results = _query(store, question, text)
    if question.star and isinstance(results, QuerySolutions):
        visible = {str(variable) for variable in results.variables}
        order = ["?" + name[1:] for name in question.order]
        columns = [name for name in dict.fromkeys(order) if name in visible]
        if len(columns) == len(visible) > 1:
            start, end = question.star
            text = f"{text[:start]} {' '.join(columns)} {text[end:]}"
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
            custom_functions=CALLS,
        )
    default: list[NamedNode | BlankNode | DefaultGraph] = [
        NamedNode(name) for name in question.default_graphs or ()
    ]
    named: list[NamedNode | BlankNode] = [NamedNode(name) for name in question.named_graphs or ()]
    return store.query(
        text,
        base_iri=question.base,
        default_graph=default,
        named_graphs=named,
        custom_functions=CALLS,
    )


def _failure(error: Exception) -> dict[str, object]:
    """Why there is no answer, as the server is told."""
    unknown = _FUNCTION.search(str(error))
    if unknown:
        return {"kind": "usage", **_no_function(unknown[1])}
    if isinstance(error, SyntaxError):
        return {"kind": "syntax", **_place(str(error))}
    if isinstance(error, MemoryError):
        return {"kind": "memory"}
    if isinstance(error, UsageError):
        return {"kind": "usage", "de": error.text.de, "en": error.text.en}
    return {"kind": "engine", "message": str(error)}


def _no_function(name: str) -> dict[str, str]:
    return {
        "de": f"Die Funktion {name} gibt es hier nicht. Alle zusätzlichen Funktionen stehen in "
        "der Beschreibung des Dienstes: /sparql?format=ttl",
        "en": f"There is no function {name} here. All additional functions are in the "
        "description of the service: /sparql?format=ttl",
    }


def _place(message: str) -> dict[str, int]:
    """Line and column, which the parser tells in its message alone."""
    match = _PLACE.match(message)
    return {"line": int(match[1]), "column": int(match[2])} if match else {"line": 1, "column": 1}
