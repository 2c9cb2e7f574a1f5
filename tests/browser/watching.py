"""What the browser tests look through: pages that tell what a visitor would not see, and the rules of accessibility."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OURSELVES = {"127.0.0.1", "localhost", None}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


class Watch:
    """Collects what went wrong behind the pages of a context: errors, refused code, visits to other hosts."""

    def __init__(self, context: BrowserContext) -> None:
        self.said: list[str] = []
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.said.append(f"error in a script: {error.error}"))

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in OURSELVES:
            self.said.append(f"asked another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        # A page with status 422 is an ordinary page; the browser calls it a resource that failed to load.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.said.append(f"console: {message.text}")


class Pages:
    """Opens pages of a given width, each in a context of its own, and tells at the end what went wrong behind them."""

    def __init__(self, browser: Browser, *, scripts: bool) -> None:
        self._browser, self._scripts = browser, scripts
        self._open: list[tuple[BrowserContext, Watch]] = []

    def __call__(self, width: int = 1280, **options: Any) -> Page:
        """A page of a visitor who has no cookies yet; `options` are those of a Playwright context."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=self._scripts, **options
        )
        context.set_default_timeout(10_000)
        self._open.append((context, Watch(context)))
        return context.new_page()

    def close(self) -> list[str]:
        """Closes every page and returns what went wrong behind them."""
        for context, _watch in self._open:
            context.close()
        return [said for _context, watch in self._open for said in watch.said]


class Accessibility:
    """Judges pages by WCAG 2.0 to 2.2 A and AA and by best practice; returns one line for each broken rule.

    axe needs scripting, and the pages must do without: so it looks in a second context, where scripting is on and the
    project's own scripts are blocked.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def __call__(self, url: str, cookies: Iterable[Any] = (), *, width: int = 1280) -> list[str]:
        """What is wrong with the page at an address, asked for again with these cookies."""
        with self._page(width, cookies) as page:
            page.goto(url)
            return self._judge(page)

    def of(self, page: Page) -> list[str]:
        """What is wrong with a page as it stands, with what was typed wrong and after a POST; nothing is sent again."""
        html, url, size = page.content(), page.url, page.viewport_size
        with self._page(size["width"] if size else 1280, page.context.cookies()) as copy:
            copy.route(lambda address: address == url, lambda route: route.fulfill(body=html, content_type="text/html"))
            copy.goto(url)
            return self._judge(copy)

    @contextmanager
    def _page(self, width: int, cookies: Iterable[Any]) -> Iterator[Page]:
        with self._browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True) as context:
            context.add_cookies(list(cookies))
            context.route("**/*", _without_scripts)
            yield context.new_page()

    @staticmethod
    def _judge(page: Page) -> list[str]:
        found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
        return [
            f"{page.url} {rule['id']}: {rule['help']}: " + ", ".join(str(node["target"]) for node in rule["nodes"])
            for rule in found["violations"]
        ]


def _without_scripts(route: Route) -> None:
    if route.request.resource_type == "script":
        route.abort()
    else:
        route.continue_()
