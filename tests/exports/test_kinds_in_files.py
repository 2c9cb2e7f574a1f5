"""Rounds of every kind: page, files and an independent script say the same, and leave the same people out."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from priority.exports.results import results_csv, results_json
from priority.queries.report import report
from priority.queries.rounds import rounds_of
from priority.services import recomputing
from priority.words import RoleName
from tests import factories
from tests.exports import every_kind_of_round, pages
from tests.exports.every_kind_of_round import CHOICE, CRITERIA, FIVE, NINE, RANKED, SETS
from tests.exports.test_files import between, independently, rows_of

VOICES = ("whole", "side_lived", "side_professionals")


@pytest.fixture
def told(every_kind, client, sign_in, tmp_path):
    """The page, the table, the JSON and what the script finds from the ballots, of one exercise."""
    sign_in(client, factories.a_person(every_kind.organisation, RoleName.RESEARCHER))
    page = client.get(f"/staff/e/{every_kind.public_id}/results")
    assert page.status_code == 200
    value = report(every_kind)
    in_file = {row["key"]: row for row in rows_of(results_csv(value))}
    return page.text, in_file, json.loads(results_json(value)), independently(every_kind, tmp_path)


def cells_of(page, n):
    return pages.table(page, f"Round {n} in numbers")


def by_voice(cells, width):
    """The cells of a row after the question and its support, by voice."""
    return {voice: cells[2 + width * at : 2 + width * (at + 1)] for at, voice in enumerate(VOICES)}


def close(cell, number):
    """Whether a cell of a table says a number to four digits, or nothing where there is none."""
    return cell in {"", "–"} if number is None else float(cell) == pytest.approx(float(number), abs=5.1e-5)


@pytest.mark.parametrize("n", [CHOICE, RANKED])
def test_choices_are_the_same_on_the_page_in_the_file_and_from_the_ballots(told, n):
    page, in_file, body, found = told
    for key, voices in found["rounds"][str(n)].items():
        shown = by_voice(cells_of(page, n)[key], 3)
        for voice, numbers in voices.items():
            percent = f"{numbers['percent']} % ({between(numbers['interval'])})"
            assert shown[voice] == [str(numbers["n"]), str(numbers["chosen"]), percent]
            row = {name: in_file[key][f"r{n}_{voice}_{name}"] for name in ("n", "chosen", "percent_chosen")}
            assert list(row.values()) == [str(numbers[name]) for name in ("n", "chosen", "percent")]
            for name, end in zip(("interval_low", "interval_high"), numbers["interval"], strict=True):
                assert close(in_file[key][f"r{n}_{voice}_{name}"], end)
        if n == CHOICE:
            support = found["support"][str(n)][key]
            assert close(cells_of(page, n)[key][1], Fraction(support))
            assert close(in_file[key][f"r{n}_support"], Fraction(support))
            in_json = next(one for one in body["questions"] if one["key"] == key)["found"]
            assert next(one for one in in_json if one["round"] == n)["support"] == support


def test_best_and_worst_are_the_same_on_the_page_in_the_file_and_from_the_ballots(told):
    page, in_file, body, found = told
    assert body["rounds"][SETS - 1]["design"]["balanced"] is True
    for key, voices in found["rounds"][str(SETS)].items():
        shown = by_voice(cells_of(page, SETS)[key], 5)
        for voice, numbers in voices.items():
            counts = [str(numbers[name]) for name in ("n", "shown", "best", "worst")]
            assert shown[voice][:4] == counts
            assert [in_file[key][f"r2_{voice}_{name}"] for name in ("n", "shown", "best", "worst")] == counts
            score = (numbers["best"] - numbers["worst"]) / numbers["shown"]
            assert close(shown[voice][4], score)
            assert close(in_file[key][f"r2_{voice}_score"], score)
        assert close(in_file[key]["r2_support"], Fraction(found["support"]["2"][key]))
        assert close(cells_of(page, SETS)[key][1], Fraction(found["support"]["2"][key]))


def test_criteria_are_the_same_on_the_page_in_the_file_and_from_the_ballots(told):
    page, in_file, _body, found = told
    names = ("answerability", "effectiveness", "deliverability", "burden", "equity")
    for key, voices in found["rounds"][str(CRITERIA)].items():
        shown = by_voice(cells_of(page, CRITERIA)[key], 8)
        for voice, numbers in voices.items():
            scores = [numbers[name] for name in ("rps", "aea", *names)]
            assert all(map(close, shown[voice][1:], scores))
            columns = ("rps", "aea", *(f"criterion_{name}" for name in names))
            assert all(map(close, (in_file[key][f"r4_{voice}_{column}"] for column in columns), scores))


@pytest.mark.parametrize(("n", "high"), [(FIVE, "4–5"), (NINE, "7–9")])
def test_ratings_on_both_scales_are_the_same_on_the_page_in_the_file_and_from_the_ballots(told, n, high):
    page, in_file, _body, found = told
    assert f"Percent who chose {high}:" in page or n == FIVE  # beside a question stands the last round of ratings
    assert f'<th scope="col">{high}</th>' in page
    for key, voices in found["rounds"][str(n)].items():
        cells = cells_of(page, n)[key][3:]
        for at, (voice, numbers) in enumerate(voices.items()):
            people, median, quartiles, percent = cells[4 * at : 4 * at + 4]
            assert people.split(" of ")[0] == str(numbers["n"])
            assert float(median) == numbers["median"]
            assert [float(one) for one in quartiles.split("–")] == [numbers["q1"], numbers["q3"]]
            assert percent == f"{numbers['percent_high']} % ({between(numbers['interval'])})"
            for name in ("n", "median", "q1", "q3", "mad", "percent_high"):
                assert float(in_file[key][f"r{n}_{voice}_{name}"]) == numbers[name]


def test_the_list_of_the_last_round_and_its_ties_are_found_from_the_ballots(told):
    page, in_file, body, found = told
    assert body["list_round"] == RANKED
    listed = {(key, str(place)) for key, place in found["top"]}
    assert listed == {(row["key"], row["place"]) for row in in_file.values() if row["listed"] == "yes"}
    texts = {row["key"]: row["text"] for row in in_file.values()}
    assert sorted(pages.ranked(page)[: len(listed)]) == sorted((place, texts[key]) for key, place in found["top"])


def test_every_list_is_in_the_order_that_the_script_finds(told, every_kind):
    _page, _in_file, body, found = told
    primary = {run["round"]: run["tiers"] for run in body["runs"] if run["primary"]}
    assert set(primary) == {CHOICE, SETS, RANKED}
    for n, tiers in primary.items():
        scores = {key: Fraction(score) for key, score in found["support"][str(n)].items()}
        levels = sorted(set(scores.values()), reverse=True)
        assert [sorted(tier) for tier in tiers] == [
            sorted(key for key in scores if scores[key] == level) for level in levels
        ]
    assert all(one.same for one in recomputing.recompute(every_kind))


# -- who may not be told ---------------------------------------------------------------------------------------------
def told_columns(in_file, n):
    """The voices that a table has numbers of in a round."""
    return {
        name.removeprefix(f"r{n}_").removesuffix("_n")
        for row in in_file
        for name, cell in row.items()
        if name.startswith(f"r{n}_") and name.endswith("_n") and cell
    }


@pytest.mark.parametrize(
    ("panel", "voices"),
    [
        ({"patients": 11, "carers": 3, "nurses": 8, "doctors": 8}, {*VOICES, "group_nurses", "group_doctors"}),
        ({"patients": 12, "carers": 8, "nurses": 3}, {"whole"}),
        ({"patients": 2, "nurses": 2}, set()),
    ],
)
def test_no_file_and_no_page_tells_few_people_in_any_kind_of_round(app, client, sign_in, panel, voices):
    exercise = every_kind_of_round.an_exercise(panel=panel, seed=3)
    value = report(exercise)
    in_file = rows_of(results_csv(value))
    body = json.loads(results_json(value))
    for round_ in rounds_of(exercise):
        assert told_columns(in_file, round_.n) <= voices
    assert told_columns(in_file, SETS) == voices
    for question in body["questions"]:
        for one in question["found"] + question["ratings"]:
            assert set(one["cells"]) <= voices
            assert all(cell["n"] >= 5 for cell in one["cells"].values())
            assert one.get("support") is None or set(VOICES) <= voices
    if "side_lived" not in voices:  # a score over the sides would give the small one away
        assert {row["score"] for row in in_file} == {""}
        assert {row[f"r{n}_support"] for row in in_file for n in (CHOICE, SETS, CRITERIA)} == {""}
    sign_in(client, factories.a_person(exercise.organisation, RoleName.RESEARCHER))
    page = client.get(f"/staff/e/{exercise.public_id}/results").text
    for key in cells_of(page, SETS):
        assert (cells_of(page, SETS)[key][1] == "–") == ("side_lived" not in voices)
