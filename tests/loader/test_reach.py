"""What a query can reach, read from its tokens, beside what rdflib's algebra says it asks for."""

from collections.abc import Iterator
from typing import Any

import pytest
from rdflib import RDF, URIRef, Variable
from rdflib.paths import Path as PropertyPath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from loader import bundle
from loader.shacl import reach, shape
from loader.shacl.reach import Unproven

PREFIXES = {"e": "http://e/"}
P, Q = "http://e/p", "http://e/q"
RULES = shape.read(bundle.shapes())


def asked(algebra: Any) -> Iterator[tuple[Any, Any]]:
    """Predicate and object of every triple in an algebra, outside of EXISTS."""
    if isinstance(algebra, CompValue):
        if algebra.name == "BGP":
            yield from ((predicate, thing) for _, predicate, thing in algebra.triples)
        for part in algebra.values():
            yield from asked(part)
    elif isinstance(algebra, list | tuple):
        for part in algebra:
            yield from asked(part)


def predicates(term: Any) -> Iterator[str]:
    """The predicates of a path."""
    if isinstance(term, URIRef):
        yield str(term)
    elif isinstance(term, PropertyPath):
        inner = [getattr(term, name, None) for name in ("path", "arg")]
        for part in getattr(term, "args", inner):
            yield from predicates(part)


@pytest.mark.parametrize("rule", RULES.constraints, ids=lambda rule: rule.iri.rsplit("/", 1)[1])
def test_no_statement_that_a_rule_asks_for_is_out_of_reach(rule: Any) -> None:
    algebra = translateQuery(parseQuery(rule.query())).algebra
    found = {name for predicate, _ in asked(algebra) for name in predicates(predicate)}
    assert found <= rule.reach.predicates
    for predicate, thing in asked(algebra):
        if predicate == RDF.type:
            named = not isinstance(thing, Variable)
            assert rule.reach.classes is None or (named and str(thing) in rule.reach.classes)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("{ $this e:p ?x ; e:q ?y . FILTER (?x > ?y) }", {P, Q}),
        ("{ $this ^e:p/(e:q|e:r)+ ?x }", {P, Q, "http://e/r"}),
        ("{ $this e:p 'a \" . e:q' , 2.5 . ?s e:q $this . }", {P, Q}),
        ("{ $this e:p ?x FILTER NOT EXISTS { ?x e:q $this } }", {P, Q}),
        ("{ { $this e:p ?x } UNION { ?x e:q $this } OPTIONAL { ?x e:p ?y } }", {P, Q}),
        ("{ $this ?any ?x }", None),
    ],
)
def test_the_predicates_of_a_query_are_read(query: str, found: set[str] | None) -> None:
    assert reach.of(query, PREFIXES).predicates == found


@pytest.mark.parametrize(
    "query",
    [
        "{ { FILTER ($this = e:x) } }",
        "{ ?x e:p ?y OPTIONAL { ?y e:q ?z . BIND ($this AS ?w) } }",
        "{ ?x e:p ?y { ?y e:q ?z FILTER EXISTS { $this e:p ?z } } }",
        "{ ?x e:p* ?y }",
        "{ $this !e:p ?y }",
        "{ $this e:p [ e:q ?x ] }",
        "{ { SELECT $this { $this e:p ?x } } }",
        "{ GRAPH ?g { $this e:p ?x } }",
        "{ $this unknown:p ?x }",
    ],
)
def test_what_is_not_proven_is_left_to_the_reference(query: str) -> None:
    with pytest.raises(Unproven):
        reach.of(query, PREFIXES)


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("{ $this e:p ?x . FILTER (?x > 1) }", True),
        ("{ ?x e:p/e:q $this }", True),
        ("{ ?x e:p ?y . $this e:q ?y }", False),
        ("{ FILTER NOT EXISTS { $this e:p ?x } }", False),
        ("{ BIND ($this AS ?x) $this e:p ?x }", False),
        ("{ { $this e:p ?x } UNION { $this e:q ?x } }", False),
        ("{ $this e:p* ?x }", False),
    ],
)
def test_a_query_begins_with_this_if_its_first_pattern_finds_all_of_them(
    query: str, *, begins: bool
) -> None:
    assert reach.of(query, PREFIXES).begins_with_this is begins
