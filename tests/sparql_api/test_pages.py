"""The pages: what they say, in both languages, and what they never do."""

import re
from html.parser import HTMLParser

import pytest

from tests.sparql_api.conftest import NUMBERS, B, Server, Start

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
QUERY = f"SELECT ?s ?n {{ ?s <{B}ontology/number> ?n }} ORDER BY ?n"
PAGES = ["/", "/sparql", "/api", "/doc/project/probe", "/nowhere", f"/sparql?query={QUERY[:-12]}"]


class _Outline(HTMLParser):
    """The parts of a page that tests ask for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_the_first_page_has_numbers_and_their_date(server: Server) -> None:
    page = server.client.get("/").text
    assert '<html lang="de" ' in page
    assert "<dt>Städte und Gemeinden</dt><dd>10.981</dd>" in page
    assert "Stand <time" in page
    assert "24.11.2026" in page


def test_the_english_first_page_speaks_english(server: Server) -> None:
    page = server.client.get("/en/").text
    assert '<html lang="en" ' in page
    assert "<dt>cities and municipalities</dt><dd>10,981</dd>" in page


def test_the_box_of_the_first_page_asks_a_query_that_works(server: Server) -> None:
    outline = _Outline(server.client.get("/").text)
    forms = [(form["action"], form["method"]) for form in outline.named("form")]
    assert ("/sparql", "get") in forms
    assert outline.named("textarea")[0]["name"] == "query"


def test_every_example_is_answered(server: Server) -> None:
    outline = _Outline(server.client.get("/sparql", headers=BROWSER).text)
    addresses = [str(a["href"]) for a in outline.named("a") if "?query=" in str(a["href"])]
    for address in addresses:
        assert server.client.get(address, headers=BROWSER).status_code == 200, address


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_accessible_by_its_structure(server: Server, prefix: str, path: str) -> None:
    outline = _Outline(server.client.get(prefix + path, headers=BROWSER).text)
    assert outline.named("html")[0]["lang"] == ("en" if prefix else "de")
    assert len(outline.named("h1")) == 1
    assert len(outline.named("main")) == 1
    assert outline.named("a")[0]["class"] == "skip"
    ids = [attributes["id"] for _, attributes in outline.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    labels = {label["for"] for label in outline.named("label")}
    assert {field["id"] for field in outline.named("textarea")} <= labels


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_script_or_another_origin(server: Server, path: str) -> None:
    answer = server.client.get(path, headers=BROWSER)
    outline = _Outline(answer.text)
    assert {script.get("type") for script in outline.named("script")} <= {"application/ld+json"}
    assert not re.search(r'\s(style|on\w+)="', answer.text)
    loaded = [link["href"] for link in outline.named("link") if link["rel"] == "stylesheet"]
    assert loaded[-1] == "/static/site.css"
    assert all(str(address).startswith("/static/") for address in loaded)
    assert outline.named("img") == []
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_stylesheet_fetches_nothing(server: Server) -> None:
    sheet = server.client.get("/static/site.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "url(" not in sheet.text
    assert "@import" not in sheet.text


def test_a_browser_gets_the_result_as_a_table(server: Server) -> None:
    answer = server.client.get("/sparql", params={"query": QUERY}, headers=BROWSER)
    outline = _Outline(answer.text)
    assert len(outline.named("tr")) == 201
    assert (
        f"{NUMBERS:,}".replace(",", ".") + " Zeilen; gezeigt werden die ersten 200" in answer.text
    )


def test_the_result_page_offers_the_whole_in_each_format(server: Server) -> None:
    answer = server.client.get("/en/sparql", params={"query": QUERY}, headers=BROWSER)
    outline = _Outline(answer.text)
    addresses = [str(a["href"]) for a in outline.named("a")]
    (csv,) = [address for address in addresses if address.endswith("format=csv")]
    assert server.client.get(csv).text.count("\n") == NUMBERS + 1


def test_the_result_page_keeps_the_query(server: Server) -> None:
    query = 'SELECT ("</textarea><script>" AS ?x) {}'
    page = server.client.get("/sparql", params={"query": query}, headers=BROWSER).text
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script>" not in page


def test_an_error_stands_on_the_page_with_the_query(server: Server) -> None:
    query = "SELECT * {\n FOO }"
    page = server.client.get("/en/sparql", params={"query": query}, headers=BROWSER)
    assert page.status_code == 400
    assert "line 2, column 7" in page.text
    assert "FOO" in page.text


def test_yes_and_no_are_said_in_words(server: Server) -> None:
    page = server.client.get("/sparql", params={"query": "ASK {}"}, headers=BROWSER)
    assert ">Ja</p>" in page.text


def test_without_a_release_the_server_says_so(
    start: Start, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = start(tmp_path_factory.mktemp("empty"))
    health = empty.client.get("/health")
    assert (health.status_code, health.json()["release"]) == (503, None)
    assert "noch keine Daten" in empty.client.get("/").text
    assert empty.ask("ASK {}").status_code == 503
    empty.stop()
