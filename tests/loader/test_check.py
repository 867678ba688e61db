"""The check of a delivery: each broken file gives its one finding, at its cell."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook

from loader import check
from loader.check import Checker, Verdict
from loader.delivery import Delivery
from loader.release import Home

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
METADATA = BROKEN / "massnahmen-metadata.json"
EXPECTED = tomllib.loads((BROKEN / "expected.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def checker(home: Path) -> Checker:
    return check.ready(Home(home))


def verdict(checker: Checker, *files: Path) -> Verdict:
    return checker.check(Delivery(files, METADATA))


def test_a_good_file_has_no_finding(checker: Checker) -> None:
    found = verdict(checker, BROKEN / "good.csv")
    assert [each.sentence().en for each in found.findings] == []
    assert found.conforms


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_gives_exactly_its_finding(checker: Checker, name: str) -> None:
    found = verdict(checker, BROKEN / name).findings
    assert [each.code for each in found] == [EXPECTED[name]["code"]], found
    assert found[0].place.cell == EXPECTED[name].get("cell")
    assert found[0].suggestion == EXPECTED[name].get("suggestion")
    for text in (found[0].sentence(), found[0].hint):
        assert text.de
        assert text.en
        assert not re.search(r"{[a-z]+}", text.de + text.en)


def test_findings_of_several_causes_stand_side_by_side(checker: Checker, tmp_path: Path) -> None:
    rows = (BROKEN / "good.csv").read_text("utf-8").splitlines()
    rows[1] = rows[1].replace("05315000", "5315000").replace("2022-04-01", "April 2022")
    rows[3] = rows[3].replace("wetter;Wetterdaten", "parken;").replace("Daten;", "Dateien;")
    file = tmp_path / "mixed.csv"
    file.write_text("\n".join(rows) + "\n", "utf-8")
    found = {(f.code, f.place.cell, f.suggestion) for f in verdict(checker, file).findings}
    assert found == {
        ("S-AGS-FORM", "F2", "05315000"),
        ("S-DATUM-TEIL", "L2", "2022-04"),
        ("S-DOPPELT", "A4", None),
        ("S-LISTE", "H4", "Daten"),
        ("S-PFLICHT", "B4", None),
    }


def test_what_a_table_has_no_column_for_is_one_finding(checker: Checker, tmp_path: Path) -> None:
    described = json.loads(METADATA.read_text("utf-8"))
    columns = described["tables"][0]["tableSchema"]["columns"]
    described["tables"][0]["tableSchema"]["columns"] = [c for c in columns if c["name"] != "stand"]
    (tmp_path / "m.json").write_text(json.dumps(described), "utf-8")
    rows = [line.split(";") for line in (BROKEN / "good.csv").read_text("utf-8").splitlines()]
    file = tmp_path / "massnahmen.csv"
    file.write_text("\n".join(";".join(row[:10] + row[11:]) for row in rows) + "\n", "utf-8")
    (found,) = checker.check(Delivery((file,), tmp_path / "m.json")).findings
    assert (found.code, found.place.row) == ("S-PFLICHT", None)
    assert "3 Zeilen (2, 3, 4)" in found.message.de


def test_rdf_that_parses_is_judged_by_the_shapes(checker: Checker, tmp_path: Path) -> None:
    file = tmp_path / "netz.ttl"
    file.write_text(
        "@prefix dct: <http://purl.org/dc/terms/> .\n"
        "@prefix stadt: <https://w3id.org/stadtwissen/ontology/> .\n"
        "<measure/netz> a stadt:Measure ; dct:title 'Netz'@de .\n",
        "utf-8",
    )
    found = verdict(checker, file).findings
    assert {"S-PFLICHT", "S-EMPFEHLUNG"} == {each.code for each in found}
    assert {each.focus for each in found} == {"https://w3id.org/stadtwissen/id/measure/netz"}


def test_an_rdf_error_names_line_and_character(checker: Checker) -> None:
    (found,) = verdict(checker, BROKEN / "D-RDF.ttl").findings
    assert found.message.de.startswith("Zeile 4, Zeichen 1: Hier fehlt ein Punkt oder Semikolon")


def test_nested_entities_are_not_unfolded(checker: Checker, tmp_path: Path) -> None:
    entities = "".join(
        f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)
    )
    file = tmp_path / "laughs.rdf"
    file.write_text(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://x/">'
        '<rdf:Description rdf:about="http://x/a"><e:p>&j;</e:p></rdf:Description></rdf:RDF>',
        "utf-8",
    )
    assert [each.code for each in verdict(checker, file).findings] == ["D-ARCHIV"]


def test_a_workbook_called_csv_is_read_as_what_it_is(checker: Checker, tmp_path: Path) -> None:
    book = Workbook()
    for row in (BROKEN / "good.csv").read_text("utf-8").splitlines():
        book.worksheets[0].append(row.split(";"))
    file = tmp_path / "massnahmen.csv"
    book.save(file)
    found = verdict(checker, file)
    assert [each.code for each in found.findings] == ["D-ENDUNG"]
    assert found.conforms


def test_personal_details_are_masked_wherever_the_report_repeats_them(
    checker: Checker, tmp_path: Path
) -> None:
    text = (BROKEN / "good.csv").read_text("utf-8")
    file = tmp_path / "massnahmen.csv"
    file.write_text(text.replace("05315000", "mia.muster@gmx.de"), "utf-8")
    found = verdict(checker, file)
    assert "P-PERSON" in {each.code for each in found.findings}
    assert "muster" not in json.dumps(found.as_json(), ensure_ascii=False)


def test_a_date_of_the_description_is_no_cells_fault(checker: Checker, tmp_path: Path) -> None:
    about = {"virtual": True, "aboutUrl": "https://w3id.org/stadtwissen/id/record/{kennung}"}
    stadt = "https://w3id.org/stadtwissen/ontology/"
    described = json.loads(METADATA.read_text("utf-8"))
    described["tables"][0]["tableSchema"]["columns"] += [
        {**about, "name": "eintrag", "propertyUrl": "rdf:type", "valueUrl": stadt + "Record"},
        {
            **about,
            "name": "eintrag_stand",
            "propertyUrl": stadt + "dateOfStatement",
            "datatype": "date",
            "default": "2019-12-31",
            stadt + "condition": {"column": "kennung"},
        },
    ]
    metadata = tmp_path / "metadata.json"
    metadata.write_text(json.dumps(described), "utf-8")
    delivery = Delivery((BROKEN / "good.csv",), metadata)
    found = [f for f in checker.check(delivery).findings if f.code == "S-DATUM"]
    assert [(f.place.column, f.value) for f in found] == [(None, "2019-12-31")]
    assert "3 Zeilen (2, 3, 4)" in found[0].message.de
