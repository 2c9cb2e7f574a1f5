"""How sure a list is: which places each item could have had if other people like these had answered."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aggregation.account import account_of
from aggregation.errors import MethodError
from aggregation.frozen import Frozen
from aggregation.registry import method_named, rank
from aggregation.uncertainty.bootstrap import (
    bands_of,
    often_above,
    pair_sets,
    percentile_sets,
    places_in_draws,
    simultaneous_percentile_sets,
)
from aggregation.uncertainty.mean_scores import mean_scores, rank_sets_of_means
from aggregation.uncertainty.people import refuse_a_tally, sides_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.uncertainty.mean_scores import MeanScores
    from aggregation.uncertainty.mrsw import RankSets
    from aggregation.uncertainty.people import Side

Technique = Literal["auto", "differences", "pairs", "percentile"]

# Methods that take long for a single panel are asked about fewer panels than the others.
DRAWS_AT_MOST = {
    "baldwin": 400,
    "bradley_terry": 200,
    "bucklin": 200,
    "footrule": 400,
    "irv": 200,
    "kemeny": 100,
    "mallows": 100,
    "plackett_luce": 200,
    "ranked_pairs": 400,
}
MOST_DRAWS = 100_000

HOW = {
    "differences": "rank sets from the differences of mean scores (Mogstad, Romano, Shaikh and Wilhelm 2024)",
    "pairs": "rank sets from the pairs whose order hardly ever changes over panels drawn anew from these people",
    "percentile": "the middle of the places over panels drawn anew from these people",
}


@dataclass(frozen=True, slots=True, eq=False)
class RankIntervals(Frozen):
    """Which places each item may have, and how often it is on the list of the first k.

    Parameters
    ----------
    items : tuple of str, length n_items
        Ids, in the order of the profile; all arrays follow it.
    method : str
        Key of the method in the registry.
    ranks : ndarray of int
        Places on the list itself, 1 = best; tied items share the best of their places.
    lo, hi : ndarray of int
        Best and worst place, each item taken by itself (marginal).
    simultaneous_lo, simultaneous_hi : ndarray of int
        The same, for all items at once.
    p_top_k : ndarray of float
        In which part of the panels drawn anew the item is among the first `k`, with all that tie for place k.
    k, coverage, draws, seed
        As asked; `draws` is how many panels were drawn, which may be fewer.
    bands : tuple of tuples of str
        Groups of neighbours on the list of which no two can be told apart, best first; they may overlap.
    how : str
        Which technique, and what the numbers say.
    diagnostics : mapping
        How it was computed, in values that JSON can hold.
    """

    items: tuple[str, ...]
    method: str
    ranks: NDArray[np.int64]
    lo: NDArray[np.int64]
    hi: NDArray[np.int64]
    simultaneous_lo: NDArray[np.int64]
    simultaneous_hi: NDArray[np.int64]
    p_top_k: NDArray[np.float64]
    k: int
    coverage: float
    draws: int
    seed: int
    bands: tuple[tuple[str, ...], ...]
    how: str
    diagnostics: Mapping[str, Any]

    def __post_init__(self) -> None:
        for array in (self.ranks, self.lo, self.hi, self.simultaneous_lo, self.simultaneous_hi, self.p_top_k):
            array.setflags(write=False)
        object.__setattr__(self, "diagnostics", MappingProxyType(dict(self.diagnostics)))

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            "method": self.method,
            "items": list(self.items),
            "ranks": self.ranks.tolist(),
            "lo": self.lo.tolist(),
            "hi": self.hi.tolist(),
            "simultaneous_lo": self.simultaneous_lo.tolist(),
            "simultaneous_hi": self.simultaneous_hi.tolist(),
            "p_top_k": self.p_top_k.tolist(),
            "k": self.k,
            "coverage": self.coverage,
            "draws": self.draws,
            "seed": self.seed,
            "bands": [list(band) for band in self.bands],
            "how": self.how,
            "diagnostics": dict(self.diagnostics),
        }


def rank_intervals(
    profile: Profile,
    method: str = "borda",
    *,
    k: int = 10,
    coverage: float = 0.95,
    draws: int = 1000,
    seed: int,
    technique: Technique = "auto",
    settings: Mapping[str, Any] | None = None,
    **parameters: Any,
) -> RankIntervals:
    """The places each item could have had if as many other people like these had answered.

    Parameters
    ----------
    profile : Profile
        Its people are taken for a sample of people like them, each side of its own kind; shares stay as they are.
    method : str
        A key of `METHODS`.
    k : int
        Length of the list that `p_top_k` is about.
    coverage : float
        From 0.5 to 0.999: how often intervals made in this way hold the place in the long run.
    draws : int
        Panels to draw; for the methods of `DRAWS_AT_MOST` at most the number there.
    seed : int
        0 or above; the same seed gives the same intervals.
    technique : {"auto", "differences", "pairs", "percentile"}
        "differences": rank sets from the differences between mean scores, for methods whose score is a mean over
        ballots. "pairs": rank sets from the pairs that hardly any panel drawn anew puts the other way round.
        "percentile": the middle of the places over the panels, which holds the place too seldom near ties.
        "auto": the first where the method allows it, else the second.
    settings : mapping, optional
        Parameters of the method whose names this function uses itself, such as `k`.
    **parameters
        The other parameters of the method, as for `rank`.

    Returns
    -------
    RankIntervals
        Every interval holds the item's place on the list itself.

    Raises
    ------
    StatisticError
        If a side has fewer than two people who rank anything, or all ballots are the same, be it of each side or of
        one with fewer than ten people.
    MethodError
        If there is no such method, it has no such parameter, `technique` is not for this method, a number is out of
        range, or `profile` is a tally.

    Examples
    --------
    Twelve people of whom nine put a first, and the rest is a matter of chance:

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["abc", "acb"] * 4 + ["abc", "bac", "cab", "cba"], unranked="last")
    >>> found = rank_intervals(profile, k=1, seed=1)
    >>> found.lo, found.hi, found.bands
    (array([1, 2, 2]), array([1, 3, 3]), (('a',), ('b', 'c')))
    """
    refuse_a_tally(profile)
    asked = _checked(method, k, coverage, draws, seed, {**(settings or {}), **parameters})
    ballots = profile.with_unranked(asked.pop("unranked", profile.unranked))
    sides = sides_of(ballots)
    listed = rank(ballots, method, **asked)
    means = mean_scores(ballots, method, asked, sides)
    technique = _technique(technique, method, means)
    chance, errors = (np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(2))
    draws = min(draws, max(DRAWS_AT_MOST.get(method, draws), _fewest(coverage)))
    places = places_in_draws(ballots, method, asked, sides, draws=draws, rng=chance)
    if means is not None and technique == "differences":
        alone, together = rank_sets_of_means(means, coverage, draws, errors)
    else:
        alone, together = _from_places(places, coverage, technique)
    often = often_above(places)
    worst = (listed.ranks[:, None] >= listed.ranks).sum(axis=1)
    return RankIntervals(
        items=ballots.items,
        method=method,
        ranks=listed.ranks,
        lo=np.minimum(alone.lo, listed.ranks),
        hi=np.maximum(alone.hi, worst),
        simultaneous_lo=np.minimum(np.minimum(together.lo, alone.lo), listed.ranks),
        simultaneous_hi=np.maximum(np.maximum(together.hi, alone.hi), worst),
        p_top_k=(places <= k).mean(axis=0),
        k=k,
        coverage=coverage,
        draws=draws,
        seed=seed,
        bands=tuple(tuple(ballots.items[i] for i in band) for band in bands_of(listed.ranks, often, coverage)),
        how=_how(technique, sides),
        diagnostics=account_of(ballots)
        | {"technique": technique, "people": {s.name or "all": s.people for s in sides}},
    )


def _checked(method: str, k: int, coverage: float, draws: int, seed: int, parameters: dict[str, Any]) -> dict[str, Any]:
    """The method's parameters in their types; refuses numbers out of range."""
    if k < 1:
        raise MethodError(f"`k` must be 1 or more, not {k}")
    if not 0.5 <= coverage <= 0.999:
        raise MethodError(f"`coverage` must be from 0.5 to 0.999, not {coverage}")
    fewest = _fewest(coverage)
    if not fewest <= draws <= MOST_DRAWS:
        raise MethodError(f"`draws` must be from {fewest} (for a coverage of {coverage}) to {MOST_DRAWS}, not {draws}")
    if seed < 0:
        raise MethodError(f"`seed` must be 0 or above, not {seed}")
    return method_named(method).read(parameters)


def _fewest(coverage: float) -> int:
    """The fewest draws of which one is beyond either end of an interval."""
    return ceil(round(2 / (1 - coverage), 6))


def _technique(technique: Technique, method: str, means: MeanScores | None) -> Technique:
    if technique not in ("auto", *HOW):
        raise MethodError(f"`technique` must be one of auto, {', '.join(HOW)}, not {technique!r}")
    if technique == "differences" and means is None:
        raise MethodError(f'the score of {method!r} is not a mean over ballots; "differences" is not for it')
    if technique == "auto":
        return "pairs" if means is None else "differences"
    return technique


def _from_places(places: NDArray[np.int64], coverage: float, technique: Technique) -> tuple[RankSets, RankSets]:
    if technique == "percentile":
        return percentile_sets(places, coverage), simultaneous_percentile_sets(places, coverage)
    return pair_sets(places, coverage), pair_sets(places, coverage, simultaneous=True)


def _how(technique: Technique, sides: tuple[Side, ...]) -> str:
    people = sum(side.people for side in sides)
    return f"If another {people} people like these had answered, places could be those from lo to hi: {HOW[technique]}."
