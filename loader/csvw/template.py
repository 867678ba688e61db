"""URI templates: how names of columns become addresses, for whole columns.

Source: RFC 6570, all four levels except exploded lists, which cells are not.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters, digits
from urllib.parse import quote

import polars as pl

from loader.prefix import PREFIXES, full_address

__all__ = ["PREFIXES", "Template", "encode", "full_address", "parse"]

_EXPRESSION = re.compile(r"\{([+#./;?&]?)([^{}]+)\}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FORBIDDEN = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]")
_RESERVED = "!#$&'()*+,/:;=?@[]%"
_FIRST = {"": "", "+": "", "#": "#", ".": ".", "/": "/", ";": ";", "?": "?", "&": "&"}
_BETWEEN = {"": ",", "+": ",", "#": ",", ".": ".", "/": "/", ";": ";", "?": "&", "&": "&"}
_NAMED = ";?&"
_UNRESERVED = r"A-Za-z0-9._~\-"
_PLAIN = ascii_letters + digits + "._~-"


@dataclass(frozen=True, slots=True)
class Expression:
    """One `{…}`: its operator, and its names with the length that each is cut to."""

    operator: str
    names: tuple[str, ...]
    lengths: tuple[int | None, ...]

    @property
    def _is_named(self) -> bool:
        return bool(self.operator) and self.operator in _NAMED

    def expand(self, frame: pl.DataFrame) -> pl.Series:
        """The text that stands for the expression in each row; null where no name has a value."""
        safe = _RESERVED if self.operator in {"+", "#"} else ""
        parts = {}
        for name, length in zip(self.names, self.lengths, strict=True):
            if name not in frame.columns:
                raise KeyError(name)
            values = frame[name] if length is None else frame[name].str.slice(0, length)
            encoded = _joined(values, safe) if values.dtype == pl.List else encode(values, safe)
            parts[name] = f"{name}=" + encoded if self._is_named else encoded
        if not self.operator and len(parts) == 1:
            return next(iter(parts.values()))
        text = pl.concat_str(list(parts), separator=_BETWEEN[self.operator], ignore_nulls=True)
        some = pl.any_horizontal(pl.col(list(parts)).is_not_null())
        first = pl.lit(_FIRST[self.operator])
        return pl.DataFrame(parts).select(pl.when(some).then(first + text).alias("text"))["text"]


@dataclass(frozen=True, slots=True)
class Template:
    """A template cut into its parts: literal text, and the expressions between."""

    text: str
    literals: tuple[str, ...]
    expressions: tuple[Expression, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all expressions, in their order."""
        return tuple(name for each in self.expressions for name in each.names)

    @property
    def is_absolute(self) -> bool:
        """Whether every address made of it begins with a scheme."""
        return bool(_SCHEME.match(self.literals[0]))

    @property
    def is_safe(self) -> bool:
        """Whether no address made of it can hold a character that RDF forbids."""
        encodes = all(expression.operator not in {"+", "#"} for expression in self.expressions)
        return encodes and not any(_FORBIDDEN.search(text) for text in self.literals)

    def expand(self, frame: pl.DataFrame, missing: str | None = None) -> pl.Series:
        """One address per row; `missing` stands where an expression has no value.

        `frame` holds text columns (or lists of text) under the names. Raises KeyError for a name
        it lacks, if `missing` is None.
        """
        if not self.expressions:
            return pl.Series("iri", [self.text] * frame.height, dtype=pl.String)
        if missing is not None:  # the standard's reading: a name without a column has no value
            absent = set(self.names) - set(frame.columns)
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
        parts: list[pl.Expr] = [pl.lit(self.literals[0])]
        texts = {}
        for i, expression in enumerate(self.expressions):
            texts[f"{i}"] = expression.expand(frame)
            text = pl.col(f"{i}")
            parts += [text if missing is None else text.fill_null(missing)]
            parts += [pl.lit(self.literals[i + 1])]
        return pl.DataFrame(texts).select(pl.concat_str(parts).alias("iri"))["iri"]


@lru_cache(maxsize=1024)
def parse(text: str) -> Template:
    """The template of a `…Url` property; a prefixed name is written out first."""
    text = full_address(text)
    literals = []
    position = 0
    matches = list(_EXPRESSION.finditer(text))
    for match in matches:
        literals.append(text[position : match.start()])
        position = match.end()
    literals.append(text[position:])
    expressions = tuple(_expression(match[1], match[2]) for match in matches)
    return Template(text, tuple(literals), expressions)


def encode(values: pl.Series, safe: str = "") -> pl.Series:
    """Percent-encodes a text column; Python sees only the distinct characters that need it."""
    needs = values.str.contains(f"[^{_UNRESERVED}{re.escape(safe)}]").fill_null(value=False)
    if not needs.any():
        return values
    is_all = needs.all()
    odd = values if is_all else values.filter(needs)
    characters = set(odd.str.join("").item()) - set(f"{_PLAIN}{safe}")
    encoded = odd.str.replace_many({c: quote(c, safe="") for c in characters})
    return encoded if is_all else values.clone().scatter(needs.arg_true(), encoded)


def _expression(operator: str, variables: str) -> Expression:
    names, lengths = [], []
    for variable in variables.split(","):
        name, _, length = variable.strip().removesuffix("*").partition(":")
        names.append(name)
        lengths.append(int(length) if length.isdigit() else None)
    return Expression(operator, tuple(names), tuple(lengths))


def _joined(lists: pl.Series, safe: str) -> pl.Series:
    """The items of each list, encoded one by one and joined by commas; null for an empty list."""
    rows = pl.DataFrame({"list": lists}).with_row_index("row")
    items = rows.explode("list", empty_as_null=True, keep_nulls=True)
    items = items.with_columns(encode(items["list"], safe).alias("list"))
    joined = items.group_by("row", maintain_order=True).agg(
        pl.when(pl.col("list").is_not_null().any()).then(pl.col("list").drop_nulls().str.join(","))
    )
    return joined["list"]
