"""Statements: whole columns of subjects, predicates and objects, as N-Triples writes terms."""

from io import BytesIO
from typing import IO

import polars as pl

from loader import term

SUBJECT, PREDICATE, OBJECT = "s", "p", "o"
END = " .\n"


def statements(
    subjects: pl.Series, predicates: str | pl.Series, objects: pl.Series
) -> pl.DataFrame:
    """One statement a row; where a term is null there is none.

    `predicates` is one address for all, or a column of terms.
    """
    if isinstance(predicates, str):
        middle: pl.Expr | pl.Series = pl.lit(term.iri(predicates))
    else:
        middle = predicates
    frame = pl.DataFrame({SUBJECT: subjects, OBJECT: objects}).with_columns(middle.alias(PREDICATE))
    return frame.select(SUBJECT, PREDICATE, OBJECT).drop_nulls()


def single(texts: list[tuple[str, str, str]]) -> pl.DataFrame:
    """A few statements given as terms."""
    schema = dict.fromkeys((SUBJECT, PREDICATE, OBJECT), pl.String)
    return pl.DataFrame(texts, schema=schema, orient="row")


def end(graph: str) -> str:
    """What follows the object of a statement in a named graph."""
    return f" {term.iri(graph)} .\n"


def lines(frame: pl.DataFrame, ending: str = END) -> pl.Series:
    """One line a statement, without its line feed."""
    parts = [pl.concat_str(SUBJECT, PREDICATE, OBJECT, separator=" "), pl.lit(ending.rstrip("\n"))]
    return frame.select(pl.concat_str(parts).alias("line"))["line"]


def write(frame: pl.DataFrame, file: IO[bytes], ending: str = END) -> None:
    """Writes one line a statement, as bytes that no object of Python holds."""
    frame.write_csv(
        file, include_header=False, separator=" ", line_terminator=ending, quote_style="never"
    )


def encoded(frame: pl.DataFrame, ending: str = END) -> bytes:
    """The lines as bytes."""
    buffer = BytesIO()
    write(frame, buffer, ending)
    return buffer.getvalue()
