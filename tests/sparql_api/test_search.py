"""The page of the search: count, pages, classes, both languages, and whatever is typed."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.sparql_api.conftest import GRAPH, RDF_TYPE, RDFS_LABEL, B, Server, Start, publish

DESCRIPTION = "http://purl.org/dc/terms/description"
LONG = "Ein Satz, der lang ist. " * 20


def _thing(name: str, kind: str, title: str, text: str = "") -> list[str]:
    lines = [
        f"<{B}id/{name}> <{RDF_TYPE}> <{B}ontology/{kind}> <{GRAPH}> .",
        f'<{B}id/{name}> <{RDFS_LABEL}> "{title}"@de <{GRAPH}> .',
    ]
    return [*lines, f'<{B}id/{name}> <{DESCRIPTION}> "{text}"@de <{GRAPH}> .'] if text else lines


@pytest.fixture(scope="module")
def found(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    lines = [
        *(line for i in range(45) for line in _thing(f"m/{i}", "Measure", f"Pegel {i}")),
        *_thing("p/1", "Project", "Das Pegelprojekt", LONG),
        *_thing("x/1", "Project", "<script>alert(1)</script> Böses"),
        f'<{B}ontology/Measure> <{RDFS_LABEL}> "Maßnahme"@de <{B}ontology/> .',
        f'<{B}ontology/Measure> <{RDFS_LABEL}> "measure"@en <{B}ontology/> .',
    ]
    home = tmp_path_factory.mktemp("search")
    graphs = (GRAPH, f"{B}ontology/")
    publish(home, {graph: [x for x in lines if x.endswith(f"{graph}> .")] for graph in graphs})
    return start(home)


def _hits(text: str) -> list[str]:
    return re.findall(r'<li><a href="([^"?]+)">', text.partition('<ol class="hits"')[2])


def test_the_title_says_how_many(found: Server) -> None:
    german, english = found.client.get("/suche?q=pegel"), found.client.get("/en/suche?q=pegel")
    assert "<title>46 Treffer: pegel" in german.text
    assert "<title>46 hits: pegel" in english.text
    assert (german.headers["Content-Language"], english.headers["Content-Language"]) == ("de", "en")


def test_pages_together_are_all_hits(found: Server) -> None:
    pages = [
        _hits(found.client.get("/suche", params={"q": "pegel", "seite": i}).text) for i in (1, 2, 3)
    ]
    assert [len(page) for page in pages] == [20, 20, 6]
    assert len({hit for page in pages for hit in page}) == 46


def test_a_class_is_chosen_by_its_address_and_left_again(found: Server) -> None:
    text = found.client.get("/suche?q=pegel").text
    address = next(a for a in re.findall(r'<a href="(\?[^"]*)"', text) if "Project" in a)
    chosen = found.client.get("/suche" + address.replace("&amp;", "&"))
    assert _hits(chosen.text) == ["/id/p/1"]
    assert 'aria-current="true"' in chosen.text
    assert 'href="?q=pegel"' in chosen.text


def test_classes_have_their_names(found: Server) -> None:
    assert "Maßnahme <span>45</span>" in found.client.get("/suche?q=pegel").text
    assert "measure <span>45</span>" in found.client.get("/en/suche?q=pegel").text


def test_a_long_text_is_cut_at_a_word(found: Server) -> None:
    text = found.client.get("/suche?q=pegelprojekt").text
    assert re.search(r"<p>Ein Satz, [^<]{150,220} …</p>", text)


def test_what_data_and_visitors_write_is_text(found: Server) -> None:
    text = found.client.get("/suche", params={"q": '"><script>b</script> böses'}).text
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)" in found.client.get("/suche?q=boeses").text


@pytest.mark.parametrize(
    "query",
    ["", "q=", "q=%00", "q=%FF%FE", "q=*", "q=NEAR(", "q=pegel&seite=0", "q=pegel&seite=-1",
     "q=pegel&seite=99999999999", "q=pegel&seite=²", "q=pegel&art=%22%27%3B--", "q=" + "x" * 5_000,
     "q=" + quote("😀" * 200), "art=nichts"],
)  # fmt: skip
def test_no_search_is_an_error_of_ours(found: Server, query: str) -> None:
    assert found.client.get("/suche?" + query).status_code == 200


def test_too_many_words_are_said(found: Server) -> None:
    answer = found.client.get("/suche", params={"q": "wort " * 40})
    assert answer.status_code == 400
    assert "erlaubt sind 32" in answer.text


def test_nothing_found_says_what_to_do(found: Server) -> None:
    assert "Weniger Wörter finden mehr" in found.client.get("/suche?q=quastenflosser").text


def test_the_same_search_is_not_sent_twice(found: Server) -> None:
    answer = found.client.get("/suche?q=pegel")
    again = found.client.get("/suche?q=pegel", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_older_release_is_searched(start: Start, tmp_path: Path) -> None:
    old = publish(tmp_path, {GRAPH: _thing("alt", "Project", "Altes")})
    publish(tmp_path, {GRAPH: _thing("neu", "Project", "Neues")})
    server = start(tmp_path)
    assert _hits(server.client.get("/suche?q=altes").text) == []
    assert _hits(server.client.get(f"/suche?q=altes&release={old.id}").text) == ["/id/alt"]
