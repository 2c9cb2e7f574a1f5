"""What somebody who answers has before them: the rounds that ask them, and the questions in an order of their own."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from priority import ids
from priority.extensions import db
from priority.models import Ballot, Round, RoundGroup
from priority.queries.rounds import items_of
from priority.words import BallotState, RoundState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priority.models import Panelist, RoundItem, StakeholderGroup

RECEIPT_LENGTH = 13


@dataclass(frozen=True, slots=True)
class Item:
    """A question as it is asked."""

    key: str
    text: str
    short: str
    background: str | None
    locale: str


def asked_rounds(panelist: Panelist) -> Sequence[Round]:
    """The rounds that ask somebody, in their order; of trials only those that are open."""
    return db.session.scalars(
        select(Round)
        .join(RoundGroup, RoundGroup.round_id == Round.id)
        .where(
            RoundGroup.panelist_id == panelist.id,
            Round.exercise_id == panelist.exercise_id,
            ~Round.pilot | (Round.state == RoundState.OPEN),
        )
        .order_by(Round.n)
    ).all()


def groups_to_choose(panelist: Panelist) -> list[StakeholderGroup]:
    """The two groups that somebody chooses between, in the exercise's order; none where there is nothing to choose."""
    if panelist.other_group is None or panelist.observer:
        return []
    keys = {panelist.group.key, panelist.other_group}
    found = [group for group in panelist.exercise.groups if group.key in keys and group.side_id is not None]
    return found if len(found) > 1 else []


def was_asked(round_: Round, panelist: Panelist) -> bool:
    """Whether a round asked somebody; whoever came after its end was not."""
    return db.session.get(RoundGroup, (round_.id, panelist.id)) is not None


def sees_own_side_only(round_: Round, own_key: bytes) -> bool:
    """Whether somebody is in the half that a round with a declared arm shows their own side's answers alone.

    The half follows from the key of one's ballots, so it is the same at every visit and stored nowhere.
    """
    return round_.design.get("arm") == "random" and lot(own_key, f"arm|{round_.public_id}")[0] % 2 == 0


def lot(own_key: bytes, about: str) -> bytes:
    """Chance that is somebody's own and always the same: what is drawn for them `about` something."""
    return hmac.new(own_key, about.encode(), hashlib.sha256).digest()


def questions_for(round_: Round, own_key: bytes) -> tuple[Item, ...]:
    """The round's questions, block by block, in an order that is one person's own, or as the list has them.

    One's own order follows from the key of one's ballots, so it is the same at every visit and on every device, and
    stored nowhere. A round whose design says `order` "list" asks everybody in the same order.
    """
    own = round_.design.get("order", "random") == "random"
    shuffled = sorted(
        items_of(round_), key=lambda item: (item.block, _lot(round_, item, own_key) if own else b"", item.position)
    )
    return tuple(
        Item(item.key, item.wording.text, item.wording.short, item.wording.background, item.wording.locale)
        for item in shuffled
    )


def receipt_of(round_: Round, own_key: bytes) -> str | None:
    """The receipt of somebody's answers as they stand; None where they are not sent, or were changed since."""
    commitment = db.session.scalar(
        select(Ballot.commitment).where(
            Ballot.round_id == round_.id, Ballot.ballot_key == own_key, Ballot.state == BallotState.SUBMITTED
        )
    )
    return None if commitment is None else ids.base32(commitment, RECEIPT_LENGTH)


def _lot(round_: Round, item: RoundItem, own_key: bytes) -> bytes:
    return lot(own_key, f"order|{round_.public_id}|{item.block}|{item.key}")
