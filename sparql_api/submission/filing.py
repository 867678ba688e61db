"""Reports of checks: kept for some days at an address that nobody can guess, then deleted.

A report has what was found, the rows around the first places, and the marked workbook; personal
details are masked in all of it. Nothing else of a delivery is kept.
"""

import json
import re
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Self

from loader.settings import Settings
from sparql_api.submission.desk import Outcome

FORMS = ("json", "xlsx", "csv", "ttl")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the findings of an earlier delivery."""

    mended: int
    open: int
    new: int


@dataclass(frozen=True, slots=True)
class Report:
    """A kept report. `verdict` is what the contract says, with `excerpts`."""

    token: str
    verdict: dict[str, Any]
    files: list[str]
    comparison: Comparison | None
    until: float


@dataclass(frozen=True, slots=True)
class Filing:
    """The folder of the reports."""

    folder: Path
    days: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The folder beside the releases."""
        return cls(settings.home / "reports", settings.report_days)

    def token(self) -> str:
        """A fresh address: 192 random bits."""
        return token_urlsafe(24)

    def keep(self, token: str, files: list[str], outcome: Outcome, before: str | None) -> None:
        """Writes a report; whatever is too old goes."""
        self.sweep()
        earlier = self.find(before) if before else None
        compared = _compared(earlier.verdict, outcome.verdict) if earlier else None
        draft = self.folder / f".{token}"
        draft.mkdir(parents=True, mode=0o700)
        said = {"verdict": outcome.verdict, "files": files, "comparison": compared}
        (draft / "report").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
        for form, content in outcome.reports.items():
            (draft / form).write_bytes(content)
        draft.rename(self.folder / token)

    def find(self, token: str) -> Report | None:
        """The report, or None where there is none or its days are over."""
        path = self.folder / token / "report"
        if not _TOKEN.fullmatch(token) or not path.is_file():
            return None
        until = path.stat().st_mtime + self.days * _DAY
        if until < time.time():
            return None
        said = json.loads(path.read_text("utf-8"))
        compared = Comparison(*said["comparison"]) if said["comparison"] else None
        return Report(token, said["verdict"], said["files"], compared, until)

    def form(self, token: str, form: str) -> bytes | None:
        """The report in one of FORMS."""
        path = self.folder / token / form
        return path.read_bytes() if self.find(token) and path.is_file() else None

    def sweep(self) -> None:
        """Deletes what has been kept for its days, and what was never finished."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.stat().st_mtime + self.days * _DAY < time.time():
                shutil.rmtree(path, ignore_errors=True)


def _compared(before: dict[str, Any], now: dict[str, Any]) -> tuple[int, int, int]:
    """Findings mended, still open, and new; rows may have moved, so they do not count."""
    earlier, later = _keys(before), _keys(now)
    return (earlier - later).total(), (earlier & later).total(), (later - earlier).total()


def _keys(verdict: dict[str, Any]) -> Counter[tuple[str | None, ...]]:
    names = ("code", "shape", "sheet", "header", "value", "path")
    return Counter(tuple(finding[name] for name in names) for finding in verdict["findings"])
