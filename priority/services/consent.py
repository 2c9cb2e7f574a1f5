"""What people agreed to, in exactly which words, and how they take it back.

The words belong to an exercise; a new version is a new row, and the old one can always be read again. Where an
exercise has none of its own yet, ours below are used, and kept with the first person who agrees to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from priority import clock
from priority.extensions import db
from priority.models import Consent, ConsentText, Contributor
from priority.words import Purpose, SessionKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

    from priority.models import Exercise, Panelist

STANDARD = {
    (SessionKind.CONTRIBUTOR, Purpose.TAKE_PART): _l(
        "We keep your words as you wrote them, without your name. The people named here read them, then the group "
        "who answer, then researchers, and they may stand beside the question on a public page.\n"
        "You may stop at any time, take your words back until they are joined with others, and have them erased "
        "after that.\n"
        "We cannot give medical advice here. If you need help now, call 112 or your care team. "
        "You can come back to this later."
    ),
    (SessionKind.CONTRIBUTOR, Purpose.CONTACT): _l("You may ask me more about what I wrote."),
    (SessionKind.CONTRIBUTOR, Purpose.NAME): _l("You may ask me for my name, to thank me in the report."),
    (SessionKind.CONTRIBUTOR, Purpose.PASS_ON): _l(
        "You may pass my words on to somebody who can do more about them, without my name."
    ),
    (SessionKind.PANELIST, Purpose.TAKE_PART): _l(
        "You answer as often as you like until each time ends. You may pause, leave questions empty, or stop.\n"
        "The people who run this cannot see who gave which answer. Whoever looks after the computer could, until "
        "30 days after the end. Then the link is destroyed for good.\n"
        "If everybody in a group gives the same answer, anyone who knows that you are in the group knows yours, too."
    ),
}


def text_for(exercise: Exercise, audience: SessionKind, purpose: Purpose, locale: str) -> ConsentText:
    """The newest words for this audience and purpose, in the language asked for, else in the exercise's own.

    Words of ours that nobody has agreed to here yet come unsaved.
    """
    found = db.session.scalar(
        _texts(exercise, audience, purpose)
        .order_by(
            (ConsentText.locale == locale).desc(),
            (ConsentText.locale == exercise.locale).desc(),
            ConsentText.version.desc(),
        )
        .limit(1)
    )
    return found or _standard(exercise, audience, purpose)


def set_text(exercise: Exercise, audience: SessionKind, purpose: Purpose, locale: str, text: str) -> ConsentText:
    """A new version of the words; the row there is, where nothing changed."""
    newest = db.session.scalar(
        _texts(exercise, audience, purpose)
        .where(ConsentText.locale == locale)
        .order_by(ConsentText.version.desc())
        .limit(1)
    )
    if newest is not None and newest.text == text:
        return newest
    row = ConsentText(
        exercise_id=exercise.id,
        audience=audience,
        purpose=purpose,
        locale=locale,
        version=1 if newest is None else newest.version + 1,
        text=text,
    )
    db.session.add(row)
    db.session.flush()
    return row


def give(somebody: Contributor | Panelist, purposes: Collection[Purpose]) -> None:
    """Somebody agrees to each of these purposes, in the words as they stand now; agreed already changes nothing."""
    for purpose in sorted(set(purposes) - given(somebody)):
        text = text_for(somebody.exercise, _audience(somebody), purpose, somebody.locale)
        db.session.add(text)  # words of ours are kept from here on
        db.session.flush()
        mine = {"contributor_id": somebody.id} if _is_contributor(somebody) else {"panelist_id": somebody.id}
        db.session.add(Consent(text_id=text.id, given_at=clock.now(), **mine))
    db.session.flush()


def withdraw(somebody: Contributor | Panelist, purposes: Collection[Purpose]) -> None:
    """Somebody no longer agrees to these purposes. That they once did stays, with both dates."""
    for consent in _standing(somebody):
        if consent.text.purpose in purposes:
            consent.withdrawn_at = clock.now()
    db.session.flush()


def given(somebody: Contributor | Panelist) -> frozenset[Purpose]:
    """What somebody agrees to now."""
    return frozenset(consent.text.purpose for consent in _standing(somebody))


def _standing(somebody: Contributor | Panelist) -> list[Consent]:
    whose = Consent.contributor_id if _is_contributor(somebody) else Consent.panelist_id
    return list(db.session.scalars(select(Consent).where(whose == somebody.id, Consent.withdrawn_at.is_(None))))


def _texts(exercise: Exercise, audience: SessionKind, purpose: Purpose) -> Select[ConsentText]:
    return select(ConsentText).where(
        ConsentText.exercise_id == exercise.id, ConsentText.audience == audience, ConsentText.purpose == purpose
    )


def _standard(exercise: Exercise, audience: SessionKind, purpose: Purpose) -> ConsentText:
    return ConsentText(
        exercise_id=exercise.id,
        audience=audience,
        purpose=purpose,
        locale=str(get_locale() or exercise.locale),
        version=1,
        text=str(STANDARD[audience, purpose]),
    )


def _is_contributor(somebody: Contributor | Panelist) -> bool:
    return isinstance(somebody, Contributor)


def _audience(somebody: Contributor | Panelist) -> SessionKind:
    return SessionKind.CONTRIBUTOR if _is_contributor(somebody) else SessionKind.PANELIST
