"""Twins: pairs of items whose likeness in the ballots may split the vote, and the list if both were one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.answers.people import people_of
from aggregation.errors import MethodError, ProfileError, StatisticError
from aggregation.registry import rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.ranking import Shortlist

# Under so many people chance alone makes twins: half of the simulated panels of twelve had a pair among 40 items.
FEWEST = 20
LIKENESS = 0.5
# A pair is "either" where it is on the same ballot at most a third as often as chance would have it, ...
RARELY = 1 / 3
# ... which chance alone would do to some pair in at most one of twenty panels, ...
CHANCE = 0.05
# ... and the ballots of one differ from those of the other no more than two random halves of the same ballots do.
DIFFERENT = 1.5


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that may be one question in two wordings.

    kind : "together", they stand next to each other on the ballots; "either", hardly anybody ranks both.
    likeness : 1 where never anything stands between the two on a ballot, 0 where as much does as by chance.
    both, expected : people who rank both, and how many would if the two had nothing to do with each other.
    merged : the list if both were one, under the id of the first, at the better of the two places of each ballot.
    enters, leaves : items that come onto the list or go off it then, apart from the two themselves.
    """

    items: tuple[str, str]
    kind: Literal["together", "either"]
    likeness: float
    both: int
    expected: float
    merged: Shortlist
    enters: tuple[str, ...]
    leaves: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            "items": list(self.items),
            "kind": self.kind,
            "likeness": self.likeness,
            "both": self.both,
            "expected": self.expected,
            "merged": list(self.merged.items),
            "enters": list(self.enters),
            "leaves": list(self.leaves),
        }


def twins(
    profile: Profile, method: str = "borda", places: int = 10, *, likeness: float = LIKENESS, **parameters: Any
) -> tuple[Pair, ...]:
    """Pairs of items that look like one question in two wordings, the most alike first.

    Two signs are looked for. *Together*: where 20 people or more rank one of the two, so little stands between them
    on the ballots that their `likeness` is the given one or more: 1, less the number of items between them on the
    mean ballot over that number if their places had nothing to do with each other (Cohen's weighted kappa with the
    items between as disagreement). *Either*, on ballots that leave items out: hardly anybody ranks both, far fewer
    than chance would have it, and those who rank the one are as those who rank the other in all else they rank.
    That tells wordings of one question, of which each person takes one, from two questions of opposite camps.

    A pair is a reason to look, no finding: read the two questions.

    Parameters
    ----------
    profile : Profile
        ``unranked="last"``: what a ballot leaves out shares its last places, and is not chosen. ``"absent"``: places
        are compared on the ballots that rank both, and there is no "either": not being able to judge one of
        two says nothing about their likeness. Sides and shares do not matter for likeness; people count.
    method, places, **parameters
        By which method, and how long, the list is of which a pair is merged.
    likeness : float
        From which likeness two items are together, above 0 and at most 1.

    Returns
    -------
    tuple of Pair
        "together" by likeness, then "either" by how rarely both are ranked.

    Raises
    ------
    StatisticError
        If fewer than 20 people rank anything: chance alone would make twins.
    MethodError
        If `likeness` or `places` is out of range, or `rank` refuses.

    References
    ----------
    J. Cohen, Weighted kappa, Psychological Bulletin 70 (1968) 213-220. What cloning an item does to a list:
    T. N. Tideman, Independence of clones as a criterion for voting rules, Social Choice and Welfare 4 (1987) 185-206.

    Examples
    --------
    Twenty people who put X and Y next to each other, wherever that is.

    >>> from aggregation import Profile
    >>> orders = ["XYabcd", "abcdXY", "badcYX", "YXdcba"] * 5
    >>> pair = twins(Profile.from_orders(orders, unranked="last"), places=2)[0]
    >>> pair.items, pair.kind, round(pair.likeness, 2)
    (('X', 'Y'), 'together', 1.0)
    """
    if not 0 < likeness <= 1:
        raise MethodError(f"`likeness` must be above 0 and at most 1, not {likeness}")
    if not 1 <= places <= profile.n_items:
        raise MethodError(f"`places` must be from 1 to {profile.n_items}, not {places}")
    speaks = np.asarray(profile.ranks.any(axis=1))
    people = people_of(profile) * speaks
    if people.sum() < FEWEST:
        raise StatisticError(
            f"with {people.sum()} people chance alone makes two questions look like twins; at least {FEWEST} are needed"
        )
    ranks = profile.ranks.astype(np.int64)
    both = _counts(ranks > 0, people)
    alike = likeness_of(ranks, people, profile.unranked)
    each = both.diagonal()
    alike[(both if profile.unranked == "absent" else each[:, None] + each - both) < FEWEST] = 0
    expected = np.outer(each, each) / people.sum()
    split = (
        _either(int(people.sum()), both, expected) if profile.unranked == "last" else np.zeros_like(both, dtype=bool)
    )
    first, second = np.triu_indices(profile.n_items, 1)
    together = [(i, j) for i, j in zip(first.tolist(), second.tolist(), strict=True) if alike[i, j] >= likeness]
    either = [(i, j) for i, j in zip(first.tolist(), second.tolist(), strict=True) if split[i, j]]
    together.sort(key=lambda pair: -alike[pair])
    either.sort(key=lambda pair: both[pair] / expected[pair])
    merge = _Merge(profile, method, places, parameters)
    return tuple(
        merge.pair(i, j, kind, float(alike[i, j]), int(both[i, j]), float(expected[i, j]))
        for kind, pairs in (("together", together), ("either", [pair for pair in either if pair not in together]))
        for i, j in pairs
    )


def merged(profile: Profile, one: str, other: str) -> Profile:
    """The ballots with two items as one, under the id of `one`: each ballot has it at the better of their places.

    Raises
    ------
    ProfileError
        If an item is unknown, or both are the same.
    """
    i, j = profile.column_of(one), profile.column_of(other)
    if one == other:
        raise ProfileError(f"{one!r} cannot be merged with itself")
    ranks = profile.ranks.astype(np.int64)
    better = np.where(
        (ranks[:, i] > 0) & (ranks[:, j] > 0), np.minimum(ranks[:, i], ranks[:, j]), ranks[:, i] + ranks[:, j]
    )
    ranks[:, i] = better
    return profile.replace(ranks=ranks).restrict([item for item in profile.items if item != other])


@dataclass(frozen=True, slots=True, eq=False)
class _Merge:
    profile: Profile
    method: str
    places: int
    parameters: dict[str, Any]

    def pair(self, i: int, j: int, kind: Any, likeness: float, both: int, expected: float) -> Pair:
        one, other = self.profile.items[i], self.profile.items[j]
        before = rank(self.profile, self.method, **self.parameters).shortlist(self.places)
        after = rank(merged(self.profile, one, other), self.method, **self.parameters).shortlist(self.places)
        return Pair(
            (one, other),
            kind,
            likeness,
            both,
            expected,
            after,
            tuple(item for item in after.items if item not in {*before.items, one}),
            tuple(item for item in before.items if item not in {*after.items, one, other}),
        )


def likeness_of(ranks: NDArray[np.int64], people: NDArray[np.int64], unranked: str) -> NDArray[np.float64]:
    """Kappa of the places of every two items, disagreement being the items between; 0 where it cannot be told.

    Places are counted in half places of a ballot of all items, so that ballots of which some items are absent are
    stretched to the same length.
    """
    m = ranks.shape[1]
    ranked = ranks > 0
    keys = np.where(ranked, ranks, np.iinfo(np.int64).max)
    above, upto = np.zeros_like(ranks), np.zeros_like(ranks)
    for column in keys.T[:, :, None]:
        above += column < keys
        upto += column <= keys
    counted = ranked if unranked == "absent" else np.broadcast_to(np.asarray(ranks.any(axis=1))[:, None], ranks.shape)
    length = counted.sum(axis=1)[:, None] if unranked == "absent" else m
    place = np.rint((above + upto) * m / np.maximum(length, 1)).astype(np.int64) * counted
    weights = counted * people[:, None]
    seen = np.zeros((m, 2 * m + 1))
    for item in range(m):
        np.add.at(seen[item], place[:, item], weights[:, item])
    distance = _between(np.arange(2 * m + 1)[:, None] - np.arange(2 * m + 1))
    by_chance = seen @ distance @ seen.T / np.maximum(np.outer(seen.sum(axis=1), seen.sum(axis=1)), 1)
    found = np.zeros((m, m))
    for item in range(m):
        together = weights * counted[:, [item]]
        apart = (_between(place - place[:, [item]]) * together).sum(axis=0)
        found[item] = apart / np.maximum(together.sum(axis=0), 1)
    return np.asarray(np.where(by_chance > 0, 1 - found / np.where(by_chance > 0, by_chance, 1), 0))


def _between(half_places: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many half places lie between two items so many half places apart: none between neighbours or in a tie."""
    return np.asarray(np.maximum(np.abs(half_places) - 2, 0))


def _counts(chosen: NDArray[np.bool_], people: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many people rank both of two items, and on the diagonal each."""
    return np.asarray(chosen.T.astype(np.int64) @ (chosen * people[:, None]))


def _either(people: int, both: NDArray[np.int64], expected: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pairs that are hardly ever on one ballot, chosen by people who are otherwise alike."""
    from scipy.stats import hypergeom

    m = len(both)
    each = both.diagonal()
    chance = hypergeom.cdf(both, people, each[:, None], each[None, :]) * (m * (m - 1) / 2)
    rare = (chance <= CHANCE) & (both <= RARELY * expected) & ~np.eye(m, dtype=bool)
    found = np.zeros((m, m), dtype=bool)
    for i, j in np.argwhere(np.triu(rare)):
        found[i, j] = _difference(both, i, j) <= DIFFERENT
    return found


def _difference(both: NDArray[np.int64], i: int, j: int) -> float:
    """How much the rest of the ballots with item i and those with item j differ; 1 where only by chance."""
    n_i, n_j = both[i, i], both[j, j]
    others = np.delete(np.arange(len(both)), [i, j])
    with_i, with_j = both[i, others], both[j, others]
    pooled = (with_i + with_j) / (n_i + n_j)
    variance = pooled * (1 - pooled) * (1 / n_i + 1 / n_j)
    told = variance > 0
    if not told.any():
        return float("inf")
    return float(np.mean((with_i / n_i - with_j / n_j)[told] ** 2 / variance[told]))
