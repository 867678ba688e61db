"""Text search and positions over HTTP, together with the rest of a query."""

import re
from pathlib import Path

import pytest

import sparql_api
from loader.queries import extension, search
from loader.queries.matching import MATCHES
from loader.releases.release import Home
from tests.conftest import stadtwissen
from tests.sparql_api.conftest import GRAPH, PROJECT, RDFS_LABEL, B, Server, Start, publish

WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
PREFIXES = f"""PREFIX stadt: <{B}ontology/>
PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
PREFIX uom: <http://www.opengis.net/def/uom/OGC/1.0/>
"""
CSV = "text/csv"


def _rows(server: Server, query: str, **parameters: str) -> list[str]:
    answer = server.client.get(
        "/sparql",
        params={"query": PREFIXES + query, **parameters},
        headers={"Accept": CSV},
    )
    assert answer.status_code == 200, answer.text
    return answer.text.splitlines()[1:]


def test_a_search_joins_with_the_rest_of_the_query(server: Server) -> None:
    query = f"""SELECT ?x ?l {{ ?x stadt:matches "koeln" ; a stadt:Project ;
                <{RDFS_LABEL}> ?l FILTER(lang(?l) = "en") }}"""
    assert _rows(server, query) == [f"{B}id/project/probe,Probe for Cologne"]


def test_the_score_orders_what_was_found(server: Server) -> None:
    rows = _rows(server, 'SELECT * { (?x ?score) stadt:matches "Köln" } ORDER BY DESC(?score)')
    scores = [float(row.split(",")[1]) for row in rows]
    assert len(rows) == 2
    assert scores == sorted(scores, reverse=True)


def test_columns_of_select_star_keep_their_order(server: Server) -> None:
    query = 'SELECT * { (?z ?a) stadt:matches "Köln" . ?z a ?b }'
    answer = server.ask(PREFIXES + query, CSV)
    assert answer.text.splitlines()[0] == "z,a,b"


def test_a_pattern_in_the_wrong_place_is_a_problem_in_the_readers_language(server: Server) -> None:
    query = PREFIXES + 'SELECT * { <x:y> stadt:matches "t" }'
    answer = server.ask(query, CSV, **{"Accept-Language": "en"})
    assert answer.status_code == 400
    assert "stands by itself" in answer.json()["detail"]
    assert "steht für sich" in server.ask(query, CSV).json()["detail"]


def test_too_many_words_are_a_problem(server: Server) -> None:
    answer = server.ask(PREFIXES + f'SELECT * {{ ?x stadt:matches "{"wort " * 40}" }}')
    assert (answer.status_code, answer.json()["type"]) == (400, "/api#extension-refused")


def test_a_syntax_error_after_a_search_has_its_true_place(server: Server) -> None:
    places = []
    for predicate in (MATCHES, MATCHES.replace("matches", "watches")):
        answer = server.ask(f'SELECT * {{ ?x <{predicate}> "Köln" .\n ?y FILTR }}')
        assert answer.status_code == 400
        places.append((answer.json()["line"], answer.json()["column"]))
    assert places[0] == places[1]
    assert places[0][0] == 2


@pytest.mark.parametrize("text", ['\\"', "NEAR(a b)", "* OR *", "');--", "name:x", "\\u0000", "😀"])
def test_hostile_words_find_nothing_and_break_nothing(server: Server, text: str) -> None:
    assert _rows(server, f'SELECT * {{ ?x stadt:matches "{text}" }}') == []


def test_an_unknown_function_is_the_querys_fault(server: Server) -> None:
    answer = server.ask("SELECT (<http://example.org/f>(1) AS ?x) {}")
    assert answer.status_code == 400
    assert "<http://example.org/f>" in answer.json()["detail"]


def test_positions_are_compared(server: Server) -> None:
    query = f"""SELECT (geof:distance(?a, ?b, uom:kilometre) < 30 AS ?near)
      (geof:sfWithin(?b, geof:buffer(?a, 20, uom:kilometre)) AS ?within)
      (geof:distance("POINT(7"^^<{WKT}>, ?b, uom:metre) AS ?bad)
      {{ VALUES (?a ?b) {{ ("POINT(6.96 50.94)"^^<{WKT}> "POINT(7.10 50.73)"^^<{WKT}>) }} }}"""
    assert _rows(server, query) == ["true,false,"]


def test_an_older_release_is_searched_in_its_own_index(start: Start, tmp_path: Path) -> None:
    old = publish(tmp_path, {GRAPH: PROJECT})
    new = publish(tmp_path, {GRAPH: [f'<{B}id/x> <{RDFS_LABEL}> "Köln"@de <{GRAPH}> .']})
    server = start(tmp_path, query_memory="400 MiB")
    query = 'SELECT ?x { ?x stadt:matches "Köln" }'
    assert _rows(server, query) == [f"{B}id/x"]
    assert _rows(server, query, release=new.id) == [f"{B}id/x"]
    assert len(_rows(server, query, release=old.id)) == 2


def test_a_release_without_an_index_says_so(start: Start, tmp_path: Path) -> None:
    publish(tmp_path, {GRAPH: PROJECT})
    release = Home(tmp_path).current()
    assert release
    (release.path / search.FILE).unlink()
    answer = start(tmp_path).ask(PREFIXES + 'SELECT * { ?x stadt:matches "Köln" }')
    assert answer.status_code == 400
    assert "älter als die Textsuche" in answer.json()["detail"]


def test_the_offline_query_searches_and_measures_on_disk(tmp_path: Path) -> None:
    publish(tmp_path, {GRAPH: PROJECT})
    query = f"""SELECT ?x (geof:metricDistance(?p, ?p) AS ?d) {{ ?x stadt:matches "Cologne"
                VALUES ?p {{ "POINT(7 51)"^^<{WKT}> }} }}"""
    done = stadtwissen("query", "--format", "csv", "-", home=tmp_path, stdin=PREFIXES + query)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["x,d", f"{B}id/project/probe,0"]


def _examples() -> list[str]:
    folder = Path(sparql_api.__file__).parent / "handbook"
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("researchers.*.md"))]
    return [
        block for text in texts for block in re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    ]


@pytest.mark.parametrize("query", _examples())
def test_the_handbooks_examples_have_answers(query: str, home: Path) -> None:
    done = stadtwissen("query", "--format", "csv", "-", home=home, stdin=query)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 1


def test_the_service_description_lists_the_extensions(server: Server) -> None:
    text = server.client.get("/sparql", params={"format": "nt"}).text
    for function in extension.FUNCTIONS:
        assert f"#extensionFunction> <{function.iri}> ." in text
    assert f"#propertyFeature> <{MATCHES}> ." in text
