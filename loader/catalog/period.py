"""Periods: the time that data are about, as years, months or days.

Source: *ISO 8601-2:2019*, section 4.4, intervals with an open end (`2019/..`); DCAT-AP.de 3.0.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loader.catalog.dcat import about, typed

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_OPEN = {"", ".."}
_KINDS = {len("2026"): "gYear", len("2026-01"): "gYearMonth", len("2026-01-31"): "date"}


@dataclass(frozen=True, slots=True)
class Period:
    """A time from its first to its last year, month or day; an empty text is an open end."""

    begin: str
    end: str

    @classmethod
    def read(cls, text: str) -> "Period":
        """`2019/2027-11`, `2019/..`, `../2023` or a single date. Raises ValueError."""
        begin, slash, end = (part.strip() for part in text.partition("/"))
        period = cls(*("" if each in _OPEN else each for each in (begin, end if slash else begin)))
        known = [each for each in (period.begin, period.end) if each]
        if not known or not all(map(_DATE.fullmatch, known)) or period.begin > _last(period.end):
            raise ValueError(f"no period: {text[:40]}")
        return period

    @classmethod
    def around(cls, periods: Iterable["Period"]) -> "Period | None":
        """The period that covers all of these."""
        every = list(periods)
        if not every:
            return None
        return cls(min(each.begin for each in every), max((e.end for e in every), key=_last))

    def statements(self, address: str) -> Iterator[str]:
        """The period as a thing of the catalogue, at this address."""
        ends = {"dcat:startDate": self.begin, "dcat:endDate": self.end}
        facts = ((name, typed(each, _KINDS[len(each)])) for name, each in ends.items() if each)
        return about(address, "dct:PeriodOfTime", *facts)


def _last(end: str) -> str:
    """A text that sorts behind all that the end covers: a year behind its months."""
    return end + "~"
