"""`ratings`: the Delphi statistics of each question, for everybody, each side and, if asked for, each group."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from aggregation.cli.listing import Block, Cell, Listing
from aggregation.cli.rounds import two_rounds
from aggregation.cli.sources import ratings_of
from aggregation.delphi import (
    NINE,
    RULES,
    SCALES,
    alternatives,
    average_majority,
    change,
    consistency,
    rand_ucla,
    stable,
    summarise,
    tastle_wierman,
    van_der_eijk,
    wilson,
)

if TYPE_CHECKING:
    from argparse import Namespace

    from aggregation.delphi import Appropriateness, RatingSummary, Scale, Tally, Verdict
    from aggregation.delphi.rand_ucla import PercentileRule
    from aggregation.ratings import Ratings

Row = dict[str, Cell]

COUNTED = ("n", "missing", "cannot_judge")
DESCRIBED = (*COUNTED, "minimum", "q1", "median", "q3", "maximum", "mean", "iqr", "mad", "sd", "cv")
SHARES = ("high", "low", "high_share", "high_from", "high_to")
AGREEMENT = ("consensus", "agreement", "consistency")
APPROPRIATE = (
    *("p30", "p70", "ipr", "ipras", "disagreement_index", "disagreement"),
    *("classic_agreement", "classic_disagreement"),
)
COMPARED = ("changed", "crossed", "mean_absolute", "histogram_change", "cv_difference")
ASSOCIATED = ("kappa_linear", "kappa_quadratic", "spearman")
SINCE = ("pairs", *COMPARED, *ASSOCIATED, "stability")


@dataclass(frozen=True, slots=True)
class Part:
    """Whose answers a row is about: everybody's, where neither a side nor a group is named."""

    side: str
    group: str
    ratings: Ratings


def described(options: Namespace) -> Listing:
    """The statistics of each question, for everybody and then for each part of the panel."""
    ratings, scale, percentile = ratings_of(options), SCALES[options.scale], options.percentile
    parts = parts_of(ratings, groups=options.groups)
    decided = alternatives(ratings, RULES, scale)
    since = {} if options.before is None else _changes(options, scale)
    rows = [row for part in parts for row in _rows(part, scale, percentile, decided)]
    rows = [row | since.get((row["item"], row["side"], row["group"]), {}) for row in rows]
    blocks = _blocks(scale, tuple(decided), since=options.before is not None)
    keys = ("item", *(key for key in ("side", "group") if any(getattr(part, key) for part in parts)))
    columns = (*keys, *(column for block in blocks for column in block.columns))
    majority = average_majority(summarise(ratings, scale))
    return Listing(
        columns=columns,
        rows=tuple(tuple(row.get(column) for column in columns) for row in rows),
        value={
            "people": ratings.n_people,
            "scale": options.scale,
            "quartiles": "type 7",
            "percentile": percentile,
            "average_majority": {"hits": majority.hits, "n": majority.n},
            "items": [{name: row.get(name) for name in columns} for row in rows],
        },
        notes=(*_notes(ratings, scale, percentile, majority), *_since(options)),
        blocks=blocks,
    )


def _blocks(scale: Scale, rules: tuple[str, ...], *, since: bool) -> tuple[Block, ...]:
    return (
        Block("answers", DESCRIBED),
        Block("high and low", SHARES),
        Block("agreement", AGREEMENT),
        *([Block("RAND/UCLA", APPROPRIATE)] if scale == NINE else []),
        Block("verdicts by rule", rules),
        *([Block("since the round before", SINCE)] if since else []),
    )


def _notes(ratings: Ratings, scale: Scale, percentile: PercentileRule, majority: Tally) -> tuple[str, ...]:
    return (
        f"people: {ratings.n_people}; quartiles: type 7; percentiles for RAND/UCLA: {percentile}",
        f"high: {_in_words(scale.high)}; low: {_in_words(scale.low)}",
        "high_from, high_to: Wilson's 95 % interval of the share of high answers",
        "consensus: Tastle and Wierman; agreement: van der Eijk; cv: sd / mean",
        f"answers that belong to a majority of their question: {majority.hits} of {majority.n}",
    )


def _since(options: Namespace) -> tuple[str, ...]:
    return (
        () if options.before is None else (f"since {options.before}: stable is fewer than {options.margin} % crossed",)
    )


def parts_of(ratings: Ratings, *, groups: bool) -> list[Part]:
    """Everybody, then each side, then, if asked for, each group."""
    parts = [Part("", "", ratings), *(Part(name, "", part) for name, part in ratings.by_side().items())]
    return parts + [Part("", name, part) for name, part in ratings.by_group().items() if groups]


def _in_words(points: tuple[float, ...]) -> str:
    return f"{points[0]:g}" if len(points) == 1 else f"{points[0]:g} to {points[-1]:g}"


def _rows(part: Part, scale: Scale, percentile: PercentileRule, decided: dict[str, tuple[Verdict, ...]]) -> list[Row]:
    summary = summarise(part.ratings, scale)
    agreed = zip(tastle_wierman(summary.histogram, scale), van_der_eijk(summary.histogram), strict=True)
    rows: list[Row] = [
        {"item": item, "side": part.side, "group": part.group, **_described(summary, i)}
        for i, item in enumerate(summary.items)
    ]
    for row, (consensus, agreement) in zip(rows, agreed, strict=True):
        row |= {"consensus": _number(consensus), "agreement": _number(agreement)}
    if scale == NINE:
        words, results = consistency(summary), rand_ucla(summary, percentile=percentile)
        for row, word, result in zip(rows, words, results, strict=True):
            row |= {"consistency": word, **_appropriate(result)}
    if not part.side and not part.group:
        for i, row in enumerate(rows):
            row |= {key: found[i].decision for key, found in decided.items()}
    return rows


def _described(summary: RatingSummary, i: int) -> Row:
    n, high = int(summary.n[i]), int(summary.high[i])
    interval = wilson(high, n) if n else None
    described: Row = {name: int(getattr(summary, name)[i]) for name in COUNTED}
    described |= {name: _number(getattr(summary, name)[i]) for name in DESCRIBED if name not in COUNTED}
    return described | {
        "high": high,
        "low": int(summary.low[i]),
        "high_share": high / n if n else None,
        "high_from": interval.low if interval else None,
        "high_to": interval.high if interval else None,
    }


def _changes(options: Namespace, scale: Scale) -> dict[tuple[Cell, Cell, Cell], Row]:
    """What those who answered in both rounds changed, by item, side and group."""
    before, after = two_rounds(options.before, options.file)
    earlier = {(part.side, part.group): part.ratings for part in parts_of(before, groups=options.groups)}
    found: dict[tuple[Cell, Cell, Cell], Row] = {}
    for part in parts_of(after, groups=options.groups):
        changed = change(earlier[part.side, part.group], part.ratings, scale)
        for i, settled in enumerate(stable(changed, options.margin)):
            numbers = {name: _number(getattr(changed, name)[i]) for name in (*COMPARED, *ASSOCIATED)}
            counts = {name: int(getattr(changed, name)[i]) for name in ("changed", "crossed")}
            row: Row = {"pairs": int(changed.n[i]), **numbers, **counts, "stability": settled.verdict}
            found[settled.item, part.side, part.group] = row
    return found


def _number(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _appropriate(result: Appropriateness | None) -> Row:
    if result is None:
        return dict.fromkeys(APPROPRIATE)
    return {
        "p30": float(result.p30),
        "p70": float(result.p70),
        "ipr": float(result.ipr),
        "ipras": float(result.ipras),
        "disagreement_index": float(result.di),
        "disagreement": result.disagreement,
        "classic_agreement": result.classic_agreement,
        "classic_disagreement": result.classic_disagreement,
    }
