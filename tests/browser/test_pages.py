"""Every page as people meet it: with and without scripts, on a narrow screen, by ear."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

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
    "/catalog",
    "/dumps/current/",
]
PAGES = [prefix + place for prefix in ("", "/en") for place in PLACES]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def findings(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds on a page: the rule and the first place that breaks it."""
    page.evaluate(AXE)
    options: dict[str, Any] = {"runOnly": RULES, "resultTypes": ["violations"]}
    options["rules"] = {"color-contrast": {"enabled": colours}}
    result = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    assert len(result["passes"]) > 5  # it has looked
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in result["violations"]]


@dataclass
class Visited:
    """A page of the site that the tests of its path share, and what it asked and said."""

    path: str
    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def language(self) -> str:
        return "en" if self.path.startswith("/en") else "de"


def visited(browser: Browser, site: str, path: str, width: int) -> Iterator[Visited]:
    viewport: ViewportSize = {"width": width, "height": 900}
    with browser.new_context(viewport=viewport) as context:
        seen = Visited(path, context.new_page())
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("console", lambda said: seen.said.append(f"{said.type}: {said.text}"))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.goto(site + path, wait_until="networkidle")
        yield seen


@pytest.fixture(scope="module", params=PAGES)
def wide(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visited]:
    """Each page on a wide screen, opened once."""
    yield from visited(browser, site, request.param, 1280)


@pytest.fixture(scope="module", params=PAGES)
def narrow(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visited]:
    """Each page on a narrow screen with everything unfolded, opened once."""
    for seen in visited(browser, site, request.param, 320):
        seen.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        yield seen


def test_axe_has_no_findings_on_a_narrow_screen_with_everything_unfolded(narrow: Visited) -> None:
    # Colours are the same in both languages, and take axe most of its time.
    assert findings(narrow.page, colours=narrow.language == "de") == []


def test_nothing_scrolls_sideways_on_a_narrow_screen(narrow: Visited) -> None:
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_axe_has_no_findings_on_a_wide_screen(wide: Visited) -> None:
    # The colours of the whole vocabulary take half a minute: there the narrow screen must do.
    colours = wide.language == "de" and wide.path != "/ontology"
    assert findings(wide.page, colours=colours) == []


def test_a_page_has_one_heading_and_its_language(wide: Visited) -> None:
    assert wide.page.locator("h1").count() == 1
    assert wide.page.locator("html").get_attribute("lang") == wide.language
    assert wide.page.title().endswith("– Stadtwissen")


def test_a_page_asks_nobody_else_and_says_no_error(wide: Visited, site: str) -> None:
    assert wide.asked
    assert [url for url in wide.asked if not url.startswith(site + "/")] == []
    assert wide.said == []


def test_the_keyboard_first_meets_the_way_to_the_content(wide: Visited) -> None:
    wide.page.keyboard.press("Tab")
    focused = wide.page.locator(":focus")
    assert focused.get_attribute("href") == "#inhalt"
    focused.press("Enter")
    assert wide.page.evaluate("document.activeElement.id") == "inhalt"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_without_scripts(visit: Visit, path: str) -> None:
    page = visit(path, scripts=False)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).not_to_be_empty()


def test_axe_would_notice_a_fault(visit: Visit) -> None:
    page = visit("/")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert [each.partition(":")[0] for each in findings(page)] == ["html-has-lang"]
