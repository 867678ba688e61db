"""Facets: a datatype's description understood, its contradictions refused.

Source: *Metadata Vocabulary for Tabular Data*, section 5.11.
"""

import re
from typing import Any, Protocol

from loader.address import resolve, safe
from loader.csvw import bound, builtin, date, member, number
from loader.csvw.builtin import ALIASES
from loader.csvw.schema import Datatype

Json = dict[str, Any]

_LENGTHS = ("length", "minLength", "maxLength")
_LIMITS = ("minimum", "minInclusive", "minExclusive", "maximum", "maxInclusive", "maxExclusive")


class Warner(Protocol):
    """Who is told of values that are passed over."""

    base: str

    def warn(self, name: str, value: Any) -> None:
        """Notes a value that was passed over."""


def datatype(description: Any, reader: Warner) -> Datatype | None:
    """The datatype; None for no datatype at all. Raises ValueError for a contradiction."""
    if isinstance(description, str):
        description = {"base": description}
    if not isinstance(description, dict) or not _is_known(description.get("base", "string")):
        reader.warn("datatype", description)
        return None
    if description.get("@type", "Datatype") != "Datatype":
        raise ValueError(description["@type"])
    name = str(description.get("base", "string"))
    base = ALIASES.get(name, name)
    lengths = {key: description[key] for key in _LENGTHS if key in description}
    limits = {key: str(description[key]) for key in _LIMITS if key in description}
    for key, value in lengths.items():
        if not member.count(value):
            raise ValueError(f"{key}: {value}")
    _check_lengths(lengths, base)
    _check_limits(limits, base)
    return Datatype(
        base=base,
        **_format(description.get("format"), base, reader),
        minimum=limits.get("minimum", limits.get("minInclusive")),
        maximum=limits.get("maximum", limits.get("maxInclusive")),
        above=limits.get("minExclusive"),
        below=limits.get("maxExclusive"),
        min_length=lengths.get("minLength", lengths.get("length")),
        max_length=lengths.get("maxLength", lengths.get("length")),
        address=_identifier(description, reader),
    )


def _is_known(base: Any) -> bool:
    return isinstance(base, str) and base in builtin.NAMES


def _identifier(description: Json, reader: Warner) -> str | None:
    identifier = description.get("@id")
    if identifier is None:
        return None
    if not isinstance(identifier, str):
        reader.warn("@id", identifier)
        return None
    full = safe(resolve(identifier, reader.base))
    if identifier.startswith("_:") or full in builtin.ADDRESSES:
        raise ValueError(identifier)
    return full


def _check_lengths(lengths: Json, base: str) -> None:
    exact = lengths.get("length")
    low, high = lengths.get("minLength", exact), lengths.get("maxLength", exact)
    if lengths and base not in builtin.STRINGS | builtin.BINARY | {"anyURI"}:
        raise ValueError(f"length: {base}")
    if low is not None and high is not None and low > high:
        raise ValueError(f"minLength: {low}, maxLength: {high}")
    if exact is not None and (low > exact or high < exact):
        raise ValueError(f"length: {exact}")


def _check_limits(limits: dict[str, str], base: str) -> None:
    if limits and base not in builtin.ORDERED:
        raise ValueError(f"{min(limits)}: {base}")
    for one, other in (("minInclusive", "minExclusive"), ("maxInclusive", "maxExclusive")):
        if one in limits and other in limits:
            raise ValueError(f"{one}, {other}")
    low = limits.get("minInclusive", limits.get("minimum"))
    high = limits.get("maxInclusive", limits.get("maximum"))
    above, below = limits.get("minExclusive"), limits.get("maxExclusive")
    _check_order(base, low, high, may_be_equal=True)
    _check_order(base, low, below, may_be_equal=False)
    _check_order(base, above, below, may_be_equal=True)
    _check_order(base, above, high, may_be_equal=False)


def _check_order(base: str, low: str | None, high: str | None, *, may_be_equal: bool) -> None:
    if low is None or high is None:
        return
    first, second = bound.rank(low, base), bound.rank(high, base)
    if first is None or second is None:
        return
    if first > second or (first == second and not may_be_equal):
        raise ValueError(f"{low} > {high}")


def _format(form: Any, base: str, reader: Warner) -> Json:
    """The format's fields of a Datatype; a format that is none is passed over."""
    signs = {}
    pattern = form
    if isinstance(form, dict) and base in number.NUMBERS:
        pattern = form.get("pattern")
        signs = _signs(form, reader)
    if pattern is None:
        return signs
    try:
        _check_format(pattern, base, signs)
    except (ValueError, re.error, TypeError):
        reader.warn("format", form)
        return signs
    return {"format": pattern, **signs}


def _signs(form: Json, reader: Warner) -> Json:
    found = {}
    for name, key in (("decimalChar", "decimal_char"), ("groupChar", "group_char")):
        sign = form.get(name)
        if isinstance(sign, str) and len(sign) == 1:
            found[key] = sign
        elif sign is not None:
            reader.warn(name, sign)
    return found


def _check_format(pattern: Any, base: str, signs: Json) -> None:
    if not isinstance(pattern, str):
        raise TypeError(pattern)
    if base in number.NUMBERS:
        number.compiled(pattern, signs.get("decimal_char", "."), signs.get("group_char", ","))
    elif base in date.TIMES:
        date.check(pattern, base)
    elif base == "boolean":
        if pattern.count("|") != 1 or "" in pattern.split("|"):
            raise ValueError(pattern)
    else:
        re.compile(pattern)
