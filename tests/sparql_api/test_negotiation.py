"""Content negotiation, as a table."""

import pytest

from sparql_api.errors import NotAcceptable
from sparql_api.negotiation import GRAPHS, HTML, RESULTS, choose

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        (BROWSER, "text/html"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", "text/tab-separated-values"),
        ("text/*", "text/xml"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;q=0, */*;q=0.1", "application/sparql-results+json"),
        ("application/sparql-results+json;q=0, */*", "application/json"),
        ("text/turtle, text/csv;q=0.1", "text/csv"),
        ("text/csv;q=nonsense, text/html;q=0.1", "text/html"),
    ],
)
def test_results_by_accept(accept: str | None, media: str) -> None:
    assert choose((*RESULTS, HTML), accept).media == media


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("*/*", "ttl"),
        ("application/rdf+xml, text/turtle;q=0.9", "rdf"),
        ("application/ld+json", "jsonld"),
        ("application/n-quads", "nq"),
        ("application/trig", "trig"),
        ("application/n-triples", "nt"),
        (BROWSER, "html"),
    ],
)
def test_graphs_by_accept(accept: str, name: str) -> None:
    assert choose((*GRAPHS, HTML), accept).format.name == name


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("json", "jsonld"), ("xml", "rdf"), ("turtle", "ttl"), ("text/turtle", "ttl"), ("NT", "nt")],
)
def test_the_parameter_wins_over_accept(wanted: str, name: str) -> None:
    assert choose(GRAPHS, "application/trig", wanted).format.name == name


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0", "text/csv"])
def test_what_we_do_not_have_is_refused_with_the_list(accept: str) -> None:
    with pytest.raises(NotAcceptable) as caught:
        choose(GRAPHS, accept)
    assert "text/turtle" in str(caught.value.facts["formats"])


@pytest.mark.parametrize("offers", [RESULTS, GRAPHS])
def test_no_two_formats_share_their_first_media_type(offers: tuple[object, ...]) -> None:
    firsts = [offer.media[0] for offer in (*RESULTS, *GRAPHS, HTML)]
    assert len(set(firsts)) == len(firsts)
