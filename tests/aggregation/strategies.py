"""Ballots of every kind for Hypothesis: ties, gaps, blanks, weights, sides, groups; panels; and rules to hold to."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from aggregation import Profile, Ratings, StatisticError
from aggregation.uncertainty.people import Side, sides_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregation.profile import Unranked

NOT_JUDGED = float("nan")
STRENGTHS = ("margins", "winning")
UP_TO_SIX, UP_TO_FIFTEEN = st.integers(1, 6), st.integers(1, 15)


@st.composite
def profiles(
    draw: st.DrawFn,
    *,
    items: st.SearchStrategy[int] = UP_TO_SIX,
    sides: bool = True,
    weights: bool = True,
    unranked: Unranked | None = None,
) -> Profile:
    """A profile of one to twelve ballots with ties and gaps; every side ranks something."""
    m = draw(items)
    n = draw(st.integers(1, 12))
    rows = draw(st.lists(st.lists(st.integers(0, m + 1), min_size=m, max_size=m), min_size=n, max_size=n))
    labels = draw(st.lists(st.sampled_from(["lived", "staff"]), min_size=n, max_size=n)) if sides else None
    for side in set(labels or ()):
        rows[labels.index(side)][0] = 1
    return Profile.from_ranks(
        rows,
        [f"q{i}" for i in range(m)],
        unranked=unranked or draw(st.sampled_from(["last", "absent"])),
        weights=draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)) if weights else None,
        sides=labels,
        shares=draw(shares_of(sorted(set(labels)))) if labels else None,
        groups=draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n)),
    )


@st.composite
def strict_profiles(draw: st.DrawFn) -> Profile:
    """A profile of complete ballots without ties, on sides and with weights."""
    m, n = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    rows = draw(st.lists(st.permutations(range(1, m + 1)), min_size=n, max_size=n))
    return Profile.from_ranks(
        rows,
        [f"q{i}" for i in range(m)],
        unranked="last",
        weights=draw(st.lists(st.integers(1, 3), min_size=n, max_size=n)),
        sides=draw(st.lists(st.sampled_from(["lived", "staff"]), min_size=n, max_size=n)),
    )


@st.composite
def shares_of(draw: st.DrawFn, names: list[str]) -> dict[str, Fraction]:
    """Shares of one or two sides."""
    if len(names) == 1:
        return {names[0]: Fraction(1)}
    first = draw(st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(7, 10)]))
    return dict(zip(names, (first, 1 - first), strict=True))


@st.composite
def panels(draw: st.DrawFn, *, people: st.SearchStrategy[int] = UP_TO_FIFTEEN) -> Ratings:
    """Ratings of one to four questions on 1 to 9, with gaps, "I can't judge", sides and groups."""
    n, m = draw(people), draw(st.integers(1, 4))
    cells = draw(st.lists(st.lists(st.integers(-1, 9), min_size=m, max_size=m), min_size=n, max_size=n))
    return Ratings.from_values(
        [[cell if cell > 0 else NOT_JUDGED for cell in row] for row in cells],
        [f"q{i}" for i in range(m)],
        cannot_judge=[[cell == -1 for cell in row] for row in cells],
        sides=draw(st.lists(st.sampled_from(["lived", "staff"]), min_size=n, max_size=n)),
        groups=draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n)),
    )


def say_by_pair(profile: Profile) -> dict[tuple[int, int], Fraction]:
    """How much of the say puts one item strictly above another, ballot by ballot from the definition."""
    say: dict[tuple[int, int], Fraction] = {
        (i, j): Fraction(0) for i in range(profile.n_items) for j in range(profile.n_items)
    }
    for row, voice in zip(profile.ranks.tolist(), voices(profile), strict=True):
        for (i, j), so_far in say.items():
            if prefers(row, i, j, profile.unranked):
                say[i, j] = so_far + voice
    return say


def voices(profile: Profile) -> list[Fraction]:
    """What each ballot counts: its weight, or its part of its side's share; a blank ballot has no part in it."""
    weights = [Fraction(count, profile.unit) for count in profile.counts.tolist()]
    if profile.strata is None:
        return weights
    speaks = profile.ranks.any(axis=1).tolist()
    codes = profile.strata.tolist()
    total = [
        sum(w for w, c, s in zip(weights, codes, speaks, strict=True) if s and c == code)
        for code in range(len(profile.shares))
    ]
    return [
        profile.shares[c] * w / total[c] if s else Fraction(0) for w, c, s in zip(weights, codes, speaks, strict=True)
    ]


def prefers(row: list[int], i: int, j: int, unranked: Unranked) -> bool:
    """Whether a ballot puts item i strictly above item j."""
    if not row[i]:
        return False
    return row[i] < row[j] if row[j] else unranked == "last"


def all_best_orders(profile: Profile) -> tuple[Fraction, list[tuple[int, ...]]]:
    """The least cost of any order and every order of that cost, by looking at all of them."""
    say = say_by_pair(profile)
    costs = {
        order: sum((say[order[b], order[a]] for a in range(len(order)) for b in range(a + 1, len(order))), Fraction(0))
        for order in permutations(range(profile.n_items))
    }
    least = min(costs.values())
    return least, [order for order, cost in costs.items() if cost == least]


def a_panel(*columns: list[float], **labels: object) -> Ratings:
    """Ratings by people of a question a column."""
    return Ratings.from_values(np.array(columns).T, [f"q{i}" for i in range(len(columns))], **labels)


def all_panels(n: int) -> Iterator[list[int]]:
    """Every way in which n people can answer 1 to 9, as counts."""
    for bars in combinations(range(n + 8), 8):
        edges = (-1, *bars, n + 8)
        yield [right - left - 1 for left, right in pairwise(edges)]


def panel_of(n: int, m: int = 6, *, sides: bool = True, seed: int = 0, step: float = 0.3) -> Profile:
    """Orders by n people who like each of m items `step` more than the one before, each with a mind of their own."""
    rng = np.random.default_rng(seed)
    liked = step * np.arange(m) + rng.standard_normal((n, m))
    return Profile.from_ranks(
        np.argsort(np.argsort(-liked)) + 1,
        [f"q{i}" for i in range(m)],
        unranked="last",
        sides=["lived" if i % 3 else "staff" for i in range(n)] if sides else None,
    )


def sides_or_skip(profile: Profile) -> tuple[Side, ...]:
    """The sides of a panel that can say how others would answer; other panels are no examples."""
    try:
        return sides_of(profile)
    except StatisticError:
        assume(False)
        raise


def closure(pairs: set[tuple[int, int]], m: int) -> set[tuple[int, int]]:
    """All pairs that the given ones imply, by chains."""
    closed = set(pairs)
    for k, i, j in product(range(m), repeat=3):
        if (i, k) in closed and (k, j) in closed:
            closed.add((i, j))
    return closed


def strength_of(profile: Profile, strength: str) -> dict[tuple[int, int], Fraction]:
    """How strong each defeat is, and of these pairs alone."""
    say = say_by_pair(profile)
    return {(i, j): won - say[j, i] if strength == "margins" else won for (i, j), won in say.items() if won > say[j, i]}
