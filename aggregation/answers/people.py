"""How many people a ballot stands for: what is told of people is counted in people, not in say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import ProfileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.profile import Profile

# Beyond this looking at people one by one takes minutes, and what one of them could change is next to nothing.
MOST_PEOPLE = 5_000


def people_of(profile: Profile) -> NDArray[np.int64]:
    """How many people each row stands for, shape (n_ballots,).

    A whole weight is a number of equal ballots. Where a weight is no whole number it corrects for who answered,
    and each row is one person.

    Examples
    --------
    >>> from aggregation import Profile
    >>> people_of(Profile(ranks=[[1, 2], [2, 1]], items=["a", "b"], unranked="last", weights=[3, 1])).tolist()
    [3, 1]
    >>> people_of(Profile(ranks=[[1, 2], [2, 1]], items=["a", "b"], unranked="last", weights=[1.5, 0.5])).tolist()
    [1, 1]
    """
    return profile.counts if profile.unit == 1 else np.ones(profile.n_ballots, dtype=np.int64)


def people_who_rank(profile: Profile, codes: NDArray[np.int64]) -> list[int]:
    """How many people of each side, or group, rank anything, by its code.

    Counted in the whole profile: a group whose weights happen to be whole numbers is still one row a person where
    those of others are not.

    Examples
    --------
    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(["ab", "ba", "", "ab"], unranked="last", groups=["x", "x", "x", "y"])
    >>> people_who_rank(profile, profile.groups)
    [2, 1]
    """
    people = np.where(profile.ranks.any(axis=1), people_of(profile), 0)
    return [int(people[codes == code].sum()) for code in range(codes.max() + 1)]


def one_row_a_person(profile: Profile) -> Profile:
    """The same ballots with a row for each person; refuses more than 5,000 people."""
    people = people_of(profile)
    total = int(people.sum())
    if total > MOST_PEOPLE:
        raise ProfileError(f"these ballots stand for {total} people; at most {MOST_PEOPLE} can be looked at one by one")
    if profile.weights is None or not (people > 1).any():
        return profile
    row = np.repeat(np.arange(profile.n_ballots), people)
    return profile.replace(
        ranks=profile.ranks[row],
        weights=None,
        strata=None if profile.strata is None else profile.strata[row],
        groups=None if profile.groups is None else profile.groups[row],
    )
