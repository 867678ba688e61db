"""Sites: the rows of tables whose things lie somewhere, each with its geometry."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import shapely

from loader.dumps.column import SEPARATOR, Column
from loader.dumps.table import Table, Tables

_GEO = "http://www.opengis.net/ont/geosparql#"
_LYING = [f"<{_GEO}{x}>" for x in ("hasDefaultGeometry", "hasGeometry", "hasCentroid")]
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


@dataclass(frozen=True, slots=True)
class Layer:
    """A table with the column that names the geometries of its things."""

    table: Table
    column: Column


def layers(tables: Tables) -> list[Layer]:
    """The tables whose things have geometries, each by the best of its properties."""
    found = []
    for table in tables.tables:
        known = {c.predicate: c for c in table.columns.values() if c.is_address}
        named = [known[name] for name in _LYING if name in known]
        found += [Layer(table, column) for column in named[:1]]
    return found


def rows(tables: Tables, layer: Layer) -> Iterator[tuple[list[str], Any]]:
    """The rows that have a geometry in CRS84; a row with several comes as often."""
    joined = _joined(tables, layer)
    path = tables.folder / f"{layer.table.name}.sites"
    joined.sink_csv(path, include_header=False)
    with path.open(encoding="utf-8", newline="") as file:
        for *row, text in csv.reader(file):
            geometry = _read(text)
            if geometry is not None:
                yield row, geometry


def _joined(tables: Tables, layer: Layer) -> pl.LazyFrame:
    """The rows with the text of the geometry as one more column at the end."""
    texts = [
        pl.scan_csv(tables.path(table), infer_schema=False).select(
            at="id", wkt=pl.col(column.name).str.split(SEPARATOR)
        )
        for table in tables.tables
        for column in table.columns.values()
        if column.predicate == f"<{_GEO}asWKT>" and table.kind != layer.table.kind
    ]
    things = pl.scan_csv(tables.path(layer.table), infer_schema=False)
    named = things.with_columns(at=pl.col(layer.column.name).str.split(SEPARATOR)).explode("at")
    said = pl.concat(texts).explode("wkt") if texts else pl.LazyFrame(schema={"at": pl.String})
    if not texts:
        return named.clear()
    order = [pl.col(name) for name in layer.table.header]
    return named.join(said, on="at", maintain_order="left").select(*order, "wkt")


def _read(text: str) -> Any | None:
    """A geometry that is well-known text in longitude and latitude; None for any other."""
    if text.startswith("<"):
        system, _, text = text.partition("> ")
        if system[1:] != _CRS84:
            return None
    try:
        geometry = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        return None
    return None if geometry is None or geometry.is_empty else geometry
