"""The table of requests: what is asked how, and which status, type and headers come.

A row is method, path, Accept, status, media type, and texts that headers must have.
"""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from loader.releases.release import Release
from loader.settings import Settings
from sparql_api.dispatch.answer import Answer
from sparql_api.dispatch.delivery import Job
from sparql_api.dispatch.pool import Pool
from sparql_api.errors import BadRequest
from sparql_api.linked_data.description import describe
from sparql_api.request import protocol
from tests.sparql_api.conftest import (
    GRAPH,
    NUMBERED,
    PROJECT,
    RDF_TYPE,
    RDFS_LABEL,
    TERMS,
    B,
    Server,
    Start,
    publish,
)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROVENANCE = f"{B}graph/provenance"
LICENCE = "https://example.org/licence"
FORMATS = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
PROBLEM = "application/problem+json"
MANY = [
    f"<{B}id/thing/{i}> <{B}ontology/partOf> <{B}id/project/hub> <{GRAPH}> ." for i in range(150)
]
HUB = [f'<{B}id/project/hub> <{RDFS_LABEL}> "Nabe <b>&</script>"@de <{GRAPH}> .']
UMLAUT = [f'<{B}id/ort/Köln> <{RDFS_LABEL}> "Köln"@de <{GRAPH}> .']
TYPED = [f"<{B}id/project/hub> <{RDF_TYPE}> <{B}ontology/Project> <{GRAPH}> ."]
LICENSED = [f"<{GRAPH}> <http://purl.org/dc/terms/license> <{LICENCE}> <{PROVENANCE}> ."]
GONE = [f'<{B}id/project/gone> <{RDFS_LABEL}> "Weg"@de <{GRAPH}> .']


class Row(NamedTuple):
    """One request and what must come of it."""

    method: str
    path: str
    accept: str
    status: int
    media: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def _documents() -> list[Row]:
    rows = []
    cite = (("link", f'<{B}id/project/probe>; rel="cite-as"'), ("vary", "Accept"))
    for name, media in FORMATS.items():
        rows += [
            Row("GET", f"/doc/project/probe.{name}", "*/*", 200, media, cite),
            Row("GET", f"/doc/project/probe?format={name}", BROWSER, 200, media, cite),
            Row("GET", "/doc/project/probe", media, 200, media, cite),
            Row("HEAD", "/doc/project/probe", f"{media}, text/html;q=0.5", 200, media, cite),
            Row("GET", f"/en/doc/project/probe.{name}", BROWSER, 200, media),
            Row(
                "GET",
                f"/id/project/probe.{name}",
                "*/*",
                303,
                "",
                _to(f"/doc/project/probe.{name}"),
            ),
            Row("GET", f"/doc/nothing.{name}", media, 404, PROBLEM),
            Row("GET", f"/doc/project/gone.{name}", media, 410, PROBLEM),
            Row("GET", f"/.well-known/void?format={name}", "*/*", 200, media),
            Row("GET", "/.well-known/void", media, 200, media, (("vary", "Accept"),)),
            Row("GET", f"/doc/ontology/Project.{name}", "*/*", 200, media),
            Row("GET", f"/ontology/Project.{name}", "*/*", 303, "", _to(f"Project.{name}")),
        ]
    return rows


def _to(target: str) -> tuple[tuple[str, str], ...]:
    return (("location", target),)


SIGNPOSTS = (
    ("content-language", "de"),
    ("link", '<https://schema.org/AboutPage>; rel="type"'),
    ("link", '<https://schema.org/Project>; rel="type"'),
    ("link", f'<{LICENCE}>; rel="license"'),
    ("link", '?format=ttl>; rel="describedby"; type="text/turtle"'),
)
PAGES = [
    Row("GET", "/doc/project/probe", BROWSER, 200, "text/html", SIGNPOSTS),
    Row("GET", "/en/doc/project/probe", BROWSER, 200, "text/html", (("content-language", "en"),)),
    Row("HEAD", "/doc/project/probe", BROWSER, 200, "text/html"),
    Row("GET", "/doc/project/probe.html", "text/turtle", 200, "text/html"),
    Row("GET", "/doc/project/probe", "*/*", 200, "text/turtle"),
    Row("GET", "/doc/project/probe", "application/json", 200, "application/json"),
    Row("GET", "/doc/project/probe.json", "*/*", 200, "application/ld+json"),
    Row("GET", "/doc/project/probe", "image/png", 406, PROBLEM),
    Row("GET", "/doc/project/probe?format=docx", "*/*", 406, PROBLEM),
    Row("GET", "/doc/project/probe", "text/turtle;q=0, application/n-triples", 200, FORMATS["nt"]),
    Row("GET", "/doc/project/probe.docx", "*/*", 404, PROBLEM),
    Row("GET", "/doc/project/probe/", "*/*", 404, PROBLEM),
    Row("POST", "/doc/project/probe", "*/*", 405),
    Row("PUT", "/id/project/probe", "*/*", 405),
    Row("DELETE", "/doc/project/probe", "*/*", 405),
    Row("GET", "/id/project/probe", BROWSER, 303, "", _to("/doc/project/probe")),
    Row("HEAD", "/id/project/probe", "*/*", 303, "", _to("/doc/project/probe")),
    Row("GET", "/en/id/project/probe", BROWSER, 303, "", _to("/en/doc/project/probe")),
    Row("GET", "/id/project/probe?format=nt", "*/*", 303, "", _to("/doc/project/probe?format=nt")),
    Row("GET", "/id/nothing", "*/*", 404, PROBLEM),
    Row("GET", "/id/project/gone", "*/*", 410, PROBLEM),
    Row("GET", "/id/project/gone", BROWSER, 410, "text/html"),
    Row("GET", "/en/doc/project/gone", BROWSER, 410, "text/html", (("content-language", "en"),)),
    Row("GET", "/id/organisation/k%C3%B6ln", "*/*", 303, "", _to("/doc/organisation/k%C3%B6ln")),
    Row("GET", "/id/organisation/k%c3%b6ln", "*/*", 303, "", _to("/doc/organisation/k%C3%B6ln")),
    Row("GET", "/doc/organisation/k%C3%B6ln", "*/*", 200, "text/turtle"),
    Row("GET", "/doc/organisation/k%c3%b6ln.nt", "*/*", 200, FORMATS["nt"]),
    Row("GET", "/doc/ort/K%C3%B6ln", "*/*", 200, "text/turtle"),
    Row("GET", "/doc/ort/Ko%CC%88ln", "*/*", 404, PROBLEM),
    Row("GET", "/doc/organisation/k%25C3%25B6ln", "*/*", 404, PROBLEM),
    Row("GET", "/doc/project/%00", "*/*", 404, PROBLEM),
    Row("GET", "/doc/project/%FF", "*/*", 404, PROBLEM),
    Row("GET", "/doc/" + "x" * 5_000, "*/*", 404, PROBLEM),
    Row("GET", "/doc/../../etc/passwd", "*/*", 404, PROBLEM),
    Row("GET", "/doc/project/hub", "*/*", 200, "text/turtle", (("link", 'seite=2>; rel="next"'),)),
    Row("GET", "/doc/project/hub?seite=2", "*/*", 200, "text/turtle",
        (("link", 'seite=1>; rel="prev"'),)),
    Row("GET", "/doc/project/hub?seite=2", BROWSER, 200, "text/html"),
    Row("GET", "/doc/project/hub?seite=0", "*/*", 400, PROBLEM),
    Row("GET", "/doc/project/hub?seite=zwei", "*/*", 400, PROBLEM),
    Row("GET", "/doc/project/hub?seite=9999999", "*/*", 400, PROBLEM),
    Row("GET", "/doc/project/probe?release=nie", "*/*", 404, PROBLEM),
    Row("GET", "/ontology", "*/*", 303, "", _to("/doc/ontology/")),
    Row("GET", "/ontology/", BROWSER, 303, "", _to("/doc/ontology/")),
    Row("GET", "/ontology.ttl", "*/*", 303, "", _to("/doc/ontology/?format=ttl")),
    Row("GET", "/doc/ontology/", "*/*", 200, "text/turtle"),
    Row("GET", "/doc/ontology/Project", BROWSER, 200, "text/html",
        (("link", f'<{B}ontology/Project>; rel="cite-as"'),
         ("link", '<https://schema.org/DefinedTerm>; rel="type"'))),
    Row("GET", "/doc/ontology/", BROWSER, 200, "text/html",
        (("link", '<https://schema.org/DefinedTermSet>; rel="type"'),)),
    Row("GET", "/ontology/Nothing", "*/*", 404, PROBLEM),
    Row("GET", "/schemes", "*/*", 303, "", _to("/doc/schemes/")),
    Row("GET", "/shapes.nt", "*/*", 303, "", _to("/doc/shapes/?format=nt")),
]  # fmt: skip
FILES = [
    Row("GET", "/.well-known/void", "*/*", 200, "text/turtle"),
    Row("GET", "/.well-known/void", BROWSER, 200, "application/xml"),
    Row("HEAD", "/.well-known/void", "*/*", 200, "text/turtle"),
    Row("GET", "/.well-known/void", "image/png", 406, PROBLEM),
    Row("GET", "/.well-known/nothing", "*/*", 404, PROBLEM),
    Row("GET", "/robots.txt", "*/*", 200, "text/plain"),
    Row("HEAD", "/robots.txt", "*/*", 200, "text/plain"),
    Row("GET", "/sitemap.xml", "*/*", 200, "application/xml"),
    Row("GET", "/sitemap/0.xml", "*/*", 200, "application/xml"),
    Row("GET", "/sitemap/1.xml", "*/*", 200, "application/xml"),
    Row("GET", "/sitemap/2.xml", "*/*", 404, PROBLEM),
    Row("GET", "/sitemap/-1.xml", "*/*", 404, PROBLEM),
    Row("GET", "/sitemap/x.xml", "*/*", 404, PROBLEM),
    Row("GET", "/feed.atom", "*/*", 200, "application/atom+xml"),
    Row("HEAD", "/feed.atom", "*/*", 200, "application/atom+xml"),
    Row("GET", "/en/feed.atom", "*/*", 200, "application/atom+xml"),
    Row("GET", "/feed.atom?art=Project", "*/*", 200, "application/atom+xml"),
    Row("GET", "/feed.atom?q=k%C3%B6ln", "*/*", 200, "application/atom+xml"),
    Row("GET", "/feed.atom?q=%22%7D%20DROP%20ALL%20%23%00", "*/*", 200, "application/atom+xml"),
    Row("GET", "/feed.atom?gebiet=05315000", "*/*", 200, "application/atom+xml"),
    Row("GET", "/feed.atom?gebiet=5", "*/*", 400, PROBLEM),
    Row("GET", "/feed.atom?art=a%3E%20.%20%7D", "*/*", 400, PROBLEM),
    Row("POST", "/feed.atom", "*/*", 405),
    Row("GET", "/catalog", BROWSER, 200, "text/html", (("vary", "Accept"),)),
    Row("GET", "/en/catalog", BROWSER, 200, "text/html", (("content-language", "en"),)),
    Row("GET", "/catalog.html", "text/turtle", 200, "text/html"),
    Row("GET", "/catalog?page=1", BROWSER, 200, "text/html"),
    Row("GET", "/catalog", "*/*", 200, "text/turtle"),
    Row("GET", "/dumps/current/citation.bib", "*/*", 302, "", _to("/citation.bib")),
    Row("GET", "/dumps/nie/citation.bib", "*/*", 404, PROBLEM),
    Row("GET", "/dumps/..%2f..%2fetc/citation.bib", "*/*", 404, PROBLEM),
    Row("GET", "/dumps/LIVE/", "*/*", 200, "application/ld+json"),
    Row("GET", "/dumps/LIVE/", BROWSER, 200, "text/html"),
    Row("GET", "/en/dumps/LIVE/", BROWSER, 200, "text/html", (("content-language", "en"),)),
    Row("GET", "/dumps/LIVE", "*/*", 200, "application/ld+json"),
    Row("GET", "/dumps/LIVE/ro-crate-metadata.json", BROWSER, 200, "application/ld+json"),
    Row("GET", "/dumps/LIVE/CITATION.cff", "*/*", 200, "application/yaml"),
    Row("GET", "/dumps/LIVE/citation", "*/*", 200, "application/x-bibtex"),
    Row("GET", "/dumps/LIVE/citation", "application/x-research-info-systems", 200,
        "application/x-research-info-systems"),
    Row("GET", "/dumps/LIVE/citation.csl", "*/*", 200, "application/vnd.citationstyles.csl+json"),
    Row("GET", "/dumps/LIVE/citation.docx", "*/*", 406, PROBLEM),
    Row("GET", "/dumps/LIVE/graphs/0.nq", "*/*", 200, "application/n-quads"),
    Row("HEAD", "/dumps/LIVE/graphs/0.nq", "*/*", 200, "application/n-quads"),
    Row("GET", "/dumps/LIVE/graphs/nie.nq", "*/*", 404, PROBLEM),
    Row("GET", "/dumps/LIVE/graphs/..%2fmanifest.json", "*/*", 404, PROBLEM),
    Row("GET", "/dumps/LIVE/manifest.json", "*/*", 404, PROBLEM),
    Row("GET", "/oai?verb=Identify", "*/*", 200, "text/xml"),
    Row("GET", "/oai", "*/*", 200, "text/xml"),
    Row("POST", "/oai", "*/*", 200, "text/xml"),
    Row("DELETE", "/oai", "*/*", 405),
]  # fmt: skip
ROWS = [*_documents(), *PAGES, *FILES]


class Site(NamedTuple):
    """A server with a thing that was withdrawn, and its releases."""

    server: Server
    old: Release
    live: Release


@pytest.fixture(scope="module")
def site(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Site:
    home = tmp_path_factory.mktemp("requests")
    data = [*PROJECT, *NUMBERED[:150], *MANY, *HUB, *TYPED, *UMLAUT]
    graphs = {GRAPH: data, f"{B}ontology/": TERMS, PROVENANCE: LICENSED}
    old = publish(home, {**graphs, GRAPH: [*data, *GONE]})
    live = publish(home, graphs)
    return Site(start(home), old, live)


def test_the_table_is_as_long_as_promised() -> None:
    assert len(ROWS) >= 120


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{row.method} {row.path[:60]} {row.accept[:30]}"
)
def test_a_request_gets_its_answer(site: Site, row: Row) -> None:
    path = row.path.replace("LIVE", site.live.id)
    answer = site.server.client.request(row.method, path, headers={"Accept": row.accept})
    assert answer.status_code == row.status, answer.text[:300]
    assert answer.headers.get("content-type", "").startswith(row.media)
    for name, text in row.headers:
        assert text in answer.headers[name]
    if row.method == "HEAD":
        assert not answer.content


@pytest.mark.parametrize(
    "path",
    ["/doc/project/probe", "/doc/project/probe.nt", "/.well-known/void", "/feed.atom",
     "/dumps/LIVE/citation.ris", "/dumps/LIVE/graphs/0.nq", "/dumps/LIVE/ro-crate-metadata.json",
     "/suche?q=probe", "/doc/project/hub?seite=2"],
)  # fmt: skip
def test_what_the_client_has_is_not_sent_again(site: Site, path: str) -> None:
    path = path.replace("LIVE", site.live.id)
    first = site.server.client.get(path)
    again = site.server.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = site.server.client.get(path, headers={"If-None-Match": '"something else"'})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert not again.content


def test_what_is_withdrawn_names_the_release_that_had_it(site: Site) -> None:
    gone = site.server.client.get("/doc/project/gone", headers={"Accept-Language": "en"})
    assert gone.json()["release"] == site.old.id
    then = site.server.client.get(f"/doc/project/gone.nt?release={site.old.id}")
    assert (then.status_code, "Weg" in then.text) == (200, True)
    assert f"release={site.old.id}" in then.headers["link"]


def test_pages_of_what_points_to_a_thing_are_all_of_it(site: Site) -> None:
    pages = [site.server.client.get(f"/doc/project/hub.nt?seite={i}").text for i in (1, 2)]
    things = [{line.split()[0] for line in page.splitlines() if "partOf" in line} for page in pages]
    assert [len(each) for each in things] == [100, 50]
    assert len(things[0] | things[1]) == 150


def test_the_embedded_summary_is_schema_org_and_ends_no_element(site: Site) -> None:
    text = site.server.client.get("/doc/project/hub", headers={"Accept": BROWSER}).text
    script = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    summary = json.loads(script)
    assert summary["@context"] == "https://schema.org"
    assert (summary["@type"], summary["@id"]) == ("Project", f"{B}id/project/hub")
    assert summary["name"] == [{"@language": "de", "@value": "Nabe <b>&</script>"}]
    assert summary["subjectOf"]["license"] == [LICENCE]
    assert summary["subjectOf"]["version"] == site.live.id


def test_a_page_of_the_vocabulary_has_its_summary_too(site: Site) -> None:
    text = site.server.client.get("/en/doc/ontology/Project", headers={"Accept": BROWSER}).text
    script = text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(script)["@id"] == f"{B}ontology/Project"


def test_void_counts_what_the_endpoint_counts(site: Site) -> None:
    void = site.server.client.get("/.well-known/void?format=nt").text
    count = site.server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv").text.split()[1]
    number = f'"{count}"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    assert f"#data> <http://rdfs.org/ns/void#triples> {number}" in void
    assert f"#class> <{B}ontology/Project> ." in void


def test_the_site_map_has_the_things_once(site: Site) -> None:
    tree = ElementTree.fromstring(site.server.client.get("/sitemap/1.xml").content)
    places = [
        place.text or "" for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert len(places) == len(set(places))
    assert f"{site.server.url}/doc/project/hub" in places
    assert all(site.server.client.get(place).status_code == 200 for place in places)


def test_the_feed_has_the_newest_and_its_filters_hold(site: Site) -> None:
    atom = "{http://www.w3.org/2005/Atom}"

    def entries(query: str) -> list[str | None]:
        tree = ElementTree.fromstring(site.server.client.get(f"/feed.atom{query}").content)
        return [entry.findtext(f"{atom}id") for entry in tree.iter(f"{atom}entry")]

    assert entries("") == [f"{B}id/project/probe"]  # the only one with a record
    assert entries("?art=Project&q=Probe") == [f"{B}id/project/probe"]
    assert entries("?art=Measure") == []
    assert entries("?q=quastenflosser") == []


def test_parts_of_a_master_come_by_range(site: Site) -> None:
    path = f"/dumps/{site.live.id}/graphs/0.nq"
    part = site.server.client.get(
        path, headers={"Range": "bytes=0-9", "Accept-Encoding": "identity"}
    )
    whole = (site.live.path / "graphs/0.nq").read_bytes()
    assert (part.status_code, part.content) == (206, whole[:10])


def test_the_crate_lists_the_files_with_their_checksums(site: Site) -> None:
    crate = site.server.client.get(f"/dumps/{site.live.id}/ro-crate-metadata.json").json()
    files = {each["@id"]: each for each in crate["@graph"] if each["@type"] == "File"}
    for facts in site.live.manifest["graphs"].values():
        entry = files[facts["file"]]
        assert entry["sha256"] == facts["sha256"]
        assert int(entry["contentSize"]) == (site.live.path / facts["file"]).stat().st_size


def test_citations_name_release_and_address(site: Site) -> None:
    for name in ("bib", "ris", "csl", "cff"):
        text = site.server.client.get(f"/dumps/{site.live.id}/citation.{name}").text
        assert site.live.id in text
        assert f"{B}dumps/{site.live.id}/" in text


OAI = "{http://www.openarchives.org/OAI/2.0/}"


def _oai(site: Site, **arguments: str) -> ElementTree.Element:
    answer = site.server.client.get("/oai", params=arguments)
    return ElementTree.fromstring(answer.content)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Foo"}, "badVerb"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "Identify", "set": "x"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "Nie"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "gestern"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"},
            "noRecordsMatch",
        ),
        ({"verb": "ListIdentifiers", "resumptionToken": "x/y/z"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "x"}, "idDoesNotExist"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
    ],
)
def test_harvesters_are_told_what_is_wrong(
    site: Site, arguments: dict[str, str], code: str
) -> None:
    assert [error.get("code") for error in _oai(site, **arguments).iter(f"{OAI}error")] == [code]


def test_a_harvest_has_every_record_once(start: Start, tmp_path: Path) -> None:
    lines = [
        line
        for i in range(230)
        for line in (
            f"<{B}id/m/{i}> <{RDF_TYPE}> <{B}ontology/Measure> <{GRAPH}> .",
            f'<{B}id/m/{i}> <{RDFS_LABEL}> "M {i}\\u0001"@de <{GRAPH}> .',
        )
    ]
    publish(tmp_path, {GRAPH: lines})
    server = start(tmp_path)
    found: list[str] = []
    token, rounds = "", 0
    while rounds < 9:
        rounds += 1
        given = (
            {"resumptionToken": token} if token else {"metadataPrefix": "oai_dc", "set": "Measure"}
        )
        answer = server.client.get("/oai", params={"verb": "ListRecords", **given})
        tree = ElementTree.fromstring(answer.content)
        found += [each.text or "" for each in tree.iter(f"{OAI}identifier")]
        token = tree.findtext(f".//{OAI}resumptionToken") or ""
        if not token:
            break
    assert rounds == 3
    assert len(found) == len(set(found)) == 230


def test_a_document_costs_one_query(site: Site) -> None:
    asked: list[str] = []

    class Counting(Pool):
        def answering(self, job: Job) -> AbstractAsyncContextManager[Answer]:
            asked.append(job.question.text)
            return super().answering(job)

    async def run() -> None:
        pool = Counting(Settings(home=site.live.path.parent.parent))
        await pool.start()
        try:
            thing = await describe(pool, pool.current, f"{B}id/project/hub")
        finally:
            await pool.close()
        assert thing
        assert len(thing.incoming) == 100

    asyncio.run(run())
    assert len(asked) == 1


@pytest.mark.parametrize(
    "encoded",
    [
        *(b"", b"a%20b+c", b"%2B=%3D==", b"%c3%A4%F0%9F%98%80", b"_%5f%3d41=41", b"a%0D%0Ab%00"),
        *(b"100%", b"%%41", b"%4", b"%zz%20", b"=\r\nx"),
    ],
)
def test_a_query_by_itself_is_decoded_as_one_among_other_parameters(encoded: bytes) -> None:
    alone, among = b"query=" + encoded, b"timeout=1&query=" + encoded
    assert protocol.asked_in(alone).query == protocol.asked_in(among).query


def test_a_query_by_itself_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(BadRequest):
        protocol.asked_in(b"query=%FF")
