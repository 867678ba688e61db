"""Matching: the pattern is written out where it stands, or refused with a sentence."""

import pytest
from pyoxigraph import Store

from loader.queries.matching import MATCHES, MatchMisplaced, expanded
from loader.queries.search import Hit

PREFIX = "PREFIX stadt: <https://w3id.org/stadtwissen/ontology/> PREFIX ex: <x:> "
ONE = "VALUES ?x { <x:1> <x:2> }"
SCORED = "VALUES (?x ?s) { (<x:1> 1.5000) (<x:2> 0.5000) }"


def _search(text: str) -> list[Hit]:
    return [Hit("x:1", "", 1.5), Hit("x:2", "", 0.5)] if text else []


def _expanded(query: str) -> str:
    Store().query(PREFIX + query)  # what is given is SPARQL
    text = expanded(PREFIX + query, _search)
    Store().query(text)  # and so is what comes out
    return " ".join(text.removeprefix(PREFIX).split())


@pytest.mark.parametrize(
    ("query", "after"),
    [
        ('SELECT * { ?x stadt:matches "a" }', f"SELECT * {{ {ONE} }}"),
        (f'SELECT * {{ ?x <{MATCHES}> "a" }}', f"SELECT * {{ {ONE} }}"),
        ("SELECT * { ?x stadt:matches 'a'@de . ?x a ?c }", f"SELECT * {{ {ONE} ?x a ?c }}"),
        ('SELECT * { (?x ?s) stadt:matches "a" }', f"SELECT * {{ {SCORED} }}"),
        ('SELECT * { ?x stadt:matches "a" ; a ?c }', f"SELECT * {{ {ONE} ?x a ?c }}"),
        (
            'SELECT * { ?y a ex:B. ?x a ?c ; stadt:matches "a" ; ex:p ?d . ?d a ?e }',
            f"SELECT * {{ ?y a ex:B. {ONE} ?x a ?c ; ex:p ?d . ?d a ?e }}",
        ),
        (
            'SELECT * { ?x a ?c OPTIONAL { ?x stadt:matches "a" . } }',
            f"SELECT * {{ ?x a ?c OPTIONAL {{ {ONE} }} }}",
        ),
        (
            'SELECT * { ?x a ?c FILTER NOT EXISTS { ?x stadt:matches """a""" } }',
            f"SELECT * {{ ?x a ?c FILTER NOT EXISTS {{ {ONE} }} }}",
        ),
        (
            'CONSTRUCT { ?x stadt:matches "z" } WHERE { ?x stadt:matches "z" }',
            f'CONSTRUCT {{ ?x stadt:matches "z" }} WHERE {{ {ONE} }}',
        ),
        ('ASK { GRAPH ?g { ?x stadt:matches "a" } }', f"ASK {{ GRAPH ?g {{ {ONE} }} }}"),
        ('SELECT * { ?x stadt:matches "" }', "SELECT * { VALUES ?x { } }"),
    ],
)
def test_a_pattern_becomes_the_things_found(query: str, after: str) -> None:
    assert _expanded(query) == after


@pytest.mark.parametrize(
    "query",
    [
        "DESCRIBE stadt:matches",
        "SELECT * { stadt:matches ?p ?o }",
        "SELECT * { ?s ?p stadt:matches }",
        "SELECT * { ?s ?p stadt:matches ; ?q ?o }",
        'SELECT * { VALUES ?p { stadt:matches } ?s ?p "t" }',
        'SELECT * { ?x ?p "stadt:matches" } # ?x stadt:matches "a"',
        'SELECT * { ?x ex:matches "a" }',
    ],
)
def test_what_only_names_the_property_stays(query: str) -> None:
    assert _expanded(query) == query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s stadt:matches ?t }",
        'SELECT * { ?s a/stadt:matches "t" }',
        'SELECT * { ?s stadt:matches+ "t" }',
        'SELECT * { ?s ^stadt:matches "t" }',
        'SELECT * { ?s stadt:matches "t", "u" }',
        'SELECT * { ?s a ?c ; stadt:matches "t", "u" }',
        'SELECT * { ?s stadt:matches "4"^^ex:n }',
        'SELECT * { <x:y> stadt:matches "t" }',
        'SELECT * { [] stadt:matches "t" }',
        'SELECT * { ?x a [ a ?c ; stadt:matches "t" ] }',
        'SELECT * { (?a ?b ?c) stadt:matches "t" }',
        'SELECT * { FILTER(?c > 1) ?x a ?c ; stadt:matches "t" }',
        'CONSTRUCT WHERE { ?x stadt:matches "t" }',
        'CONSTRUCT FROM ex:g WHERE { ?x stadt:matches "t" }',
    ],
)
def test_a_pattern_that_cannot_be_told_is_refused(query: str) -> None:
    with pytest.raises(MatchMisplaced, match="stands by itself"):
        _expanded(query)


def test_the_text_is_what_the_literal_means() -> None:
    asked: list[str] = []

    def search(text: str) -> list[Hit]:
        asked.append(text)
        return []

    expanded(PREFIX + r"""SELECT * { ?x stadt:matches "\"smart city\" \u00DCber\tall" }""", search)
    assert asked == ['"smart city" Über\tall']
