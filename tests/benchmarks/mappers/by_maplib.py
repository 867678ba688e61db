"""maplib: cleaned by Polars, mapped by one template a property."""

import sys
from pathlib import Path

import polars as pl
from maplib import Model

from tests.benchmarks.mappers.cleaning import LISTS, PROPERTIES, XSD, cleaned

_TYPES = {"address": "ottr:IRI", "text": "xsd:string", "german": "rdf:langString",
          "date": "xsd:date", "decimal": "xsd:decimal"}  # fmt: skip


def main(table: str, output: str) -> None:
    frame = cleaned(Path(table)).with_columns(
        pl.col("start", "end").str.to_date("%Y-%m-%d"),
        pl.col("cost", "lat", "long").cast(pl.Decimal(38, 12)),
    )
    model = Model()
    for number, (predicate, (column, kind)) in enumerate({**PROPERTIES, **LISTS}.items()):
        model.add_template(
            f"@prefix ottr: <http://ns.ottr.xyz/0.4/>. @prefix xsd: <{XSD}>."
            "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>."
            f"<http://e/{number}> [ottr:IRI ?s, {_TYPES[kind]} ?o] ::"
            f" {{ ottr:Triple(?s, <{predicate}>, ?o) }} ."
        )
        pairs = frame.select(pl.col("subject").alias("s"), pl.col(column).alias("o"))
        if predicate in LISTS:
            pairs = pairs.explode("o", empty_as_null=True, keep_nulls=True)
        pairs = pairs.drop_nulls()
        if kind == "german":
            tagged = pl.struct(
                pl.col("o").alias("<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"),
                pl.lit("de").alias("l"),
            )
            pairs = pairs.with_columns(tagged.alias("o"))
        model.map(f"http://e/{number}", pairs)
    model.write(output, format="ntriples")


if __name__ == "__main__":
    main(*sys.argv[1:])
