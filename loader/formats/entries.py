"""Entries: the objects of a JSON array and the features of a GeoJSON file as rows.

Row 1 is made of the names, so that the first object is row 2 as in a spreadsheet. JSON is read
whole: an object further down may have a name that those above lack.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loader.csvw.schema import Table
from loader.errors import UnreadableTable, unreadable
from loader.formats import geometry, sheet
from loader.formats.record import Record, real
from loader.language import Text

GEOMETRY = "geometry"
ITEMS = "|"  # between the items of a list, where the description names no separator

_Entry = dict[str, str]


def sheets(path: Path) -> list[str]:
    """The keys of the arrays of objects, where they stand under keys. Raises UnreadableTable."""
    return list(_arrays(_document(path), path))


def rows(table: Table, comments: list[str] | None = None) -> Iterator[Record]:  # noqa: ARG001  # JSON has no comments
    """The names, then each object; an array under a key is the sheet of that name.

    The columns that the table describes stand in its order. Raises UnreadableTable.
    """
    arrays = _arrays(_document(table.path), table.path)
    array = arrays[sheet.chosen(list(arrays), table.sheet, table.path)]
    separators = {column.title: column.separator for column in table.real_columns}
    try:
        entries = [_entry(each, separators) for each in array]
    except ValueError as error:
        raise unreadable(table.path.name, f"({error})") from error
    names = _ordered(list(dict.fromkeys(name for entry in entries for name in entry)), table)
    yield 1, names
    for row, entry in enumerate(entries, start=2):
        yield row, [entry.get(name, "") for name in names]


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"), parse_constant=str)
    except json.JSONDecodeError as error:
        place = f"(JSON, {error.lineno}:{error.colno}: {error.msg})"
        raise unreadable(path.name, place) from error
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable(path.name, f"({error})") from error


def _arrays(document: Any, path: Path) -> dict[str, list[Any]]:
    """The arrays of objects in a document, by their keys; one at the top has none."""
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        document = {"features": document.get("features")}
    places = document.items() if isinstance(document, dict) else [("", document)]
    arrays = {
        name: value
        for name, value in places
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
    }
    if arrays:
        return arrays
    raise UnreadableTable(
        Text(
            f"In {path.name} steht keine Liste von Objekten, die eine Tabelle sein könnte.",
            f"There is no array of objects in {path.name} that could be a table.",
        )
    )


def _entry(value: dict[str, Any], separators: dict[str, str | None]) -> _Entry:
    """The texts of one object, those of an object in it under `outer.inner`."""
    if value.get("type") == "Feature":
        place = geometry.wkt(value.get(GEOMETRY))
        value = {**(value.get("properties") or {}), **_identifier(value), GEOMETRY: place}
    entry: _Entry = {}
    for name, each in value.items():
        inner = each if isinstance(each, dict) else {"": each}
        for key, item in inner.items():
            title = f"{name}.{key}" if key else name
            entry[title] = _text(item, separators.get(title) or ITEMS)
    return entry


def _identifier(feature: dict[str, Any]) -> dict[str, Any]:
    return {"id": feature["id"]} if "id" in feature else {}


def _text(value: Any, separator: str) -> str:
    if isinstance(value, list):
        if all(isinstance(item, str | int | float) for item in value):
            return separator.join(real(item) for item in value)
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return real(value)


def _ordered(names: list[str], table: Table) -> list[str]:
    """The described columns' names first, an empty one where an object never has it."""
    found = []
    for column in table.real_columns:
        there = [name for name in names if name in {*column.titles, column.name}]
        found.append(there[0] if there and there[0] not in found else "")
    return found + [name for name in names if name not in found]
