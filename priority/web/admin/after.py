"""After a round: what was decided and how firm it is, the signature, and then what other rules would have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from priority.errors import NotFound, Stale
from priority.policy import Access, can_sign
from priority.queries import after_moves, after_order, after_rating, between, decision
from priority.queries.report import report
from priority.queries.rounds import find_round, rounds_of
from priority.services import deciding
from priority.services.candidates import candidates, takes_candidates
from priority.web.admin import after_words as words
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import took
from priority.web.fields import Form, WordsField
from priority.web.guard import requires, this_person
from priority.web.results import wording
from priority.words import RoundState, Verdict

if TYPE_CHECKING:
    from priority.models import Exercise, Round
    from priority.queries.after_rating import Named
    from priority.queries.report import Report, ReportQuestion


class SignForm(Form):
    """A signature, with what whoever signs wants to have noted."""

    note = WordsField(_l("What you want to have noted"), [Length(max=deciding.LONGEST_NOTE)])


@bp.get("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/after")
@requires(Access.COORDINATOR)
def after_round(exercise: Exercise, n: int) -> Any:
    """What a closed round decided, with everything that says how firm that is; refuses before it has closed."""
    return _page(exercise, _closed(exercise, n), SignForm())


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/sign")
@requires(Access.COORDINATOR)
def sign_round(exercise: Exercise, n: int) -> Any:
    """Signs what the declared rule decided, once."""
    round_, form = _closed(exercise, n), SignForm()
    if took(form, lambda: deciding.sign(round_, actor=this_person(), note=form.note.data)):
        done = url_for("admin.after_round", exercise=exercise.public_id, n=n, done="signed", _anchor="signed")
        return redirect(done, code=303)
    return _page(exercise, round_, form), 422


@bp.post("/staff/e/<id:exercise>/rounds/<int(max=9999):n>/alternatives")
@requires(Access.COORDINATOR)
def alternatives(exercise: Exercise, n: int) -> Any:
    """What other rules would have decided, with a line in the log for this look; refuses before the signature."""
    round_ = _closed(exercise, n)
    found = deciding.look(round_, actor=this_person())
    return render_template(
        "admin/alternatives.html",
        record=exercise,
        round=round_,
        found=found,
        named=after_rating.named(round_),
        verdicts={str(one): one for one in Verdict},
        runs=[run for run in decision.runs_seen(round_) if not run.is_primary],
        looks=decision.looks(round_),
        methods=wording.METHODS,
        words=words,
    )


def _page(exercise: Exercise, round_: Round, form: SignForm) -> Any:
    told = report(exercise, findings=False)
    decided, verdicts = decision.decided(round_), _by_verdict(told, round_.n)
    return render_template(
        "admin/after.html",
        record=exercise,
        round=round_,
        form=form,
        line=next(line for line in told.rounds if line.n == round_.n),
        heading=words.heading(verdicts, None if decided["listed"] is None else len(decided["listed"])),
        rule=wording.rule(told.protocol),
        reasons=wording.REASONS,
        voices=[voice for voice in told.voices if voice.kind == "side"] or list(told.voices[:1]),
        verdicts=verdicts,
        listed=_listed(decided, round_),
        ahead=_ahead(exercise, round_),
        signed=decision.signed(round_),
        looks=decision.looks(round_),
        words=words,
        **_evidence(told, round_),
    )


def _evidence(told: Report, round_: Round) -> dict[str, Any]:
    """What says how firm the decision is, and of it what to know first."""
    found: dict[str, Any] = {
        "change": after_rating.change_of(round_),
        "attrition": after_rating.attrition_of(round_),
        "movement": after_moves.movement_of(round_),
        "unclear": after_rating.unclear_in(told, round_),
        "order": after_order.voices_of(round_),
    }
    return found | {"in_short": words.in_short(**found)}


def _listed(decided: dict[str, Any], round_: Round) -> list[tuple[int, Named]] | None:
    """The list with its places; None where the round made none."""
    if decided["listed"] is None:
        return None
    names = after_rating.named(round_)
    return [(place, names[key]) for place, key in zip(decided["places"], decided["listed"], strict=True)]


def _by_verdict(told: Report, n: int) -> dict[str, list[ReportQuestion]]:
    """The questions of a round of ratings by what the rule says of them: in, out, undecided."""
    rated = [(one, rating) for one in told.questions if (rating := one.rating_of(n)) is not None]
    return {
        str(verdict): sorted((one for one, rating in rated if rating.verdict is verdict), key=lambda one: one.number)
        for verdict in Verdict
    }


def _ahead(exercise: Exercise, round_: Round) -> between.Between | None:
    """What changed for the next round, or would if it opened now; None after the last."""
    later = next((one for one in rounds_of(exercise) if one.n == round_.n + 1), None)
    if later is None:
        return None
    if later.state is not RoundState.PLANNED:
        return between.between(round_, later)
    asked = None
    if takes_candidates(later):
        asked = {one.question_id for one in candidates(exercise, for_round=later) if one.place is not None}
    return between.ahead(round_, asked)


def _closed(exercise: Exercise, n: int) -> Round:
    round_ = find_round(exercise, n)
    if round_ is None:
        raise NotFound(_("There is no such page."))
    if not can_sign(round_):
        raise Stale(_("This round has not closed yet. Until then nobody sees the answers, not even the team."))
    return round_
