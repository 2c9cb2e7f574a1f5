"""Two findings about each question after a round: whether answers have settled, and how far they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.delphi.scale import NINE
from aggregation.delphi.summary import Tally
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.change import Change
    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings

Stability = Literal["stable", "moving", "unknown"]
Agreement = Literal["consensus", "majority", "bipolar", "plurality", "disagreement", "unknown"]

# With fewer pairs than this nothing is said about stability: one person would decide it.
FEWEST_PAIRS = 5


@dataclass(frozen=True, slots=True)
class Stable:
    """Whether answers to a question have settled.

    Parameters
    ----------
    item : str
    verdict : {"stable", "moving", "unknown"}
        "stable": fewer than the margin crossed a band; "unknown": too few people answered in both rounds.
    crossed : Tally
        How many of those who answered in both rounds went to another band.
    net : Tally
        How many at least must have changed to turn one distribution into the other, of the same people. Second
        evidence only: 0 where all swap 3 and 9.
    """

    item: str
    verdict: Stability
    crossed: Tally
    net: Tally


@dataclass(frozen=True, slots=True)
class Finding:
    """Stability and agreement of one question, kept apart: neither follows from the other.

    Parameters
    ----------
    item : str
    stable : Stable
    agreement : {"consensus", "majority", "bipolar", "plurality", "disagreement", "unknown"}
        Of the later round, whoever answered it; "unknown" where nobody did.
    low, middle, high : Tally
        How many of the valid answers of the later round lie in each band.
    """

    item: str
    stable: Stable
    agreement: Agreement
    low: Tally
    middle: Tally
    high: Tally


def stable(change: Change, margin: int = 15, *, fewest: int = FEWEST_PAIRS) -> tuple[Stable, ...]:
    """Whether answers to each question have settled: fewer than `margin` % of the pairs crossed a band.

    Parameters
    ----------
    change : Change
    margin : int
        In 1 to 100, declared beforehand; compared as whole numbers, so that exactly the margin is moving.
    fewest : int
        With fewer pairs than this (or none) the verdict is "unknown".

    Returns
    -------
    tuple of Stable, one an item, in their order

    Raises
    ------
    StatisticError
        If the margin is not from 1 to 100.

    References
    ----------
    J. S. Dajani, M. Z. Sincoff, W. K. Talley, Stability and agreement criteria for the termination of Delphi studies,
    Technological Forecasting and Social Change 13 (1979) 83-90. M. Scheibe, M. Skutsch, J. Schofer (1975) put the
    margin at 15 %, for the histogram; here it is for people.

    Examples
    --------
    Three of twenty are 15 % exactly, and that is not fewer:

    >>> from aggregation import Ratings
    >>> from aggregation.delphi import change
    >>> first = Ratings(values=[[5]] * 20, items=["a"])
    >>> [stable(change(first, Ratings(values=[[8]] * k + [[5]] * (20 - k), items=["a"])))[0].verdict for k in (2, 3)]
    ['stable', 'moving']
    """
    if not 1 <= margin <= 100:
        raise StatisticError(f"`margin` must be a percentage from 1 to 100, not {margin}")
    return tuple(
        Stable(
            item=item,
            verdict=_settled(change.crossed_of(i), margin, fewest),
            crossed=change.crossed_of(i),
            net=Tally(int(change.net[i]), int(change.n[i])),
        )
        for i, item in enumerate(change.items)
    )


def findings(
    change: Change, after: Ratings, *, scale: Scale = NINE, margin: int = 15, consensus: int = 70, camps: int = 35
) -> tuple[Finding, ...]:
    """Stability first, then the kind of agreement, for each question.

    Parameters
    ----------
    change : Change
        From the round before to `after`.
    after : Ratings
        Everybody's answers in the later round.
    scale : Scale
    margin : int
        As in `stable`.
    consensus : int
        Percentage of answers in one band that is consensus; else more than half is a majority.
    camps : int
        Bipolar, without a majority: at least this percentage in the low band and in the high band.

    Raises
    ------
    RatingsError, StatisticError
        If an answer is not on the scale, the questions are others than those of `change`, `consensus` is not above
        50 or `camps` is, or the margin is none.

    Notes
    -----
    The kinds and their order are those of [1]_; the percentages for consensus and camps are declared, since the paper
    gives none for bands. Plurality: one band has more answers than each other; disagreement: two or all three share
    the first place.

    References
    ----------
    .. [1] J. S. Dajani, M. Z. Sincoff, W. K. Talley (1979), see `stable`.

    Examples
    --------
    Settled and split: nobody moves, and there is no consensus.

    >>> from aggregation import Ratings
    >>> from aggregation.delphi import change
    >>> round_two = Ratings(values=[[2]] * 5 + [[8]] * 5, items=["a"])
    >>> found = findings(change(round_two, round_two), round_two)[0]
    >>> found.stable.verdict, found.agreement
    ('stable', 'bipolar')
    """
    if not 50 < consensus <= 100 or not 1 <= camps <= 50:
        raise StatisticError(
            f"`consensus` must be above 50 up to 100 and `camps` from 1 to 50, not {consensus} and {camps}"
        )
    if after.items != change.items:
        raise StatisticError("`after` must have the questions of `change`, in their order")
    bands = _bands_of(after, scale)
    return tuple(
        _finding(settled, counts, consensus, camps)
        for settled, counts in zip(stable(change, margin), bands.tolist(), strict=True)
    )


def _settled(crossed: Tally, margin: int, fewest: int) -> Stability:
    if crossed.n < max(fewest, 1):
        return "unknown"
    return "stable" if crossed.below(margin) else "moving"


def _bands_of(ratings: Ratings, scale: Scale) -> NDArray[np.int64]:
    """How many answers lie in each band, shape (n_items, 3)."""
    places = scale.places(ratings)
    bands = np.where(places < 0, -1, scale.bands[places])
    return np.stack([(bands == band).sum(axis=0) for band in range(3)], axis=1)


def _finding(settled: Stable, counts: list[int], consensus: int, camps: int) -> Finding:
    low, middle, high = (Tally(count, sum(counts)) for count in counts)
    agreement = _agreement(low, middle, high, consensus, camps)
    return Finding(settled.item, settled, agreement, low, middle, high)


def _agreement(low: Tally, middle: Tally, high: Tally, consensus: int, camps: int) -> Agreement:
    first, second, _ = sorted((low, middle, high), key=lambda tally: -tally.hits)
    if not first.n:
        return "unknown"
    if first.at_least(consensus):
        return "consensus"
    if 2 * first.hits > first.n:
        return "majority"
    if low.at_least(camps) and high.at_least(camps):
        return "bipolar"
    return "plurality" if first.hits > second.hits else "disagreement"
