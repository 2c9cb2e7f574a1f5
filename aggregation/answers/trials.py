"""How well alarms work: simulated panels with and without what should be found. The figures are in the docs.

The people of a panel put items in order by what each item is worth to them: a worth that all share, drawn from a
normal distribution of spread 1, and their own, of spread `spread` (at 1.5 Kendall's W is near .3: weak agreement).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from aggregation.answers.twins import twins
from aggregation.answers.unheard import unheard
from aggregation.profile import Profile
from aggregation.registry import rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

THEMES = 5


@dataclass(frozen=True, slots=True)
class Design:
    """Who answers what: `people` who order `items`, for a list of `places`; how much they differ from each other.

    `themes`: items belong to five themes, to which people are drawn with this spread, so that some items are alike.
    """

    people: int = 120
    items: int = 40
    places: int = 10
    spread: float = 1.5
    themes: float = 0.0


PANEL = Design()


@dataclass(frozen=True, slots=True)
class UnheardTrial:
    """Of `panels` panels with a planted need, how many found it and how many listed it; how many alarmed without."""

    panels: int
    found: int
    listed: int
    false_alarms: int


@dataclass(frozen=True, slots=True)
class TwinsTrial:
    """Of `panels` panels with a question in two wordings, how many found the pair, and listed neither wording.

    Of as many panels without, `false_alarms` named any pair.
    """

    panels: int
    found: int
    dropped: int
    false_alarms: int


def unheard_trial(
    design: Design = PANEL,
    *,
    panels: int = 200,
    shared: float = 0.16,
    method: str = "borda",
    top: int | None = None,
    seed: int = 1,
) -> UnheardTrial:
    """How often `unheard` finds a planted need, and alarms without one.

    Each person, whatever their group, shares the need with probability `shared`; who does puts it first. To the
    others it is worth less than the middle: minus the size of a standard normal number. Two sides of equal number
    and say; the list is that of `method`. With `top`, ballots rank only so many.

    Examples
    --------
    >>> unheard_trial(panels=10)
    UnheardTrial(panels=10, found=9, listed=1, false_alarms=1)
    """
    rng = np.random.default_rng(seed)
    found = listed = false_alarms = 0
    for _ in range(panels):
        worth = _worth(rng, design)
        _, alarms = _heard(worth, method, design.places, top)
        false_alarms += bool(alarms)
        worth[:, -1] = -abs(rng.standard_normal()) + design.spread * rng.standard_normal(design.people)
        shares = rng.random(design.people) < shared
        worth[shares, -1] = worth[shares].max(axis=1, initial=0) + 1
        on_list, alarms = _heard(worth, method, design.places, top)
        listed += f"q{design.items - 1}" in on_list
        found += f"q{design.items - 1}" in alarms
    return UnheardTrial(panels, found, listed, false_alarms)


def twins_trial(
    kind: Literal["together", "either"],
    design: Design = PANEL,
    *,
    panels: int = 100,
    place: int = 6,
    wording: float = 0.5,
    seed: int = 1,
) -> TwinsTrial:
    """How often `twins` finds a question in two wordings, how often both drop out, and how often it errs.

    The question at `place` by mean rank is split. "together": everybody orders all items, and their worth of each
    wording differs by a normal number of spread `wording`. "either": everybody chooses and ranks the first `places`,
    and puts one of the two wordings there, either by the toss of a coin, never both. The list is Borda's in the first
    case; in the second the first place has as many points as there are places, the last has one.

    Examples
    --------
    >>> twins_trial("together", panels=5)
    TwinsTrial(panels=5, found=5, dropped=0, false_alarms=0)
    """
    rng = np.random.default_rng(seed)
    places = design.places
    top = places if kind == "either" else None
    found = dropped = false_alarms = 0
    for _ in range(panels):
        worth = _worth(rng, design)
        false_alarms += bool(twins(_profile(worth, top), places=places))
        profile = _profile(_split(rng, worth, place, wording, kind), top)
        pair = (f"q{design.items - 1}", f"q{design.items}")
        found += any(each.items == pair for each in twins(profile, places=places))
        dropped += not set(pair) & set(_list(profile, places, kind))
    return TwinsTrial(panels, found, dropped, false_alarms)


def _worth(rng: np.random.Generator, design: Design) -> NDArray[np.float64]:
    """What each item is worth to each person, shape (people, items)."""
    worth = rng.standard_normal(design.items) + design.spread * rng.standard_normal((design.people, design.items))
    drawn = design.themes * rng.standard_normal((design.people, THEMES))
    return np.asarray(worth + drawn[:, rng.integers(0, THEMES, design.items)])


def _split(
    rng: np.random.Generator, worth: NDArray[np.float64], place: int, wording: float, kind: str
) -> NDArray[np.float64]:
    """The question at this place taken out, and two wordings of it put last."""
    item = int(np.argsort(_places(worth).mean(axis=0), kind="stable")[place - 1])
    two = worth[:, [item, item]] + wording * rng.standard_normal((len(worth), 2))
    if kind == "either":
        never = rng.integers(0, 2, len(worth))
        two[np.arange(len(worth)), never] = -np.inf
    return np.concatenate([np.delete(worth, item, axis=1), two], axis=1)


def _list(profile: Profile, places: int, kind: str) -> tuple[str, ...]:
    if kind == "together":
        return rank(profile, "borda").shortlist(places).items
    return rank(profile, "positional", vector=range(places, 0, -1)).shortlist(places).items


def _places(worth: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray((-worth).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1)


def _profile(worth: NDArray[np.float64], top: int | None) -> Profile:
    places = _places(worth)
    ranks = places if top is None else np.where(places <= top, places, 0)
    return Profile.from_ranks(ranks, [f"q{item}" for item in range(worth.shape[1])], unranked="last")


def _heard(
    worth: NDArray[np.float64], method: str, places: int, top: int | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The items on the list, and those of which there is an alarm."""
    profile = _profile(worth, top)
    sides = np.arange(profile.n_ballots) % 2
    profile = profile.replace(strata=sides, strata_names=("lived", "professionals"))
    hearing = unheard(profile, rank(profile, method), places)
    return hearing.listed, tuple(each.item for each in hearing.alarms)
