"""Who moved toward whom from one round to the next, free of what regression to the mean looks like."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.delphi.nearness import Approach, directions, means_drawn, mover_of
from aggregation.delphi.pairs import check_same_people, check_same_questions
from aggregation.delphi.resampling import DRAWS_AT_MOST, check_confidence, check_draws, percentiles
from aggregation.delphi.scale import NINE
from aggregation.errors import RatingsError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.nearness import Mover
    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings

By = Literal["sides", "groups"]

FEWEST_DRAWS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Movement(Frozen):
    """How far each part of the panel came nearer to where each part stood before; all arrays are read-only.

    In arrays with two axes for parts the first is who moved, the second toward whom. On the diagonal stands how far a
    part came closer together: its mean distance to its own median before, less that to its own median after.
    Distances are in points of the scale; above 0 = nearer.

    Parameters
    ----------
    items, parts : tuple of str
        Questions, and sides or groups; one part "" where there are no sides.
    n : ndarray of int, shape (n_items, n_parts)
        People with a valid answer in both rounds.
    target : ndarray of float, shape (n_items, n_parts)
        The median of the earlier round, of all who answered it; nan where nobody did.
    shift : ndarray of float, shape (n_items, n_parts)
        Mean of the later answer less the earlier one; above 0 = higher.
    nearer, low, high : ndarray of float, shape (n_items, n_parts, n_parts)
        Mean distance to the target before less that after, and its interval from panels drawn anew, the target taken as
        given. Regression to the mean adds nothing to it. nan without pairs; no interval where all panels drawn agree.
    off, toward : ndarray of int, shape (n_items, n_parts, n_parts)
        People who changed and had not been at the target, and how many of them went in its direction.
    by_chance : ndarray of float, shape (n_items, n_parts, n_parts)
        The share of `off` that would go in its direction without any influence; often above two thirds. nan where
        nobody changed.
    beyond_chance : ndarray of bool, shape (n_items, n_parts, n_parts)
        Where the movement is nearer by more than chance explains: without influence at most ``1 - confidence`` of
        exercises have a single such entry. 20,000 exchanges tell nothing beyond 31 parts at a confidence of 0.95.
    overall, overall_low, overall_high : ndarray of float, shape (n_parts, n_parts)
        `nearer` over all pairs of answers to all questions, and its interval.
    """

    items: tuple[str, ...]
    parts: tuple[str, ...]
    n: NDArray[np.int64]
    target: NDArray[np.float64]
    shift: NDArray[np.float64]
    nearer: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    off: NDArray[np.int64]
    toward: NDArray[np.int64]
    by_chance: NDArray[np.float64]
    beyond_chance: NDArray[np.bool_]
    overall: NDArray[np.float64]
    overall_low: NDArray[np.float64]
    overall_high: NDArray[np.float64]


def movement(
    before: Ratings,
    after: Ratings,
    *,
    seed: int,
    scale: Scale = NINE,
    by: By = "sides",
    confidence: float = 0.95,
    draws: int = 2000,
) -> Movement:
    """How far each side, or group, came nearer to where each stood in the round before.

    Parameters
    ----------
    before, after : Ratings
        The same people row by row, the same questions; sides and groups are those of `before`.
    seed : int
        Of the panels drawn and of the exchanges.
    scale : Scale
    by : {"sides", "groups"}
    confidence : float
        In (0, 1).
    draws : int
        From 200 to 20,000.

    Raises
    ------
    RatingsError
        If the people or the questions differ, an answer is not on the scale, or groups are asked for and there are
        none.
    StatisticError
        If the confidence or the number of draws is outside its bounds.

    Notes
    -----
    The model of no influence: a person's two answers might as well have come in the other order. Then the distance to
    a fixed point is as likely to shrink as to grow by the same amount, so `nearer` is 0 on average, whatever the
    spread of opinions, of moods, and of the ends of the scale. The direction of changes is not: who is off the median
    and answers anew at random goes toward it most times. `by_chance` counts, for the very pairs of answers seen, how
    often both orders would. `beyond_chance` exchanges the rounds of random people, all their questions together, and
    asks of each entry whether it exceeds the largest over all questions, divided among the pairs of parts.

    What the model does not rule out: a drift of everybody (both then shift the same way, one toward, one away), and
    second answers that are less erratic than first ones, which bring everybody nearer to every middle, also their own.

    References
    ----------
    A. G. Barnett, J. C. van der Pols, A. J. Dobson, Regression to the mean: what it is and how to deal with it,
    International Journal of Epidemiology 34 (2005) 215-220. P. H. Westfall, S. S. Young, Resampling-based multiple
    testing, 1993 (the largest over all questions).

    Examples
    --------
    Eight professionals come two points nearer to the others, who stay:

    >>> from aggregation import Ratings
    >>> who = dict(sides=["lived"] * 8 + ["staff"] * 8)
    >>> first = Ratings.from_values([[8]] * 8 + [[4]] * 8, ["a"], **who)
    >>> second = Ratings.from_values([[8]] * 8 + [[6]] * 8, ["a"], **who)
    >>> found = movement(first, second, seed=1)
    >>> found.parts, found.nearer[0].tolist()
    (('lived', 'staff'), [[0.0, 0.0], [2.0, 0.0]])
    """
    check_same_people(before, after)
    check_same_questions(before, after)
    check_confidence(confidence)
    check_draws(draws, seed, fewest=FEWEST_DRAWS)
    names, codes = _parts_of(before, by)
    earlier, later = scale.places(before), scale.places(after)
    movers = [mover_of(earlier[codes == code], later[codes == code], scale) for code in range(len(names))]
    found = [_toward_all(movers, mover, draws, seed, confidence) for mover in range(len(movers))]
    arrays = {name: np.stack([each[name] for each in found], axis=-2) for name in found[0]}
    arrays |= {
        "n": np.stack([mover.n for mover in movers], axis=1),
        "target": np.stack([mover.median for mover in movers], axis=1),
        "shift": np.stack([mover.shift for mover in movers], axis=1),
    }
    for array in arrays.values():
        array.setflags(write=False)
    return Movement(items=before.items, parts=names, **arrays)


def _toward_all(movers: list[Mover], mover: int, draws: int, seed: int, confidence: float) -> dict[str, NDArray[Any]]:
    """What one part did toward every part; the last axis is the target, the first, where there are two, the item."""
    moved, rng = movers[mover], np.random.default_rng(seed)
    targets = [other.median for other in movers]
    approaches = [
        Approach.of(moved, *(moved.middles if place == mover else (target, target)))
        for place, target in enumerate(targets)
    ]
    people = len(moved.before)
    means = [approach.means(np.ones(people))[0] for approach in approaches]
    ends = [percentiles(drawn, confidence) for drawn in means_drawn(moved, approaches, draws, rng)]
    ways = [directions(moved, target) for target in targets]
    level = (1 - confidence) / len(movers) ** 2
    # Among many parts the level of each is below what so many draws can tell.
    exchanges = max(draws, min(ceil(2 / level), DRAWS_AT_MOST))
    signs = rng.choice([-1.0, 1.0], (exchanges, people))
    columns: dict[str, list[Any]] = {
        "nearer": [mean[:-1] for mean in means],
        "low": [low[:-1] for low, _ in ends],
        "high": [high[:-1] for _, high in ends],
        "off": [off for off, _, _ in ways],
        "toward": [toward for _, toward, _ in ways],
        "by_chance": [share for _, _, share in ways],
        "beyond_chance": [approach.beyond_chance(signs, level) for approach in approaches],
        "overall": [mean[-1] for mean in means],
        "overall_low": [low[-1] for low, _ in ends],
        "overall_high": [high[-1] for _, high in ends],
    }
    return {name: np.stack(column, axis=-1) for name, column in columns.items()}


def _parts_of(ratings: Ratings, by: By) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    if by == "groups":
        if ratings.groups is None:
            raise RatingsError("movement between groups is asked for, and these ratings have none")
        return ratings.group_names, ratings.groups
    if ratings.strata is None:
        return ("",), np.zeros(ratings.n_people, dtype=np.int64)
    return ratings.strata_names, ratings.strata
