"""The source tables as the tests read them: by the csv module, past the loader."""

import csv
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "data" / "sources"
Cells = dict[str, str]


@cache
def table(file: str) -> tuple[Cells, ...]:
    """The rows of a table, for example `mpsc/modellprojekte.csv`."""
    with (SOURCES / file).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def names(file: str, key: str, name: str = "name") -> dict[str, str]:
    """The names in a table by its key."""
    return {row[key]: row[name] for row in table(file)}


def states() -> dict[str, str]:
    """The names of the 16 federal states by key."""
    return names("gemeinden/laender.csv", "land")


@cache
def municipalities() -> dict[str, Cells]:
    """The rows of the municipalities by AGS."""
    return {row["ags"]: row for row in table("gemeinden/gemeinden.csv")}


def measures() -> tuple[Cells, ...]:
    """The rows of the measures."""
    return table("massnahmen/massnahmen.csv")


def areas(project: str) -> set[str]:
    """The keys of a model project's areas."""
    return {row["schluessel"] for row in table("mpsc/gebiete.csv") if row["projekt"] == project}


def states_of(measure: Cells) -> set[str]:
    """The keys of the states of a measure: a key of any area begins with that of its state."""
    carrier = measure["gebietskoerperschaft"]
    keys = {carrier} if carrier else areas(measure["traegerprojekt"])
    return {key[:2] for key in keys}


def is_municipality(key: str) -> bool:
    """Whether a key is an AGS; districts have five digits, associations nine."""
    return len(key) == 8


@cache
def actors() -> dict[str, str]:
    """The names of all actors by kind and key, as the tables refer to them."""
    files = (
        ("local-authority", "gemeinden/koerperschaften.csv", "schluessel"),
        ("organisation", "kts/organisationen.csv", "organisation"),
        ("organisation", "massnahmen/organisationen.csv", "organisation"),
        ("organisation", "mpsc/kooperationen.csv", "kooperation"),
        ("community", "kts/gemeinschaften.csv", "gemeinschaft"),
        ("community", "massnahmen/gemeinschaften.csv", "gemeinschaft"),
    )
    return {
        f"{kind}/{key}": name
        for kind, file, column in files
        for key, name in names(file, column).items()
    }
