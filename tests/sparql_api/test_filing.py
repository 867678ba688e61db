"""Reports: kept for their days at an address that nobody guesses, then gone."""

import os
import time
from pathlib import Path

import pytest

from sparql_api.submission.desk import Outcome
from sparql_api.submission.filing import Comparison, Filing


def outcome(*values: str) -> Outcome:
    names = ("code", "shape", "sheet", "header", "value", "path")
    findings = [dict.fromkeys(names) | {"code": "S-LISTE", "value": value} for value in values]
    return Outcome({"findings": findings, "excerpts": [None] * len(findings)}, {"csv": b"x"})


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return Filing(tmp_path / "reports", 30)


def test_a_report_is_found_under_its_token_alone(filing: Filing) -> None:
    token = filing.token()
    filing.keep(token, ["a.csv"], outcome("x"), None)
    found = filing.find(token)
    assert found is not None
    assert (found.files, filing.form(token, "csv")) == (["a.csv"], b"x")
    assert filing.find(filing.token()) is None
    assert filing.find("../reports/" + token) is None


def test_a_later_delivery_is_compared_with_the_earlier(filing: Filing) -> None:
    first, second = filing.token(), filing.token()
    filing.keep(first, ["a.csv"], outcome("x", "y", "z"), None)
    filing.keep(second, ["a.csv"], outcome("z", "w"), first)
    found = filing.find(second)
    assert found is not None
    assert found.comparison == Comparison(mended=2, open=1, new=1)


def test_after_its_days_a_report_is_gone_from_the_disk(filing: Filing) -> None:
    token = filing.token()
    filing.keep(token, ["a.csv"], outcome("x"), None)
    old = time.time() - 31 * 86_400
    for path in (filing.folder / token / "report", filing.folder / token):
        os.utime(path, (old, old))
    assert filing.find(token) is None
    filing.sweep()
    assert list(filing.folder.iterdir()) == []
