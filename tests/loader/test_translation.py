"""The standard's own reading of tables: what it alone finds wrong."""

import json
from pathlib import Path
from typing import Any

from loader.csvw import metadata
from loader.csvw.library import Library
from loader.finding import Finding
from loader.translation import Translation
from loader.vocabulary import Vocabulary

KEY = {"name": "id", "titles": "id"}


def findings(folder: Path, files: dict[str, str], tables: list[dict[str, Any]]) -> list[Finding]:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    described = folder / "metadata.json"
    group = {"@context": "http://www.w3.org/ns/csvw", "tables": tables}
    described.write_text(json.dumps(group), "utf-8")
    read = metadata.read_address(described.as_uri(), Library())
    translation = Translation(read, Vocabulary((), ()))
    for _ in translation.statements():
        pass
    return translation.findings


def test_a_header_that_is_not_the_described_one_is_told_with_both(tmp_path: Path) -> None:
    schema = {"columns": [KEY, {"name": "titel", "titles": "titel"}]}
    found = findings(
        tmp_path, {"t.csv": "id,name\n1,Netz\n"}, [{"url": "t.csv", "tableSchema": schema}]
    )
    assert [(each.code, each.value) for each in found] == [("T-KOPF", "name")]
    assert "name statt titel" in found[0].message.de


def test_a_reference_to_a_key_that_stands_twice_is_told_at_its_cell(tmp_path: Path) -> None:
    reference = {"resource": "netze.csv", "columnReference": "id"}
    column = {"name": "netz", "titles": "netz"}
    sensors = {
        "columns": [KEY, column],
        "foreignKeys": [{"columnReference": "netz", "reference": reference}],
    }
    found = findings(
        tmp_path,
        {"netze.csv": "id\nn1\nn2\nn2\n", "sensoren.csv": "id,netz\ns1,n1\ns2,n2\n"},
        [
            {"url": "netze.csv", "tableSchema": {"columns": [KEY]}},
            {"url": "sensoren.csv", "tableSchema": sensors},
        ],
    )
    assert [(f.code, f.place.cell, f.value) for f in found] == [("S-VERWEIS-MEHR", "B3", "n2")]
