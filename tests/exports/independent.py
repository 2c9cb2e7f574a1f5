"""Computes a Top 10, medians and shares from `ballots.csv` and `results.json` alone, with Python's own library.

    python tests/exports/independent.py ballots.csv results.json

It was written from the descriptions of the method, not from the application's code, and imports nothing of it. From
`results.json` it takes only what was declared: the sides' shares, the kinds of the rounds, the questions of each
round, the length of the list.
"""

from __future__ import annotations

import csv
import json
import sys
from fractions import Fraction
from pathlib import Path

POINTS_FOR_FIRST = 10
CANNOT_JUDGE = "cannot_judge"


def ballots_in(path):
    """The rows of the file, with numbers as numbers and the rest as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: int(cell) if cell.isdigit() else cell for name, cell in row.items()} for row in csv.DictReader(file)
        ]


def questions_of(results, n):
    """The keys of the questions of round `n`."""
    return [
        wording["key"] for question in results["questions"] for wording in question["wordings"] if wording["round"] == n
    ]


def means_of_tied(values, worth):
    """What each of `values` (key: rank, lower is better) is worth when those that tie share the mean of their places.

    `worth(place)` is what a place is worth, place 1 first.
    """
    in_order = sorted(values, key=values.get)
    found = {}
    while in_order:
        tied = [key for key in in_order if values[key] == values[in_order[0]]]
        first = len(found) + 1
        mean = Fraction(sum(worth(place) for place in range(first, first + len(tied))), len(tied))
        found.update(dict.fromkeys(tied, mean))
        in_order = in_order[len(tied) :]
    return found


def points_of(ballot, keys):
    """Ten points for the first of the ordered ten, nine for the second; nothing for piles and what was left out."""
    ordered = {key: ballot[key] for key in keys if isinstance(ballot[key], int) and ballot[key] <= POINTS_FOR_FIRST}
    return means_of_tied(ordered, lambda place: max(0, POINTS_FOR_FIRST + 1 - place))


def equal_weight(ballots, keys, sides):
    """The score of each question: places on the sides' lists, scored again from N to 1, times the sides' shares."""
    scores = dict.fromkeys(keys, Fraction(0))
    for side in sides:
        sums = dict.fromkeys(keys, Fraction(0))
        for ballot in ballots:
            if ballot["side"] == side["key"]:
                for key, points in points_of(ballot, keys).items():
                    sums[key] += points
        again = means_of_tied({key: -total for key, total in sums.items()}, lambda place: len(keys) + 1 - place)
        weight = Fraction(side["share"], side["of"]) * len(sides)
        for key in keys:
            scores[key] += weight * again[key]
    return scores


def top(scores, length):
    """Keys with their places, best first; as many as `length`, and all that tie with the last of them."""
    places = {key: 1 + sum(other > score for other in scores.values()) for key, score in scores.items()}
    listed = [key for key in sorted(scores, key=lambda key: places[key]) if places[key] <= length]
    return [[key, places[key]] for key in listed]


def quantile(values, p):
    """Between the two nearest answers, in proportion (type 7)."""
    values = sorted(values)
    at = (len(values) - 1) * p
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return float(values[low] + (values[high] - values[low]) * (at - low))


def summary(values):
    """n, median, quartiles, and how many gave 7 to 9, in whole percent with halves up."""
    high = sum(value >= 7 for value in values)
    return {
        "n": len(values),
        "median": quantile(values, Fraction(1, 2)),
        "q1": quantile(values, Fraction(1, 4)),
        "q3": quantile(values, Fraction(3, 4)),
        "percent_high": int(Fraction(100 * high, len(values)) + Fraction(1, 2)),
    }


def rated(ballots, keys, sides):
    """For each question what everybody and what each side answered; empty cells and "can't judge" do not count."""
    found = {}
    for key in keys:
        given = {"whole": [ballot[key] for ballot in ballots if isinstance(ballot[key], int)]}
        for side in sides:
            mine = [ballot for ballot in ballots if ballot["side"] == side["key"]]
            given[f"side_{side['key']}"] = [ballot[key] for ballot in mine if isinstance(ballot[key], int)]
        found[key] = {voice: summary(values) for voice, values in given.items() if values}
    return found


def compute(ballots, results):
    """The list, and what each rating round found."""
    found = {"top": [], "rounds": {}}
    for line in results["rounds"]:
        mine = [ballot for ballot in ballots if ballot["round"] == line["n"]]
        keys = questions_of(results, line["n"])
        if line["kind"] == "rating":
            found["rounds"][str(line["n"])] = rated(mine, keys, results["sides"])
        elif line["kind"] == "ranking":
            scores = equal_weight(mine, keys, results["sides"])
            found["top"] = top(scores, results["protocol"]["body"]["shortlist"])
    return found


def main():
    """Reads the two files named on the command line and prints what follows from them."""
    ballots, results = (Path(name) for name in sys.argv[1:])
    found = compute(ballots_in(ballots), json.loads(results.read_text(encoding="utf-8")))
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
