"""The limit with Polars: the whole table as columns, concatenated to lines, nothing checked."""

import sys
from pathlib import Path

import polars as pl

from tests.benchmarks.mappers.cleaning import LISTS, PROPERTIES, XSD, cleaned

ENDS = {"text": '"', "german": '"@de', "date": f'"^^<{XSD}date>', "decimal": f'"^^<{XSD}decimal>'}


def main(table: str, output: str) -> None:
    frame = cleaned(Path(table))
    with Path(output).open("wb") as file:
        for predicate, (column, kind) in {**PROPERTIES, **LISTS}.items():
            pairs = frame.select("subject", column)
            if predicate in LISTS:
                pairs = pairs.explode(column, empty_as_null=True, keep_nulls=True)
            term = pl.col(column)
            if kind == "german":
                term = term.str.replace_many(["\\", '"', "\n"], ["\\\\", '\\"', "\\n"])
            start, end = ("<", ">") if kind == "address" else ('"', ENDS[kind])
            line = pl.concat_str(
                pl.lit("<"), "subject", pl.lit(f"> <{predicate}> {start}"), term, pl.lit(f"{end} .")
            )
            lines = pairs.drop_nulls().select(line.alias("line"))
            lines.write_csv(file, include_header=False, quote_style="never")


if __name__ == "__main__":
    main(*sys.argv[1:])
