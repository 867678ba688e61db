"""The engine: one question evaluated over a release, with our extensions around Oxigraph."""

import re
from json import dumps
from typing import Any

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
from loader.queries.extension import CALLS
from loader.queries.matching import MatchMisplaced, expanded
from sparql_api.workers import wire
from sparql_api.workers.holdings import Holdings
from sparql_api.workers.output import Results, Sink, rows
from sparql_api.workers.shortcut import shortened
from sparql_api.workers.wire import Question

_NO_CALLS: dict[NamedNode, Any] = {}  # to hand the functions over takes as long as a look-up
_FUNCTION = re.compile(r"custom function (\S+) is not supported")
_PLACE = re.compile(r"error at (\d+):(\d+):")


def answer(holdings: Holdings, question: Question, sink: Sink) -> bytes | None:
    """Evaluates a question; what is left in the sink is the last of the answer.

    A frame that is to be sent instead is returned: a page's rows, or why there is no answer.
    """
    try:
        results = _evaluate(holdings, question)
        if question.format == "rows":
            return rows(results, question.row_limit)
        sink.take(results, question.format)
    except (SyntaxError, MemoryError, UsageError, RuntimeError, ValueError) as error:
        return wire.frame(wire.FAILED, dumps(_failure(error)).encode())
    return None


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
    calls = CALLS if "(" in text else _NO_CALLS
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
            custom_functions=calls,
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
        custom_functions=calls,
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
