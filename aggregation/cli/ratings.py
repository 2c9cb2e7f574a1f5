"""`ratings`: the Delphi statistics of each question."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from aggregation.cli.listing import Cell, Listing
from aggregation.cli.sources import ratings_of
from aggregation.delphi import rand_ucla, summarise, wilson

if TYPE_CHECKING:
    from argparse import Namespace

    from aggregation.delphi import Appropriateness, RatingSummary
    from aggregation.delphi.rand_ucla import PercentileRule
    from aggregation.ratings import Ratings

DESCRIBED = ("n", "missing", "cannot_judge", "minimum", "q1", "median", "q3", "maximum", "mean")
SHARES = ("high", "low", "high_share", "high_from", "high_to")
APPROPRIATE = (
    *("p30", "p70", "ipr", "ipras", "disagreement_index", "disagreement"),
    *("classic_agreement", "classic_disagreement"),
)


def described(options: Namespace) -> Listing:
    """The statistics of each question, for everybody and then for each side."""
    ratings, percentile = ratings_of(options), options.percentile
    parts = {"": ratings, **ratings.by_side()}
    rows: list[dict[str, Cell]] = []
    for side, part in parts.items():
        rows += _rows(part, side, percentile)
    sides = ("side",) if len(parts) > 1 else ()
    columns = ("item", *sides, *DESCRIBED, *SHARES, *APPROPRIATE)
    return Listing(
        columns=columns,
        rows=tuple(tuple(row[column] for column in columns) for row in rows),
        value={
            "people": ratings.n_people,
            "quartiles": "type 7",
            "percentile": percentile,
            "items": [{name: row[name] for name in columns} for row in rows],
        },
        notes=(
            f"people: {ratings.n_people}; quartiles: type 7; percentiles for RAND/UCLA: {percentile}",
            "high: 7 to 9; low: 1 to 3; high_from, high_to: Wilson's 95 % interval of the share in 7 to 9",
        ),
    )


def _rows(ratings: Ratings, side: str, percentile: PercentileRule) -> list[dict[str, Cell]]:
    summary = summarise(ratings)
    results = rand_ucla(summary, percentile=percentile)
    return [
        {"item": item, "side": side, **_described(summary, i), **_appropriate(results[i])}
        for i, item in enumerate(summary.items)
    ]


def _described(summary: RatingSummary, i: int) -> dict[str, Cell]:
    n, high = int(summary.n[i]), int(summary.high[i])
    interval = wilson(high, n) if n else None
    described: dict[str, Cell] = {name: int(getattr(summary, name)[i]) for name in DESCRIBED[:3]}
    for name in DESCRIBED[3:]:
        value = float(getattr(summary, name)[i])
        described[name] = None if isnan(value) else value
    return described | {
        "high": high,
        "low": int(summary.low[i]),
        "high_share": high / n if n else None,
        "high_from": interval.low if interval else None,
        "high_to": interval.high if interval else None,
    }


def _appropriate(result: Appropriateness | None) -> dict[str, Cell]:
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
