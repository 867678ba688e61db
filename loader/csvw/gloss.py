"""Glosses: the annotations of a metadata document understood, their contradictions refused.

A wrong one raises ValueError, since passing it over would change what a table means.
"""

import re
from typing import Any

import polars as pl

from loader.csvw import date, number
from loader.csvw.annotation import (
    Annotations,
    Condition,
    Part,
    Persons,
    PlaceLookup,
    Spelling,
    Years,
)
from loader.csvw.builtin import STADT

_CONDITION = STADT + "condition"
_KEY = STADT + "keyOf"
_MUNICIPALITY = STADT + "municipality"
_PART = STADT + "part"
_SPELLINGS = STADT + "spellings"
_SYNONYMS = STADT + "synonyms"
_YEARS = STADT + "years"
_UNBROKEN = STADT + "unbroken"
PERSONS = STADT + "persons"
RECORDS = STADT + "records"

Json = dict[str, Any]


def of_column(kept: Json, base: str) -> Annotations:
    """The annotations of a column whose datatype has the base `base`."""
    return Annotations(
        part=_part(kept.get(_PART)),
        years=_years(kept.get(_YEARS)),
        key_of=_text(_KEY, kept.get(_KEY)),
        is_unbroken=_flag(_UNBROKEN, kept.get(_UNBROKEN, False)),
        synonyms=tuple(_texts(_SYNONYMS, kept.get(_SYNONYMS, {}), set(), None).items()),
        condition=condition(_CONDITION, kept.get(_CONDITION)),
        place=_place(kept.get(_MUNICIPALITY)),
        spellings=tuple(_spelling(each, base) for each in _list(_SPELLINGS, kept)),
    )


def persons(value: Any) -> Persons | None:
    """How a table is to leave out natural persons."""
    if value is None:
        return None
    found = _texts(PERSONS, value, needed={"column"}, possible={"leaveOut"})
    leave_out = found.get("leaveOut", "row")
    if leave_out not in {"row", "value"}:
        raise ValueError(f"{PERSONS}: {leave_out}")
    return Persons(found["column"], leave_out)  # type: ignore[arg-type]  # it is one of the two


def _part(value: Any) -> Part | None:
    if value is None:
        return None
    found = _texts(_PART, value, {"of", "pattern"}, set())
    _check(_PART, found["pattern"])
    if re.compile(found["pattern"]).groups != 1:
        raise ValueError(f"{_PART}: {found['pattern']}")
    return Part(found["of"], found["pattern"])


def _years(value: Any) -> Years | None:
    if value is None:
        return None
    found = _texts(_YEARS, value, {"of", "take"}, set())
    if found["take"] not in {"first", "last", "all"}:
        raise ValueError(f"{_YEARS}: {found['take']}")
    return Years(found["of"], found["take"])  # type: ignore[arg-type]  # it is one of the three


def condition(name: str, value: Any) -> Condition | None:
    """What a column must hold so that a column counts, or a row of a table."""
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() - {"column", "values", "pattern", "not"}:
        raise ValueError(f"{name}: {value}")
    column, values, pattern = value.get("column"), value.get("values", []), value.get("pattern")
    if not isinstance(column, str) or not all(isinstance(each, str) for each in values):
        raise ValueError(f"{name}: {value}")
    if pattern is not None:
        _check(name, pattern)
    return Condition(column, tuple(values), pattern, bool(value.get("not", False)))


def _place(value: Any) -> PlaceLookup | None:
    if value is None:
        return None
    found = _texts(_MUNICIPALITY, value, {"by"}, {"state", "district", "postcode"})
    if found["by"] not in {"name", "key", "postcode"}:
        raise ValueError(f"{_MUNICIPALITY}: {found['by']}")
    return PlaceLookup(**found)  # type: ignore[arg-type]  # `by` is one of the three


def _spelling(value: Any, base: str) -> Spelling:
    if isinstance(value, str) and base in date.TIMES:
        date.check(value, base)
        return Spelling(value)
    if isinstance(value, dict) and base in number.NUMBERS:
        found = _texts(_SPELLINGS, value, set(), {"decimalChar", "groupChar"})
        return Spelling(None, found.get("decimalChar", "."), found.get("groupChar"))
    raise ValueError(f"{_SPELLINGS}: {value}")


def _check(name: str, pattern: Any) -> None:
    """A regular expression for whole columns, which knows no looking ahead and no references."""
    if not isinstance(pattern, str):
        raise ValueError(f"{name}: {pattern}")
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError as error:
        raise ValueError(f"{name}: {pattern}") from error


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{name}: {value}")


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{name}: {value}")


def _list(name: str, kept: Json) -> list[Any]:
    value = kept.get(name, [])
    if not isinstance(value, list):
        raise ValueError(f"{name}: {value}")
    return value


def _texts(name: str, value: Any, needed: set[str], possible: set[str] | None) -> dict[str, str]:
    """An object of texts that has all needed members and no others than the possible ones.

    Without possible ones any other may stand.
    """
    if (
        not isinstance(value, dict)
        or needed - value.keys()
        or (possible is not None and value.keys() - needed - possible)
        or not all(isinstance(text, str) for text in value.values())
    ):
        raise ValueError(f"{name}: {value}")
    return value
