"""Answers about solutions, transfers, networks and lessons, against their tables."""

from collections import defaultdict

from tests.queries.conftest import Ask
from tests.queries.tables import Cells, areas, measures, municipalities, names, table

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
    uses = {(row["loesung"], f"{row['akteur']}") for row in table("massnahmen/nutzungen.csv")}
    used = {solution for solution, _ in uses}
    unused = {row["loesung"] for row in solutions()} - used
    rows = ask("solutions-and-users")
    assert len(rows) == len(uses) + len(unused)
    assert {row["solution"] for row in rows} == {f"id/solution/{name}" for name in used | unused}


def test_every_transfer_says_from_whom_to_whom(ask: Ask) -> None:
    rows = {row["transfer"]: row for row in ask("transfers")}
    assert set(rows) == {f"id/transfer/{row['nachnutzung']}" for row in transfers()}
    without_origin = {name for name, row in rows.items() if not row["origin_name"]}
    assert without_origin == {
        f"id/transfer/{row['nachnutzung']}" for row in transfers() if not row["herkunft"]
    }
    assert all(row["adopter_name"] and row["solution_title"] for row in rows.values())


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
    members = table("massnahmen/mitglieder.csv")
    expected = {(f"id/community/{r['gemeinschaft']}", f"id/{r['mitglied']}") for r in members}
    all_communities = {
        row["gemeinschaft"]
        for source in ("kts", "massnahmen")
        for row in table(f"{source}/gemeinschaften.csv")
    }
    alone = all_communities - {row["gemeinschaft"] for row in members}
    expected |= {(f"id/community/{name}", "") for name in alone}
    assert {(row["community"], row["member"]) for row in ask("communities")} == expected


def test_every_lesson_stands_under_its_topic(ask: Ask) -> None:
    expected = {
        (row["thema"], f"id/lesson/{row['erkenntnis']}", row["text"])
        for row in table("massnahmen/erkenntnisse.csv")
    }
    rows = ask("lessons-by-topic")
    assert {(row["topic"], row["lesson"], row["text"]) for row in rows} == expected
    assert all(row["from_name"] for row in rows)
