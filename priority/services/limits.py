"""How often something may be tried. Counted by a keyed digest that is thrown away; never for casting a ballot."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

from flask_babel import gettext as _
from sqlalchemy import delete

from priority import clock
from priority.errors import TooMany
from priority.extensions import db, keys
from priority.models import Limit


def refuse_after(name: str, who: str, *, most: int) -> None:
    """Refuses where `most` tries of `name` by `who` were counted already; counts nothing itself."""
    row = db.session.get(Limit, keys.unlinkable(f"{name}|{who}"), populate_existing=True)
    if row is not None and row.count >= most and row.expires_at > clock.now():
        _refuse(row)


def hit(name: str, who: str, *, most: int, seconds: int) -> None:
    """Counts one try of `name` by `who` and commits the count; refuses more than `most` in `seconds`.

    Call it before anything else is written in the request, since it ends the transaction.
    """
    moment = clock.now()
    key = keys.unlinkable(f"{name}|{who}")
    db.session.execute(delete(Limit).where(Limit.expires_at <= moment))
    row = db.session.get(Limit, key, populate_existing=True)
    if row is None:
        row = Limit(key=key, count=0, expires_at=moment + timedelta(seconds=seconds))
        db.session.add(row)
    row.count += 1
    db.session.commit()
    if row.count > most:
        _refuse(row)


def _refuse(row: Limit) -> NoReturn:
    wait = int((row.expires_at - clock.now()).total_seconds()) + 1
    minutes = max(1, round(wait / 60))
    raise TooMany(
        _("That was tried many times just now. Please wait %(minutes)d minutes and try again.", minutes=minutes),
        retry_after=wait,
    )
