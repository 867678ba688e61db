"""Answers about places and whole sources, against the register and the master files."""

from loader.releases.release import Release
from tests.queries.conftest import Ask
from tests.queries.tables import municipalities, states


def test_all_10981_municipalities_stand_with_state_and_inhabitants(ask: Ask) -> None:
    expected = [
        (key, row["name"], states()[row["land"]], row["einwohner"])
        for key, row in sorted(municipalities().items())
    ]
    columns = ("key", "name", "state_name", "inhabitants")
    answer = [tuple(row[c] for c in columns) for row in ask("municipalities")]
    assert answer == expected
    assert len(answer) == 10_981


def test_the_municipalities_of_a_district(ask: Ask) -> None:
    rows = municipalities().values()
    expected = [
        (row["ags"], row["name"], row["einwohner"]) for row in rows if row["kreis"] == "07137"
    ]
    answer = [(r["key"], r["name"], r["inhabitants"]) for r in ask("municipalities-of-district")]
    assert answer == sorted(expected)
    assert answer


def test_the_statements_of_a_source_are_those_of_its_master_file(
    ask: Ask, release: Release
) -> None:
    master = next(path for path in release.masters if path.stem == "kts")
    lines = master.read_text("utf-8").splitlines()
    assert len(ask("statements-of-source")) == len(set(lines))
