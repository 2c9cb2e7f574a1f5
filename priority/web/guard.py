"""Who may open a route. Every route declares its `Access` here; a route without one fails the build."""

from __future__ import annotations

from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError

from priority.errors import NotFound
from priority.policy import Access, admits_guests, kind_for, may
from priority.queries.exercises import find_exercise
from priority.services import accounts, limits
from priority.web.guests import this_guest
from priority.web.transaction import writing
from priority.words import SessionKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from priority.models import Contributor, Exercise, Panelist, Person, Session
    from priority.services.accounts import SignedIn, Somebody
    from priority.services.voting import Answerer

    View = Callable[..., Any]


def requires(access: Access) -> Callable[[View], View]:
    """Lets only those in who have `access`; loads the exercise that the address names and hands it to the view.

    Not signed in: on to sign-in. Wrong role or organisation: as if there were no such page.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            if "exercise" in values:
                values["exercise"] = _load(values["exercise"])
            refused = _refuse(access, values.get("exercise"))
            return view(*args, **values) if refused is None else refused

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return decorate


def limited(name: str, *, most: int, seconds: int) -> Callable[[View], View]:
    """Refuses more than `most` posts to a route from one network address in `seconds`. Never on casting a ballot."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(*args: Any, **values: Any) -> Any:
            if request.method == "POST":
                limits.hit(name, request.remote_addr or "", most=most, seconds=seconds)
            return view(*args, **values)

        return counted

    return decorate


def signed_in() -> SignedIn | None:
    """Whoever is signed in on this device, looked up once a request."""
    if "signed_in" not in g:
        g.signed_in = None if session.new else accounts.find_session(session.secret)  # type: ignore[attr-defined]
    found: SignedIn | None = g.signed_in
    return found


def this_person() -> Person:
    """The person of the staff who is signed in; only behind a staff route."""
    return cast("Person", _this(SessionKind.STAFF))


def this_panelist() -> Panelist:
    """The panelist who is signed in; only behind a panelist's route."""
    return cast("Panelist", _this(SessionKind.PANELIST))


def this_answerer() -> Answerer:
    """Whoever answers on this device: a panelist who is signed in, else a guest; only behind a panelist's route."""
    if is_signed_in_as(SessionKind.PANELIST):
        return this_panelist()
    guest = this_guest()
    if guest is None:
        raise NotFound(_("There is no such page."))
    return guest


def is_answering() -> bool:
    """Whether anybody on this device may answer."""
    return is_signed_in_as(SessionKind.PANELIST) or this_guest() is not None


def is_signed_in_as(kind: SessionKind) -> bool:
    """Whether somebody is signed in on this device as this."""
    found = signed_in()
    return found is not None and found.actor.kind is kind


def this_contributor() -> Contributor:
    """The contributor who is signed in; only behind a contributor's route."""
    return cast("Contributor", _this(SessionKind.CONTRIBUTOR))


def safe_next(target: str | None, otherwise: str) -> str:
    """`target` where it is a path of ours, else `otherwise`: nobody is sent to a stranger's site."""
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"} or any(c < " " for c in target):
        return otherwise
    return target


def _this(kind: SessionKind) -> Somebody:
    found = signed_in()
    if found is None or found.actor.kind is not kind:
        raise NotFound(_("There is no such page."))
    return found.somebody


def _load(public_id: str) -> Exercise:
    exercise = find_exercise(public_id)
    if exercise is None:
        raise NotFound(_("There is no such page."))
    g.exercise = exercise
    return exercise


def _refuse(access: Access, exercise: Exercise | None) -> Response | None:
    if access is Access.DEVELOPER:
        _refuse_outside_development()
    if kind_for(access) is None:
        return None
    if admits_guests(access) and not is_signed_in_as(SessionKind.PANELIST) and this_guest() is not None:
        return None
    found = signed_in()
    if found is None or found.actor.kind is not kind_for(access):
        here = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("entry.sign_in", next=here), code=303)
    if not may(found.actor, access, exercise):
        raise NotFound(_("There is no such page."))
    if accounts.is_long_unseen(found.session):
        _stay_awake(found.session)
    return None


def _stay_awake(session: Session) -> None:
    """Whoever works is not asked to sign in again; where the database is busy, the next page tries again."""
    with suppress(OperationalError), writing():
        accounts.note_seen(session)


def _refuse_outside_development() -> None:
    if not current_app.config["SETTINGS"].in_development:
        raise NotFound(_("There is no such page."))
