"""Shortcuts: queries that ask just for counts, answered from those made with the release.

A query that is recognised becomes one over VALUES, so that the engine writes the answer in every
format as it always does. Whatever is in doubt is left to the engine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from loader.statistics import RDF_TYPE, Statistics
from loader.token import tokens
from sparql_api.wire import Question

_LONGEST = 2_000  # characters; a query that asks just for counts is short
_GROUP = "GROUP"
_COUNTS = re.compile(r"COUNT|DISTINCT|GROUP", re.IGNORECASE)  # without any, nothing is counted

Row = dict[str, int]  # counts by `triples` (rows of the pattern) or by a variable (its values)
Rows = dict[str, Row]  # by the value of the variable in GROUP BY


class _Doubt(Exception):
    """The query may be more than a question for counts."""


@dataclass(frozen=True, slots=True)
class Item:
    """A column: a variable, or a count of rows (`of` empty) or of a variable."""

    name: str
    counts: bool = False
    of: str = ""
    distinct: bool = False


@dataclass(slots=True)
class Counting:
    """A query as far as it is understood; addresses are full, variables begin with `?`."""

    items: list[Item] = field(default_factory=list)
    distinct: bool = False
    graph: str = ""
    triples: list[tuple[str, str, str]] = field(default_factory=list)
    by: str = ""
    rest: str = ""


def shortened(question: Question, statistics: Statistics | None) -> str | None:
    """The query with its counts written out; None for one that the engine must answer."""
    text = question.text
    asks_all = question.default_graphs is None and question.named_graphs is None
    if statistics is None or len(text) > _LONGEST or not asks_all:
        return None
    if question.dataset or question.bindings or question.star or not _COUNTS.search(text):
        return None
    try:
        counting = _Reader(text).read()
        rows = _rows(counting, statistics)
        return _written(counting, rows)
    except (_Doubt, KeyError):
        return None


def _rows(counting: Counting, statistics: Statistics) -> Rows:
    """The counts that answer, by the value of the variable in GROUP BY (or by nothing)."""
    found = _graphs(counting, statistics) if counting.graph else _patterns(counting, statistics)
    if any(key.startswith("_:") for key in found):
        raise _Doubt  # a blank node cannot be written
    if counting.by and "" in found:
        raise _Doubt  # groups that were not counted
    return found


def _graphs(counting: Counting, statistics: Statistics) -> Rows:
    names = _all_variables(counting)
    graphs = {name: each for name, each in statistics["graphs"].items() if name}
    if not counting.graph.startswith("?"):
        none = {"triples": 0, "subjects": 0, "properties": 0, "objects": 0}
        return {"": _named(graphs.get(counting.graph, none), names)}
    if counting.by == counting.graph:
        return {name: _named(each, names) for name, each in graphs.items() if each["triples"]}
    return {"": {"triples": sum(each["triples"] for each in graphs.values())}}


def _patterns(counting: Counting, statistics: Statistics) -> Rows:
    if len(counting.triples) > 1:
        return _of_class(counting, statistics)
    predicate = counting.triples[0][1]
    if predicate.startswith("?"):
        return _of_anything(counting, statistics)
    return (_of_type if predicate == RDF_TYPE else _of_property)(counting, statistics)


def _of_anything(counting: Counting, statistics: Statistics) -> Rows:
    """`?s ?p ?o`."""
    names = _all_variables(counting)
    if counting.by == names[1]:
        return {p: _named(row, names) for p, row in statistics["properties"].items()}
    return {"": _named(statistics["whole"], names)}


def _of_type(counting: Counting, statistics: Statistics) -> Rows:
    """`?s a ?class` or `?s a CLASS`."""
    subject, _, value = counting.triples[0]
    if not value.startswith("?"):
        none = {"triples": 0, "subjects": 0}
        return {"": _named(statistics["classes"].get(value, none), (subject, "", ""))}
    if counting.by == _distinct((subject, "", value))[2]:
        return {c: _named(row, (subject, "", "")) for c, row in statistics["classes"].items()}
    return _of_property(counting, statistics)


def _of_property(counting: Counting, statistics: Statistics) -> Rows:
    """`?s PROPERTY ?o`."""
    subject, predicate, value = counting.triples[0]
    names = _distinct((subject, "", value))
    if counting.by == value:
        return {o: {"triples": n} for o, n in statistics["values"][predicate].items()}
    none = {"triples": 0, "subjects": 0, "objects": 0}
    return {"": _named(statistics["properties"].get(predicate, none), names)}


def _of_class(counting: Counting, statistics: Statistics) -> Rows:
    """`?s a CLASS ; PROPERTY ?o`, in either order."""
    one, other = sorted(counting.triples, key=lambda t: (t[1] != RDF_TYPE, t[2].startswith("?")))
    names = {one[0], other[0]}
    kind, predicate, value = one[2], other[1], other[2]
    if one[1] != RDF_TYPE or len(names) != 1 or kind.startswith("?") or predicate.startswith("?"):
        raise _Doubt
    _distinct((one[0], "", value))
    if counting.by == value:
        if predicate not in statistics["values"]:
            raise _Doubt
        values = statistics["class_values"].get(kind, {}).get(predicate, {})
        return {o: {"triples": n} for o, n in values.items()}
    return {"": {"triples": statistics["class_properties"].get(kind, {}).get(predicate, 0)}}


def _all_variables(counting: Counting) -> tuple[str, str, str]:
    """The names of `?s ?p ?o`."""
    if len(counting.triples) != 1:
        raise _Doubt
    return _distinct(counting.triples[0])


def _distinct(names: tuple[str, str, str]) -> tuple[str, str, str]:
    variables = [name for name in names if name]
    if len(set(variables)) < len(variables) or not all(n.startswith("?") for n in variables):
        raise _Doubt
    return names


def _named(numbers: Row, names: tuple[str, str, str]) -> Row:
    """Numbers of subjects, properties and objects under the names of their variables."""
    kinds = zip(names, ("subjects", "properties", "objects"), strict=True)
    named = {name: numbers[kind] for name, kind in kinds if name and kind in numbers}
    return {"triples": numbers["triples"], **named}


def _written(counting: Counting, rows: Rows) -> str:
    """A query over VALUES. Raises KeyError for a count that was not made."""
    alone = set(rows) == {""} and not counting.by
    keys = [item for item in counting.items if not item.counts]
    if alone == bool(keys) or any(item.name != counting.by for item in keys):
        raise _Doubt
    columns = " ".join(item.name for item in counting.items)
    lines = (f"({' '.join(_cells(counting, key, row))})" for key, row in rows.items())
    once = "DISTINCT " if counting.distinct else ""
    return (
        f"SELECT {once}{columns} {{ VALUES ({columns}) {{ {' '.join(lines)} }} }} {counting.rest}"
    )


def _cells(counting: Counting, key: str, row: Row) -> Iterator[str]:
    for item in counting.items:
        if not item.counts:
            yield f"<{key}>"
        elif item.distinct:
            yield "1" if item.of == counting.by else str(row[item.of])
        else:
            yield str(row["triples"])


@dataclass(slots=True)
class _Reader:
    """Reads the one form of query that is understood. Raises _Doubt for every other."""

    text: str
    _tokens: list[tuple[str, str, int]] = field(init=False)
    _place: int = 0
    _prefixes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tokens = [*tokens(self.text), ("end", "", len(self.text))]

    def read(self) -> Counting:
        counting = Counting()
        while self._is("PREFIX"):
            name, address = self._next("name"), self._next("iri")
            self._prefixes[name] = address[1:-1]
        self._must("SELECT")
        counting.distinct = self._is("DISTINCT")
        while self._peek()[0] == "variable" or self._peek()[1] == "(":
            counting.items.append(self._item())
        self._is("WHERE")
        self._must("{")
        self._pattern(counting)
        self._must("}")
        self._modifiers(counting)
        _check(counting)
        return counting

    def _item(self) -> Item:
        if not self._is("("):
            return Item(self._variable())
        self._must("COUNT")
        self._must("(")
        distinct = self._is("DISTINCT")
        of = "" if self._is("*") else self._variable()
        self._must(")")
        self._must("AS")
        item = Item(self._variable(), counts=True, of=of, distinct=distinct)
        self._must(")")
        if distinct and not of:
            raise _Doubt
        return item

    def _pattern(self, counting: Counting) -> None:
        if self._is("GRAPH"):
            counting.graph = self._term()
            self._must("{")
            self._triples(counting)
            self._must("}")
        else:
            self._triples(counting)

    def _triples(self, counting: Counting) -> None:
        """One or two statements with a variable as their subject."""
        subject = self._variable()
        while True:
            counting.triples.append((subject, self._verb(), self._term()))
            if len(counting.triples) > 2:
                raise _Doubt
            if self._is(";"):
                continue
            if not self._is(".") or self._peek()[0] != "variable":
                return
            subject = self._variable()

    def _modifiers(self, counting: Counting) -> None:
        if self._is(_GROUP):
            self._must("BY")
            counting.by = self._variable()
        elif counting.distinct and len(counting.items) == 1:
            counting.by = counting.items[0].name  # each value once is a group without a count
        start = self._peek()[2]
        if self._peek()[1].upper() not in {"ORDER", "LIMIT", "OFFSET", ""}:
            raise _Doubt
        words = {"ORDER", "BY", "ASC", "DESC", "LIMIT", "OFFSET"}
        while self._peek()[0] != "end":
            kind, text, _ = self._advance()
            known = kind in {"variable", "number"} or text in {"(", ")"} or text.upper() in words
            if not known:
                raise _Doubt
        counting.rest = self.text[start:]

    def _verb(self) -> str:
        return RDF_TYPE if self._is("a", exactly=True) else self._term()

    def _term(self) -> str:
        kind, text, _ = self._advance()
        if kind == "variable":
            return "?" + text[1:]
        if kind == "iri" and ":" in text and "\\" not in text:
            return text[1:-1]
        prefix, colon, local = text.partition(":")
        plain = local.replace("-", "").replace("_", "").isalnum()
        if kind != "name" or not plain or prefix + colon not in self._prefixes:
            raise _Doubt
        return self._prefixes[prefix + colon] + local

    def _variable(self) -> str:
        return "?" + self._next("variable")[1:]

    def _next(self, kind: str) -> str:
        found, text, _ = self._advance()
        if found != kind:
            raise _Doubt
        return text

    def _must(self, text: str) -> None:
        if not self._is(text):
            raise _Doubt

    def _is(self, text: str, *, exactly: bool = False) -> bool:
        found = self._peek()[1]
        if found == text or (not exactly and found.upper() == text):
            self._place += 1
            return True
        return False

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._place]

    def _advance(self) -> tuple[str, str, int]:
        token = self._tokens[self._place]
        if token[0] == "end":
            raise _Doubt
        self._place += 1
        return token


def _check(counting: Counting) -> None:
    """Names that the query makes up must not be those of its pattern, and each must be its own."""
    inner = {name for triple in counting.triples for name in triple}
    pattern = inner | {counting.graph}
    names = [item.name for item in counting.items]
    made = [item.name for item in counting.items if item.counts]
    counted = [item.of for item in counting.items if item.of]
    if not names or len(set(names)) < len(names) or pattern & set(made) or counting.graph in inner:
        raise _Doubt
    if not {*counted, *([counting.by] if counting.by else [])} <= pattern:
        raise _Doubt
