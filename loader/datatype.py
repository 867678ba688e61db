"""Datatypes: what a cell's text means, for whole columns.

Source: *Model for Tabular Data*, section 6.4, and UTS #35 date patterns as it names them.
"""

import re
from dataclasses import dataclass

import polars as pl

from loader.metadata import STADT
from loader.schema import Datatype
from loader.template import PREFIXES

XSD = PREFIXES["xsd"]
PARTIAL_DATE = STADT + "partialDate"

_ALIASES = {"number": "double", "binary": "base64Binary", "any": "anyAtomicType"}
_TEXT = {"string", "normalizedString", "token", "anyAtomicType", "anyURI", "json", "xml", "html"}
_UNSIGNED = {
    "nonNegativeInteger",
    "positiveInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
}
_NEGATIVE = {"nonPositiveInteger", "negativeInteger"}
_INTEGERS = {"integer", "long", "int", "short", "byte"} | _UNSIGNED | _NEGATIVE
_DECIMALS = {"decimal"}
_FLOATS = {"double", "float"}
_LEXICAL = {
    **dict.fromkeys({"integer", "long", "int", "short", "byte"}, r"^[+-]?[0-9]+$"),
    **dict.fromkeys(_UNSIGNED, r"^\+?[0-9]+$"),
    **dict.fromkeys(_NEGATIVE, r"^(-[0-9]+|[+-]?0+)$"),
    "decimal": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$",
    **dict.fromkeys(_FLOATS, r"^([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN)$"),
    "boolean": r"^(true|false|1|0)$",
    "date": r"^-?[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$",
    "dateTime": r"^-?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?$",
    "gYear": r"^-?[0-9]{4}$",
    "gYearMonth": r"^-?[0-9]{4}-(0[1-9]|1[0-2])$",
    "anyURI": r"^[^\s<>\"{}|\\^`]*$",
}
_DATE_FIELDS = {
    "yyyy": r"(?P<y>[0-9]{4})",
    "MM": r"(?P<m>[0-9]{2})",
    "M": r"(?P<m>[0-9]{1,2})",
    "dd": r"(?P<d>[0-9]{2})",
    "d": r"(?P<d>[0-9]{1,2})",
}


@dataclass(frozen=True, slots=True)
class Cells:
    """A column read by its datatype.

    `lexical` is the canonical text or null, `datatype` the IRI per row, `bad` marks the cells
    that have text which is no value of the datatype.
    """

    lexical: pl.Series
    datatype: pl.Series
    bad: pl.Series


def read(texts: pl.Series, datatype: Datatype) -> Cells:
    """Reads a text column (null = no value); whitespace around other than text is not meant."""
    base = _ALIASES.get(datatype.base, datatype.base)
    if base == PARTIAL_DATE:
        return _partial_dates(texts.str.strip_chars())
    if base not in _TEXT:
        texts = texts.str.strip_chars()
    lexical, good = _by_kind(texts, base, datatype)
    good = good & _in_bounds(lexical, base, datatype)
    iri = pl.Series("datatype", [_iri(base)] * len(texts), dtype=pl.String)
    return _cells(texts, lexical, iri, good)


def is_number(datatype: Datatype) -> bool:
    """Whether the datatype is numeric."""
    base = _ALIASES.get(datatype.base, datatype.base)
    return base in _INTEGERS | _DECIMALS | _FLOATS


def _by_kind(texts: pl.Series, base: str, datatype: Datatype) -> tuple[pl.Series, pl.Series]:
    if base in _INTEGERS | _DECIMALS | _FLOATS:
        return _numbers(texts, base, datatype)
    if base == "date":
        return _dates(texts, datatype.format or "yyyy-MM-dd")
    if base == "boolean" and datatype.format:
        return _booleans(texts, datatype.format)
    pattern = _LEXICAL.get(base)
    good = texts.str.contains(pattern) if pattern else texts.is_not_null()
    if base in _TEXT and datatype.format:
        good = good & texts.str.contains(f"^(?:{datatype.format})$")
    return texts, good


def _numbers(texts: pl.Series, base: str, datatype: Datatype) -> tuple[pl.Series, pl.Series]:
    """Takes group characters out where they part digits, and writes the decimal point."""
    plain = texts
    if datatype.group_char:
        group = re.escape(datatype.group_char)
        plain = plain.str.replace_all(f"([0-9]){group}", "${1}")
    if datatype.decimal_char != ".":
        plain = plain.str.replace_all(".", "\0", literal=True)  # a foreign point is no decimal
        plain = plain.str.replace(datatype.decimal_char, ".", literal=True)
    return plain, plain.str.contains(_LEXICAL[base])


def _dates(texts: pl.Series, form: str) -> tuple[pl.Series, pl.Series]:
    pattern = _date_pattern(form)
    parts = texts.str.extract_groups(pattern).struct.unnest()
    two = {name: parts[name].str.zfill(2) for name in ("m", "d")}
    iso = pl.DataFrame({"y": parts["y"], **two}).select(
        pl.concat_str(["y", "m", "d"], separator="-").alias("date")
    )["date"]
    return iso, iso.str.to_date("%Y-%m-%d", strict=False).is_not_null()


def _date_pattern(form: str) -> str:
    tokens = re.findall(r"yyyy|MM|M|dd|d|[^yMd]+", form)
    return "^" + "".join(_DATE_FIELDS.get(token, re.escape(token)) for token in tokens) + "$"


def _booleans(texts: pl.Series, form: str) -> tuple[pl.Series, pl.Series]:
    yes, _, no = form.partition("|")
    lexical = texts.replace_strict([yes, no], ["true", "false"], default=None)
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
    _, days = _dates(texts, "yyyy-MM-dd")
    good = (kinds != "date") | days
    return _cells(texts, texts, XSD + kinds, good)


def _in_bounds(lexical: pl.Series, base: str, datatype: Datatype) -> pl.Series:
    """Whether values keep to the bounds; a value that is none counts as kept."""
    good = pl.Series("good", [True] * len(lexical), dtype=pl.Boolean)
    if datatype.min_length is not None:
        good = good & (lexical.str.len_chars() >= datatype.min_length)
    if datatype.max_length is not None:
        good = good & (lexical.str.len_chars() <= datatype.max_length)
    numeric = base in _INTEGERS | _DECIMALS | _FLOATS
    values = lexical.cast(pl.Float64, strict=False) if numeric else lexical
    if datatype.minimum is not None:
        good = good & (values >= _limit(datatype.minimum, numeric=numeric))
    if datatype.maximum is not None:
        good = good & (values <= _limit(datatype.maximum, numeric=numeric))
    return good


def _limit(text: str, *, numeric: bool) -> float | str:
    return float(text) if numeric else text


def _cells(texts: pl.Series, lexical: pl.Series, iri: pl.Series, good: pl.Series) -> Cells:
    bad = texts.is_not_null() & ~good.fill_null(value=False)
    table = pl.DataFrame({"lexical": lexical, "bad": bad})
    kept = table.select(pl.when(~pl.col("bad")).then(pl.col("lexical")).alias("lexical"))
    return Cells(kept["lexical"], iri, bad)


def _iri(base: str) -> str:
    special = {
        "json": "http://www.w3.org/ns/csvw#JSON",
        "xml": PREFIXES["rdf"] + "XMLLiteral",
        "html": PREFIXES["rdf"] + "HTML",
    }
    if base in special or ":" in base:
        return special.get(base, base)
    return XSD + base
