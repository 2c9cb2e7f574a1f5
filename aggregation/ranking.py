"""The list a method gives: items in tiers, best first, with ties kept as ties."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from aggregation.errors import MethodError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The first places of a list, with every item that is tied at the last of them.

    `items` are best first; `tied` are those level at place `places`, empty unless they do not all fit.
    """

    places: int
    items: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ranking(Frozen):
    """A consensus ranking.

    Parameters
    ----------
    items : tuple of str, length n_items
        Ids, in the order of the profile.
    tiers : tuple of tuples of str
        The same ids, best tier first; the items of one tier are tied.
    ranks : ndarray of int, shape (n_items,)
        Place of each of `items`, 1 = best; tied items share the best of their places (1, 2, 2, 4).
    scores : ndarray of float, shape (n_items,), or None
        What the method computed for each of `items`; None where it computes no score. Higher is better, except for
        methods whose row says ``better="lower"``.
        Ties are decided before this, in exact arithmetic.
    method : str
        Key of the method in the registry.
    diagnostics : mapping
        How it was computed, in values that JSON can hold.
    """

    items: tuple[str, ...]
    tiers: tuple[tuple[str, ...], ...]
    scores: NDArray[np.float64] | None
    method: str
    diagnostics: Mapping[str, Any]
    ranks: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        place: dict[str, int] = {}
        for tier in self.tiers:
            place.update(dict.fromkeys(tier, len(place) + 1))
        ranks = np.array([place[item] for item in self.items], dtype=np.int64)
        ranks.setflags(write=False)
        object.__setattr__(self, "ranks", ranks)
        object.__setattr__(self, "diagnostics", MappingProxyType(dict(self.diagnostics)))
        if self.scores is not None:
            self.scores.setflags(write=False)

    @classmethod
    def from_scores(
        cls, items: tuple[str, ...], scores: Sequence[Fraction | int], *, method: str, diagnostics: Mapping[str, Any]
    ) -> Self:
        """Items by exact score, highest first; equal scores are ties, written in the order of `items`.

        Examples
        --------
        >>> Ranking.from_scores(("a", "b", "c"), [1, 3, 1], method="borda", diagnostics={}).tiers
        (('b',), ('a', 'c'))
        """
        tiers = tuple(
            tuple(item for item, score in zip(items, scores, strict=True) if score == level)
            for level in sorted(set(scores), reverse=True)
        )
        return cls(items, tiers, np.array([float(score) for score in scores]), method, diagnostics)

    @property
    def winners(self) -> tuple[str, ...]:
        """The first tier."""
        return self.tiers[0]

    def shortlist(self, places: int) -> Shortlist:
        """The first `places` items; all of a tier that is only partly within them, reported as tied.

        Raises
        ------
        MethodError
            If `places` is no whole number, or below 1.

        Examples
        --------
        >>> ranking = Ranking.from_scores(("a", "b", "c"), [2, 1, 1], method="borda", diagnostics={})
        >>> ranking.shortlist(2)
        Shortlist(places=2, items=('a', 'b', 'c'), tied=('b', 'c'))
        """
        if places < 1 or places != int(places):
            raise MethodError(f"a shortlist has at least one place, and whole ones, not {places!r}")
        listed: list[str] = []
        for tier in self.tiers:
            if len(listed) + len(tier) > places:
                tied = tier if len(listed) < places else ()
                return Shortlist(places, (*listed, *tied), tied)
            listed.extend(tier)
        return Shortlist(places, tuple(listed), ())

    def as_dict(self) -> dict[str, Any]:
        """The ranking as JSON holds it: method, items, tiers, ranks, scores, winners, diagnostics."""
        return {
            "method": self.method,
            "items": list(self.items),
            "tiers": [list(tier) for tier in self.tiers],
            "ranks": self.ranks.tolist(),
            "scores": None if self.scores is None else self.scores.tolist(),
            "winners": list(self.winners),
            "diagnostics": dict(self.diagnostics),
        }
