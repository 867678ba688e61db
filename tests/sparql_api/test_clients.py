"""Other people's clients against the running server."""

import json
import shutil
import subprocess
import warnings

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, TURTLE, URLENCODED, XML
from SPARQLWrapper import SPARQLWrapper as Wrapper

from tests.sparql_api.conftest import NUMBERS, B, Server

NUMBERED = f"SELECT ?s ?n {{ ?s <{B}ontology/number> ?n }}"


@pytest.mark.parametrize(
    ("method", "way"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
)
def test_sparqlwrapper_reads_all_rows(server: Server, method: str, way: str) -> None:
    wrapper = Wrapper(server.url + "/sparql")
    wrapper.setMethod(method)
    wrapper.setRequestMethod(way)
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(NUMBERED)
    with wrapper.query().response as response:
        assert len(json.load(response)["results"]["bindings"]) == NUMBERS


@pytest.mark.parametrize(("form", "head"), [(XML, b"<?xml"), (CSV, b"s,n\r\n")])
def test_sparqlwrapper_gets_the_format_it_asks_for(server: Server, form: str, head: bytes) -> None:
    wrapper = Wrapper(server.url + "/sparql", returnFormat=form)
    wrapper.setQuery(NUMBERED)
    with wrapper.query().response as response:
        assert response.read().startswith(head)


def test_sparqlwrapper_reads_a_graph(server: Server) -> None:
    wrapper = Wrapper(server.url + "/sparql", returnFormat=TURTLE)
    wrapper.setQuery(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s <{B}ontology/cost> ?o . ?s ?p ?o }}")
    with wrapper.query().response as response:
        assert b"1.5" in response.read()


def test_rdflib_reads_as_from_a_store_of_its_own(server: Server) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, about its classes
        graph = Graph(SPARQLStore(server.url + "/sparql"))
        labels = list(graph.objects(URIRef(B + "id/organisation/k%C3%B6ln")))
        rows = list(graph.query(NUMBERED))
    assert [str(text) for text in labels] == ["Stadt Köln"]
    assert len(rows) == NUMBERS


def test_rdflib_follows_the_address_of_a_thing(server: Server) -> None:
    graph = Graph().parse(server.url + "/id/project/probe")
    costs = [
        str(o) for o in graph.objects(URIRef(B + "id/project/probe"), URIRef(B + "ontology/cost"))
    ]
    assert costs == ["1.50"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "options",
    [
        ["--get", "--data-urlencode", f"query={NUMBERED}"],
        ["--data-urlencode", f"query={NUMBERED}"],
        ["-H", "Content-Type: application/sparql-query", "--data-binary", NUMBERED],
    ],
    ids=["get", "form", "direct"],
)
def test_curl_asks_in_all_three_ways(server: Server, options: list[str]) -> None:
    command = ["curl", "-sS", "--fail", "-H", "Accept: text/csv", *options, server.url + "/sparql"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == NUMBERS + 1
