"""Literals as delivered: what a release says is to the letter what its addresses answer."""

from collections.abc import Iterator

import httpx
import pytest

from loader.changes.keys import Keys
from tests.loader.test_dumps import CONTROL, FORMATS, NASTY, ONE, canonical, graph
from tests.sparql_api.conftest import DCT, XSD, B, Server, Start, publish

NEW = f"{B}graph/new"
ACCOUNT = f"{B}graph/provenance"


@pytest.fixture(scope="module")
def letters(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server on a release of nasty literals, one a thing."""
    home = tmp_path_factory.mktemp("letters")
    publish(home, {ONE: graph(ONE, NASTY)})
    return start(home, rate=0, lang="de")


@pytest.fixture(scope="module")
def desk(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An operator before a server of their own."""
    home = tmp_path_factory.mktemp("desk")
    publish(home, {ONE: graph(ONE, NASTY[:1])})
    key = Keys(home / "stadtwissen.sqlite").add("kts", "operator")
    url = start(home, rate=0, lang="en").url
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=120
    ) as client:
        yield client


def triples(name: str, literals: list[str]) -> list[str]:
    """The ground statements of a graph of these literals, as N-Triples."""
    ending = f" <{name}> ."
    said = (line.removesuffix(ending) + " ." for line in graph(name, literals))
    return [line for line in said if not line.startswith("_:")]


def delivered(client: httpx.Client, name: str) -> set[str]:
    answer = client.get("/graphs", params={"graph": name, "format": "nt"})
    assert answer.status_code == 200, answer.text
    return set(filter(None, answer.text.split("\n")))


@pytest.mark.parametrize("form", ["nt", "ttl", "rdf", "jsonld"])
def test_a_graph_that_is_put_stays_as_it_was_delivered(
    letters: Server, desk: httpx.Client, form: str
) -> None:
    read = letters.client.get("/graphs", params={"graph": ONE, "format": form})
    media = {"Content-Type": read.headers["content-type"].split(";")[0]}
    done = desk.put("/graphs", params={"graph": NEW}, content=read.content, headers=media)
    assert done.status_code in {201, 204}, done.text
    lines = triples(ONE, NASTY)
    if form == "rdf":
        lines = [line for line in lines if CONTROL not in line]
    assert {line for line in delivered(desk, NEW) if line.startswith("<")} == set(lines)


def test_an_update_stays_as_it_was_delivered(desk: httpx.Client) -> None:
    lines = triples(ONE, NASTY)
    text = f"INSERT DATA {{ GRAPH <{NEW}-update> {{" + "\n".join(lines) + "} }"
    done = desk.post("/sparql/update", data={"update": text})
    assert done.status_code in {200, 204}, done.text
    assert delivered(desk, f"{NEW}-update") == set(lines)


@pytest.fixture(scope="module")
def titled(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server on a release whose one graph has all nasty literals as titles."""
    home = tmp_path_factory.mktemp("titled")
    said = [
        *(f"{DCT}title> {literal}" for literal in NASTY),
        f'{DCT}modified> "2026-11-24T24:00:00+00:00"^^<{XSD}dateTime>',
        f"{DCT}license> <https://creativecommons.org/licenses/by/4.0/>",
        f"{DCT}publisher> <{B}id/organisation/stadtwissen>",
    ]
    account = [f"<{ONE}> <{each} <{ACCOUNT}> ." for each in said]
    publish(home, {ONE: graph(ONE, NASTY[:1]), ACCOUNT: account})
    return start(home, rate=0, lang="de")


@pytest.mark.parametrize("form", FORMATS)
def test_the_catalogue_says_what_a_source_says_of_itself_to_the_letter(
    titled: Server, form: str
) -> None:
    body = titled.client.get(f"/catalog.{form}").content
    said = canonical(body, form, graphs=False)
    whole = titled.client.get("/catalog.nt").text
    for literal in NASTY:
        if form == "rdf" and literal == CONTROL:
            continue
        assert f" <{DCT}title> {as_parsed(literal)} .".rstrip(" .") in said
        assert f" <{DCT}title> {literal} ." in whole
    assert b"de-AT" in body
    assert '"2026-11-24T24:00:00+00:00"^^' in said


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
