"""The W3C's tests of what queries answer and updates do; failures are listed with their reasons."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sparql_api.conftest import Start, publish
from tests.w3c import evaluation
from tests.w3c.requests import Service
from tests.w3c.suite import FOLDER, Case, cases, failures

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/suites is not there")

FOLDERS = [file.parent.name for file in sorted(FOLDER.glob("*/manifest.ttl"))]
ALL = [case for folder in FOLDERS if folder != "entailment" for case in cases(folder)]
QUERIES = [case for case in ALL if case.kind in {"QueryEvaluationTest", "CSVResultFormatTest"}]
UPDATES = [case for case in ALL if case.kind == "UpdateEvaluationTest"]
NOBODY = "http://invalid.endpoint.org/"


def listed(entries: list[Case]) -> Iterator[object]:
    """The cases; one that is known to fail must fail."""
    for case in entries:
        reason = failures().get(case.name)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        yield pytest.param(case, id=case.name, marks=marks)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose one release has every data file of the suite as a graph."""
    home = tmp_path_factory.mktemp("library")
    graphs = {
        name: [f"{quad.triple!s} <{name}> ." for quad in quads]
        for name, quads in evaluation.data(QUERIES).items()
    }
    publish(home, graphs)
    return home


@pytest.fixture(scope="module")
def others(start: Start, library: Path) -> list[str]:
    """The servers that SERVICE asks; the first asks the second."""
    second = f"{start(library, query_workers=1).url}/sparql"
    allowed = f"{second} {NOBODY}"
    first = f"{start(library, query_workers=1, allowed_services=allowed).url}/sparql"
    return [first, second]


@pytest.fixture(scope="module")
def reader(start: Start, library: Path, others: list[str]) -> Service:
    """The server that is judged."""
    allowed = " ".join([*others, NOBODY])
    server = start(library, query_workers=1, allowed_services=allowed)
    return Service(f"{server.url}/sparql", "", "", server.client)


@pytest.mark.parametrize("case", list(listed(QUERIES)))
def test_a_query_answers_what_the_suite_expects(
    reader: Service, others: list[str], case: Case
) -> None:
    made, expected = evaluation.ask(reader, case, others)
    assert made == expected


@pytest.mark.parametrize("case", list(listed(UPDATES)))
def test_an_update_leaves_what_the_suite_expects(service: Service, case: Case) -> None:
    made, expected = evaluation.change(service, case)
    assert made == expected


def test_the_suites_were_read_whole() -> None:
    assert (len(QUERIES), len(UPDATES)) == (242, 94)


def test_every_listed_failure_is_a_test() -> None:
    assert failures().keys() <= {case.name for case in ALL}
