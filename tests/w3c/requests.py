"""Tests that are sequences of HTTP requests: protocol and graph store."""

import json
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import httpx
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse
from rdflib import RDF, RDFS, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from tests.w3c.suite import MF, UT, Case

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
CODES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404, "BadRequest": 400}
CODES |= {"UnsupportedMediaType": 415}
TABLES = ("sparql-results", "csv", "tab-separated")
FORMATS = {
    "boolean": (*TABLES, "text/boolean"),
    "tabular": TABLES,
    "RDF": ("turtle", "rdf+xml", "n-triples", "n-quads", "trig", "ld+json"),
}


@dataclass(frozen=True)
class Service:
    """A server's three addresses, and the client that has the right to change its data."""

    query: str
    update: str
    graphs: str
    client: httpx.Client

    def change(self, update: str) -> None:
        kind = {"Content-Type": "application/sparql-update"}
        answer = self.client.post(self.update, content=update.encode(), headers=kind)
        assert answer.is_success, f"{answer.status_code}: {answer.text[:500]}"


def prepare(service: Service, case: Case) -> None:
    """Empties the server and loads the data that the test names."""
    data = "".join(
        f"GRAPH <{case.graph.value(entry, RDFS.label)}> "
        f"{{ {case.file(case.graph.value(entry, UT.graph)).read_text('utf-8')} }}\n"
        for entry in case.graph.objects(case.node, UT.graphData)
    )
    service.change("DROP SILENT ALL" + (f" ;\nINSERT DATA {{ {data} }}" if data else ""))


def run(service: Service, case: Case) -> None:
    """Sends the test's requests and compares each answer. Raises AssertionError."""
    values: dict[str, str] = {}
    for request in Collection(case.graph, case.graph.value(case.action, HT.requests)):
        answer = _send(service, case, request, values)
        expected = case.graph.value(request, HT.resp)
        codes = [str(code) for code in case.graph.objects(expected, MF.expectedStatus)]
        assert any(_matches(answer.status_code, code) for code in codes), (
            f"{answer.request.method} {answer.url}: {answer.status_code} for {codes}: "
            f"{answer.text[:300]}"
        )
        _compare(case, expected, answer)
        name = case.graph.value(expected, MF.expectedLocation)
        if name is not None:
            values[str(name)] = urljoin(str(answer.url), answer.headers["location"])


def _send(service: Service, case: Case, request: Node, values: dict[str, str]) -> httpx.Response:
    graph = case.graph
    path = str(graph.value(request, HT.absolutePath))
    listed = graph.value(request, HT.headers)
    headers = {
        str(graph.value(header, HT.fieldName)): str(graph.value(header, HT.fieldValue))
        for header in (Collection(graph, listed) if listed and listed != RDF.nil else [])
    }
    body = graph.value(request, HT.body)
    content = None
    if body is not None:
        encoding = str(graph.value(body, CNT.characterEncoding) or "UTF-8")
        content = _filled(str(graph.value(body, CNT.chars)), values).encode(encoding)
    path = _filled(path, {name: quote(value, safe="") for name, value in values.items()})
    url = _address(service, case, path, headers, content)
    method = str(graph.value(request, HT.methodName))
    return service.client.request(method, url, headers=headers, content=content)


def _address(
    service: Service, case: Case, path: str, headers: dict[str, str], content: bytes | None
) -> str:
    """The suite has one address for queries and updates; a server may have two."""
    if path.startswith("/gsp"):
        return service.graphs.rstrip("/") + path.removeprefix("/gsp")
    rest = path.removeprefix("/sparql").removeprefix("/")
    return (service.update if _updates(case, headers, content) else service.query) + rest


def _updates(case: Case, headers: dict[str, str], content: bytes | None) -> bool:
    """Whether a request is one that changes data, by what it sends or by the test's name."""
    kind = headers.get("content-type", "")
    if "sparql-query" in kind or b"query=" in (content or b""):
        return False
    sent = "sparql-update" in kind or (content or b"").startswith(b"update=")
    return sent or case.name.startswith("protocol/bad_update")


def _compare(case: Case, expected: Node | None, answer: httpx.Response) -> None:
    kind = answer.headers.get("content-type", "")
    truth = case.graph.value(expected, MF.expectedBoolean)
    if truth is not None:
        assert _boolean(kind, answer) == truth.toPython(), answer.text[:300]
    form = case.graph.value(expected, MF.expectedFormat)
    if form is not None:
        assert any(part in kind for part in FORMATS[str(form)]), kind
    body = case.graph.value(expected, HT.body)
    if body is not None and answer.request.method != "HEAD":
        assert _graph(str(case.graph.value(body, CNT.chars)), "text/turtle") == _graph(
            answer.text, kind
        ), answer.text[:500]


def _boolean(kind: str, answer: httpx.Response) -> bool:
    if "json" in kind:
        return bool(json.loads(answer.content)["boolean"])
    return "true" in answer.text.lower()


def _graph(text: str, kind: str) -> Dataset:
    form = RdfFormat.from_media_type(kind.partition(";")[0])
    assert form is not None, kind
    dataset = Dataset(
        Quad(q.subject, q.predicate, q.object)
        for q in parse(text, format=form, base_iri="http://www.example/x")
    )
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _matches(status: int, expected: str) -> bool:
    name = expected.rpartition("#")[2]
    if name.startswith("StatusCode"):
        return status // 100 == int(name[10])
    return CODES.get(name) == status
