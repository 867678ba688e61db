"""What a cell's text means by its datatype."""

from typing import Any

import polars as pl
import pytest

from loader.csvw import datatype, facet


class Silent:
    base = "http://example.org/m.json"

    def __init__(self) -> None:
        self.warned: list[str] = []

    def warn(self, name: str, value: Any) -> None:
        self.warned.append(name)


def read(text: str, description: Any) -> str | None:
    kind = facet.datatype(description, Silent())
    assert kind is not None
    texts = datatype.spaced(pl.Series([text]), kind)
    found: str | None = datatype.read(texts, kind).lexical[0]
    return found


def number(base: str, pattern: str | None = None, **signs: str) -> dict[str, Any]:
    return {"base": base, "format": {**signs, **({"pattern": pattern} if pattern else {})}}


@pytest.mark.parametrize(
    ("text", "description", "expected"),
    [
        ("1,234,567", number("integer", "#,##0"), "1234567"),
        ("1234", number("integer", "#,##0"), None),
        ("12,34,567", number("integer", "#,##,##0"), "1234567"),
        ("12,34", number("integer", "#,##0"), None),
        ("1.234,50", number("decimal", "#.##0,00", decimalChar=",", groupChar="."), "1234.50"),
        ("1,5", number("decimal", "0,00", decimalChar=","), None),
        ("5", number("integer", "000"), None),
        ("25%", number("decimal", "#0%"), "0.25"),
        ("2,5‰", number("decimal", decimalChar=","), "0.0025"),
        ("1E3", number("double", "0E0"), "1E3"),
        ("1E3", "decimal", None),
        ("1,,000", number("integer", groupChar=","), None),
        ("NaN", "double", "NaN"),
        ("INF", "decimal", None),
        ("128", "byte", None),
        ("+127", "byte", "+127"),
        ("0", "positiveInteger", None),
        ("18446744073709551615", "unsignedLong", "18446744073709551615"),
        ("18446744073709551616", "unsignedLong", None),
    ],
)  # fmt: skip
def test_numbers(text: str, description: Any, expected: str | None) -> None:
    assert read(text, description) == expected


def dated(base: str, form: str) -> dict[str, str]:
    return {"base": base, "format": form}


@pytest.mark.parametrize(
    ("text", "description", "expected"),
    [
        ("1.4.2022", dated("date", "d.M.yyyy"), "2022-04-01"),
        ("29.02.2023", dated("date", "dd.MM.yyyy"), None),
        ("29.02.2024", dated("date", "dd.MM.yyyy"), "2024-02-29"),
        ("20240229", dated("date", "yyyyMMdd"), "2024-02-29"),
        ("2024-02-29+01:00", "date", "2024-02-29+01:00"),
        ("29.02.2024 8:05", dated("dateTime", "dd.MM.yyyy H:mm"), "2024-02-29T08:05:00"),
        ("2024-02-29T08:05:00.250", "dateTime", "2024-02-29T08:05:00.250"),
        ("08:05:00.12", dated("time", "HH:mm:ss.S"), None),
        ("0805 +0130", dated("time", "HHmm XX"), "08:05:00+01:30"),
        ("2024-02-29T08:05:00", "dateTimeStamp", None),
        ("2024-02-29T08:05:00Z", "dateTimeStamp", "2024-02-29T08:05:00Z"),
        ("04.2022", dated("gYearMonth", "MM.yyyy"), "2022-04"),
        ("--02-30", "gMonthDay", None),
        ("---31", "gDay", "---31"),
        ("25:00:00", "time", None),
        ("P1Y2M3DT4H5M6.7S", "duration", "P1Y2M3DT4H5M6.7S"),
        ("P", "duration", None),
        ("P1DT", "duration", None),
        ("P1M", "dayTimeDuration", None),
        ("PT1M", "dayTimeDuration", "PT1M"),
        ("P1D", "yearMonthDuration", None),
    ],
)  # fmt: skip
def test_dates_times_and_durations(text: str, description: Any, expected: str | None) -> None:
    assert read(text, description) == expected


@pytest.mark.parametrize(
    ("text", "description", "is_kept"),
    [
        ("2024-03-01", {"base": "date", "minimum": "2024-03-01"}, True),
        ("2024-03-01", {"base": "date", "minExclusive": "2024-03-01"}, False),
        ("2024-03-01T00:30:00+01:00", {"base": "dateTime", "minimum": "2024-03-01T00:00:00"}, False),  # noqa: E501
        ("PT90M", {"base": "duration", "maximum": "PT1H"}, False),
        ("10", {"base": "integer", "maxExclusive": 10}, False),
        ("abc", {"base": "string", "length": 3}, True),
        ("0aff", {"base": "hexBinary", "maxLength": 2}, True),
        ("Zm9v", {"base": "base64Binary", "length": 2}, False),
    ],
)  # fmt: skip
def test_bounds(text: str, description: Any, is_kept: bool) -> None:  # noqa: FBT001
    assert (read(text, description) is not None) == is_kept


@pytest.mark.parametrize(
    "description",
    [
        {"base": "string", "minimum": 1},
        {"base": "date", "length": 3},
        {"base": "string", "length": 3, "minLength": 4},
        {"base": "integer", "minInclusive": 1, "minExclusive": 1},
        {"base": "integer", "minimum": 5, "maximum": 4},
        {"base": "integer", "minInclusive": 5, "maxExclusive": 5},
        {"@id": "_:x", "base": "string"},
    ],
)
def test_a_contradiction_is_refused(description: Any) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        facet.datatype(description, Silent())


@pytest.mark.parametrize(
    "description",
    [
        {"base": "integer", "format": "["},
        {"base": "date", "format": "yy-MM-dd"},
        {"base": "date", "format": "HH:mm"},
        {"base": "boolean", "format": "YN"},
        {"base": "string", "format": "("},
        "money",
    ],
)
def test_a_format_that_is_none_is_passed_over_with_a_warning(description: Any) -> None:
    silent = Silent()
    facet.datatype(description, silent)
    assert silent.warned
