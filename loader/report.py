"""The report of a build or check as text: grouped by rule, counted, the first places shown."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from loader import rule
from loader.finding import SEVERITIES, Finding, counts
from loader.language import Language, Text

SHOWN = 3

_HEADINGS = {
    "error": Text("Fehler", "error"),
    "warning": Text("Warnung", "warning"),
    "info": Text("Hinweis", "info"),
    "converted": Text("Umgewandelt", "converted"),
}
_PLURALS = {
    "error": Text("Fehler", "errors"),
    "warning": Text("Warnungen", "warnings"),
    "info": Text("Hinweise", "infos"),
    "converted": Text("Umwandlungen", "conversions"),
}


def text(findings: list[Finding], language: Language, *, every: bool = False) -> str:
    """One block a rule; errors show all their places, the others the first three."""
    blocks = []
    ordered = sorted(findings, key=_order)
    for _, group in groupby(ordered, key=lambda f: (f.severity, f.code, f.shape)):
        blocks.append(_block(list(group), language, every=every))
    return "\n".join(blocks)


def as_json(findings: list[Finding]) -> str:
    """The findings as the contract writes them."""
    return entries_as_json(finding.as_json() for finding in findings)


def entries_as_json(entries: Iterable[dict[str, Any]]) -> str:
    """Findings that are JSON already, one a line: indented, they would take ten times as long."""
    lines = (json.dumps(entry, ensure_ascii=False) for entry in entries)
    return "[\n" + ",\n".join(lines) + "\n]"


def summary(findings: list[Finding]) -> Text:
    """`5 Fehler, 1 Warnung` and the same in English."""
    numbers = {severity: n for severity, n in counts(findings).items() if n}
    names = [(n, (_HEADINGS if n == 1 else _PLURALS)[s]) for s, n in numbers.items()]
    if not names:
        return Text("keine Befunde", "no findings")
    german = ", ".join(f"{n} {name.de}" for n, name in names)
    return Text(german, ", ".join(f"{n} {name.en}" for n, name in names))


def headline(findings: list[Finding]) -> Text:
    """What the outcome is, in one sentence: `Nicht übernommen: 5 Fehler, 1 Warnung. …`."""
    said = summary(findings)
    if any(finding.severity == "error" for finding in findings):
        return Text(
            f"Nicht in Ordnung: {said.de}. Es wurde nichts gespeichert oder veröffentlicht.",
            f"Not in order: {said.en}. Nothing was stored or published.",
        )
    return Text(f"In Ordnung: {said.de}.", f"In order: {said.en}.")


def known(recognised: dict[str, Any], language: Language) -> str:
    """What was recognised, a line a table, and a line a file that is none."""
    tables = {table["file"] for table in recognised["tables"]}
    lines = [_table(table).say(language) for table in recognised["tables"]]
    for file in recognised["files"]:
        if file["file"] not in tables:
            what = file["format"] or Text("nicht gelesen", "not read").say(language)
            lines.append(f"{file['file']}: {what}")
    return "\n".join(lines)


def _table(table: dict[str, Any]) -> Text:
    columns = table["columns"]
    used = sum(column["property"] is not None for column in columns)
    where = table["file"] + (f", {table['sheet']}" if table["sheet"] else "")
    return Text(
        f"{where}: {table['rows']} Zeilen, {used} von {len(columns)} Spalten werden zu Angaben",
        f"{where}: {table['rows']} rows, {used} of {len(columns)} columns become statements",
    )


def _block(group: list[Finding], language: Language, *, every: bool) -> str:
    first = group[0]
    heading = _HEADINGS[first.severity].say(language)
    lines = [f"{heading} {first.code} ({len(group)}×): {_title(first).say(language)}"]
    shown = group if every or first.severity == "error" else group[:SHOWN]
    hint = ""
    for finding in shown:
        where = finding.place.file or finding.focus or ""
        lines.append(f"  {where}: {finding.sentence().say(language)}")
        if finding.suggestion:
            lines.append(f"    → {finding.suggestion}")
        if finding.hint.say(language) != hint:
            hint = finding.hint.say(language)
            lines.append(f"    {hint}")
    if len(group) > len(shown):
        rest = len(group) - len(shown)
        lines.append(Text(f"  … und {rest} weitere", f"  … and {rest} more").say(language))
    return "\n".join(lines)


def _title(finding: Finding) -> Text:
    known_rule = rule.catalogue().get(finding.code)
    return known_rule.title if known_rule else finding.message


def _order(finding: Finding) -> tuple[int, str, str, str, int]:
    place = finding.place
    rank = SEVERITIES.index(finding.severity)
    return rank, finding.code, finding.shape or "", place.file or "", place.row or 0
