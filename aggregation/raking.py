"""Weights that bring who answered nearer to who should have: raking, with a cap, and what it costs in people."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import ProfileError, StatisticError
from aggregation.frozen import Frozen
from aggregation.shares import exact_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from aggregation.shares import ShareLike

FEWEST = 50
# Shares that are met to this are met.
NEAR = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Raking(Frozen):
    """Weights, and what can be said of them.

    weights : ndarray of float, shape (n_people,), read-only
        Their mean is 1, to six decimals, for `Profile.replace(weights=...)`.
    effective_people : float
        Kish's effective sample size: so many people of equal weight tell as much.
    converged : bool
        Whether all targets are met, to a millionth, and going on would change nothing.
    rounds : int
        How often all margins were gone through.
    capped : int
        How many people have the largest weight allowed. Where there are any, targets may be missed.
    reached : mapping of margin to mapping of category to float
        The share each category has with these weights; `missed` is the largest difference from a target.
    """

    weights: NDArray[np.float64]
    effective_people: float
    converged: bool
    rounds: int
    capped: int
    reached: Mapping[str, Mapping[str, float]]
    missed: float

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it, without the weights."""
        return {
            "people": len(self.weights),
            "effective_people": self.effective_people,
            "converged": self.converged,
            "rounds": self.rounds,
            "capped": self.capped,
            "reached": {margin: dict(shares) for margin, shares in self.reached.items()},
            "missed": self.missed,
        }


def rake(
    labels: Mapping[str, Sequence[str]],
    targets: Mapping[str, Mapping[str, ShareLike]],
    *,
    cap: float = 5.0,
    most_rounds: int = 1_000,
) -> Raking:
    """Weights with which the people have the given share of each category of each margin.

    Margins are gone through in turn, each time multiplying the weights of a category so that it has its share
    (iterative proportional fitting), until all are met. No weight is above `cap` times the mean: what is above is
    cut after each round, so that no person speaks for more than so many.

    Parameters
    ----------
    labels : mapping of margin to sequence of str, length n_people
        For each margin ("age", "region", ...) the category of each person.
    targets : mapping of margin to mapping of category to number
        For the same margins, the share of each category that occurs; the shares of a margin add up to 1.
    cap : float
        The largest weight, in means; above 1.
    most_rounds : int
        After so many rounds the weights are given as they are, and `converged` says so.

    Returns
    -------
    Raking

    Raises
    ------
    StatisticError
        If there are fewer than 50 people: a weight would then say more about a person than about a group.
    ProfileError
        If margins, numbers of labels or categories do not match, a category has a share but nobody in it, or shares
        do not add up to 1; if `cap` is not above 1 or `most_rounds` below 1.

    References
    ----------
    W. E. Deming, F. F. Stephan, On a least squares adjustment of a sampled frequency table when the expected
    marginal totals are known, Annals of Mathematical Statistics 11 (1940) 427-444.
    Effective people: L. Kish, Survey Sampling, Wiley 1965.

    Examples
    --------
    Sixty women and twenty men, weighted to halves: 80 people who tell as much as 60.

    >>> raking = rake({"sex": ["w"] * 60 + ["m"] * 20}, {"sex": {"w": "1/2", "m": "1/2"}})
    >>> raking.weights[[0, 79]].round(3), round(raking.effective_people, 3)
    (array([0.667, 2.   ]), 60.0)
    """
    codes, wanted, names = _checked(labels, targets)
    if not cap > 1 or most_rounds < 1:
        raise ProfileError(f"`cap` must be above 1 and `most_rounds` at least 1, not {cap} and {most_rounds}")
    people = len(codes[0])
    if people < FEWEST:
        raise StatisticError(
            f"weights need at least {FEWEST} people, and there are {people}: "
            "with fewer, a weight says more about one person than about a group"
        )
    weights, rounds, converged = _fitted(codes, wanted, cap, most_rounds)
    weights = np.maximum(np.round(weights, 6), 1e-6)
    weights.setflags(write=False)
    shares = [np.bincount(code, weights) / weights.sum() for code in codes]
    return Raking(
        weights=weights,
        effective_people=float(weights.sum() ** 2 / (weights**2).sum()),
        converged=converged,
        rounds=rounds,
        capped=int((weights >= cap - 1e-6).sum()),
        reached=MappingProxyType(
            {
                margin: MappingProxyType(dict(zip(names[margin], share.tolist(), strict=True)))
                for margin, share in zip(targets, shares, strict=True)
            }
        ),
        missed=max(float(np.abs(share - want).max()) for share, want in zip(shares, wanted, strict=True)),
    )


def effective_people(weights: Sequence[float] | NDArray[np.float64]) -> float:
    """Kish's effective sample size of any weights: the square of their sum over the sum of their squares.

    Examples
    --------
    >>> effective_people([1, 1, 1, 1]), effective_people([3, 1])
    (4.0, 1.6)
    """
    array = np.asarray(weights, dtype=np.float64)
    if array.ndim != 1 or not array.size or not (np.isfinite(array) & (array > 0)).all():
        raise ProfileError("weights must be numbers above 0")
    return float(array.sum() ** 2 / (array**2).sum())


def _checked(
    labels: Mapping[str, Sequence[str]], targets: Mapping[str, Mapping[str, ShareLike]]
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.float64]], dict[str, tuple[str, ...]]]:
    if not targets or set(labels) != set(targets):
        raise ProfileError(
            f"labels and targets must be of the same margins, not {sorted(labels)} and {sorted(targets)}"
        )
    codes, wanted, names = [], [], {}
    for margin, shares in targets.items():
        people = list(labels[margin])
        if len(people) != len(labels[next(iter(targets))]):
            raise ProfileError(f"the margin {margin!r} has labels for {len(people)} people, another for another number")
        found, given = set(people), {name: exact_share(share) for name, share in shares.items()}
        if found != set(given):
            odd = min(found ^ set(given), key=str)
            what = "has people but no share" if odd in found else "has a share but nobody in it"
            raise ProfileError(f"{odd!r} of the margin {margin!r} {what}")
        if sum(given.values(), Fraction(0)) != 1:
            raise ProfileError(f"the shares of the margin {margin!r} add up to {sum(given.values())}, not to 1")
        place = {name: code for code, name in enumerate(given)}
        names[margin] = tuple(given)
        codes.append(np.array([place[person] for person in people], dtype=np.int64))
        wanted.append(np.array([float(share) for share in given.values()]))
    return codes, wanted, names


def _fitted(
    codes: list[NDArray[np.int64]], wanted: list[NDArray[np.float64]], cap: float, most_rounds: int
) -> tuple[NDArray[np.float64], int, bool]:
    weights = np.ones(len(codes[0]))
    before = weights
    for round_ in range(1, most_rounds + 1):
        for code, want in zip(codes, wanted, strict=True):
            weights = weights * (want * len(weights) / np.bincount(code, weights))[code]
        weights = _cut(weights, cap)
        if np.abs(weights - before).max() < NEAR:
            met = all(
                np.abs(np.bincount(code, weights) / len(weights) - want).max() < 1e-6
                for code, want in zip(codes, wanted, strict=True)
            )
            return weights, round_, met
        before = weights
    return weights, most_rounds, False


def _cut(weights: NDArray[np.float64], cap: float) -> NDArray[np.float64]:
    """Weights of mean 1 and at most `cap`: what is cut is given to the others in proportion."""
    capped = np.zeros(len(weights), dtype=bool)
    weights = weights / weights.mean()
    while (weights > cap * (1 + 1e-12)).any():
        capped |= weights >= cap
        rest = len(weights) - cap * capped.sum()
        weights = np.where(capped, cap, weights * rest / weights[~capped].sum())
    return np.asarray(weights)
