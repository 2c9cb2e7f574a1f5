"""What a rule decides for whoever answered, for those who stayed, and with the last answer of those who left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aggregation.delphi.consensus import verdicts
from aggregation.delphi.pairs import check_same_people, took_part
from aggregation.delphi.scale import NINE
from aggregation.ratings import Ratings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.consensus import Verdict
    from aggregation.delphi.rules import ConsensusRule
    from aggregation.delphi.scale import Scale


@dataclass(frozen=True, slots=True)
class Reruns:
    """The verdicts of one rule three times over; what differs hangs on who left, or came late.

    Each counts its own people, also for the floor of valid answers. A side without anybody among them still counts, as
    a side without a valid answer, so that there is no verdict; a group without anybody is left out.

    Parameters
    ----------
    everybody : tuple of Verdict or None
        Whoever took part in the second round; None where nobody did.
    completers : tuple of Verdict or None
        Those who took part in both rounds; None where nobody did.
    carried : tuple of Verdict or None
        Those who took part in either, with the first round's answer (or "I can't judge") where a person gave none in
        the second; None where nobody did.
    differing : tuple of str
        Questions on which the decisions of these are not the same.
    """

    everybody: tuple[Verdict, ...] | None
    completers: tuple[Verdict, ...] | None
    carried: tuple[Verdict, ...] | None
    differing: tuple[str, ...]


def reruns(first: Ratings, second: Ratings, rule: ConsensusRule, scale: Scale = NINE) -> Reruns:
    """The verdicts of the rule for everybody, for completers, and with the last answer carried.

    Parameters
    ----------
    first, second : Ratings
        The same people row by row; sides and groups are those of `second`. Verdicts are on the questions of `second`;
        one that `first` has not has no answer to carry.
    rule : ConsensusRule
    scale : Scale
        Of both rounds.

    Raises
    ------
    RatingsError, StatisticError
        As `verdicts`, and if the people differ.

    Examples
    --------
    Three of ten leave, who had rated the question low:

    >>> from aggregation import Ratings
    >>> from aggregation.delphi import ConsensusRule
    >>> first = Ratings(values=[[8]] * 7 + [[2]] * 3, items=["a"])
    >>> second = Ratings(values=[[8]] * 7 + [[float("nan")]] * 3, items=["a"])
    >>> runs = reruns(first, second, ConsensusRule())
    >>> [each[0].decision for each in (runs.everybody, runs.completers, runs.carried)], runs.differing
    (['in', 'in', 'none'], ('a',))
    """
    check_same_people(first, second)
    before, after = took_part(first), took_part(second)
    everybody, completers, carried = (
        verdicts(_only(ratings, people), rule, scale) if people.any() else None
        for ratings, people in (
            (second, after),
            (second, before & after),
            (_carried(first, second), before | after),
        )
    )
    runs = [each for each in (everybody, completers, carried) if each is not None]
    differing = (found[0].item for found in zip(*runs, strict=True) if len({each.decision for each in found}) > 1)
    return Reruns(everybody, completers, carried, tuple(differing))


def _only(ratings: Ratings, people: NDArray[np.bool_]) -> Ratings:
    """The ratings of these people; a side without any of them keeps its rows, without an answer."""
    sides = ratings.strata
    absent = np.zeros_like(people) if sides is None else ~np.isin(sides, sides[people])
    rows = people | absent
    silent = absent[rows, None]
    groups, names = None, ratings.group_names
    if ratings.groups is not None:
        kept, groups = np.unique(ratings.groups[rows], return_inverse=True)
        names = tuple(names[code] for code in kept)
    return Ratings(
        values=np.where(silent, np.nan, ratings.values[rows]),
        items=ratings.items,
        names=ratings.names,
        cannot_judge=None if ratings.cannot_judge is None else ratings.cannot_judge[rows] & ~silent,
        strata=None if sides is None else sides[rows],
        strata_names=ratings.strata_names,
        groups=groups,
        group_names=names,
    )


def _carried(first: Ratings, second: Ratings) -> Ratings:
    """The second round with the first round's answers where a person said nothing."""
    column = {item: place for place, item in enumerate(first.items)}
    places = np.array([column.get(item, -1) for item in second.items])
    could_not = _cannot_judge(second)
    silent = np.isnan(second.values) & ~could_not & (places >= 0)
    return Ratings(
        values=np.where(silent, first.values[:, places], second.values),
        items=second.items,
        names=second.names,
        cannot_judge=could_not | (silent & _cannot_judge(first)[:, places]),
        strata=second.strata,
        strata_names=second.strata_names,
        groups=second.groups,
        group_names=second.group_names,
    )


def _cannot_judge(ratings: Ratings) -> NDArray[np.bool_]:
    return np.zeros(ratings.values.shape, dtype=bool) if ratings.cannot_judge is None else ratings.cannot_judge
