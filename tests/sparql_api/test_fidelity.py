"""Literals as delivered: what a release says is to the letter what its addresses answer."""

import pytest

from tests.loader.test_dumps import CONTROL, FORMATS, NASTY, ONE, canonical, graph
from tests.sparql_api.conftest import B, Server, Start, publish


@pytest.fixture(scope="module")
def letters(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server on a release of nasty literals, one a thing."""
    home = tmp_path_factory.mktemp("letters")
    publish(home, {ONE: graph(ONE, NASTY)})
    return start(home, rate=0, lang="de")


def as_parsed(literal: str) -> str:
    """What pyoxigraph makes of a literal."""
    return literal.replace("@de-AT", "@de-at").replace("@EN-gb", "@en-gb")


@pytest.mark.parametrize("number", range(len(NASTY)))
def test_a_document_says_a_literal_as_it_was_delivered(letters: Server, number: int) -> None:
    for ending in ("nt", "nq", "ttl", "trig", "jsonld"):
        body = letters.client.get(f"/doc/thing/{number:02}.{ending}").content
        said = [line.split(" ", 2)[2] for line in canonical(body, ending, graphs=False).split("\n")]
        assert as_parsed(NASTY[number]) in said
    text = letters.client.get(f"/doc/thing/{number:02}.nt").text
    assert f" {NASTY[number]} ." in text


@pytest.mark.parametrize("form", FORMATS)
def test_language_tags_keep_their_capitals_in_documents(letters: Server, form: str) -> None:
    for number, literal in enumerate(NASTY):
        if "@" in literal:
            text = letters.client.get(f"/doc/thing/{number:02}.{form}").text
            assert literal.rpartition("@")[2] in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_graph_is_read_as_it_was_delivered(letters: Server, form: str) -> None:
    body = letters.client.get("/graphs", params={"graph": ONE, "format": form}).content
    lines = [x.removesuffix(f" <{ONE}> .") + " ." for x in graph(ONE, NASTY)]
    if form == "rdf":
        lines = [line for line in lines if CONTROL not in line]
    assert b"de-AT" in body
    assert canonical(body, form, graphs=False) == canonical(
        "\n".join(lines).encode(), "nt", graphs=False
    )


def test_rdf_xml_has_ends_of_lines_as_delivered(letters: Server) -> None:
    number = next(i for i, literal in enumerate(NASTY) if "\\r\\n" in literal)
    body = letters.client.get(f"/doc/thing/{number:02}.rdf").content
    assert NASTY[number] in canonical(body, "rdf", graphs=False)
    assert B.encode() in body
