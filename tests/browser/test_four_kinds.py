"""All four kinds of answers by keyboard alone and with scripting disabled, and what others answered in round 2.

Each page that is met is looked at by `walking.Walker`: one heading, a telephone number, nothing wider than a phone, no
rule of accessibility broken. Where scripting is off, the keys are all there is: Tab, Space, arrows, Enter.
"""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from werkzeug.serving import make_server

from priority import clock, ids
from priority.extensions import begin_writing, db, keys
from priority.services import accounts, consent, rounds, suggestions, voting
from priority.words import BallotState, Purpose, RoundKind
from tests.browser.walking import Walker
from tests.factories import a_panelist, an_exercise, an_open_round

OTHERS = (("patients", 6), ("carers", 5), ("nurses", 5), ("doctors", 6))
SETS = [["Q1.1", "Q2.1", "Q3.1", "Q4.1"], ["Q3.1", "Q5.1", "Q6.1", "Q1.1"]]
MOST_TABS = 80


@pytest.fixture
def site(app):
    """A running site, a panelist with a cookie, and a first round of ratings that everybody answered."""
    exercise = an_exercise()
    panelist = a_panelist(exercise)
    others = [a_panelist(exercise, group) for group, n in OTHERS for _one in range(n)]
    consent.give(panelist, {Purpose.TAKE_PART})
    first = an_open_round(exercise, questions=6)
    for index, somebody in enumerate(others):
        voting.save_page(first, somebody, {f"Q{n}.1": 1 + (index * n + n) % 9 for n in range(1, 7)}, base=None)
    voting.save_page(first, panelist, {"Q1.1": 6, "Q2.1": "cannot_judge"}, base=None)
    with clock.at(first.closes_at):
        rounds.close_round(first, actor=None)
    secret = ids.base32(keys.unlinkable("four kinds"), 51)
    accounts.sign_in(panelist, secret)
    db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    yield SimpleNamespace(url=url, panelist=panelist, exercise=exercise, secret=secret)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def reader(site, page_without_scripts, axe):
    """Somebody on a phone, without scripting, who only presses keys."""
    walker = Keyboard(page_without_scripts, axe, width=360)
    walker.page.context.add_cookies([{"name": "s", "value": site.secret, "url": site.url}])
    return walker


class Keyboard(Walker):
    """A walker without a mouse: everything is reached with Tab, and where focus is can be seen."""

    def reach(self, chooser: str) -> None:
        """Presses Tab until what `chooser` (CSS) names has focus."""
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"{chooser}:focus").count():
                return
        raise AssertionError(f"{self.page.url}: no way to {chooser} by keyboard")

    def enter(self, chooser: str) -> None:
        """Reaches a link or a button and presses Enter."""
        self.reach(chooser)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def pick(self, name: str, value: str) -> None:
        """Reaches a group of radios and moves to a value with Space and the arrows."""
        self.reach(f'input[name="{name}"]')
        self.page.keyboard.press("Space")
        wanted = self.page.locator(f'input[name="{name}"][value="{value}"]')
        for _press in range(MOST_TABS):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{self.page.url}: {value} of {name} cannot be reached")

    def tick(self, value: str) -> None:
        """Reaches a box and ticks it."""
        self.reach(f'input[type="checkbox"][value="{value}"]')
        self.page.keyboard.press("Space")

    def start(self, site: SimpleNamespace) -> None:
        """From the start page into what is asked now."""
        self.go(f"{site.url}/answer")
        self.enter("main .panel a.button")

    def send(self) -> None:
        """Sends what the check shows, and reads the thanks."""
        assert "/check" in self.page.url, self.page.url
        self.enter("main form button")
        assert self.headline == "We have your answers. Thank you."


def open_round(site, kind=RoundKind.RATING, **values):
    round_ = an_open_round(site.exercise, kind, n=2, questions=6, **values)
    db.session.commit()
    return round_


def answers(site, round_):
    """What is saved, and whether it was sent."""
    begin_writing()
    db.session.expire_all()
    found = voting.own_ballot(round_, site.panelist)
    db.session.rollback()
    assert found.state is BallotState.SUBMITTED
    return found.answers


def test_ratings_with_what_others_answered(site, reader):
    round_ = open_round(site, design={"feedback": True, "reasons": True, "order": "list"})
    reader.start(site)
    main = reader.page.get_by_role("main")
    assert main.locator("svg.histogram").count() == 1
    assert "Your last answer: 6" in main.locator("svg.histogram").inner_html()
    said = main.inner_text()
    assert "People living with it" in said
    assert "chose 7, 8 or 9" in said
    assert reader.page.locator('input[name="Q1.1"][value="6"]').is_checked()
    reader.pick("Q1.1", "8")
    reader.enter('button[value="next"]')
    assert reader.headline == "What made you change your answer?"
    reader.reach("textarea")
    reader.page.keyboard.type("A bad night.")
    reader.enter('button[value="next"]')
    assert "Last time you chose “I can't judge this”." in main.inner_text()
    reader.enter('button[value="next"]')
    for _question in range(4):
        assert "You did not answer this question last time." in main.inner_text()
        reader.enter('button[value="next"]')
    reader.send()
    assert answers(site, round_) == {"Q1.1": 8, "Q2.1": "cannot_judge"}


def test_a_ranking_in_piles_and_places(site, reader):
    round_ = open_round(site, RoundKind.RANKING, design={"order": "list"})
    reader.start(site)
    for key in ("Q3.1", "Q4.1", "Q5.1", "Q6.1"):
        reader.pick(key, "1" if key != "Q6.1" else "3")
    reader.enter('button[value="next"]')
    assert reader.headline == "Put these in your order"
    for key, number in (("Q3.1", "2"), ("Q4.1", "1")):
        reader.reach(f'input[name="place-{key}"]')
        reader.page.keyboard.type(number)
    with reader.page.expect_navigation():  # Enter in a number puts in order, and moves nothing
        reader.page.keyboard.press("Enter")
    reader.look()
    reader.enter('button[value="Q5.1:top"]')
    reader.enter('button[value="check"]')
    reader.send()
    found = answers(site, round_)
    assert found["order"] == {"Q5.1": 1, "Q4.1": 2, "Q3.1": 3}
    assert found["piles"] == {"Q1.1": 2, "Q2.1": "cannot_judge", "Q3.1": 1, "Q4.1": 1, "Q5.1": 1, "Q6.1": 3}


def test_choosing_and_putting_the_chosen_in_order(site, reader):
    round_ = open_round(site, RoundKind.CHOOSE, design={"choose": 2, "ranked": True, "order": "list"})
    reader.start(site)
    for key in ("Q2.1", "Q4.1", "Q6.1"):
        reader.tick(key)
    reader.enter('button[value="done"]')
    assert "You chose 3 questions. Choose 2 at most." in reader.trouble
    reader.tick("Q4.1")
    reader.enter('button[value="done"]')
    reader.reach('input[name="place-Q6.1"]')
    reader.page.keyboard.type("1")
    reader.enter('button[value="check"]')
    reader.send()
    assert answers(site, round_) == {"chosen": ["Q2.1", "Q6.1"], "order": {"Q6.1": 1}}


def test_best_and_worst_of_a_few(site, reader):
    round_ = open_round(site, RoundKind.BEST_WORST, design={"sets": SETS, "order": "list"})
    reader.start(site)
    reader.pick("1.best", "Q2.1")
    reader.pick("1.worst", "Q2.1")
    reader.enter('button[value="next"]')
    assert "The same question cannot matter most and least." in reader.trouble
    reader.pick("1.worst", "Q4.1")
    reader.enter('button[value="next"]')
    reader.pick("2.best", "Q5.1")
    reader.enter('button[value="next"]')
    reader.send()
    assert answers(site, round_) == {"1.best": "Q2.1", "1.worst": "Q4.1", "2.best": "Q5.1"}


@pytest.mark.parametrize("scale", ["five", "chnri"])
def test_ratings_on_the_other_scales(site, reader, scale):
    round_ = open_round(site, design={"scale": scale, "order": "list"})
    reader.start(site)
    if scale == "five":
        reader.pick("Q1.1", "5")
        reader.pick("Q2.1", "x")
    else:
        reader.pick("Q1.1/answerability", "1")
        reader.pick("Q1.1/equity", "0.5")
    while "/page/" in reader.page.url:
        reader.enter('button[value="next"]')
    reader.send()
    wanted = {"five": {"Q1.1": 5, "Q2.1": "cannot_judge"}, "chnri": {"Q1.1/answerability": 1, "Q1.1/equity": 0.5}}
    assert answers(site, round_) == wanted[scale]


def test_with_scripting_the_choice_is_saved_and_counted_as_one_goes(site, page_with_scripts):
    round_ = open_round(site, RoundKind.CHOOSE, design={"choose": 3, "ranked": False, "order": "list"})
    page = page_with_scripts(width=360)
    page.context.add_cookies([{"name": "s", "value": site.secret, "url": site.url}])
    page.goto(f"{site.url}/answer/2/choose/1")
    with page.expect_response(lambda answer: answer.request.method == "POST") as saving:
        page.locator('input[value="Q2.1"]').check()
    assert saving.value.ok
    assert page.get_by_text("You have chosen 1 of 3.").count() == 1
    page.get_by_role("button", name="Save and check").click()
    page.wait_for_url("**/answer/2/check*")
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_url("**/answer/2/thanks")
    assert answers(site, round_)["chosen"] == ["Q2.1"]


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_around_the_answers_fits_and_breaks_no_rule(site, page_without_scripts, axe, width):
    """What changed, what is missing, why, leaving, two roles, and the pages of all kinds: each as it opens."""
    everything = {"feedback": True, "reasons": True, "suggestions": True, "arm": "random", "order": "list"}
    second = an_open_round(site.exercise, n=2, questions=7, design=everything)
    voting.save_page(second, site.panelist, {"Q1.1": 9}, base=None)
    suggestions.suggest(second, site.panelist, "What about the nights? " + "Long" * 30)
    an_open_round(site.exercise, RoundKind.CHOOSE, n=3, questions=7, design={"choose": 2, "ranked": True})
    an_open_round(site.exercise, RoundKind.BEST_WORST, n=4, questions=7, design={"sets": SETS})
    an_open_round(site.exercise, n=5, questions=7, design={"scale": "five"})
    an_open_round(site.exercise, n=6, questions=7, design={"scale": "chnri", "feedback": True})
    both = a_panelist(site.exercise, "patients", other_group="nurses")
    consent.give(both, {Purpose.TAKE_PART})
    choosing = ids.base32(keys.unlinkable("two roles"), 51)
    accounts.sign_in(both, choosing)
    db.session.commit()
    walker = Walker(page_without_scripts, axe, width=width)
    walker.page.context.add_cookies([{"name": "s", "value": site.secret, "url": site.url}])
    for path in AROUND:
        walker.go(f"{site.url}{path}")
        assert walker.page.url == f"{site.url}{path}"
    walker.page.context.add_cookies([{"name": "s", "value": choosing, "url": site.url}])
    walker.go(f"{site.url}/answer")
    assert walker.headline == "Whose view do you give?"
    walker.press("Go on")
    assert "Choose one of the two." in walker.trouble


AROUND = (
    "/answer",
    "/answer/2/changes",
    "/answer/2/page/1",
    "/answer/2/page/7",
    "/answer/2/page/1/why",
    "/answer/2/suggest",
    "/answer/2/check",
    "/answer/3/choose/1",
    "/answer/3/order",
    "/answer/3/check",
    "/answer/4/set/2",
    "/answer/4/check",
    "/answer/5/page/1",
    "/answer/6/page/1",
    "/answer/6/check",
    "/answer/leave",
)
