"""The W3C's own tests of the SPARQL 1.1 Protocol, those about queries."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from tests.sparql_api.conftest import Server, Start, publish

SUITE = Path(__file__).parents[3] / "shared/suites/sparql/sparql/sparql11/protocol"
pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="../shared/suites is not there")

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/data"
CODES = {"OK": 200, "BadRequest": 400, "UnsupportedMediaType": 415}
FORMATS = {
    "boolean": ("sparql-results", "csv", "tab-separated"),
    "tabular": ("sparql-results", "csv", "tab-separated"),
    "RDF": ("turtle", "rdf+xml", "n-triples"),
}


@dataclass(frozen=True)
class Case:
    """A test of the suite: its requests, each with what is expected."""

    name: str
    graph: Graph
    requests: list[Node]


def cases() -> Iterator[Case]:
    if not SUITE.is_dir():
        return
    graph = Graph().parse(SUITE / "manifest.ttl")
    for test in Collection(graph, next(graph.objects(None, MF.entries))):
        name = str(test).rpartition("#")[2]
        if "quer" in name:
            action = graph.value(test, MF.action)
            yield Case(name, graph, list(Collection(graph, graph.value(action, HT.requests))))


@pytest.fixture(scope="module")
def suite_server(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("w3c")
    graphs = {}
    for number in (1, 2, 3):
        graph = f"{DATA}{number}.rdf"
        lines = (SUITE / f"data{number}.nt").read_text().splitlines()
        graphs[graph] = [line.rstrip(" .") + f" <{graph}> ." for line in lines if line.strip()]
    publish(home, graphs)
    server = start(home)
    yield server
    server.stop()


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_w3c(suite_server: Server, case: Case) -> None:
    for request in case.requests:
        answer = _send(suite_server, case.graph, request)
        expected = case.graph.value(request, HT.resp)
        codes = list(case.graph.objects(expected, MF.expectedStatus))
        assert any(_matches(answer.status_code, str(code)) for code in codes), answer.text
        truth = case.graph.value(expected, MF.expectedBoolean)
        if truth is not None:
            assert json.loads(answer.content)["boolean"] == truth.toPython()
        form = case.graph.value(expected, MF.expectedFormat)
        if form is not None:
            assert any(part in answer.headers["content-type"] for part in FORMATS[str(form)])


def _send(server: Server, graph: Graph, request: Node) -> httpx.Response:
    path = str(graph.value(request, HT.absolutePath)).replace("/sparql/", "/sparql", 1)
    listed = graph.value(request, HT.headers)
    headers = {
        str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
        for header in (Collection(graph, listed) if listed and listed != RDF.nil else [])
    }
    body = graph.value(request, HT.body)
    content = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
        content = str(graph.value(body, CNT.chars)).encode(encoding)
    method = str(graph.value(request, HT.methodName))
    return httpx.request(method, server.url + path, headers=headers, content=content)


def _matches(status: int, expected: str) -> bool:
    name = expected.rpartition("#")[2]
    if name.startswith("StatusCode"):
        return status // 100 == int(name[10])
    return CODES.get(name) == status


def test_the_suite_was_read_whole() -> None:
    assert len(list(cases())) == 20
