"""Scores by criteria, as the Child Health and Nutrition Research Initiative (CHNRI) computes them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from aggregation.delphi.pairs import check_same_people
from aggregation.delphi.scale import CHNRI
from aggregation.delphi.summary import histogram_of
from aggregation.errors import RatingsError, StatisticError
from aggregation.frozen import Frozen
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aggregation.ratings import Ratings

Blank = Literal["all_scorers", "non_blank"]
Exact = Fraction | None


@dataclass(frozen=True, slots=True, eq=False)
class CriteriaScores(Frozen):
    """The scores of each question; all in [0, 1], higher is better, nan where nobody answered what they need.

    Parameters
    ----------
    items, criteria : tuple of str
    scorers : int
        People who answered something.
    answered : ndarray of int, shape (n_items, n_criteria)
        How many answered yes, no or undecided.
    scores : ndarray of float, shape (n_items, n_criteria)
        The mean answer: yes = 1, undecided = 0.5, no = 0.
    rps : ndarray of float, shape (n_items,)
        Research priority score: the mean over the criteria.
    weighted : ndarray of float, shape (n_items,)
        The same with the criteria's weights; equal to `rps` where there are none.
    aea : ndarray of float, shape (n_items,)
        Average expert agreement: the mean over the criteria of the part of scorers who gave the commonest answer.
        A criterion that nobody answered has 0 of all scorers, and no value of those who answered.
    ranking : Ranking
        By the weighted score, compared in exact arithmetic; questions without a score are last, level.
    """

    items: tuple[str, ...]
    criteria: tuple[str, ...]
    scorers: int
    answered: NDArray[np.int64]
    scores: NDArray[np.float64]
    rps: NDArray[np.float64]
    weighted: NDArray[np.float64]
    aea: NDArray[np.float64]
    ranking: Ranking


def chnri(
    criteria: Mapping[str, Ratings], *, weights: Mapping[str, float] | None = None, blank: Blank = "all_scorers"
) -> CriteriaScores:
    """Research priority scores and expert agreement of each question.

    Parameters
    ----------
    criteria : mapping of criterion to Ratings
        The same people and questions in each; 1 = yes, 0.5 = informed but undecided, 0 = no, nan = not informed
        enough. A blank is never in the denominator of a score.
    weights : mapping of criterion to number, optional
        One above 0 for each criterion; only their proportions count.
    blank : {"all_scorers", "non_blank"}
        What the commonest answer is divided by for the agreement: all who answered something of the whole, so that
        blanks lower it, or those who answered this. Published exercises do either.

    Raises
    ------
    RatingsError
        If the criteria are not about the same people and questions, or an answer is another number.
    StatisticError
        If there is no criterion, a weight is missing, strange or not above 0, or `blank` is neither of the two.

    References
    ----------
    I. Rudan and others, Setting priorities in global child health research investments: guidelines for implementation
    of the CHNRI method, Croatian Medical Journal 49 (2008) 720-733.

    Examples
    --------
    Five scorers, one question, five criteria:

    >>> from aggregation import Ratings
    >>> blank = float("nan")
    >>> answers = {
    ...     "answerable": [1, 1, 0.5, 1, blank],
    ...     "effective": [1, 0.5, 0.5, 0, 1],
    ...     "deliverable": [0.5, 0.5, blank, 1, 1],
    ...     "burden": [1, 1, 1, 0.5, 0.5],
    ...     "equity": [0, 1, 1, blank, 0.5],
    ... }
    >>> criteria = {name: Ratings(values=[[each] for each in row], items=["q"]) for name, row in answers.items()}
    >>> found = chnri(criteria, weights=dict(zip(criteria, [0.8, 1.2, 1, 1.3, 0.7])))
    >>> found.scores[0].tolist(), found.rps[0], found.weighted[0], found.aea[0]
    ([0.875, 0.6, 0.75, 0.8, 0.625], np.float64(0.73), np.float64(0.7295), np.float64(0.48))
    >>> chnri(criteria, blank="non_blank").aea.tolist()
    [0.55]
    """
    if blank not in get_args(Blank):
        raise StatisticError(f'`blank` must be "all_scorers" or "non_blank", not {blank!r}')
    first = _checked(criteria)
    factors = _factors(tuple(criteria), weights)
    counts = np.stack([histogram_of(ratings, CHNRI) for ratings in criteria.values()], axis=1)
    answered = counts.sum(axis=2)
    scorers = int((~np.isnan([ratings.values for ratings in criteria.values()])).any(axis=(0, 2)).sum())
    scores = _parts(counts @ np.arange(3), 2 * answered)
    agreement = _parts(counts.max(axis=2), answered if blank == "non_blank" else np.full_like(answered, scorers))
    equal = [Fraction(1)] * len(criteria)
    weighted = _means(scores, factors)
    arrays = {
        "answered": answered,
        "scores": np.array([_numbers(row) for row in scores]),
        "rps": _numbers(_means(scores, equal)),
        "weighted": _numbers(weighted),
        "aea": _numbers(_means(agreement, equal)),
    }
    for array in arrays.values():
        array.setflags(write=False)
    ranking = Ranking(first.items, _tiers(first.items, weighted), arrays["weighted"], "chnri", {"blank": blank})
    return CriteriaScores(items=first.items, criteria=tuple(criteria), scorers=scorers, ranking=ranking, **arrays)


def _checked(criteria: Mapping[str, Ratings]) -> Ratings:
    if not criteria:
        raise StatisticError("there is no criterion")
    first, *others = criteria.values()
    for other in others:
        check_same_people(first, other)
        if other.items != first.items:
            raise RatingsError("every criterion must have the same questions in the same order")
    return first


def _factors(criteria: tuple[str, ...], weights: Mapping[str, float] | None) -> list[Fraction]:
    if weights is None:
        return [Fraction(1)] * len(criteria)
    if set(weights) != set(criteria):
        raise StatisticError(f"`weights` must name each criterion once: {', '.join(map(repr, criteria))}")
    try:
        # The decimal that was written, not the binary fraction nearest to it, so that equal scores are ties.
        factors = [Fraction(str(weights[name])) for name in criteria]
    except ValueError as wrong:
        raise StatisticError(f"a weight is a number above 0: {wrong}") from wrong
    if min(factors) <= 0:
        raise StatisticError("a weight is a number above 0")
    return factors


def _parts(above: NDArray[np.int64], below: NDArray[np.int64]) -> list[list[Exact]]:
    return [
        [Fraction(part, whole) if whole else None for part, whole in zip(*row, strict=True)]
        for row in zip(above.tolist(), below.tolist(), strict=True)
    ]


def _means(rows: list[list[Exact]], factors: list[Fraction]) -> list[Exact]:
    """The weighted mean of each row; None where a part of it is."""
    means: list[Exact] = []
    for row in rows:
        known = [factor * each for factor, each in zip(factors, row, strict=True) if each is not None]
        means.append(sum(known, Fraction(0)) / sum(factors) if len(known) == len(row) else None)
    return means


def _numbers(exact: Sequence[Exact]) -> NDArray[np.float64]:
    return np.array([np.nan if each is None else float(each) for each in exact])


def _tiers(items: tuple[str, ...], scores: list[Exact]) -> tuple[tuple[str, ...], ...]:
    """Items by score, equal ones level; those without one last."""
    levels: list[Exact] = [*sorted({each for each in scores if each is not None}, reverse=True)]
    if None in scores:
        levels.append(None)
    return tuple(tuple(item for item, score in zip(items, scores, strict=True) if score == level) for level in levels)
