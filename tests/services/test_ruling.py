"""Changing the rules: free until the first round opens, then only with a reason, and never into a contradiction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from priority import clock
from priority.errors import Invalid, Stale
from priority.extensions import db
from priority.models import Audit, Panelist, StakeholderGroup
from priority.services import consent, designs, drafting, protocols, redrafting, rounds, ruling
from priority.services.drafting import RuleDraft, SideDraft
from priority.services.redrafting import Numbers
from priority.words import ExerciseState, Purpose, RoundKind, RoundState, SessionKind, Template
from tests.factories import a_panelist, a_question, an_organisation

pytestmark = pytest.mark.usefixtures("app")
RATING, RANKING = {"kind": "rating"}, {"kind": "ranking", "at_most": 30, "top": 10}
AGAIN = {"kind": "rating", "feedback": True}


def typed(body, **changes):
    """The rules as somebody would type them again, with changes."""
    sides = [
        SideDraft(f"side{n}", one["name"], one["share"], drafting.typed_groups(one["groups"]))
        for n, one in enumerate(body["sides"], start=1)
    ]
    rule = body["consensus"]
    numbers = {name: body[name] for name in Numbers.__annotations__ if name in body} | body["stopping"]
    given = {
        "sides": sides,
        "observers": drafting.typed_groups(body["observers"]),
        "consensus": RuleDraft(rule["rule"], rule.get("high", 70), rule.get("low", 15), rule["scope"]),
        "primary": body["primary"]["method"],
        "level": body["publication_level"],
    }
    named = {name: changes.pop(name) for name in list(changes) if name in given}
    return redrafting.redrafted(body, **(given | named), numbers=Numbers(**(numbers | changes)))


def with_sides(body, **groups):
    """The rules with other lines of groups, by the number of the side."""
    return typed(
        body,
        sides=[
            SideDraft(f"side{n}", one["name"], one["share"], groups.get(f"s{n}", drafting.typed_groups(one["groups"])))
            for n, one in enumerate(body["sides"], start=1)
        ],
    )


@pytest.fixture
def exercise():
    """An exercise as it is made from a template: its rows and its rules name the same groups."""
    from priority.services import exercises

    contacts = {"contact_name": "K", "contact_phone": "1", "contact_hours": "h", "contact_email": "k@example.org"}
    one = exercises.create(
        an_organisation(),
        template=Template.JLA_STYLE,
        title="A title",
        introduction="Words",
        locale="en",
        time_zone="Europe/Stockholm",
        readers="Maria",
        safeguarding_contact="Eva",
        actor=None,
        **contacts,
    )
    one.state = ExerciseState.ANSWERING
    for number in (1, 2, 3):
        a_question(one, number)
    rounds.plan(one)
    return one


def change(exercise, body, *, reason="", at_round=None):
    return ruling.change_rules(exercise, body, reason=reason, actor=None, at_round=at_round)


def body_of(exercise):
    return protocols.current(exercise).body


def opened(exercise):
    for key in ("patients", "clinicians"):
        if not any(one.group.key == key for one in db.session.query(Panelist).filter_by(exercise_id=exercise.id)):
            a_panelist(exercise, key)
    round_ = rounds.plan(exercise)[0]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    return round_


# -- before and after freezing -----------------------------------------------------------------------------------------
def test_typing_the_rules_again_changes_nothing(exercise):
    assert typed(body_of(exercise)) == body_of(exercise)


def test_before_the_first_round_opens_every_rule_can_change_and_the_rounds_follow(exercise):
    body = typed(body_of(exercise), valid_share=80, settled_share=90, minimum_cell=6, shortlist=12)
    change(exercise, ruling.with_round(body, 3, {"kind": "choose", "choose": 5, "ranked": True}))
    assert protocols.current(exercise).n == 1
    assert body_of(exercise)["stopping"]["settled_share"] == 90
    assert [one.kind for one in rounds.plan(exercise)] == [RoundKind.RATING, RoundKind.RATING, RoundKind.CHOOSE]
    design = rounds.plan(exercise)[2].design
    assert (design["choose"], design["ranked"], design["access"]) == (5, True, "panel")
    change(exercise, ruling.without_round(body_of(exercise), 2))
    assert [one.kind for one in rounds.plan(exercise)] == [RoundKind.RATING, RoundKind.CHOOSE]
    assert [line.action for line in db.session.query(Audit)][-2:] == ["rules_changed", "rules_changed"]


def test_afterwards_a_change_is_a_deviation_with_its_reason_and_another_digest(exercise):
    opened(exercise)
    first = protocols.current(exercise)
    other = typed(first.body, shortlist=12)
    with pytest.raises(Invalid, match="say why"):
        change(exercise, other)
    row = change(exercise, other, reason=" Two more were asked for. ")
    assert (row.n, row.reason) == (2, "Two more were asked for.")
    assert row.digest not in {None, first.digest}
    assert protocols.first(exercise).body["shortlist"] == 10
    assert [one.n for one in protocols.versions(exercise)] == [1, 2]


def test_a_deviation_needs_a_difference(exercise):
    opened(exercise)
    with pytest.raises(Invalid, match="Nothing here differs"):
        change(exercise, body_of(exercise), reason="Because")


def test_frozen_rules_keep_their_sides_and_what_opened_keeps_its_design(exercise):
    opened(exercise)
    with pytest.raises(Invalid) as refused:
        change(exercise, with_sides(body_of(exercise), s1="Patients"), reason="Fewer groups")
    assert refused.value.field == "sides"
    with pytest.raises(Stale, match="Round 1 has opened"):
        change(exercise, ruling.with_round(body_of(exercise), 1, RATING | {"scale": "five"}), reason="Easier")
    with pytest.raises(Stale, match="Round 1 has opened"):
        change(exercise, ruling.without_round(body_of(exercise), 1), reason="Too long")


def test_a_later_round_can_change_after_the_first_opened_and_the_database_lets_it(exercise):
    opened(exercise)
    change(exercise, ruling.with_round(body_of(exercise), 2, AGAIN | {"arm": "random"}), reason="A study within")
    assert rounds.plan(exercise)[1].design["arm"] == "random"
    assert rounds.plan(exercise)[0].state is RoundState.OPEN


def test_nothing_changes_once_the_list_is_out(exercise):
    exercise.state = ExerciseState.PUBLISHED
    with pytest.raises(Stale, match="list is out"):
        change(exercise, typed(body_of(exercise), shortlist=5))


def test_the_database_itself_refuses_a_frozen_row(exercise):
    opened(exercise)
    with pytest.raises(Exception, match="frozen protocol is never changed"):
        db.session.execute(text("UPDATE protocol SET body = '{}' WHERE n = 1"))


# -- contradictions ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minimum_cell": 4}, "minimum_cell"),
        ({"minimum_cell": 51}, "minimum_cell"),
        ({"valid_share": 0}, "valid_share"),
        ({"valid_share": 101}, "valid_share"),
        ({"shortlist": 31}, "shortlist"),
        ({"shortlist": 0}, "shortlist"),
        ({"stability_margin": 0}, "stability_margin"),
        ({"settled_share": 101}, "settled_share"),
        ({"rounds_at_most": 1}, "rounds_at_most"),
        ({"aim": "proportional"}, "aim"),
        ({"consensus": RuleDraft("share", 50, 15)}, "high"),
        ({"consensus": RuleDraft("share", 70, 70)}, "low"),
        ({"consensus": RuleDraft("share", 70, 15, "nobody")}, "scope"),
        ({"consensus": RuleDraft("share", 70, 15, "k_of_groups", 0)}, "needed"),
        ({"consensus": RuleDraft("share", 70, 15, "k_of_groups", 5)}, "needed"),
        ({"primary": "dice"}, "primary"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field(exercise, changes, field):
    before = body_of(exercise)
    with pytest.raises(Invalid) as refused:
        change(exercise, typed(before, **changes))
    assert refused.value.field == field
    assert str(refused.value).endswith(".")
    assert body_of(exercise) == before


@pytest.mark.parametrize(
    ("n", "design", "field"),
    [
        (1, AGAIN, "feedback"),
        (2, AGAIN | {"scale": "five"}, "scale"),
        (2, RATING | {"arm": "random"}, "arm"),
        (2, RATING | {"reasons": True}, "reasons"),
        (2, AGAIN | {"reasons": True, "access": "open"}, "reasons"),
        (3, RANKING | {"suggestions": True}, "suggestions"),
        (3, RANKING | {"at_most": 1}, "at_most"),
        (3, {"kind": "choose", "choose": 0}, "choose"),
        (3, {"kind": "best_worst", "size": 2, "at_least": 3}, "size"),
        (3, {"kind": "best_worst", "size": 4, "at_least": 0}, "at_least"),
    ],
)
def test_a_round_that_cannot_be_is_refused_at_its_field(exercise, n, design, field):
    with pytest.raises(Invalid) as refused:
        change(exercise, ruling.with_round(body_of(exercise), n, design), at_round=n)
    assert refused.value.field == field


def test_what_a_change_breaks_in_another_round_is_said_with_its_number(exercise):
    with pytest.raises(Invalid, match=r"^Round 2: The ratings before this one use another scale") as refused:
        change(exercise, ruling.with_round(body_of(exercise), 1, RATING | {"scale": "five"}), at_round=1)
    assert refused.value.field is None
    with pytest.raises(Invalid, match=r"^Round 1: There is nothing to show yet"):
        change(exercise, ruling.without_round(body_of(exercise), 1))


def test_rand_ucla_goes_with_one_to_nine_only(exercise):
    median = RuleDraft("rand_ucla", 70, 15)
    change(exercise, typed(body_of(exercise), consensus=median))
    change(exercise, typed(body_of(exercise), consensus=RuleDraft("share", 70, 15)))
    five = [RATING | {"scale": "five"}, AGAIN | {"scale": "five"}, RANKING]
    change(exercise, body_of(exercise) | {"rounds": five})
    with pytest.raises(Invalid) as refused:
        change(exercise, typed(body_of(exercise), consensus=median))
    assert refused.value.field == "rule"


def test_an_exercise_has_one_to_nine_rounds(exercise):
    for many in ([], [RATING] * 10):
        with pytest.raises(Invalid, match="1 to 9 rounds"):
            change(exercise, body_of(exercise) | {"rounds": many})


def test_a_design_keeps_what_its_kind_has_and_nothing_else():
    typed_in = {"scale": "five", "choose": 3, "size": 9, "feedback": True, "arm": "random", "access": "open"}
    assert designs.designed(RoundKind.CHOOSE, typed_in) == {
        "kind": "choose",
        "access": "open",
        "count": "all",
        "order": "random",
        "suggestions": False,
        "choose": 3,
        "ranked": False,
    }
    with pytest.raises(Invalid) as refused:
        designs.designed(RoundKind.RATING, typed_in | {"scale": "ten"})
    assert refused.value.field == "scale"


def test_a_round_of_which_the_rules_say_only_the_kind_opens_as_that_kind_starts(exercise):
    change(exercise, body_of(exercise) | {"rounds": [{"kind": "best_worst"}]})
    round_ = opened(exercise)
    assert round_.design["sets"] == [["Q1.1", "Q2.1", "Q3.1"]]
    assert (round_.design["size"], round_.design["at_least"]) == (5, 3)


# -- sides and groups --------------------------------------------------------------------------------------------------
def test_a_group_that_is_renamed_where_it_stands_keeps_its_people(exercise):
    somebody = a_panelist(exercise, "patients")
    change(exercise, with_sides(body_of(exercise), s1="People who are ill; One who is ill\nCarers; A carer\nParents"))
    assert (somebody.group.name, somebody.group.key) == ("People who are ill", "patients")
    assert [one.key for one in exercise.sides[0].groups] == ["patients", "carers", "parents"]
    assert body_of(exercise)["sides"][0]["groups"][0]["key"] == "patients"


def test_a_group_with_people_cannot_be_dropped_or_stop_answering(exercise):
    a_panelist(exercise, "carers")
    with pytest.raises(Invalid, match="There are people in “Carers”") as refused:
        change(exercise, with_sides(body_of(exercise), s1="Patients"))
    assert refused.value.field == "side1_groups"
    body = body_of(exercise)
    with pytest.raises(Invalid, match="Carers"):
        change(exercise, typed(body, sides=_sides(body, s1="Patients"), observers="Researchers\nCarers"))


def _sides(body, **groups):
    return [
        SideDraft(f"side{n}", one["name"], one["share"], groups.get(f"s{n}", drafting.typed_groups(one["groups"])))
        for n, one in enumerate(body["sides"], start=1)
    ]


def test_an_empty_group_can_go_and_another_come_and_one_change_sides(exercise):
    somebody = a_panelist(exercise, "patients")
    change(exercise, with_sides(body_of(exercise), s1="Patients", s2="Nurses, doctors, physiotherapists\nCarers"))
    assert {one.key: one.side.key for one in exercise.groups if one.side} == {
        "patients": "lived",
        "clinicians": "professionals",
        "carers": "professionals",
    }
    assert somebody.group.side.key == "lived"
    assert db.session.query(StakeholderGroup).filter_by(key="social_workers").count() == 0


def test_a_third_side_comes_and_goes_and_shares_change(exercise):
    body = body_of(exercise)
    change(exercise, typed(body, sides=[*_sides(body), SideDraft("side3", "Schools", 2, "Teachers")]))
    assert [(one.key, one.share) for one in exercise.sides] == [("lived", 1), ("professionals", 1), ("schools", 2)]
    body = body_of(exercise)
    change(exercise, typed(body, sides=_sides(body)[:2]))
    assert [one.key for one in exercise.sides] == ["lived", "professionals"]


# -- what people agreed to ---------------------------------------------------------------------------------------------
def agreed_text(exercise):
    return consent.text_for(exercise, SessionKind.PANELIST, Purpose.TAKE_PART, "en")


def test_what_is_published_stands_in_what_people_agree_to(exercise):
    assert drafting.published_in_words("L1") in agreed_text(exercise).text
    change(exercise, typed(body_of(exercise), level="L3"))
    text_now = agreed_text(exercise)
    assert drafting.published_in_words("L3") in text_now.text
    assert drafting.published_in_words("L1") not in text_now.text
    assert text_now.version == 2
    assert "You may pause" in text_now.text


def test_never_more_is_published_than_somebody_agreed_to(exercise):
    change(exercise, typed(body_of(exercise), level="L2"))
    consent.give(a_panelist(exercise, "patients"), {Purpose.TAKE_PART})
    with pytest.raises(Invalid) as refused:
        change(exercise, typed(body_of(exercise), level="L3"))
    assert refused.value.field == "level"
    change(exercise, typed(body_of(exercise), level="L1"))
    opened(exercise)
    with pytest.raises(Invalid, match="only become less"):
        change(exercise, typed(body_of(exercise), level="L2"), reason="More")
    change(exercise, typed(body_of(exercise), minimum_cell=8), reason="Small groups")
    with pytest.raises(Invalid, match="fewer than 8"):
        change(exercise, typed(body_of(exercise), minimum_cell=5), reason="Bigger groups")


def test_a_round_that_asks_something_else_loses_its_date(exercise):
    third = rounds.plan(exercise)[2]
    third.opens_at, third.closes_at = clock.now() + timedelta(days=1), clock.now() + timedelta(days=2)
    change(exercise, typed(body_of(exercise), valid_share=60))
    assert third.opens_at is not None
    change(exercise, ruling.with_round(body_of(exercise), 3, {"kind": "choose", "choose": 5, "ranked": False}))
    assert third.opens_at is third.closes_at is None
