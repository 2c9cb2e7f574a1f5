"""Panels that might as well have answered: how often each ballot is in them, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.errors import MethodError, StatisticError
from aggregation.shares import exact_share
from aggregation.tally import PairwiseTally
from aggregation.uncertainty.batched import CELLS, above_by_ballot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from numpy.typing import NDArray

    from aggregation.profile import Profile

Resampling = Literal["rescaled", "plain", "bayesian"]

# Sides with fewer people than this are resampled with one person less, which undoes the loss of spread.
SMALL_SIDE = 10
# The weights of one side's people in the Bayesian bootstrap are whole numbers that add up to this.
BAYESIAN_TOTAL = 2**18
# Numbers held at a time while panels are drawn.
ROOM = 2**22


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The people of one side, or all of them where there are no sides.

    `rows` are the first of their equal ballots in the profile, sorted by content, `counts` how many people gave each,
    `scale` what one of them counts: 1, except where weights are no whole numbers; a row is then one person.
    """

    name: str
    share: Fraction
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    scale: NDArray[np.int64]

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.counts.sum())


def refuse_a_tally(profile: Profile | PairwiseTally) -> None:
    """Refuse a tally: it does not know who gave which ballot."""
    if isinstance(profile, PairwiseTally):
        raise MethodError("the ballots themselves are needed; a tally does not know who gave which")


def sides_of(profile: Profile) -> tuple[Side, ...]:
    """The people whose answers could have been others', by side; refuses where nothing can be learnt about that.

    With sides, who ranks nothing has no say and is left out.

    Raises
    ------
    StatisticError
        If a side (or the panel, without sides) has fewer than two people who rank anything, or if all ballots of
        every side, or of a side with fewer than ten people, are the same: nine who agree are no proof that all do.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ab", "ba", "ba"], unranked="last", sides=["lived", "lived", "staff"])
    >>> sides_of(profile)
    Traceback (most recent call last):
        ...
    aggregation.errors.StatisticError: the side 'staff' has 1 person who ranks anything; how others of that side
    would answer cannot be learnt from fewer than 2
    """
    speaking = np.asarray(profile.ranks.any(axis=1))
    strata = np.zeros(profile.n_ballots, dtype=np.int64) if profile.strata is None else profile.strata
    names, shares = profile.strata_names or ("",), profile.shares or (exact_share(1),)
    heard = speaking if profile.strata_names else np.ones_like(speaking)
    sides = []
    for code, (name, share) in enumerate(zip(names, shares, strict=True)):
        members = np.flatnonzero((strata == code) & heard)
        side = Side(name, share, *(_same_whatever_the_order if profile.unit == 1 else _sorted)(profile, members))
        _check_enough(name, int(side.counts[speaking[side.rows]].sum()))
        sides.append(side)
    if all(_all_alike(profile, side) for side in sides):
        raise StatisticError(
            f"all ballots {'of each side ' if profile.strata_names else ''}are the same; how differently others would "
            "answer cannot be learnt from them"
        )
    for side in sides:
        if side.people < SMALL_SIDE and _all_alike(profile, side):
            raise StatisticError(
                f"all {side.people} ballots of the side {side.name!r} are the same; how differently others of that "
                "side would answer cannot be learnt from so few"
            )
    return tuple(sorted(sides, key=lambda side: side.name))


def _same_whatever_the_order(
    profile: Profile, members: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows, counts and scale with equal ballots as one, sorted: so a seed gives the same however rows are written."""
    _, first, row = np.unique(profile.ranks[members], axis=0, return_index=True, return_inverse=True)
    counts = np.zeros(len(first), dtype=np.int64)
    np.add.at(counts, row.ravel(), profile.counts[members])
    return members[first], counts, np.ones_like(counts)


def _sorted(
    profile: Profile, members: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    rows = members[np.lexsort((profile.counts[members], *profile.ranks[members].T))]
    return rows, np.ones_like(rows), profile.counts[rows]


def _check_enough(name: str, people: int) -> None:
    if people < 2:
        who = f"the side {name!r} has" if name else ("there is" if people == 1 else "there are")
        of = "of that side " if name else ""
        raise StatisticError(
            f"{who} {people} {'person' if people == 1 else 'people'} who {'ranks' if people == 1 else 'rank'} "
            f"anything; how others {of}would answer cannot be learnt from fewer than 2"
        )


def _all_alike(profile: Profile, side: Side) -> bool:
    first = above_by_ballot(profile, side.rows[:1])
    block = max(1, CELLS // first.size)
    starts = range(0, len(side.rows), block)
    return all((above_by_ballot(profile, side.rows[start : start + block]) == first).all() for start in starts)


def panels(
    sides: tuple[Side, ...], draws: int, rng: np.random.Generator, resampling: Resampling, breadth: int
) -> Iterator[list[NDArray[np.int64]]]:
    """Panels drawn from the people of each side, some at a time: per side, what each ballot counts in each panel.

    Parameters
    ----------
    sides : tuple of Side
    draws : int
        How many panels in all.
    rng : Generator
    resampling : {"rescaled", "plain", "bayesian"}
        "plain": as many people as there are, with replacement. "rescaled": the same, but one person less on sides
        under ten (Rao and Wu's rescaling with n - 1 draws: the spread is then right on average). "bayesian":
        random weights in place of numbers of times (Rubin), in whole parts of a side's `BAYESIAN_TOTAL`.
    breadth : int
        Numbers that the caller will hold for each panel, so that memory stays bounded.
    """
    if resampling not in ("rescaled", "plain", "bayesian"):
        raise MethodError(f'`resampling` must be "rescaled", "plain" or "bayesian", not {resampling!r}')
    widest = max(breadth, *(side.people for side in sides))
    batch = max(1, ROOM // widest)
    # A stream of its own for each side, so that the size of a batch changes nothing.
    streams = rng.spawn(len(sides))
    for start in range(0, draws, batch):
        some = min(batch, draws - start)
        yield [_drawn(side, some, own, resampling) * side.scale for side, own in zip(sides, streams, strict=True)]


def _drawn(side: Side, panels: int, rng: np.random.Generator, resampling: Resampling) -> NDArray[np.int64]:
    if resampling == "bayesian":
        shares = np.cumsum(rng.standard_gamma(side.counts, size=(panels, len(side.rows))), axis=1)
        ends = np.rint(shares / shares[:, -1:] * BAYESIAN_TOTAL).astype(np.int64)
        return np.diff(ends, axis=1, prepend=0)
    people, rows = drawn_people(side, resampling), len(side.rows)
    if side.people > 4 * rows:
        return rng.multinomial(people, side.counts / side.people, size=panels)
    row_of_person = np.repeat(np.arange(rows), side.counts)
    drawn = row_of_person[rng.integers(side.people, size=(panels, people))]
    drawn += np.arange(panels)[:, None] * rows
    return np.bincount(drawn.ravel(), minlength=panels * rows).reshape(panels, rows)


def drawn_people(side: Side, resampling: Resampling) -> int:
    """How many people of a side are in each panel drawn."""
    return side.people - (resampling == "rescaled" and side.people < SMALL_SIDE)


def panel_of(profile: Profile, rows: NDArray[np.int64], counts: NDArray[np.int64]) -> Profile:
    """Some ballots of a profile, each counting as given in its units, as a profile with the same sides and shares."""
    return type(profile)(
        ranks=profile.ranks[rows],
        items=profile.items,
        unranked=profile.unranked,
        weights=counts / profile.unit,
        strata=None if profile.strata is None else profile.strata[rows],
        strata_names=profile.strata_names,
        shares=profile.shares,
    )
