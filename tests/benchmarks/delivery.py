"""A generated delivery: a German table of measures with the quirks that real ones have.

Semicolons, Windows-1252, decimal commas, dd.mm.yyyy, lists in cells with commas inside, quotes and
line breaks in texts, empty cells, keys that addresses must encode, and 0.5 % faulty dates, budgets
and statuses each. About 15.5 statements a row; one of them names the row that it came from.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

B = "https://w3id.org/stadtwissen/"
T = B + "ontology/"
DCT = "http://purl.org/dc/terms/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
TABLE, METADATA = "massnahmen.csv", "metadata.json"
FIELDS = B + "schemes/field-of-action"
STATUSES = B + "schemes/measure-status"
_BLOCK = 100_000
_FIELDS = ("Mobilität", "Energie & Umwelt", "Verwaltung", "Bildung", "Gesundheit", "Handel")
_STATUSES = ("geplant", "laufend", "abgeschlossen", "abgebrochen", "unbekannt")
_TOWNS = ("Köln", "Münster", "Süderbrarup", "Gießen", "Bad Ems", "Würzburg", "Halle (Saale)")
_TAGS = ("Sensorik, vernetzt", "Öffentlicher Raum", "Bürgerbeteiligung", "Daten", "LoRaWAN", "KI")
_END = "zeigt, was eine Kommune mit Daten für ihre Straßen und Plätze tun kann"


def write(folder: Path, rows: int) -> Path:
    """The table and its description in a folder, the same for the same number of rows."""
    table = folder / TABLE
    with table.open("wb") as file:
        file.write(";".join(_CELLS).encode("cp1252") + b"\r\n")
        for first in range(0, rows, _BLOCK):
            numbers = pl.int_range(first, min(first + _BLOCK, rows), eager=True).alias("n")
            frame = pl.select(numbers).select(e.alias(name) for name, e in _CELLS.items())
            text = frame.write_csv(separator=";", include_header=False, line_terminator="\r\n")
            file.write(text.encode("cp1252"))
    (folder / METADATA).write_text(json.dumps(_description(), ensure_ascii=False), "utf-8")
    return table


N = pl.col("n")


def _of(words: tuple[str, ...], step: int = 1) -> pl.Expr:
    return pl.lit(pl.Series(words)).gather(N * step // 7 % len(words))


def _digits(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)


def _day(step: int) -> pl.Expr:
    day = (_digits(N * step % 28 + 1, 2), _digits(N * step % 12 + 1, 2), N * step % 15 + 2012)
    return pl.concat_str(*day, separator=".")


def _faulty(cell: pl.Expr, rest: int, text: str) -> pl.Expr:
    return pl.when(rest == N % 200).then(pl.lit(text)).otherwise(cell)


def _some(cell: pl.Expr, tenths: int) -> pl.Expr:
    return pl.when(tenths > N * 7 % 10).then(cell)


def _list(words: tuple[str, ...]) -> pl.Expr:
    """Two words, or three in every tenth cell."""
    two = pl.concat_str(_of(words), pl.lit(" | "), _of(words, 7))
    three = pl.concat_str(two, pl.lit(" | "), _of(words, 15))
    distinct = _of(words) != _of(words, 7)
    return pl.when(~distinct).then(_of(words)).when(N % 10 == 0).then(three).otherwise(two)


_TITLE = pl.concat_str(pl.lit("Maßnahme "), N, pl.lit(" in "), _of(_TOWNS, 3))
_CELLS = {
    "Kennung": pl.concat_str(pl.lit("Mü "), _digits(N, 7), pl.lit("/"), _of(("a", "b"), 3)),
    "Titel": pl.when(N % 20 == 3).then(_TITLE + ' "Süd"').otherwise(_TITLE),
    "Beschreibung": _some(
        pl.when(N % 50 == 7)
        .then(pl.format("Erste Zeile; {}\nZweite Zeile – {}", N, pl.lit(_END)))
        .otherwise(pl.format("Vorhaben {} {}.", N, pl.lit(_END))),
        9,
    ),
    "AGS": _digits(N * 7919 % 16_000_000 + 1_001_000, 8),
    "Handlungsfelder": _list(_FIELDS),
    "Status": _faulty(_of(_STATUSES), 11, "siehe Anlage 3"),
    "Beginn": _faulty(_day(1), 22, "Ende 2023"),
    "Ende": _some(_day(5), 7),
    "Kosten": _faulty(
        pl.format("{}.{},{}", N * 31 % 900 + 1, _digits(N * 17 % 1000, 3), _digits(N % 100, 2)),
        33,
        "ca. 1,2 Mio.",
    ),
    "Webseite": _some(pl.format("https://www.example.org/massnahmen/{}?s=1&t=2", N), 6),
    "Schlagworte": _list(_TAGS),
    "Breite": pl.format("{},{}", N % 8 + 47, _digits(N * 7919 % 100_000, 5)),
    "Länge": pl.format("{},{}", N % 9 + 6, _digits(N * 104_729 % 100_000, 5)),
}
_DECIMAL = {"base": "decimal", "format": {"decimalChar": ",", "groupChar": "."}}
_DATE = {"base": "date", "format": "dd.MM.yyyy"}


def _description() -> dict[str, Any]:
    columns = [
        _column("key", "Kennung", required=True, propertyUrl=DCT + "identifier"),
        _column("title", "Titel", propertyUrl=DCT + "title", lang="de", required=True),
        _column("text", "Beschreibung", propertyUrl=DCT + "description", lang="de"),
        _column("ags", "AGS", propertyUrl=T + "carriedOutBy", valueUrl=B + "id/municipality/{ags}",
                datatype={"base": "string", "format": "[0-9]{8}"}),
        _column("field", "Handlungsfelder", propertyUrl=T + "fieldOfAction", separator="|",
                **{T + "lookup": FIELDS}),
        _column("status", "Status", propertyUrl=T + "status", **{T + "lookup": STATUSES}),
        _column("start", "Beginn", propertyUrl=T + "startDate", datatype=_DATE),
        _column("end", "Ende", propertyUrl=T + "endDate", datatype=_DATE),
        _column("cost", "Kosten", propertyUrl=T + "value", datatype=_DECIMAL),
        _column("page", "Webseite", propertyUrl="http://xmlns.com/foaf/0.1/page",
                valueUrl="{+page}"),
        _column("tag", "Schlagworte", propertyUrl="http://www.w3.org/ns/dcat#keyword",
                separator="|", lang="de"),
        _column("lat", "Breite", propertyUrl=GEO + "lat", datatype=_DECIMAL),
        _column("long", "Länge", propertyUrl=GEO + "long", datatype=_DECIMAL),
        {"name": "kind", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": T + "Measure"},
        {"name": "row", "virtual": True, "propertyUrl": "prov:wasDerivedFrom",
         "valueUrl": B + "id/file/massnahmen.csv#row={_sourceRow}"},
    ]  # fmt: skip
    schema = {"aboutUrl": B + "id/measure/{key}", "primaryKey": "key", "columns": columns}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "@id": B + "graph/benchmark",
        "dialect": {"encoding": "windows-1252", "delimiter": ";"},
        "tables": [{"url": TABLE, "tableSchema": schema}],
    }


def _column(name: str, title: str, **members: Any) -> dict[str, Any]:
    return {"name": name, "titles": title, **members}
