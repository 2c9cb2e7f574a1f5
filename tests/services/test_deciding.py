"""Signing what the declared rule decided, and what nobody can read before: what other rules would have."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from priority.errors import Invalid, Stale
from priority.exports.results import results_json
from priority.extensions import db
from priority.models import Audit, Round, RoundDecision, RoundResult
from priority.queries import decision
from priority.queries.report import report
from priority.queries.rounds import result_of, rounds_of, runs_of
from priority.services import audit, deciding, exercises, protocols
from priority.words import ResultKind, RoleName, RoundKind
from tests import factories, finished

ROOT = Path(__file__).parents[2]
NAMED = {"70_15_each_group", "75_pooled", "rand_ucla", "iqr_2_median_7", "any_group", "cannot_judge_not_high"}


@pytest.fixture
def exercise(app):
    return finished.an_exercise_to_answer(questions=6)


@pytest.fixture
def karin(exercise):
    return factories.a_person(exercise.organisation, RoleName.COORDINATOR, exercise=exercise, name="Karin Ek")


def closed(exercise, n=1, answer=None):
    round_ = rounds_of(exercise)[n - 1]
    finished.run_round(exercise, round_, answer=answer)
    return round_


def all_closed(exercise, answer=None):
    for n in (1, 2, 3):
        closed(exercise, n, answer if n < 3 else None)
    return rounds_of(exercise)


def alike(answer):
    """Everybody of a group gives the same number to every question: `answer` by group."""
    return lambda _rng, panelist, keys: dict.fromkeys(keys, answer[panelist.group.key])


def test_a_decision_holds_what_the_rule_found_and_what_it_was_read_from(exercise, karin):
    round_ = closed(exercise)
    deciding.sign(round_, actor=karin, note="  We go on to round 2. ")
    found = decision.signed(round_)
    assert found.by == "Karin Ek"
    assert found.note == "We go on to round 2."
    assert found.body["verdicts"] == {
        row["key"]: row["verdict"] for row in result_of(round_, ResultKind.ITEMS)["questions"]
    }
    digests = dict(db.session.execute(select(RoundResult.kind, RoundResult.digest).filter_by(round_id=round_.id)).all())
    assert found.body["snapshots"] == {"feedback": digests[ResultKind.FEEDBACK]}
    text = json.dumps(found.body, sort_keys=True, ensure_ascii=False)
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()


def test_no_file_has_the_digest_of_what_few_people_answered(exercise, karin):
    """A snapshot that holds the answers of two people has few possible values: its digest can be guessed offline."""
    rounds_ = all_closed(exercise)
    for round_ in rounds_:
        deciding.sign(round_, actor=karin)
    exercises.publish(exercise, actor=karin)
    text = results_json(report(exercise)).decode()
    rows = db.session.execute(select(RoundResult.kind, RoundResult.digest)).all()
    inside = {ResultKind.ITEMS, ResultKind.TURNOUT, ResultKind.AGREEMENT, ResultKind.CHOICES}
    assert {kind for kind, digest in rows if digest in text} == {kind for kind, _digest in rows} - inside - {
        ResultKind.ALTERNATIVES
    }


def test_the_decision_after_an_order_is_its_list(exercise, karin):
    round_ = all_closed(exercise)[2]
    deciding.sign(round_, actor=karin)
    primary = next(run for run in runs_of(exercise) if run.is_primary)
    body = decision.signed(round_).body
    assert (body["listed"], body["run"], body["verdicts"]) == (primary.result["shortlist"], primary.digest, {})


def test_a_round_is_signed_once(exercise, karin):
    round_ = closed(exercise)
    deciding.sign(round_, actor=karin, note="First.")
    with pytest.raises(Stale, match="signed already"):
        deciding.sign(round_, actor=karin, note="Second.")
    assert decision.signed(round_).note == "First."
    assert db.session.scalar(select(func.count()).select_from(RoundDecision)) == 1


def test_only_a_closed_round_is_signed(exercise, karin):
    with pytest.raises(Stale, match="after a round has closed"):
        deciding.sign(rounds_of(exercise)[0], actor=karin)


def test_a_pilot_decides_nothing(exercise, karin):
    pilot = Round(exercise_id=exercise.id, n=1001, pilot=True, kind=RoundKind.RATING)
    factories.add(pilot)
    finished.run_round(exercise, pilot)
    with pytest.raises(Stale):
        deciding.sign(pilot, actor=karin)


def test_a_note_has_an_end(exercise, karin):
    round_ = closed(exercise)
    with pytest.raises(Invalid) as refused:
        deciding.sign(round_, actor=karin, note="x" * 2001)
    assert refused.value.field == "note"
    assert decision.signed(round_) is None


# -- what nobody can read before -------------------------------------------------------------------------------------
def test_alternatives_do_not_exist_before_the_signature(exercise, karin):
    round_ = closed(exercise)
    assert result_of(round_, ResultKind.ALTERNATIVES) is None
    with pytest.raises(Stale, match="First sign"):
        deciding.look(round_, actor=karin)
    with pytest.raises(PermissionError):
        decision.alternatives_of(round_)
    assert decision.alternatives_told(round_) is None
    deciding.sign(round_, actor=karin)
    assert set(decision.alternatives_of(round_)["rules"]) == NAMED


def test_every_look_is_one_line_in_the_log(exercise, karin):
    round_ = closed(exercise)
    deciding.sign(round_, actor=karin)
    assert decision.looks(round_) == []
    for _time in range(2):
        deciding.look(round_, actor=karin)
    assert [one.by for one in decision.looks(round_)] == ["Karin Ek", "Karin Ek"]
    actions = [line.action for line in db.session.scalars(select(Audit).order_by(Audit.seq))]
    assert actions[-3:] == ["decision_signed", decision.LOOKED, decision.LOOKED]
    assert list(audit.broken_lines()) == []


def test_a_look_at_one_round_is_no_look_at_another(exercise, karin):
    one, two, _last = all_closed(exercise)
    for round_ in (one, two):
        deciding.sign(round_, actor=karin)
    deciding.look(two, actor=karin)
    assert (len(decision.looks(one)), len(decision.looks(two))) == (0, 1)


def test_rankings_by_other_methods_wait_for_the_signature_and_the_list(exercise, karin):
    rounds_ = all_closed(exercise)
    assert [run.is_primary for run in decision.runs_told(exercise)] == [True]
    for round_ in rounds_:
        deciding.sign(round_, actor=karin)
    assert [run.is_primary for run in decision.runs_told(exercise)] == [True]
    assert decision.alternatives_told(rounds_[0]) is None
    exercises.publish(exercise, actor=None)
    assert len(decision.runs_told(exercise)) == len(runs_of(exercise)) > 1
    assert decision.alternatives_told(rounds_[0]) is not None


def test_a_list_that_came_out_unsigned_keeps_the_alternatives_back(exercise, karin):
    last = all_closed(exercise)[2]
    exercises.publish(exercise, actor=None)
    assert [run.is_primary for run in decision.runs_told(exercise)] == [True]
    assert decision.alternatives_told(last) is None


def test_the_snapshot_of_alternatives_has_one_reader_and_one_writer():
    """Whoever else names it could show it to somebody who has not signed."""
    named = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "priority").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "ALTERNATIVES"
    }
    assert named == {"priority/queries/decision.py", "priority/services/closing/alternatives.py"}


# -- five named rules ------------------------------------------------------------------------------------------------
def signed(exercise, karin, answer, n=1):
    round_ = closed(exercise, n, answer)
    deciding.sign(round_, actor=karin)
    return decision.alternatives_of(round_)


def test_named_rules_differ_where_groups_do(exercise, karin):
    """Doctors alone are against: in for any group, and for three quarters of everybody, not in for each group."""
    body = signed(exercise, karin, alike({"patients": 9, "carers": 8, "nurses": 8, "doctors": 2}))
    found = {name: rule["verdicts"]["Q1.1"] for name, rule in body["rules"].items()}
    assert found == {
        "70_15_each_group": "none",
        "75_pooled": "in",
        "rand_ucla": "in",
        "iqr_2_median_7": "in",
        "any_group": "in",
        "cannot_judge_not_high": "none",
    }
    assert body["declared"]["Q1.1"] == "none"
    assert body["rules"]["70_15_each_group"]["differs"] == []
    assert body["rules"]["75_pooled"]["differs"] == [f"Q{number}.1" for number in range(1, 7)]


def test_who_cannot_judge_can_keep_a_question_out(exercise, karin):
    """Three in four chose high, the others cannot judge: in by the rule; of everybody fewer than 80 % are high."""

    def some_cannot(rng, panelist, keys):
        cannot = next(counter) % 4 == 0
        return dict.fromkeys(keys, "cannot_judge" if cannot else 8)

    counter = itertools.count()
    body = protocols.current(exercise).body
    protocols.set_body(exercise, body | {"consensus": body["consensus"] | {"high": 80}})
    found = signed(exercise, karin, some_cannot)
    assert found["declared"]["Q1.1"] == "in"
    assert found["rules"]["cannot_judge_not_high"]["verdicts"]["Q1.1"] == "none"


def test_a_group_too_small_to_be_told_apart_decides_nothing_alone(app):
    made = finished.an_exercise_to_answer(questions=2, panel={"patients": 8, "carers": 7, "nurses": 9, "doctors": 2})
    body = signed(
        made, factories.a_person(made.organisation), alike({"patients": 2, "carers": 2, "nurses": 2, "doctors": 9})
    )
    # The two doctors speak with the nurses, of whom they leave nine: 9 of 11 low, and 2 of 11 high, which is not few.
    assert body["rules"]["any_group"]["verdicts"] == {"Q1.1": "none", "Q2.1": "none"}


def test_rules_by_groups_are_silent_where_a_side_is_too_small(app):
    made = finished.an_exercise_to_answer(questions=2, panel={"patients": 8, "nurses": 3})
    body = signed(made, factories.a_person(made.organisation), alike({"patients": 8, "nurses": 8}))
    assert body["rules"]["any_group"] == body["rules"]["70_15_each_group"] == {"why": "too_few"}
    assert body["rules"]["75_pooled"]["verdicts"]["Q1.1"] == "in"


def test_the_declared_floor_of_valid_answers_holds_for_every_rule(exercise, karin):
    def half_cannot_judge(rng, panelist, keys):
        return dict.fromkeys(keys, 9 if rng.random() < 0.4 else "cannot_judge")

    body = signed(exercise, karin, half_cannot_judge)
    assert {verdict for rule in body["rules"].values() for verdict in rule["verdicts"].values()} == {"none"}


def test_a_deviation_after_a_round_has_closed_changes_nothing_of_what_other_rules_decide(exercise, karin):
    def some_cannot_judge(rng, panelist, keys):
        return dict.fromkeys(keys, 9 if panelist.group.key != "patients" or rng.random() < 0.5 else "cannot_judge")

    round_ = closed(exercise, answer=some_cannot_judge)
    rules = protocols.current(exercise).body
    protocols.deviate(exercise, rules | {"valid_share": 1, "minimum_cell": 50}, reason="Too strict.", actor=karin)
    deciding.sign(round_, actor=karin)
    found = decision.alternatives_of(round_)["rules"]["75_pooled"]["verdicts"]
    declared = {row["key"]: row["why"] for row in result_of(round_, ResultKind.ITEMS)["questions"]}
    assert set(declared.values()) == {"too_few_valid"}
    assert set(found.values()) == {"none"}


def test_on_five_points_the_rules_for_nine_say_that_they_do_not_apply(app):
    made = finished.an_exercise_to_answer(questions=2, rounds=[{"kind": "rating", "scale": "five"}])
    body = signed(
        made, factories.a_person(made.organisation), alike({"patients": 5, "carers": 5, "nurses": 4, "doctors": 4})
    )
    assert body["rules"]["rand_ucla"] == body["rules"]["iqr_2_median_7"] == {"why": "not_this_scale"}
    assert body["rules"]["75_pooled"]["verdicts"]["Q1.1"] == "in"


def test_a_silent_side_leaves_nothing_for_other_rules(exercise, karin):
    def only_patients(_rng, panelist, keys):
        return dict.fromkeys(keys, 9) if panelist.group.side.key == "lived" else {}

    assert signed(exercise, karin, only_patients) == {"why": "side_silent"}


# -- five families ---------------------------------------------------------------------------------------------------
def test_the_families_say_how_many_of_them_put_a_question_on_the_list(app):
    made = finished.an_exercise_to_answer(questions=14)
    last = all_closed(made)[2]
    deciding.sign(last, actor=factories.a_person(made.organisation))
    body = decision.alternatives_of(last)
    assert set(body["families"]) == {"positional", "pairwise", "distance", "elimination", "model"}
    for key, (agree, of) in body["agree"].items():
        lists = [family["items"] for family in body["families"].values() if family["items"] is not None]
        assert (agree, of) == (sum(key in mine for mine in lists), len(lists))
    assert body["listed"] == decision.signed(last).body["listed"]
