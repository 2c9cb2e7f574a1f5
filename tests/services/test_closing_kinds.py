"""What a closing finds of choices, of best and worst, and of ratings from 1 to 5 and by criteria; what goes on."""

from __future__ import annotations

import itertools
from datetime import timedelta
from fractions import Fraction

import pytest

from priority import clock
from priority.queries.ballots import counted_rows
from priority.queries.feedback import feedback_of
from priority.queries.rounds import result_of, rounds_of, runs_of
from priority.services import protocols, recomputing, rounds, suppression, voting
from priority.services.answers import CANNOT_JUDGE
from priority.services.ballot_types.scales import CHNRI
from priority.services.candidates import candidates
from priority.services.closing import profile_in, rule_of
from priority.words import ResultKind, RoundKind
from tests import finished

PANEL = {"patients": 9, "carers": 6, "nurses": 8, "doctors": 5}
CHOOSE = {"kind": "choose", "choose": 3, "ranked": False}
RANKED = {"kind": "choose", "choose": 3, "ranked": True}
SETS = {"kind": "best_worst", "size": 3, "at_least": 2}
FIVE = {"kind": "rating", "scale": "five"}
CRITERIA = {"kind": "rating", "scale": "chnri"}


def an_exercise(*designs, questions=7, panel=None, **body):
    return finished.an_exercise_to_answer(questions=questions, panel=panel or PANEL, rounds=list(designs), **body)


def held(exercise, n, answer, **opening):
    """Round `n`, answered by everybody with `answer(number, panelist, round)` (None: nothing) and closed."""
    round_ = rounds_of(exercise)[n - 1]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None, **opening)
    for number, panelist in enumerate(rounds._invited(exercise)):
        answers = answer(number, panelist, round_)
        if answers is not None:
            save = voting.save_page if round_.kind in {RoundKind.RATING, RoundKind.BEST_WORST} else voting.save_whole
            save(round_, panelist, answers, base=None)
    rounds.close_round(round_, actor=None, reason="Everybody has answered.")
    return round_


def chose(*keys, **order):
    return {"chosen": list(keys), "order": order}


def the_first_three(_number, _panelist, round_):
    return chose(*voting.item_keys(round_)[:3])


def three_in_turn(number, _panelist, round_):
    keys = voting.item_keys(round_)
    return chose(*(keys[(number * step) % len(keys)] for step in (1, 2, 3)))


def best_and_worst_by_number(_number, _panelist, round_):
    """In every set the question with the lowest number matters most, that with the highest least."""
    answers = {}
    for n, shown in enumerate(round_.design["sets"], start=1):
        in_order = sorted(shown, key=lambda key: int(key[1:].partition(".")[0]))
        answers |= {f"{n}.best": in_order[0], f"{n}.worst": in_order[-1]}
    return answers


def found(round_, kind=ResultKind.CHOICES):
    return result_of(round_, kind)


def by_number(round_, kind=ResultKind.CHOICES):
    return {row["number"]: row for row in found(round_, kind)["questions"]}


# -- nobody can be worked out ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("panel", "told"),
    [
        ({"patients": 9, "carers": 6, "nurses": 8, "doctors": 5}, {"lived", "professionals"} | set(PANEL)),
        ({"patients": 9, "carers": 4, "nurses": 8, "doctors": 5}, {"lived", "professionals", "nurses", "doctors"}),
        ({"patients": 9, "carers": 6, "nurses": 4}, set()),
        ({"patients": 2, "carers": 2}, None),
    ],
)
@pytest.mark.parametrize(("design", "answer"), [(CHOOSE, three_in_turn), (SETS, best_and_worst_by_number)])
def test_no_cell_of_a_choice_holds_few_people_and_none_follows_from_the_others(app, panel, told, design, answer):
    round_ = held(an_exercise(design, panel=panel), 1, answer)
    for row in found(round_)["questions"]:
        cells = [*row["sides"].items(), *row["groups"].items()]
        assert {key for key, _cell in cells} == (told or set())
        assert (row["whole"] is None) == (told is None)
        assert all(cell["n"] >= 5 for _key, cell in cells)
    hidden = {(one["kind"], one["key"]) for one in found(round_)["hidden"]}
    everybody = {("side", "lived"), ("side", "professionals"), *(("group", key) for key in PANEL)}
    assert {key for _kind, key in everybody - hidden} == (told or set())


def test_who_chose_nothing_is_in_no_count_and_may_make_a_group_too_small_to_tell(app):
    def answer(number, panelist, round_):  # two of six carers leave the page empty
        silent = panelist.group.key == "carers" and next(carers) < 2
        return chose() if silent else three_in_turn(number, panelist, round_)

    carers = itertools.count()
    row = found(held(an_exercise(CHOOSE), 1, answer))["questions"][0]
    assert row["whole"]["n"] == 26
    assert set(row["groups"]) == {"nurses", "doctors"}


@pytest.mark.parametrize(("design", "answer"), [(CHOOSE, three_in_turn), (SETS, best_and_worst_by_number)])
def test_support_is_not_told_where_a_small_side_would_follow_from_it(app, design, answer):
    ranking = {"kind": "ranking", "at_most": 3}
    exercise = an_exercise(design, ranking, panel={"patients": 9, "nurses": 3})
    held(exercise, 1, answer)
    going = candidates(exercise)
    assert {one.support for one in going} == {None}
    assert going[0].place == 1


def criteria_all(value):
    return lambda _number, _panelist, round_: {
        f"{key}/{name}": value for key in voting.item_keys(round_) for name, _words in CHNRI.criteria
    }


def test_one_criterion_that_few_judged_is_not_shown_and_neither_is_the_score_that_holds_it(app):
    def answer(number, panelist, round_):  # four of five doctors cannot judge equity
        given = criteria_all(1)(number, panelist, round_)
        if panelist.group.key == "doctors" and next(doctors) < 4:
            given["Q1.1/equity"] = CANNOT_JUDGE
        return given

    doctors = itertools.count()
    round_ = held(an_exercise(CRITERIA), 1, answer)
    shown = feedback_of(round_)
    assert "doctors" not in {row.key for row in shown["Q1.1/equity"].rows}
    assert "nurses" not in {row.key for row in shown["Q1.1/equity"].rows}  # or the one doctor would follow
    assert {"doctors", "nurses"} <= {row.key for row in shown["Q1.1/burden"].rows}


# -- choosing --------------------------------------------------------------------------------------------------------
def test_a_choice_counts_people_by_side_and_group_with_wilsons_interval(app):
    def answer(_number, panelist, _round):
        return chose("Q1.1") if panelist.group.key == "patients" else chose("Q1.1", "Q2.1")

    rows = by_number(held(an_exercise(CHOOSE), 1, answer))
    assert rows[1]["whole"]["chosen"] == 28
    assert (rows[2]["whole"]["chosen"], rows[2]["whole"]["n"]) == (19, 28)
    assert rows[2]["sides"]["lived"] == {"n": 15, "chosen": 6, "interval": pytest.approx([0.198, 0.643], abs=5e-4)}
    assert rows[2]["groups"]["patients"]["chosen"] == 0
    assert Fraction(rows[2]["support"]) == (Fraction(6, 15) + 1) / 2
    assert rows[3]["support"] == "0"


def test_support_is_what_the_list_is_made_by_over_sides_however_many_answered(app):
    exercise = an_exercise(CHOOSE, panel={"patients": 14, "nurses": 6})
    round_ = held(exercise, 1, three_in_turn)
    primary, pooled = runs_of(exercise)
    assert (primary.method, primary.parameters, primary.pooled, primary.is_primary) == (
        "approval",
        {"k": 3},
        False,
        True,
    )
    assert (pooled.method, pooled.pooled, pooled.is_primary) == ("approval", True, False)
    support = {row["key"]: float(Fraction(row["support"])) for row in found(round_)["questions"]}
    assert dict(zip(primary.result["items"], primary.result["scores"], strict=True)) == pytest.approx(support)
    counts = {row["key"]: row["whole"]["chosen"] for row in found(round_)["questions"]}
    assert dict(zip(pooled.result["items"], pooled.result["scores"], strict=True)) == counts


def test_a_ranked_choice_makes_a_run_of_every_declared_method(app):
    def answer(_number, panelist, _round):
        first, second = ("Q1.1", "Q2.1") if panelist.group.side.key == "lived" else ("Q2.1", "Q1.1")
        return chose("Q1.1", "Q2.1", "Q3.1", **{first: 1, second: 2})

    exercise = an_exercise(RANKED)
    held(exercise, 1, answer)
    runs = runs_of(exercise)
    assert [(run.method, run.pooled) for run in runs] == [
        (method, pooled) for pooled in (False, True) for method in ("jla", "borda", "copeland", "kemeny")
    ]
    assert runs[0].result["tiers"][:2] == [["Q1.1", "Q2.1"], ["Q3.1"]]
    assert all(one.same for one in recomputing.recompute(exercise))


def test_places_of_a_ranked_choice_close_their_gaps_and_what_has_none_comes_behind_them(app):
    exercise = an_exercise(RANKED, panel={"patients": 5, "nurses": 5})
    round_ = held(exercise, 1, lambda *_who: chose("Q1.1", "Q2.1", "Q3.1", **{"Q2.1": 3}))
    profile = profile_in(round_, counted_rows(round_), pooled=True)
    assert profile.unranked == "last"
    assert profile.ranks[0].tolist() == [2, 1, 2, 0, 0, 0, 0]


def test_two_sides_that_chose_alike_are_one_list_and_a_silent_side_leaves_only_the_pooled_one(app):
    exercise = an_exercise(CHOOSE)
    round_ = held(
        exercise, 1, lambda _n, who, round_: the_first_three(0, who, round_) if who.group.key == "nurses" else None
    )
    assert [run.pooled for run in runs_of(exercise)] == [True]
    assert {row["support"] for row in found(round_)["questions"]} == {None}
    assert found(round_)["questions"][0]["whole"] == {
        "n": 8,
        "chosen": 8,
        "interval": pytest.approx([0.676, 1], abs=5e-4),
    }
    assert found(round_)["questions"][0]["sides"] == {}


@pytest.mark.parametrize("design", [CHOOSE, RANKED, SETS])
def test_a_round_that_nobody_answered_has_questions_and_no_list(app, design):
    exercise = an_exercise(design)
    round_ = held(exercise, 1, lambda *_who: None)
    assert [row["whole"] for row in found(round_)["questions"]] == [None] * 7
    assert list(runs_of(exercise)) == []


# -- best and worst --------------------------------------------------------------------------------------------------
def test_sets_are_fixed_at_the_opening_show_every_question_often_enough_and_are_the_same_each_time(app):
    first, second = (held(an_exercise(SETS, panel={"patients": 5, "nurses": 5}), 1, lambda *_: None) for _ in range(2))
    sets = first.design["sets"]
    assert sets == second.design["sets"]
    assert {len(set(one)) for one in sets} == {3}
    assert all(sum(key in one for one in sets) >= 2 for key in voting.item_keys(first))
    assert first.design["balanced"] is True  # seven questions by three: every two stand together once
    assert first.design["together"] == [1, 1]


def test_fewer_questions_than_a_set_holds_are_one_set_of_all(app):
    round_ = held(an_exercise(SETS | {"size": 5}, questions=4), 1, lambda *_: None)
    assert {len(one) for one in round_.design["sets"]} == {4}


def test_best_and_worst_are_counted_of_the_sets_that_showed_them(app):
    exercise = an_exercise(SETS)
    round_ = held(exercise, 1, best_and_worst_by_number)
    rows, sets = by_number(round_), round_.design["sets"]
    shown = sum("Q1.1" in one for one in sets)
    assert rows[1]["whole"] == {"n": 28, "shown": 28 * shown, "best": 28 * shown, "worst": 0, "score": "1"}
    assert rows[7]["whole"]["worst"] == rows[7]["whole"]["shown"]
    assert (rows[1]["support"], rows[7]["support"]) == ("1", "-1")
    assert runs_of(exercise)[0].result["tiers"][0] == ["Q1.1"]
    assert [(run.method, run.pooled) for run in runs_of(exercise)] == [("best_worst", False), ("best_worst", True)]


def test_support_by_sets_is_the_score_of_the_run_also_where_sides_answered_unlike_sets(app):
    def answer(number, panelist, round_):
        every = best_and_worst_by_number(number, panelist, round_)
        kept = 2 if panelist.group.key == "patients" else 5
        turned = {"best": "worst", "worst": "best"} if number % 3 else {"best": "best", "worst": "worst"}
        return {f"{n}.{turned[part]}": every[f"{n}.{part}"] for n in range(1, kept + 1) for part in ("best", "worst")}

    exercise = an_exercise(SETS)
    round_ = held(exercise, 1, answer)
    run = runs_of(exercise)[0]
    support = {row["key"]: float(Fraction(row["support"])) for row in found(round_)["questions"]}
    assert dict(zip(run.result["items"], run.result["scores"], strict=True)) == pytest.approx(support)
    assert all(one.same for one in recomputing.recompute(exercise))


def test_half_an_answered_set_counts_nowhere(app):
    def answer(number, panelist, round_):
        whole = best_and_worst_by_number(number, panelist, round_)
        return {"1.best": whole["1.best"]} if panelist.group.key == "nurses" else whole

    row = by_number(held(an_exercise(SETS), 1, answer))[1]
    assert row["whole"]["n"] == 20
    assert "nurses" not in row["groups"]


# -- other scales ----------------------------------------------------------------------------------------------------
def fives(_number, panelist, round_):
    value = 5 if panelist.group.side.key == "lived" else 3
    return dict.fromkeys(voting.item_keys(round_), value) | {"Q2.1": 1, "Q3.1": CANNOT_JUDGE}


def test_ratings_from_one_to_five_have_their_own_bands_and_the_same_rule(app):
    round_ = held(an_exercise(FIVE), 1, fives)
    rows = by_number(round_, ResultKind.ITEMS)
    assert found(round_, ResultKind.ITEMS)["scale"] == "five"
    assert rows[1]["whole"]["histogram"] == [0, 0, 13, 0, 15]
    assert (rows[1]["sides"]["lived"]["high"], rows[1]["sides"]["professionals"]["high"]) == (15, 0)
    assert (rows[1]["verdict"], rows[1]["why"], rows[2]["verdict"], rows[3]["why"]) == (
        "none", "few_high", "out", "too_few_valid",
    )  # fmt: skip
    assert (rows[1]["support"], rows[1]["di"]) == ("1/2", None)
    shown = {row.key: row for row in feedback_of(round_)["Q1.1"].rows}
    assert shown["lived"].bands == (0, 0, 15)
    assert shown["doctors"].bands == (0, 5, 0)
    assert shown["doctors"].histogram is None  # five people who all agree


def test_a_rule_for_one_to_nine_decides_nothing_from_one_to_five(app):
    exercise = an_exercise(FIVE, consensus={"rule": "rand_ucla", "scope": "pooled"})
    rows = by_number(held(exercise, 1, fives), ResultKind.ITEMS)
    assert {(row["verdict"], row["why"]) for row in rows.values()} == {("none", "no_rule")}


def test_criteria_are_scored_as_chnri_does(app):
    def answer(number, panelist, round_):
        given = criteria_all(1)(number, panelist, round_)
        given |= {"Q1.1/equity": 0.5 if panelist.group.side.key == "lived" else 0, "Q1.1/burden": CANNOT_JUDGE}
        return given

    rows = by_number(held(an_exercise(CRITERIA), 1, answer), ResultKind.ITEMS)
    assert rows[1]["whole"]["criteria"]["equity"] == {
        "n": 28, "cannot_judge": 0, "histogram": [13, 15, 0], "score": pytest.approx(7.5 / 28),
    }  # fmt: skip
    assert (rows[1]["whole"]["n"], rows[1]["whole"]["criteria"]["burden"]["cannot_judge"]) == (28, 28)
    assert (rows[1]["whole"]["rps"], rows[1]["support"]) == (None, None)  # nobody judged one of the five
    assert rows[2]["whole"] | {"criteria": None} == {
        "n": 28, "people": 28, "rps": 1.0, "weighted": 1.0, "aea": 1.0, "criteria": None,
    }  # fmt: skip
    assert (rows[2]["support"], rows[2]["verdict"], rows[2]["why"]) == ("1", "none", "no_rule")


def test_declared_weights_of_criteria_make_the_order(app):
    def answer(_number, _panelist, round_):
        given = criteria_all(0)(0, None, round_)
        return given | {"Q1.1/equity": 1, "Q2.1/burden": 1, "Q2.1/effectiveness": 0.5}

    weights = dict.fromkeys((name for name, _words in CHNRI.criteria), 1) | {"equity": 2.2}
    exercise = an_exercise(CRITERIA | {"weights": weights}, {"kind": "ranking", "at_most": 2})
    round_ = held(exercise, 1, answer)
    rows = by_number(round_, ResultKind.ITEMS)
    assert (rows[1]["whole"]["rps"], rows[2]["whole"]["rps"]) == (0.2, pytest.approx(0.3))
    assert [(one.number, one.support) for one in candidates(exercise)] == [
        (1, Fraction("2.2") / Fraction("6.2")),
        (2, Fraction("1.5") / Fraction("6.2")),
    ]


def test_the_rule_can_differ_by_round_and_by_how_many_groups_must_agree():
    always = {
        "valid_share": 70,
        "percentile_rule": "weibull",
        "consensus": {"rule": "share", "high": 70, "low": 15, "scope": "sides"},
    }
    body = always | {
        "consensus_by_round": [
            {"rule": "share", "high": 50, "low": 15, "scope": "k_of_groups", "needed": 2, "minimum": 3},
            {"rule": "iqr", "scope": "pooled"},
        ]
    }
    first, later = rule_of(body, 1), rule_of(body, 3)
    assert (first.in_high, first.scope, first.needed, first.minimum) == (50, "k_of_groups", 2, 3)
    assert (later.by, later.percentile, rule_of(body, 2)) == ("iqr", "linear", later)
    assert rule_of(always, 2).in_high == 70


def test_tables_are_computed_again_under_the_rules_of_their_day(app):
    exercise = an_exercise(FIVE, FIVE)
    held(exercise, 1, fives)
    before = recomputing.recount(exercise)
    assert [(one.n, one.kind, one.same) for one in before] == [
        (1, ResultKind.ITEMS, True),
        (1, ResultKind.FEEDBACK, True),
    ]
    changed = protocols.current(exercise).body | {
        "consensus": {"rule": "share", "high": 51, "low": 50, "scope": "pooled"},
        "minimum_cell": 9,
    }
    protocols.deviate(exercise, changed, reason="Everybody together decides.", actor=None)
    held(exercise, 2, fives)
    again = recomputing.recount(exercise)
    assert len(again) == 2 + 2 + 3
    assert all(one.same for one in again)
    first, second = (by_number(round_, ResultKind.ITEMS)[1] for round_ in rounds_of(exercise))
    assert (first["verdict"], second["verdict"]) == ("none", "in")


# -- which questions go on -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("design", "answer", "goes_on"),
    [
        (CHOOSE, the_first_three, [1, 2, 3]),
        (SETS, best_and_worst_by_number, [1]),
        (FIVE, fives, [1, 4, 5, 6, 7]),
    ],
)
def test_every_kind_of_round_can_feed_the_next(app, design, answer, goes_on):
    exercise = an_exercise(design, {"kind": "ranking", "at_most": 1})
    held(exercise, 1, answer)
    going = candidates(exercise, for_round=rounds_of(exercise)[1])
    assert [one.number for one in going if one.place is not None] == goes_on
    assert going[0].basis == design["kind"]
    last = rounds_of(exercise)[1]
    rounds.open_round(last, closes_at=clock.now() + timedelta(days=1), actor=None)
    assert voting.item_keys(last) == [f"Q{number}.1" for number in goes_on]


def test_a_round_that_does_not_narrow_asks_everything_again_and_one_that_does_asks_the_best(app):
    exercise = an_exercise(CHOOSE, FIVE, SETS | {"at_most": 4})
    held(exercise, 1, the_first_three)
    assert len(voting.item_keys(held(exercise, 2, fives))) == 7
    narrowed = held(exercise, 3, lambda *_: None)
    assert voting.item_keys(narrowed) == ["Q1.1", "Q4.1", "Q5.1", "Q6.1", "Q7.1"]  # five tie, one is out


def test_a_ranking_that_is_the_first_round_asks_everything(app):
    exercise = an_exercise({"kind": "ranking", "at_most": 2})
    assert len(voting.item_keys(held(exercise, 1, lambda *_: None))) == 7


# -- the list --------------------------------------------------------------------------------------------------------
def test_the_newest_round_with_a_list_makes_it(app):
    exercise = an_exercise(CHOOSE, {"kind": "ranking", "at_most": 3, "top": 10})
    held(exercise, 1, the_first_three)
    assert next(run for run in runs_of(exercise)).method == "approval"

    def backwards(_number, _panelist, round_):
        keys = voting.item_keys(round_)
        return {"piles": dict.fromkeys(keys, 1), "order": {key: i for i, key in enumerate(reversed(keys), start=1)}}

    held(exercise, 2, backwards)
    runs = runs_of(exercise)
    assert (runs[0].method, runs[0].is_primary) == ("jla", True)
    assert runs[0].result["shortlist"] == ["Q3.1", "Q2.1", "Q1.1"]
    assert all(one.same for one in recomputing.recompute(exercise))


# -- open rounds -----------------------------------------------------------------------------------------------------
def test_only_verified_ballots_make_the_result_where_that_is_declared(app):
    exercise = an_exercise(CHOOSE | {"access": "open", "count": "verified"}, panel={})
    round_ = rounds_of(exercise)[0]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    for number in range(30):
        group = ("patients", "nurses")[number % 2]
        guest = voting.Guest(exercise.id, round_.id, f"code {number}", group, verified=number < 20)
        voting.save_whole(round_, guest, chose("Q1.1" if number < 20 else "Q2.1"), base=None)
    rounds.close_round(round_, actor=None, reason="Enough.")
    rows = by_number(round_)
    assert (rows[1]["whole"]["n"], rows[2]["whole"]["chosen"]) == (20, 0)
    assert result_of(round_, ResultKind.TURNOUT)["groups"]["patients"] == {"asked": 0, "answered": 10}
    assert len(counted_rows(round_)) == 30
    assert all(one.same for one in recomputing.recompute(exercise))


def test_what_may_be_told_is_one_rule_for_counts_and_for_histograms():
    sides = {"a": {"x": 7, "y": 4}, "b": {"z": 6}}
    told = suppression.told(sides, {"a": 11, "b": 6})
    assert ("group", "x") not in told
    assert ("group", "z") in told
    assert ("whole", "whole") in told


def test_a_round_that_closed_before_change_was_kept_is_counted_again_without_it(app, monkeypatch):
    exercise = finished.a_finished_exercise(questions=4, publish=False)
    kept = recomputing.results_of
    between = recomputing.BETWEEN
    monkeypatch.setattr(recomputing, "results_of", lambda one: _without(kept(one), between))
    assert all(one.same for one in recomputing.recount(exercise))
    monkeypatch.setattr(recomputing, "results_of", lambda one: _without(kept(one), {ResultKind.CHANGE}))
    assert [one.kind for one in recomputing.recount(exercise) if not one.same] == [ResultKind.CHANGE]


def _without(found, kinds):
    return {kind: body for kind, body in found.items() if kind not in kinds}
