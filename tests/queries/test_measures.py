"""Answers about measures, against the tables of the source massnahmen."""

from collections import Counter
from math import asin, cos, radians, sin, sqrt
from urllib.parse import quote

from tests.queries.conftest import Ask
from tests.queries.tables import (
    Cells,
    is_municipality,
    measures,
    municipalities,
    names,
    states,
    states_of,
    table,
)

EARTH_RADIUS_KM = 6371
ADDRESS_CHARACTERS = ":/?#[]@!$&'()*+,;=%"


def addresses(rows: list[Cells]) -> list[str]:
    return sorted(f"id/measure/{row['massnahme']}" for row in rows)


def address(cell: str) -> str:
    return quote(cell, safe=ADDRESS_CHARACTERS)


def asked(rows: list[dict[str, str]]) -> list[str]:
    return sorted(row["measure"] for row in rows)


def test_measures_of_a_field(ask: Ask) -> None:
    expected = [row for row in measures() if row["handlungsfeld"] == "Mobilität"]
    assert asked(ask("cq01-measures-in-field")) == addresses(expected)


def test_measures_of_an_authority(ask: Ask) -> None:
    expected = [row for row in measures() if row["gebietskoerperschaft"] == "05515000"]
    assert asked(ask("cq03-measures-of-authority")) == addresses(expected)


def test_every_measure_was_stated_since_the_last_quarter(ask: Ask) -> None:
    assert asked(ask("cq05-measures-stated-since")) == addresses(list(measures()))


def test_every_measure_has_its_source_and_date(ask: Ask) -> None:
    expected = {
        (
            f"id/measure/{row['massnahme']}",
            row["titel"],
            address(row["quelle"]),
            row["quelle_datum"],
        )
        for row in measures()
    }
    columns = ("measure", "title", "source", "date_of_source")
    rows = ask("measure-sources")
    assert {tuple(row[c] for c in columns) for row in rows} == expected
    assert len(rows) == len(measures())
    assert all(row["stated_on"] for row in rows)


def test_measures_in_small_municipalities(ask: Ask) -> None:
    def small(row: Cells) -> bool:
        key = row["gebietskoerperschaft"]
        return is_municipality(key) and int(municipalities()[key]["einwohner"]) < 20_000

    expected = [row for row in measures() if row["stand"] != "planned" and small(row)]
    assert asked(ask("cq09-measures-in-small-municipalities")) == addresses(expected)


def test_measures_of_similar_municipalities(ask: Ask) -> None:
    ours = municipalities()["09461000"]

    def similar(row: Cells) -> bool:
        other = municipalities().get(row["gebietskoerperschaft"])
        if other is None or other["ags"] == ours["ags"]:
            return False
        ratio = int(other["einwohner"]) / int(ours["einwohner"])
        return other["besiedlung"] == ours["besiedlung"] and 0.75 <= ratio <= 1.25

    expected = [r for r in measures() if r["handlungsfeld"] == "Energie & Umwelt" and similar(r)]
    assert asked(ask("cq10-similar-municipalities")) == addresses(expected)


def test_measures_nearby_by_the_great_circle(ask: Ask) -> None:
    points = names("gemeinden/punkte.csv", "ags", "punkt")

    def degrees(key: str) -> list[float]:
        return [radians(float(n)) for n in points[key].strip("POINT ()").split()]

    def kilometres(one: str, other: str) -> float:
        (east, north), (east2, north2) = degrees(one), degrees(other)
        half = sin((north2 - north) / 2) ** 2
        half += cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
        return 2 * EARTH_RADIUS_KM * asin(sqrt(half))

    expected = [
        row
        for row in measures()
        if "LoRaWAN" in row["technik"].split(";")
        and row["gebietskoerperschaft"] in points
        and kilometres("08136088", row["gebietskoerperschaft"]) <= 50
    ]
    assert len(expected) > 1
    assert asked(ask("cq11-measures-nearby")) == addresses(expected)


def by_state_and_field() -> Counter[tuple[str, str]]:
    return Counter(
        (states()[state], row["handlungsfeld"]) for row in measures() for state in states_of(row)
    )


def test_measures_by_field_and_state(ask: Ask) -> None:
    rows = ask("measures-by-field-and-state")
    answer = {(row["state_name"], row["field_name"]): int(row["measures"]) for row in rows}
    assert answer == dict(by_state_and_field())
    assert sum(answer.values()) >= len(measures())


def test_leading_fields_of_each_state(ask: Ask) -> None:
    counts = by_state_and_field()
    most = {state: max(n for (s, _), n in counts.items() if s == state) for state, _ in counts}
    expected = {(*key, n) for key, n in counts.items() if n == most[key[0]]}
    rows = ask("cq12-leading-field-per-state")
    assert {(r["state_name"], r["field_name"], int(r["measures"])) for r in rows} == expected


def test_fields_by_phase_count_each_measure_once(ask: Ask) -> None:
    expected = Counter((row["handlungsfeld"], row["loesungsphase"]) for row in measures())
    rows = ask("cq13-fields-by-phase")
    answer = {(row["field_name"], row["phase_code"]): int(row["measures"]) for row in rows}
    assert answer == dict(expected)
    assert sum(answer.values()) == len(measures())


def test_measures_that_end_soon(ask: Ask) -> None:
    def soon(row: Cells) -> bool:
        end = row["ende"]
        last = {0: "", 4: f"{end}-12-31", 7: f"{end}-31", 10: end}[len(end)]
        return "2026-11-24" <= last <= "2027-11-24" and row["loesungsphase"] not in ("P4", "P5")

    expected = [row for row in measures() if soon(row)]
    assert asked(ask("cq16-measures-ending-soon")) == addresses(expected)


def test_guidelines_follow_from_the_field_where_no_source_names_one(ask: Ask) -> None:
    fields = ("Datenplattform", "IT-Infrastruktur")  # the guideline on infrastructures and data
    expected = [row for row in measures() if row["handlungsfeld"] in fields]
    rows = ask("cq19-guidelines-and-goals")
    assert asked(rows) == addresses(expected)
    assert {(row["known_from"], row["goal"]) for row in rows} == {("Zuordnung der Listen", "")}


def test_observed_values(ask: Ask) -> None:
    expected = {
        (f"id/observation/{row['beobachtung']}", float(row["wert"]))
        for row in table("massnahmen/beobachtungen.csv")
    }
    rows = ask("observed-values")
    assert {(row["observation"], float(row["value"])) for row in rows} == expected
    assert len(rows) == len(expected)
