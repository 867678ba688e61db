"""One server of ours with an operator's key, for all suites."""

from collections.abc import Iterator

import httpx
import pytest

from loader.changes.keys import Keys
from tests.sparql_api.conftest import GRAPH, publish, start
from tests.w3c.requests import Service

__all__ = ["start"]


@pytest.fixture(scope="session")
def service(start: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("w3c")
    publish(home, {GRAPH: [f'<urn:a> <urn:b> "c" <{GRAPH}> .']})
    key = Keys(home / "stadtwissen.sqlite").add("w3c", "operator")
    server = start(home, query_workers=1)  # type: ignore[operator]
    with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        yield Service(
            f"{server.url}/sparql", f"{server.url}/sparql/update", f"{server.url}/graphs", client
        )
    server.stop()
