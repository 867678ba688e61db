"""GeoJSON: the things that lie somewhere, each a feature with its row. Source: RFC 7946."""

import json
from pathlib import Path
from typing import Any

import shapely

from loader.dumps import site
from loader.dumps.table import Table, Tables


def write(tables: Tables, path: Path) -> int:
    """Writes all layers into one collection; `class` says which table a feature comes from."""
    before = ""
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        for layer in site.layers(tables):
            for row, geometry in site.rows(tables, layer):
                feature = _feature(layer.table, row, geometry)
                file.write(before + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
                before = ",\n"
        file.write("\n]}\n")
    return 0


def _feature(table: Table, row: list[str], geometry: Any) -> dict[str, Any]:
    cells = zip(table.columns.values(), row[1:], strict=True)
    said = {column.name: column.value(cell) for column, cell in cells if cell}
    return {
        "type": "Feature",
        "id": row[0],
        "geometry": shapely.geometry.mapping(geometry),
        "properties": {"class": table.kind[1:-1], **said},
    }
