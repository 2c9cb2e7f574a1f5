"""Ballots as a rule of choice counts them: every different order once, with the votes behind it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aggregation.voices import voices_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aggregation.profile import Profile

Tiers = tuple[tuple[int, ...], ...]

# With sides the whole say is this many votes, however many people there are: a quota can then be a whole number, and
# repeating all ballots of a side changes nothing.
VOTES_OF_ALL_SIDES = 100_000


@dataclass(frozen=True, slots=True)
class Papers:
    """Orders of columns, best first, and the votes behind each; blank ballots are not among them.

    `whole`: the votes are ballots, each of them whole. Otherwise they are parts of a say or weights with decimals.
    """

    votes: dict[Tiers, Fraction]
    whole: bool

    @property
    def total(self) -> Fraction:
        """All votes."""
        return sum(self.votes.values(), Fraction(0))

    @classmethod
    def gathered(cls, counted: Iterable[tuple[Tiers, Fraction]], *, whole: bool) -> Papers:
        """Equal orders as one, sorted, so that the order of ballots changes nothing; empty orders left out."""
        votes: dict[Tiers, Fraction] = defaultdict(Fraction)
        for tiers, vote in counted:
            if tiers and vote:
                votes[tiers] += vote
        return cls(dict(sorted(votes.items())), whole)

    def until_tie(self) -> Papers:
        """The same orders, each ending before its first tie."""
        strict = ((_until_tie(tiers), vote) for tiers, vote in self.votes.items())
        return Papers.gathered(strict, whole=self.whole)


def papers_of(profile: Profile, *, last_place: bool = False) -> Papers:
    """The orders of a profile; with `last_place`, items left out share a last tier where the profile says "last".

    Without sides a ballot of weight 1 is one vote. With sides there are 100,000 votes, shared among the sides as
    their shares say and, within a side, among its ballots by weight.

    Examples
    --------
    >>> from aggregation import Profile
    >>> papers_of(Profile.from_orders(["ab", "ab", "b", []], unranked="last")).votes
    {((0,), (1,)): Fraction(2, 1), ((1,),): Fraction(1, 1)}
    """
    voices = voices_of(profile)
    distinct, row = np.unique(profile.ranks, axis=0, return_inverse=True)
    says = [0] * len(distinct)
    for place, count in zip(row.ravel().tolist(), voices.counts, strict=True):
        says[place] += count
    unit = Fraction(1, voices.scale) * (VOTES_OF_ALL_SIDES if profile.shares else 1)
    completed = last_place and profile.unranked == "last"
    counted = (
        (_tiers(ranks, last_place=completed), say * unit) for ranks, say in zip(distinct.tolist(), says, strict=True)
    )
    return Papers.gathered(counted, whole=not profile.shares and voices.scale == 1)


def places(tiers: Tiers) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Each tier with its place: one more than the number of items above it."""
    above = 0
    for tier in tiers:
        yield above + 1, tier
        above += len(tier)


def _tiers(ranks: list[int], *, last_place: bool) -> Tiers:
    levels: dict[int, list[int]] = defaultdict(list)
    for item, rank in enumerate(ranks):
        levels[rank].append(item)
    unranked = levels.pop(0, [])
    tiers = [tuple(levels[rank]) for rank in sorted(levels)]
    if last_place and tiers and unranked:
        tiers.append(tuple(unranked))
    return tuple(tiers)


def _until_tie(tiers: Tiers) -> Tiers:
    first_tie = next((place for place, tier in enumerate(tiers) if len(tier) > 1), len(tiers))
    return tiers[:first_tie]
