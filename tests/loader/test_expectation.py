"""What a build expects of its sources: numbers of rows, and tables and sources that are there."""

import json
from pathlib import Path

import pytest

from loader import expectation
from loader import source as sources
from loader.csvw.metadata import EXPECTATION
from loader.finding import Finding
from loader.source import Source
from tests.loader.conftest import FACTS, GRAPH


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A source of which between two and four rows are expected."""
    folder = tmp_path / "netze"
    folder.mkdir()
    (folder / "netze.csv").write_text("id\n1\n", "utf-8")
    schema = {"columns": [{"name": "id", "propertyUrl": "dc:identifier"}]}
    table = {"url": "netze.csv", "tableSchema": schema}
    table[EXPECTATION] = {"minimumRows": 2, "maximumRows": 4}
    group = {"@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}], "@id": GRAPH}
    (folder / "metadata.json").write_text(json.dumps({**group, **FACTS, "tables": [table]}))
    (found,) = sources.find(folder)
    return found


def said(findings: list[Finding]) -> list[tuple[str, str | None, str | None]]:
    return [(f.code, f.place.file, f.value) for f in findings]


@pytest.mark.parametrize("rows", [1, 5])
def test_another_number_of_rows_than_expected_is_an_error(source: Source, rows: int) -> None:
    found = expectation.findings(source, {"netze/netze.csv": rows}, {}, accepted=False)
    assert said(found) == [("E-MENGE", "netze/netze.csv", str(rows))]


def test_rows_that_vanish_are_an_error_until_somebody_accepts_it(source: Source) -> None:
    rows, live = {"netze/netze.csv": 2}, {"netze/netze.csv": 4}
    found = expectation.findings(source, rows, live, accepted=False)
    assert said(found) == [("E-SCHWUND", "netze/netze.csv", "2")]
    assert "--accept-shrinkage netze" in found[0].hint.de
    assert expectation.findings(source, rows, live, accepted=True) == []


def test_a_table_that_is_gone_is_an_error(source: Source) -> None:
    live = {"netze/alt.csv": 9}
    found = expectation.findings(source, {"netze/netze.csv": 3}, live, accepted=False)
    assert said(found) == [("E-TABELLE-FEHLT", "netze/alt.csv", None)]


def test_a_source_that_is_gone_is_an_error_until_somebody_accepts_it() -> None:
    live = ["mpsc", "netze", "kts"]
    found = expectation.gone({"kts"}, live, accepted=frozenset(["mpsc"]))
    assert [each.code for each in found] == ["E-QUELLE-FEHLT"]
    assert "netze" in found[0].message.de
