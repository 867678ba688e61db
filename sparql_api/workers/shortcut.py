"""Shortcuts: queries that ask just for counts, answered from those made with the release.

A query that is recognised becomes one over VALUES, so that the engine writes the answer in every
format as it always does. Whatever is in doubt is left to the engine.
"""

from collections.abc import Iterator

from loader.releases.statistics import RDF_TYPE, Statistics
from sparql_api.workers import counting as countings
from sparql_api.workers.counting import Counting, Doubt
from sparql_api.workers.wire import Question

_LONGEST = 2_000  # characters; a query that asks just for counts is short
_COUNTS = ("COUNT", "DISTINCT", "GROUP")  # without any, nothing is counted

Row = dict[str, int]  # counts by `triples` (rows of the pattern) or by a variable (its values)
Rows = dict[str, Row]  # by the value of the variable in GROUP BY


def shortened(question: Question, statistics: Statistics | None) -> str | None:
    """The query with its counts written out; None for one that the engine must answer."""
    text = question.text
    asks_all = question.default_graphs is None and question.named_graphs is None
    if statistics is None or len(text) > _LONGEST or not asks_all:
        return None
    if question.dataset or question.bindings or question.star or not _counts(text):
        return None
    try:
        counted = countings.read(text)
        return _written(counted, _rows(counted, statistics))
    except (Doubt, KeyError):
        return None


def _counts(text: str) -> bool:
    capitals = text.upper()
    return any(word in capitals for word in _COUNTS)


def _rows(counting: Counting, statistics: Statistics) -> Rows:
    """The counts that answer, by the value of the variable in GROUP BY (or by nothing)."""
    found = _graphs(counting, statistics) if counting.graph else _patterns(counting, statistics)
    if any(key.startswith("_:") for key in found):
        raise Doubt  # a blank node cannot be written
    if counting.by and "" in found:
        raise Doubt  # groups that were not counted
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
        raise Doubt
    _distinct((one[0], "", value))
    if counting.by == value:
        if predicate not in statistics["values"]:
            raise Doubt
        values = statistics["class_values"].get(kind, {}).get(predicate, {})
        return {o: {"triples": n} for o, n in values.items()}
    return {"": {"triples": statistics["class_properties"].get(kind, {}).get(predicate, 0)}}


def _all_variables(counting: Counting) -> tuple[str, str, str]:
    """The names of `?s ?p ?o`."""
    if len(counting.triples) != 1:
        raise Doubt
    return _distinct(counting.triples[0])


def _distinct(names: tuple[str, str, str]) -> tuple[str, str, str]:
    variables = [name for name in names if name]
    if len(set(variables)) < len(variables) or not all(n.startswith("?") for n in variables):
        raise Doubt
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
        raise Doubt
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
