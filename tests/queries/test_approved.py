"""Small answers, word for word as they were read and approved.

After a change that is meant: compare what the test shows with the source, then correct the file.
"""

import csv
from pathlib import Path

import pytest

from tests.queries.conftest import Ask

APPROVED = sorted((Path(__file__).parent / "approved").glob("*.csv"))


@pytest.mark.parametrize("path", APPROVED, ids=lambda path: path.stem)
def test_the_answer_is_the_approved_one(path: Path, ask: Ask) -> None:
    with path.open(encoding="utf-8", newline="") as lines:
        approved = list(csv.DictReader(lines))
    assert ask(path.stem) == approved


def test_there_are_approved_answers() -> None:
    assert APPROVED
