"""Columns: a master as a table of subject, predicate and object, each as its file spells it."""

from pathlib import Path

import polars as pl

_NEVER = "\x01"  # canonical N-Quads escape it, so that it separates nothing


def scan(path: Path, graph: str) -> pl.LazyFrame:
    """The statements of one graph (empty: the unnamed one) as columns, read when collected."""
    if not path.stat().st_size:
        return pl.LazyFrame(schema={"s": pl.String, "p": pl.String, "o": pl.String})
    lines = pl.scan_csv(
        path, has_header=False, separator=_NEVER, quote_char=None, new_columns=["line"]
    )
    parts = pl.col("line").str.splitn(" ", 3).struct
    return lines.select(
        parts.field("field_0").alias("s"),
        parts.field("field_1").alias("p"),
        parts.field("field_2").str.strip_suffix(f" <{graph}> ." if graph else " .").alias("o"),
    )
