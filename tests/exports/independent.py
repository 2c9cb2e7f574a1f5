"""Computes a list and all numbers from `ballots.csv` and `results.json` alone, with Python's own library.

    python tests/exports/independent.py ballots.csv results.json

It was written from the descriptions of the method, not from the application's code, and imports nothing of it. From
`results.json` it takes only what was declared: the sides' shares, the kinds and designs of the rounds, the questions of
each round, which round makes the list, and how long it is.
"""

from __future__ import annotations

import csv
import json
import sys
from fractions import Fraction
from pathlib import Path

POINTS_FOR_FIRST = 10
CANNOT_JUDGE = "cannot_judge"
HIGH = {"nine": (7, 8, 9), "five": (4, 5)}
Z = 1.959963984540054  # leaves 2.5 percent of the normal distribution above it


def ballots_in(path):
    """The rows of the file, with numbers as numbers and the rest as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: as_number(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def as_number(cell):
    """A number where the cell holds one; the keys of questions and groups stay text."""
    try:
        return int(cell) if cell.isdigit() else float(cell)
    except ValueError:
        return cell


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


def wilson(hits, n):
    """The interval for so many of so many: the shares that are less than Z standard errors away."""
    share, middle = hits / n, (hits + Z**2 / 2) / (n + Z**2)
    reach = Z / (n + Z**2) * (n * share * (1 - share) + Z**2 / 4) ** 0.5
    return [max(0.0, middle - reach), min(1.0, middle + reach)]


def percent(hits, n):
    """In whole percent, halves up."""
    return int(Fraction(100 * hits, n) + Fraction(1, 2))


def summary(values, high):
    """n, median, quartiles, the median distance from the median, and how many gave an answer in the high band."""
    hits, middle = sum(value in high for value in values), quantile(values, Fraction(1, 2))
    return {
        "n": len(values),
        "median": middle,
        "q1": quantile(values, Fraction(1, 4)),
        "q3": quantile(values, Fraction(3, 4)),
        "mad": quantile([abs(value - middle) for value in values], Fraction(1, 2)),
        "percent_high": percent(hits, len(values)),
        "interval": wilson(hits, len(values)),
    }


def voices(ballots, sides):
    """The ballots of everybody and of each side, by the name that the files give them; none of a side of nobody."""
    parts = {"whole": ballots}
    for side in sides:
        parts[f"side_{side['key']}"] = [ballot for ballot in ballots if ballot["side"] == side["key"]]
    return {name: mine for name, mine in parts.items() if mine}


def rated(ballots, keys, sides, scale):
    """For each question what everybody and what each side answered; empty cells and "can't judge" do not count."""
    found = {}
    for key in keys:
        given = {
            name: [ballot[key] for ballot in mine if not isinstance(ballot[key], str)]
            for name, mine in voices(ballots, sides).items()
        }
        found[key] = {name: summary(values, HIGH[scale]) for name, values in given.items() if values}
    return found


def chosen(ballots, keys, sides):
    """For each question how many of those who chose anything chose it."""
    speaking = [ballot for ballot in ballots if any(isinstance(ballot[key], int) for key in keys)]
    found = {}
    for key in keys:
        found[key] = {}
        for name, mine in voices(speaking, sides).items():
            hits, n = sum(isinstance(ballot[key], int) for ballot in mine), len(mine)
            found[key][name] = {"n": n, "chosen": hits, "percent": percent(hits, n), "interval": wilson(hits, n)}
    return found


def called(ballots, keys, sides, sets):
    """For each question how often it was shown, best and worst in sets of which both were said."""
    names = [f"{n}." for n in range(1, len(sets) + 1)]
    whole = [
        (ballot, [n for n, name in enumerate(names) if ballot[name + "best"] and ballot[name + "worst"]])
        for ballot in ballots
    ]
    speaking = [ballot | {"whole": mine} for ballot, mine in whole if mine]
    found = {}
    for key in keys:
        found[key] = {}
        for name, mine in voices(speaking, sides).items():
            at = [(ballot, names[n]) for ballot in mine for n in ballot["whole"] if key in sets[n]]
            best = sum(ballot[field + "best"] == key for ballot, field in at)
            worst = sum(ballot[field + "worst"] == key for ballot, field in at)
            cards = sum(len(ballot["whole"]) for ballot in mine)
            found[key][name] = {"n": len(mine), "shown": len(at), "best": best, "worst": worst, "cards": cards}
    return found


def scored(ballots, keys, sides):
    """For each question the mean answer to each criterion, their mean, and how far people agree."""
    fields = [name for name in ballots[0] if name.partition("/")[0] in keys and "/" in name] if ballots else []
    criteria = list(dict.fromkeys(field.partition("/")[2] for field in fields))
    found = {}
    for key in keys:
        found[key] = {}
        for name, mine in voices(ballots, sides).items():
            scorers = sum(any(not isinstance(ballot[field], str) for field in fields) for ballot in mine)
            given = [[ballot[f"{key}/{one}"] for ballot in mine] for one in criteria]
            given = [[Fraction(value) for value in values if not isinstance(value, str)] for values in given]
            means = [sum(values) / len(values) if values else None for values in given]
            common = [max(map(values.count, values), default=0) for values in given]
            found[key][name] = {
                "rps": None if None in means else float(sum(means) / len(means)),
                "aea": float(Fraction(sum(common), scorers * len(common))) if scorers else None,
                **{one: None if mean is None else float(mean) for one, mean in zip(criteria, means, strict=True)},
            }
    return found


def by_share(found, sides):
    """The share who chose each question, over the sides by their parts of the say."""
    return {
        key: sum(
            Fraction(side["share"], side["of"]) * Fraction(cell["chosen"], cell["n"])
            for side in sides
            for cell in [cells[f"side_{side['key']}"]]
        )
        for key, cells in found.items()
    }


def by_calls(found, sides):
    """Best less worst of the times shown; the sets that a side answered weigh its part of the say together."""
    scores = {}
    for key, cells in found.items():
        above, below = Fraction(0), Fraction(0)
        for side in sides:
            cell = cells[f"side_{side['key']}"]
            weight = Fraction(side["share"], side["of"]) / cell["cards"]
            above, below = above + weight * (cell["best"] - cell["worst"]), below + weight * cell["shown"]
        scores[key] = above / below if below else Fraction(0)
    return scores


def one_round(line, ballots, keys, sides):
    """What a round found of each question, and the scores that its list is made by (None where it makes none)."""
    design = line["design"]
    if line["kind"] == "ranking" or (line["kind"] == "choose" and design["ranked"]):
        found = {} if line["kind"] == "ranking" else chosen(ballots, keys, sides)
        return found, equal_weight(ballots, keys, sides)
    if line["kind"] == "choose":
        found = chosen(ballots, keys, sides)
        return found, by_share(found, sides)
    if line["kind"] == "best_worst":
        found = called(ballots, keys, sides, design["sets"])
        return found, by_calls(found, sides)
    if design.get("scale") == "chnri":
        return scored(ballots, keys, sides), None
    return rated(ballots, keys, sides, design.get("scale", "nine")), None


def compute(ballots, results):
    """The list, and what each round found."""
    found = {"top": [], "rounds": {}, "support": {}}
    for line in results["rounds"]:
        mine = [ballot for ballot in ballots if ballot["round"] == line["n"]]
        questions, scores = one_round(line, mine, questions_of(results, line["n"]), results["sides"])
        found["rounds"][str(line["n"])] = questions
        found["support"][str(line["n"])] = {key: str(score) for key, score in (scores or {}).items()}
        if line["n"] == results["list_round"]:
            found["top"] = top(scores, results["protocol"]["body"]["shortlist"])
    return found


def main():
    """Reads the two files named on the command line and prints what follows from them."""
    ballots, results = (Path(name) for name in sys.argv[1:])
    found = compute(ballots_in(ballots), json.loads(results.read_text(encoding="utf-8")))
    json.dump(found, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
