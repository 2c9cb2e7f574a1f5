"""`ratings`: the Delphi statistics of each question, for everybody, each side and, if asked for, each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aggregation.cli.comparisons import between_rounds, between_sides, number, parts_of
from aggregation.cli.listing import Block, Listing
from aggregation.cli.sources import ratings_of
from aggregation.delphi import (
    NINE,
    RULES,
    SCALES,
    alternatives,
    average_majority,
    consistency,
    rand_ucla,
    summarise,
    tastle_wierman,
    van_der_eijk,
    wilson,
)

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from aggregation.cli.comparisons import Part, Row
    from aggregation.delphi import Appropriateness, RatingSummary, Scale, Tally, Verdict
    from aggregation.delphi.rand_ucla import PercentileRule
    from aggregation.ratings import Ratings

COUNTED = ("n", "missing", "cannot_judge")
DESCRIBED = (*COUNTED, "minimum", "q1", "median", "q3", "maximum", "mean", "iqr", "mad", "sd", "cv")
SHARES = ("high", "low", "high_share", "high_from", "high_to")
AGREEMENT = ("consensus", "agreement", "consistency")
APPROPRIATE = (
    *("p30", "p70", "ipr", "ipras", "disagreement_index", "disagreement"),
    *("classic_agreement", "classic_disagreement"),
)


def described(options: Namespace) -> Listing:
    """The statistics of each question, for everybody and then for each part of the panel."""
    ratings, scale, percentile = ratings_of(options), SCALES[options.scale], options.percentile
    parts = parts_of(ratings, groups=options.groups)
    decided = alternatives(ratings, RULES, scale)
    compared = {"between the sides and groups": between_sides(options, ratings, scale)}
    if options.before is not None:
        compared["since the round before"] = between_rounds(options, scale)
    rows = [row for part in parts for row in _rows(part, scale, percentile, decided)]
    blocks = _blocks(scale, tuple(decided))
    for heading, found in compared.items():
        rows = [row | found.get((row["item"], row["side"], row["group"]), {}) for row in rows]
        blocks += (
            [Block(heading, tuple(dict.fromkeys(name for row in found.values() for name in row)))] if found else []
        )
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
        notes=(*_notes(ratings, scale, percentile, majority), *_compared(options, ratings)),
        blocks=tuple(blocks),
    )


def _blocks(scale: Scale, rules: tuple[str, ...]) -> list[Block]:
    return [
        Block("answers", DESCRIBED),
        Block("high and low", SHARES),
        Block("agreement", AGREEMENT),
        *([Block("RAND/UCLA", APPROPRIATE)] if scale == NINE else []),
        Block("verdicts by rule", rules),
    ]


def _notes(ratings: Ratings, scale: Scale, percentile: PercentileRule, majority: Tally) -> tuple[str, ...]:
    return (
        f"people: {ratings.n_people}; quartiles: type 7; percentiles for RAND/UCLA: {percentile}",
        f"high: {_in_words(scale.high)}; low: {_in_words(scale.low)}",
        "high_from, high_to: Wilson's 95 % interval of the share of high answers",
        "consensus: Tastle and Wierman; agreement: van der Eijk; cv: sd / mean",
        f"answers that belong to a majority of their question: {majority.hits} of {majority.n}",
    )


def _compared(options: Namespace, ratings: Ratings) -> Iterator[str]:
    if len(ratings.strata_names) == 2:
        yield f"delta, superiority: {' above '.join(ratings.strata_names)}"
    if options.tests:
        yield "p-values: adjusted by Holm over the questions; a panel is no random sample"
    if options.before is not None:
        yield f"since {options.before}: stable is fewer than {options.margin} % crossed"


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
        row |= {"consensus": number(consensus), "agreement": number(agreement)}
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
    described |= {name: number(getattr(summary, name)[i]) for name in DESCRIBED if name not in COUNTED}
    return described | {
        "high": high,
        "low": int(summary.low[i]),
        "high_share": high / n if n else None,
        "high_from": interval.low if interval else None,
        "high_to": interval.high if interval else None,
    }


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
