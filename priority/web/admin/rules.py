"""The rules: in words and in people; changed freely at first, later with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority.errors import NotFound
from priority.policy import Access
from priority.queries import panel
from priority.queries.rules import stability_margin, stopping_rule
from priority.services import drafting, protocols, ruling
from priority.services.ballot_types.scales import SCALES
from priority.services.designs import full
from priority.web.admin.blueprint import bp
from priority.web.admin.forms import took
from priority.web.admin.rule_forms import Reasoned, RoundForm, RulesForm
from priority.web.admin.steps import status
from priority.web.guard import requires, this_person
from priority.words import ExerciseState, PublicationLevel, RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from priority.models import Exercise
    from priority.services.protocols import Body
    from priority.web.fields import Form

PLANNED_SIZES = (5, 8, 12, 20, 30)


@bp.get("/staff/e/<id:exercise>/rules")
@requires(Access.COORDINATOR)
def protocol(exercise: Exercise) -> Any:
    """The rules in words and in people, whether they are frozen, and how they changed since."""
    rules = protocols.current(exercise)
    table = [(n, people) for n in PLANNED_SIZES if (people := drafting.in_people(rules.body, n)) is not None]
    return render_template(
        "admin/protocol.html",
        record=exercise,
        rules=rules,
        history=protocols.versions(exercise),
        body=rules.body,
        stopping=stopping_rule(rules.body),
        margin=stability_margin(rules.body),
        rounds=[full(design) for design in rules.body["rounds"]],
        can_change=[ruling.can_change(exercise, n) for n in range(1, len(rules.body["rounds"]) + 2)],
        scales=SCALES,
        table=table,
        says=drafting.says(rules.body, panel.invited_by_side(exercise)),
        level_words=PublicationLevel(rules.body["publication_level"]).label,
        is_out=exercise.state is ExerciseState.PUBLISHED,
    )


@bp.route("/staff/e/<id:exercise>/rules/change", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def change_rules(exercise: Exercise) -> Any:
    """Every rule but what the rounds ask; after the first real round has opened, with a reason."""
    rules = protocols.current(exercise)
    form = RulesForm.of(rules.body, frozen=rules.frozen_at is not None)
    if _took(exercise, form, lambda: form.drafted(rules.body)):
        return _back(exercise)
    page = render_template("admin/change_rules.html", record=exercise, rules=rules, form=form)
    return page, status(form)


@bp.route("/staff/e/<id:exercise>/rules/rounds/<int(max=99):n>", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def change_round(exercise: Exercise, n: int) -> Any:
    """What a round asks and of whom; a number after the last one adds a round."""
    rules = protocols.current(exercise)
    designs = rules.body["rounds"]
    if not 1 <= n <= len(designs) + 1:
        raise NotFound(_("There is no such page."))
    kind = _kind(designs[n - 1] if n <= len(designs) else None)
    if kind is None:
        return render_template("admin/choose_kind.html", record=exercise, n=n, kinds=RoundKind)
    before = designs[n - 1] if n <= len(designs) and designs[n - 1]["kind"] == kind else {"kind": str(kind)}
    form = RoundForm.of(before)
    if _took(exercise, form, lambda: ruling.with_round(rules.body, n, form.designed(kind)), at_round=n):
        return _back(exercise)
    page = render_template(
        "admin/change_round.html",
        record=exercise,
        rules=rules,
        form=form,
        n=n,
        kind=kind,
        is_new=n > len(designs),
        can_change=ruling.can_change(exercise, n),
    )
    return page, status(form)


@bp.route("/staff/e/<id:exercise>/rules/rounds/<int(max=99):n>/remove", methods=["GET", "POST"])
@requires(Access.COORDINATOR)
def remove_round(exercise: Exercise, n: int) -> Any:
    """A round is not held; the later ones move up."""
    rules = protocols.current(exercise)
    if not 1 <= n <= len(rules.body["rounds"]):
        raise NotFound(_("There is no such page."))
    form = Reasoned()
    if _took(exercise, form, lambda: ruling.without_round(rules.body, n)):
        return _back(exercise)
    kind = RoundKind(rules.body["rounds"][n - 1]["kind"])
    return render_template("admin/remove_round.html", record=exercise, rules=rules, form=form, n=n, kind=kind), status(
        form
    )


def _took(exercise: Exercise, form: Form, drafted: Callable[[], Body], at_round: int | None = None) -> bool:
    """Whether the rules are changed now to what was typed; where not, the form says why."""
    reason = form["reason"].data or ""
    return took(
        form,
        lambda: ruling.change_rules(exercise, drafted(), reason=reason, actor=this_person(), at_round=at_round),
    )


def _kind(design: Body | None) -> RoundKind | None:
    """The kind of ballot that is asked for, else the one there is; None where there is none yet."""
    asked = request.values.get("kind", "")
    if asked in set(RoundKind):
        return RoundKind(asked)
    return None if design is None or asked == "other" else RoundKind(design["kind"])


def _back(exercise: Exercise) -> Any:
    return redirect(url_for("admin.protocol", exercise=exercise.public_id, done="rules-changed"), code=303)
