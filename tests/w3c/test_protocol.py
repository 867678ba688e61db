"""The W3C's own tests of the SPARQL 1.1 Protocol and the Graph Store Protocol."""

import pytest

from tests.w3c.requests import Service, prepare, run
from tests.w3c.suite import FOLDER, Case, cases

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/suites is not there")

PROTOCOL = cases("protocol")
STORE = (
    *cases("graph-store-protocol", "manifest-direct.ttl"),
    *cases("graph-store-protocol", "manifest-indirect.ttl"),
)


@pytest.mark.parametrize("case", [*PROTOCOL, *STORE], ids=lambda case: case.name)
def test_w3c(service: Service, case: Case) -> None:
    changes = "bad_" not in case.name and ("update" in case.name or "dataset" in case.name)
    if case in STORE or changes:
        prepare(service, case)
    run(service, case)


def test_the_suites_were_read_whole() -> None:
    assert (len(PROTOCOL), len(STORE)) == (34, 13)
