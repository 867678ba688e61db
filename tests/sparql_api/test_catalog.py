"""`/catalog` as harvesters ask for it: formats, pages, changes since, and what was left out."""

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import DCAT, RDF, Graph, Namespace, URIRef

from tests.sparql_api.conftest import DCT, FORMATS, GRAPH, XSD, B, Server, Start, publish

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = B + "graph/provenance"
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def account(graph: str, day: str) -> list[str]:
    """What a release says of a graph that is described whole."""
    return [
        f'<{graph}> <{DCT}title> "Probe"@de <{ACCOUNT}> .',
        f'<{graph}> <{DCT}modified> "{day}"^^<{XSD}date> <{ACCOUNT}> .',
        f"<{graph}> <{DCT}license> <{LICENCE}> <{ACCOUNT}> .",
        f"<{graph}> <{DCT}publisher> <{B}id/organisation/stadtwissen> <{ACCOUNT}> .",
    ]


def thing(graph: str) -> list[str]:
    return [f'<{B}id/thing/1> <{B}ontology/number> "1" <{graph}> .']


@pytest.fixture(scope="module")
def shop(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server on a release of 120 graphs that are described, and one that nobody describes."""
    home: Path = tmp_path_factory.mktemp("catalog")
    graphs = {f"{B}graph/g{i:03}": f"2026-{i // 28 + 1:02}-{i % 28 + 1:02}" for i in range(120)}
    said = [line for graph, day in graphs.items() for line in account(graph, day)]
    lines = {graph: thing(graph) for graph in (*graphs, GRAPH)}
    publish(home, {**lines, ACCOUNT: [*said, *account(ACCOUNT, "2026-01-01")]})
    return start(home, contact="daten@kts.example", publisher="Stadt Köln", rate=0, lang="de")


def read(server: Server, path: str) -> Graph:
    answer = server.client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format="turtle")


def datasets(graph: Graph) -> set[str]:
    return {str(each) for each in graph.subjects(RDF.type, DCAT.Dataset)}


@pytest.mark.parametrize(
    "form",
    FORMATS.values(),
)
def test_all_formats_by_accept_and_ending_say_the_same(shop: Server, form: RdfFormat) -> None:
    by_accept = shop.client.get("/catalog", headers={"Accept": form.media_type})
    by_ending = shop.client.get(f"/catalog.{form.file_extension}")
    whole = set(parse(shop.client.get("/catalog.nt").content, format=RdfFormat.N_TRIPLES))
    assert len(whole) > 120 * 20
    for answer in (by_accept, by_ending):
        assert answer.headers["content-type"].split(";")[0] == form.media_type
        assert answer.headers["vary"].startswith("Accept")
        said = {quad.triple for quad in parse(answer.content, format=form)}
        assert said == {quad.triple for quad in whole}


def test_what_is_known_already_costs_nothing(shop: Server) -> None:
    first = shop.client.get("/catalog")
    again = shop.client.get("/catalog", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = shop.client.get("/catalog?page=1", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_harvester_that_follows_the_pages_gets_each_dataset_once(shop: Server) -> None:
    address, found, pages = "/catalog?page=1", [], 0
    while address:
        graph = read(shop, address)
        found += sorted(datasets(graph))
        view = graph.value(predicate=RDF.type, object=HYDRA.PagedCollection)
        assert view == URIRef(shop.url + address)
        assert graph.value(view, HYDRA.next) == graph.value(view, HYDRA.nextPage)
        assert str(graph.value(view, HYDRA.totalItems)) == "122"
        address = str(graph.value(view, HYDRA.nextPage) or "").removeprefix(shop.url)
        pages += 1
    assert pages == 2
    assert len(found) == len(set(found)) == 122
    assert set(found) == datasets(read(shop, "/catalog"))


def test_only_what_changed_since_is_given(shop: Server) -> None:
    since = read(shop, "/catalog?modified_since=2026-05-05")
    assert len(datasets(since)) == 120 - 4 * 28 - 4 + 1
    moment = read(shop, "/catalog?modified_since=2026-05-05T00:00:00%2B00:00")
    assert datasets(moment) == datasets(since)
    assert datasets(read(shop, "/catalog?modified_since=2999-01-01&page=1")) == set()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/catalog?modified_since=gestern", 400),
        ("/catalog?page=0", 400),
        ("/catalog?page=-1", 400),
        ("/catalog?page=x", 400),
        ("/catalog?page=3", 404),
        ("/catalog?page=999999999", 400),
        ("/catalog?format=pdf", 406),
        ("/catalog?profile=1.1", 406),
        ("/catalog/series/7?profile=2.0", 404),
        ("/catalog.pdf", 406),
        ("/catalog/dataset/unknown", 404),
        ("/catalog?release=2020-01-01T000000Z", 404),
    ],
)
def test_what_cannot_be_answered_is_said(shop: Server, asked: str, status: int) -> None:
    answer = shop.client.get(asked, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_part_of_the_catalogue_answers_at_its_own_address(shop: Server) -> None:
    graph = read(shop, "/catalog/dataset/7")
    address = URIRef(f"{B}catalog/dataset/7")
    assert datasets(graph) == {str(address)}
    way = graph.value(address, DCAT.distribution)
    assert graph.value(way, DCAT.byteSize) is not None
    assert read(shop, "/catalog/service/sparql").value(predicate=RDF.type, object=DCAT.DataService)


def test_each_file_that_is_named_can_be_fetched_as_large_as_it_says(shop: Server) -> None:
    graph = read(shop, "/catalog?page=1")
    ways = [way for way in graph.subjects(DCAT.byteSize) if "/dataset/7/" in str(way)]
    for way in ways:
        file = shop.client.get(str(graph.value(way, DCAT.downloadURL)))
        assert file.status_code == 200
        assert str(len(file.content)) == str(graph.value(way, DCAT.byteSize))
    assert ways
    crates = {str(url) for url in graph.objects(None, DCAT.downloadURL) if "crate" in str(url)}
    assert [shop.client.get(url).status_code for url in crates] == [200]


SECOND = "http://dcat-ap.de/def/dcatde/2.0/"
THIRD = "http://dcat-ap.de/def/dcatde/3.0/"


@pytest.mark.parametrize(
    ("query", "wanted", "given"),
    [
        ("", "", THIRD),
        ("?profile=2.0", "", SECOND),
        (f"?profile={SECOND}", f"<{THIRD}>", SECOND),
        ("", f"<{SECOND}>", SECOND),
        ("", f"<{SECOND}>;q=0.5, <{THIRD}>;q=0.4", SECOND),
        ("", f"<{SECOND}>;q=0.5, <{THIRD}>", THIRD),
        ("", f"<{SECOND}>;q=0", THIRD),
        ("", "<http://data.europa.eu/r5r/>, nonsense", THIRD),
    ],
)
def test_a_portal_gets_the_version_that_it_asks_for(
    shop: Server, query: str, wanted: str, given: str
) -> None:
    headers = {"Accept-Profile": wanted} if wanted else {}
    answer = shop.client.get(f"/catalog.nt{query}", headers=headers)
    assert (SECOND if "/owl#versionInfo>" in answer.text else THIRD) == given
    assert f'<{given}>; rel="profile"' in answer.headers["link"]
    assert "Accept-Profile" in answer.headers["vary"]
    other = answer.links["alternate"]
    assert other["profile"] == ({SECOND, THIRD} - {given}).pop()
    assert f'<{other["profile"]}>; rel="profile"' in shop.client.get(other["url"]).headers["link"]
    known = {"If-None-Match": answer.headers["etag"]}
    assert shop.client.get(f"/catalog.nt{query}", headers=headers | known).status_code == 304
    assert shop.client.get(other["url"], headers=known).status_code == 200


def test_what_is_left_out_is_reported_and_the_rest_is_there(shop: Server) -> None:
    answer = shop.client.get("/catalog.nt")
    assert answer.headers["stadtwissen-omitted"] == "1"
    assert "</catalog/report>" in answer.headers["link"]
    (omitted,) = shop.client.get("/catalog/report").json()["omitted"]
    assert omitted["graph"] == GRAPH
    assert "dc:title" in omitted["reason"]["de"]
    assert f"leaves out {GRAPH}" in shop.log.read_text()


def test_publisher_and_contact_are_those_of_the_settings(shop: Server) -> None:
    text = shop.client.get("/catalog.nt").text
    assert '<http://xmlns.com/foaf/0.1/name> "Stadt Köln"@de' in text
    assert "<mailto:daten@kts.example>" in text


def test_the_other_descriptions_lead_to_the_catalogue(shop: Server) -> None:
    for path in ("/.well-known/void", "/sparql?format=ttl"):
        triples = parse(shop.client.get(path).content, format=RdfFormat.TURTLE)
        assert f"{shop.url}/catalog" in {str(quad.object)[1:-1] for quad in triples}
    assert "/catalog" in shop.client.get("/robots.txt").text
