"""Answers about model projects, against the tables of the source mpsc."""

from collections import Counter

from tests.queries.conftest import Ask
from tests.queries.tables import areas, states, table


def test_all_73_model_projects_stand_with_round_and_states(ask: Ask) -> None:
    expected = {}
    for row in table("mpsc/modellprojekte.csv"):
        found = sorted({states()[key[:2]] for key in areas(row["projekt"])})
        name = f"id/project/{row['projekt']}"
        expected[name] = (row["mpsc_nr"], row["titel"], row["staffel"], "; ".join(found))
    rows = ask("model-projects")
    answer = {r["project"]: (r["number"], r["title"], r["round"], r["states"]) for r in rows}
    assert answer == expected
    assert len(rows) == 73


def test_the_projects_of_north_rhine_westphalia_are_those_with_an_area_there(ask: Ask) -> None:
    expected = {
        (f"id/project/{row['projekt']}", row["staffel"])
        for row in table("mpsc/modellprojekte.csv")
        if any(key.startswith("05") for key in areas(row["projekt"]))
    }
    answer = ask("cq02-model-projects-of-state")
    assert {(row["project"], row["round"]) for row in answer} == expected
    assert len(answer) == len(expected)


def test_a_gap_is_told_for_each_cell_that_is_empty(ask: Ask) -> None:
    amounts = {row["projekt"]: row["betrag_wortlaut"] for row in table("mpsc/zuwendungen.csv")}
    expected = {}
    for row in table("mpsc/modellprojekte.csv"):
        known = (
            amounts[row["projekt"]],
            row["status"].replace("unknown", ""),
            row["website"],
            row["beginn"],
            row["ende"],
        )
        if not all(known):
            gaps = tuple("" if cell else "fehlt" for cell in known)
            expected[f"id/project/{row['projekt']}"] = gaps
    columns = ("amount", "status", "website", "start", "end")
    rows = ask("cq30-gaps-of-model-projects")
    assert {row["project"]: tuple(row[c] for c in columns) for row in rows} == expected


def test_the_rounds_add_up_to_all_model_projects(ask: Ask) -> None:
    projects = table("mpsc/modellprojekte.csv")
    expected = [
        (f"id/round/mpsc-{year}", sum(1 for row in projects if row["staffel"] == year))
        for year in ("2019", "2020", "2021")
    ]
    assert [(row["round"], int(row["projects"])) for row in ask("rounds")] == expected
    assert sum(number for _, number in expected) == 73


def test_projects_without_an_amount_stay_visible_beside_the_funding_per_head(ask: Ask) -> None:
    expected: Counter[str] = Counter()
    for row in table("mpsc/modellprojekte.csv"):
        found = {states()[key[:2]] for key in areas(row["projekt"])}
        expected[found.pop() if len(found) == 1 else "mehrere Länder"] += 1
    rows = ask("cq15-funding-per-head")
    answer: Counter[str] = Counter()
    for row in rows:
        answer[row["state"]] += int(row["projects"])
    assert answer == expected
    assert all(row["kind"] for row in rows)
    assert all(row["without_amount"] == row["projects"] for row in rows)
    assert not any(row["euros_per_head"] for row in rows)
