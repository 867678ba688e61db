"""`/sparql` as clients see it."""

import json
import socket
from urllib.parse import quote_plus, unquote_plus, urlencode

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from tests.sparql_api.attacks.conftest import dial
from tests.sparql_api.conftest import FORMATS, GRAPH, NUMBERS, B, Server

NUMBERED = f"SELECT ?s ?n {{ ?s <{B}ontology/number> ?n }}"
COPY = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s <{B}ontology/number> ?o . ?s ?p ?o }}"
STRANGE = "%20 + %2B ä € 😀 &;=#"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("json", QueryResultsFormat.JSON),
        ("xml", QueryResultsFormat.XML),
        ("tsv", QueryResultsFormat.TSV),
    ],
)
def test_results_come_whole_in_each_format(
    server: Server, name: str, form: QueryResultsFormat
) -> None:
    answer = server.client.get("/sparql", params={"query": NUMBERED, "format": name})
    results = parse_query_results(answer.content, form)
    assert isinstance(results, QuerySolutions)
    assert len(list(results)) == NUMBERS
    assert answer.headers["content-type"].split(";")[0] == form.media_type.split(";")[0]


def test_csv_is_exact_to_the_byte(server: Server) -> None:
    answer = server.ask(f"{NUMBERED} ORDER BY ?n LIMIT 2", "text/csv")
    expected = f"s,n\r\n{B}id/thing/0,0\r\n{B}id/thing/1,1\r\n"
    assert answer.content == expected.encode()
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "form",
    FORMATS.values(),
    ids=lambda form: form.file_extension,
)
def test_graphs_come_whole_in_each_format(server: Server, form: RdfFormat) -> None:
    answer = server.ask(COPY, form.media_type)
    assert answer.headers["content-type"].split(";")[0] == form.media_type
    assert len({str(quad) for quad in parse(answer.content, format=form)}) == NUMBERS


def test_ask_answers_true_and_false(server: Server) -> None:
    assert server.ask("ASK {}").json()["boolean"] is True
    assert server.ask("ASK { <a:b> ?p ?o }").json()["boolean"] is False


def test_the_columns_of_select_star_keep_their_order(server: Server) -> None:
    answer = server.ask("SELECT * { ?zebra ?apple ?mango } LIMIT 1", "text/csv")
    assert answer.text.splitlines()[0] == "zebra,apple,mango"


def test_select_star_hides_what_is_out_of_scope(server: Server) -> None:
    query = "SELECT * { ?z ?a ?m MINUS { ?z ?inner ?m FILTER(false) } } LIMIT 1"
    assert server.ask(query, "text/csv").text.splitlines()[0] == "z,a,m"


def test_strange_characters_are_decoded_once_in_the_address(server: Server) -> None:
    query = f'SELECT ("{STRANGE}" AS ?x) {{}}'
    assert _value(server.ask(query)) == STRANGE


def test_strange_characters_are_decoded_once_in_a_form(server: Server) -> None:
    query = f'SELECT ("{STRANGE}" AS ?x) {{}}'
    assert _value(server.client.post("/sparql", data={"query": query})) == STRANGE


def test_strange_characters_are_not_decoded_in_a_direct_body(server: Server) -> None:
    query = f'SELECT ("{STRANGE}" AS ?x) {{}}'
    headers = {"Content-Type": "application/sparql-query"}
    answer = server.client.post("/sparql", content=query.encode(), headers=headers)
    assert _value(answer) == STRANGE


def test_percent_signs_in_an_address_of_data_stay(server: Server) -> None:
    query = f"SELECT ?x {{ <{B}id/organisation/k%C3%B6ln> ?p ?x }}"
    assert _value(server.client.post("/sparql", data={"query": query})) == "Stadt Köln"


def test_a_syntax_error_says_line_and_column_in_german(server: Server) -> None:
    answer = server.ask("SELECT * {\n  ?s ?p ?o .\n  FOO }")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (3, 8)
    assert problem["detail"] == "Syntaxfehler in Zeile 3, Spalte 8: „FOO }“"


def test_a_syntax_error_speaks_english_where_asked(server: Server) -> None:
    answer = server.ask("SELECT * { FOO }", **{"Accept-Language": "fr, en;q=0.8, de;q=0.5"})
    assert "line 1, column 17" in answer.json()["detail"]
    assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * " + "{" * 6_000 + "}" * 6_000, 400),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 400),
        ("ASK {}" + " " * 300_000, 413),
    ],
    ids=["12 kB of braces", "SERVICE", "update", "too long"],
)
def test_what_the_gate_refuses_harms_nobody(server: Server, query: str, status: int) -> None:
    answer = server.client.post("/sparql", data={"query": query})
    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert server.ask("ASK {}").json()["boolean"] is True


def test_brackets_that_look_like_an_address_are_asked_for_a_blank(server: Server) -> None:
    hidden = "1" + "+1" * 900
    query = f"SELECT * {{ ?s ?p ?o FILTER(?o<({hidden})&&?o>0) }} LIMIT 1"
    refused = server.ask(query)
    assert refused.status_code == 400
    assert "Setzen Sie hinter „kleiner als“ ein Leerzeichen" in refused.json()["detail"]
    assert server.ask(query.replace("<(", "< (")).status_code == 200


@pytest.mark.parametrize(
    "parameters",
    [
        [("query", "ASK {}"), ("query", "ASK {}")],
        [("query", "ASK {}"), ("update", "CLEAR ALL")],
        [("query", "ASK {}"), ("timeout", "soon")],
        [("query", "ASK {}"), ("default-graph-uri", "no address")],
    ],
)
def test_wrong_parameters_are_refused(server: Server, parameters: list[tuple[str, str]]) -> None:
    assert server.client.get("/sparql", params=parameters).status_code == 400


def test_bytes_that_are_no_utf8_are_refused(server: Server) -> None:
    assert server.client.get("/sparql?query=ASK%20%7B%7D%23%FF").status_code == 400


def test_another_media_type_is_refused(server: Server) -> None:
    answer = server.client.post("/sparql", content="ASK {}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_the_default_graph_is_the_union_of_all(server: Server) -> None:
    query = f"ASK {{ <{B}id/project/probe> a ?c . ?c a <http://www.w3.org/2002/07/owl#Class> }}"
    assert server.ask(query).json()["boolean"] is True
    one = {"query": query, "default-graph-uri": GRAPH}
    assert server.client.get("/sparql", params=one).json()["boolean"] is False


def test_from_in_the_query_chooses_the_graph(server: Server) -> None:
    pattern = f"<{B}id/project/probe> ?p ?o"
    assert server.ask(f"ASK FROM <{GRAPH}> {{ {pattern} }}").json()["boolean"] is True
    assert server.ask(f"ASK FROM <{B}ontology/> {{ {pattern} }}").json()["boolean"] is False


def test_from_fetches_nothing(server: Server) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        answer = server.ask(f"SELECT * FROM <http://127.0.0.1:{port}/x> {{ ?s ?p ?o }}")
        assert answer.json()["results"]["bindings"] == []
        with pytest.raises(TimeoutError):
            listener.accept()


def test_an_answer_that_the_client_has_is_not_sent_again(server: Server) -> None:
    first = server.ask("ASK {}")
    again = server.ask("ASK {}", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = server.ask("ASK {}", "text/csv", **{"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_an_answer_that_changes_by_itself_has_no_etag(server: Server) -> None:
    assert "etag" not in server.ask("SELECT (NOW() AS ?n) {}").headers


def test_answers_name_release_and_limits(server: Server) -> None:
    headers = server.ask("ASK {}").headers
    assert headers["stadtwissen-release"] == server.client.get("/health").json()["release"]
    assert headers["stadtwissen-limits"] == "first=8, total=9, memory=209715200"


def test_head_answers_like_get_without_a_body(server: Server) -> None:
    answer = server.client.head("/sparql", params={"query": "ASK {}"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "application/sparql-results+json"


def test_other_origins_may_read(server: Server) -> None:
    answer = server.ask("ASK {}", Origin="https://elsewhere.example")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    asked = {"Origin": "https://e.example", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "content-type"
    preflight = server.client.options("/sparql", headers=asked)
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_without_a_query_the_service_describes_itself(server: Server) -> None:
    answer = server.client.get("/sparql", headers={"Accept": "text/turtle"})
    triples = {str(quad.triple) for quad in parse(answer.content, format=RdfFormat.TURTLE)}
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert f"<{server.url}/sparql> <{sd}endpoint> <{server.url}/sparql>" in triples
    assert f"<{server.url}/sparql> <{sd}feature> <{sd}UnionDefaultGraph>" in triples


def test_a_format_that_we_do_not_have_is_406(server: Server) -> None:
    answer = server.ask("ASK {}", "image/png")
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["formats"]


def test_an_unknown_release_is_404(server: Server) -> None:
    answer = server.client.get("/sparql", params={"query": "ASK {}", "release": "1999"})
    assert answer.status_code == 404


def test_a_query_too_long_for_an_address_is_told_the_other_way(server: Server) -> None:
    query = "ASK%7B%7D" + "+" * 70_000
    with dial(server) as client:
        client.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        said = b"".join(iter(lambda: client.recv(1_000), b"")).decode()
    assert said.startswith("HTTP/1.1 431 ")
    assert "POST" in said
    query = unquote_plus(query)
    assert server.client.post("/sparql", data={"query": query}).status_code == 200


def _value(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    bindings = json.loads(answer.content)["results"]["bindings"]
    return str(next(iter(bindings[0].values()))["value"])


def test_the_test_would_notice_a_second_decoding() -> None:
    once = urlencode({"q": STRANGE}).removeprefix("q=")
    assert unquote_plus(once) == STRANGE
    assert unquote_plus(unquote_plus(once)) != STRANGE
    assert quote_plus(STRANGE) == once
