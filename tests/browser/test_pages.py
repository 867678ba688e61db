"""Every page as people meet it: with and without scripts, on a narrow screen, by ear."""

import json
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit

PLACES = [
    "/",
    "/sparql",
    "/suche",
    "/suche?q=ueberflutung",
    "/suche?q=wasser&seite=2",
    "/ontology",
    "/ontology/Measure",
    "/ontology/fieldOfAction",
    "/schemes/field-of-action",
    "/shapes/Measure-status-missing",
    "/doc/municipality/05315000",
    "/einreichen",
    "/regeln",
    "/regeln/S-AGS-FORM",
    "/felder",
    "/listen",
    "/listen/field-of-action",
]
PAGES = [prefix + place for prefix in ("", "/en") for place in PLACES]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def findings(page: Page) -> list[str]:
    """What axe finds on a page: the rule and the first place that breaks it."""
    page.evaluate(AXE)
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    result = page.evaluate(f"axe.run(document, {options})")
    assert len(result["passes"]) > 5  # it has looked
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in result["violations"]]


# axe takes half a minute on the whole vocabulary: there the narrow screen must do.
WIDE = [path for path in PAGES if not path.endswith("/ontology")]


@pytest.mark.parametrize("path", WIDE)
def test_axe_has_no_findings_on_a_wide_screen(visit: Visit, path: str) -> None:
    assert findings(visit(path)) == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_has_no_findings_on_a_narrow_screen_with_everything_unfolded(
    visit: Visit, path: str
) -> None:
    page = visit(path, width=320)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert findings(page) == []


def test_axe_would_notice_a_fault(visit: Visit) -> None:
    page = visit("/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert [each.partition(":")[0] for each in findings(page)] == ["html-has-lang"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_narrow_screen(visit: Visit, path: str) -> None:
    page = visit(path, width=320)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_without_scripts(visit: Visit, path: str) -> None:
    page = visit(path, scripts=False)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).not_to_be_empty()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_and_its_language(visit: Visit, path: str) -> None:
    page = visit(path)
    assert page.locator("h1").count() == 1
    language = "en" if path.startswith("/en") else "de"
    assert page.locator("html").get_attribute("lang") == language
    assert page.title().endswith("– Stadtwissen")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_and_says_no_error(browser: Browser, site: str, path: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + path, wait_until="networkidle")
    assert asked
    assert [url for url in asked if not url.startswith(site + "/")] == []
    assert said == []


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_first_meets_the_way_to_the_content(visit: Visit, path: str) -> None:
    page = visit(path)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.get_attribute("href") == "#inhalt"
    focused.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
