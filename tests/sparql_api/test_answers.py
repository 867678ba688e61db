"""How answers come: content codings, their ETags, the cache, other origins."""

import gzip
import zlib

import httpx
import pytest
import zstandard
from prometheus_client.parser import text_string_to_metric_families

from tests.sparql_api.conftest import FLOOD, Server

LARGE = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
SMALL = "ASK { ?answers ?p ?o }"
# Some 100,000 rows to count: slow enough to be worth keeping.
HEAVY = f"SELECT (COUNT(?a) AS ?n) {{ ?a ?b ?c VALUES ?v {{ {'1 ' * 40} }} FILTER(STR(?a) != '') }}"


def _get(
    server: Server, query: str, coding: str, method: str = "GET", **headers: str
) -> httpx.Response:
    headers = {"Accept": "text/csv", "Accept-Encoding": coding, **headers}
    return server.client.request(method, "/sparql", params={"query": query}, headers=headers)


def _raw(server: Server, query: str, coding: str) -> tuple[httpx.Headers, bytes]:
    headers = {"Accept": "text/csv", "Accept-Encoding": coding}
    with server.client.stream("GET", "/sparql", params={"query": query}, headers=headers) as answer:
        return answer.headers, b"".join(answer.iter_raw())


def _metric(server: Server, name: str) -> float:
    for family in text_string_to_metric_families(server.client.get("/metrics").text):
        for sample in family.samples:
            if sample.name == name:
                return sample.value
    raise KeyError(name)


def test_a_coded_answer_is_the_same_answer(server: Server) -> None:
    _, plain = _raw(server, LARGE, "identity")
    headers, zipped = _raw(server, LARGE, "gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped) == plain
    headers, squeezed = _raw(server, LARGE, "zstd")
    assert headers["content-encoding"] == "zstd"
    assert zstandard.ZstdDecompressor().decompressobj().decompress(squeezed) == plain
    assert max(len(zipped), len(squeezed)) < len(plain) / 4


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("*", "zstd"),
        ("gzip;q=0", None),
        ("br", None),
        ("gzip;q=0.5, identity;q=0.8", None),
        ("GZIP", "gzip"),
        ("", None),
        ("gzip;q=x", None),
    ],
)
def test_the_client_chooses_the_coding(server: Server, accepted: str, coding: str | None) -> None:
    assert _raw(server, LARGE, accepted)[0].get("content-encoding") == coding


def test_a_small_answer_is_not_coded(server: Server) -> None:
    answer = _get(server, SMALL, "gzip")
    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_each_coding_has_an_etag_of_its_own_that_gives_a_304(server: Server) -> None:
    tags = {
        name: _get(server, LARGE, name).headers["etag"] for name in ("identity", "gzip", "zstd")
    }
    assert len(set(tags.values())) == 3
    for coding, tag in tags.items():
        again = _get(server, LARGE, coding, **{"If-None-Match": tag})
        assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")
    assert _get(server, LARGE, "gzip", **{"If-None-Match": tags["zstd"]}).status_code == 200


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("query", [LARGE, SMALL])
def test_head_says_what_get_would(server: Server, query: str, coding: str) -> None:
    got, said = _get(server, query, coding), _get(server, query, coding, "HEAD")
    ignored = {"date", "stadtwissen-request", "transfer-encoding"}
    assert said.content == b""
    assert {k: v for k, v in said.headers.items() if k not in ignored} == {
        k: v for k, v in got.headers.items() if k not in ignored
    }


def test_caches_between_are_told_what_the_answer_depends_on(server: Server) -> None:
    varied = {name.strip() for name in _get(server, SMALL, "gzip").headers["vary"].split(",")}
    assert {"Accept", "Accept-Encoding"} <= varied


def test_the_first_rows_of_a_coded_answer_come_at_once(server: Server) -> None:
    headers = {"Accept": "text/csv", "Accept-Encoding": "gzip"}
    asked = {"query": FLOOD, "timeout": "5"}
    with server.client.stream("GET", "/sparql", params=asked, headers=headers) as answer:
        first = zlib.decompressobj(31).decompress(next(answer.iter_raw()))
    assert first.startswith(b"a,d,g\r\n")
    assert first.count(b"\n") > 10


def test_a_dear_answer_is_kept_and_given_again_in_the_same_words(server: Server) -> None:
    first = _get(server, HEAVY, "identity")
    before = _metric(server, "stadtwissen_cache_hits_total")
    again = _get(server, HEAVY, "identity")
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert _metric(server, "stadtwissen_cache_hits_total") == before + 1


def test_what_is_never_the_same_is_not_kept(server: Server) -> None:
    query = HEAVY.replace("FILTER(", "FILTER(RAND() < 2 && ")
    assert "etag" not in _get(server, query, "identity").headers
    before = _metric(server, "stadtwissen_cache_hits_total")
    _get(server, query, "identity")
    assert _metric(server, "stadtwissen_cache_hits_total") == before


def test_pages_are_coded_too_and_their_etags_told_apart(server: Server) -> None:
    def ask(**headers: str) -> httpx.Response:
        return server.client.get("/static/site.css", headers=headers)

    plain, coded = ask(**{"Accept-Encoding": "identity"}), ask(**{"Accept-Encoding": "gzip"})
    assert coded.headers["content-encoding"] == "gzip"
    assert coded.content == plain.content
    assert coded.headers["etag"] != plain.headers["etag"]
    tag = coded.headers["etag"]
    again = ask(**{"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (again.status_code, again.headers["etag"]) == (304, tag)


def test_any_page_of_the_web_may_ask_and_read_the_headers(server: Server) -> None:
    answer = _get(server, SMALL, "identity", Origin="https://example.org")
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"]
    assert {"ETag", "Link", "Stadtwissen-Release", "RateLimit"} <= set(exposed.split(", "))


def test_a_preflight_allows_a_direct_post(server: Server) -> None:
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = server.client.options("/sparql", headers=headers)
    assert answer.status_code == 200
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()


def test_an_answer_links_to_the_description_of_its_service_and_its_licence(server: Server) -> None:
    links = _get(server, SMALL, "identity").headers["link"]
    assert f'<{server.url}/sparql>; rel="service-desc"' in links
    assert 'rel="license"' in links
