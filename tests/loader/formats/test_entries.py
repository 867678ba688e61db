"""JSON and GeoJSON as tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from loader.csvw.schema import Column
from loader.errors import UnreadableTable
from loader.formats.geometry import wkt
from tests.loader.formats.conftest import rows, titles


def write(folder: Path, document: Any, name: str = "t.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(document), "utf-8")
    return path


def test_objects_are_rows_and_their_names_the_header(tmp_path: Path) -> None:
    path = write(tmp_path, [{"id": 1, "ort": "Köln"}, {"id": 2, "neu": True, "ort": None}])
    assert titles(path) == ["id", "ort", "neu"]
    assert rows(path) == {2: ("1", "Köln", ""), 3: ("2", "", "true")}


def test_an_array_under_a_key_is_the_sheet_of_that_name(tmp_path: Path) -> None:
    path = write(tmp_path, {"stand": "2022", "projekte": [{"a": 1}], "ziele": [{"b": 2}]})
    assert (titles(path), titles(path, sheet="ziele")) == (["a"], ["b"])


def test_an_object_in_an_object_and_a_list_in_it_are_cells(tmp_path: Path) -> None:
    path = write(tmp_path, [{"ort": {"ags": "05315000", "tags": ["a", "b"]}, "x": [{"y": 1}]}])
    assert titles(path) == ["ort.ags", "ort.tags", "x"]
    assert rows(path) == {2: ("05315000", "a|b", '[{"y": 1}]')}


def test_described_columns_stand_in_the_description_s_order(tmp_path: Path) -> None:
    path = write(tmp_path, [{"b": "2", "c": "3", "a": "1"}])
    columns = tuple(Column(name, (name,), headers=(("und", name),)) for name in ("a", "x", "b"))
    assert rows(path, columns=columns, is_described=True) == {2: ("1", "", "2", "3")}


def test_features_are_rows_with_their_place(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "id": 7,
        "properties": {"name": "Dom"},
        "geometry": {"type": "Point", "coordinates": [6.958, 50.941]},
    }
    path = write(tmp_path, {"type": "FeatureCollection", "features": [feature]}, "t.geojson")
    assert titles(path) == ["name", "id", "geometry"]
    assert rows(path) == {2: ("Dom", "7", "POINT (6.958 50.941)")}


@pytest.mark.parametrize(
    ("kind", "coordinates", "expected"),
    [
        ("Point", [], "POINT EMPTY"),
        ("LineString", [[0, 1], [2, 3]], "LINESTRING (0 1, 2 3)"),
        ("Polygon", [[[0, 0], [1, 0], [0, 0]]], "POLYGON ((0 0, 1 0, 0 0))"),
        ("MultiPoint", [[0, 1], [2, 3]], "MULTIPOINT (0 1, 2 3)"),
        ("MultiPolygon", [[[[0, 0], [1, 0], [0, 0]]]], "MULTIPOLYGON (((0 0, 1 0, 0 0)))"),
    ],
)
def test_geometries_become_well_known_text(kind: str, coordinates: Any, expected: str) -> None:
    assert wkt({"type": kind, "coordinates": coordinates}) == expected


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", '{"a": 1}', '[{"type": "Feature", "geometry": {"type": "X"}}]']
)
def test_json_that_is_no_table_is_an_error_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UnreadableTable, match=r"t\.json"):
        rows(path)
