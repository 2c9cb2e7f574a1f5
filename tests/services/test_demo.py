"""The demo is loaded through the services, and what is planted in it is found again in what they stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from aggregation import rank
from aggregation.delphi import appropriateness
from priority import clock
from priority.demo.calendar import of_a_year
from priority.demo.model import PEOPLE, SEED, TWINS, simulate
from priority.demo.texts import load_texts
from priority.extensions import db, keys
from priority.models import Ballot, Contributor, Exercise, OutcomeEvent, Panelist, Proposal, ProposalPart, ProposalWords
from priority.queries.ballots import counted_rows
from priority.queries.people import somebody_of_each_group, somebody_who_asked, somebody_with
from priority.queries.rounds import find_round, items_of, list_run, result_of, rounds_of, runs_of
from priority.services import closing, design_check, triage, voting
from priority.services.answers import ranks
from priority.words import ExerciseState, Moment, ResultKind, RoleName, RoundState
from tests.loaded_demo import demo_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory, migrated):
    """The demo as `priority run` loads it; no test below changes it."""
    with demo_in(tmp_path_factory.mktemp("demo"), migrated) as loaded:
        yield loaded


@pytest.fixture
def finished(demo):
    return demo.finished


@pytest.fixture
def ordered(finished):
    """The third round: who ordered, as (group, places by question)."""
    return [(row.group, _short(ranks(row.answers))) for row in counted_rows(find_round(finished, 3))]


@pytest.fixture
def top_ten(finished):
    return [key.partition(".")[0] for key in list_run(finished).result["shortlist"]]


def _short(by_item):
    return {key.partition(".")[0]: value for key, value in by_item.items()}


def _question(exercise, n, number):
    questions = result_of(find_round(exercise, n), ResultKind.ITEMS)["questions"]
    return next(row for row in questions if row["number"] == number)


def _mean(cell):
    return float(np.dot(cell["histogram"], range(1, 10)) / sum(cell["histogram"]))


def _points(ballots):
    points = Counter()
    for places in ballots:
        points.update({key: max(0, 11 - place) for key, place in places.items()})
    return points


# -- the story -------------------------------------------------------------------------------------------------------
def test_all_rounds_closed_with_a_primary_ranking_and_ten_questions(finished, top_ten):
    assert finished.state is ExerciseState.PUBLISHED
    assert [round_.state for round_ in rounds_of(finished)] == [RoundState.CLOSED] * 4
    primary = list_run(finished)
    beside = [run for run in runs_of(finished) if run.round_id == primary.round_id and run is not primary]
    assert (primary.method, primary.is_primary, primary.pooled) == ("jla", True, False)
    assert Counter((run.method, run.pooled) for run in beside) == Counter(
        [("borda", False), ("copeland", False), ("kemeny", False)]
        + [(method, True) for method in ("jla", "borda", "copeland", "kemeny")]
    )
    assert len(top_ten) == 10


def test_nothing_of_the_year_lies_in_the_future(finished):
    dates = of_a_year(clock.now())
    assert dates.published is not None
    assert dates.published < clock.now()
    assert finished.published_at == dates.published
    assert [round_.closed_at for round_ in rounds_of(finished)] == [end for _start, end in dates.rounds]


def test_every_text_came_in_from_its_writer_and_every_part_has_its_road(finished):
    words = load_texts()
    assert Counter(db.session.scalars(db.select(Contributor.exercise_id)))[finished.id] == 96
    assert Counter(db.session.scalars(db.select(Proposal.exercise_id)))[finished.id] == 200
    roads = db.session.scalars(
        db.select(ProposalPart.destination)
        .join(Proposal)
        .where(Proposal.exercise_id == finished.id, ProposalPart.retired_at.is_(None))
    )
    assert Counter(roads) == Counter(part.destination for text in words.proposals for part in text.parts)
    assert triage.waiting(finished) == 0


def test_everybody_who_asked_has_the_end_of_the_story(finished):
    told = set(
        db.session.scalars(
            db.select(OutcomeEvent.proposal_id).where(
                OutcomeEvent.exercise_id == finished.id, OutcomeEvent.moment == Moment.END
            )
        )
    )
    assert told == set(db.session.scalars(db.select(Proposal.id).where(Proposal.exercise_id == finished.id)))


def test_one_person_is_erased(finished):
    erased = db.session.scalars(db.select(Contributor).where(Contributor.erased_at.is_not(None))).all()
    assert [person.exercise_id for person in erased] == [finished.id]
    texts = [text.text for text in load_texts().proposals if text.contributor == 6]
    kept = db.session.scalars(
        db.select(ProposalWords.text).join(Proposal).where(Proposal.exercise_id == finished.id)
    ).all()
    assert texts
    assert len(kept) == 200 - len(texts)
    assert not set(texts) & set(kept)


def test_the_panel_has_two_sides_with_half_the_say_each_and_three_who_look_on(finished):
    assert [(side.key, side.share) for side in finished.sides] == [("lived", 1), ("professionals", 1)]
    people = db.session.scalars(db.select(Panelist).where(Panelist.exercise_id == finished.id)).all()
    assert Counter(one.group.key for one in people if not one.observer) == Counter(PEOPLE)
    assert [one.group.key for one in people if one.observer] == ["researchers"] * 3


def test_all_of_it_says_that_it_is_made_up(demo):
    assert all(exercise.simulated for exercise in db.session.scalars(db.select(Exercise)))


# -- what is planted -------------------------------------------------------------------------------------------------
def test_q4_is_unheard(finished, ordered, top_ten):
    ratings = result_of(find_round(finished, 2), ResultKind.ITEMS)["questions"]
    by_professionals = {row["number"]: _mean(row["sides"]["professionals"]) for row in ratings}
    assert min(by_professionals, key=by_professionals.__getitem__) == 4
    for group in PEOPLE:
        points = _points(places for where, places in ordered if where == group)
        assert sum(points[key] > points["Q4"] for key in points) >= 10
    loud = sum(all(places.get("Q4", 999) < places.get(key, 999) for key in top_ten) for _group, places in ordered)
    assert loud == 7
    assert loud > Fraction(44, 11)
    assert "Q4" not in top_ten


def test_q2_and_q3_split_the_vote(finished, top_ten):
    assert not {"Q2", "Q3"} & set(top_ten)
    round_ = find_round(finished, 3)
    rows = counted_rows(round_)
    assert not any({"Q2", "Q3"} <= set(_short(row.answers["order"])) for row in rows)
    for row in rows:  # as one question, they have whichever place was given to either
        for part in ("piles", "order"):
            twins = {key: row.answers[part].pop(key) for key in list(row.answers[part]) if key.split(".")[0] in TWINS}
            numbers = [value for value in twins.values() if value != "cannot_judge"]
            if numbers:
                row.answers[part]["Q2.1"] = min(numbers)
    one = [item.key for item in items_of(round_) if item.key != "Q3.1"]
    joined = rank(closing.profile_in(round_, rows, pooled=False).restrict(one), "jla", k=10, rescore="all")
    assert "Q2.1" in joined.shortlist(10).items


def test_q8_has_two_camps_among_patients(finished):
    patients = _question(finished, 1, 8)["groups"]["patients"]
    assert patients["median"] == 5
    assert appropriateness(patients["histogram"], percentile="weibull").disagreement
    assert _question(finished, 1, 8)["disagreement"] is True


def test_on_q5_professionals_move_toward_carers_and_not_the_reverse(finished):
    before, after = _question(finished, 1, 5), _question(finished, 2, 5)
    professionals = [_mean(row["sides"]["professionals"]) for row in (before, after)]
    carers = [_mean(row["groups"]["carers"]) for row in (before, after)]
    assert professionals[1] - professionals[0] > 1
    assert professionals[1] < carers[0]
    assert abs(carers[1] - carers[0]) < 0.3


def test_partial_and_tied_orders_are_among_the_ballots(finished):
    orders = [row.answers["order"] for row in counted_rows(find_round(finished, 3))]
    assert any(0 < len(order) < 10 for order in orders)
    assert any(len(set(order.values())) < len(order) for order in orders)


def test_few_leave_gaps_say_that_they_cannot_judge_or_do_not_come_back(finished):
    rounds = [[row.answers for row in counted_rows(round_)] for round_ in rounds_of(finished)]
    assert [len(rows) for rows in rounds] == [44, 42, 41, 220]
    assert any("cannot_judge" in answers.values() for answers in rounds[0])
    assert sum(len(answers) < 35 for answers in rounds[0]) == 3


# -- chance ----------------------------------------------------------------------------------------------------------
def test_the_same_seed_gives_the_same_answers_and_another_seed_others():
    one, same, other = (simulate(np.random.default_rng(seed)) for seed in (SEED, SEED, SEED + 1))
    assert (one.first, one.second) == (same.first, same.second)
    assert np.array_equal(one.wishes, same.wishes)
    assert one.first != other.first


def test_two_loads_give_the_same_lists_from_other_ballot_keys(finished, tmp_path, migrated):
    before, ours = _lists(finished), keys.folder
    try:
        with demo_in(tmp_path, migrated) as again:
            lists = _lists(again.finished)
    finally:
        keys.open(ours)
    assert lists.digests == before.digests
    assert len(lists.ballot_keys) == len(before.ballot_keys) == 88 + 220
    assert not lists.ballot_keys & before.ballot_keys


@dataclass
class Lists:
    digests: list[tuple[str, bool, str, str]]
    ballot_keys: set[bytes]


def _lists(exercise):
    digests = [(run.method, run.pooled, run.input_digest, run.digest) for run in runs_of(exercise)]
    return Lists(digests, set(db.session.scalars(db.select(Ballot.ballot_key))))


# -- the two to try --------------------------------------------------------------------------------------------------
def test_a_visitor_can_ask_and_sort(demo):
    assert demo.to_ask.state is ExerciseState.ASKING
    assert demo.to_ask.asking_until > clock.now()
    assert triage.waiting(demo.to_ask) == 30


def test_a_visitor_of_each_group_can_answer_with_feedback_and_their_own_last_answers(demo):
    first, second, third = rounds_of(demo.to_answer)
    assert (first.state, second.state, third.state) == (RoundState.CLOSED, RoundState.OPEN, RoundState.PLANNED)
    visitors = somebody_of_each_group()
    assert [panelist.group.key for panelist in visitors] == list(PEOPLE)
    for panelist in visitors:
        assert panelist.exercise_id == demo.to_answer.id
        assert voting.own_ballot(first, panelist) is not None
        assert voting.own_ballot(second, panelist) is None
    assert result_of(first, ResultKind.FEEDBACK)["questions"]


@pytest.mark.parametrize(
    "role", [RoleName.MODERATOR, RoleName.COORDINATOR, RoleName.RESEARCHER, RoleName.ADMINISTRATOR]
)
def test_there_is_somebody_for_each_role(demo, role):
    assert somebody_with(role) is not None


def test_there_is_somebody_who_asked(demo):
    somebody = somebody_who_asked(demo.finished)
    assert somebody is not None
    assert somebody.erased_at is None


def test_the_twins_are_named_before_a_round_opens(demo):
    pairs = {
        tuple(f"Q{number}" for number, _text in (one.first, one.second)) for one in design_check.twins(demo.finished)
    }
    assert TWINS in pairs
