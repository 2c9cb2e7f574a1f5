"""What there was last time: somebody's own answers, and what may be seen of the others'."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from priority.queries.answering import sees_own_side_only, was_asked
from priority.queries.feedback import SIDE, feedback_of, last_time, previous_rating
from priority.queries.reasons import Reasons, released
from priority.services import voting
from priority.services.ballot_types.scales import scale_of
from priority.services.voting import Guest
from priority.web.answer.figures import Figure, figure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from priority.models import Round
    from priority.queries.answering import Item
    from priority.queries.feedback import QuestionFeedback
    from priority.web.answer.desk import Desk

NO_REASONS = Reasons((), ())


@dataclass(frozen=True, slots=True)
class Before:
    """The time before this one, as one reader may see it. Without one, everything is empty.

    `came_late` where they were not asked then: they see how others answered, and have no answer of their own.
    `own_side_only` where the declared lot shows them their own side alone.
    """

    desk: Desk | None = None
    round: Round | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    came_late: bool = False
    own_side_only: bool = False
    feedback: Mapping[str, QuestionFeedback] = field(default_factory=dict)
    reasons: Mapping[str, Reasons] = field(default_factory=dict)

    def figure(self, key: str) -> Figure | None:
        """The figure of what may be shown of a question, or of one criterion of it; None where it was not asked."""
        if self.desk is None or key not in self.feedback:
            return None
        only = self._own_side if self.own_side_only else None
        scale = scale_of(self.desk.round.design)
        return figure_of(self.feedback[key], self.desk.round.exercise, self.desk.group, scale=scale, only=only)

    def is_new(self, item: Item) -> bool:
        """Whether nobody was asked this question last time, in any wording."""
        return not any(key.partition(".")[0] == item.key.partition(".")[0] for key in self.feedback)

    def is_reworded(self, item: Item) -> bool:
        """Whether last time it was asked in other words."""
        asked = any(key.partition("/")[0] == item.key for key in self.feedback)
        return not asked and not self.is_new(item)

    def said(self, item: Item) -> Reasons:
        """The reasons that were released, for a high answer and for a low one."""
        figure = self.figure(item.key)
        return self.reasons.get(item.key, NO_REASONS) if figure is not None and figure.shows_something else NO_REASONS

    def middle(self, key: str) -> float | None:
        """The middle answer of the reader's own side, where it may be shown."""
        found = self.feedback.get(key)
        rows = [] if found is None else [one for one in found.rows if (one.kind, one.key) == (SIDE, self._own_side)]
        return rows[0].median if rows else None

    @property
    def _own_side(self) -> str | None:
        group = None if self.desk is None else self.desk.group
        return None if group is None or group.side is None else group.side.key


def reasons_before(desk: Desk) -> Mapping[str, Reasons]:
    """What was released of the reasons given in the last round of ratings, for the group when it orders or chooses."""
    round_ = None if desk.is_guest else previous_rating(desk.round)
    return {} if round_ is None else released(round_)


def before_of(desk: Desk) -> Before:
    """What a round with feedback shows of the time before; nothing where it shows none."""
    round_ = last_time(desk.round) if desk.round.design.get("feedback") else None
    if round_ is None:
        return Before()
    came_late = isinstance(desk.who, Guest) or not was_asked(round_, desk.who)
    own = None if came_late else voting.own_ballot(round_, desk.who)
    own_side_only = desk.group is not None and sees_own_side_only(desk.round, desk.own_key)
    side = desk.group.side if own_side_only and desk.group is not None else None
    return Before(
        desk=desk,
        round=round_,
        answers=own.answers if own is not None and own.counts else {},
        came_late=came_late,
        own_side_only=own_side_only,
        feedback=feedback_of(round_),
        reasons=released(round_, side=None if side is None else side.key),
    )
