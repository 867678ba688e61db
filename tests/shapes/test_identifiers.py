"""Keys and identifiers: a number is no key, and no single wrong character passes unnoticed."""

import string
from collections.abc import Iterator

import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from .conftest import Judged

STADT = Namespace("https://w3id.org/stadtwissen/ontology/")
THING = URIRef("https://w3id.org/stadtwissen/id/fall")
SCHEMA = Namespace("http://schema.org/")
KINDS = (string.digits, "abcdefghjkmnpqrstvwxyz", string.ascii_uppercase)


@pytest.mark.parametrize(
    ("kind", "key", "number"),
    [
        ("FederalState", "stateKey", 12),
        ("District", "districtKey", 12051),
        ("MunicipalAssociation", "associationKey", 120515163),
        ("Municipality", "municipalityKey", 12051000),
        ("Municipality", "regionalKey", 120510000000),
    ],
)
def test_a_key_written_as_a_number_is_found(
    kind: str, key: str, number: int, judged: Judged
) -> None:
    rule = f"{kind}-{key}-malformed"
    as_number, as_text = (
        {row.shape for row in judged.judge(described(kind, STADT[key], value))}
        for value in (Literal(number), Literal(str(number)))
    )
    assert rule in as_number
    assert rule not in as_text


@pytest.mark.parametrize(
    ("rule", "prefix", "identifier"),
    [
        ("Organisation-ror-misspelt", "https://ror.org/", "03yrm5c26"),
        ("Organisation-gnd-misspelt", "https://d-nb.info/gnd/", "10016351-8"),
        ("Organisation-gnd-misspelt", "https://d-nb.info/gnd/", "118540238"),
        ("Organisation-lei-misspelt", "", "529900T8BM49AURSDO55"),
    ],
)
def test_no_single_wrong_character_passes(
    rule: str, prefix: str, identifier: str, judged: Judged
) -> None:
    values = {prefix + identifier: THING}
    for number, wrong in enumerate(misspelt(identifier)):
        values[prefix + wrong] = URIRef(f"{THING}-{number}")
    graph = Graph()
    for value, thing in values.items():
        graph.add((thing, RDF.type, STADT.Organisation))
        said = (SCHEMA.sameAs, URIRef(value)) if prefix else (SCHEMA.leiCode, Literal(value))
        graph.add((thing, *said))
    found = {row.focus for row in judged.built(graph) if row.shape == rule}
    assert len(found) > 50
    assert found == {f"id/{str(t).rsplit('/', 1)[-1]}" for t in values.values() if t != THING}


def described(kind: str, predicate: URIRef, value: Literal) -> Graph:
    graph = Graph()
    graph.add((THING, RDF.type, STADT[kind]))
    graph.add((THING, predicate, value))
    return graph


def misspelt(identifier: str) -> Iterator[str]:
    """The identifier with each character but the first replaced by others of its kind."""
    for index, character in enumerate(identifier[1:], 1):
        for kind in KINDS:
            for other in kind.replace(character, "") if character in kind else "":
                yield identifier[:index] + other + identifier[index + 1 :]
