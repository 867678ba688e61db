"""What the peers need done before they map: dates, numbers, lists and look-ups, by Polars."""

from io import BytesIO
from pathlib import Path

import polars as pl

B = "https://w3id.org/stadtwissen/"
T = B + "ontology/"
DCT = "http://purl.org/dc/terms/"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
XSD = "http://www.w3.org/2001/XMLSchema#"
FIELDS = {
    "Mobilität": "mobility", "Energie & Umwelt": "energy-environment",
    "Verwaltung": "administration", "Bildung": "education", "Gesundheit": "health",
    "Handel": "trade",
}  # fmt: skip
STATUSES = {
    "geplant": "planned", "laufend": "running", "abgeschlossen": "finished",
    "abgebrochen": "cancelled", "unbekannt": "unknown",
}  # fmt: skip
# property: column, kind of object
PROPERTIES = {
    DCT + "identifier": ("Kennung", "text"),
    DCT + "title": ("Titel", "german"),
    DCT + "description": ("Beschreibung", "german"),
    T + "carriedOutBy": ("place", "address"),
    T + "status": ("status", "address"),
    T + "startDate": ("start", "date"),
    T + "endDate": ("end", "date"),
    T + "value": ("cost", "decimal"),
    "http://xmlns.com/foaf/0.1/page": ("Webseite", "address"),
    GEO + "lat": ("lat", "decimal"),
    GEO + "long": ("long", "decimal"),
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": ("class", "address"),
    "http://www.w3.org/ns/prov#wasDerivedFrom": ("row", "address"),
}
LISTS = {
    T + "fieldOfAction": ("Handlungsfelder", "address"),
    "http://www.w3.org/ns/dcat#keyword": ("Schlagworte", "german"),
}


def read(table: Path) -> pl.DataFrame:
    """The table's texts, empty cells as null."""
    text = table.read_bytes().decode("cp1252").encode()
    return pl.read_csv(BytesIO(text), separator=";", infer_schema=False)


def cleaned(table: Path) -> pl.DataFrame:
    """One row a measure: `subject`, and the columns of PROPERTIES and LISTS (as lists)."""
    frame = read(table).with_row_index("n", 2)
    key = pl.col("Kennung").str.replace_many([" ", "/", "ü"], ["%20", "%2F", "%C3%BC"])
    return frame.select(
        (B + "id/measure/" + key).alias("subject"),
        "Kennung",
        "Titel",
        "Beschreibung",
        (B + "id/municipality/" + pl.col("AGS")).alias("place"),
        _known(pl.col("Status"), STATUSES, "measure-status").alias("status"),
        _date("Beginn").alias("start"),
        _date("Ende").alias("end"),
        _decimal("Kosten").alias("cost"),
        "Webseite",
        _decimal("Breite").alias("lat"),
        _decimal("Länge").alias("long"),
        pl.lit(T + "Measure").alias("class"),
        (B + "id/file/massnahmen.csv#row=" + pl.col("n").cast(pl.String)).alias("row"),
        _items("Handlungsfelder").list.eval(_known(pl.element(), FIELDS, "field-of-action")),
        _items("Schlagworte"),
    )


def _items(name: str) -> pl.Expr:
    return pl.col(name).str.split("|").list.eval(pl.element().str.strip_chars())


def _known(texts: pl.Expr, names: dict[str, str], scheme: str) -> pl.Expr:
    addresses = [f"{B}schemes/{scheme}/{name}" for name in names.values()]
    return texts.replace_strict(list(names), addresses, default=None, return_dtype=pl.String)


def _date(name: str) -> pl.Expr:
    return pl.col(name).str.to_date("%d.%m.%Y", strict=False).cast(pl.String)


def _decimal(name: str) -> pl.Expr:
    plain = pl.col(name).str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return pl.when(plain.str.contains(r"^[0-9]+(\.[0-9]+)?$")).then(plain)
