"""The list, for everybody once it is out; the results and their files for staff who may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from priority.errors import NotFound
from priority.exports.ballots import ballots_csv as ballots_file
from priority.exports.results import results_csv as results_file
from priority.exports.results import results_json as results_document
from priority.policy import Access, can_export_ballots, can_see_list
from priority.queries.doors import doors_in
from priority.queries.report import report
from priority.services import limits, publication
from priority.web.guard import requires, this_person
from priority.web.results import wording
from priority.web.transaction import writing

if TYPE_CHECKING:
    from priority.models import Exercise

bp = Blueprint("results", __name__)
MOST_EXPORTS, AN_HOUR = 10, 3600
CSV, JSON = "text/csv; charset=utf-8", "application/json"


@bp.get("/e/<id:exercise>/list")
@requires(Access.ANYONE)
def public_list(exercise: Exercise) -> str:
    """The published list and nothing beyond it; refuses before it is out as if there were no such page."""
    if not can_see_list(exercise):
        raise NotFound(_("There is no such page."))
    told = report(exercise, findings=False)
    return render_template(
        "results/list.html",
        listed=told.listed,
        heading=wording.list_heading(told),
        tie=wording.tie(told),
        who=wording.no_list(told) or wording.who_decided(told),
        say=wording.say(told.sides),
        ranking=told.ranking,
        n_ranked=len(told.ranked),
        published_at=told.published_at,
        shapes=wording.group_shapes(told.sides),
    )


@bp.get("/staff/e/<id:exercise>/results")
@requires(Access.READER)
def full(exercise: Exercise) -> str:
    """Everything that may be told of the closed rounds; before one closed, that there is nothing to see yet."""
    told = report(exercise, findings=False)
    return render_template(
        "results/full.html",
        report=told,
        heading=wording.results_heading(told),
        tie=wording.tie(told),
        say=wording.say(told.sides),
        methods=wording.METHODS,
        reasons=wording.REASONS,
        rule=wording.rule(told.protocol, [line.scale for line in told.ratings]),
        no_list=wording.no_list(told),
        who=wording.who_decided(told),
        explained=wording.explained,
        criteria=wording.CRITERIA,
        shapes=wording.group_shapes(told.sides),
        has_ballots=can_export_ballots(told.level),
        ways_in=doors_in(exercise),
    )


@bp.get("/staff/e/<id:exercise>/results.csv")
@requires(Access.READER)
def results_csv(exercise: Exercise) -> Response:
    """A row a question."""
    _count_export()
    return _file(results_file(report(exercise, findings=False)), "results.csv", CSV)


@bp.get("/staff/e/<id:exercise>/ballots.csv")
@requires(Access.READER)
def ballots_csv(exercise: Exercise) -> Response:
    """A row a ballot; refuses where the rules of the exercise do not publish whole answers."""
    _count_export()
    return _file(ballots_file(publication.ballot_sheet(exercise)), "ballots.csv", CSV)


@bp.get("/staff/e/<id:exercise>/results.json")
@requires(Access.READER)
def results_json(exercise: Exercise) -> Response:
    """The report as JSON, with the sides' shares, the rules and the stored rankings."""
    _count_export()
    return _file(results_document(report(exercise)), "results.json", JSON)


def _count_export() -> None:
    """Refuses more than ten files an hour."""
    who = this_person().public_id
    with writing():
        limits.hit("export", who, most=MOST_EXPORTS, seconds=AN_HOUR)


def _file(data: bytes, name: str, kind: str) -> Response:
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, content_type=kind, headers=headers)
