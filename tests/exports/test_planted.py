"""What is planted in the demo is found in its files: by a script that knows nothing of us, and in what we say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from priority.exports.ballots import ballots_csv
from priority.exports.results import results_json
from priority.queries.report import report
from priority.services import publication
from tests.loaded_demo import demo_in

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def files(tmp_path_factory, migrated):
    """The folder with the two files of the finished exercise."""
    folder = tmp_path_factory.mktemp("planted")
    with demo_in(folder, migrated) as demo:
        (folder / "ballots.csv").write_bytes(ballots_csv(publication.ballot_sheet(demo.finished)))
        (folder / "results.json").write_bytes(results_json(report(demo.finished)))
    return folder


@pytest.fixture(scope="module")
def planted(files):
    """What the independent script finds."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.exports.planted", files / "ballots.csv", files / "results.json"],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def findings(files):
    """What our own file says of each round."""
    told = json.loads((files / "results.json").read_text(encoding="utf-8"))
    return {one["round"]: one for one in told["findings"]}


def about(rows, number):
    return next(row for row in rows if row["number"] == number)


def test_q4_is_unheard(planted, findings):
    alarmed = {question: people for question, people in planted["unheard"].items() if people * 11 > planted["people"]}
    assert alarmed == {"Q4": 7}
    said = [row for row in findings[3]["voices"]["unheard"]["questions"] if row["alarm"]]
    assert [(row["number"], row["people"]) for row in said] == [(4, 7)]


def test_counts_under_five_are_not_told(planted, findings):
    few = {question for question, people in planted["unheard"].items() if people < 5}
    assert len(few) >= 5
    for row in findings[3]["voices"]["unheard"]["questions"]:
        assert f"Q{row['number']}" not in few or (row["people"], row["share"], row["sides"]) == (None, None, None)


def test_q8_has_two_camps(planted, files):
    assert planted["camps"] == ["Q8"]
    questions = json.loads((files / "results.json").read_text(encoding="utf-8"))["questions"]
    first = next(one for one in about(questions, 8)["ratings"] if one["round"] == 1)
    assert first["disagreement"] is True


def test_q2_and_q3_are_never_on_one_ballot(planted):
    assert {"Q2", "Q3"} in [set(pair) for pair in planted["never_together"]]


def test_professionals_moved_on_q5_and_people_living_with_it_did_not(planted, findings):
    by_professionals = planted["shifts"]["professionals"]
    assert max(by_professionals, key=lambda question: abs(by_professionals[question])) == "Q5"
    assert abs(planted["shifts"]["lived"]["Q5"]) < Fraction(1, 4)
    said = about(findings[2]["movement"]["questions"], 5)["sides"]
    assert said["professionals"]["toward"]["lived"]["beyond_chance"] is True
    assert said["lived"]["toward"]["professionals"]["beyond_chance"] is False


def test_twenty_slips_are_alike_and_the_file_says_so_without_accusing(planted, findings):
    doors = findings[4]["doors"]
    assert planted["bloc"] == doors["bloc"]["identical"] == 20
    assert doors["bloc"]["size"] > doors["bloc"]["chance"]["most"]
    assert "fraud" not in json.dumps(doors)


def test_the_places_around_the_last_one_cannot_be_told_apart_and_one_answer_swaps_them(planted, findings):
    assert planted["one_answer_swaps"] is True
    voices = findings[3]["voices"]
    assert {row["people"] for row in voices["swaps"]["questions"]} == {1}
    places = {row["key"]: row["place"] for row in voices["rank_sets"]["questions"]}
    level = [sorted(places[key] for key in keys) for keys in voices["rank_sets"]["level"]]
    assert any(set(range(8, 15)) <= set(mine) for mine in level)
