"""Walks: how far from a thing the rules look, and when that cannot be told."""

import pytest
from rdflib import Graph

from loader.shacl import walk
from loader.shacl.walk import Step, Walks
from loader.term import RDF_TYPE

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <e:> . "
SHAPE = PREFIXES + "e:S a sh:NodeShape ; sh:targetClass e:C ; "


def _walks(turtle: str) -> Walks:
    return walk.of(Graph().parse(data=turtle, format="turtle"))


def _ways(walks: Walks, before: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    ways = {before} if before else set()
    for step, further in walks.branches.items():
        name = ("^" if step.is_inverse else "") + step.predicate
        ways |= _ways(further, (*before, name))
    return ways


@pytest.mark.parametrize(
    ("shape", "ways"),
    [
        ("sh:property [ sh:path e:p ; sh:minCount 1 ] .", {("e:p",)}),
        ("sh:property [ sh:path [ sh:inversePath e:p ] ] .", {("^e:p",)}),
        ("sh:property [ sh:path e:p ; sh:node [ sh:property [ sh:path e:q ] ] ] .",
         {("e:p",), ("e:p", "e:q")}),
        ("sh:property [ sh:path ( [ sh:zeroOrOnePath e:p ] e:q ) ] .",
         {("e:q",), ("e:p",), ("e:p", "e:q")}),
        ("sh:or ( [ sh:path e:p ] [ sh:property [ sh:path e:q ] ] ) .", {("e:p",), ("e:q",)}),
        ("sh:property [ sh:path e:p ; sh:lessThan e:q ] .", {("e:p",), ("e:q",)}),
    ],
)  # fmt: skip
def test_a_shape_looks_along_its_paths(shape: str, ways: set[tuple[str, ...]]) -> None:
    assert _ways(_walks(SHAPE + shape)) == ways


def test_a_thing_that_is_aimed_at_as_an_object_is_found_from_there() -> None:
    walks = _walks(PREFIXES + "e:S a sh:NodeShape ; sh:targetObjectsOf e:p ; sh:nodeKind sh:IRI .")
    assert walks.branches == {Step("e:p", is_inverse=True): Walks()}


def test_where_a_rule_asks_for_a_class_is_noted() -> None:
    walks = _walks(SHAPE + "sh:property [ sh:path e:p ; sh:class e:D ] .")
    assert walks.branches[Step("e:p")].asks_class
    assert not walks.asks_class


@pytest.mark.parametrize(
    ("shape", "beyond"),
    [
        ("sh:property [ sh:path e:p ; sh:nodeKind sh:IRI ] .", set()),
        ("sh:property [ sh:path e:p ; sh:class e:D ] .", {RDF_TYPE}),
        ("sh:property [ sh:path ( e:p e:q ) ; sh:minCount 1 ] .", {"e:q"}),
        ("sh:property [ sh:path ( [ sh:inversePath e:p ] e:q ) ] .", {"e:q"}),
        ("sh:property [ sh:path e:p ; sh:node [ sh:closed true ] ] .", None),
        ("sh:property [ sh:path e:p ; sh:node e:S ] .", None),
    ],
    ids=["address", "class", "way", "way back", "closed", "recursive"],
)
def test_only_what_a_rule_asks_for_is_needed_of_what_a_thing_leads_to(
    shape: str, beyond: set[str] | None
) -> None:
    assert _walks(SHAPE + shape).beyond() == beyond


def test_a_step_to_something_of_which_nothing_is_asked_is_not_followed() -> None:
    shape = "sh:property [ sh:path e:p ; sh:minCount 1 ] , [ sh:path e:q ; sh:class e:D ] ."
    assert _walks(SHAPE + shape).predicates() == {"e:q"}


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path [ sh:zeroOrMorePath e:p ] ] .",
        "sh:property [ sh:path ( e:p e:p e:p e:p e:p ) ] .",
        "sh:property [ sh:path e:p ; sh:node [ sh:closed true ] ] .",
        "sh:property [ sh:path e:p ; sh:node e:S ] .",
    ],
    ids=["endless", "long", "closed", "recursive"],
)
def test_a_rule_that_looks_further_than_is_followed_is_told(shape: str) -> None:
    assert _walks(SHAPE + shape).is_cut
