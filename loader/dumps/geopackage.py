"""GeoPackage: the tables as SQLite, those of things that lie somewhere as layers of a map.

Written here, for what PyPI has brings compiled packages for a hundred lines of SQL.
Source: *OGC GeoPackage Encoding Standard* 1.3.
"""

import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import shapely

from loader.dumps import site
from loader.dumps.column import Column
from loader.dumps.site import Layer
from loader.dumps.table import Table, Tables

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
_FRAME = """
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL REFERENCES gpkg_contents(table_name), column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name)
);
"""
_SYSTEMS = [
    ("Undefined cartesian", -1, "NONE", -1, "undefined", ""),
    ("Undefined geographic", 0, "NONE", 0, "undefined", ""),
    ("WGS 84", 4326, "EPSG", 4326, _WGS84, ""),
]
_GEOMETRY = "geom"
Box = tuple[float, float, float, float]
_HEADER = struct.pack("<2sBBi", b"GP", 0, 1, 4326)  # version 1, little endian, no envelope


def write(tables: Tables, path: Path) -> int:
    """Writes all tables; a map's table has the things that lie somewhere, and no others."""
    moment = f"{tables.release.manifest['created'].removesuffix('Z')}.000Z"
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_FRAME)
        database.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _SYSTEMS)
        for table in tables.tables:
            _fill(database, table, table.name, (_values(table, x) for x in tables.rows(table)))
            _register(database, table.name, "attributes", moment, None)
        for layer in site.layers(tables):
            _map(database, tables, layer, moment)
    return 0


def _map(database: sqlite3.Connection, tables: Tables, layer: Layer, moment: str) -> None:
    name = f"{layer.table.name}_map"
    bounds = _Bounds()
    _fill(database, layer.table, name, _sites(tables, layer, bounds), _GEOMETRY)
    _register(database, name, "features", moment, bounds.box)
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'GEOMETRY', 4326, 2, 2)",
        (name, _GEOMETRY),
    )


def _sites(tables: Tables, layer: Layer, bounds: "_Bounds") -> Iterator[list[Any]]:
    for row, geometry in site.rows(tables, layer):
        bounds.see(geometry.bounds)
        yield [*_values(layer.table, row), _HEADER + shapely.to_wkb(geometry, byte_order=1)]


class _Bounds:
    """The box around all geometries seen; None while there was none."""

    box: Box | None = None

    def see(self, box: Box) -> None:
        """Widens the box."""
        boxes = [box] if self.box is None else [self.box, box]
        west, south, east, north = zip(*boxes, strict=True)
        self.box = min(west), min(south), max(east), max(north)


def _fill(
    database: sqlite3.Connection,
    table: Table,
    name: str,
    rows: Iterable[list[Any]],
    geometry: str = "",
) -> None:
    """Makes a table and fills it."""
    columns = ['"fid" INTEGER PRIMARY KEY', '"id" TEXT NOT NULL']
    columns += [f'"{_named(each)}" {_type(each)}' for each in table.columns.values()]
    columns += [f'"{geometry}" GEOMETRY'] if geometry else []
    database.execute(f'CREATE TABLE "{name}" ({", ".join(columns)})')
    marks = ", ".join("?" * (len(columns) - 1))
    database.executemany(f'INSERT INTO "{name}" VALUES (NULL, {marks})', rows)  # noqa: S608


def _register(
    database: sqlite3.Connection,
    name: str,
    kind: str,
    moment: str,
    box: Box | None,
) -> None:
    system = 4326 if kind == "features" else None
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
        (name, kind, name, moment, *(box or (None,) * 4), system),
    )


def _values(table: Table, row: list[str]) -> list[Any]:
    cells = zip(table.columns.values(), row[1:], strict=True)
    return [row[0], *(_cell(column, cell) for column, cell in cells)]


def _cell(column: Column, cell: str) -> Any:
    value = column.value(cell)
    return cell if isinstance(value, list) else value


def _named(column: Column) -> str:
    """The column's name, which must not be one of ours."""
    taken = column.name.casefold() in {"fid", _GEOMETRY}
    return f"{column.name}_" if taken else column.name


def _type(column: Column) -> str:
    if column.is_number:
        return "INTEGER" if column.is_whole else "REAL"
    return "DATE" if column.is_day else "TEXT"
