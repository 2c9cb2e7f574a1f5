"""How far the heads of two lists hold the same items: rank-biased overlap and average overlap.

The lists may be of different length and hold different items, and either may have ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from aggregation.errors import StatisticError
from aggregation.ranking import Ranking

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    Listed = Ranking | Sequence[str | Collection[str]]

Ties = Literal["w", "a", "b"]


def rank_biased_overlap(first: Listed, second: Listed, *, p: float = 0.9, ties: Ties = "w") -> float:
    """The agreement of two lists, depth by depth, where a reader goes on to the next place with probability `p`.

    Parameters
    ----------
    first, second : Ranking or sequence of ids and collections of ids
        Best first; a collection of ids in place of an id is a tie. Lists may end at different depths.
    p : float
        Between 0 and 1, both excluded. With 0.9 the first ten places have 86 % of the weight.
    ties : {"w", "a", "b"}
        What a tie means. "w": tied items really stand at one place, and all are seen from there on. "a": their
        order is not known; this is the mean over all ways to break the ties, so that a list with ties agrees
        with itself by less than 1. (Where the longer list has a tie that ends beyond the end of the shorter, its
        extrapolation can be below that mean.) "b": as "a", corrected, so that a list agrees with itself by 1.

    Returns
    -------
    float
        In [0, 1]: the extrapolated value, RBO_EXT. Beyond the end of the shorter list its agreement there goes on
        being expected of what it does not show, and beyond the end of the longer one the agreement there.

    Raises
    ------
    StatisticError
        If a list is empty or names an item twice, or a parameter is out of range.

    References
    ----------
    W. Webber, A. Moffat, J. Zobel, A similarity measure for indefinite rankings, ACM Transactions on Information
    Systems 28 (2010) 20; ties as in M. Corsi, J. Urbano, The treatment of ties in rank-biased overlap, SIGIR 2024.

    Examples
    --------
    >>> first = ["red", {"blue", "green"}, "yellow", "pink"]
    >>> second = [{"blue", "red"}, "white", {"yellow", "black", "purple"}, "green"]
    >>> [round(rank_biased_overlap(first, second, p=0.95, ties=ties), 7) for ties in "wab"]
    [0.7068257, 0.6922853, 0.7207131]
    """
    if not 0 < p < 1:
        raise StatisticError(f"`p` must be between 0 and 1, not {p}")
    seen = _Seen.of(first, second, ties)
    agreement = seen.agreement()
    weights = p ** np.arange(seen.longer)
    # Beyond the longer list, all of each list counts in full at its depth, whatever the ties.
    last = (seen.common + (seen.longer - seen.shorter) * agreement[seen.shorter - 1]) / seen.longer
    return float((1 - p) * (weights * agreement).sum() + last * p**seen.longer)


def average_overlap(first: Listed, second: Listed, *, depth: int, ties: Ties = "w") -> float:
    """The mean over the first `depth` places of the share of items that both lists hold down to there.

    Parameters
    ----------
    first, second, ties
        As for `rank_biased_overlap`.
    depth : int
        From 1 to the length of the shorter list.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    StatisticError
        If a list is empty or names an item twice, or a parameter is out of range.

    References
    ----------
    S. Wu, F. Crestani, Methods for ranking information retrieval systems without relevance judgments, SAC 2003.

    Examples
    --------
    Down to the three places one, one and two items are in both lists:

    >>> round(average_overlap("abc", "acd", depth=3), 4)
    0.7222
    """
    seen = _Seen.of(first, second, ties)
    if not 1 <= depth <= seen.shorter:
        raise StatisticError(f"`depth` must be from 1 to {seen.shorter}, the length of the shorter list, not {depth}")
    return float(seen.agreement()[:depth].mean())


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """How much of each item is seen at each depth, 0 to 1, shape (n_items, longer), of the shorter and the longer list.

    Items that both lists hold come first; there are `common` of these, and `shorter` items in the shorter list.
    """

    part_shorter: NDArray[np.float64]
    part_longer: NDArray[np.float64]
    common: int
    shorter: int
    ties: Ties

    @classmethod
    def of(cls, first: Listed, second: Listed, ties: Ties) -> _Seen:
        if ties not in get_args(Ties):
            raise StatisticError(f'`ties` must be "w", "a" or "b", not {ties!r}')
        lists = sorted((_tiers_of(first, "first"), _tiers_of(second, "second")), key=lambda tiers: sum(map(len, tiers)))
        one, other = ([item for tier in tiers for item in tier] for tiers in lists)
        both = [item for item in one if item in set(other)]
        items = list(dict.fromkeys([*both, *one, *other]))
        short, long = (_parts(tiers, items, len(other), ties) for tiers in lists)
        return cls(short, long, len(both), len(one), ties)

    @property
    def longer(self) -> int:
        """The length of the longer list."""
        return int(self.part_longer.shape[1])

    def agreement(self) -> NDArray[np.float64]:
        """The agreement at each depth of the longer list, what the shorter does not show being extrapolated."""
        depth = np.arange(1, self.longer + 1)
        hidden = np.maximum(depth - self.shorter, 0)
        shared = (self.part_shorter * self.part_longer).sum(axis=0)
        below = self._possible(depth, hidden)
        at_end = shared[self.shorter - 1] / below[self.shorter - 1]
        return np.asarray((shared + hidden * at_end * self._part_unmatched()) / below)

    def _possible(self, depth: NDArray[np.int64], hidden: NDArray[np.int64]) -> NDArray[np.float64]:
        """What `shared` would be if both lists agreed, at each depth; hidden places are seen in full."""
        if self.ties == "a":
            return depth.astype(np.float64)
        if self.ties == "w":
            return np.asarray((self.part_shorter.sum(axis=0) + hidden + self.part_longer.sum(axis=0)) / 2)
        squares = (self.part_shorter**2).sum(axis=0) + hidden, (self.part_longer**2).sum(axis=0)
        return np.asarray(np.sqrt(squares[0] * squares[1]))

    def _part_unmatched(self) -> NDArray[np.float64]:
        """How much is seen on average of what shows in the longer list and is not in the shorter."""
        unmatched = self.part_longer[self.shorter :]
        return np.asarray(unmatched.sum(axis=0) / np.maximum((unmatched > 0).sum(axis=0), 1))


def _tiers_of(listed: Listed, name: str) -> list[tuple[str, ...]]:
    given = listed.tiers if isinstance(listed, Ranking) else listed
    tiers = [(tier,) if isinstance(tier, str) else tuple(tier) for tier in given]
    items = [item for tier in tiers for item in tier]
    if not items:
        raise StatisticError(f"`{name}` lists nothing")
    if len(set(items)) < len(items):
        raise StatisticError(f"`{name}` names an item twice")
    return [tier for tier in tiers if tier]


def _parts(tiers: list[tuple[str, ...]], items: list[str], depths: int, ties: Ties) -> NDArray[np.float64]:
    """How much of each item is seen at each depth: from the first place of its tier on all, or in equal steps."""
    row = {item: place for place, item in enumerate(items)}
    depth, parts = np.arange(1, depths + 1), np.zeros((len(items), depths))
    above = 0
    for tier in tiers:
        steps = 1 if ties == "w" else len(tier)
        parts[[row[item] for item in tier]] = np.clip((depth - above) / steps, 0, 1)
        above += len(tier)
    return parts
