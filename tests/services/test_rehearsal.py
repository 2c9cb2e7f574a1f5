"""An exercise of made-up people, run twice: the same decisions and the same digest."""

from __future__ import annotations

import pytest

from priority.cli import main


def simulated(capsys, *options):
    assert main(["simulate", *options]) == 0
    return capsys.readouterr().out.splitlines()


def test_eighteen_people_decide_the_same_when_it_is_run_again(capsys):
    first = simulated(capsys, "--people", "18")
    assert first == simulated(capsys, "--people", "18")
    assert [line.split(":")[0] for line in first[:-1]] == [
        "Round 1 (rating)",
        "Round 2 (rating)",
        "Round 3 (ranking)",
        "The list by jla",
    ]
    assert first[-1].startswith("digest ")
    assert first != simulated(capsys, "--people", "18", "--seed", "2")


@pytest.mark.slow
def test_three_hundred_people_decide_the_same_when_it_is_run_again(capsys):
    assert simulated(capsys, "--questions", "20") == simulated(capsys, "--questions", "20")


@pytest.mark.parametrize("options", [("--people", "9"), ("--questions", "4"), ("--seed", "-1")])
def test_sizes_that_make_no_exercise_are_refused(capsys, options):
    assert main(["simulate", *options]) == 1
    assert capsys.readouterr().out.startswith("At least 10 people")
