"""The browser tests' own instruments: each must notice what it is there to notice."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser.watching import Pages

GOOD = """<!doctype html><html lang="en"><head><title>Good</title>
<script src="/page.js"></script></head><body><main><h1>Good</h1><p>Words.</p><form method="post" action="/">
<label for="a">Name</label><input id="a" name="a"><button>Send</button></form></main></body></html>"""
BAD = GOOD.replace('<label for="a">Name</label>', "").replace("<h1>Good</h1>", "<h3>Bad</h3>")
STRANGER = GOOD.replace("Words.", '<img alt="" src="http://stranger.invalid/pixel.png">')
INLINE = GOOD.replace("Words.", "<script>document.title = 'Inline'</script>")
SCRIPT = "addEventListener('DOMContentLoaded', () => document.querySelector('label').remove());"


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/")
        pages = {"good": GOOD, "bad": BAD, "stranger": STRANGER, "inline": INLINE, "page.js": SCRIPT, "favicon.ico": ""}
        self._answer(200, pages[name], "text/javascript" if name.endswith(".js") else "text/html")

    def do_POST(self):
        self._answer(422, BAD, "text/html")

    def _answer(self, status, text, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src *; script-src 'self'")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_words):
        """Nothing: the tests' terminal is not a log."""


@pytest.fixture(scope="module")
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_clean_page_has_nothing_wrong_although_its_script_would_break_it(site, axe):
    assert axe(f"{site}/good") == []


def test_a_field_without_a_label_is_found(site, axe):
    assert any("label" in line for line in axe(f"{site}/bad"))


def test_a_page_after_a_post_is_judged_as_it_stands(site, axe, page_without_scripts):
    page = page_without_scripts(width=360)
    page.goto(f"{site}/good")
    assert axe.of(page) == []
    page.get_by_role("button").click()
    assert any("label" in line for line in axe.of(page))


def test_scripting_is_off_where_it_should_be_and_on_where_it_should_be(site, page_without_scripts, page_with_scripts):
    for pages, labels in ((page_without_scripts, 1), (page_with_scripts, 0)):
        page = pages(width=360)
        page.goto(f"{site}/good")
        assert page.locator("label").count() == labels
        assert page.viewport_size["width"] == 360


@pytest.mark.parametrize(
    ("name", "words"),
    [("stranger", "asked another host: http://stranger.invalid/pixel.png"), ("inline", "Content Security Policy")],
)
def test_what_goes_wrong_behind_a_page_is_said(site, browser, name, words):
    pages = Pages(browser, scripts=True)
    pages().goto(f"{site}/{name}")
    assert any(words in line for line in pages.close())
