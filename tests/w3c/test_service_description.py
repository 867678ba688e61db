"""The W3C's three tests of the service description, and a shape for what it says."""

from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from tests.w3c.requests import Service

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
SHAPES = Path(__file__).with_name("service.shapes.ttl")


@pytest.fixture(scope="module")
def description(service: Service) -> Graph:
    answer = service.client.get(service.query, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=answer.text, format="turtle")


def conforms(graph: Graph) -> bool:
    return bool(pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES))[0])


def test_the_endpoint_returns_rdf(description: Graph) -> None:
    assert len(description) > 20


def test_the_description_names_the_endpoint_that_was_asked(
    service: Service, description: Graph
) -> None:
    assert (URIRef(service.query), SD.endpoint, URIRef(service.query)) in description


def test_the_description_conforms_to_the_schema(description: Graph) -> None:
    assert conforms(description)


def test_a_description_without_its_endpoint_does_not_conform(description: Graph) -> None:
    spoilt = Graph() + description
    spoilt.remove((None, SD.endpoint, None))
    assert not conforms(spoilt)


def test_the_update_address_is_described_beside_the_query_address(
    service: Service, description: Graph
) -> None:
    update = URIRef(service.update)
    assert (update, RDF.type, SD.Service) in description
    assert (update, SD.supportedLanguage, SD.SPARQL11Update) in description
