"""Datatypes: what a cell's text means, for whole columns.

Source: *Model for Tabular Data*, section 6.4.
"""

import re
from dataclasses import dataclass

import polars as pl

from loader.csvw import bound, date, number
from loader.csvw.builtin import (
    ALIASES,
    DURATIONS,
    KEEPS_BREAKS,
    KEEPS_SPACE,
    PARTIAL_DATE,
    XSD,
    address,
)
from loader.csvw.schema import Datatype
from loader.term import XSD_STRING, without

__all__ = ["PARTIAL_DATE", "Cells", "base_of", "is_number", "read", "spaced"]

_DURATION = (
    r"-?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?"
    r"(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
_LEXICAL = {
    "boolean": r"^(true|false|1|0)$",
    "gYear": r"^-?[0-9]{4}$",
    "gYearMonth": r"^-?[0-9]{4}-(0[1-9]|1[0-2])$",
    "anyURI": r"^[^\s<>\"{}|\\^`]*$",
    "hexBinary": r"^([0-9A-Fa-f]{2})*$",
    "base64Binary": r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    "language": r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$",
    "NMTOKEN": r"^[\p{L}\p{N}\p{M}._:·-]+$",
    "Name": r"^[\p{L}_:][\p{L}\p{N}\p{M}._:·-]*$",
    "QName": r"^([\p{L}_][\p{L}\p{N}\p{M}._·-]*:)?[\p{L}_][\p{L}\p{N}\p{M}._·-]*$",
    "duration": f"^{_DURATION}$",
    "dayTimeDuration": r"^-?P[^YM]*(T.*)?$",
    "yearMonthDuration": r"^-?P[^DT]*$",
}
_COMPLETE = r"[0-9][A-Z]$"
_BLANK = r"[\r\n\t]|  |^\s|\s$"


@dataclass(frozen=True, slots=True)
class Cells:
    """A column read by its datatype.

    `lexical` is the canonical text or null, `kinds` the datatype's address, of all cells or one
    by one; `bad` marks the cells that have text which is no value of the datatype.
    """

    lexical: pl.Series
    kinds: str | pl.Series
    bad: pl.Series

    def with_texts(self, texts: pl.Series) -> "Cells":
        """The same, with the cells that could not be read as plain texts."""
        if not self.bad.any():
            return self
        kept = self.lexical.zip_with(~self.bad, texts)
        kinds = self.kinds
        if isinstance(kinds, str):
            kinds = pl.Series([kinds], dtype=pl.String).new_from_index(0, len(texts))
        plain = pl.Series([XSD_STRING], dtype=pl.String).new_from_index(0, len(texts))
        return Cells(kept, kinds.zip_with(~self.bad, plain), self.bad)


def read(texts: pl.Series, datatype: Datatype) -> Cells:
    """Reads a text column (null = no value) that `spaced` has been through."""
    if _is_plain(datatype):
        never = pl.Series([False]).new_from_index(0, len(texts))
        return Cells(texts, datatype.address or address(datatype.base), never)
    distinct = texts.unique()
    if len(distinct) > len(texts) // 2:
        return _read(texts, datatype)
    return _by_text(_read(distinct, datatype), distinct, texts)


def _read(texts: pl.Series, datatype: Datatype) -> Cells:
    base = base_of(datatype)
    if base == PARTIAL_DATE:
        return _partial_dates(texts)
    lexical, good = _by_kind(texts, base, datatype)
    good = good & bound.kept(lexical, base, datatype)
    return _cells(texts, lexical, datatype.address or address(base), good)


def _is_plain(datatype: Datatype) -> bool:
    """Whether every text is a value as it stands."""
    bare = Datatype(datatype.base, address=datatype.address)
    return datatype == bare and base_of(datatype) in {"string", "anyAtomicType"}


def _by_text(cells: Cells, distinct: pl.Series, texts: pl.Series) -> Cells:
    """What was read of the distinct texts, for each of all texts."""
    known = pl.DataFrame({"text": distinct, "lexical": cells.lexical, "bad": cells.bad})
    if isinstance(cells.kinds, pl.Series):
        known = known.with_columns(cells.kinds.alias("kinds"))
    found = texts.to_frame("text").join(
        known, on="text", how="left", nulls_equal=True, maintain_order="left"
    )
    kinds = cells.kinds if isinstance(cells.kinds, str) else found["kinds"]
    return Cells(found["lexical"], kinds, found["bad"])


def spaced(texts: pl.Series, datatype: Datatype) -> pl.Series:
    """The texts without the blanks that their datatype does not mean."""
    base = base_of(datatype)
    if (base in KEEPS_SPACE and base in KEEPS_BREAKS) or not texts.str.contains(_BLANK).any():
        return texts
    if base not in KEEPS_BREAKS:
        texts = texts.str.replace_all(r"[\r\n\t]", " ")
    if base not in KEEPS_SPACE:
        texts = texts.str.strip_chars().str.replace_all(" {2,}", " ")
    return texts


def base_of(datatype: Datatype) -> str:
    """The name of the built-in datatype, without its older names."""
    return ALIASES.get(datatype.base, datatype.base)


def is_number(datatype: Datatype) -> bool:
    """Whether the datatype is numeric."""
    return base_of(datatype) in number.NUMBERS


def _by_kind(texts: pl.Series, base: str, datatype: Datatype) -> tuple[pl.Series, pl.Series]:
    if base in number.NUMBERS:
        return number.read(texts, base, datatype.format, datatype.decimal_char, datatype.group_char)
    if base in date.TIMES:
        return date.read(texts, base, datatype.format)
    if base == "boolean":
        return _booleans(texts, datatype.format or "true|false")
    pattern = _LEXICAL.get(base)
    good = texts.str.contains(pattern) if pattern else texts.is_not_null()
    if base in DURATIONS:
        good = good & texts.str.contains(_LEXICAL["duration"]) & texts.str.contains(_COMPLETE)
    return texts, good & _matches(texts, datatype.format) if datatype.format else good


def _matches(texts: pl.Series, form: str) -> pl.Series:
    """Whether texts fit a regular expression; Python's where the fast engine lacks a feature."""
    try:
        return texts.str.contains(f"^(?:{form})$")
    except pl.exceptions.ComputeError:
        expression = re.compile(form)
        known = {text: bool(expression.fullmatch(text)) for text in texts.drop_nulls().unique()}
        return texts.replace_strict(known, default=False, return_dtype=pl.Boolean)


def _booleans(texts: pl.Series, form: str) -> tuple[pl.Series, pl.Series]:
    yes, _, no = form.partition("|")
    words = {yes: "true", no: "false"}
    if form == "true|false":
        words |= {"1": "true", "0": "false"}
    lexical = texts.replace_strict(words, default=None, return_dtype=pl.String)
    return lexical, lexical.is_not_null()


def _partial_dates(texts: pl.Series) -> Cells:
    """Day, month or year, each cell as exactly as it was said."""
    kinds = pl.DataFrame({"t": texts}).select(
        pl.when(pl.col("t").str.contains(_LEXICAL["gYear"]))
        .then(pl.lit("gYear"))
        .when(pl.col("t").str.contains(_LEXICAL["gYearMonth"]))
        .then(pl.lit("gYearMonth"))
        .otherwise(pl.lit("date"))
        .alias("kind")
    )["kind"]
    _, days = date.read(texts, "date", "yyyy-MM-dd")
    good = (kinds != "date") | days
    return _cells(texts, texts, XSD + kinds, good)


def _cells(texts: pl.Series, lexical: pl.Series, kinds: str | pl.Series, good: pl.Series) -> Cells:
    bad = texts.is_not_null() & ~good.fill_null(value=False)
    return Cells(without(lexical, bad), kinds, bad)
