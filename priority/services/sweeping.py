"""What has to be done at fixed hours, whether or not anybody asks for a page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from priority import clock
from priority.database import commit, request_rewrite
from priority.extensions import db
from priority.models import Limit, Session, SignInToken
from priority.services import forgetting, post, reminding, rounds, scheduling


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    closed: int
    opened: int
    removed: int
    sent: int


def sweep() -> Swept:
    """Does everything whose time has come: closes and opens rounds, destroys keys, deletes, rewrites, sends letters.

    It commits what it does: letters leave only after the rest is safe. Writing the file anew is what keeps the order
    in which answers came out of it, so this must run at hours that do not depend on anybody's answering.
    """
    closed = len(rounds.close_due())
    opened = len(scheduling.open_due())
    forgetting.destroy_due_keys()
    reminding.forget_who_was_reminded()
    removed = sum(_delete_over(table) for table in (Session, SignInToken, Limit))
    request_rewrite()
    commit()
    return Swept(closed, opened, removed, post.send_waiting().sent)


def _delete_over(table: type[Session | SignInToken | Limit]) -> int:
    done = db.session.execute(delete(table).where(table.expires_at <= clock.now()))
    return int(done.rowcount)  # type: ignore[attr-defined]
