"""Suggestions: what a partner most likely meant, where one answer stands out.

A suggestion is what to write into the cell, in the column's own format; without one there is none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, cached_property

from loader import rule
from loader import table as tables
from loader.csvw import date
from loader.csvw.datatype import PARTIAL_DATE
from loader.csvw.schema import Column, Table
from loader.finding import Finding
from loader.folding import fold
from loader.language import Text
from loader.places import municipality
from loader.values import pattern as patterns
from loader.vocabulary import Vocabulary

_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_ENGLISH = {"mar": 3, "may": 5, "oct": 10, "dec": 12, "mrz": 3}
_DAY = re.compile(r"(?<!\d)(\d{1,2})[.\-/ ]\s?(\d{1,2})[.\-/ ]\s?(\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_AMOUNT = re.compile(r"(-?\d[\d.,'  ]*)\s*(tsd|tausend|mio|mill|mrd)?", re.IGNORECASE)
_SCALES = {"tsd": 3, "tau": 3, "mio": 6, "mil": 6, "mrd": 9}
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:/\S*)?", re.IGNORECASE)
_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)", re.IGNORECASE)
_LONGITUDES, _LATITUDES = (5.5, 15.5), (47.0, 55.5)  # Germany, roughly
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PLACES = re.compile(r"/(?:municipality|local-authority)/\{|[{+]*ags\b", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_CUTOFF = 0.6
_UNSAID = Text(
    "Wie der Wert geschrieben wird, sagt die Beschreibung; die Zellen daneben zeigen es.",
    "The description says how the value is written; the cells beside show it.",
)


@dataclass(frozen=True)
class Adviser:
    """Knows the code lists, the register of municipalities, and the delivery's own tables."""

    words: Vocabulary
    tables: tuple[Table, ...] = ()

    def advise(self, finding: Finding) -> Finding:
        """The finding with a suggestion where there is a good one; it may become more exact."""
        if finding.suggestion or finding.privacy or finding.value is None:
            return finding
        table = self._tables.get(finding.place.file or "")
        column = self._columns.get((finding.place.file, finding.place.column))
        if column is not None and finding.code in {"S-FORM", "S-VERWEIS", "S-AGS-FORM"}:
            key = self._key(finding, column)
            if key is not None:
                return key
        if finding.code == "S-FORM" and column is not None and column.datatype.format:
            return _formed(finding, finding.value, column.datatype.format)
        advice = _ADVICE.get(finding.code)
        found = advice(finding.value, column) if advice else None
        if finding.code == "S-LISTE" and column is not None and column.lookup:
            found = self.words.schemes[column.lookup].nearest(finding.value)
        if finding.code == "S-VERWEIS" and table is not None and column is not None:
            found = self._nearest_key(finding.value, table, column)
        return replace(finding, suggestion=found) if found and found != finding.value else finding

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {table.file: table for table in reversed(self.tables)}

    @cached_property
    def _columns(self) -> dict[tuple[str | None, str | None], Column]:
        """The columns by file and letter."""
        return {
            (table.file, table.place(1, index).column): column
            for table in self._tables.values()
            for index, column in enumerate(table.real_columns)
        }

    def _key(self, finding: Finding, column: Column) -> Finding | None:
        """A municipality key that lost its zero, restored to the key of a real municipality."""
        text = (finding.value or "").strip()
        key = "0" + text
        if not re.fullmatch(r"\d{7}", text) or not _is_of_place(column):
            return None
        name = municipality.titles().get(key)
        if name is None:
            return None
        exact = rule.finding(
            "S-AGS-FORM", value=text, length=len(text), suggestion=key, name=name
        ).at(finding.place, text)
        return replace(
            exact, suggestion=key, focus=finding.focus, path=finding.path, shape=finding.shape
        )

    def _nearest_key(self, value: str, table: Table, column: Column) -> str | None:
        """The key of another delivered table that looks most like a dangling one."""
        for key in table.foreign_keys:
            if column.name in key.columns:
                name = key.reference[key.columns.index(column.name)]
                target = next((t for t in self.tables if t.url == key.resource), None)
                known = _texts(target, name) if target else ()
                return next(iter(get_close_matches(value, known, n=1, cutoff=_CUTOFF)), None)
        return None


def _formed(finding: Finding, value: str, pattern: str) -> Finding:
    """The finding with the pattern in words, and the value brought into the form if it can be."""
    words = patterns.in_words(pattern)
    hint = Text(f"Vereinbart sind: {words.de}.", f"Agreed are: {words.en}.") if words else _UNSAID
    finding = replace(finding, hint=hint)
    candidates = [value.strip(), value.strip().lower()]
    if not _LETTER.search(value):  # words that are pushed together are none any more
        candidates.append(re.sub(r"[\s.-]", "", value))
    if not re.fullmatch(pattern, "A"):  # a key, not a name that has its own spelling
        candidates.insert(2, fold(value).replace(" ", "-"))
    fitting = [each for each in candidates if each != value and re.fullmatch(pattern, each)]
    return replace(finding, suggestion=fitting[0]) if fitting else finding


def _is_of_place(column: Column) -> bool:
    said = " ".join(filter(None, (column.value_url, column.name, *column.titles)))
    return bool(_PLACES.search(said)) or "gemeinde" in said.lower()


@cache
def _texts(table: Table, name: str) -> tuple[str, ...]:
    found = [text for chunk in tables.chunks(table) for text in chunk.frame[name].to_list()]
    return tuple(text for text in dict.fromkeys(found) if text)


def _day(value: str, column: Column | None) -> str | None:
    """A date written another way, in the column's format; only as exact as it was said."""
    found = _date_parts(value)
    if found is None:
        return None
    year, month, day = found
    partial = column is not None and column.datatype.base == PARTIAL_DATE
    if day and month:
        if column is None or partial or not column.date_form:
            return f"{year:04d}-{month:02d}-{day:02d}"
        return date.written(column.date_form, year, month, day)
    if column is not None and not partial:
        return None
    return f"{year:04d}-{month:02d}" if month else f"{year:04d}"


def _date_parts(value: str) -> tuple[int, int, int] | None:
    """Year, month and day of a text; month and day 0 where it does not say them."""
    if match := _DAY.search(value):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
    if match := _ISO.search(value):
        year, month, day = int(match[1]), int(match[2]), int(match[3] or 0)
        return (year, month, day) if 1 <= month <= 12 and day <= 31 else None
    years = _YEAR.findall(value)
    if len(years) != 1:
        return None
    return int(years[0]), _month(value), 0


def _month(value: str) -> int:
    for word in re.findall(r"[A-Za-zä]{3,}", value.lower()):
        if word[:3] in _MONTHS:
            return _MONTHS.index(word[:3]) + 1
        if word[:3] in _ENGLISH:
            return _ENGLISH[word[:3]]
    return 0


def _number(value: str, column: Column | None) -> str | None:
    """`ca. 1,2 Mio. €` as 1200000, with the column's decimal sign.

    Without a column the number stands in RDF, where 500000 is none that has decimals.
    """
    if column is None and value.isdecimal():
        return f"{value}.0"
    numbers = [m for m in _AMOUNT.finditer(value) if any(c.isdigit() for c in m[1])]
    if len(numbers) != 1:
        return None
    amount = _decimal(re.sub(r"[\s'  ]", "", numbers[0][1]).strip(".,"))
    if amount is None:
        return None
    scale = _SCALES.get((numbers[0][2] or "")[:3].lower(), 0)
    text = f"{amount.scaleb(scale):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", column.decimal_sign if column else ".")


def _decimal(digits: str) -> Decimal | None:
    """A number whose last sign decides: `1.234,50` and `1,234.50`; `50.000` stays open."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        sign = max(point, comma)
        whole, rest = re.sub(r"[.,]", "", digits[:sign]), digits[sign + 1 :]
        return Decimal(f"{whole}.{rest}")
    sign = max(point, comma)
    if sign < 0:
        return Decimal(digits)
    groups = re.split(r"[.,]", digits)
    if len(groups) > 2:
        return Decimal("".join(groups)) if all(len(g) == 3 for g in groups[1:]) else None
    return None if len(groups[1]) == 3 else Decimal(".".join(groups))


def _web(value: str, _: Column | None) -> str | None:
    text = value.strip().replace(" ", "")
    text = re.sub(r"^(?:https?:?/{0,2}|http:\\\\)", "", text, flags=re.IGNORECASE)
    return f"https://{text}" if _HOST.fullmatch(text) else None


def _swapped(value: str, _: Column | None) -> str | None:
    match = _POINT.search(value)
    if not match:
        return None
    latitude, longitude = float(match[1]), float(match[2])
    inside = _LONGITUDES[0] <= longitude <= _LONGITUDES[1]
    return f"POINT({match[2]} {match[1]})" if inside and _within(latitude) else None


def _within(latitude: float) -> bool:
    return _LATITUDES[0] <= latitude <= _LATITUDES[1]


def _restored(value: str, _: Column | None) -> str | None:
    """Umlauts as they were before a text was read in the wrong encoding."""
    try:
        return value.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _stripped(value: str, _: Column | None) -> str | None:
    return value.strip() or None


def _visible(value: str, _: Column | None) -> str | None:
    return _CONTROL.sub("", value) or None


_ADVICE: dict[str, Callable[[str, Column | None], str | None]] = {
    "D-ZEICHEN": _restored,
    "S-ADRESSE": _web,
    "S-DATUM": _day,
    "S-DATUM-TEIL": _day,
    "S-ORT": _swapped,
    "S-TEXT": _stripped,
    "S-ZAHL": _number,
    "S-ZEICHEN": _visible,
}
