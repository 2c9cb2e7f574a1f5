"""Scores that are means over people: what each ballot adds, and how far the mean may be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.registry import rank
from aggregation.uncertainty.batched import CELLS, above_by_ballot, places_of
from aggregation.uncertainty.mrsw import RankSets, rank_sets, spread_of_differences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.uncertainty.people import Side

# Methods whose score is a sum over ballots of what each ballot gives by itself; a test holds them to it.
MEAN_METHODS = frozenset({"borda", "dowdall", "plurality", "approval", "positional"})
# Sums of floats that differ by less than this part of the largest score are the same number.
SAME = 1e-9
# What the mean over pairs weighs, in people, when the variance of a pair is estimated.
STEADYING = 2
# Ballots whose random weights are held at a time.
BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class MeanScores:
    """What each ballot adds to the scores, by side: `by_ballot[s]` has shape (n_rows of side s, n_items)."""

    sides: tuple[Side, ...]
    by_ballot: tuple[NDArray[np.float64], ...]

    @property
    def means(self) -> list[NDArray[np.float64]]:
        """The mean over the people of each side; shape (n_items,)."""
        return [_weights(side) @ each for side, each in zip(self.sides, self.by_ballot, strict=True)]

    @property
    def theta(self) -> NDArray[np.float64]:
        """The mean over people, each side counting its share; shape (n_items,)."""
        return np.asarray(sum(float(s.share) * mean for s, mean in zip(self.sides, self.means, strict=True)))

    def centred(self) -> list[NDArray[np.float64]]:
        """Per side, what each row moves `theta` by, scaled so that `theta` has covariance sum of rows.T @ rows.

        Whoever weighs much draws the mean toward their own answer; each deviation is made larger by as much as that
        makes it too small. Where all weigh alike this is the usual n / (n - 1).
        """
        moved = []
        for side, each, mean in zip(self.sides, self.by_ballot, self.means, strict=True):
            part = _weights(side) / side.counts
            kept = 1 - 2 * part + (side.counts * part**2).sum()
            factor = float(side.share) * part * np.sqrt(side.counts / kept)
            moved.append(factor[:, None] * (each - mean))
        return moved

    def freedom(self) -> float:
        """Degrees of freedom of the spread, after Welch and Satterthwaite over the sides."""
        spread = [float((each**2).sum()) for each in self.centred()]
        if not any(spread):
            return float(sum(_freedom(side) for side in self.sides))
        return sum(spread) ** 2 / sum(v**2 / _freedom(s) for v, s in zip(spread, self.sides, strict=True))

    def steadied_spread(self) -> NDArray[np.float64]:
        """The standard error of each difference, each side's variances drawn toward their mean over the pairs.

        With four people on a side, some pairs look as if nobody's answers could differ. Each pair's variance counts
        as many people as there are less one, the mean over all pairs counts `STEADYING` people more (the idea of
        G. K. Smyth, Statistical Applications in Genetics and Molecular Biology 3 (2004), article 3).
        """
        total = np.zeros((self.by_ballot[0].shape[1],) * 2)
        for side, each in zip(self.sides, self.centred(), strict=True):
            variances = spread_of_differences(each.T @ each) ** 2
            mean = variances.sum() / max(1, variances.size - len(variances))
            freedom = _freedom(side)
            total += (freedom * variances + STEADYING * mean) / (freedom + STEADYING)
        np.fill_diagonal(total, 0)
        return np.sqrt(total)

    def errors(self, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Normal draws, shape (draws, n_items), with mean 0 and the estimated covariance of `theta`."""
        total = np.zeros((draws, self.by_ballot[0].shape[1]))
        for each in self.centred():
            for start in range(0, len(each), BLOCK):
                part = each[start : start + BLOCK]
                total += rng.standard_normal((draws, len(part))) @ part
        return total

    def places(self, counts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        """Place of each item in each panel; `counts` as `people.panels` gives them."""
        total = np.zeros((len(counts[0]), self.by_ballot[0].shape[1]))
        for side, each, scores in zip(self.sides, counts, self.by_ballot, strict=True):
            total += float(side.share) * (each @ scores) / each.sum(axis=1, keepdims=True)
        largest = max(float(np.abs(each).max(initial=0)) for each in self.by_ballot) or 1.0
        return places_of(np.rint(total / (largest * SAME)))


def _freedom(side: Side) -> float:
    """People less one where all weigh alike; fewer where a few weigh much, for the spread rests on them; at least 1."""
    squares = (_weights(side) / side.counts) ** 2
    return max(1.0, float((side.counts * squares).sum() ** 2 / (side.counts * squares**2).sum()) - 1)


def _weights(side: Side) -> NDArray[np.float64]:
    voice = side.counts * side.scale
    return np.asarray(voice / voice.sum())


def mean_scores(
    profile: Profile, method: str, parameters: Mapping[str, Any], sides: tuple[Side, ...]
) -> MeanScores | None:
    """What each ballot adds to the scores of a method; None where the method's score is not a mean over ballots."""
    if method not in MEAN_METHODS:
        return None
    if method == "borda":
        return MeanScores(sides, tuple(_borda(profile, side.rows) for side in sides))
    return MeanScores(sides, tuple(_by_ranking(profile, method, parameters, side.rows) for side in sides))


def _borda(profile: Profile, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Rivals below less rivals above: Borda's points twice, less a constant."""
    block = max(1, CELLS // profile.n_items**2)
    parts = [above_by_ballot(profile, rows[start : start + block]) for start in range(0, len(rows), block)]
    return np.concatenate([part.sum(axis=2) - part.sum(axis=1).astype(float) for part in parts])


def _by_ranking(
    profile: Profile, method: str, parameters: Mapping[str, Any], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The scores each ballot gives when it is alone; equal ballots are asked once."""
    distinct, of_row = np.unique(profile.ranks[rows], axis=0, return_inverse=True)
    scores = [_alone(profile, method, parameters, ranks) for ranks in distinct]
    return np.array(scores)[of_row.ravel()]


def _alone(profile: Profile, method: str, parameters: Mapping[str, Any], ranks: NDArray[Any]) -> NDArray[np.float64]:
    alone = type(profile)(ranks=ranks[None, :], items=profile.items, unranked=profile.unranked)
    scores = rank(alone, method, **parameters).scores
    if scores is None:
        raise TypeError(f"{method!r} gives no scores")
    return scores


def rank_sets_of_means(
    means: MeanScores, coverage: float, draws: int, rng: np.random.Generator
) -> tuple[RankSets, RankSets]:
    """Rank sets of each item by itself, and of all at once.

    The errors are Student's with `freedom` degrees, for the spread is itself estimated from few people.
    """
    freedom = means.freedom()
    errors = means.errors(draws, rng) / np.sqrt(rng.chisquare(freedom, size=(draws, 1)) / freedom)
    drawn = spread_of_differences(np.sum([each.T @ each for each in means.centred()], axis=0))
    theta, spread = means.theta, means.steadied_spread()
    return (
        rank_sets(theta, errors, spread, drawn, coverage=coverage),
        rank_sets(theta, errors, spread, drawn, coverage=coverage, simultaneous=True),
    )
