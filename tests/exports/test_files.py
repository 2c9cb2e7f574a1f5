"""The files say what the page says, and an independent script finds the same from the ballots alone."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from priority import clock
from priority.exports.ballots import COLUMNS, ballots_csv
from priority.exports.results import results_csv, results_json
from priority.queries.report import report
from priority.queries.rounds import rounds_of
from priority.services import publication, rounds, voting
from priority.words import RoleName
from tests import factories, finished
from tests.exports import independent, pages

INDEPENDENT = Path(__file__).with_name("independent.py")


def rows_of(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def with_answers(exercise):
    """The first round, open, with an answer of everybody; and who they are."""
    round_ = rounds_of(exercise)[0]
    rounds.open_round(round_, closes_at=clock.now() + timedelta(days=1), actor=None)
    people = rounds._invited(exercise)
    for panelist in people:
        voting.save_page(round_, panelist, {"Q1.1": 9}, base=None)
    return round_, people


@pytest.fixture
def told(finished_exercise):
    return report(finished_exercise)


@pytest.fixture
def page(finished_exercise, client, sign_in):
    exercise = finished_exercise
    reader = factories.a_person(exercise.organisation, RoleName.RESEARCHER)
    sign_in(client, reader)
    answer = client.get(f"/staff/e/{exercise.public_id}/results")
    assert answer.status_code == 200
    return exercise, answer.text


def between(interval):
    """An interval as the page has it."""
    return "–".join(f"{100 * end:.0f}" for end in interval)


def independently(exercise, folder):
    (folder / "ballots.csv").write_bytes(ballots_csv(publication.ballot_sheet(exercise)))
    (folder / "results.json").write_bytes(results_json(report(exercise)))
    command = [sys.executable, "-I", str(INDEPENDENT), str(folder / "ballots.csv"), str(folder / "results.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_an_independent_script_finds_the_list_medians_and_shares_of_the_page_and_of_the_file(page, tmp_path):
    exercise, text = page
    found = independently(exercise, tmp_path)
    told = report(exercise)
    texts = {question.key: question.text for question in told.questions}
    listed = [(place, texts[key]) for key, place in found["top"]]
    assert len(listed) >= 10
    assert sorted(pages.ranked(text)[: len(listed)]) == sorted(listed)
    in_file = {row["key"]: row for row in rows_of(results_csv(told))}
    compared = 0
    for n in "12":
        questions = found["rounds"][n]
        shown = pages.table(text, f"Round {n} in numbers")
        for key, voices in questions.items():
            cells = shown[key][3:]
            for at, (voice, numbers) in enumerate(voices.items()):
                n_of_people, median, quartiles, percent = cells[4 * at : 4 * at + 4]
                assert n_of_people.split(" of ")[0] == str(numbers["n"])
                assert float(median) == numbers["median"]
                assert [float(one) for one in quartiles.split("–")] == [numbers["q1"], numbers["q3"]]
                assert percent == f"{numbers['percent_high']} % ({between(numbers['interval'])})"
                for name in ("n", "median", "q1", "q3", "mad", "percent_high"):
                    assert float(in_file[key][f"r{n}_{voice}_{name}"]) == numbers[name]
                for name, end in zip(("interval_low", "interval_high"), numbers["interval"], strict=True):
                    assert float(in_file[key][f"r{n}_{voice}_{name}"]) == pytest.approx(end, abs=5e-5)
                compared += 1
    assert compared == 2 * 14 * 3
    assert {(key, str(place)) for key, place in found["top"]} == {
        (row["key"], row["place"]) for row in in_file.values() if row["listed"] == "yes"
    }


def test_the_script_the_page_and_the_file_agree_where_place_ten_is_shared_and_some_cannot_judge(
    app, client, sign_in, tmp_path
):
    def order(_rng, panelist, keys):  # nobody gives the last two a place; doctors cannot judge the first question
        places = {key: place for place, key in enumerate(keys[:9], start=1)}
        piles = dict.fromkeys(places, 1) | {keys[9]: 2, keys[10]: 3}
        if panelist.group.key == "doctors":
            del places[keys[0]]
            piles[keys[0]] = "cannot_judge"
        return {"piles": piles, "order": places}

    exercise = finished.an_exercise_to_answer(questions=11)
    for round_ in rounds_of(exercise):
        finished.run_round(exercise, round_, answer=order if round_.n == 3 else None)
    found = independently(exercise, tmp_path)
    assert [place for _key, place in found["top"]] == [*range(1, 10), 10, 10]
    sign_in(client, factories.a_person(exercise.organisation, RoleName.RESEARCHER))
    text = client.get(f"/staff/e/{exercise.public_id}/results").text
    told = report(exercise)
    texts = {question.key: question.text for question in told.questions}
    assert sorted(pages.ranked(text)[:11]) == sorted((place, texts[key]) for key, place in found["top"])
    assert "Two questions share place 10, so the list has eleven instead of ten." in pages.plain(text)
    in_file = {row["key"]: row for row in rows_of(results_csv(told))}
    assert sorted(key for key, row in in_file.items() if row["tied_at_end"] == "yes") == ["Q10.1", "Q11.1"]
    assert sorted(key for key, row in in_file.items() if row["listed"] == "yes") == sorted(
        key for key, _p in found["top"]
    )


def test_the_independent_script_computes_the_published_example(monkeypatch):
    monkeypatch.setattr(independent, "POINTS_FOR_FIRST", 3)
    orders = {"p": ["ABC", "BAC", "ADB"], "c": ["DCB", "DBA"]}
    ballots = [
        {"side": side} | {key: order.index(key) + 1 if key in order else "" for key in "ABCDE"}
        for side, mine in orders.items()
        for order in mine
    ]
    sides = [{"key": "p", "share": 1, "of": 2}, {"key": "c", "share": 1, "of": 2}]
    scores = independent.equal_weight(ballots, list("ABCDE"), sides)
    assert scores == {"A": 7, "B": 8, "C": 5.5, "D": 7.5, "E": 2}


def test_a_tie_at_place_ten_is_eleven_for_the_script_as_well():
    scores = {f"Q{n}.1": -n for n in range(1, 10)} | {"Q10.1": -10, "Q11.1": -10, "Q12.1": -12}
    assert [place for _key, place in independent.top(scores, 10)] == [*range(1, 10), 10, 10]


def test_ballots_stand_in_the_order_of_their_content_and_small_groups_stand_as_their_side(app):
    exercise = finished.a_finished_exercise(panel={"patients": 11, "carers": 6, "nurses": 8, "doctors": 3})
    rows = rows_of(ballots_csv(publication.ballot_sheet(exercise)))
    assert len(rows) == 3 * 28
    assert {(row["side"], row["group"]) for row in rows} == {
        ("lived", "patients"),
        ("lived", "carers"),
        ("professionals", "professionals"),  # three doctors, and eight nurses who would give them away
    }
    content = [tuple(row[name] for name in COLUMNS) for row in rows]
    assert content == sorted(content)


def test_the_cells_of_a_ballot_are_ratings_ranks_cannot_judge_or_empty(finished_exercise):
    rows = rows_of(ballots_csv(publication.ballot_sheet(finished_exercise)))
    cells = {n: {row[key] for row in rows if row["round"] == n for key in row if key.startswith("Q")} for n in "123"}
    assert cells["1"] <= {*map(str, range(1, 10)), "cannot_judge", ""}
    assert cells["3"] <= {*map(str, range(1, 11)), "101", "102", "103", "cannot_judge", ""}
    assert {"101", "102", "cannot_judge", "", "1"} <= cells["3"]


def test_a_ballot_that_was_taken_back_is_not_in_the_file(app):
    exercise = finished.an_exercise_to_answer(questions=3)
    round_, people = with_answers(exercise)
    voting.take_back(round_, people[0])
    rounds.close_round(round_, actor=None, reason="done")
    assert len(publication.ballot_sheet(exercise).lines) == len(people) - 1


def test_a_round_that_is_open_leaves_no_trace_in_any_file(app):
    exercise = finished.an_exercise_to_answer(questions=3)
    with_answers(exercise)
    told = report(exercise)
    assert (told.rounds, told.questions, told.runs) == ((), (), ())
    assert publication.ballot_sheet(exercise).lines == ()
    assert json.loads(results_json(told))["questions"] == []
    assert rows_of(results_csv(told)) == []


def test_a_round_in_which_a_side_is_small_stays_out_of_the_ballots(app):
    exercise = finished.a_finished_exercise(panel={"patients": 11, "carers": 6, "nurses": 3, "doctors": 1})
    sheet = publication.ballot_sheet(exercise)
    assert sheet.left_out == (1, 2, 3)
    assert sheet.lines == ()


def test_json_holds_shares_rules_rankings_and_no_words_of_people(told):
    body = json.loads(results_json(told))
    assert [(side["key"], side["share"], side["of"]) for side in body["sides"]] == [
        ("lived", 1, 2),
        ("professionals", 1, 2),
    ]
    assert body["protocol"]["digest"] == told.protocol.digest
    assert [run["primary"] for run in body["runs"]] == [True] + [False] * 7
    assert len({run["digest"] for run in body["runs"]} - {run.digest for run in told.runs}) == 0
    assert "My own words" not in results_json(told).decode()


def test_every_column_and_key_is_described_in_the_documents(told, every_kind):
    document = Path("docs/exports.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `([^`]+)`", document, re.MULTILINE))
    told = [told, report(every_kind)]
    voices = "|".join(voice.column for voice in told[0].voices)

    def pattern(column):
        column = re.sub(r"^r\d+_", "r<round>_", column)
        column = re.sub(rf"^(r<round>)_({voices})_", r"\1_<who>_", column)
        column = re.sub(r"_criterion_.+", "_criterion_<criterion>", column)
        column = re.sub(r"^(r<round>_)?place_.+", r"\1place_<method>", column)
        column = re.sub(r"^people_.+", "people_<group>", column)
        column = re.sub(r"^Q\d+\.\d+", "Q<number>.<wording>", column)
        return re.sub(r"^(Q.*/).+", r"\1<criterion>", re.sub(r"^\d+\.", "<set>.", column))

    bodies = [json.loads(results_json(one)) for one in told]
    files = [*map(results_csv, told), ballots_csv(publication.ballot_sheet(every_kind))]
    headers = [next(csv.reader(io.StringIO(file.decode("utf-8-sig")))) for file in files]
    findings = {key for body in bodies for found in body["findings"] for key in found}
    used = {pattern(column) for header in headers for column in header} | {key for body in bodies for key in body}
    assert (used | findings) - described == set()
    assert described - (used | findings) <= {"doors", "voices"}  # of an open round, of an order


def test_where_whole_answers_stay_inside_no_digest_of_them_leaves(app):
    """From the digest of a few people's answers the answers could be found by trying."""
    told = json.loads(results_json(report(finished.a_finished_exercise(questions=4, level="L1"))))
    assert told["runs"]
    assert {run["input_digest"] for run in told["runs"]} == {None}
