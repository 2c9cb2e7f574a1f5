"""How many people to ask: what panels of several sizes would find, if people chose as a fitted model says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import MethodError, StatisticError
from aggregation.profile import Profile
from aggregation.registry import rank
from aggregation.shares import shares_by_name
from aggregation.uncertainty.batched import places_of
from aggregation.uncertainty.intervals import DRAWS_AT_MOST, rank_intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.ranking import Ranking
    from aggregation.shares import ShareLike

    LogWorths = Sequence[float] | Mapping[str, Sequence[float]]

# Panels of each size whose rank sets are made, and the draws for each: their mean width needs no more.
PANELS_FOR_WIDTH, DRAWS_FOR_WIDTH = 20, 200


@dataclass(frozen=True, slots=True)
class PanelSize:
    """What panels of one size would find.

    Parameters
    ----------
    people : mapping of side to int
        How many people of each side; one side "" where the model has no sides.
    overlap : float
        The mean part of the model's first k that is among a panel's first k.
    repeat : float
        The chance that two such panels have the same first k.
    places : float or None
        The mean number of places in the rank set of one of the model's first k, over the first panels; None where
        all people of each of these answered alike, so that there are no rank sets.
    """

    people: Mapping[str, int]
    overlap: float
    repeat: float
    places: float | None


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """Panels of several sizes beside each other; `first` are the model's own first k, by item number."""

    k: int
    method: str
    draws: int
    seed: int
    first: tuple[int, ...]
    sizes: tuple[PanelSize, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            "k": self.k,
            "method": self.method,
            "draws": self.draws,
            "seed": self.seed,
            "first": list(self.first),
            "sizes": [
                {"people": dict(s.people), "overlap": s.overlap, "repeat": s.repeat, "places": s.places}
                for s in self.sizes
            ],
        }


def plan_panel(
    log_worths: LogWorths,
    sizes: Sequence[int],
    *,
    k: int = 10,
    method: str = "borda",
    mix: Mapping[str, float] | None = None,
    shares: Mapping[str, ShareLike] | None = None,
    draws: int = 200,
    seed: int,
) -> PanelPlan:
    """For panels of several sizes: how much of the model's first k they find, how often again, and how surely.

    Parameters
    ----------
    log_worths : sequence of float, or mapping of side to such sequences
        The model of Plackett and Luce: a person's first choice is an item with a chance in proportion to its worth,
        then the next among the rest. `log_worths_of` reads them from a fitted ranking.
    sizes : sequence of int
        Numbers of people to look at.
    k, method
        The list that the panels are to find, and the method that makes it, with its defaults.
    mix : mapping of side to number, optional
        How the people spread over the sides; evenly when left out.
    shares : mapping of side to number, optional
        The share of the say of each side; equal when left out.
    draws : int
        Panels to simulate of each size, 2 or more; for slow methods at most the number of `DRAWS_AT_MOST`.
    seed : int
        0 or above; the same seed gives the same plan.

    Returns
    -------
    PanelPlan
        The model's own first k are those with most of the say above their rivals, pair by pair, in the long run;
        with one side these are the items of largest worth.

    Raises
    ------
    MethodError
        If the worths are not numbers for the same two or more items, a size leaves a side with fewer than two
        people, or another number is out of range.
    ProfileError
        If `shares` are not one for each side, adding up to 1.

    Notes
    -----
    A model fitted to few people is itself unsure, and real people disagree in more ways than the model knows: the
    figures compare sizes of panel, they promise nothing.

    Examples
    --------
    Four questions a step apart; more people find the first two more often.

    >>> plan = plan_panel([2.0, 1.5, 0.5, 0.0], [6, 60], k=2, draws=100, seed=1)
    >>> plan.first, plan.sizes[0].overlap < plan.sizes[1].overlap
    ((0, 1), True)
    """
    worths = _worths(log_worths)
    if k < 1 or draws < 2 or seed < 0:
        raise MethodError(f"`k` must be 1 or more, `draws` 2 or more, `seed` 0 or more, not {k}, {draws}, {seed}")
    draws = min(draws, DRAWS_AT_MOST.get(method, draws))
    parts = [_spread(size, worths, mix or dict.fromkeys(worths, 1.0)) for size in sizes]
    first = _first_of_model(worths, shares, k)
    streams = np.random.SeedSequence(seed).spawn(len(parts))
    found = [
        _panels_of(people, worths, shares, first, k, method, draws, np.random.default_rng(stream))
        for people, stream in zip(parts, streams, strict=True)
    ]
    return PanelPlan(k, method, draws, seed, tuple(np.flatnonzero(first).tolist()), tuple(found))


def log_worths_of(ranking: Ranking) -> list[float]:
    """The log-worths of a ranking by `plackett_luce` or `bradley_terry`, in the order of its items.

    Raises
    ------
    MethodError
        If the ranking is by a method that has none.

    Examples
    --------
    >>> ranking = rank(Profile.from_orders(["abc", "acb", "bac"], unranked="last"), "plackett_luce")
    >>> plan_panel(log_worths_of(ranking), [10], k=1, draws=10, seed=1).first
    (0,)
    """
    logs = ranking.diagnostics.get("log_worths")
    if logs is None:
        raise MethodError(f"a ranking by {ranking.method!r} has no worths")
    return [float(logs[item]) for item in ranking.items]


def _worths(log_worths: LogWorths) -> dict[str, NDArray[np.float64]]:
    given = log_worths if isinstance(log_worths, Mapping) else {"": log_worths}
    arrays = {side: np.asarray(values, dtype=np.float64) for side, values in given.items()}
    lengths = {array.shape for array in arrays.values()}
    if len(lengths) != 1 or any(a.ndim != 1 or a.size < 2 or not np.isfinite(a).all() for a in arrays.values()):
        raise MethodError("`log_worths` must be finite numbers, one for each of the same two or more items")
    return arrays


def _spread(size: int, worths: Mapping[str, Any], mix: Mapping[str, float]) -> dict[str, int]:
    """People of each side by largest remainders; refuses a side of fewer than two."""
    if set(mix) != set(worths) or not all(part > 0 for part in mix.values()):
        raise MethodError(f"`mix` must have a number above 0 for each of {', '.join(map(repr, worths))}")
    total = sum(mix.values())
    exact = {side: size * mix[side] / total for side in worths}
    people = {side: int(value) for side, value in exact.items()}
    by_remainder = sorted(worths, key=lambda side: people[side] - exact[side])
    for side in by_remainder[: size - sum(people.values())]:
        people[side] += 1
    if min(people.values()) < 2:
        raise MethodError(f"a panel of {size} has fewer than two people on some side")
    return people


def _first_of_model(
    worths: Mapping[str, NDArray[np.float64]], shares: Mapping[str, ShareLike] | None, k: int
) -> NDArray[np.bool_]:
    """Whether each item is among the model's first k: by the part of the say above its rivals, pair by pair."""
    parts = shares_by_name(tuple(worths), shares)
    # The chance that i is put above j is 1 / (1 + exp(w[j] - w[i])); written so that it cannot overflow.
    above = sum(float(p) * (1 + np.tanh((w[:, None] - w) / 2)) for p, w in zip(parts, worths.values(), strict=True))
    scores = np.rint(np.asarray(above).sum(axis=1) * 1e9)
    return np.asarray(places_of(scores[None])[0] <= k)


def _panels_of(
    people: dict[str, int],
    worths: Mapping[str, NDArray[np.float64]],
    shares: Mapping[str, ShareLike] | None,
    first: NDArray[np.bool_],
    k: int,
    method: str,
    draws: int,
    rng: np.random.Generator,
) -> PanelSize:
    lists: list[NDArray[np.bool_]] = []
    widths: list[float] = []
    for number in range(draws):
        panel = _panel(people, worths, shares, rng)
        lists.append(rank(panel, method).ranks <= k)
        if number < PANELS_FOR_WIDTH:
            widths += _width(panel, method, first, number)
    same = Counter(each.tobytes() for each in lists)
    repeat = sum(n * (n - 1) for n in same.values()) / (draws * (draws - 1))
    overlap = float(np.mean([each[first].mean() for each in lists]))
    return PanelSize(people, overlap, repeat, float(np.mean(widths)) if widths else None)


def _width(panel: Profile, method: str, first: NDArray[np.bool_], seed: int) -> list[float]:
    """The mean number of places in the rank sets of some items; nothing where all people answered alike."""
    try:
        sets = rank_intervals(panel, method, draws=DRAWS_FOR_WIDTH, seed=seed)
    except StatisticError:
        return []
    return [float((sets.hi - sets.lo + 1)[first].mean())]


def _panel(
    people: Mapping[str, int],
    worths: Mapping[str, NDArray[np.float64]],
    shares: Mapping[str, ShareLike] | None,
    rng: np.random.Generator,
) -> Profile:
    """Orders of as many people as the model draws: log-worth plus Gumbel's deviation, largest first."""
    liked = np.concatenate([w + rng.gumbel(size=(people[side], w.size)) for side, w in worths.items()])
    sides = [side for side in worths for _ in range(people[side])]
    items = [f"item {number}" for number in range(liked.shape[1])]
    return Profile.from_ranks(
        places_of(liked), items, unranked="last", sides=sides if len(worths) > 1 else None, shares=shares
    )
