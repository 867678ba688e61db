"""`/dumps/`: files that the server makes of the live release, and the catalogue of them."""

import gzip
import time
from hashlib import sha256

import pytest
from rdflib import DCAT, Graph, URIRef

from loader.errors import UsageError
from sparql_api.harvesting.press import wanted
from tests.sparql_api.conftest import GRAPH, PROJECT, B, Server, Start, publish

WHOLE = URIRef(f"{B}catalog/dataset/stadtwissen")


@pytest.fixture(scope="module")
def printing(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that makes two files of its release."""
    home = tmp_path_factory.mktemp("printing")
    publish(home, {GRAPH: PROJECT})
    return start(home, dumps="nt csv", rate=0, lang="de")


def wait_for(server: Server, path: str) -> None:
    ends = time.monotonic() + 120
    while server.client.get(path, follow_redirects=True).status_code != 200:
        assert time.monotonic() < ends, server.log.read_text()[-2_000:]
        time.sleep(0.3)


def ways(server: Server) -> dict[str, str]:
    """The distributions of all data: where each can be fetched, and its bytes."""
    graph = Graph().parse(data=server.client.get("/catalog.ttl").text, format="turtle")
    found = graph.objects(WHOLE, DCAT.distribution)
    return {
        str(graph.value(way, DCAT.downloadURL)): str(graph.value(way, DCAT.byteSize))
        for way in found
    }


def test_the_server_makes_what_the_operator_wants_and_catalogues_it(printing: Server) -> None:
    before = printing.client.get("/catalog").headers["etag"]
    wait_for(printing, "/dumps/current/stadtwissen.csv.zip")
    files = {url: size for url, size in ways(printing).items() if "/stadtwissen." in url}
    assert [url.rpartition("/")[2] for url in sorted(files)] == [
        "stadtwissen.csv.zip",
        "stadtwissen.nt.gz",
    ]
    for url, size in files.items():
        assert len(printing.client.get(url).content) == int(size)
    assert printing.client.get("/catalog").headers["etag"] != before


def test_a_dump_is_sent_as_it_is_and_in_parts(printing: Server) -> None:
    wait_for(printing, "/dumps/current/stadtwissen.nt.gz")
    place = printing.client.get("/dumps/current/stadtwissen.nt.gz").headers["location"]
    whole = printing.client.get(place)
    assert whole.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in whole.headers
    assert b'"1.50"' in gzip.decompress(whole.content)
    part = printing.client.get(place, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, whole.content[:10])
    again = printing.client.get(place, headers={"If-None-Match": whole.headers["etag"]})
    assert again.status_code == 304


def test_the_crate_of_a_release_lists_the_dumps_as_well(printing: Server) -> None:
    wait_for(printing, "/dumps/current/stadtwissen.csv.zip")
    place = printing.client.get("/dumps/current/").headers["location"]
    crate = printing.client.get(f"{place}ro-crate-metadata.json").json()["@graph"]
    (root,) = (each for each in crate if each["@id"] == "./")
    parts = {part["@id"] for part in root["hasPart"]}
    assert parts == {"graphs/0.nq", "stadtwissen.nt.gz", "stadtwissen.csv.zip"}
    for each in (each for each in crate if each["@id"] in parts):
        content = printing.client.get(place + each["@id"]).content
        assert each["contentSize"] == str(len(content))
        assert each["sha256"] == sha256(content).hexdigest()


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_page_of_a_release_names_its_files(printing: Server, language: str) -> None:
    wait_for(printing, "/dumps/current/stadtwissen.csv.zip")
    place = printing.client.get("/dumps/current/").headers["location"]
    page = printing.client.get(language + place, headers={"Accept": "text/html"})
    assert "stadtwissen.csv.zip" in page.text


@pytest.mark.parametrize("name", ["stadtwissen.rdf.gz", "dumps.json", "lock", "..%2fmanifest.json"])
def test_what_is_no_dump_is_not_there(printing: Server, name: str) -> None:
    place = printing.client.get(f"/dumps/current/{name}").headers["location"]
    assert printing.client.get(place).status_code == 404


def test_a_misspelt_form_is_said() -> None:
    with pytest.raises(UsageError, match="“hdt” is no format"):
        wanted("nt hdt")
    assert wanted("csv nt") == ["nt", "csv"]
