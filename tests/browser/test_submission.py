"""A partner hands a file in: with and without scripts, by keyboard, in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import findings

BROKEN = Path(__file__).parents[1] / "sources" / "broken"
METADATA = BROKEN / "massnahmen-metadata.json"


def hand_in(page: Page, site: str, file: Path, prefix: str = "") -> None:
    page.goto(f"{site}{prefix}/einreichen")
    page.set_input_files("#file", file)
    page.locator("summary").first.click()
    page.set_input_files("#metadata", METADATA)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/bericht/*", timeout=60_000)
    # The page that waits asks again by itself, without scripts too.
    expect(page.locator("h1")).to_have_text(re.compile("^(Bericht|Report):"), timeout=90_000)


@pytest.fixture(scope="module", params=[True, False], ids=["scripts", "no-scripts"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=request.param) as context:
        yield context.new_page()


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("", ["Noch nicht in Ordnung", "1 Fehler", "Gemeindeschlüssel unvollständig"]),
        ("/en", ["Not in order yet", "1 error", "Municipality key incomplete"]),
    ],
)
def test_a_wrong_file_gets_a_report_with_its_own_rows(
    page: Page, site: str, prefix: str, words: list[str]
) -> None:
    hand_in(page, site, BROKEN / "S-AGS-FORM.csv", prefix)
    for word in words:
        expect(page.get_by_text(word).first).to_be_visible()
    expect(page.locator("td.marked")).to_contain_text("5315000")
    expect(page.locator(".suggestion")).to_contain_text("05315000")


def test_a_good_file_is_said_to_be_in_order(page: Page, site: str) -> None:
    hand_in(page, site, BROKEN / "good.csv")
    expect(page.get_by_role("status")).to_contain_text("In Ordnung")


@pytest.fixture(scope="module")
def report(browser: Browser, site: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        hand_in(page, site, BROKEN / "S-AGS-FORM.csv")
        yield page


def test_a_second_delivery_is_compared_with_the_first(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        hand_in(page, site, BROKEN / "S-AGS-FORM.csv")
        page.set_input_files("#file", BROKEN / "S-LISTE.csv")
        page.locator("summary").last.click()
        page.set_input_files("#metadata", METADATA)
        before = page.url
        page.locator("button[type=submit]").click()
        page.wait_for_url(lambda url: url != before and "/bericht/" in url, timeout=60_000)
        expect(page.get_by_text("1 behoben, 0 offen, 1 neu")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_a_report(report: Page, width: int) -> None:
    report.set_viewport_size({"width": width, "height": 900})
    assert findings(report) == []
    assert report.evaluate("document.documentElement.scrollWidth") <= width


def test_a_report_is_kept_out_of_search_engines(report: Page) -> None:
    answer = report.request.get(report.url)
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    assert report.locator("meta[name=robots]").get_attribute("content") == "noindex"


@pytest.mark.parametrize("form", ["json", "xlsx", "csv", "ttl"])
def test_a_report_can_be_fetched_in_every_format(report: Page, form: str) -> None:
    answer = report.request.get(f"{report.url}.{form}")
    assert (answer.status, len(answer.body()) > 100) == (200, True)


def test_nobody_guesses_a_report(report: Page) -> None:
    address = report.url[:-1] + ("A" if report.url[-1] != "A" else "B")
    assert report.request.get(address).status == 404


def test_a_file_that_is_too_large_is_told_at_the_form(site: str) -> None:
    large = {"file": ("a.csv", b"x" * 51 * 2**20)}
    answer = httpx.post(f"{site}/einreichen", files=large, timeout=60)
    assert answer.status_code == 413
    assert "Die Datei ist zu groß" in answer.text


def test_the_form_is_reached_filled_and_sent_by_keyboard(browser: Browser, site: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/einreichen")
        seen = []
        for _ in range(20):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.id || document.activeElement.type"))
            if seen[-1] == "submit":
                break
        assert "file" in seen
        assert seen[-1] == "submit"


@pytest.mark.parametrize("path", ["/einreichen", "/regeln", "/felder", "/listen"])
def test_a_page_weighs_at_most_a_hundred_kilobytes(browser: Browser, site: str, path: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site + path, wait_until="networkidle")
        weight = page.evaluate(
            "[...performance.getEntriesByType('navigation'),"
            " ...performance.getEntriesByType('resource')]"
            ".reduce((sum, each) => sum + each.encodedBodySize, 0)"
        )
    assert 0 < weight <= 100 * 1024
