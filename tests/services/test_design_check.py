"""Will this design work: each figure of the page follows from a seed, and says what the rules do with these people."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from aggregation.delphi import Assumptions, panel_design
from priority.adapters.similarity import closest_pairs
from priority.errors import Invalid
from priority.services import design_check, merging, protocols
from priority.services.closing import rule_of
from priority.words import Template
from tests.factories import a_panelist, a_proposal, a_question, an_exercise

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def exercise():
    return an_exercise()


def with_rules(exercise, **changes):
    body = protocols.body_for(Template.JLA_STYLE)
    sides = [
        {
            "key": side.key,
            "name": side.name,
            "share": side.share,
            "groups": [{"key": group.key, "name": group.name, "member": "x"} for group in side.groups],
        }
        for side in exercise.sides
    ]
    protocols.set_body(exercise, body | {"sides": sides} | changes)
    return exercise


PLAN = design_check.Plan(people={"patients": 8, "carers": 4, "nurses": 7, "doctors": 4}, questions=30)


def test_every_figure_is_that_of_the_simulation_with_the_seed_of_the_exercise(exercise):
    found = design_check.check(with_rules(exercise), PLAN)
    names = {"People living with it": {"Patients": 8, "Carers": 4}, "Professionals": {"Nurses": 7, "Doctors": 4}}
    again = panel_design(
        names,
        30,
        rule=rule_of(protocols.current(exercise).body),
        rounds=2,
        shares=dict.fromkeys(names, Fraction(1, 2)),
        assumptions=Assumptions(),
        draws=400,
        seed=design_check.seed_of(exercise),
    )
    assert found == again
    assert found.seed == design_check.seed_of(exercise)
    assert found.draws == 400
    assert found.minutes == (10.0, 6.0)
    assert design_check.seed_of(an_exercise()) != found.seed


def test_another_rule_and_other_people_change_what_is_found(exercise):
    strict = design_check.check(with_rules(exercise), PLAN)
    pooled = {"rule": "share", "high": 70, "low": 15, "scope": "pooled"}
    mild = design_check.check(with_rules(exercise, consensus=pooled), PLAN)
    assert mild.passing[2].chance > strict.passing[2].chance
    assert [part.name for part in mild.rule] == [""]
    many = design_check.check(exercise, replace(PLAN, people=dict.fromkeys(PLAN.people, 40)))
    assert all(group.visible and group.chance > 0.99 for side in many.sides for group in side.groups)
    few = design_check.check(exercise, replace(PLAN, people=dict.fromkeys(PLAN.people, 4)))
    assert not any(group.visible for side in few.sides for group in side.groups)


def test_a_smallest_cell_that_was_raised_hides_more(exercise):
    shown = design_check.check(with_rules(exercise, minimum_cell=8), replace(PLAN, response=100, cannot_judge=0))
    assert shown.assumptions.k == 8
    assert [group.visible for side in shown.sides for group in side.groups] == [False] * 4


def test_the_plan_starts_from_who_is_invited(exercise):
    assert design_check.plan_of(exercise).people == dict.fromkeys(PLAN.people, 8)
    for key in ("patients", "patients", "nurses"):
        a_panelist(exercise, key)
    a_panelist(exercise, "doctors", observer=True)
    for number in range(1, 5):
        a_question(exercise, number)
    plan = design_check.plan_of(exercise)
    assert (plan.people, plan.questions) == ({"patients": 2, "carers": 0, "nurses": 1, "doctors": 0}, 4)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"people": {"patients": 0, "carers": 0, "nurses": 5, "doctors": 5}}, "people-patients"),
        ({"questions": 1}, "questions"),
        ({"questions": 501}, "questions"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(exercise, changes, field):
    with pytest.raises(Invalid) as refused:
        design_check.check(with_rules(exercise), replace(PLAN, **changes))
    assert refused.value.field == field


def test_a_group_without_anybody_is_left_out(exercise):
    plan = replace(PLAN, people=PLAN.people | {"carers": 0})
    found = design_check.check(with_rules(exercise), plan)
    assert [group.name for group in found.sides[0].groups] == ["Patients"]


# -- twins -------------------------------------------------------------------------------------------------------------
def test_the_closest_wordings_are_named_first(exercise):
    texts = (
        "Does pacing the day help with tiredness?",
        "Which medicines work against dizziness?",
        "Does pacing your day help against tiredness?",
        "How can school go well for a child who is ill?",
    )
    for number, text in enumerate(texts, start=1):
        a_question(exercise, number, text=text)
    first = design_check.twins(exercise)[0]
    assert (first.first[0], first.second[0]) == (1, 3)
    assert len(design_check.twins(exercise)) <= design_check.PAIRS


def test_questions_under_which_the_same_words_stand_come_before_the_closest_wordings(exercise):
    texts = ("Who holds treatment together?", "Does sleep help at night?", "How can medicines be reduced?")
    questions = [a_question(exercise, number, text=text) for number, text in enumerate(texts, start=1)]
    part = a_proposal(exercise).parts[0]
    for question in (questions[0], questions[2]):
        merging.merge([part], question, exercise=exercise, actor=None)
    first = design_check.twins(exercise)[0]
    assert (first.first[0], first.second[0], first.shared) == (1, 3, 1)


def test_likeness_is_one_for_the_same_words_and_nothing_for_nothing():
    pairs = closest_pairs(["Sömn och trötthet", "SÖMN, och  trötthet!", "xyz", "", "???"], 10)
    assert [(one.first, one.second) for one in pairs] == [(0, 1)]
    assert pairs[0].likeness == pytest.approx(1)
    assert closest_pairs([], 5) == closest_pairs(["one"], 5) == closest_pairs(["", ""], 5) == []
    assert closest_pairs(["a b", "a b"], 0) == []


def test_likeness_does_not_depend_on_the_order_of_the_texts():
    texts = ["Does sleep help?", "Does good sleep help?", "What about work?", "Does work help?"]
    there = {frozenset((texts[one.first], texts[one.second])): one.likeness for one in closest_pairs(texts, 9)}
    back = texts[::-1]
    here = {frozenset((back[one.first], back[one.second])): one.likeness for one in closest_pairs(back, 9)}
    assert there.keys() == here.keys()
    assert all(there[pair] == pytest.approx(here[pair]) for pair in there)
