"""Statistics: counts of a release that queries ask for again and again, made once.

They count what the engine counts: literals in the form that its store gives them, and a statement
once for each graph that makes it. Source: *Describing Linked Datasets with the VoID Vocabulary*.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from pyoxigraph import RdfFormat, Store

from loader import columns
from loader.prefix import PREFIXES

FILE = "statistics.json"
RDF_TYPE = PREFIXES["rdf"] + "type"
_TYPE = f"<{RDF_TYPE}>"
_VALUES = 500  # a property with at most so many values, all of them addresses, is a facet

Statistics = dict[str, Any]


def write(folder: Path, graphs: Mapping[str, Path]) -> None:
    """Writes the statistics of the masters, by the name of their graph, into a release's folder."""
    text = json.dumps(count(graphs), ensure_ascii=False, indent=1)
    (folder / FILE).write_text(text, "utf-8")


def read(folder: Path) -> Statistics | None:
    """The statistics of a release; None for one that was built before there were any."""
    try:
        statistics: Statistics = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return statistics


def count(graphs: Mapping[str, Path]) -> Statistics:
    """Counts of the whole, each graph, class and property, and of the values of facets.

    `triples` are rows of the pattern that the key stands for; the others count distinct terms.
    """
    tables = {
        graph: _stored(_apart(columns.scan(path, graph), number).collect())
        for number, (graph, path) in enumerate(graphs.items())
    }
    whole = pl.concat(tables.values()) if tables else _stored(pl.DataFrame(schema=_SCHEMA))
    types = whole.filter(pl.col("p") == _TYPE).select("s", c="o")
    facets = _facets(whole)
    return {
        "whole": _totals(whole),
        "graphs": {graph: _totals(table) for graph, table in tables.items()},
        "classes": _keyed(types.group_by("c").agg(triples=pl.len(), subjects=pl.n_unique("s"))),
        "properties": _keyed(
            whole.group_by("p").agg(
                triples=pl.len(), subjects=pl.n_unique("s"), objects=pl.n_unique("o")
            )
        ),
        "values": _nested(facets.group_by("p", "o").agg(n=pl.len())),
        **_by_class(whole, types, facets),
    }


_SCHEMA = {"s": pl.String, "p": pl.String, "o": pl.String}


def _by_class(whole: pl.DataFrame, types: pl.DataFrame, facets: pl.DataFrame) -> Statistics:
    """Rows of `?s a CLASS ; PROPERTY ?o`, and the same for each value of a facet."""
    kinds = types.group_by("s", "c").agg(times=pl.len())
    uses = whole.group_by("s", "p").agg(n=pl.len()).join(kinds, on="s")
    values = facets.group_by("s", "p", "o").agg(n=pl.len()).join(kinds, on="s")
    rows = (pl.col("n") * pl.col("times")).sum()
    return {
        "class_properties": _nested(uses.group_by("c", "p").agg(n=rows)),
        "class_values": _nested(values.group_by("c", "p", "o").agg(n=rows)),
    }


def _totals(table: pl.DataFrame) -> dict[str, int]:
    names = {"subjects": "s", "properties": "p", "objects": "o"}
    counts = {name: table[column].n_unique() for name, column in names.items()}
    return {"triples": table.height, **counts}


def _facets(whole: pl.DataFrame) -> pl.DataFrame:
    """The statements whose property has few values, all of them addresses."""
    few = (
        whole.group_by("p")
        .agg(n=pl.n_unique("o"), addresses=pl.col("o").str.starts_with("<").all())
        .filter(pl.col("addresses") & (pl.col("n") <= _VALUES))
    )
    return whole.join(few, on="p", how="semi")


def _apart(statements: pl.LazyFrame, number: int) -> pl.LazyFrame:
    """Blank nodes of two files are never the same, whatever they are called."""
    return statements.with_columns(pl.col("s", "o").str.replace("^_:", f"_:{number}-"))


def _stored(table: pl.DataFrame) -> pl.DataFrame:
    """The statements as the engine's store holds them; what becomes equal there is one."""
    objects = table["o"]
    odd = objects.filter(objects.str.contains(r'"\^\^<|"@[^"]*[A-Z]')).unique().to_list()
    spelt = {before: after for before, after in _respelt(odd) if before != after}
    if not spelt:
        return table
    return table.with_columns(pl.col("o").replace(spelt)).unique()


def _respelt(literals: list[str]) -> Iterable[tuple[str, str]]:
    lines = (f"<x:s> <x:p> {text} <x:{i}> .\n" for i, text in enumerate(literals))
    store = Store()
    store.bulk_load("".join(lines).encode(), RdfFormat.N_QUADS)
    for quad in store:
        yield literals[int(str(quad.graph_name)[3:-1])], str(quad.object)


def _keyed(table: pl.DataFrame) -> dict[str, dict[str, int]]:
    return {_bare(key): numbers for key, numbers in _rows(table)}


def _rows(table: pl.DataFrame) -> Iterable[tuple[str, dict[str, int]]]:
    key, *names = table.columns
    for first, *numbers in table.sort(key).iter_rows():
        yield first, dict(zip(names, numbers, strict=True))


def _nested(table: pl.DataFrame) -> dict[str, Any]:
    """The last column under the ones before it."""
    nested: dict[str, Any] = {}
    for *keys, number in table.sort(table.columns[:-1]).iter_rows():
        place = nested
        for key in keys[:-1]:
            place = place.setdefault(_bare(key), {})
        place[_bare(keys[-1])] = number
    return nested


def _bare(term: str) -> str:
    """An address without its brackets; blank nodes keep their `_:`."""
    return term.removeprefix("<").removesuffix(">")
