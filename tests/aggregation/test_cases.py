"""Real files with reference answers of independent programs, read where they lie; see `PRIORITY_CASES`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aggregation import FormatError, PairwiseTally, Profile, Ratings, StatisticError, rank, read
from aggregation.delphi import kendall_w, rand_ucla, summarise

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("PRIORITY_CASES", ROOT.parent / "shared" / "data" / "cases"))

READING = {"tied_last": "last", "ignored": "absent"}
METHODS = ("parse", "pairwise", "borda", "copeland", "kemeny", "item_summary", "rand_ucla", "kendall_w")
FORMATS = ("preflib", "rankcsv", "ratingcsv")

# The one file that must be refused although a reference program reads it: it names an undeclared alternative.
REFUSED = {"test2.soi": "line 20: alternative 6 is not declared"}

pytestmark = pytest.mark.cases


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*/*.cases.json")):
        for i, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            if case["format"] in FORMATS and case["method"] in METHODS:
                found.append(pytest.param(path.parent, case, id=f"{case['file']}-{case['method']}-{i}"))
    reason = pytest.mark.skip(reason=f"there are no cases at {CASES}; set PRIORITY_CASES to where they lie")
    return found or [pytest.param(None, {}, marks=reason)]


@pytest.mark.parametrize(("folder", "case"), cases())
def test_the_answer_is_the_reference(folder: Path, case: dict[str, Any]) -> None:
    path = folder / case["file"]
    if case["file"] in REFUSED:
        with pytest.raises(FormatError, match=REFUSED[case["file"]]):
            read(path, case["format"])
        return
    unranked = READING[case["params"].get("unranked", "tied_last")]
    CHECKS[case["method"]](read(path, case["format"], unranked=unranked), case["expected"], case["tolerance"])


def check_parse(profile: Profile, expected: dict[str, Any], _tolerance: float) -> None:
    ranked = profile.ranks > 0
    ties = any(len(set(row[row > 0].tolist())) < (row > 0).sum() for row in profile.ranks)
    found = {
        "n_alternatives": profile.n_items,
        "total_weight": int(profile.counts.sum()),
        "n_distinct_ballots": len({order_of(row) for row in profile.ranks.tolist()}),
        "blank_weight": int(profile.counts[~ranked.any(axis=1)].sum()),
        "complete": bool(ranked.all()),
        "ties": ties,
    }
    assert found == expected


def order_of(row: list[int]) -> tuple[int, ...]:
    """Dense ranks: ranks need not be, and the same order may be written with other numbers."""
    levels = sorted({rank for rank in row if rank})
    return tuple(levels.index(rank) + 1 if rank else 0 for rank in row)


def check_pairwise(profile: Profile, expected: dict[str, Any], tolerance: float) -> None:
    support = PairwiseTally.of(profile).shared().counts
    np.testing.assert_allclose(support, expected["matrix"], rtol=0, atol=tolerance)


def check_scores(method: str) -> Any:
    def check(profile: Profile, expected: dict[str, Any], tolerance: float) -> None:
        ranking = rank(profile, method)
        assert dict(zip(ranking.items, ranking.scores, strict=True)) == pytest.approx(expected["scores"], abs=tolerance)
        assert [sorted(tier) for tier in ranking.tiers] == [sorted(tier) for tier in expected["ranking"]]

    return check


def check_kemeny(profile: Profile, expected: dict[str, Any], _tolerance: float) -> None:
    ranking = rank(profile, "kemeny")
    assert ranking.diagnostics["cost"] == expected["distance"]
    assert ranking.diagnostics["optimal"]
    assert ranking.diagnostics["n_optimal"] == expected["n_optimal"]
    orders = expected["optimal_rankings"]
    if orders:
        assert [item for tier in ranking.tiers for item in tier] in orders
        heads = np.cumsum([len(tier) for tier in ranking.tiers]).tolist()
        common = [n for n in range(1, profile.n_items + 1) if len({frozenset(order[:n]) for order in orders}) == 1]
        assert heads == common


def check_summary(ratings: Ratings, expected: dict[str, Any], tolerance: float) -> None:
    summary = summarise(ratings)
    assert set(expected) == set(ratings.items)
    for item, wanted in expected.items():
        i = ratings.items.index(item)
        low, high = summary.low_of(i), summary.high_of(i)
        found = {
            "n": summary.n[i],
            "missing": summary.missing[i],
            "min": summary.minimum[i],
            "q1": summary.q1[i],
            "median": summary.median[i],
            "q3": summary.q3[i],
            "max": summary.maximum[i],
            "iqr": summary.q3[i] - summary.q1[i],
            "mean": summary.mean[i],
            "pct_1_3": 100 * low.hits / low.n,
            "pct_4_6": 100 * (low.n - low.hits - high.hits) / low.n,
            "pct_7_9": 100 * high.hits / high.n,
        }
        assert found == pytest.approx({name: wanted[name] for name in found}, abs=tolerance)
        if "published_agreement" in wanted:
            assert (summary.median[i] >= 7) == (wanted["published_agreement"] == "agree")
            assert (summary.q3[i] - summary.q1[i] <= 3) == wanted["published_consensus"]


def check_rand_ucla(ratings: Ratings, expected: dict[str, Any], tolerance: float) -> None:
    summary = summarise(ratings)
    for rule, key in (("linear", "type7"), ("weibull", "type6")):
        results = rand_ucla(summary, percentile=rule)
        for item, wanted in expected.items():
            i = ratings.items.index(item)
            result = results[i]
            found = {
                "p30": float(result.p30),
                "p70": float(result.p70),
                "ipr": float(result.ipr),
                "asymmetry_index": float(result.asymmetry),
                "ipras": float(result.ipras),
                "disagreement": result.disagreement,
            }
            assert found == pytest.approx(wanted[key], abs=tolerance)
            assert (float(result.median), result.n) == (wanted["median"], wanted["n"])
            assert (summary.low[i], summary.high[i]) == (wanted["n_1_3"], wanted["n_7_9"])
            assert result.classic_disagreement == wanted["classic_thirds_disagreement"]


def check_kendall_w(ratings: Ratings, expected: dict[str, Any], tolerance: float) -> None:
    result = kendall_w(ratings.values, fewest=2)
    found = {
        "raters": result.raters,
        "items": result.items,
        "W_uncorrected": result.uncorrected,
        "W": result.w,
        "chi2": result.chi2,
        "df": result.df,
        "p": result.p_value(),
    }
    assert found == pytest.approx(expected, abs=tolerance)
    if result.raters < 5:
        with pytest.raises(StatisticError):
            kendall_w(ratings.values)


CHECKS = {
    "parse": check_parse,
    "pairwise": check_pairwise,
    "borda": check_scores("borda"),
    "copeland": check_scores("copeland"),
    "kemeny": check_kemeny,
    "item_summary": check_summary,
    "rand_ucla": check_rand_ucla,
    "kendall_w": check_kendall_w,
}
