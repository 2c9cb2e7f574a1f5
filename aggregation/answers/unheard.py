"""Who is unheard: people who put something that was left out above everything on the list."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.answers.people import people_of
from aggregation.errors import MethodError, ProfileError
from aggregation.ranking import Ranking
from aggregation.voices import voices_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from aggregation.profile import Profile

FLOOR = 5


@dataclass(frozen=True, slots=True)
class Part:
    """`people` of the `n` people of a side or group who rank anything."""

    name: str
    people: int
    n: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that is not on the list, and the people who put it strictly above everything that is.

    `share` is theirs of the say (of the people, where there are no sides and no weights). `alarm`: the share is
    above the quota, and they are at least as many as the floor.
    """

    item: str
    people: int
    share: Fraction
    sides: tuple[Part, ...]
    groups: tuple[Part, ...]
    alarm: bool


@dataclass(frozen=True, slots=True)
class Hearing:
    """What `unheard` found.

    `people`, those who rank anything; `quota`, 1 / (items listed + 1): an alarm is above it; `floor`, the fewest
    people of whom an alarm is given; `left_out`, every item that is not listed, the most say first, equal ones in
    the order of the profile.
    """

    listed: tuple[str, ...]
    people: int
    quota: Fraction
    floor: int
    left_out: tuple[LeftOut, ...]

    @property
    def alarms(self) -> tuple[LeftOut, ...]:
        """The items for which there is an alarm."""
        return tuple(each for each in self.left_out if each.alarm)

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it. Counts below the floor are in it: what is shown to whom is a page's business."""
        return {
            "listed": list(self.listed),
            "people": self.people,
            "quota": str(self.quota),
            "floor": self.floor,
            "left_out": [
                {
                    "item": each.item,
                    "people": each.people,
                    "share": str(each.share),
                    "sides": {part.name: [part.people, part.n] for part in each.sides},
                    "groups": {part.name: [part.people, part.n] for part in each.groups},
                    "alarm": each.alarm,
                }
                for each in self.left_out
            ],
        }


def unheard(
    profile: Profile, listed: Ranking | Collection[str], k: int | None = None, *, floor: int = FLOOR
) -> Hearing:
    """For each item left out, how many people put it strictly above everything on the list, and whether to alarm.

    A list that leaves nobody unheard in this sense is *locally stable* for the Droop quota: no item left out is
    put above all of a list of k by more than n / (k + 1) of n people, who could claim a place by their number.

    Parameters
    ----------
    profile : Profile
        ``unranked="last"``: a ranked item is above every unranked one. ``unranked="absent"``: the item must be
        above all listed items that the ballot ranks, and it must rank at least one: who cannot judge some of the
        list is still heard. Blank ballots are not counted. Ties are not above.
    listed : Ranking or collection of str
        A ranking, of which the first `k` places are the list (all of a tie at the last of them), or the ids.
    k : int, optional
        Needed with a ranking, refused with ids. The quota follows the number of items that are on the list.
    floor : int
        The fewest people of whom an alarm is given; below it an alarm could point at persons.

    Returns
    -------
    Hearing
        With sides, an alarm goes by the share of the say, in which a side's ballots together hold its share, and
        the people of each side are told beside it; without, by people (or their weights).

    Raises
    ------
    MethodError
        If `k` is missing, out of range, or given with ids; if `floor` is below 1.
    ProfileError
        If an id is not among the items, the list is empty, or nobody ranks anything.

    References
    ----------
    H. Aziz, E. Elkind, P. Faliszewski, M. Lackner, P. Skowron, The Condorcet principle for multiwinner elections:
    from shortlisting to proportionality, IJCAI 2017, arXiv:1701.08023.

    Examples
    --------
    Two of seven put D above both A and B; a list of two owes a place to more than a third.

    >>> from aggregation import Profile
    >>> orders = ["ABCD", "ABCD", "BACD", "BACD", "DABC", "DBAC", "ABDC"]
    >>> hearing = unheard(Profile.from_orders(orders, unranked="last"), ["A", "B"], floor=1)
    >>> hearing.left_out[0].item, hearing.left_out[0].people, hearing.alarms
    ('D', 2, ())
    """
    if floor < 1:
        raise MethodError(f"`floor` must be 1 or more, not {floor}")
    chosen = _listed(profile, listed, k)
    speaks = np.any(profile.ranks, axis=1)
    if not speaks.any():
        raise ProfileError("nobody ranks anything, so nobody can be unheard")
    above = _above_all(profile, np.isin(profile.items, chosen))
    people = np.where(speaks, people_of(profile), 0)
    voices = voices_of(profile).counts
    say = sum(voices[row] for row in np.flatnonzero(speaks))
    quota = Fraction(1, len(chosen) + 1)
    left_out = []
    for column in np.flatnonzero(~np.isin(profile.items, chosen)):
        who = above[:, column]
        share = Fraction(sum(voices[row] for row in np.flatnonzero(who)), say)
        count = int(people[who].sum())
        left_out.append(
            LeftOut(
                profile.items[column],
                count,
                share,
                _parts(profile.strata, profile.strata_names, who, people),
                _parts(profile.groups, profile.group_names, who, people),
                alarm=share > quota and count >= floor,
            )
        )
    left_out.sort(key=lambda each: -each.share)
    return Hearing(chosen, int(people.sum()), quota, floor, tuple(left_out))


def _listed(profile: Profile, listed: Ranking | Collection[str], k: int | None) -> tuple[str, ...]:
    if isinstance(listed, Ranking):
        if k is None or not 1 <= k <= profile.n_items:
            raise MethodError(f"`k` must be from 1 to {profile.n_items}, the number of items, not {k}")
        listed = listed.shortlist(k).items
    elif k is not None:
        raise MethodError("`k` goes with a ranking; a list of ids is as long as it is")
    ids = {listed} if isinstance(listed, str) else set(listed)
    if not ids:
        raise ProfileError("the list is empty")
    return tuple(profile.items[column] for column in sorted(map(profile.column_of, sorted(ids, key=str))))


def _above_all(profile: Profile, on_list: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a ballot puts an item strictly above everything on the list, shape (n_ballots, n_items)."""
    never = np.iinfo(np.int64).max
    place = np.where(profile.ranks > 0, profile.ranks.astype(np.int64), never)
    best_listed = place[:, on_list].min(axis=1)
    above = place < best_listed[:, None]
    if profile.unranked == "absent":
        above &= (best_listed < never)[:, None]
    return np.asarray(above)


def _parts(
    codes: NDArray[np.int64] | None, names: tuple[str, ...], who: NDArray[np.bool_], people: NDArray[np.int64]
) -> tuple[Part, ...]:
    if codes is None:
        return ()
    return tuple(
        Part(name, int(people[who & (codes == code)].sum()), int(people[codes == code].sum()))
        for code, name in enumerate(names)
    )
