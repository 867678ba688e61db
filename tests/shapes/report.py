"""Approved reports: what the build says about an invalid file, one finding a line, sorted."""

import csv
import io
from pathlib import Path

from loader.finding import Finding

from .conftest import TODAY, today
from .judge import row_of

HEADER = ("code", "severity", "shape", "focus", "path", "value", "message_de", "message_en")


def text(findings: list[Finding]) -> str:
    """The findings as CSV with a header; the day of the test appears as the cases write it."""
    rows = sorted(_cells(finding) for finding in findings)
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])
    return file.getvalue().replace(today(), TODAY)


def write(path: Path, findings: list[Finding]) -> None:
    """Approves the findings."""
    path.write_text(text(findings), encoding="utf-8")


def _cells(finding: Finding) -> tuple[str, ...]:
    return (finding.code, *row_of(finding), finding.message.de, finding.message.en)
