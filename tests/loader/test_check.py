"""The check of a delivery: each broken file gives its one finding, at its cell."""

import csv
import io
import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from string import ascii_uppercase as letters
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from loader import rule
from loader.deliveries import check
from loader.deliveries.check import Checker, Verdict
from loader.deliveries.delivery import Allowance, Delivery
from loader.finding import Finding, Place
from loader.forms import blank
from loader.language import Text
from loader.releases.release import Home, Release

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
METADATA = BROKEN / "massnahmen-metadata.json"
EXPECTED = tomllib.loads((BROKEN / "expected.toml").read_text("utf-8"))
MENDED = [name for name, facts in EXPECTED.items() if {"cell", "suggestion"} <= facts.keys()]
# Rules that no delivered file can break, and where their tests are.
NO_FILE = {
    **dict.fromkeys(
        ("E-KORREKTUR", "U-KORREKTUR"),
        "corrections.csv stands beside a source that is built: test_annotation.py",
    ),
    **dict.fromkeys(
        ("E-MENGE", "E-QUELLE-FEHLT", "E-SCHWUND", "E-TABELLE-FEHLT"),
        "a build compares its sources with the live release: test_expectation.py",
    ),
    **dict.fromkeys(
        ("S-VERWEIS-MEHR", "T-KOPF"),
        "the standard's reading, which only convert has: test_translation.py",
    ),
    "D-GROSS": "a file of half a million rows is not kept: below",
    "M-RML": "a mapping is run by convert alone: test_rml.py",
}


@pytest.fixture(scope="session")
def checker(home: Path) -> Checker:
    return check.ready(Home(home))


def delivered(name: str, folder: Path) -> Delivery:
    """A broken file as it is handed in, with what belongs to it; HEUTE in it is today."""
    facts = EXPECTED[name]
    names = [name, *([facts["beside"]] if "beside" in facts else [])]
    described = facts.get("metadata", METADATA.name)
    if described:
        return Delivery(tuple(BROKEN / each for each in names), BROKEN / described)
    for path in BROKEN.glob(f"{name}*"):
        content = path.read_bytes().replace(b"HEUTE", date.today().isoformat().encode())
        (folder / path.name).write_bytes(content)
    return Delivery((folder / name,))


def places(findings: list[Finding]) -> list[tuple[object, ...]]:
    return sorted(
        (f.code, f.place.row, f.place.column, f.suggestion) for f in findings
    )  # fmt: skip


def expected(facts: dict[str, Any]) -> tuple[object, ...]:
    cell = re.fullmatch(r"([A-Z]+)([0-9]+)", facts.get("cell", ""))
    row, column = (int(cell[2]), cell[1]) if cell else (facts.get("row"), facts.get("column"))
    return facts["code"], row, column, facts.get("suggestion")


def verdict(checker: Checker, *files: Path) -> Verdict:
    return checker.check(Delivery(files, METADATA))


def test_a_good_file_has_no_finding(checker: Checker) -> None:
    for name, metadata in (("good.csv", METADATA), ("orte.csv", BROKEN / "orte-metadata.json")):
        found = checker.check(Delivery((BROKEN / name,), metadata))
        assert [each.sentence().en for each in found.findings] == []
        assert found.conforms


@pytest.mark.parametrize("name", EXPECTED)
def test_a_broken_file_gives_exactly_its_findings(
    checker: Checker, name: str, tmp_path: Path
) -> None:
    found = checker.check(delivered(name, tmp_path)).findings
    facts = EXPECTED[name].get("findings", [EXPECTED[name]])
    assert places(found) == sorted(map(expected, facts)), found
    for text in (text for each in found for text in (each.sentence(), each.hint)):
        assert text.de
        assert text.en
        assert text.de != text.en
        assert not re.search(r"{[a-z]+}", text.de + text.en)


@pytest.mark.parametrize("code", rule.codes())
def test_each_rule_has_a_broken_file(code: str) -> None:
    shown = {expected(f)[0] for each in EXPECTED.values() for f in each.get("findings", [each])}
    assert (code in shown) != (code in NO_FILE), NO_FILE.get(code)


@pytest.mark.parametrize("name", MENDED)
def test_what_a_suggestion_says_mends_the_cell(checker: Checker, name: str, tmp_path: Path) -> None:
    given = delivered(name, tmp_path)
    (found,) = checker.check(given).findings
    (file, *beside) = given.files
    with file.open(encoding="utf-8", newline="") as opened:
        text = opened.read()
    delimiter = ";" if ";" in text else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    rows[found.place.row - 1][letters.index(found.place.column)] = found.suggestion
    mended = tmp_path / file.name
    with mended.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, delimiter=delimiter).writerows(rows)
    assert checker.check(Delivery((mended, *beside), given.metadata)).findings == []


def test_equal_faults_are_told_a_thousand_times_and_counted(
    checker: Checker, tmp_path: Path
) -> None:
    head, row, *_ = (BROKEN / "good.csv").read_text("utf-8").splitlines()
    wrong = row.replace("2022-04-01", "Ende 2022").removeprefix("laterne")
    rows = (f"laterne-{number}{wrong}" for number in range(1_200))
    file = tmp_path / "massnahmen.csv"
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    found = verdict(checker, file)
    assert {(f.code, f.place.column) for f in found.findings} == {("S-DATUM-TEIL", "L")}
    assert (len(found.findings), found.findings[-1].times) == (1_001, 200)
    assert found.as_json()["counts"]["error"] == 1_200


@pytest.mark.parametrize(
    ("allowance", "limit"), [(Allowance(rows=2), "2 Zeilen"), (Allowance(cells=40), "40 Zellen")]
)
def test_a_table_over_a_limit_is_told_and_not_read(
    checker: Checker, allowance: Allowance, limit: str
) -> None:
    strict = Checker(checker.home, checker.words, checker.shapes, allowance)
    (found,) = verdict(strict, BROKEN / "good.csv").findings
    assert (found.code, found.message.de) == ("D-GROSS", f"Die Tabelle hat mehr als {limit}.")


def test_a_filled_template_passes(checker: Checker, tmp_path: Path) -> None:
    form = next(form for form in checker.recogniser.forms if form.kind == "measure")
    book = load_workbook(io.BytesIO(blank.workbook(checker.recogniser.forms, checker.words)))
    sheet = book[form.label.de]
    values = {**form.examples[0], "key": "radzaehlung", "measureOf": "local-authority/05315000"}
    values |= {"producesSolution": "", "dateOfStatement": date.today().isoformat()}
    values |= {"usesTechnology": "App", "spatialEffect": "Quartier"}
    row = blank.HEADER_ROWS + len(form.examples) + 1
    for column, each in enumerate(form.fields, start=1):
        sheet.cell(row, column, values[each.name] or None)
    file = tmp_path / "vorlage.xlsx"
    book.save(file)
    found = checker.check(Delivery((file,)))
    assert [each.sentence().en for each in found.findings] == []
    assert [table["rows"] for table in found.recognised["tables"]] == [1]


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


def test_the_header_of_a_described_workbook_may_stand_below_titles(
    checker: Checker, tmp_path: Path
) -> None:
    book = Workbook()
    for row in ([], ["Liste der Maßnahmen"], [], ["Stand: 1. Mai"]):
        book.worksheets[0].append(row)
    for line in (BROKEN / "good.csv").read_text("utf-8").splitlines():
        book.worksheets[0].append(line.split(";"))
    file = tmp_path / "massnahmen.xlsx"
    book.save(file)
    found = verdict(checker, file)
    assert found.findings == []
    assert found.recognised["tables"][0]["header"] == 5


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place("l.xlsx", "Liste"), "Blatt „Liste“: programme/x: Der Titel fehlt."),
        (Place("l.csv"), "programme/x: Der Titel fehlt."),
        (Place("l.csv", row=3), "Zeile 3: Der Titel fehlt."),
    ],
)
def test_a_thing_that_no_row_stands_for_is_named(place: Place, said: str) -> None:
    missing, thing = (
        Text("Der Titel fehlt.", "the title is missing."),
        "https://w3id.org/stadtwissen/id/programme/x",
    )
    found = Finding("S-EMPFEHLUNG", "warning", missing, missing, place, focus=thing)
    assert found.sentence().de == said


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("05 315-000", "05315000"), ("Apache-Lizenz 2.0", None), ("GNU General Public License", None)],
)
def test_words_are_not_pushed_together_to_fit_a_form(
    checker: Checker, text: str, suggestion: str | None, tmp_path: Path
) -> None:
    form = {"base": "string", "format": "[A-Za-z0-9]+"}
    column = {"name": "text", "titles": "text", "datatype": form, "propertyUrl": "http://e/text"}
    schema = {"aboutUrl": "http://e/{id}", "columns": [{"name": "id", "titles": "id"}, column]}
    described = {"@context": "http://www.w3.org/ns/csvw", "url": "t.csv", "tableSchema": schema}
    (tmp_path / "m.json").write_text(json.dumps(described), "utf-8")
    (tmp_path / "t.csv").write_text(f"id,text\n1,{text}\n", "utf-8")
    found = checker.check(Delivery((tmp_path / "t.csv",), tmp_path / "m.json")).findings
    assert [f.suggestion for f in found if f.code == "S-FORM"] == [suggestion]


def test_a_checker_that_holds_the_live_release_in_memory_finds_the_same(
    checker: Checker, home: Path
) -> None:
    held = check.ready(Home(home))
    assert len(list(held.hold())) > 1
    assert held.extract
    assert held.extract.store
    assert verdict(held, BROKEN / "gemischt.csv") == verdict(checker, BROKEN / "gemischt.csv")


def test_a_checker_takes_hold_of_a_release_when_it_becomes_the_live_one(
    checker: Checker, tmp_path: Path
) -> None:
    here = Home(tmp_path)
    follower = replace(checker, home=here)
    list(follower.hold())
    assert follower.extract is None
    for name in ("2026-01-01T000000Z", "2026-01-02T000000Z"):
        folder = tmp_path / "releases" / name
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text('{"graphs": {}}', "utf-8")
        here.use(Release(name, folder))
        list(follower.hold())
        assert follower.extract
        assert follower.extract.release == name


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
