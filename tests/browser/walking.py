"""Somebody who walks through pages and looks at each as a person with another way of reading would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Download, Page

    from tests.browser.watching import Accessibility, Pages

TELEPHONE = re.compile(r"\+?[\d][\d ()-]{6,}\d")


class Walker:
    """One person with a browser of their own; every page they come to is looked at."""

    def __init__(self, pages: Pages, axe: Accessibility, *, width: int) -> None:
        self.page: Page = pages(width=width, accept_downloads=True)
        self._axe = axe
        self.seen: list[str] = []

    def go(self, url: str) -> None:
        """Opens an address."""
        self.page.goto(url)
        self.look()

    def follow(self, words: str | re.Pattern[str]) -> None:
        """Follows the first link of this name."""
        self.page.get_by_role("link", name=words).first.click()
        self.look()

    def press(self, words: str | re.Pattern[str]) -> None:
        """Presses the first button of this name that can be seen, and waits for the page it leads to.

        Where a script is still saving in the background, the form leaves a moment after the press.
        """
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).first.click()
        self.look()

    def fill(self, label: str | re.Pattern[str], text: str) -> None:
        """Writes into the field of this label."""
        self.page.get_by_label(label).first.fill(text)

    def open(self, summary: str) -> None:
        """Opens a closed part of the page, where it is not open already."""
        details = self.page.locator("details", has=self.page.locator("summary", has_text=summary)).first
        if details.get_attribute("open") is None:
            details.locator("summary").first.click()

    def download(self, words: str) -> str:
        """The text of the file behind a link."""
        with self.page.expect_download() as waiting:
            self.page.get_by_role("link", name=words).click()
        download: Download = waiting.value
        return download.path().read_text("utf-8-sig")

    @property
    def headline(self) -> str:
        """What the page says first."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def trouble(self) -> str:
        """What a form said that was wrong."""
        return " ".join(self.page.get_by_role("alert").all_inner_texts())

    def look(self) -> None:
        """Judges the page as it stands."""
        page = self.page
        page.wait_for_load_state()
        self.seen.append(page.url)
        assert page.locator("h1").count() == 1, page.url
        footer = page.get_by_role("contentinfo").inner_text()
        assert TELEPHONE.search(footer), f"{page.url}: nobody to ring in “{footer}”"
        client = page.context.new_cdp_session(page)
        wide = client.send("Page.getLayoutMetrics")["cssContentSize"]["width"]
        assert wide <= page.viewport_size["width"], f"{page.url} is {wide} wide"
        broken = self._axe.of(page)
        assert not broken, "\n".join(broken)
