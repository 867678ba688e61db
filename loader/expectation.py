"""Expectations: how many rows a table should have, by its metadata and by the live release."""

from collections.abc import Iterable, Set

from loader import rule
from loader.csvw.schema import Table
from loader.finding import Finding, Place
from loader.source import Source

Counts = dict[str, int]


def findings(source: Source, rows: Counts, live: Counts, *, accepted: bool) -> list[Finding]:
    """What is wrong with the numbers of rows; `live` are those of the live release, by file.

    `accepted` says that an operator has agreed to rows vanishing against the live release.
    """
    found = []
    for table in source.group.tables:
        name, place = table.name, table.place()
        number = rows.get(name, 0)
        if _unexpected(table, number):
            finding = rule.finding("E-MENGE", found=number, expected=_expected(table))
            found.append(finding.at(place, str(number)))
        elif not accepted and number < live.get(name, 0) * (1 - source.group.maximum_shrinkage):
            finding = rule.finding(
                "E-SCHWUND",
                found=number,
                before=live[name],
                share=round(source.group.maximum_shrinkage * 100),
                source=source.name,
            )
            found.append(finding.at(place, str(number)))
    known = {table.name for table in source.group.tables}
    for file in sorted(live.keys() - known) if not accepted else ():
        gone = rule.finding("E-TABELLE-FEHLT", before=live[file], source=source.name)
        found.append(gone.at(Place(file), None))
    return found


def gone(names: Iterable[str], live: Iterable[str], accepted: Set[str]) -> list[Finding]:
    """The sources of the live release that are not among these names; `accepted` may be gone."""
    missing = set(live) - set(names) - accepted
    return [rule.finding("E-QUELLE-FEHLT", source=name) for name in sorted(missing)]


def _unexpected(table: Table, number: int) -> bool:
    above = table.maximum_rows is not None and number > table.maximum_rows
    return number < table.minimum_rows or above


def _expected(table: Table) -> str:
    low, high = table.minimum_rows, table.maximum_rows
    if high is None:
        return f"≥ {low}"
    return str(low) if low == high else f"{low}–{high}"
