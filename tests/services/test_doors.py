"""An open round with and without unverified ballots, and without a bloc of like ones; nobody can be worked out."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from priority import clock
from priority.extensions import db
from priority.models import Round, RoundResult
from priority.queries.doors import doors_of
from priority.queries.rounds import result_of, runs_of
from priority.services import open_rounds, protocols, recomputing, rounds, voting
from priority.services.ballot_types.scales import CHNRI
from priority.words import ExerciseState, ResultKind, RoundKind, Template
from tests.factories import a_panelist, a_question, add, an_exercise

QUESTIONS = 12
SIDES = ("patients", "nurses")


def a_round(app, kind=RoundKind.RATING, **design):
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    protocols.set_body(exercise, protocols.body_for(Template.JLA_STYLE) | {"shortlist": 4})
    for number in range(1, QUESTIONS + 1):
        a_question(exercise, number)
    round_ = add(Round(exercise=exercise, n=1, kind=kind, design={"access": "open", **design}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    return round_


def come(round_, answers, *, group, by_slip):
    """Somebody answers, with a slip or without."""
    code = open_rounds.make_slips(round_, 1, actor=None)[0] if by_slip else None
    guest = open_rounds.begin(round_, group, code=code)
    save = voting.save_page if round_.kind in {RoundKind.RATING, RoundKind.BEST_WORST} else voting.save_whole
    save(round_, guest, answers, base=None)


def crowd(round_, count, likes, *, by_slip, seed=1, groups=SIDES):
    """People of each group who like some questions and not the others, each with tastes of their own."""
    rng = random.Random(f"{seed}{by_slip}")
    for number in range(count):
        answers = {
            key: rng.choice((7, 8, 9)) if key in likes else rng.choice((1, 2, 3, 4, 5)) for key in keys_of(round_)
        }
        come(round_, as_kind(round_, answers), group=groups[number % len(groups)], by_slip=by_slip)


def as_kind(round_, felt):
    """What somebody feels, as a ballot of the round's kind."""
    best = sorted(felt, key=lambda key: (-felt[key], key))
    if round_.kind is RoundKind.RATING:
        return felt
    if round_.kind is RoundKind.CHOOSE:
        return {"chosen": best[:4], "order": {}}
    if round_.kind is RoundKind.RANKING:
        piles = {key: 1 if value >= 7 else 3 for key, value in felt.items()}
        first = [key for key in best if piles[key] == 1]
        return {"piles": piles, "order": {key: place for place, key in enumerate(first, start=1)}}
    sets = enumerate(round_.design["sets"], start=1)
    ranked = [(n, sorted(one, key=best.index)) for n, one in sets]
    return {field: key for n, one in ranked for field, key in ((f"{n}.best", one[0]), (f"{n}.worst", one[-1]))}


def keys_of(round_):
    return [f"Q{number}.1" for number in range(1, QUESTIONS + 1)]


def close(round_):
    rounds.close_round(round_, actor=None, reason="Enough.")
    return result_of(round_, ResultKind.DOORS)


def decisions(result):
    return {row["key"]: row["decision"] for row in result["questions"]}


EARLY, LATE = ("Q1.1", "Q2.1", "Q3.1", "Q4.1"), ("Q9.1", "Q10.1", "Q11.1", "Q12.1")
KINDS = [
    (RoundKind.RATING, {}),
    (RoundKind.RATING, {"scale": "five"}),
    (RoundKind.RANKING, {}),
    (RoundKind.CHOOSE, {"choose": 4, "ranked": False}),
    (RoundKind.BEST_WORST, {"size": 4, "at_least": 3}),
]


@pytest.mark.parametrize("kind", [RoundKind.RATING, RoundKind.RANKING, RoundKind.CHOOSE, RoundKind.BEST_WORST])
def test_the_result_is_told_with_and_without_unverified_answers(app, kind):
    """Twenty with slips like the first four, forty over the link the last four: the list turns over."""
    round_ = a_round(app, kind, choose=4, size=4, at_least=3)
    crowd(round_, 20, EARLY, by_slip=True)
    crowd(round_, 40, LATE, by_slip=False)
    body = close(round_)
    assert body["people"] == {"all": 60, "verified": 20, "unverified": 40}
    assert body["slips"] == 20
    with_slips = decisions(body["results"]["verified"])
    assert {key for key in with_slips if with_slips[key] == "in"} == set(EARLY)
    assert len(set(body["changes"]["verified"]) & set(EARLY)) >= 3
    assert decisions(body["results"]["all"]) != with_slips
    if kind is not RoundKind.RATING:
        run = next(run for run in runs_of(round_.exercise) if run.is_primary)
        assert run.result["shortlist"] == body["results"]["all"]["listed"]


@pytest.mark.parametrize(("count", "winners"), [("all", LATE), ("verified", EARLY)])
def test_which_answers_make_the_result_is_what_was_declared(app, count, winners):
    round_ = a_round(app, RoundKind.CHOOSE, choose=4, count=count)
    crowd(round_, 20, EARLY, by_slip=True)
    crowd(round_, 40, LATE, by_slip=False)
    close(round_)
    run = next(run for run in runs_of(round_.exercise) if run.is_primary)
    assert set(run.result["shortlist"]) == set(winners)
    assert all(again.same for again in recomputing.recompute(round_.exercise))
    doors = doors_of(round_)
    assert doors.count == count
    assert {one.key for one in doors.other_way.differences} == {*EARLY, *LATE}
    assert {one.text for one in doors.other_way.differences} >= {"What helps with number 1?"}


@pytest.mark.parametrize("by_link", [1, 4])
def test_a_few_without_a_slip_are_never_told_apart(app, by_link):
    """With both results the answers of one to four people would follow."""
    round_ = a_round(app)
    crowd(round_, 20, EARLY, by_slip=True)
    crowd(round_, by_link, LATE, by_slip=False)
    body = close(round_)
    assert body["results"]["verified"] is None
    assert body["hidden"]["verified"] == "few"
    assert body["sides"] == {}
    assert doors_of(round_).other_way.hidden == "few"


def test_few_with_a_slip_are_no_result(app):
    round_ = a_round(app)
    crowd(round_, 4, EARLY, by_slip=True)
    crowd(round_, 20, LATE, by_slip=False)
    assert close(round_)["hidden"]["verified"] == "few"


def test_where_all_came_with_slips_there_is_one_result(app):
    round_ = a_round(app)
    crowd(round_, 20, EARLY, by_slip=True)
    body = close(round_)
    assert body["results"]["verified"] is None
    assert doors_of(round_).other_way.hidden == "same"


def test_a_side_that_came_by_the_link_alone_is_not_spoken_for(app):
    round_ = a_round(app)
    crowd(round_, 20, EARLY, by_slip=True, groups=("patients",))
    crowd(round_, 20, EARLY, by_slip=False, groups=("nurses",))
    body = close(round_)
    assert body["hidden"]["verified"] == "silent"
    assert decisions(body["results"]["all"])["Q1.1"] == "in"


def test_a_share_is_not_told_where_it_would_tell_of_a_few(app):
    """Ten came by the link, and of these only three answered question 12."""
    round_ = a_round(app)
    crowd(round_, 20, EARLY, by_slip=True)
    rng = random.Random(5)
    for number in range(20):
        answers = {key: rng.randint(1, 9) for key in keys_of(round_)}
        if number >= 3:
            del answers["Q12.1"]
        come(round_, answers, group=SIDES[number % 2], by_slip=False)
    body = close(round_)
    result = body["results"]["verified"]
    support = {row["key"]: row["support"] for row in result["questions"]}
    assert support["Q12.1"] is None
    assert support["Q11.1"] is not None
    told = decisions(result)
    assert told["Q12.1"] is None  # that it turns would tell of the three, too
    assert told["Q11.1"] is not None
    assert "Q12.1" not in body["changes"]["verified"]
    assert doors_of(round_).other_way.untold == 1


@pytest.mark.parametrize("by_link", [1, 4])
def test_a_few_without_a_slip_do_not_follow_from_the_result_by_slips(app, by_link):
    """The result by slips is published in full; with one of all beside it, the difference would be those few."""
    round_ = a_round(app, count="verified")
    crowd(round_, 20, EARLY, by_slip=True)
    crowd(round_, by_link, LATE, by_slip=False)
    body = close(round_)
    assert body["results"]["verified"]["people"] == 20
    assert (body["results"]["all"], body["hidden"]["all"]) == (None, "few")
    assert doors_of(round_).other_way.hidden == "few"


def test_one_of_a_side_who_came_by_the_link_does_not_follow_from_its_verdicts(app):
    """Ten came by the link, nine of them nurses: where a verdict turns, it may be by the one patient's answer."""
    round_ = a_round(app)
    crowd(round_, 30, EARLY, by_slip=True)
    crowd(round_, 9, EARLY, by_slip=False, groups=("nurses",))
    crowd(round_, 1, LATE, by_slip=False, groups=("patients",))
    body = close(round_)
    assert (body["results"]["verified"], body["hidden"]["verified"]) == (None, "few")


def test_the_results_without_slips_and_without_a_bloc_do_not_differ_by_a_few(app):
    """All of the link's twelve but one are a bloc: with and without tell of eleven, but of one beside each other."""
    round_ = a_round(app)
    rng = random.Random(8)
    for number in range(40):
        come(round_, {key: rng.randint(1, 9) for key in keys_of(round_)}, group=SIDES[number % 2], by_slip=True)
    for _number in range(12):
        come(round_, {key: 9 if key in LATE else 2 for key in keys_of(round_)}, group="patients", by_slip=False)
    come(round_, {key: rng.randint(1, 9) for key in keys_of(round_)}, group="patients", by_slip=False)
    body = close(round_)
    assert body["bloc"]["named"]
    assert body["results"]["verified"]["people"] == 40
    assert (body["results"]["without_bloc"], body["hidden"]["without_bloc"]) == (None, "few")


def test_nobody_answered(app):
    round_ = a_round(app)
    open_rounds.make_slips(round_, 8, actor=None)
    body = close(round_)
    assert body["people"]["all"] == 0
    assert body["bloc"] is None
    assert set(body["results"].values()) == {None}
    assert doors_of(round_).bloc is None


def test_a_round_by_criteria_is_told_too(app):
    round_ = a_round(app, scale="chnri")
    rng = random.Random(3)
    fields = [f"{key}/{name}" for key in keys_of(round_) for name, _words in CHNRI.criteria]
    for number in range(30):
        answers = {field: rng.choice((0, 0.5, 1)) for field in fields}
        come(round_, answers, group=SIDES[number % 2], by_slip=number < 20)
    body = close(round_)
    assert set(decisions(body["results"]["verified"]).values()) == {"none"}
    assert body["results"]["verified"]["questions"][0]["support"] is not None


def test_only_open_rounds_have_doors(app):
    exercise = an_exercise(state=ExerciseState.ANSWERING)
    a_question(exercise, 1)
    a_panelist(exercise)
    round_ = add(Round(exercise=exercise, n=1, kind=RoundKind.RATING, design={}))
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=7), actor=None)
    assert close(round_) is None
    assert doors_of(round_) is None


# -- the bloc --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [RoundKind.RATING, RoundKind.RANKING, RoundKind.CHOOSE, RoundKind.BEST_WORST])
def test_a_pile_of_slips_in_one_hand_is_found_and_the_result_told_without_it(app, kind):
    """Sixty people with tastes of their own, and twenty slips with the same answers but for one or two."""
    round_ = a_round(app, kind, choose=4, size=4, at_least=3)
    rng = random.Random(8)
    for number in range(60):
        felt = {key: rng.randint(1, 9) for key in keys_of(round_)}
        come(round_, as_kind(round_, felt), group=SIDES[number % 2], by_slip=True)
    for number in range(20):
        felt = {key: 9 if key in LATE else 2 for key in keys_of(round_)}
        if kind is RoundKind.RATING and number % 3 == 0:
            felt[f"Q{1 + number % 8}.1"] = 1
        come(round_, as_kind(round_, felt), group="patients", by_slip=number < 14)
    body = close(round_)
    bloc = body["bloc"]
    assert bloc["named"]
    assert 20 <= bloc["size"] <= 22
    assert bloc["chance"]["most"] < 12
    assert body["results"]["without_bloc"]["people"] == 80 - bloc["size"]
    doors = doors_of(round_)
    assert doors.without_bloc.people == 80 - bloc["size"]
    assert doors.bloc.named


def test_people_with_tastes_of_their_own_are_no_bloc(app):
    round_ = a_round(app)
    rng = random.Random(4)
    for number in range(60):
        come(round_, {key: rng.randint(1, 9) for key in keys_of(round_)}, group=SIDES[number % 2], by_slip=True)
    body = close(round_)
    assert not body["bloc"]["named"]
    assert body["hidden"]["without_bloc"] == "same"
    assert body["bloc"]["size"] is None


def test_hardly_answered_sheets_are_no_bloc(app):
    """Thirty people answered one question of twelve: their sheets are alike, and mean nothing by it."""
    round_ = a_round(app)
    crowd(round_, 20, EARLY, by_slip=True)
    for number in range(30):
        come(round_, {"Q1.1": 9}, group=SIDES[number % 2], by_slip=False)
    body = close(round_)
    assert body["bloc"]["people"] == 20
    assert not body["bloc"]["named"]


def test_a_bloc_of_a_few_is_not_told(app):
    round_ = a_round(app)
    rng = random.Random(4)
    for number in range(40):
        same = number < 4
        answers = {key: 5 if same else rng.randint(1, 9) for key in keys_of(round_)}
        come(round_, answers, group=SIDES[number % 2], by_slip=True)
    bloc = close(round_)["bloc"]
    assert (bloc["named"], bloc["size"], bloc["verified"], bloc["identical"]) == (False, None, None, None)


def test_the_same_answers_give_the_same_snapshot(app):
    digests = set()
    for _time in range(2):
        round_ = a_round(app, RoundKind.CHOOSE, choose=4)
        crowd(round_, 20, EARLY, by_slip=True)
        crowd(round_, 20, LATE, by_slip=False)
        body = close(round_)
        for result in filter(None, body["results"].values()):
            for row in result["questions"]:
                del row["question"]  # a public id of its own
        digests.add(str(body))
    assert len(digests) == 1
    assert db.session.query(RoundResult).filter_by(kind=ResultKind.DOORS).count() == 2
