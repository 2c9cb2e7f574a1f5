"""The pages on which rules change: every field comes back as it was, and what cannot be is said at its field."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest

from priority import clock
from priority.extensions import db
from priority.models import Protocol
from priority.services import protocols, rounds
from priority.words import RoleName
from tests.factories import a_person
from tests.web.coordinating import a_planned_exercise


@pytest.fixture
def exercise(app):
    return a_planned_exercise()


@pytest.fixture
def coordinator(exercise, client, sign_in):
    person = a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise)
    sign_in(client, person)
    return person


def at(exercise, *rest):
    return "/".join(["/staff/e", exercise.public_id, "rules", *map(str, rest)])


def filled(text):
    """What the browser would send from a page as it opens: the last form's fields with their values."""
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    values = {}
    for one in tree.iter():
        name, kind = one.get("name"), one.get("type")
        if one.tag == "textarea":
            values[name] = (one.text or "").removeprefix("\n")
        elif one.tag == "input" and name and (kind not in {"radio", "checkbox"} or one.get("checked") is not None):
            values[name] = one.get("value", "")
    values.pop("csrf_token", None)
    return values


def open_first(exercise):
    first = rounds.plan(exercise)[0]
    rounds.open_round(first, closes_at=clock.now() + timedelta(days=1), actor=None)


def body_of(exercise):
    db.session.expire_all()
    return protocols.current(exercise).body


def test_pages_sent_back_untouched_change_nothing(client, exercise, coordinator):
    before = body_of(exercise)
    page = client.get(at(exercise, "change"))
    assert client.send(at(exercise, "change"), filled(page.text)).status_code == 303
    assert body_of(exercise) == before
    page = client.get(at(exercise, "rounds", 2))
    assert client.send(at(exercise, "rounds", 2), filled(page.text)).status_code == 303
    second = body_of(exercise)["rounds"][1]
    assert (second["kind"], second["feedback"], second["scale"], second["arm"]) == ("rating", True, "nine", None)


def test_everything_typed_arrives_and_stands_on_the_page_of_the_rules(client, exercise, coordinator):
    values = filled(client.get(at(exercise, "change")).text)
    values |= {"high": "75", "low": "10", "scope": "k_of_groups", "needed": "3", "valid_share": "60"}
    values |= {"percentile_rule": "linear", "rounds_at_most": "4", "settled_share": "85", "stability_margin": "20"}
    values |= {"primary": "kemeny", "shortlist": "12", "level": "L2", "minimum_cell": "7", "side2_share": "3"}
    assert client.send(at(exercise, "change"), values).status_code == 303
    body = body_of(exercise)
    assert body["consensus"] == {"rule": "share", "high": 75, "low": 10, "scope": "k_of_groups", "needed": 3}
    assert (body["valid_share"], body["percentile_rule"], body["shortlist"], body["minimum_cell"]) == (
        60,
        "linear",
        12,
        7,
    )
    assert (body["stopping"], body["stability_margin"]) == ({"rounds_at_most": 4, "settled_share": 85}, 20)
    assert (body["primary"]["method"], body["publication_level"]) == ("kemeny", "L2")
    assert [side.share for side in exercise.sides] == [1, 3]
    text = client.get(at(exercise)).text
    for words in (
        "75 %",
        "At least 3 groups must say so.",
        "After 4 rounds of ratings at most.",
        "fewer than 7 people",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"high": "40"}, "high", "More than half"),
        ({"high": ""}, "high", "Please fill this in"),
        ({"minimum_cell": "3"}, "minimum_cell", "from 5 to 50"),
        ({"aim": "proportional"}, "aim", "shares the places out in proportion"),
        ({"scope": "k_of_groups", "needed": ""}, "needed", "There are 4 groups"),
        ({"side1_groups": "Carers"}, "side1_groups", "There are people in “Patients”"),
        ({"level": "L9"}, "level", "Choose one of the answers"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, exercise, coordinator, change, field, words):
    before = body_of(exercise)
    values = filled(client.get(at(exercise, "change")).text) | change
    answer = client.send(at(exercise, "change"), values)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'id="{field}-error"' in answer.text
    assert body_of(exercise) == before


def test_each_kind_of_round_has_its_own_fields(client, exercise, coordinator):
    text = client.get(
        at(
            exercise,
            "rounds",
            3,
        )
        + "?kind=other"
    ).text
    for kind in ("rating", "ranking", "choose", "best_worst"):
        assert f"kind={kind}" in text
    fields = {
        "rating": {"scale", "feedback", "arm", "reasons"},
        "ranking": {"at_most"},
        "choose": {"choose", "ranked"},
        "best_worst": {"size", "at_least"},
    }
    for kind, own in fields.items():
        text = client.get(at(exercise, "rounds", 3) + f"?kind={kind}").text
        for field in set().union(*fields.values()):
            assert (f'name="{field}"' in text) is (field in own), (kind, field)
        values = filled(text) | {"suggestions": ""}
        assert client.send(at(exercise, "rounds", 3), values).status_code in {303, 422}
    values = filled(client.get(at(exercise, "rounds", 3) + "?kind=best_worst").text) | {"size": "4", "at_least": "2"}
    assert client.send(at(exercise, "rounds", 3), values).status_code == 303
    third = body_of(exercise)["rounds"][2]
    assert (third["kind"], third["size"], third["at_least"]) == ("best_worst", 4, 2)
    assert rounds.plan(exercise)[2].design == third


def test_a_round_is_added_and_taken_out(client, exercise, coordinator):
    assert client.get(at(exercise, "rounds", 5)).status_code == 404
    assert "What does this round ask?" in client.get(at(exercise, "rounds", 4)).text
    values = filled(client.get(at(exercise, "rounds", 4) + "?kind=choose").text)
    assert client.send(at(exercise, "rounds", 4), values).status_code == 303
    assert len(body_of(exercise)["rounds"]) == len(rounds.plan(exercise)) == 4
    assert "Do not hold this round?" in client.get(at(exercise, "rounds", 4, "remove")).text
    assert client.send(at(exercise, "rounds", 4, "remove")).status_code == 303
    assert len(body_of(exercise)["rounds"]) == len(rounds.plan(exercise)) == 3
    broken = client.send(at(exercise, "rounds", 1, "remove"))
    assert broken.status_code == 422
    assert "Round 1: There is nothing to show yet" in broken.text


def test_after_the_first_round_opened_a_change_is_a_deviation_with_a_reason(client, exercise, coordinator):
    open_first(exercise)
    page = client.get(at(exercise, "change")).text
    assert "side1_name" not in page
    values = filled(page) | {"shortlist": "12"}
    answer = client.send(at(exercise, "change"), values)
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.text
    values |= {"reason": "The steering group wants <b>twelve</b>."}
    assert client.send(at(exercise, "change"), values).status_code == 303
    rows = db.session.query(Protocol).filter_by(exercise_id=exercise.id).order_by(Protocol.n).all()
    assert [row.body["shortlist"] for row in rows] == [10, 12]
    text = client.get(at(exercise)).text
    assert "Deviation 1" in text
    assert "wants &lt;b&gt;twelve&lt;/b&gt;." in text
    assert rows[1].digest[:32] in text
    assert rows[0].digest[:32] in text


def test_a_round_that_has_opened_shows_that_it_stays(client, exercise, coordinator):
    open_first(exercise)
    assert "stays as it is" in client.get(at(exercise, "rounds", 1)).text
    values = {"kind": "rating", "scale": "five", "order": "list", "access": "panel", "count": "all", "arm": "none"}
    assert client.send(at(exercise, "rounds", 1), values | {"reason": "x"}).status_code == 409
    values = filled(client.get(at(exercise, "rounds", 2)).text) | {"order": "list", "reason": "Read aloud"}
    assert client.send(at(exercise, "rounds", 2), values).status_code == 303
    assert rounds.plan(exercise)[1].design["order"] == "list"


def test_nobody_else_changes_rules(client, sign_in, exercise):
    for path in (at(exercise, "change"), at(exercise, "rounds", 1), at(exercise, "rounds", 1, "remove")):
        assert client.get(path).status_code == 303
    sign_in(client, a_person(exercise.organisation, RoleName.MODERATOR, exercise=exercise))
    for path in (at(exercise, "change"), at(exercise, "rounds", 1), at(exercise, "rounds", 1, "remove")):
        assert client.get(path).status_code == 404
        assert client.send(path).status_code == 404
