"""Dates and times: texts written by a pattern, in the form that XML Schema gives them.

Source: *Model for Tabular Data*, section 6.4.4, and UTS #35 date patterns as it names them.
"""

import re
from functools import lru_cache

import polars as pl

from loader.term import without

_DATE, _TIME, _ZONE = "yyyy-MM-dd", "HH:mm:ss.SSSSSSSSSSSS", "XXX"
_DEFAULTS = {
    "date": _DATE,
    "time": _TIME,
    "dateTime": f"{_DATE}T{_TIME}",
    "dateTimeStamp": f"{_DATE}T{_TIME}",
    "gYear": "yyyy",
    "gYearMonth": "yyyy-MM",
    "gMonth": "--MM",
    "gMonthDay": "--MM-dd",
    "gDay": "---dd",
}
TIMES = frozenset(_DEFAULTS)
# What each type is made of: the fields, and the text before each.
_PARTS = {
    "date": (("", "y"), ("-", "m"), ("-", "d")),
    "time": (("", "H"), (":", "M"), (":", "s")),
    "dateTime": (("", "y"), ("-", "m"), ("-", "d"), ("T", "H"), (":", "M"), (":", "s")),
    "gYear": (("", "y"),),
    "gYearMonth": (("", "y"), ("-", "m")),
    "gMonth": (("--", "m"),),
    "gMonthDay": (("--", "m"), ("-", "d")),
    "gDay": (("---", "d"),),
}
_PARTS["dateTimeStamp"] = _PARTS["dateTime"]
_FIELDS = {
    "yyyy": "(?P<y>-?[0-9]{4,})",
    "MM": "(?P<m>0[1-9]|1[0-2])",
    "M": "(?P<m>1[0-2]|0?[1-9])",
    "dd": "(?P<d>0[1-9]|[12][0-9]|3[01])",
    "d": "(?P<d>[12][0-9]|3[01]|0?[1-9])",
    "HH": "(?P<H>[01][0-9]|2[0-4])",
    "H": "(?P<H>1[0-9]|2[0-4]|0?[0-9])",
    "mm": "(?P<M>[0-5][0-9])",
    "m": "(?P<M>[1-5][0-9]|0?[0-9])",
    "ss": "(?P<s>[0-5][0-9])",
    "s": "(?P<s>[1-5][0-9]|0?[0-9])",
    "X": "(?P<z>Z|[+-][0-9]{2}(?:[0-9]{2})?)",
    "XX": "(?P<z>Z|[+-][0-9]{4})",
    "XXX": "(?P<z>Z|[+-][0-9]{2}:[0-9]{2})",
    "x": "(?P<z>[+-][0-9]{2}(?:[0-9]{2})?)",
    "xx": "(?P<z>[+-][0-9]{4})",
    "xxx": "(?P<z>[+-][0-9]{2}:[0-9]{2})",
}
_TOKENS = re.compile(r"yyyy|MM?|dd?|HH?|mm?|ss?|[.,]?S+|X{1,3}|x{1,3}|[-/.:, T]|'[^']*'|(?P<bad>.)")
_GROUP = re.compile(r"\(\?P<(.)>")  # of an expression, with its name
_DAYS = {**dict.fromkeys(range(1, 13), 31), **dict.fromkeys((4, 6, 9, 11), 30), 2: 29}


def check(form: str, base: str) -> None:
    """Raises ValueError when the text is no pattern for dates of this type."""
    found = {field for field in "ymdHMs" if f"(?P<{field}>" in _form(form)}
    if not found or not found <= {field for _, field in _PARTS[base]}:
        raise ValueError(form)


def read(texts: pl.Series, base: str, form: str | None) -> tuple[pl.Series, pl.Series]:
    """The dates as XML Schema writes them, and whether each text is one.

    Without a pattern the texts are such already, and stay as they are.
    """
    fields = texts.str.extract_groups(
        f"^{_form(form)}$" if form else _default(base)
    ).struct.unnest()
    found = set(fields.columns)
    lexical = _lexical(fields, base) if form else without(texts, fields.to_series().is_null())
    good = lexical.is_not_null()
    if {"m", "d"} <= found and {"m", "d"} <= {field for _, field in _PARTS[base]}:
        good = good & _exists(fields)
    if base == "dateTimeStamp":
        good = good & fields["z"].is_not_null() if "z" in found else good & (lexical == "")
    return lexical, good


def _lexical(fields: pl.DataFrame, base: str) -> pl.Series:
    """The fields of each date put together; null where there are none."""
    found = set(fields.columns)
    parts: list[pl.Expr] = []
    for before, field in _PARTS[base]:
        text = pl.col(field).str.zfill(2) if field != "y" else pl.col("y")
        parts += [pl.lit(before), text if field in found else pl.lit("00")]
    if "f" in found:
        fraction = pl.col("f").str.strip_chars_end("0")
        parts.append(
            pl.when(fraction != "").then("." + fraction).otherwise(pl.lit("")).fill_null("")
        )
    if "z" in found:
        parts.append(_zone().fill_null(""))
    return fields.select(pl.concat_str(parts).alias("date"))["date"]


def written(form: str, year: int, month: int, day: int) -> str:
    """A day in one of the forms that `read` takes, without a time."""
    parts = {"yyyy": f"{year:04d}", "MM": f"{month:02d}", "dd": f"{day:02d}"}
    parts |= {"M": str(month), "d": str(day)}
    return re.sub("yyyy|MM?|dd?", lambda match: parts[match[0]], form)


def instants(lexical: pl.Series, base: str) -> pl.Series:
    """Numbers that order dates of one type; a date without a zone counts as UTC."""
    fields = lexical.str.extract_groups(_default(base)).struct.unnest()
    number = {name: fields[name].cast(pl.Float64) for name in fields.columns if name in "ymdHMs"}
    frame = pl.DataFrame({**{name: [0.0] * len(lexical) for name in "ymdHMs"}, **number})
    fraction = (
        ("0." + fields["f"].fill_null("0")).cast(pl.Float64) if "f" in fields.columns else 0.0
    )
    days = (frame["y"] * 12 + frame["m"]) * 31 + frame["d"]
    seconds = frame["H"] * 3600 + frame["M"] * 60 + frame["s"] + fraction
    offset = fields["z"].str.extract_groups(r"^(?P<sign>[+-])(?P<h>..):(?P<m>..)$").struct.unnest()
    minutes = (offset["h"].cast(pl.Float64) * 60 + offset["m"].cast(pl.Float64)).fill_null(0)
    east = offset["sign"].replace_strict(["+", "-"], [1, -1], default=0, return_dtype=pl.Int64)
    return days * 86400 + seconds - east * minutes * 60


def _default(base: str) -> str:
    zone = _FIELDS[_ZONE] if base == "dateTimeStamp" else f"(?:{_FIELDS[_ZONE]})?"
    return f"^{_form(_DEFAULTS[base])}{zone}$"


@lru_cache(maxsize=256)
def _form(form: str) -> str:
    """The pattern as a regular expression with a named group a field."""
    expression = ""
    for match in _TOKENS.finditer(form):
        token = match[0]
        if match["bad"]:
            raise ValueError(form)
        if "S" in token:
            mark = re.escape(token.rstrip("S"))
            expression += rf"(?:{mark}(?P<f>[0-9]{{1,{token.count('S')}}}))?"
        else:
            expression += _FIELDS.get(token) or re.escape(token.strip("'") or "'")
    if len(set(names := _GROUP.findall(expression))) < len(names):
        raise ValueError(form)
    return expression


def _zone() -> pl.Expr:
    """`-05`, `+0800` and `+08:00` as `±hh:mm`."""
    plain = pl.col("z").str.replace(":", "", literal=True).str.pad_end(5, "0")
    west = plain.str.slice(0, 3) + ":" + plain.str.slice(3, 2)
    return pl.when(pl.col("z") == "Z").then(pl.col("z")).otherwise(west)


def _exists(fields: pl.DataFrame) -> pl.Series:
    """Whether the month has the day, in that year."""
    month, day = fields["m"].cast(pl.Int32), fields["d"].cast(pl.Int32)
    good = day <= month.replace_strict(_DAYS, default=0)
    if "y" not in fields.columns:
        return good
    year = fields["y"].cast(pl.Int64, strict=False)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return good & ((month != 2) | (day < 29) | leap)
