"""Records: rows of a file as texts, and what a file holds as more than text.

A row counts as a spreadsheet shows it. Where a format has no header row of its own, row 1 is made
of its names.
"""

import datetime
import math
from decimal import Decimal

Record = tuple[int, list[str]]

_DIGITS = 15  # as many as a spreadsheet shows and keeps


class Real(str):
    """The text of a cell that its file holds as a number, a date, a time or a truth value.

    Numbers have a decimal point and no exponent, dates and times are those of ISO 8601.
    """

    __slots__ = ()


def real(value: object) -> str:
    """What a file holds, as text: `Real` unless it is text; empty for nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool | int):
        return Real(str(value).lower())
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    return _moment(value) if isinstance(value, datetime.date | datetime.time) else str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    text = format(Decimal(f"{value:.{_DIGITS}g}"), "f")
    return Real(text.rstrip("0").rstrip(".") if "." in text else text)


def _moment(value: datetime.date | datetime.time) -> Real:
    """A day without a time is a date."""
    if isinstance(value, datetime.datetime):
        whole = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
        is_day = not (whole.hour or whole.minute or whole.second)
        return Real(whole.date().isoformat() if is_day else whole.isoformat())
    if isinstance(value, datetime.time):
        return Real(value.isoformat("seconds"))
    return Real(value.isoformat())


def _duration(value: datetime.timedelta) -> Real:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return Real(f"{sign}PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S")
