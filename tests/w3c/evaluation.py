"""Tests that compare what a query answers, or what an update leaves, with a file of the suite."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from rdflib import RDFS
from rdflib.term import Node

from tests.w3c.requests import Service
from tests.w3c.suite import MF, QT, UT, Case

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
PROVENANCE = "https://w3id.org/stadtwissen/graph/provenance"  # ours, and no part of a test
RESULTS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
ACCEPT = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}
JSON = "application/sparql-results+json"
Answer = Dataset | bool | list[str]


@dataclass(frozen=True)
class Question:
    """A query test: its text, and the graphs that it sees by default, by name, and elsewhere."""

    text: str
    default: list[str]
    named: list[str]
    elsewhere: dict[str, str]
    result: Path

    @classmethod
    def of(cls, case: Case) -> "Question":
        graph, action = case.graph, case.action
        file = path(graph.value(action, QT.query))
        text = f"BASE <{file.as_uri()}>\n{file.read_text('utf-8')}"
        default = [str(node) for node in graph.objects(action, QT.data)]
        named = [str(node) for node in graph.objects(action, QT.graphData)]
        elsewhere = {
            str(graph.value(entry, QT.endpoint)): str(graph.value(entry, QT.data))
            for entry in graph.objects(action, QT.serviceData)
        }
        return cls(text, default, named, elsewhere, path(graph.value(case.node, MF.result)))

    @property
    def parameters(self) -> list[tuple[str, str]]:
        if re.search(r"\bFROM\b", self.text) and not self.default:
            return []
        pairs = [("default-graph-uri", name) for name in self.default]
        pairs += [("named-graph-uri", name) for name in self.named]
        return pairs or [("default-graph-uri", "urn:empty")]


def path(address: Node | str | None) -> Path:
    """The file that an address of a manifest means."""
    return Path(unquote(urlsplit(str(address)).path))


def data(cases: Iterable[Case]) -> dict[str, list[Quad]]:
    """The statements of every file that query tests name, by the file's address."""
    names: set[str] = set()
    for case in cases:
        question = Question.of(case)
        names |= {*question.default, *question.named, *question.elsewhere.values()}
        if not question.parameters:
            folder = question.result.parent
            names |= {file.as_uri() for file in folder.glob("*.ttl")}
    return {name: list(read(path(name))) for name in sorted(names)}


def read(file: Path) -> Iterator[Quad]:
    """The statements of a file; relative addresses begin at its own."""
    form = RdfFormat.from_extension(file.suffix.removeprefix("."))
    assert form is not None, file
    return parse(path=file, format=form, base_iri=file.as_uri(), rename_blank_nodes=True)


def ask(service: Service, case: Case, others: Sequence[str] = ()) -> tuple[Answer, Answer]:
    """What the server answers and what the suite expects.

    `others` have the same data and stand for those that SERVICE asks, in the order of their names.
    """
    question = Question.of(case)
    text = question.text
    for (endpoint, name), other in zip(sorted(question.elsewhere.items()), others, strict=False):
        text = text.replace(f"<{endpoint}>", f"<{other}?default-graph-uri={quote(name, safe='')}>")
    ending = question.result.suffix
    graph = ending in {".ttl", ".rdf", ".nt"} and "ResultSet" not in question.result.read_text()
    accept = "application/n-triples" if graph else ACCEPT.get(ending, JSON)
    answer = service.client.get(
        service.query,
        params=[("query", text), *question.parameters],
        headers={"Accept": accept},
    )
    assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:500]}"
    if graph:
        made = parse(answer.content, format=RdfFormat.N_TRIPLES)
        return _stored(made), _stored(read(question.result))
    if ending == ".csv":
        return _lines(answer.text), _lines(question.result.read_text("utf-8"))
    if ending == ".tsv":
        return (
            _table(answer.content, QueryResultsFormat.TSV),
            _table(question.result.read_bytes(), QueryResultsFormat.TSV),
        )
    made_table = _table(answer.content, QueryResultsFormat.JSON)
    if ending in RESULTS:
        return made_table, _table(question.result.read_bytes(), RESULTS[ending])
    return made_table, _result_set(question.result)


def change(service: Service, case: Case, *, apart: bool = False) -> tuple[Dataset, Dataset]:
    """What an update left and what the suite expects, both as whole datasets.

    The data are loaded by the same request, unless a server wants its update `apart`.
    """
    request = path(case.graph.value(case.action, UT.request))
    setup = "".join(_block(graph, quads) for graph, quads in _state(case, case.action))
    base = f"BASE <{request.as_uri()}>\n"
    text = f"DROP SILENT ALL ;\nINSERT DATA {{ {setup} }}"
    if apart:
        service.change(text)
        service.change(base + request.read_text("utf-8"))
    else:
        service.change(f"{base}{text} ;\n{request.read_text('utf-8')}")
    expected = [
        Quad(q.subject, q.predicate, q.object, _name(graph))
        for graph, quads in _state(case, case.graph.value(case.node, MF.result))
        for q in quads
    ]
    return _stored(_all(service)), _stored(expected)


def _state(case: Case, node: Node | None) -> Iterator[tuple[str, list[Quad]]]:
    for file in case.graph.objects(node, UT.data):
        yield "", list(read(path(file)))
    for entry in case.graph.objects(node, UT.graphData):
        file = case.graph.value(entry, UT.graph) or case.graph.value(entry, UT.data)
        yield str(case.graph.value(entry, RDFS.label)), list(read(path(file)))


def _block(graph: str, quads: list[Quad]) -> str:
    text = "\n".join(f"{quad.triple} ." for quad in quads)
    return f"GRAPH <{graph}> {{ {text} }}\n" if graph else text + "\n"


def _all(service: Service) -> Iterator[Quad]:
    accept = {"Accept": "application/n-triples"}
    default = service.client.get(f"{service.graphs}?default", headers=accept)
    assert default.status_code == 200, default.text[:500]
    yield from parse(default.content, format=RdfFormat.N_TRIPLES)
    query = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
    answer = service.client.get(service.query, params={"query": query}, headers={"Accept": JSON})
    assert answer.status_code == 200, answer.text[:500]
    solutions = parse_query_results(answer.content, format=QueryResultsFormat.JSON)
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        if str(row["g"]) != f"<{PROVENANCE}>":
            yield Quad(row["s"], row["p"], row["o"], row["g"])  # type: ignore[arg-type]


def _table(text: bytes, form: QueryResultsFormat) -> Answer:
    results = parse_query_results(text, format=form)
    if isinstance(results, QueryBoolean):
        return bool(results)
    names = [variable.value for variable in results.variables]
    rows = ({n: row[n] for n in names if row[n] is not None} for row in results)
    return _rows(names, rows)


def _rows(names: Iterable[str], rows: Iterable[dict[str, object]]) -> Dataset:
    """A table as statements, so that blank nodes may have any names and rows any order."""
    quads = [Quad(NamedNode("urn:table"), NamedNode("urn:column"), Literal(n)) for n in names]
    for number, row in enumerate(rows):
        node = BlankNode(f"row{number}")
        quads.append(Quad(node, NamedNode("urn:in"), NamedNode("urn:table")))
        quads += [Quad(node, NamedNode(f"urn:{name}"), term) for name, term in row.items()]  # type: ignore[arg-type]
    return _stored(quads)


def _result_set(file: Path) -> Answer:
    """A table that is written down as a graph."""
    store = Store()
    store.extend(read(file))
    boolean = next(store.quads_for_pattern(None, NamedNode(RS + "boolean"), None), None)
    if boolean is not None:
        return str(getattr(boolean.object, "value", "")) == "true"

    def objects(subject: object, name: str) -> list[object]:
        pattern = store.quads_for_pattern(subject, NamedNode(RS + name), None)  # type: ignore[arg-type]
        return [quad.object for quad in pattern]

    names = [str(name.value) for name in objects(None, "resultVariable")]  # type: ignore[attr-defined]
    rows = []
    for solution in objects(None, "solution"):
        pairs = [
            (objects(binding, "variable")[0], objects(binding, "value")[0])
            for binding in objects(solution, "binding")
        ]
        rows.append({str(name.value): term for name, term in pairs})  # type: ignore[attr-defined]
    return _rows(names, rows)


def _lines(text: str) -> list[str]:
    """The header, then the rows in any order; whatever a blank node is called, it is one."""
    head, *rows = re.sub(r"_:\w+", "_:b", text.replace("\r\n", "\n")).strip("\n").split("\n")
    return [head, *sorted(",".join(map(_value, row.split(","))) for row in rows)]


def _value(cell: str) -> str:
    """A number as one spelling of its value; any other text as it is."""
    try:
        return repr(float(cell))
    except ValueError:
        return cell


def _stored(quads: Iterable[Quad]) -> Dataset:
    """The statements with numbers and times by their value, as a store keeps them."""
    store = Store()
    store.extend(quads)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _name(graph: str) -> NamedNode | DefaultGraph:
    return NamedNode(graph) if graph else DefaultGraph()
