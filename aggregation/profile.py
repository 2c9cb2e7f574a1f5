"""Ballots as one frozen value: who put what where, on which side, and what an unranked item means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Self, cast, get_args

import numpy as np

from aggregation.checks import (
    WEIGHT_UNIT,
    are_whole,
    checked_labels,
    checked_ranks,
    checked_sorts,
    checked_weights,
    codes_of,
    distinct_names,
    whole_counts,
)
from aggregation.errors import ProfileError
from aggregation.frozen import Frozen
from aggregation.levels import dense_levels
from aggregation.shares import ShareLike, exact_shares, shares_by_name

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aggregation.ratings import Ratings

Unranked = Literal["last", "absent"]
Tier = str | Collection[str]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Profile(Frozen):
    """Rankings of the same items by many people; every array is read-only, everything is checked once, here.

    Parameters
    ----------
    ranks : array_like, shape (n_ballots, n_items)
        Rank of each item on each ballot, 1 = best, at most 65,535; equal numbers are ties, 0 is unranked.
        Ranks need not be dense: 1, 2, 101 is an order of three. Kept as uint8 where none is above 255.
    items : sequence of str, length n_items
        The ids by which the file or the caller names the items; none empty, none twice.
    unranked : {"last", "absent"}
        What rank 0 means. "last": the unranked items of a ballot share one place after all others.
        "absent": the ballot says nothing about them ("I can't judge", not answered), neither good nor bad.
    names : sequence of str, optional
        Labels for people; the ids when left out.
    weights : array_like, shape (n_ballots,), optional
        How many ballots each row stands for, above 0; 2 is two equal ballots. Kept to six decimals.
    strata, strata_names : array_like of int, shape (n_ballots,), and sequence of str, optional
        The side of each ballot as an index into `strata_names`. Every side has at least one ballot.
    shares : sequence of number, optional
        The share of the say of each side, adding up to 1; equal when left out.
    groups, group_names : as `strata`, optional
        The group of each ballot, for reporting. It carries no weight and changes no result.

    Raises
    ------
    ProfileError
        Naming the argument, and the row and column where there is one.

    Examples
    --------
    >>> profile = Profile(ranks=[[1, 2, 0], [2, 1, 1]], items=["a", "b", "c"], unranked="absent")
    >>> profile.n_ballots, profile.n_items
    (2, 3)
    """

    ranks: NDArray[np.uint8] | NDArray[np.uint16]
    items: tuple[str, ...]
    unranked: Unranked
    names: tuple[str, ...] = ()
    weights: NDArray[np.float64] | None = None
    strata: NDArray[np.int64] | None = None
    strata_names: tuple[str, ...] = ()
    shares: tuple[Fraction, ...] = ()
    groups: NDArray[np.int64] | None = None
    group_names: tuple[str, ...] = ()
    _counts: NDArray[np.int64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.unranked not in get_args(Unranked):
            raise ProfileError(f'`unranked` must be "last" or "absent", not {self.unranked!r}')
        self._set(items=distinct_names(self.items, "items", ProfileError))
        self._set(ranks=checked_ranks(self.ranks, len(self.items)))
        self._set(names=checked_labels(self.names, self.items, ProfileError))
        self._set(weights=checked_weights(self.weights, self.n_ballots))
        self._set(_counts=whole_counts(self.weights, self.n_ballots))
        self._set(**checked_sorts(self, self.n_ballots, ProfileError))
        self._check_shares()

    def _check_shares(self) -> None:
        sides = len(self.strata_names)
        if not len(self.shares):
            self._set(shares=tuple(Fraction(1, sides) for _ in range(sides)))
        if len(self.shares) != sides:
            raise ProfileError(f"`shares` has {len(self.shares)} entries for {sides} sides")
        if sides:
            self._set(shares=exact_shares(self.shares))

    @classmethod
    def from_ranks(
        cls,
        ranks: ArrayLike,
        items: Sequence[str],
        *,
        unranked: Unranked,
        names: Sequence[str] = (),
        weights: ArrayLike | None = None,
        sides: Sequence[str] | None = None,
        shares: Mapping[str, ShareLike] | None = None,
        groups: Sequence[str] | None = None,
    ) -> Self:
        """A profile from a matrix of ranks, with the side and group of each ballot by name.

        Parameters
        ----------
        ranks, items, unranked, names, weights
            As in `Profile`.
        sides, groups : sequence of str, length n_ballots, optional
            Name of the side and of the group of each ballot; codes follow the names' alphabetical order.
        shares : mapping of side to number, optional
            The share of the say of each side, adding up to 1; equal when left out.

        Raises
        ------
        ProfileError
            As in `Profile`, and where a side has a share but no ballot, or ballots but no share.

        Examples
        --------
        >>> profile = Profile.from_ranks([[1, 2], [2, 1]], ["a", "b"], unranked="last", sides=["lived", "staff"])
        >>> profile.shares
        (Fraction(1, 2), Fraction(1, 2))
        """
        more: dict[str, Any] = {}
        if sides is not None:
            more["strata"], more["strata_names"] = codes_of(sides)
            more["shares"] = shares_by_name(more["strata_names"], shares)
        elif shares is not None:
            raise ProfileError("`shares` is given without `sides`")
        if groups is not None:
            more["groups"], more["group_names"] = codes_of(groups)
        return cls(
            ranks=cast("NDArray[np.uint16]", ranks),
            items=tuple(items),
            unranked=unranked,
            names=tuple(names),
            weights=cast("NDArray[np.float64] | None", weights),
            **more,
        )

    @classmethod
    def from_orders(
        cls, orders: Sequence[Sequence[Tier]], items: Sequence[str] | None = None, *, unranked: Unranked, **more: Any
    ) -> Self:
        """A profile from orders, best first; what an order leaves out is unranked.

        Parameters
        ----------
        orders : sequence of orders
            Each a sequence of ids; a collection of ids in place of an id is a tie.
        items : sequence of str, optional
            All ids, in the order wanted; when left out, those that occur, sorted.
        unranked : {"last", "absent"}
            As in `Profile`.
        **more
            `names`, `weights`, `sides`, `shares`, `groups` as in `from_ranks`.

        Raises
        ------
        ProfileError
            Where an order names an item twice or one that is not in `items`; otherwise as `from_ranks`.

        Examples
        --------
        >>> Profile.from_orders(["ab", ["b", ("a", "c")]], unranked="last").ranks
        array([[1, 2, 0],
               [2, 1, 2]], dtype=uint8)
        """
        ballots = [[(tier,) if isinstance(tier, str) else tuple(tier) for tier in order] for order in orders]
        if items is None:
            items = sorted({item for ballot in ballots for tier in ballot for item in tier})
        return cls.from_ranks(_ranks_of(ballots, items), items, unranked=unranked, **more)

    @classmethod
    def from_ratings(cls, ratings: Ratings, *, shares: Mapping[str, ShareLike] | None = None) -> Self:
        """A profile in which each person puts the items in the order of their ratings; equal ratings are ties.

        What somebody did not rate is "absent". Who rated nothing is a blank ballot.

        Examples
        --------
        >>> from aggregation import Ratings
        >>> ratings = Ratings(values=[[9, float("nan"), 7], [7, 3, 7]], items=["a", "b", "c"])
        >>> Profile.from_ratings(ratings).ranks
        array([[1, 0, 2],
               [1, 2, 1]], dtype=uint8)
        """
        rated = ~np.isnan(ratings.values)
        ranks = np.zeros(ratings.values.shape, dtype=np.int64)
        for row, (values, chosen) in enumerate(zip(ratings.values, rated, strict=True)):
            _, level = np.unique(-values[chosen], return_inverse=True)
            ranks[row, chosen] = level + 1
        sides = None if ratings.strata is None else [ratings.strata_names[code] for code in ratings.strata]
        groups = None if ratings.groups is None else [ratings.group_names[code] for code in ratings.groups]
        return cls.from_ranks(
            ranks, ratings.items, unranked="absent", names=ratings.names, sides=sides, shares=shares, groups=groups
        )

    @classmethod
    def from_chunks(cls, chunks: Iterable[Profile]) -> Profile:
        """One profile of all ballots of several, in their order; refuses chunks unlike the first, and none at all."""
        parts = list(chunks)
        if not parts:
            raise ProfileError("there are no chunks to join")
        first, *rest = parts
        for chunk in rest:
            for what in ("items", "names", "unranked", "strata_names", "shares", "group_names"):
                ours, theirs = getattr(first, what), getattr(chunk, what)
                if ours != theirs:
                    raise ProfileError(f"chunks of different `{what}` cannot be joined: {ours!r} and {theirs!r}")
        weighted = any(part.weights is not None for part in parts)
        return first.replace(
            ranks=np.concatenate([part.ranks for part in parts]),
            weights=np.concatenate([part.counts / part.unit for part in parts]) if weighted else None,
            strata=None if first.strata is None else np.concatenate([part.strata for part in parts]),
            groups=None if first.groups is None else np.concatenate([part.groups for part in parts]),
        )

    @property
    def n_ballots(self) -> int:
        """Number of rows; a row of weight 2 is one row."""
        return int(self.ranks.shape[0])

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many units each ballot counts, shape (n_ballots,): its weight times `unit`, a whole number."""
        return self._counts

    @property
    def unit(self) -> int:
        """What one ballot counts in `counts`: 1, or a million where a weight is no whole number."""
        return 1 if are_whole(self.weights) else WEIGHT_UNIT

    def column_of(self, item: str) -> int:
        """The index of an item among `items`; refuses one that is not there."""
        if item not in self.items:
            raise ProfileError(f"{item!r} is not among the items")
        return self.items.index(item)

    def replace(self, **changes: Any) -> Profile:
        """The same profile with some fields changed, checked again."""
        kept = {each.name: getattr(self, each.name) for each in fields(self) if each.init}
        return Profile(**(kept | changes))

    def with_unranked(self, unranked: Unranked) -> Profile:
        """The same ballots, with rank 0 read another way."""
        return self.replace(unranked=unranked)

    def with_shares(self, shares: Mapping[str, ShareLike] | None) -> Profile:
        """The same ballots with other shares, by the side's name (None = equal); refuses a profile without sides."""
        if self.strata is None:
            raise ProfileError("shares belong to sides, and these ballots have none")
        return self.replace(shares=shares_by_name(self.strata_names, shares))

    def pooled(self) -> Profile:
        """The same ballots without sides: every ballot counts alike."""
        return self.replace(strata=None, strata_names=(), shares=())

    def by_side(self) -> dict[str, Profile]:
        """The ballots of each side, by its name, as profiles without sides; empty where there are none."""
        return self._split(self.strata, self.strata_names)

    def by_group(self) -> dict[str, Profile]:
        """The ballots of each group, by its name, as profiles without sides; empty where there are none."""
        return self._split(self.groups, self.group_names)

    def restrict(self, items: Collection[str]) -> Profile:
        """The same ballots about some of the items only, these in the order of the profile."""
        kept = sorted(map(self.column_of, dict.fromkeys(items)))
        return self.replace(
            ranks=self.ranks[:, kept],
            items=[self.items[place] for place in kept],
            names=[self.names[place] for place in kept],
        )

    def compress(self) -> Profile:
        """The same say with equal ballots of a side and group as one row, their weights added; rows sorted."""
        codes = [column[:, None] for column in (self.strata, self.groups) if column is not None]
        rows = np.concatenate([*codes, dense_levels(self.ranks)], axis=1)
        distinct, row = np.unique(rows, axis=0, return_inverse=True)
        counts = np.zeros(len(distinct), dtype=np.int64)
        np.add.at(counts, row.ravel(), self.counts)
        columns = iter(distinct.T)
        return self.replace(
            strata=None if self.strata is None else next(columns),
            groups=None if self.groups is None else next(columns),
            ranks=distinct[:, len(codes) :],
            weights=counts / self.unit,
        )

    def _split(self, codes: NDArray[np.int64] | None, names: tuple[str, ...]) -> dict[str, Profile]:
        return {} if codes is None else {name: self._rows(codes == code) for code, name in enumerate(names)}

    def _rows(self, chosen: NDArray[np.bool_]) -> Profile:
        return Profile(
            ranks=self.ranks[chosen],
            items=self.items,
            unranked=self.unranked,
            names=self.names,
            weights=None if self.weights is None else self.weights[chosen],
        )


def _ranks_of(ballots: list[list[tuple[str, ...]]], items: Sequence[str]) -> NDArray[np.int64]:
    column = {item: place for place, item in enumerate(items)}
    ranks = np.zeros((len(ballots), len(items)), dtype=np.int64)
    for row, ballot in enumerate(ballots):
        for rank, tier in enumerate(ballot, start=1):
            for item in tier:
                if item not in column:
                    raise ProfileError(f"orders[{row}] names {item!r}, which is not among the items")
                if ranks[row, column[item]]:
                    raise ProfileError(f"orders[{row}] names {item!r} twice")
                ranks[row, column[item]] = rank
    return ranks
