"""Workbooks and their kin through the conversion."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from loader import source
from loader.csvw.metadata import SHEET, STADT
from loader.vocabulary import Vocabulary
from tests.loader.conftest import FACTS, GRAPH, Converted, converted, objects, places
from tests.loader.formats.conftest import Book

EX = "http://example.org/"
ID = {"name": "id", "titles": "id", "suppressOutput": True, "propertyUrl": EX + "id"}
XSD = "http://www.w3.org/2001/XMLSchema#"


def convert(folder: Path, words: Vocabulary, *tables: dict[str, Any]) -> Converted:
    context = ["http://www.w3.org/ns/csvw", {"@language": "de"}]
    group = {"@context": context, "@id": GRAPH, **FACTS, "tables": list(tables)}
    (folder / "metadata.json").write_text(json.dumps(group), "utf-8")
    (found,) = source.find(folder)
    source.check([found], words)
    return converted(found, words)


def described(url: str, *columns: dict[str, Any], **facts: Any) -> dict[str, Any]:
    schema = {"aboutUrl": EX + "{id}", "columns": [ID, *columns]}
    return {"url": url, "tableSchema": schema, **facts}


def column(title: str = "x", **facts: Any) -> dict[str, Any]:
    return {"name": title, "titles": title, "propertyUrl": EX + title, **facts}


@pytest.mark.parametrize(
    ("cells", "datatype", "expected"),
    [
        ((datetime.date(2022, 4, 1), "01.04.2022"), {"base": "date", "format": "dd.MM.yyyy"},
         f'"2022-04-01"^^<{XSD}date>'),
        ((1234.5, "1.234,5"), {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}},
         f'"1234.5"^^<{XSD}decimal>'),
        ((True, "ja"), {"base": "boolean", "format": "ja|nein"}, f'"true"^^<{XSD}boolean>'),
        ((datetime.date(2022, 4, 1), "2022"), "gYear", f'"2022"^^<{XSD}gYear>'),
    ],
)  # fmt: skip
def test_real_cells_are_read_whatever_the_format_beside_texts_of_it(
    xlsx: Book, words: Vocabulary, cells: tuple[Any, str], datatype: Any, expected: str
) -> None:
    path = xlsx(["id", "x"], [1, cells[0]], [2, cells[1]], [3, "Ende"])
    made = convert(path.parent, words, described(path.name, column(datatype=datatype)))
    assert objects(made)[0] == expected
    assert len(objects(made)) == 2
    assert [(f.place.cell, f.place.sheet) for f in made.findings] == [("B4", "Sheet")]


def test_two_sheets_of_one_workbook_are_two_tables(xlsx: Book, words: Vocabulary) -> None:
    path = xlsx(["id", "x"], ["1", "a"], Ziele=[["id", "x"], ["2", "b"], ["3", "c"]])
    made = convert(
        path.parent,
        words,
        described(path.name, column(), **{SHEET: 1}),
        described(f"{path.name}#Ziele", column(), **{SHEET: "Ziele"}),
    )
    name = f"{path.parent.name}/{path.name}"
    assert made.rows == {f"{name}#Sheet": 1, f"{name}#Ziele": 2}
    assert objects(made) == ['"a"', '"b"', '"c"']


def test_json_is_a_source_too(tmp_path: Path, words: Vocabulary) -> None:
    (tmp_path / "t.json").write_text('[{"x": 1.5, "id": "1"}, {"x": "1,5", "id": "2"}]', "utf-8")
    datatype = {"base": "decimal", "format": {"decimalChar": ","}}
    made = convert(tmp_path, words, described("t.json", column(datatype=datatype)))
    assert objects(made) == [f'"1.5"^^<{XSD}decimal>'] * 2


def test_lines_of_fixed_width_are_cut_by_their_characters(
    tmp_path: Path, words: Vocabulary
) -> None:
    (tmp_path / "t.txt").write_text("60Köln      05315000\n60Ulm       08421000\n", "utf-8")
    key = {**ID, STADT + "characters": "13-20"}
    name = column(**{STADT + "characters": "3-12"})
    kind = {**column("art"), STADT + "characters": "1-2"}
    schema = {"aboutUrl": EX + "{id}", "columns": [key, name, kind]}
    table = {"url": "t.txt", "dialect": {"header": False}, "tableSchema": schema}
    made = convert(tmp_path, words, table)
    assert made.lines[:2] == [
        f'<{EX}05315000> <{EX}x> "Köln" <{GRAPH}> .',
        f'<{EX}08421000> <{EX}x> "Ulm" <{GRAPH}> .',
    ]
    assert places(made) == []


@pytest.mark.parametrize("characters", ["0-3", "a", 5, "3-"])
def test_characters_that_are_none_are_refused(
    tmp_path: Path, words: Vocabulary, characters: object
) -> None:
    (tmp_path / "t.txt").write_text("60\n", "utf-8")
    table = described("t.txt", column(**{STADT + "characters": characters}))
    with pytest.raises(source.UnreadableMetadata, match="characters"):
        convert(tmp_path, words, table)
