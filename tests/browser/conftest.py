"""Pages with and without scripting at the width of a phone or a desk, and the rules of accessibility."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import Server, running
from tests.browser.watching import FLAGS, Accessibility, Pages

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test, whether or not it says so."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one PRIORITY_CHROMIUM names, else the one `tools/browser` finds or installs."""
    program = (
        os.environ.get("PRIORITY_CHROMIUM") or subprocess.check_output([ROOT / "tools/browser"], text=True).strip()
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Pages]:
    """`page_without_scripts(width=360)` opens a page where scripting is off."""
    yield from _watched(Pages(browser, scripts=False))


@pytest.fixture
def page_with_scripts(browser: Browser) -> Iterator[Pages]:
    """`page_with_scripts(width=1280)` opens a page where scripting is on."""
    yield from _watched(Pages(browser, scripts=True))


def _watched(pages: Pages) -> Iterator[Pages]:
    yield pages
    assert pages.close() == []


@pytest.fixture
def axe(browser: Browser) -> Accessibility:
    """`axe(url, cookies)` or `axe.of(page)`: one line for each rule of accessibility that the page breaks."""
    return Accessibility(browser)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The whole application with the demo, in a process and a folder of its own, and the links that it printed."""
    with running(tmp_path_factory.mktemp("server")) as server:
        yield server
