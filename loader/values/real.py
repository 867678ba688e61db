"""Real cells: what a file holds as a number, a date or a truth value, beside texts of a format."""

from dataclasses import replace

import polars as pl

from loader.csvw import datatype as datatypes
from loader.csvw import number
from loader.csvw.datatype import Cells
from loader.csvw.date import TIMES
from loader.csvw.schema import Datatype

_LENGTHS = {"gYear": 4, "gYearMonth": 7, "date": 10}  # of `2022-04-01T12:30:00`
_FORMATTED = {*number.NUMBERS, *TIMES, "boolean"}


def read(texts: pl.Series, datatype: Datatype, real: pl.Series | None) -> Cells:
    """Reads a text column as `datatype.read` does, its real cells whatever the format.

    `real` tells them apart; None for none.
    """
    cells = datatypes.read(texts, datatype)
    base = datatypes.base_of(datatype)
    if real is None or base not in _FORMATTED:
        return cells
    plain = replace(datatype, format=None, decimal_char=".", group_char=None)
    others = datatypes.read(_fitting(texts, base), plain)
    return Cells(
        others.lexical.zip_with(real, cells.lexical),
        cells.kinds,
        others.bad.zip_with(real, cells.bad),
    )


def _fitting(texts: pl.Series, base: str) -> pl.Series:
    """A moment in as much detail as the datatype has; a spreadsheet knows days with times only."""
    moment = texts.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)").fill_null(value=False)
    if base in _LENGTHS:
        return texts.str.slice(0, _LENGTHS[base]).zip_with(moment, texts)
    if base == "dateTime":
        day = moment & (texts.str.len_chars() == _LENGTHS["date"])
        return (texts + "T00:00:00").zip_with(day, texts)
    return texts
