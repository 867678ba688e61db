"""Counting: makes the statistics of a release, as `releases.statistics` describes them."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from pyoxigraph import RdfFormat, Store

from loader.prefix import PREFIXES
from loader.releases import columns
from loader.releases.statistics import FILE, RDF_TYPE, Statistics

_TYPE = f"<{RDF_TYPE}>"
_VALUES = 500  # a property with at most so many values, all of them addresses, is a facet


def write(folder: Path, graphs: Mapping[str, Path]) -> Statistics:
    """Writes the statistics of the masters, by the name of their graph, into a release's folder."""
    counts = count(graphs)
    (folder / FILE).write_text(json.dumps(counts, ensure_ascii=False), "utf-8")
    return counts


def count(graphs: Mapping[str, Path]) -> Statistics:
    """Counts of the whole, each graph, class and property, and of the values of facets.

    `triples` are rows of the pattern that the key stands for; the others count distinct terms.
    Terms are compared by 64-bit hashes: ten million of them are mistaken once in 400,000 releases.
    """
    scans = {
        graph: _stored(_apart(columns.scan(path, graph), number))
        for number, (graph, path) in enumerate(graphs.items())
    }
    tables = {graph: _collected(_hashed(scan)) for graph, scan in scans.items()}
    whole = pl.concat(tables.values()) if tables else pl.DataFrame(schema=_HASHED)
    types = _spelt(scans, [_TYPE]).rename({"o": "c"})
    facets = _spelt(scans, _facets(whole))
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


_HASHED = {"s": pl.UInt64, "p": pl.Categorical, "o": pl.UInt64, "address": pl.Boolean}
_TYPED = rf'"\^\^<{re.escape(PREFIXES["xsd"])}[A-Za-z]+>$'
# Lexical forms that the store gives back as they came.
_KEPT = "|".join(
    (
        r"(?:0|-?[1-9]\d{0,17})\"\^\^<XSDinteger",
        r"(?:0|-?[1-9]\d{0,17}|-?(?:0|[1-9]\d{0,9})\.\d{0,7}[1-9])\"\^\^<XSDdecimal",
        r"[1-9]\d{3}-\d\d-\d\d\"\^\^<XSDdate",
        r"[1-9]\d{3}\"\^\^<XSDgYear",
        r"(?:true|false)\"\^\^<XSDboolean",
    )
).replace("XSD", PREFIXES["xsd"].replace(".", r"\."))


def _by_class(whole: pl.DataFrame, types: pl.DataFrame, facets: pl.DataFrame) -> Statistics:
    """Rows of `?s a CLASS ; PROPERTY ?o`, and the same for each value of a facet."""
    kinds = types.lazy().group_by("s", "c").agg(times=pl.len())
    rows = pl.col("times").sum()
    uses = whole.lazy().join(kinds, on="s").group_by("c", "p").agg(n=rows)
    values = facets.lazy().join(kinds, on="s").group_by("c", "p", "o").agg(n=rows)
    return {
        "class_properties": _nested(_collected(uses)),
        "class_values": _nested(_collected(values)),
    }


def _totals(table: pl.DataFrame) -> dict[str, int]:
    names = {"subjects": "s", "properties": "p", "objects": "o"}
    counts = {name: table[column].n_unique() for name, column in names.items()}
    return {"triples": table.height, **counts}


def _facets(whole: pl.DataFrame) -> list[str]:
    """The properties that have few values, all of them addresses."""
    few = whole.group_by("p").agg(n=pl.n_unique("o"), addresses=pl.col("address").all())
    chosen = few.filter(pl.col("addresses") & (pl.col("n") <= _VALUES))
    return chosen["p"].to_list()


def _spelt(scans: Mapping[str, pl.LazyFrame], properties: list[str]) -> pl.DataFrame:
    """The statements with these properties: hashed subjects, and objects as they are spelt."""
    wanted = [scan.filter(pl.col("p").is_in(properties)) for scan in scans.values()]
    rows = pl.concat(wanted) if wanted else pl.LazyFrame(schema=dict.fromkeys("spo", pl.String))
    compact = rows.select(pl.col("s").hash(), "p", pl.col("o").cast(pl.Categorical))
    return _collected(compact)


def _hashed(statements: pl.LazyFrame) -> pl.LazyFrame:
    address = pl.col("o").str.starts_with("<").alias("address")
    kinds = pl.col("p").cast(pl.Categorical)
    return statements.select(pl.col("s").hash(), kinds, pl.col("o").hash(), address)


def _collected(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def _apart(statements: pl.LazyFrame, number: int) -> pl.LazyFrame:
    """Blank nodes of two files are never the same, whatever they are called."""
    return statements.with_columns(pl.col("s", "o").str.replace("^_:", f"_:{number}-"))


def _stored(statements: pl.LazyFrame) -> pl.LazyFrame:
    """The statements as the engine's store holds them; what becomes equal there is one."""
    objects = pl.col("o")
    tagged = objects.str.contains(r'"@[^"]*[A-Z][^"]*$')
    odd = tagged | (objects.str.contains(_TYPED) & ~objects.str.contains(f'^"(?:{_KEPT})>$'))
    found = _collected(statements.filter(odd).select("o").unique())["o"].to_list()
    spelt = {before: after for before, after in _respelt(found) if before != after}
    if not spelt:
        return statements
    return statements.with_columns(objects.replace(spelt)).unique()


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
