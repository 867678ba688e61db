"""The JSON-LD context: a document written with it says the same triples, to three processors."""

import json
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat, parse
from rdflib import OWL, RDF, Graph
from rdflib.compare import isomorphic

from loader.releases.release import Release
from sparql_api.vocabulary.atlas import _of_release
from sparql_api.vocabulary.context import context
from tests.ontology.test_examples import STADT, graph

B = "https://w3id.org/stadtwissen/"
HAND = {
    "id": B + "id/measure/radzaehlung",
    "type": "Measure",
    "title": {"de": "Radzählung", "en": "Bicycle count"},
    "altLabel": {"de": ["Zählung", "Radzähler"]},
    "fieldOfAction": B + "schemes/field-of-action/mobility",
    "measureOf": [B + "id/project/radwege", B + "id/local-authority/01999001"],
    "homepage": "https://radwege.example/",
    "startDate": {"@value": "2022-04", "@type": "xsd:gYearMonth"},
}
MEANT = f"""
@prefix stadt: <{STADT}> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{B}id/measure/radzaehlung> a stadt:Measure ;
    dct:title "Radzählung"@de , "Bicycle count"@en ; skos:altLabel "Zählung"@de , "Radzähler"@de ;
    stadt:fieldOfAction <{B}schemes/field-of-action/mobility> ;
    stadt:measureOf <{B}id/project/radwege> , <{B}id/local-authority/01999001> ;
    foaf:homepage <https://radwege.example/> ; stadt:startDate "2022-04"^^xsd:gYearMonth .
"""


@pytest.fixture(scope="module")
def ours(release: Release) -> dict[str, Any]:
    return context(_of_release(release, B, "de").glossary)


def by_pyld(document: object) -> Graph:
    nquads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return Graph().parse(data=nquads, format="nt")


def by_pyoxigraph(document: object) -> Graph:
    quads = parse(json.dumps(document), format=RdfFormat.JSON_LD)
    return Graph().parse(data="\n".join(f"{quad.triple} ." for quad in quads), format="nt")


def by_rdflib(document: object) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


# rdflib's own parser makes the graph that rdflib calls deprecated.
_OLD = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
PROCESSORS = [by_pyld, by_pyoxigraph, pytest.param(by_rdflib, marks=_OLD)]


@pytest.mark.parametrize("read", PROCESSORS)
def test_a_document_written_by_hand_means_its_triples(ours: dict[str, Any], read: Any) -> None:
    found = read({**ours, **HAND})
    assert isomorphic(found, Graph().parse(data=MEANT, format="turtle"))


@pytest.mark.parametrize("read", PROCESSORS)
def test_the_examples_survive_the_way_there_and_back(ours: dict[str, Any], read: Any) -> None:
    examples = graph("ontology/examples/*.ttl")
    nquads = examples.serialize(format="nt")
    expanded = jsonld.from_rdf(nquads, {"format": "application/n-quads"})
    short = jsonld.compact(expanded, ours)
    assert isomorphic(read(short), examples)


def test_the_short_form_is_short(ours: dict[str, Any]) -> None:
    nquads = graph("ontology/examples/Measure.ttl").serialize(format="nt")
    expanded = jsonld.from_rdf(nquads, {"format": "application/n-quads"})
    things = jsonld.compact(expanded, ours)["@graph"]
    measure = next(thing for thing in things if thing["type"] == "Measure")
    assert measure["title"] == {"de": "Radzählung", "en": "Bicycle count"}
    assert measure["fieldOfAction"] == B + "schemes/field-of-action/mobility"
    assert not [key for key in measure if ":" in key]


def test_every_term_of_ours_has_a_short_name(ours: dict[str, Any]) -> None:
    modules = graph("ontology/*.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    names = {str(s).removeprefix(STADT) for kind in kinds for s in modules.subjects(RDF.type, kind)}
    assert not names - ours["@context"].keys()
