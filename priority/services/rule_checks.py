"""What rules cannot say: each refusal is one sentence, at the field where it can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.queries.rules import LEAST
from priority.services.ballot_types.scales import NINE, SCALES
from priority.services.designs import full
from priority.services.drafting import K_OF_GROUPS, MEDIAN
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from priority.services.protocols import Body

OPEN, RANDOM = "open", "random"
MOST_ROUNDS = 9
BOUNDS = {
    "valid_share": (1, 100),
    "minimum_cell": (LEAST, 50),
    "shortlist": (1, 50),
    "stability_margin": (1, 50),
    "rounds_at_most": (1, MOST_ROUNDS),
    "settled_share": (1, 100),
}
BOUNDS_OF_A_ROUND = {"at_most": (2, 200), "choose": (1, 50), "size": (3, 6), "at_least": (1, 20)}


def refuse_contradictions(body: Body, *, at_round: int | None = None) -> None:
    """Raises (Invalid) where the rules contradict themselves or each other.

    `at_round` is the round that is being changed: what is wrong with it is said at its own field, what is wrong with
    another one in a sentence that names it.
    """
    for n in range(1, len(body["rounds"]) + 1):
        try:
            _refuse_round(body["rounds"], n)
        except Invalid as refusal:
            if n == at_round:
                raise
            raise Invalid(_("Round %(n)d: %(why)s", n=n, why=refusal.words)) from None
    for check in _OF_THE_WHOLE:
        check(body)


# -- one round ---------------------------------------------------------------------------------------------------------
def _refuse_round(designs: Sequence[Body], n: int) -> None:
    design = designs[n - 1]
    for field, (least, most) in BOUNDS_OF_A_ROUND.items():
        if field in design:
            _refuse_outside(field, design[field], least, most)
    if design.get("suggestions") and n == len(designs):
        raise Invalid(
            _("No round comes after this one, so nobody could answer a question that is suggested here."),
            field="suggestions",
        )
    if design["kind"] == RoundKind.RATING:
        _refuse_rating(design, [one for one in designs[: n - 1] if one["kind"] == RoundKind.RATING])


def _refuse_rating(design: Body, before: Sequence[Body]) -> None:
    feedback = design.get("feedback")
    if feedback and not before:
        raise Invalid(
            _("There is nothing to show yet: no round of ratings comes before this one."),
            field="feedback",
        )
    if feedback and _scale(design) != _scale(before[-1]):
        raise Invalid(
            _("The ratings before this one use another scale. Answers can be shown again on the same scale only."),
            field="scale",
        )
    if design.get("arm") == RANDOM and not feedback:
        raise Invalid(_("Only a round that shows what others answered can show it in two ways."), field="arm")
    if design.get("reasons") and not feedback:
        raise Invalid(
            _("Reasons are asked from those who change their answer, or keep it, after seeing what others answered."),
            field="reasons",
        )
    if design.get("reasons") and design.get("access") == OPEN:
        raise Invalid(
            _("In a round that is open to all nobody has a last answer, so nobody can be asked why it changed."),
            field="reasons",
        )


# -- the whole ---------------------------------------------------------------------------------------------------------
def _refuse_bounds(body: Body) -> None:
    numbers = body | body.get("stopping", {})
    for field, (least, most) in BOUNDS.items():
        if field in numbers:
            _refuse_outside(field, numbers[field], least, most)


def _refuse_rounds(body: Body) -> None:
    if not 1 <= len(body["rounds"]) <= MOST_ROUNDS:
        raise Invalid(_("An exercise has 1 to %(most)d rounds.", most=MOST_ROUNDS))
    ratings = sum(design["kind"] == RoundKind.RATING for design in body["rounds"])
    most = body.get("stopping", {}).get("rounds_at_most", MOST_ROUNDS)
    if ratings > most:
        raise Invalid(
            _("%(planned)d rounds of ratings are planned, more than the most that you allow.", planned=ratings),
            field="rounds_at_most",
        )


def _refuse_rule(body: Body) -> None:
    rule = body["consensus"]
    other = any(design["kind"] == RoundKind.RATING and _scale(design) != NINE.key for design in body["rounds"])
    if rule["rule"] == MEDIAN and other:
        raise Invalid(
            _("The RAND/UCLA rule is made for ratings from 1 to 9, and a round uses another scale."), field="rule"
        )
    groups = sum(len(side["groups"]) for side in body["sides"])
    if rule.get("scope") == K_OF_GROUPS and not 1 <= rule.get("needed", 0) <= groups:
        raise Invalid(_("There are %(n)d groups. Write how many of them must agree.", n=groups), field="needed")


def _refuse_list(body: Body) -> None:
    short = [full(design)["at_most"] for design in body["rounds"] if design["kind"] == RoundKind.RANKING]
    if short and body["shortlist"] > min(short):
        raise Invalid(
            _("The list cannot be longer than the %(most)d questions that are put in order.", most=min(short)),
            field="shortlist",
        )
    if body.get("aim") == "proportional":
        raise Invalid(
            _(
                "All the ways to make the list that are offered here look for what most people can live with. None "
                "shares the places out in proportion, so the aim can only be the first one."
            ),
            field="aim",
        )


_OF_THE_WHOLE: tuple[Callable[[Body], None], ...] = (_refuse_bounds, _refuse_rounds, _refuse_rule, _refuse_list)


def _refuse_outside(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Invalid(_("Write a whole number from %(least)d to %(most)d.", least=least, most=most), field=field)


def _scale(design: Body) -> str:
    return SCALES[design.get("scale", NINE.key)].key
