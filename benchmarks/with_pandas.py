"""The statistics of ratings as one would write them with pandas and SciPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation import Ratings

Found = dict[str, Any]


def statistics(first: Ratings, second: Ratings) -> dict[tuple[str, str], Any]:
    """What pandas and SciPy say of two rounds, by the part of the panel ("" is everybody) and the statistic."""
    before, after = (pd.DataFrame(each.values, columns=list(each.items)) for each in (first, second))
    sides, groups = (np.array(each)[codes] for each, codes in _labels(second))
    frames = {"": after}
    for labels in (sides, groups):
        frames |= {str(name): frame for name, frame in after.groupby(labels)}
    found: dict[tuple[str, str], Any] = {}
    for name, frame in frames.items():
        found |= {(name, each): value for each, value in _described(frame).items()}
    enough, few = (100 * (after >= 7).sum() >= 70 * after.count()), (100 * (after <= 3).sum() < 15 * after.count())
    found["", "in"] = (enough & few).to_numpy()
    found |= {("", each): value for each, value in _changed(before, after).items()}
    return found | {("", each): value for each, value in _compared(frames, set(groups.tolist())).items()}


def _labels(ratings: Ratings) -> list[tuple[tuple[str, ...], Any]]:
    return [(ratings.strata_names, ratings.strata), (ratings.group_names, ratings.groups)]


def _described(frame: pd.DataFrame) -> Found:
    n, high = frame.count(), (frame >= 7).sum()
    quartiles = frame.quantile([0.25, 0.5, 0.75])
    p30, p70 = np.nanpercentile(frame.to_numpy(), [30, 70], axis=0, method="weibull")
    intervals = [stats.binomtest(int(k), int(m)).proportion_ci(method="wilson") for k, m in zip(high, n, strict=True)]
    return {
        "n": n.to_numpy(),
        "median": quartiles.loc[0.5].to_numpy(),
        "q1": quartiles.loc[0.25].to_numpy(),
        "q3": quartiles.loc[0.75].to_numpy(),
        "mean": frame.mean().to_numpy(),
        "sd": frame.std().to_numpy(),
        "cv": (frame.std() / frame.mean()).to_numpy(),
        "mad": stats.median_abs_deviation(frame.to_numpy(), axis=0, nan_policy="omit"),
        "histogram": frame.apply(lambda column: column.value_counts()).reindex(range(1, 10)).fillna(0).to_numpy().T,
        "high": high.to_numpy(),
        "low": (frame <= 3).sum().to_numpy(),
        "ipr": p70 - p30,
        "wilson": np.array([(each.low, each.high) for each in intervals]),
    }


def _changed(before: pd.DataFrame, after: pd.DataFrame) -> Found:
    both = before.notna() & after.notna()
    before, after = before.where(both), after.where(both)
    bands = [frame.apply(lambda column: pd.cut(column, [0, 3, 6, 9], labels=False)) for frame in (before, after)]
    pairs = [(before[item].dropna(), after[item].dropna()) for item in before]
    return {
        "changed": ((before != after) & both).sum().to_numpy(),
        "crossed": ((bands[0] != bands[1]) & both).sum().to_numpy(),
        "mean_absolute": (before - after).abs().mean().to_numpy(),
        "cv_difference": (before.std() / before.mean() - after.std() / after.mean()).to_numpy(),
        "kappa_quadratic": np.array([_kappa(pd.crosstab(*pair)) for pair in pairs]),
        "spearman": np.array([stats.spearmanr(*pair).statistic for pair in pairs]),
        "wilcoxon": np.array([stats.wilcoxon(*pair, zero_method="pratt", method="approx").pvalue for pair in pairs]),
    }


def _compared(frames: dict[str, pd.DataFrame], groups: set[str]) -> Found:
    lived, staff = frames["lived"], frames["staff"]
    tests = [stats.mannwhitneyu(lived[q].dropna(), staff[q].dropna(), method="asymptotic") for q in lived]
    pairs = lived.count().to_numpy() * staff.count().to_numpy()
    return {
        "superiority": np.array([test.statistic for test in tests]) / pairs,
        "mann_whitney": np.array([test.pvalue for test in tests]),
        "kruskal_wallis": np.array(
            [stats.kruskal(*(frames[group][q].dropna() for group in groups)).pvalue for q in lived]
        ),
    }


def _kappa(table: pd.DataFrame) -> float:
    points = range(1, 10)
    counts = table.reindex(index=points, columns=points, fill_value=0).to_numpy()
    weights = np.subtract.outer(points, points) ** 2
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return float(1 - (weights * counts).sum() / (weights * expected).sum())


def concordance(values: NDArray[np.float64]) -> float:
    """W with gaps: correlations by pandas, pair by pair over what both answered; the rest as in the definition."""
    given = (~np.isnan(values)).astype(int)
    weights = np.tril(given @ given.T - 1, -1).clip(0)
    rho = pd.DataFrame(values.T).corr(method="spearman").fillna(0).to_numpy()
    k = given.sum() / given.shape[1]
    return float((1 + (rho * weights).sum() / weights.sum() * (k - 1)) / k)
