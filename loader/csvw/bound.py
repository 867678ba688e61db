"""Bounds: how long a value may be, and between which others it must lie.

Source: *Metadata Vocabulary for Tabular Data*, sections 5.11.2 and 5.11.3.
"""

import re

import polars as pl

from loader.csvw import date, number
from loader.csvw.builtin import DURATIONS
from loader.csvw.schema import Datatype

_SECONDS = {"Y": 31_556_952, "M": 2_629_746, "D": 86_400}
_TIME_SECONDS = {"H": 3600, "M": 60, "S": 1}


def kept(lexical: pl.Series, base: str, datatype: Datatype) -> pl.Series:
    """Whether values keep to the bounds of their datatype; null where there is no value."""
    good = pl.Series("good", [True] * len(lexical), dtype=pl.Boolean)
    shortest, longest = datatype.min_length, datatype.max_length
    if shortest is not None or longest is not None:
        lengths = _lengths(lexical, base)
        good = good if shortest is None else good & (lengths >= shortest)
        good = good if longest is None else good & (lengths <= longest)
    limits = (datatype.minimum, datatype.maximum, datatype.above, datatype.below)
    if any(limit is not None for limit in limits):
        good = good & _between(lexical, base, limits)
    return good


def rank(value: str, base: str) -> float | None:
    """A number in the order of the type's values; None for a text that is none."""
    found: float | None = _ranks(pl.Series([value]), base)[0]
    return found


def _between(lexical: pl.Series, base: str, limits: tuple[str | None, ...]) -> pl.Series:
    values = _ranks(lexical, base)
    low, high, above, below = [None if limit is None else rank(limit, base) for limit in limits]
    good = values.is_not_null()
    if low is not None:
        good = good & (values >= low)
    if high is not None:
        good = good & (values <= high)
    if above is not None:
        good = good & (values > above)
    if below is not None:
        good = good & (values < below)
    return good


def _lengths(lexical: pl.Series, base: str) -> pl.Series:
    """Characters of a text, bytes of a binary value."""
    characters = lexical.str.len_chars().cast(pl.Int64)
    if base == "hexBinary":
        return characters // 2
    if base == "base64Binary":
        return lexical.str.strip_chars_end("=").str.len_chars().cast(pl.Int64) * 3 // 4
    return characters


def _ranks(lexical: pl.Series, base: str) -> pl.Series:
    """Numbers in the order of the values."""
    if base in date.TIMES:
        return date.instants(lexical, base)
    if base in DURATIONS:
        known = {text: _seconds(text) for text in lexical.drop_nulls().unique()}
        return lexical.replace_strict(known, default=None, return_dtype=pl.Float64)
    texts = lexical.str.replace("INF", "inf", literal=True)
    return texts.cast(pl.Int128 if base in number.INTEGERS else pl.Float64, strict=False)


def _seconds(duration: str) -> float | None:
    """A duration in seconds, a month as the twelfth of a year; None for no duration."""
    days, _, time = duration.partition("T")
    parts = [(days, _SECONDS), (time, _TIME_SECONDS)]
    found = [
        float(n) * units[unit]
        for text, units in parts
        for n, unit in re.findall(r"([0-9.]+)([A-Z])", text)
        if unit in units
    ]
    sign = -1 if duration.startswith("-") else 1
    return sign * sum(found) if found else None
