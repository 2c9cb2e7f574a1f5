"""Bucklin's rule: first places, then second ones too, until an item has a majority."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.methods.approval import first_places, named_places
from aggregation.ranking import Ranking
from aggregation.voices import as_number, voices_of

if TYPE_CHECKING:
    from aggregation.methods.places import Places
    from aggregation.profile import Profile


def bucklin(profile: Profile) -> Ranking:
    """Items by how many places of the ballots must be counted until more than half of the say has them.

    In round 1 the first places count as votes, in round 2 the second places are added, and so on. The winner is
    the item with the most votes in the first round in which any has a majority of all ballots. The others are put
    in order the same way: by the round in which they reach a majority themselves, then by their votes in it;
    last, those that never do, by their votes in the end.

    Parameters
    ----------
    profile : Profile
        Items tied on a ballot share the votes of the places they take up, as for `approval`, of which each round
        is one with the round as `k`. Both readings of `unranked` give the same: a ballot never votes for what it
        leaves out, and has no further vote when its ranked items are counted.

    Returns
    -------
    Ranking
        Scores, higher is better: the number of items, less the round in which the item reaches a majority, plus
        its votes in that round as a part of the whole say; just that part where it never does. `diagnostics` has
        the deciding `round`, the `votes` in it, the votes that are a `majority` only if exceeded, and `reached`,
        whether any item had one; where none had, the round is the last.

    References
    ----------
    C. G. Hoag, G. H. Hallett, Proportional representation, Macmillan 1926, on the system of James W. Bucklin.

    Examples
    --------
    The capital of Tennessee, as it is commonly printed: N is chosen in the second round, with 68 of 100 votes.

    >>> from aggregation import Profile
    >>> profile = Profile.from_orders(
    ...     ["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17]
    ... )
    >>> ranking = bucklin(profile)
    >>> ranking.winners, ranking.diagnostics["round"], ranking.diagnostics["votes"]
    (('N',), 2, {'M': 42, 'N': 68, 'C': 58, 'K': 32})
    """
    voices = voices_of(profile)
    total = Fraction(voices.total, voices.scale)
    count = _Count(named_places(profile), profile.n_items, total)
    reached = [count.round_reached(item) for item in range(profile.n_items)]
    deciding = min(*reached, profile.n_items)
    votes = [as_number(count.votes(item, deciding)) for item in range(profile.n_items)]
    diagnostics = account_of(profile) | {
        "round": deciding,
        "votes": dict(zip(profile.items, votes, strict=True)),
        "majority": as_number(total / 2),
        "reached": min(reached) <= profile.n_items,
    }
    scores = [count.score(item, at) for item, at in enumerate(reached)]
    return Ranking.from_scores(profile.items, scores, method="bucklin", diagnostics=diagnostics)


@dataclass(frozen=True, slots=True)
class _Count:
    places: Places
    n_items: int
    total: Fraction

    def votes(self, item: int, k: int) -> Fraction:
        """How much of the say has the item among its first k places."""
        return self.places.score(item, first_places(k, self.n_items))

    def round_reached(self, item: int) -> int:
        """The round in which the item's votes are more than half, one beyond the last where they never are."""
        rounds = range(1, self.n_items + 1)
        return 1 + bisect_right(rounds, self.total, key=lambda k: 2 * self.votes(item, k))

    def score(self, item: int, reached: int) -> Fraction:
        last = min(reached, self.n_items)
        part = self.votes(item, last) / self.total if self.total else Fraction(0)
        return self.n_items - last + part
