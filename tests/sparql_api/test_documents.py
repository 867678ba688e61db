"""The linked-data addresses, tested as a table of what is asked and what comes."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from tests.sparql_api.conftest import GRAPH, XSD, B, Server

PROBE = NamedNode(B + "id/project/probe")
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_the_address_of_a_thing_leads_to_its_document(server: Server) -> None:
    answer = server.client.get("/id/project/probe")
    assert (answer.status_code, answer.headers["location"]) == (303, "/doc/project/probe")


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/id/project/probe?format=nt", "/doc/project/probe?format=nt"),
        ("/id/project/probe.ttl", "/doc/project/probe.ttl"),
        ("/en/id/project/probe", "/en/doc/project/probe"),
        ("/ontology/Project", "/doc/ontology/Project"),
        ("/ontology", "/doc/ontology/"),
        ("/ontology/", "/doc/ontology/"),
    ],
)
def test_language_format_and_ending_are_kept_on_the_way(
    server: Server, asked: str, location: str
) -> None:
    answer = server.client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (303, location)


@pytest.mark.parametrize(
    ("ending", "form"),
    [
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("nq", RdfFormat.N_QUADS),
        ("trig", RdfFormat.TRIG),
        ("rdf", RdfFormat.RDF_XML),
        ("jsonld", RdfFormat.JSON_LD),
        ("json", RdfFormat.JSON_LD),
    ],
)
def test_literals_are_kept_to_the_letter_in_each_format(
    server: Server, ending: str, form: RdfFormat
) -> None:
    by_ending = server.client.get(f"/doc/project/probe.{ending}")
    by_accept = server.client.get("/doc/project/probe", headers={"Accept": form.media_type})
    for answer in (by_ending, by_accept):
        assert answer.headers["content-type"].split(";")[0] == form.media_type
        objects = {quad.object for quad in parse(answer.content, format=form)}
        assert Literal("1.50", datatype=NamedNode(XSD + "decimal")) in objects
        assert Literal("007", datatype=NamedNode(XSD + "nonNegativeInteger")) in objects
        assert Literal("Probe für Köln 😀", language="de") in objects


def test_a_document_has_the_records_of_its_thing(server: Server) -> None:
    text = server.client.get("/doc/project/probe.nt").text
    assert f"<{B}id/record/probe-1> <http://purl.org/dc/terms/source>" in text
    assert "dateOfStatement" in text


def test_a_document_has_what_points_to_its_thing(server: Server) -> None:
    text = server.client.get("/doc/organisation/k%C3%B6ln.nt").text
    assert f"<{PROBE.value}> <{B}ontology/carriedBy> <{B}id/organisation/k%C3%B6ln>" in text


def test_quads_keep_their_graph(server: Server) -> None:
    answer = server.client.get("/doc/project/probe.nq")
    graphs = {quad.graph_name for quad in parse(answer.content, format=RdfFormat.N_QUADS)}
    assert graphs == {NamedNode(GRAPH)}


@pytest.mark.parametrize("path", ["k%C3%B6ln", "k%c3%b6ln", "k%C3%B6ln.ttl"])
def test_umlauts_are_found_however_they_are_escaped(server: Server, path: str) -> None:
    answer = server.client.get(f"/doc/organisation/{path}")
    assert answer.status_code == 200
    assert "Stadt Köln" in answer.text


def test_an_escaped_address_leads_to_an_escaped_document(server: Server) -> None:
    location = server.client.get("/id/organisation/k%C3%B6ln").headers["location"]
    assert location == "/doc/organisation/k%C3%B6ln"


def test_a_browser_gets_a_page_with_labels(server: Server) -> None:
    page = server.client.get("/doc/project/probe", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Probe für Köln 😀</h1>" in page.text
    assert "<dt>Kosten</dt>" in page.text
    assert ">1.50<" in page.text
    assert ">Stadt Köln</a>" in page.text
    assert "https://example.org/bericht" in page.text
    assert "2026-11-24" in page.text


def test_the_english_page_speaks_english(server: Server) -> None:
    page = server.client.get("/en/doc/project/probe", headers=BROWSER)
    assert "<h1>Probe for Cologne</h1>" in page.text
    assert "<dt>cost</dt>" in page.text
    assert 'href="/doc/project/probe" hreflang="de"' in page.text


def test_links_of_a_page_lead_to_this_server(server: Server) -> None:
    page = server.client.get("/doc/project/probe.html")
    assert 'href="/id/organisation/k%C3%B6ln"' in page.text
    answer = server.client.get("/id/organisation/k%C3%B6ln", follow_redirects=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "path", ["/id/project/nobody", "/doc/project/nobody", "/doc/project/probe/", "/nowhere"]
)
def test_what_is_no_subject_is_404(server: Server, path: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_browser_gets_a_page_for_what_is_not_there(server: Server) -> None:
    answer = server.client.get("/id/project/nobody", headers=BROWSER)
    assert answer.status_code == 404
    assert "<h1>Nicht gefunden</h1>" in answer.text


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/doc/project/probe", "image/png"), ("/doc/project/probe?format=pdf", "*/*")],
)
def test_a_format_that_we_do_not_have_is_406(server: Server, path: str, accept: str) -> None:
    assert server.client.get(path, headers={"Accept": accept}).status_code == 406


def test_the_vocabulary_comes_whole(server: Server) -> None:
    answer = server.client.get("/doc/ontology/", headers={"Accept": "application/n-triples"})
    assert f"<{B}ontology/Project>" in answer.text
    assert f"<{B}ontology/cost>" in answer.text


def test_a_document_that_the_client_has_is_not_sent_again(server: Server) -> None:
    first = server.client.get("/doc/project/probe.ttl")
    known = {"If-None-Match": first.headers["etag"]}
    assert server.client.get("/doc/project/probe.ttl", headers=known).status_code == 304
    assert server.client.get("/doc/project/probe.nt", headers=known).status_code == 200


def test_a_document_tells_its_other_formats(server: Server) -> None:
    headers = server.client.get("/doc/project/probe").headers
    assert '</doc/project/probe?format=jsonld>; rel="alternate"' in headers["link"]
    assert headers["vary"].startswith("Accept")


def test_hostile_text_stays_text(server: Server) -> None:
    answer = server.client.get("/id/<script>alert(1)</script>", headers=BROWSER)
    assert "<script>" not in answer.text
