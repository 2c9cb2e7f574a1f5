"""The optional modules: they mean what the server means, and they save only what somebody has answered."""

from __future__ import annotations

import json
import random
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from priority.web.answer.moves import DIRECTIONS, Row, moved

STATIC = Path(__file__).parents[2] / "priority" / "static"
FORM = """<!doctype html><html lang="en"><head><title>Form</title>
<script type="module" src="/js/autosave.js"></script><script type="module" src="/js/draft.js"></script></head><body>
<form method="post" action="/sent" data-autosave="/save" data-draft="one"><input type="hidden" name="base" value="0">
<label><input type="radio" name="a" value="1">One</label><label>Place <input type="number" name="n"></label>
<label>Which <select name="s"><option>1<option>2</select></label><label>Words <textarea name="w"></textarea></label>
<p data-saved-line data-saved="Saved" data-unsaved="Not saved yet"></p>
<p data-draft-line data-saved="Kept at {time}" data-removed="Gone"></p><p data-draft-remove hidden>
<button type="button">Remove</button></p><button>Send</button></form></body></html>"""


class Site(SimpleHTTPRequestHandler):
    posted: list[str]

    def do_GET(self):
        if self.path != "/form":
            super().do_GET()
            return
        self._answer(FORM, "text/html")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append((self.path, body))
        self._answer(json.dumps({"base": str(len(self.server.posted))}), "application/json")

    def _answer(self, text, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_words):
        """Nothing: the tests' terminal is not a log."""


@pytest.fixture
def site():
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(STATIC))) as server:
        server.posted = []
        server.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_move_means_the_same_with_and_without_scripting(site, page_with_scripts):
    chance = random.Random(11)
    lists = [
        [Row(str(key), chance.choice([None, *range(1, 9)])) for key in range(chance.randint(1, 8))] for _ in range(400)
    ]
    presses = [(rows, chance.choice(rows).key, chance.choice(DIRECTIONS)) for rows in lists]
    page = page_with_scripts()
    page.goto(f"{site.url}/mark.svg")
    in_place = page.evaluate(
        """async (presses) => {
          const { moved } = await import("/js/order.js");
          return presses.map(([rows, key, direction]) =>
            moved(rows.map(([key, place]) => ({ key, place })), key, direction).map((row) => [row.key, row.place]));
        }""",
        [([(row.key, row.number) for row in rows], key, direction) for rows, key, direction in presses],
    )
    assert in_place == [[[row.key, row.number] for row in moved(*press)] for press in presses]


def test_a_radio_saves_in_the_background_and_the_base_follows(site, page_with_scripts):
    page = page_with_scripts()
    page.goto(f"{site.url}/form")
    page.check("[name=a]")
    page.wait_for_selector("text=Saved")
    assert [path for path, _body in site.posted] == ["/save"]
    assert page.input_value("[name=base]") == "1"


def test_numbers_and_selects_wait_for_the_button(site, page_with_scripts):
    page = page_with_scripts()
    page.goto(f"{site.url}/form")
    page.fill("[name=n]", "3")
    page.select_option("[name=s]", "2")
    page.wait_for_timeout(2000)
    assert site.posted == []


def test_what_could_not_be_saved_is_said_without_alarm(site, page_with_scripts):
    page = page_with_scripts()
    page.route("**/save", lambda route: route.abort())
    page.goto(f"{site.url}/form")
    page.check("[name=a]")
    page.wait_for_selector("text=Not saved yet")
    assert page.input_value("[name=base]") == "0"


def test_a_draft_comes_back_until_it_is_removed(site, page_with_scripts):
    page = page_with_scripts()
    page.goto(f"{site.url}/form")
    page.fill("textarea", "Who do you ring at three in the morning?")
    page.wait_for_selector("text=Kept at")
    page.goto(f"{site.url}/form")
    assert page.input_value("textarea") == "Who do you ring at three in the morning?"
    page.click("text=Remove")
    page.wait_for_selector("text=Gone")
    page.goto(f"{site.url}/form")
    assert page.input_value("textarea") == ""
