"""`stadtwissen check` as a partner runs it: what it prints, writes and returns."""

import csv
import io
import json
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, Literal

from tests.conftest import stadtwissen

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
METADATA = ("--metadata", BROKEN / "massnahmen-metadata.json")
WRONG = BROKEN / "S-AGS-FORM.csv"


def test_a_good_file_returns_zero_and_says_so(home: Path) -> None:
    done = stadtwissen("check", BROKEN / "good.csv", *METADATA, home=home)
    assert (done.returncode, done.stderr.strip()) == (0, "In Ordnung: keine Befunde.")
    assert "good.csv: 3 Zeilen, 13 von 15 Spalten werden zu Angaben" in done.stdout


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", ["Fehler S-AGS-FORM (1×)", "(Zelle F2)", "→ 05315000", "Meinten Sie 05315000"]),
        ("en", ["error S-AGS-FORM (1×)", "(cell F2)", "→ 05315000", "Did you mean 05315000"]),
    ],
)
def test_a_wrong_file_returns_one_and_names_cell_and_cure(
    home: Path, lang: str, words: list[str]
) -> None:
    done = stadtwissen("check", WRONG, *METADATA, home=home, lang=lang)
    assert done.returncode == 1
    assert [word for word in words if word not in done.stdout] == []


@pytest.fixture(scope="module")
def reports(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reports")
    found = {}
    for form in ("json", "csv", "ttl", "xlsx"):
        target = folder / f"report.{form}"
        done = stadtwissen(
            "check", WRONG, *METADATA, "--format", form, "--output", target, home=home
        )
        assert (done.returncode, done.stdout) == (1, "")
        found[form] = target.read_bytes()
    return found


def test_the_json_has_the_form_of_the_contract(reports: dict[str, bytes]) -> None:
    said = json.loads(reports["json"])
    assert set(said) == {"conforms", "release", "ruleset", "recognised", "counts", "findings"}
    assert said["counts"] == {"error": 1, "warning": 0, "info": 0, "converted": 0}
    (finding,) = said["findings"]
    assert set(finding) == {
        "code", "severity", "privacy", "file", "sheet", "row", "column", "cell", "header",
        "value", "message", "hint", "suggestion", "focus", "path", "shape",
    }  # fmt: skip
    assert (finding["cell"], finding["header"], finding["value"]) == ("F2", "ags", "5315000")


def test_the_csv_opens_as_a_table(reports: dict[str, bytes]) -> None:
    (row,) = csv.DictReader(io.StringIO(reports["csv"].decode("utf-8-sig")), delimiter=";")
    assert (row["code"], row["cell"], row["suggestion"]) == ("S-AGS-FORM", "F2", "05315000")


def test_the_graph_is_a_shacl_report(reports: dict[str, bytes]) -> None:
    graph = Graph().parse(data=reports["ttl"], format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert (report, SH.conforms, Literal(lexical_or_value=False)) in graph
    (result,) = graph.objects(report, SH.result)
    assert {o.language for o in graph.objects(result, SH.resultMessage)} == {"de", "en"}  # type: ignore[attr-defined]


def test_a_file_that_does_not_exist_returns_two(home: Path) -> None:
    done = stadtwissen("check", "nirgends.csv", home=home)
    assert done.returncode == 2
    assert "nirgends.csv" in done.stderr


def test_a_broken_description_returns_two_and_is_named(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "m.json"
    broken.write_text("{", "utf-8")
    done = stadtwissen("check", WRONG, "--metadata", broken, home=home)
    assert done.returncode == 2
    assert "m.json" in done.stderr
