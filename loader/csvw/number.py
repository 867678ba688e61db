"""Numbers: texts with grouped digits, decimal signs, percent, and the patterns for them.

Source: *Model for Tabular Data*, section 6.4.2, and UTS #35 number patterns as it names them.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import polars as pl

UNSIGNED = {"nonNegativeInteger", "positiveInteger", "unsignedLong", "unsignedInt",
            "unsignedShort", "unsignedByte"}  # fmt: skip
NEGATIVE = {"nonPositiveInteger", "negativeInteger"}
INTEGERS = {"integer", "long", "int", "short", "byte"} | UNSIGNED | NEGATIVE
FLOATS = {"double", "float"}
NUMBERS = INTEGERS | FLOATS | {"decimal"}

_GROUP_SIGNS = ("", ".", ",", " ", "'", "\u00a0", "\u202f")
_OPEN = FLOATS | {"decimal", "integer"}  # without bounds of their own
_RANGES = {
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 65535),
    "unsignedByte": (0, 255),
}
_LEXICAL = {
    **dict.fromkeys({"integer", "long", "int", "short", "byte"}, r"^[+-]?[0-9]+$"),
    **dict.fromkeys(UNSIGNED, r"^(\+?[0-9]+|-0+)$"),
    "positiveInteger": r"^\+?0*[1-9][0-9]*$",
    "nonPositiveInteger": r"^(-[0-9]+|[+-]?0+)$",
    "negativeInteger": r"^-0*[1-9][0-9]*$",
    "decimal": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$",
    **dict.fromkeys(FLOATS, r"^([+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|-?INF|NaN)$"),
}
_PERCENT = {"%": 2, "‰": 3}


def read(
    texts: pl.Series, base: str, form: str | None, point: str, group: str | None
) -> tuple[pl.Series, pl.Series]:
    """The numbers as XML Schema writes them, and whether each text is one."""
    if form is None and base in _OPEN and point in ".," and (group or "") in _GROUP_SIGNS:
        usual = _is_usual(texts, base, point, group).fill_null(value=True)
        odd = usual.not_().arg_true()
        plain = _usual(texts, point, group)
        if odd.is_empty():
            return plain, texts.is_not_null()
        rest, good = _read(texts.gather(odd), base, form, point, group)
        return plain.scatter(odd, rest), usual.scatter(odd, good.fill_null(value=False))
    return _read(texts, base, form, point, group)


def _is_usual(texts: pl.Series, base: str, point: str, group: str | None) -> pl.Series:
    """Whether texts are digits, in groups or not, with a fraction or not: what most cells are."""
    groups = f"(?:{re.escape(group)}[0-9]+)*" if group else ""
    fraction = f"(?:{re.escape(point)}[0-9]+)?" if base != "integer" else ""
    return texts.str.contains(f"^-?[0-9]+{groups}{fraction}$")


def _usual(texts: pl.Series, point: str, group: str | None) -> pl.Series:
    if group:
        texts = texts.str.replace_all(group, "", literal=True)
    return texts if point == "." else texts.str.replace(point, ".", literal=True)


def _read(
    texts: pl.Series, base: str, form: str | None, point: str, group: str | None
) -> tuple[pl.Series, pl.Series]:
    fits = None
    if form:
        pattern = compiled(form, point, group or ",")
        fits, group = pattern.fits(texts), group or ","
    plain = texts
    if group:
        plain = plain.str.replace_all(f"([0-9]){re.escape(group)}([0-9])", "${1}${2}")
        plain = plain.str.replace_all(f"([0-9]){re.escape(group)}([0-9])", "${1}${2}")
    if point != ".":
        plain = plain.str.replace_all(".", "\0", literal=True)  # a foreign point is no decimal
        plain = plain.str.replace(point, ".", literal=True)
    if plain.str.contains("[%‰]").any():
        odd = plain.filter(plain.str.contains("[%‰]")).unique().to_list()
        plain = plain.replace(odd, [_share(text) for text in odd])
    good = plain.str.contains(_LEXICAL[base]) & _in_range(plain, base)
    return plain, good if fits is None else good & fits


def compiled(pattern: str, point: str = ".", group: str = ",") -> "Pattern":
    """The pattern, written with the given signs. Raises ValueError when it is none."""
    return _compiled(pattern, point, group)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A number pattern: the form of its texts, and how many digits each part may have."""

    form: str
    group: str
    integer: int
    fraction: tuple[int, int]

    def fits(self, texts: pl.Series) -> pl.Series:
        """Whether each text is written so."""
        parts = texts.str.extract_groups(self.form).struct.unnest()
        whole = self._digits(parts["integer"])
        rest = self._digits(parts["fraction"]).fill_null(0)
        low, high = self.fraction
        return ((whole >= self.integer) & (rest >= low) & (rest <= high)).fill_null(value=False)

    def _digits(self, texts: pl.Series) -> pl.Series:
        return texts.str.replace_all(self.group, "", literal=True).str.len_chars()


@lru_cache(maxsize=256)
def _compiled(pattern: str, point: str, group: str) -> Pattern:
    dot, comma = re.escape(point), re.escape(group)
    match = re.fullmatch(
        rf"(?P<before>[-+%‰]*)(?P<integer>(?:#|{comma})*(?:0|{comma})*)"
        rf"(?:{dot}(?P<fraction>(?:0|{comma})*(?:#|{comma})*))?"
        r"(?P<exponent>E[+-]?#*0+|E[+-]?#+)?(?P<after>[%‰]?)",
        pattern,
    )
    if not match or not re.search("[0#]", pattern):
        raise ValueError(pattern)
    whole, rest = match["integer"].split(group), (match["fraction"] or "").split(group)
    fraction = "".join(rest)
    signs = "".join(c for c in match["before"] if c in _PERCENT)
    exponent = r"E[+-]?[0-9]+" if match["exponent"] else ""
    form = (
        rf"^[+-]?{signs}(?P<integer>{_grouped(whole, comma)})"
        rf"(?:{dot}(?P<fraction>{_in_groups(len(rest[0]) if len(rest) > 1 else 0, comma)}))?"
        rf"{exponent}{match['after']}$"
    )
    return Pattern(form, group, match["integer"].count("0"), (fraction.count("0"), len(fraction)))


def _grouped(parts: list[str], comma: str) -> str:
    """The form of the whole digits: the last group's size, and that of those before it."""
    if len(parts) == 1:
        return "[0-9]*"
    last = len(parts[-1])
    size = len(parts[-2]) if len(parts) > 2 else last
    grouped = rf"[0-9]{{1,{size}}}(?:{comma}[0-9]{{{size}}})*{comma}[0-9]{{{last}}}"
    return rf"{grouped}|[0-9]{{1,{last}}}"


def _in_groups(size: int, comma: str) -> str:
    if not size:
        return "[0-9]+"
    return rf"(?:[0-9]{{{size}}}{comma})*[0-9]{{1,{size}}}"


def _share(text: str) -> str:
    """`25%` as `0.25`; what is no number stays as it is, to be found wrong."""
    sign = next(c for c in text if c in _PERCENT)
    number = text.removeprefix(sign).removesuffix(sign)
    if not re.fullmatch(_LEXICAL["decimal"].strip("^$"), number):
        return text
    return f"{Decimal(number).scaleb(-_PERCENT[sign]):f}"


def _in_range(texts: pl.Series, base: str) -> pl.Series:
    if base not in _RANGES:
        return texts.is_not_null()
    low, high = _RANGES[base]
    values = texts.str.strip_prefix("+").cast(pl.Int128, strict=False)
    return (values >= low) & (values <= high)
