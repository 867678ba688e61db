"""Tallies: the findings of a run, all of them counted and a bounded number of them kept."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from loader.finding import Finding
from loader.language import Text

KEPT = 1000  # of one rule in one column; a finding with its two sentences takes about 2 kB

_Key = tuple[str, str | None, str | None, str | None, str | None]


@dataclass(slots=True)
class Tally:
    """Takes findings as a table is read; `findings` tells those kept, and how many more."""

    _kept: list[Finding] = field(default_factory=list)
    _numbers: Counter[_Key] = field(default_factory=Counter)
    _more: dict[_Key, Finding] = field(default_factory=dict)

    def add(self, findings: Iterable[Finding]) -> None:
        """Counts findings, and keeps those that are among the first of their rule and column."""
        for finding in findings:
            place = finding.place
            key = finding.code, finding.shape, place.file, place.sheet, place.column
            if (place.row is not None and self._numbers[key] >= KEPT) or finding.times > 1:
                before = self._more.get(key)
                times = finding.times + (before.times if before else 0)
                self._more[key] = rest(finding, times)
            else:
                self._numbers[key] += 1
                self._kept.append(finding)

    @property
    def findings(self) -> list[Finding]:
        """The findings in their order; at the end, for each rule and column, those not kept."""
        return [*self._kept, *self._more.values()]


def cut(made: list[Finding], number: int) -> list[Finding]:
    """The findings made and, where `number` of them are due, one that stands for the others."""
    more = number - len(made)
    return [*made, rest(made[-1], more)] if more else made


def rest(like: Finding, times: int) -> Finding:
    """One finding that stands for so many more of the same rule in the same column."""
    message = Text(
        f"Dasselbe gilt für {times} weitere Zellen dieser Spalte.",
        f"The same holds of {times} more cells of this column.",
    )
    place = replace(like.place, row=None)
    return replace(like, message=message, place=place, value=None, suggestion=None, times=times)
