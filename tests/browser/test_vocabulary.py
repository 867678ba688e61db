"""The page of the vocabulary: every term has a place, and the picture leads there."""

import gzip

import pytest
from playwright.sync_api import Page, expect
from rdflib import OWL, RDF, Graph, URIRef

from tests.browser.conftest import Visit
from tests.ontology.test_examples import ROOT, STADT

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for file in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(file)
    return graph


def names(graph: Graph, *kinds: URIRef) -> set[str]:
    found = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
    return {str(term).removeprefix(STADT) for term in found}


def anchors(page: Page, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "all => all.map(each => each.id)")
    return found


@pytest.mark.parametrize("path", ["/ontology", "/en/ontology"])
def test_every_term_has_its_place_once(visit: Visit, ontology: Graph, path: str) -> None:
    ids = anchors(visit(path), "[id]")
    assert len(ids) == len(set(ids))
    assert not names(ontology, *KINDS) - set(ids)


@pytest.mark.parametrize("path", ["/ontology", "/en/ontology"])
def test_the_picture_has_a_named_link_for_every_class(
    visit: Visit, ontology: Graph, path: str
) -> None:
    page = visit(path)
    links = page.eval_on_selector_all(
        ".picture a", "all => all.map(a => [a.getAttribute('href'), a.textContent.trim()])"
    )
    assert {href.removeprefix("#") for href, _ in links} == names(ontology, OWL.Class)
    assert all(text for _, text in links)


@pytest.mark.parametrize("path", ["/ontology", "/en/ontology", "/schemes/technology"])
def test_every_link_within_the_page_arrives(visit: Visit, path: str) -> None:
    page = visit(path)
    hrefs = page.eval_on_selector_all("a[href^='#']", "all => all.map(a => a.getAttribute('href'))")
    assert not {href[1:] for href in hrefs} - set(anchors(page, "[id]"))


def test_the_picture_scrolls_within_its_own_box(visit: Visit) -> None:
    page = visit("/ontology", width=320)
    assert page.evaluate("document.querySelector('.picture').scrollWidth") > 320
    page.focus(".picture")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)  # it glides
    assert page.evaluate("document.querySelector('.picture').scrollLeft") > 0


def test_no_two_boxes_of_the_picture_overlap(visit: Visit) -> None:
    boxes = visit("/ontology").eval_on_selector_all(
        ".picture rect.class", "all => all.map(each => each.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 10
    for index, one in enumerate(boxes):
        for other in boxes[:index]:
            apart = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]


@pytest.mark.parametrize("path", ["/ontology", "/en/ontology"])
def test_the_names_fit_into_their_boxes(visit: Visit, path: str) -> None:
    beyond = visit(path).evaluate(
        """[...document.querySelectorAll('.picture a')].filter(a =>
             a.querySelector('text').getBoundingClientRect().right >
             a.querySelector('rect').getBoundingClientRect().right).map(a => a.textContent)"""
    )
    assert beyond == []


def test_a_rule_of_a_class_can_be_unfolded_without_scripts(visit: Visit) -> None:
    page = visit("/ontology", scripts=False)
    card = page.locator("article", has=page.locator("#Measure"))
    card.locator("summary").first.click()
    expect(card.get_by_text("Der Bearbeitungsstand fehlt.")).to_be_visible()


def test_the_page_weighs_at_most_a_hundred_kilobytes(visit: Visit, site: str) -> None:
    text = visit("/ontology").request.get(site + "/doc/ontology/").text()
    assert len(gzip.compress(text.encode())) < 100 * 1024
