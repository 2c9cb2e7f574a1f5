"""Whether another round is asked for, by a rule declared beforehand, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aggregation.delphi.summary import Tally
from aggregation.errors import StatisticError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregation.delphi.stability import Stable

StopReason = Literal["rounds_at_most", "settled", "burden"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingRule:
    """When there is no further round; percentages are compared as whole numbers.

    Consensus is no part of it: people may agree while they still move, and settle without agreeing.

    Parameters
    ----------
    rounds_at_least, rounds_at_most : int
        Before the first of these nothing but burden stops; the second always does. 1 or more, ascending.
    settled_share : int
        Stop when at least this percentage of the questions is stable, of all that were asked twice.
    answering_share : int
        Stop when fewer than this percentage of those asked answered the last round; 0 = this is not asked.

    Raises
    ------
    StatisticError
        If the numbers of rounds do not ascend from 1, or a percentage is outside 0 to 100.
    """

    rounds_at_least: int = 2
    rounds_at_most: int = 3
    settled_share: int = 80
    answering_share: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.rounds_at_least <= self.rounds_at_most:
            between = f"{self.rounds_at_least}, {self.rounds_at_most}"
            raise StatisticError(f"`rounds_at_least` and `rounds_at_most` must ascend from 1, not {between}")
        if not 1 <= self.settled_share <= 100 or not 0 <= self.answering_share <= 100:
            raise StatisticError("`settled_share` lies between 1 and 100, `answering_share` between 0 and 100")


@dataclass(frozen=True, slots=True)
class Stopping:
    """What a stopping rule says after a round, and on what.

    Parameters
    ----------
    reasons : tuple of {"rounds_at_most", "settled", "burden"}
        Every one that is met; none: another round.
    rounds : int
        Rounds that have been held.
    stable : Tally
        Questions that are stable, of all asked twice; those about which nothing can be said are not.
    moving, unknown : tuple of str
        The questions that are not, by name.
    answered : Tally
        People who answered the last round, of those asked.
    """

    reasons: tuple[StopReason, ...]
    rounds: int
    stable: Tally
    moving: tuple[str, ...]
    unknown: tuple[str, ...]
    answered: Tally

    @property
    def stop(self) -> bool:
        """Whether there is no further round."""
        return bool(self.reasons)


def stopping(rule: StoppingRule, *, rounds: int, stability: Sequence[Stable], answered: Tally) -> Stopping:
    """Whether to stop after so many rounds.

    Parameters
    ----------
    rule : StoppingRule
    rounds : int
        Rounds held, 1 or more.
    stability : sequence of Stable
        Of the questions asked in the last two rounds; none after the first.
    answered : Tally
        People who answered the last round, of those asked.

    Raises
    ------
    StatisticError
        If no round was held, or more answered than were asked.

    References
    ----------
    S. Kalaian, R. Kasim, Terminating sequential Delphi survey data collection, Practical Assessment, Research and
    Evaluation 17 (2012), no. 5: collect evidence from several methods.

    Examples
    --------
    After two rounds four of five questions are stable, 80 % exactly:

    >>> from aggregation.delphi import Stable
    >>> each = [Stable(q, "stable", Tally(1, 12), Tally(1, 12)) for q in "abcd"]
    >>> moving = Stable("e", "moving", Tally(5, 12), Tally(3, 12))
    >>> found = stopping(StoppingRule(), rounds=2, stability=[*each, moving], answered=Tally(12, 15))
    >>> found.stop, found.reasons, found.stable, found.moving
    (True, ('settled',), Tally(hits=4, n=5), ('e',))
    """
    if rounds < 1 or not 0 <= answered.hits <= answered.n:
        raise StatisticError(f"{answered.hits} of {answered.n} people in {rounds} rounds are no round that was held")
    named = {
        verdict: tuple(each.item for each in stability if each.verdict == verdict)
        for verdict in ("stable", "moving", "unknown")
    }
    settled = Tally(len(named["stable"]), len(stability))
    met: tuple[tuple[StopReason, bool], ...] = (
        ("rounds_at_most", rounds >= rule.rounds_at_most),
        ("settled", rounds >= rule.rounds_at_least and settled.at_least(rule.settled_share)),
        ("burden", answered.below(rule.answering_share)),
    )
    return Stopping(
        reasons=tuple(reason for reason, holds in met if holds),
        rounds=rounds,
        stable=settled,
        moving=named["moving"],
        unknown=named["unknown"],
        answered=answered,
    )
