"""Answering on a phone and at a desk, with and without scripting."""

from __future__ import annotations

import random
import threading
from types import SimpleNamespace

import pytest
from werkzeug.serving import make_server

from priority import clock, ids
from priority.extensions import begin_writing, db, keys
from priority.services import accounts, consent, rounds, voting
from priority.web.answer.moves import DIRECTIONS, Row, in_order, moved
from priority.words import Purpose, RoundKind, RoundState
from tests.factories import a_panelist, an_exercise, an_open_round

OTHERS = (("patients", 6), ("carers", 5), ("nurses", 5), ("doctors", 6))


@pytest.fixture
def site(app):
    """A running site: its address, a panelist with a cookie, and a first round that they and others answered."""
    exercise = an_exercise()
    panelist = a_panelist(exercise)
    others = [a_panelist(exercise, group) for group, n in OTHERS for _ in range(n)]
    consent.give(panelist, {Purpose.TAKE_PART})
    first = an_open_round(exercise, questions=9)
    for index, somebody in enumerate(others):
        answers = {f"Q{n}.1": 1 + (index * n + n) % 9 for n in range(1, 10)}
        voting.save_page(first, somebody, answers, base=None)
    voting.save_page(first, panelist, {"Q1.1": 6, "Q2.1": "cannot_judge"}, base=None)
    with clock.at(first.closes_at):
        rounds.close_round(first, actor=None)
    again = an_open_round(exercise, n=2, questions=9, design={"feedback": True})
    secret = ids.base32(keys.unlinkable("browser"), 51)
    accounts.sign_in(panelist, secret)
    db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield SimpleNamespace(url=url, panelist=panelist, exercise=exercise, again=again, secret=secret)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ranking(site):
    """The third round, in which four questions are in the first pile and two have no rating."""
    ratings = {"Q1.1": 9, "Q2.1": 8, "Q3.1": 7, "Q4.1": 9, "Q5.1": 5, "Q6.1": 2, "Q7.1": "cannot_judge"}
    voting.save_page(site.again, site.panelist, ratings, base=None)
    site.again.state, site.again.closed_at = RoundState.CLOSED, clock.now()
    db.session.flush()
    round_ = an_open_round(site.exercise, RoundKind.RANKING, n=3, questions=9)
    db.session.commit()
    return round_


def visit(pages, site, path, width=360):
    page = pages(width=width)
    page.context.add_cookies([{"name": "s", "value": site.secret, "url": site.url}])
    page.goto(f"{site.url}{path}")
    return page


def order_of(round_, panelist):
    begin_writing()
    db.session.expire_all()
    found = voting.own_ballot(round_, panelist)
    db.session.rollback()
    return None if found is None else found.answers["order"]


def rows_on(page):
    return [row.get_attribute("data-key") for row in page.locator("ol.order > li").all()]


def number(page, key):
    return page.locator(f'[name="place-{key}"]')


def test_enter_in_a_number_puts_in_order_and_moves_nothing(site, ranking, page_without_scripts):
    page = visit(page_without_scripts, site, "/answer/3/order")
    before = rows_on(page)
    number(page, before[3]).fill("1")
    number(page, before[0]).fill("2")
    number(page, before[0]).press("Enter")
    page.wait_for_load_state()
    assert rows_on(page) == [before[3], before[0], before[1], before[2]]
    assert order_of(ranking, site.panelist) == {before[3]: 1, before[0]: 2}


def test_the_buttons_work_without_scripting_and_the_page_comes_back_at_the_row(site, ranking, page_without_scripts):
    page = visit(page_without_scripts, site, "/answer/3/order")
    before = rows_on(page)
    row = page.locator(f'li[data-key="{before[2]}"]')
    row.get_by_role("button", name="Top").click()
    assert rows_on(page)[0] == before[2]
    page.locator(f'li[data-key="{before[3]}"]').get_by_role("button", name="Up").click()
    assert rows_on(page)[:2] == [before[2], before[3]]
    page.locator(f'li[data-key="{before[2]}"]').get_by_role("button", name="Down").click()
    assert order_of(ranking, site.panelist) == {before[3]: 1, before[2]: 2}
    assert page.locator("#moved").get_attribute("data-key") == before[2]
    assert page.url.endswith("#moved")
    assert "position 2 of 4" in page.get_by_role("status").first.inner_text()


def test_with_scripting_a_row_moves_in_place_keeps_focus_and_is_announced(site, ranking, page_with_scripts):
    page = visit(page_with_scripts, site, "/answer/3/order")
    before = rows_on(page)
    for key in before[:3]:
        number(page, key).fill(str(before.index(key) + 1))
    button = page.locator(f'li[data-key="{before[2]}"]').get_by_role("button", name="Up")
    button.focus()
    with page.expect_response(lambda answer: answer.request.method == "POST") as saving:
        page.keyboard.press("Enter")
    assert saving.value.ok
    assert rows_on(page) == [before[0], before[2], before[1], before[3]]
    assert button.evaluate("button => button === document.activeElement")
    status = page.locator("[data-order-status]")
    assert status.get_attribute("role") == "status"
    assert status.inner_text().endswith("position 2 of 4")
    assert order_of(ranking, site.panelist) == {before[0]: 1, before[2]: 2, before[1]: 3}
    page.get_by_role("button", name="Save and check").click()
    page.wait_for_url("**/answer/3/check*")


def test_looking_with_scripting_is_no_answer_either(site, ranking, page_with_scripts):
    page = visit(page_with_scripts, site, "/answer/3/order")
    number(page, rows_on(page)[0]).fill("1")
    number(page, rows_on(page)[0]).blur()
    page.wait_for_timeout(300)
    assert order_of(ranking, site.panelist) is None


def test_an_answer_is_saved_as_one_goes(site, page_with_scripts):
    page = visit(page_with_scripts, site, "/answer/2/page/1")
    with page.expect_response(lambda answer: answer.request.method == "POST") as saving:
        page.get_by_label("8", exact=True).check()
    assert saving.value.ok
    page.locator("[data-saved-line]", has_text="Saved").wait_for()
    page.reload()
    assert page.get_by_label("8", exact=True).is_checked()
    page.get_by_label("9", exact=True).check()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/answer/2/page/2")


def test_the_module_moves_rows_as_the_server_does(site, ranking, page_with_scripts):
    page = visit(page_with_scripts, site, "/answer/3/order")
    chance = random.Random(11)
    cases = []
    for _ in range(200):
        rows = [{"key": key, "place": chance.choice([None, 1, 2, 2, 3, 7])} for key in "abcdef"[: chance.randint(1, 6)]]
        cases.append([rows, chance.choice(rows)["key"], chance.choice(DIRECTIONS)])
    found = page.evaluate(
        """async (cases) => {
            const { moved, sorted } = await import('/static/js/order.js');
            return cases.map(([rows, key, direction]) => [moved(rows, key, direction), sorted(rows)]);
        }""",
        cases,
    )
    for (rows, key, direction), (by_move, by_number) in zip(cases, found, strict=True):
        ours = [Row(row["key"], row["place"]) for row in rows]
        assert [Row(row["key"], row["place"]) for row in by_move] == moved(ours, key, direction)
        assert [Row(row["key"], row["place"]) for row in by_number] == in_order(ours)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_of_answers_scrolls_sideways_or_breaks_a_rule_of_accessibility(
    site, ranking, page_without_scripts, axe, width
):
    page = visit(page_without_scripts, site, "/answer/3/order", width)
    number(page, "Q1.1").fill("-1")
    page.get_by_role("button", name="Save and check").click()
    assert "Write a whole number" in page.get_by_role("alert").inner_text()
    assert fits(page)
    assert axe.of(page) == []
    paths = ["/answer", "/answer/3/sort/1", "/answer/3/order", "/answer/3/check"]
    for path in paths:
        page.goto(f"{site.url}{path}")
        assert fits(page), path
        assert axe.of(page) == []
    page.get_by_role("button", name="Send my answers").click()
    assert page.get_by_role("heading", level=1).inner_text() == "We have your answers. Thank you."
    assert fits(page)
    assert axe.of(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_with_the_answers_of_others_fits_and_breaks_no_rule(site, page_without_scripts, axe, width):
    page = visit(page_without_scripts, site, "/answer/2/page/1", width)
    assert page.locator("svg.histogram").count() == 1
    assert fits(page)
    assert axe.of(page) == []


def fits(page):
    """Whether nothing sticks out at the side; measured by the browser itself, since scripting is off in the page."""
    client = page.context.new_cdp_session(page)
    return client.send("Page.getLayoutMetrics")["cssContentSize"]["width"] <= page.viewport_size["width"]
