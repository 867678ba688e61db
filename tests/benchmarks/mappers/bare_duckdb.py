"""The limit with DuckDB: one query from the table's texts to lines, nothing checked."""

import sys
import tempfile
from pathlib import Path

import duckdb

from tests.benchmarks.mappers.cleaning import FIELDS, LISTS, PROPERTIES, STATUSES, XSD, B, T

ENDS = {"text": '"', "german": '"@de', "date": f'"^^<{XSD}date>', "decimal": f'"^^<{XSD}decimal>'}


def _decimal(name: str) -> str:
    return f"""replace(replace("{name}", '.', ''), ',', '.')"""


def _number(name: str) -> str:
    plain = _decimal(name)
    return f"CASE WHEN try_cast({plain} AS DOUBLE) IS NOT NULL THEN {plain} END"


def _date(name: str) -> str:
    return f"""strftime(try_strptime("{name}", '%d.%m.%Y'), '%Y-%m-%d')"""


def _known(text: str, names: dict[str, str], scheme: str) -> str:
    entries = ", ".join(f"'{name}': '{B}schemes/{scheme}/{key}'" for name, key in names.items())
    return f"MAP {{{entries}}}[{text}]"


_SPECIAL = {
    "subject": f"""'{B}id/measure/' || url_encode("Kennung")""",
    "place": f"""'{B}id/municipality/' || "AGS\"""",
    "status": _known('"Status"', STATUSES, "measure-status"),
    "start": _date("Beginn"),
    "end": _date("Ende"),
    "cost": _number("Kosten"),
    "lat": _number("Breite"),
    "long": _number("Länge"),
    "class": f"'{T}Measure'",
    "row": f"'{B}id/file/massnahmen.csv#row=' || (row_number() OVER () + 1)",
}


def main(table: str, output: str) -> None:
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        decoded = Path(folder) / "utf-8.csv"
        decoded.write_bytes(Path(table).read_bytes().decode("cp1252").encode())
        columns = ", ".join(f'{sql} AS "x_{name}"' for name, sql in _SPECIAL.items())
        lines = " UNION ALL ".join(map(_lines, {**PROPERTIES, **LISTS}.items()))
        duckdb.execute(
            f"CREATE TEMP TABLE t AS SELECT *, {columns} FROM read_csv('{decoded}', delim=';',"
            " header=true, all_varchar=true, quote='\"', escape='\"', strict_mode=false)"
        )
        duckdb.execute(
            f"COPY (SELECT line FROM ({lines}) WHERE line IS NOT NULL) TO '{output}'"
            " (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
        )


def _lines(pair: tuple[str, tuple[str, str]]) -> str:
    predicate, (column, kind) = pair
    term, rows = f'"x_{column}"' if column in _SPECIAL else f'"{column}"', "t"
    if predicate in LISTS:
        items = f"""unnest(string_split("{column}", '|'))"""
        rows, term = f"(SELECT x_subject, trim({items}) AS item FROM t)", "item"
        if kind == "address":
            term = _known("item", FIELDS, "field-of-action")
    if kind == "german":
        backslash = f"""replace({term}, '\\', '\\\\')"""
        term = f"""replace(replace({backslash}, '"', '\\"'), chr(10), '\\n')"""
    start, end = ("<", ">") if kind == "address" else ('"', ENDS[kind])
    line = f"'<' || x_subject || '> <{predicate}> {start}' || {term} || '{end} .'"
    return f"SELECT {line} AS line FROM {rows}"


if __name__ == "__main__":
    main(*sys.argv[1:])
