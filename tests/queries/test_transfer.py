"""Answers about solutions, transfers, networks and lessons, against their tables."""

from collections import defaultdict

from tests.queries.conftest import Ask
from tests.queries.tables import Cells, actors, areas, measures, municipalities, names, table

AUTHORITY = "local-authority/"


def transfers() -> tuple[Cells, ...]:
    return table("massnahmen/nachnutzungen.csv")


def solutions() -> tuple[Cells, ...]:
    return table("massnahmen/loesungen.csv")


def test_source_code_with_licence_and_measure(ask: Ask) -> None:
    measure = {row["loesung"]: f"id/measure/{row['massnahme']}" for row in measures()}
    expected = {
        (
            f"id/solution/{row['loesung']}",
            row["quelltext"],
            licence,
            measure.get(row["loesung"], ""),
        )
        for row in solutions()
        if row["quelltext"]
        for licence in row["lizenz"].split(";")
    }
    answer = {
        (r["solution"], r["repository"], r["licence"].rpartition("/")[2], r["measure"])
        for r in ask("cq07-source-code")
    }
    assert answer == expected


def test_solutions_and_users(ask: Ask) -> None:
    title = names("massnahmen/loesungen.csv", "loesung", "titel")
    uses = [(row["loesung"], actors()[row["akteur"]]) for row in table("massnahmen/nutzungen.csv")]
    unused = set(title) - {solution for solution, _ in uses}
    uses += [(solution, "") for solution in unused]
    answer = [(r["solution"], r["title"], r["user_name"]) for r in ask("solutions-and-users")]
    expected = [(f"id/solution/{name}", title[name], user) for name, user in uses]
    assert sorted(answer) == sorted(expected)


def test_every_transfer_says_from_whom_to_whom(ask: Ask) -> None:
    title = names("massnahmen/loesungen.csv", "loesung", "titel")
    expected = {
        (
            f"id/transfer/{row['nachnutzung']}",
            title[row["loesung"]],
            actors().get(row["herkunft"], ""),
            actors()[row["nachnutzer"]],
            row["jahr"],
        )
        for row in transfers()
    }
    columns = ("transfer", "solution_title", "origin_name", "adopter_name", "year")
    rows = ask("transfers")
    assert {tuple(row[c] for c in columns) for row in rows} == expected
    assert len(rows) == len(transfers())
    assert all(row["status"] for row in rows)


def test_solutions_that_passed_from_one_authority_to_another(ask: Ask) -> None:
    expected = {
        (f"id/transfer/{row['nachnutzung']}", row["wortlaut"])
        for row in transfers()
        if row["stand"] == "adopted"
        and row["herkunft"].startswith(AUTHORITY)
        and row["nachnutzer"].startswith(AUTHORITY)
    }
    rows = ask("cq21-transferred-solutions")
    assert {(row["transfer"], row["wording"]) for row in rows} == expected


def test_open_source_used_by_three_authorities_or_more(ask: Ask) -> None:
    open_source = {row["loesung"] for row in solutions() if row["lizenz"]}
    users: defaultdict[str, set[str]] = defaultdict(set)
    for row in table("massnahmen/nutzungen.csv"):
        if row["akteur"].startswith(AUTHORITY) and row["loesung"] in open_source:
            users[row["loesung"]].add(row["akteur"])
    expected = {f"id/solution/{name}": len(found) for name, found in users.items()}
    rows = ask("cq22-reused-open-source")
    answer = {row["solution"]: int(row["users"]) for row in rows}
    assert answer == {name: number for name, number in expected.items() if number >= 3}


def test_networks_of_funded_and_other_authorities_with_their_bridges(ask: Ask) -> None:
    funded = {row["akteur"] for row in table("mpsc/beteiligungen.csv")}
    label = names("gemeinden/koerperschaften.csv", "schluessel")
    networks: defaultdict[str, set[str]] = defaultdict(set)
    for row in table("massnahmen/mitglieder.csv"):
        if row["mitglied"].startswith(AUTHORITY):
            networks[row["gemeinschaft"]].add(row["mitglied"])
    expected = set()
    for network, members in networks.items():
        with_money, without = len(members & funded), len(members - funded)
        others = set().union(*(m for name, m in networks.items() if name != network))
        bridges = {label[key.removeprefix(AUTHORITY)] for key in members & others}
        if with_money and without:
            key = f"id/community/{network}"
            expected |= {(key, str(with_money), str(without), name) for name in bridges or {""}}
    columns = ("network", "funded", "not_funded", "bridge_name")
    rows = ask("cq23-networks-and-bridges")
    assert {tuple(row[c] for c in columns) for row in rows} == expected


def test_candidates_for_leezenflow_resemble_muenster(ask: Ask) -> None:
    muenster = municipalities()["05515000"]
    projects = {row["projekt"] for row in table("mpsc/gebiete.csv")}
    funded = {key for project in projects for key in areas(project)}
    active = {r["gebietskoerperschaft"] for r in measures() if r["handlungsfeld"] == "Mobilität"}

    def candidate(row: Cells) -> bool:
        inside = {row["ags"], row["kreis"], row["verband"]} & funded
        ratio = int(row["einwohner"]) / int(muenster["einwohner"])
        alike = all(row[column] == muenster[column] for column in ("land", "besiedlung"))
        return alike and 0.75 <= ratio <= 1.25 and not inside and row["ags"] not in active

    expected = {f"id/municipality/{key}" for key, row in municipalities().items() if candidate(row)}
    rows = ask("cq26-candidates-for-solution")
    assert {row["municipality"] for row in rows} == expected


def test_every_community_stands_with_its_members(ask: Ask) -> None:
    pairs = [(r["gemeinschaft"], r["mitglied"]) for r in table("massnahmen/mitglieder.csv")]
    all_communities = {
        key.removeprefix("community/") for key in actors() if key.startswith("community/")
    }
    pairs += [(name, "") for name in all_communities - {community for community, _ in pairs}]
    expected = {(f"id/community/{c}", actors()[f"community/{c}"], m) for c, m in pairs}
    rows = ask("communities")
    answer = {(r["community"], r["name"], r["member"].removeprefix("id/")) for r in rows}
    assert answer == expected
    assert all(bool(row["member"]) == bool(row["member_name"]) for row in rows)


def test_every_lesson_stands_under_its_topic(ask: Ask) -> None:
    expected = {
        (row["thema"], f"id/lesson/{row['erkenntnis']}", row["text"])
        for row in table("massnahmen/erkenntnisse.csv")
    }
    rows = ask("lessons-by-topic")
    assert {(row["topic"], row["lesson"], row["text"]) for row in rows} == expected
    subjects = [r["gegenstand"].split(";") for r in table("massnahmen/erkenntnisse.csv")]
    assert len([row for row in rows if row["from_name"]]) == sum(map(len, subjects)) == len(rows)
