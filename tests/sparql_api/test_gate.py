"""What the gate lets pass and what it refuses, before any engine is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sparql_api.errors import (
    QueryError,
    QueryTooComplex,
    QueryTooLong,
    ServiceRefused,
    UpdateRefused,
)
from sparql_api.request import gate, reading

LENGTH = 256 * 2**10


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * 600 + "}" * 600,
        "SELECT * { FILTER(" + "(" * 600 + "1" + ")" * 600 + ") }",
        "SELECT * { ?s ?p " + "[ ?p " * 600 + "]" * 600 + " }",
        "SELECT * { FILTER(" + "1+" * 2_100 + "1) }",
        "SELECT * { FILTER(1" + "-1" * 2_100 + ") }",
        "SELECT * { FILTER(" + "!" * 2_100 + "true) }",
        "SELECT * { ?s <p>" + "/<p>" * 2_100 + " ?o }",
        "SELECT * { {}" + " UNION {}" * 1_100 + " }",
        "SELECT * { " + "OPTIONAL {} " * 1_100 + " }",
        "SELECT (1 AS ?a0) " + "".join(f"(1 AS ?a{i})" for i in range(2_100)) + " {}",
        r"SELECT * \u007b" + "{" * 300 + r"\u007b" * 300,
    ],
    ids=["{", "(", "[", "+", "-", "!", "/", "UNION", "OPTIONAL", "AS", "escaped"],
)
def test_a_query_that_could_overflow_the_stack_is_refused(query: str) -> None:
    with pytest.raises(QueryTooComplex):
        gate.inspect(query, LENGTH)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?x {" + " <http://e/a-b/c>" * 10_000 + "} }",
        "SELECT * { VALUES ?x {" + ' "a+b" -5' * 900 + "} }",
        'SELECT * { ?s ?p """' + "{ ( + " * 5_000 + '""" }',
        "SELECT * {\n" + "# { ( [ SERVICE\n" * 5_000 + "}",
        "SELECT * { ?s ?p '" + r"\'{" * 5_000 + "' }",
    ],
    ids=["values", "numbers", "long string", "comments", "escaped quotes"],
)
def test_brackets_in_strings_comments_and_addresses_do_not_count(query: str) -> None:
    assert gate.inspect(query, LENGTH).form == "SELECT"


def test_a_query_over_the_length_is_refused_with_the_limit() -> None:
    with pytest.raises(QueryTooLong) as caught:
        gate.inspect("ASK {}" + " " * 100, 100)
    assert caught.value.facts == {"found": 106, "limit": 100}


def test_the_length_counts_bytes() -> None:
    with pytest.raises(QueryTooLong):
        gate.inspect("ASK {} #" + "ä" * 50, 100)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { # harmless\rSERVICE <http://x/> {} }",
        r"SELECT * { \u0053ERVICE <http://x/> {} }",
        r"SELECT * { \U00000053ERVICE <http://x/> {} }",
        r'SELECT * { ?s ?p "\u0022 . SERVICE <http://x/> {} } #" }',
    ],
)
def test_service_is_refused_however_it_is_written(query: str) -> None:
    with pytest.raises(ServiceRefused):
        gate.inspect(query, LENGTH)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?service <http://x/SERVICE> "SERVICE" }',
        "PREFIX service: <http://x/> SELECT * { ?s service:SERVICE ?o }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/>",
    ],
)
def test_the_word_service_elsewhere_is_allowed(query: str) -> None:
    assert gate.inspect(query, LENGTH).form == "SELECT"


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:a> <a:b> 1 }", "PREFIX a: <b:c> DELETE WHERE { ?s ?p ?o }", "drop all"],
)
def test_updates_are_refused(update: str) -> None:
    with pytest.raises(UpdateRefused):
        gate.inspect(update, LENGTH)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX select: <http://x/>\nASK { select:a ?p ?o }", "ASK"),
        ("# SELECT\nBASE <http://x/> construct where { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <http://x/INSERT>", "DESCRIBE"),
        ("SELECT (COUNT(*) AS ?load) { ?s ?p ?o }", "SELECT"),
        ("nonsense", None),
    ],
)
def test_the_form_is_told(query: str, form: str | None) -> None:
    assert gate.inspect(query, LENGTH).form == form


@pytest.mark.parametrize(
    ("query", "star"),
    [
        ("SELECT * { ?s ?p ?o }", (7, 8)),
        ("SELECT DISTINCT * { ?s ?p ?o }", (16, 17)),
        ("SELECT ?s { { SELECT * { ?s ?p ?o } } }", None),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", None),
        ("CONSTRUCT { ?s ?p ?o } { ?s <a:b>* ?o }", None),
    ],
)
def test_only_the_star_of_the_outermost_select_is_found(
    query: str, star: tuple[int, int] | None
) -> None:
    assert gate.inspect(query, LENGTH).star == star


def test_every_refusal_speaks_both_languages() -> None:
    for query in ("{" * 600, "DROP ALL", "ASK { SERVICE <a:b> {} }"):
        with pytest.raises(QueryError) as caught:
            gate.inspect(query, LENGTH)
        assert caught.value.text.de != caught.value.text.en


PIECES = [
    *("SELECT", "ask", "CONSTRUCT", "INSERT", "LOAD", "PREFIX a: <http://a/#>", "BASE <x:y>"),
    *(
        "?x",
        "$y",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "*",
        "/",
        "^",
        ".",
        ";",
        "<http://a/b#c>",
        "<=",
        "<",
    ),
    *("a:b", "a", "'it'", '"FROM"', '"""', "# SERVICE", "\n", "FROM", "SERVICE", "NOW", "RAND()"),
    *("UNION", "OPTIONAL", "FILTER", "\\u0053ERVICE", "1", "-1", "DISTINCT", "ſervice", "WITH"),
]


@given(some.lists(some.sampled_from(PIECES), max_size=12), some.sampled_from(["", " "]))
def test_a_short_query_is_read_as_a_long_one_would_be(pieces: list[str], between: str) -> None:
    query = between.join(["SELECT ", *pieces])
    short = reading.read_short(query, LENGTH)
    if short:
        whole = reading.read(query)
        whole.variables, whole.nesting, whole.operators = [], 0, 0
        whole.volatile = False  # without brackets nothing is called
        whole.loads = 0  # which matters in updates alone
        assert short == whole


def test_a_look_up_is_read_the_short_way() -> None:
    query = "PREFIX a: <http://a/#>\nSELECT ?p ?o { <http://a/b#c> ?p ?o }"
    assert reading.read_short(query, LENGTH) == reading.Reading(form="SELECT")
