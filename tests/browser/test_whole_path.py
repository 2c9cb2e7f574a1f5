"""The whole path, from a person's own words to the list and back to them, on a phone and at a desk."""

from __future__ import annotations

import csv
import io
import json
import re
import secrets

import pytest
from sqlalchemy import select

from priority.database import commit
from priority.extensions import db
from priority.models import Exercise, Panelist
from priority.queries.exercises import find_exercise
from priority.queries.rounds import find_round
from priority.services import consent, merging, proposing, voting
from priority.words import Purpose
from tests.browser.walking import Walker

pytestmark = pytest.mark.slow

OWN = "I sleep nine hours and wake up empty. Is there anything to do but get used to it?"
ELSEWHERE = "Why does it take eight months to hear whether I get sick pay?"
ALIKE = "Some days my strength is gone before noon. How do others share theirs out?"
QUESTION = "What helps people share out their strength when rest does not cure tiredness?"
OTHERS = [
    "When and how can long-term medicines be reduced safely?",
    "What keeps family carers well enough to go on, nights included?",
    "Which adjustments keep people in work when symptoms change from day to day?",
    "For whom is care at a distance as good as meeting?",
]
GOOD = [("Patients", "patient"), ("Nurses, doctors, physiotherapists", "nurse")]
EACH = 6


@pytest.fixture(params=["without scripts at 360 px", "with scripts at 1280 px"])
def walker(request, axe, page_without_scripts, page_with_scripts):
    """`walker()` is somebody who comes with a browser of their own."""
    pages, width = (page_without_scripts, 360) if "without" in request.param else (page_with_scripts, 1280)
    return lambda: Walker(pages, axe, width=width)


def signed_in(walker, link):
    somebody = walker()
    somebody.go(link)
    somebody.page.get_by_role("main").get_by_role("button").first.click()
    somebody.look()
    return somebody


def test_from_a_question_to_the_list_and_back(server, walker):
    coordinator = signed_in(walker, server.links["coordinator"])
    exercise = make_an_exercise(coordinator, server)
    code = ask(walker, server, exercise)
    others_ask(server, exercise)
    close_asking(coordinator, server, exercise)
    sort(signed_in(walker, server.links["moderator"]), server, exercise)
    coordinator.go(f"{server.url}/staff/e/{exercise}/sorting")
    coordinator.press("End the sorting")
    invite(coordinator, server, exercise)
    patient, nurse = (signed_in(walker, link) for link in links_from_the_inbox(coordinator, server))
    agree(server, exercise)
    for n in (1, 2):
        open_round(coordinator, server, exercise, n)
        rate(patient, server, n, 9)
        rate(nurse, server, n, 4)
        others_rate(server, exercise, n)
        close_round(coordinator, server, exercise, n)
    open_round(coordinator, server, exercise, 3)
    put_in_order(patient, server)
    put_in_order(nurse, server)
    others_order(server, exercise)
    close_round(coordinator, server, exercise, 3)
    publish(coordinator, server, exercise)
    read_the_list(walker(), server, exercise)
    read_the_results(signed_in(walker, server.links["researcher"]), server, exercise)
    hear_what_became_of_it(walker, server, code)
    coordinator.go(f"{server.url}/staff/e/{exercise}")
    assert coordinator.page.locator(".big-number").inner_text() == "0"


def make_an_exercise(coordinator, server):
    coordinator.go(f"{server.url}/staff/new")
    coordinator.follow(re.compile("Choose.*JLA-style"))
    page = coordinator.page
    coordinator.press("Make the exercise")
    assert page.get_by_role("alert").count()
    page.locator('[name="title"]').fill("Strength for an ordinary day")
    page.locator('[name="introduction"]').fill("Tell us what you wish research would find out.")
    page.locator('[name="time_zone"]').fill("Europe/Stockholm")
    page.get_by_label("Whole answers with side and group").check()
    page.locator('[name="contact_name"]').fill("Karin Ek")
    page.locator('[name="contact_phone"]').fill("+46 70 174 06 99")
    page.locator('[name="contact_hours"]').fill("Monday to Friday, 10 to 4")
    page.locator('[name="contact_email"]').fill("karin@example.org")
    page.locator('[name="readers"]').fill("Maria and Jonas")
    page.locator('[name="safeguarding_contact"]').fill("Eva Lind, +46 70 174 06 98")
    coordinator.press("Make the exercise")
    assert "/staff/e/" in page.url, coordinator.trouble
    exercise = re.search("/staff/e/([0-9a-z]{26})", page.url)[1]
    coordinator.go(f"{server.url}/staff/e/{exercise}/asking")
    coordinator.press("Open asking")
    return exercise


def ask(walker, server, exercise):
    contributor = walker()
    contributor.go(f"{server.url}/e/{exercise}")
    contributor.go(f"{server.url}/e/{exercise}/ask")
    contributor.follow("Let me write")
    page = contributor.page
    contributor.press("Go on")
    assert "Write your question" in page.get_by_role("alert").inner_text()
    page.locator("textarea").first.fill(OWN)
    contributor.press("Ask another one, too")
    page.locator("textarea").nth(1).fill(ELSEWHERE)
    contributor.press("Go on")
    page.get_by_label("A patient").check()
    contributor.press("Go on")
    page.wait_for_timeout(3000)  # nobody reads and writes in less: a machine would
    contributor.press("Send")
    assert contributor.headline == "We have your 2 questions. Thank you."
    return re.search(r"\b[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}\b", page.get_by_role("main").inner_text())[0]


def others_ask(server, exercise):
    """Somebody else asks something alike, and four more questions stand on the list already."""
    with server.inside():
        found = find_exercise(exercise)
        proposing.submit(found, texts=[ALIKE], locale="en")
        for text in OTHERS:
            (proposal,) = proposing.submit(found, texts=[text], locale="en").proposals
            merging.make_question(proposal.parts, exercise=found, text=text, short=text[:40], actor=None)
        commit()


def close_asking(coordinator, server, exercise):
    coordinator.go(f"{server.url}/staff/e/{exercise}/asking")
    coordinator.press("Close asking")


def sort(moderator, server, exercise):
    queue = f"{server.url}/staff/e/{exercise}/queue"
    moderator.go(queue)
    assert moderator.headline == "3 of 7 wait for an answer."
    moderator.follow(OWN[:30])
    moderator.open("Make a new question out of it")
    page = moderator.page
    make = page.locator("form", has=page.get_by_role("button", name="Make the question"))
    make.locator('[name$="text"]').fill(QUESTION)
    make.locator('[name$="short"]').fill("Sharing out strength")
    moderator.press("Make the question")
    moderator.go(queue)
    moderator.follow(ALIKE[:30])
    page.get_by_label(re.compile(re.escape(QUESTION[:40]))).first.check()
    moderator.press("Join them")
    moderator.go(queue)
    moderator.follow(ELSEWHERE[:30])
    moderator.open("Send it down another road")
    moderator.follow("To change")
    send = page.locator("form", has=page.get_by_role("button", name=re.compile("Send it")))
    send.locator('[name$="owner"]').fill("Karin Ek")
    send.locator('[name$="sentence"]').fill(
        "This matters, and it needs a change rather than a study. Karin takes it on."
    )
    moderator.press("Send it")
    moderator.go(queue)
    assert moderator.headline == "All 7 have an answer."
    moderator.go(f"{server.url}/staff/e/{exercise}/questions")


def invite(coordinator, server, exercise):
    rows = [
        f"{name}{n}-{exercise[:6]}@example.org,{name.title()} {n},{group!r}"
        for group, name in GOOD
        for n in range(EACH)
    ]
    text = "email,name,group\n" + "\n".join(rows).replace("'", '"') + "\nno address,Nobody,Patients\n"
    coordinator.go(f"{server.url}/staff/e/{exercise}/panel/invite")
    coordinator.page.locator('[type="file"]').set_input_files(
        {"name": "panel.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    coordinator.press("Look at it first")
    assert coordinator.headline == "12 people can be invited."
    assert "no address" in coordinator.page.get_by_role("main").inner_text()
    coordinator.press("Import the good rows")
    assert "12" in coordinator.page.get_by_role("main").inner_text()


def links_from_the_inbox(reader, server):
    """The links in the letters to the first patient and to the first nurse."""
    reader.go(f"{server.url}/inbox")
    for _group, name in GOOD:
        letter = reader.page.locator("article", has_text=f"{name}0-").first
        yield letter.locator('a[href*="/in/"]').first.get_attribute("href")


def agree(server, exercise):
    """The ten who are not walked with agree to take part."""
    with server.inside():
        for panelist in not_walked(find_exercise(exercise)):
            consent.give(panelist, [Purpose.TAKE_PART])
        commit()


def not_walked(exercise):
    everybody = db.session.scalars(
        select(Panelist).where(Panelist.exercise_id == exercise.id).order_by(Panelist.id)
    ).all()
    return [panelist for index, panelist in enumerate(everybody) if index % EACH]


def open_round(coordinator, server, exercise, n):
    coordinator.go(f"{server.url}/staff/e/{exercise}/rounds/{n}")
    coordinator.page.locator('[name="closes_at"]').fill("2099-06-30T18:00")
    coordinator.press(f"Open round {n}")
    assert "Open until" in coordinator.headline


def close_round(coordinator, server, exercise, n):
    coordinator.go(f"{server.url}/staff/e/{exercise}/rounds/{n}")
    coordinator.open("Close it now")
    coordinator.page.locator("form", has_text=f"Close round {n}").locator("textarea").fill("Everybody has answered.")
    coordinator.press(f"Close round {n}")
    coordinator.go(f"{server.url}/staff/e/{exercise}/rounds/{n}")
    assert coordinator.headline.startswith("Closed")


def rate(panelist, server, n, highest):
    panelist.go(f"{server.url}/answer")
    if panelist.headline == "Before you begin":
        panelist.press("I agree, go on")
    panelist.follow("Start")
    page = panelist.page
    if n == 2:
        main = page.get_by_role("main")
        assert main.locator("svg.histogram").count()
        assert re.search("You answered|Your last answer|You chose", main.inner_text(), re.IGNORECASE)
    given = highest
    while "/page/" in page.url:
        for fieldset in page.locator("fieldset", has=page.locator('input[type="radio"]')).all():
            fieldset.get_by_label(str(max(1, given)), exact=True).check()
            given -= 1
        panelist.press("Save and go on")
    panelist.press("Send my answers")
    assert receipt(panelist)


def receipt(panelist):
    assert panelist.headline == "We have your answers. Thank you."
    return re.search(r"\b\w{4}-\w{4}-\w{5}\b", panelist.page.get_by_role("main").inner_text())


def put_in_order(panelist, server):
    panelist.go(f"{server.url}/answer")
    panelist.go(f"{server.url}/answer/3/sort/1")
    page = panelist.page
    while "/sort/" in page.url:
        for fieldset in page.locator("fieldset", has=page.locator('input[type="radio"]')).all():
            fieldset.locator('input[type="radio"]').first.check()
        panelist.press(re.compile("Save and go (on|to the order)"))
    for place, number in enumerate(page.locator('input[name^="place-"]').all(), start=1):
        number.fill(str(place))
    panelist.press("Save and check")
    panelist.press("Send my answers")
    assert receipt(panelist)


def others_rate(server, exercise, n):
    with server.inside():
        found = find_exercise(exercise)
        round_ = find_round(found, n)
        for index, panelist in enumerate(not_walked(found)):
            page = {key: 9 - (index + place) % 5 for place, key in enumerate(voting.item_keys(round_))}
            voting.save_page(round_, panelist, page, base=None)
            voting.submit(round_, panelist, secrets.token_bytes(32))
            commit()


def others_order(server, exercise):
    with server.inside():
        found = find_exercise(exercise)
        round_ = find_round(found, 3)
        keys = voting.item_keys(round_)
        for panelist in not_walked(found):
            order = {key: place for place, key in enumerate(keys, start=1)}
            voting.save_whole(round_, panelist, {"piles": dict.fromkeys(keys, 1), "order": order}, base=None)
            commit()


def publish(coordinator, server, exercise):
    coordinator.go(f"{server.url}/staff/e/{exercise}/publish")
    coordinator.press("Publish the list")
    coordinator.go(f"{server.url}/staff/e/{exercise}/publish")
    assert coordinator.headline == "The list is out"


def read_the_list(visitor, server, exercise):
    visitor.go(f"{server.url}/e/{exercise}/list")
    assert QUESTION in visitor.page.get_by_role("main").inner_text()
    visitor.go(f"{server.url}/e/{exercise}")


def read_the_results(researcher, server, exercise):
    researcher.go(f"{server.url}/staff/e/{exercise}/results")
    assert OWN in researcher.page.get_by_role("main").text_content()
    rows = list(csv.DictReader(io.StringIO(researcher.download("Download the questions (CSV)"))))
    assert any(QUESTION in row.values() for row in rows)
    ballots = list(csv.DictReader(io.StringIO(researcher.download("Download the answers (CSV)"))))
    assert len(ballots) == 3 * len(GOOD) * EACH
    assert json.loads(researcher.download("Everything (JSON)"))


def hear_what_became_of_it(walker, server, code):
    contributor = walker()
    contributor.go(f"{server.url}/code")
    contributor.fill(re.compile("code", re.IGNORECASE), code.upper())
    contributor.press("Go to my page")
    assert contributor.headline == "You asked 2 questions."
    links = [
        link.get_attribute("href") for link in contributor.page.get_by_role("link", name="See the whole story").all()
    ]
    told = []
    for link in links:
        contributor.go(f"{server.url}{link}")
        told.append(contributor.page.get_by_role("main").inner_text())
    assert any(OWN in story and QUESTION in story for story in told)
    assert any(ELSEWHERE in story and "Karin takes it on." in story for story in told)


def test_each_link_that_is_printed_signs_in(server, walker):
    assert {"contributor", "moderator", "coordinator", "researcher", "administrator"} <= server.links.keys()
    assert sum(role.startswith("panelist: ") for role in server.links) == 4
    for link in server.links.values():
        somebody = signed_in(walker, link)
        assert "/in/" not in somebody.page.url


def test_the_demo_says_on_every_page_that_it_is_made_up(server, walker):
    visitor = walker()
    with server.inside():
        demo = db.session.scalars(select(Exercise.public_id).where(Exercise.simulated)).all()
        finished = db.session.scalar(
            select(Exercise.public_id).where(Exercise.simulated, Exercise.published_at.is_not(None))
        )
    assert len(demo) == 3
    for path in [f"/e/{finished}/list", *(f"/e/{exercise}" for exercise in demo)]:
        visitor.go(f"{server.url}{path}")
        assert "made up" in visitor.page.locator("body").inner_text()
