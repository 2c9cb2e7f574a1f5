"""Who left between two rounds, and how they had answered beside those who stayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.delphi.pairs import check_same_people, took_part
from aggregation.delphi.resampling import check_confidence, check_draws, drawn_panels, percentiles
from aggregation.delphi.scale import NINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings

PartKind = Literal["all", "side", "group"]


@dataclass(frozen=True, slots=True)
class Attrition:
    """How those who left a part of the panel had answered, beside those who stayed.

    There is no flag: at ten people half a standard deviation is exceeded by chance in half of the panels. A page must
    not show the mean of fewer people than it may show answers of.

    Parameters
    ----------
    kind, name : {"all", "side", "group"} and str
        The part; "" for all.
    people : int
        Rows of the part.
    completers, dropped_out : int
        Who answered something (or said "I can't judge") in the first round, and did, or did not, in the second.
    joined_late : int
        Who did so only in the second; the rest of `people` did in neither.
    completers_mean, dropped_out_mean : float or None
        Mean over people of each person's mean of valid answers in the first round; who has none is left out.
    difference : float or None
        The first mean less the second, in points of the scale; None where one of them is None.
    low, high : float or None
        Welch's interval for the difference; None where one of the two is of fewer than two people, or where neither
        differ among themselves.
    drawn_low, drawn_high : float or None
        The same from panels drawn anew (percentiles); None as above, or where no draws were asked for.
    """

    kind: PartKind
    name: str
    people: int
    completers: int
    dropped_out: int
    joined_late: int
    completers_mean: float | None
    dropped_out_mean: float | None
    difference: float | None
    low: float | None
    high: float | None
    drawn_low: float | None
    drawn_high: float | None


def attrition(
    first: Ratings,
    second: Ratings,
    *,
    scale: Scale = NINE,
    confidence: float = 0.95,
    draws: int = 0,
    seed: int | None = None,
) -> tuple[Attrition, ...]:
    """How those who left had answered: for all, then for each side, then for each group.

    Parameters
    ----------
    first, second : Ratings
        The same people row by row; sides and groups are those of `first`. The questions may be others.
    scale : Scale
        Of the first round.
    confidence : float
        In (0, 1).
    draws, seed : int
        How many panels to draw for `drawn_low` and `drawn_high`, completers and drop-outs each among themselves; 0
        for none. With draws a seed must be given. Parts of fewer than ten are drawn with one person less.

    Raises
    ------
    RatingsError
        If the people differ, or an answer is not on the scale.
    StatisticError
        If the confidence is outside (0, 1), there are draws without a seed, or too many.

    Examples
    --------
    Four stay; three leave, who had given less:

    >>> from aggregation import Ratings
    >>> first = Ratings(values=[[7], [8], [8], [9], [4], [5], [6]], items=["a"])
    >>> second = Ratings(values=[[7], [8], [8], [9]] + [[float("nan")]] * 3, items=["a"])
    >>> whole = attrition(first, second)[0]
    >>> whole.completers, whole.dropped_out, whole.difference, round(whole.low, 2), round(whole.high, 2)
    (4, 3, 3.0, 1.01, 4.99)
    """
    check_same_people(first, second)
    check_confidence(confidence)
    check_draws(draws, seed)
    scale.places(first)
    means, before, after = _means_of(first), took_part(first), took_part(second)
    found = []
    for kind, name, rows in _parts_of(first):
        stayed, left = rows & before & after, rows & before & ~after
        # Sorted, so that a seed gives the same however the rows are written.
        scores = [np.sort(means[who & ~np.isnan(means)]) for who in (stayed, left)]
        found.append(
            Attrition(
                kind=kind,
                name=name,
                people=int(rows.sum()),
                completers=int(stayed.sum()),
                dropped_out=int(left.sum()),
                joined_late=int((rows & after & ~before).sum()),
                **_compared(scores[0], scores[1], confidence, draws, seed),
            )
        )
    return tuple(found)


def welch(
    one: NDArray[np.float64], other: NDArray[np.float64], *, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Welch's interval for the mean of one sample less that of another; None where it has no value.

    Parameters
    ----------
    one, other : ndarray of float, shape (n,) and (m,)
        Their variances may differ. Below two in either, or without any variance, there is no interval.
    confidence : float
        In (0, 1).

    Raises
    ------
    StatisticError
        If the confidence is outside (0, 1).

    References
    ----------
    B. L. Welch, The generalization of "Student's" problem when several different population variances are involved,
    Biometrika 34 (1947) 28-35.

    Examples
    --------
    Hours of sleep gained by two drugs ("Student", 1908), for which R prints -3.3654832 and 0.2054832:

    >>> one = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    >>> other = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    >>> [round(end, 7) for end in welch(one, other)]
    [-3.3654832, 0.2054832]
    """
    from scipy.special import stdtrit

    check_confidence(confidence)
    # Numbers that are all the same have a variance that is 0 but for rounding.
    spread = [len(np.unique(each)) > 1 for each in (one, other)]
    if min(len(one), len(other)) < 2 or not any(spread):
        return None
    errors = [float(each.var(ddof=1)) / len(each) for each in (one, other)]
    freedom = sum(errors) ** 2 / sum(
        error**2 / (len(each) - 1) for error, each in zip(errors, (one, other), strict=True)
    )
    middle = float(one.mean() - other.mean())
    half = float(stdtrit(freedom, (1 + confidence) / 2)) * sum(errors) ** 0.5
    return middle - half, middle + half


def _means_of(ratings: Ratings) -> NDArray[np.float64]:
    """Each person's mean of valid answers, nan where there is none."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(ratings.values, axis=1) / (~np.isnan(ratings.values)).sum(axis=1))


def _parts_of(ratings: Ratings) -> Iterator[tuple[PartKind, str, NDArray[np.bool_]]]:
    yield "all", "", np.ones(ratings.n_people, dtype=bool)
    kinds: tuple[tuple[PartKind, NDArray[np.int64] | None, tuple[str, ...]], ...] = (
        ("side", ratings.strata, ratings.strata_names),
        ("group", ratings.groups, ratings.group_names),
    )
    for kind, codes, names in kinds:
        if codes is not None:
            yield from ((kind, name, codes == code) for code, name in enumerate(names))


def _compared(
    stayed: NDArray[np.float64], left: NDArray[np.float64], confidence: float, draws: int, seed: int | None
) -> dict[str, float | None]:
    stayed_mean, left_mean = (float(each.mean()) if len(each) else None for each in (stayed, left))
    low, high = welch(stayed, left, confidence=confidence) or (None, None)
    drawn_low, drawn_high = (None, None) if low is None or not draws else _drawn(stayed, left, confidence, draws, seed)
    return {
        "completers_mean": stayed_mean,
        "dropped_out_mean": left_mean,
        "difference": None if stayed_mean is None or left_mean is None else stayed_mean - left_mean,
        "low": low,
        "high": high,
        "drawn_low": drawn_low,
        "drawn_high": drawn_high,
    }


def _drawn(
    stayed: NDArray[np.float64], left: NDArray[np.float64], confidence: float, draws: int, seed: int | None
) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    means = [
        np.concatenate([panels @ scores / panels.sum(axis=1) for panels in drawn_panels(len(scores), draws, rng)])
        for scores in (stayed, left)
    ]
    low, high = percentiles(means[0] - means[1], confidence)
    return float(low), float(high)
