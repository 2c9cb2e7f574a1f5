"""Finds what is planted in the demo from `ballots.csv` and `results.json` alone, with Python's own library.

    python -m tests.exports.planted ballots.csv results.json

It was written from the description of the demo and of the methods, not from the application's code.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

from tests.exports.independent import ballots_in, equal_weight, quantile, questions_of, top

LAST_PLACE = 10


def name(key):
    """Which question a key is about."""
    return key.partition(".")[0]


def unheard(ballots, keys, listed):
    """For each question off the list, how many people put it above everything on the list."""
    people = Counter()
    for ballot in ballots:
        ranks = {key: ballot[key] for key in keys if isinstance(ballot[key], int)}
        best = min((ranks[key] for key in listed if key in ranks), default=float("inf"))
        people.update(name(key) for key, rank in ranks.items() if key not in listed and rank < best)
    return people


def disagreement(values):
    """The RAND/UCLA index: above 1 is disagreement; percentiles at (n + 1) p, exactly."""

    def at(p):
        place = (len(values) + 1) * p
        low = min(max(int(place), 1), len(values))
        high = min(low + 1, len(values))
        return in_order[low - 1] + (place - int(place)) * (in_order[high - 1] - in_order[low - 1])

    in_order = sorted(values)
    low, high = at(Fraction(3, 10)), at(Fraction(7, 10))
    return (high - low) / (Fraction(235, 100) + Fraction(3, 2) * abs(5 - (low + high) / 2))


def camps(ballots, keys, side):
    """Questions on which a side's middle answer lies in the middle because it disagrees."""
    found = []
    for key in keys:
        values = [ballot[key] for ballot in ballots if ballot["side"] == side and isinstance(ballot[key], int)]
        if 4 <= quantile(values, Fraction(1, 2)) <= 6 and disagreement(values) > 1:
            found.append(name(key))
    return found


def never_together(ballots, keys):
    """Pairs of questions that at least eight people each give a place, and nobody both."""
    placed = {key: {n for n, ballot in enumerate(ballots) if _has_a_place(ballot[key])} for key in keys}
    often = [key for key in keys if len(placed[key]) >= 8]
    return [tuple(map(name, pair)) for pair in combinations(often, 2) if not placed[pair[0]] & placed[pair[1]]]


def shifts(before, after, keys, side):
    """By how much a side's mean answer to each question moved between two rounds."""
    found = {}
    for key in keys:
        means = []
        for ballots in (before, after):
            values = [ballot[key] for ballot in ballots if ballot["side"] == side and isinstance(ballot[key], int)]
            means.append(Fraction(sum(values), len(values)))
        found[name(key)] = means[1] - means[0]
    return found


def largest_bloc(ballots, keys):
    """How many ballots are the same as each other, at most."""
    return Counter(tuple(ballot[key] for key in keys) for ballot in ballots).most_common(1)[0][1]


def swaps_of_one(ballots, keys, results):
    """Whether some one person, by exchanging two places of theirs, puts another question on the list."""
    sides, places = results["sides"], results["protocol"]["body"]["shortlist"]
    listed = {key for key, _place in top(equal_weight(ballots, keys, sides), places)}
    for ballot in ballots:
        mine = [key for key in keys if _has_a_place(ballot[key])]
        for one, other in combinations(mine, 2):
            ballot[one], ballot[other] = ballot[other], ballot[one]
            anew = {key for key, _place in top(equal_weight(ballots, keys, sides), places)}
            ballot[one], ballot[other] = ballot[other], ballot[one]
            if anew != listed:
                return True
    return False


def find(ballots, results):
    """Everything that is planted, as the two files tell it."""
    rounds = {n: [ballot for ballot in ballots if ballot["round"] == n] for n in (1, 2, 3, 4)}
    keys = {n: questions_of(results, n) for n in rounds}
    scores = equal_weight(rounds[3], keys[3], results["sides"])
    listed = [key for key, _place in top(scores, results["protocol"]["body"]["shortlist"])]
    return {
        "people": len(rounds[3]),
        "unheard": unheard(rounds[3], keys[3], listed),
        "camps": camps(rounds[1], keys[1], "lived"),
        "never_together": never_together(rounds[3], keys[3]),
        "shifts": {side: shifts(rounds[1], rounds[2], keys[1], side) for side in ("lived", "professionals")},
        "bloc": largest_bloc(rounds[4], keys[4]),
        "one_answer_swaps": swaps_of_one(rounds[3], keys[3], results),
    }


def _has_a_place(cell):
    return isinstance(cell, int) and cell <= LAST_PLACE


def main():
    """Reads the two files named on the command line and prints what is planted in them."""
    ballots, results = (Path(given) for given in sys.argv[1:])
    found = find(ballots_in(ballots), json.loads(results.read_text(encoding="utf-8")))
    json.dump(found, sys.stdout, indent=1, default=float)


if __name__ == "__main__":
    main()
