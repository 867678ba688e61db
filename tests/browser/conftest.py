"""A real browser and a real server on the release of the bundled sources."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# The shell opens a page in a third of the time that the whole browser takes.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# Chromium must not look for updates, and root has no sandbox.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium the tests of this folder are skipped, and say so."""
    here = Path(__file__).parent
    absent = pytest.mark.skip(
        reason="no Chromium; on Debian: apt-get install chromium-headless-shell"
    )
    for item in items:
        if CHROMIUM is None and here in item.path.parents:
            item.add_marker(absent)


@pytest.fixture(scope="module")
def site(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the release of the bundled sources."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("STADTWISSEN_")}
    with (tmp_path_factory.mktemp("site") / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "loader.command", "serve", "--port", "0"],
            env={**clean, "STADTWISSEN_HOME": str(home), "STADTWISSEN_DUMPS": "none"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    with process.stdout as stdout:
        yield stdout.readline().split()[-1].rstrip("/")
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens a path of the site in a window of its own; `asked` and `said` are kept on the page."""
    contexts = []

    def open_page(path: str, *, width: int = 1280, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        answer = page.goto(site + path)
        assert answer is not None
        assert answer.status == 200, path
        return page

    yield open_page
    for context in contexts:
        context.close()
