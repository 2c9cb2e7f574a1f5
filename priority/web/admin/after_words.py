"""What the page after a round says: its heading, and words for what the statistics call by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_babel
from flask_babel import lazy_gettext as _l

from priority.queries.between import Leaving
from priority.words import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from priority.queries.after_moves import Movement
    from priority.queries.after_order import Voices
    from priority.queries.after_rating import Attrition, Change, Stopping

_: Callable[..., str] = flask_babel.gettext  # the library has no types of its own
ngettext: Callable[..., str] = flask_babel.ngettext

STABILITY = {
    "stable": _l("settled"),
    "moving": _l("still moving"),
    "unknown": _l("too few to say"),
}
AGREEMENT = {
    "consensus": _l("consensus"),
    "majority": _l("majority"),
    "bipolar": _l("two camps"),
    "plurality": _l("largest part"),
    "disagreement": _l("no common ground"),
    "unknown": _l("nobody answered"),
}
RULES = {
    "70_15_each_group": _l("70/15 in each group"),
    "75_pooled": _l("75 % of everybody"),
    "rand_ucla": _l("RAND/UCLA"),
    "iqr_2_median_7": _l("IQR 2 or less, median 7 or more"),
    "any_group": _l("70/15 in any group"),
    "cannot_judge_not_high": _l("The declared rule, with “can’t judge” counted as not high"),
}
FAMILIES = {
    "positional": _l("Positional"),
    "pairwise": _l("Pairwise"),
    "distance": _l("Distance"),
    "elimination": _l("Elimination"),
    "model": _l("Model"),
}
WHY_NOT = {
    "too_few": _l("Too few people answered, or all alike, to say."),
    "too_many_people": _l("More than 500 people answered: this would take too long here."),
    "slow_method": _l("The method of the list takes too long to be asked so often."),
    "not_this_scale": _l("not for this scale"),
    "no_rule": _l("No rule in or out goes with this scale, so no other rule is compared."),
    "side_silent": _l("A whole side did not answer, so there is nothing to compare."),
}
STOPPING = {
    "settled": _l("enough questions have settled"),
    "rounds_at_most": _l("there were as many rounds as the rules allow"),
    "burden": _l("another round would ask too much of people"),
}
GONE = {
    Leaving.OUT: _l("The rule found it out."),
    Leaving.MERGED: _l("It was joined to another question."),
    Leaving.WITHDRAWN: _l("It is off the list."),
    Leaving.NOT_ASKED: _l("It stays among the questions, and is not asked in that round."),
}


def heading(verdicts: Mapping[str, Sequence[object]], listed: int | None) -> str:
    """The news: how many questions are in, out and undecided, or how many lead the list."""
    if listed is not None:
        return ngettext("%(num)d question leads the list", "%(num)d questions lead the list", listed)
    if not any(verdicts.values()):
        return _("Nobody answered")
    counts = {one: len(verdicts.get(one, ())) for one in Verdict}
    return _(
        "%(there)d in, %(out)d out, %(open)d undecided",
        there=counts[Verdict.IN],
        out=counts[Verdict.OUT],
        open=counts[Verdict.NONE],
    )


def settled(change: Change) -> str:
    """How many questions have settled, in a sentence with the margin that was declared."""
    n, stable = len(change.questions), change.settled("stable")
    return ngettext(
        "%(stable)d of %(num)d question has settled: of the people who answered both times, fewer than %(margin)d %% "
        "went to another band.",
        "%(stable)d of %(num)d questions have settled: of the people who answered both times, fewer than %(margin)d %% "
        "went to another band.",
        n,
        stable=stable,
        margin=change.margin,
    )


def stopping(rule: Stopping) -> str:
    """Whether the declared rule says to stop, and on what evidence."""
    evidence = _(
        "%(settled)d of %(questions)d questions have settled; the rules ask for %(share)d %%. This was round %(n)d of "
        "ratings; the rules allow %(most)d.",
        settled=rule.settled,
        questions=rule.questions,
        share=rule.settled_share,
        n=rule.rounds,
        most=rule.rounds_at_most,
    )
    if not rule.met:
        return f"{_('The rule to stop is not met.')} {evidence}"
    why = _(" and ").join(str(STOPPING[reason]) for reason in rule.reasons)
    return f"{_('The rule to stop is met: %(why)s.', why=why)} {evidence}"


def in_short(
    *,
    change: Change | None,
    attrition: Attrition | None,
    movement: Movement | None,
    unclear: Sequence[object],
    order: Voices | None,
) -> list[tuple[str, str]]:
    """What to know first, each sentence with the part of the page that says more."""
    found = []
    if change is not None:
        found.append(("settled", stopping(change.stopping)))
    if attrition is not None and attrition.compared:
        found.append(("left", _hangs(attrition)))
    if unclear:
        found.append(
            (
                "unclear",
                ngettext(
                    "Many could not judge %(num)d question. It may want other words.",
                    "Many could not judge %(num)d questions. They may want other words.",
                    len(unclear),
                ),
            )
        )
    if movement is not None and movement.beyond_chance:
        found.append(("moved", _moved(movement)))
    return found + (_of_an_order(order) if order is not None else [])


def _moved(movement: Movement) -> str:
    return ngettext(
        "On %(num)d question a side moved toward another by more than chance explains.",
        "On %(num)d questions a side moved toward another by more than chance explains.",
        len({one.named for one in movement.beyond_chance}),
    )


def _hangs(attrition: Attrition) -> str:
    if attrition.nobody_left:
        return _("Everybody came back.")
    if not attrition.differing:
        return _("No verdict hangs on who came back.")
    return ngettext(
        "%(num)d verdict hangs on who came back.",
        "%(num)d verdicts hang on who came back.",
        len(attrition.differing),
    )


def _of_an_order(order: Voices) -> list[tuple[str, str]]:
    alarms = sum(one.alarm for one in order.unheard)
    said = _("No question left out is above the whole list for enough people to answer them in public.")
    if alarms:
        said = ngettext(
            "%(num)d question left out is above the whole list for enough people that they are owed an answer.",
            "%(num)d questions left out are above the whole list for enough people that they are owed an answer.",
            alarms,
        )
    swapped = any(one.people == 1 for one in order.swaps)
    return [
        ("unheard", said),
        *([("sure", _("One person’s answers decide who is last on the list."))] if swapped else []),
    ]
