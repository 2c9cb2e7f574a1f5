"""The sentences of the results pages: the news in a heading, and who decided, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask_babel
from flask_babel import lazy_gettext as _l

from priority.queries.report_values import FIVE
from priority.queries.rules import VALID_SHARE
from priority.services.ballot_types.scales import CHNRI
from priority.web.answer.figures import GROUP_SHAPES
from priority.words import RoundKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from priority.queries.report import Report
    from priority.queries.report_values import Body, ProtocolLine, RoundLine, SideLine

_: Callable[..., str] = flask_babel.gettext  # the library has no types of its own
ngettext: Callable[..., str] = flask_babel.ngettext
NUMBERS = (
    _l("no"),
    _l("one"),
    _l("two"),
    _l("three"),
    _l("four"),
    _l("five"),
    _l("six"),
    _l("seven"),
    _l("eight"),
    _l("nine"),
    _l("ten"),
    _l("eleven"),
    _l("twelve"),
)
METHODS = {
    "jla": _l("JLA-style equal weight"),
    "borda": _l("Borda"),
    "copeland": _l("Copeland"),
    "kemeny": _l("Kemeny"),
    "approval": _l("How many chose it"),
    "best_worst": _l("Most less least"),
}
CRITERIA = dict(CHNRI.criteria)
REASONS = {
    "too_few_valid": _l("too few valid answers"),
    "too_small": _l("nobody answered"),
    "parts_differ": _l("the sides differ"),
    "few_high": _l("too few rated it high"),
    "many_low": _l("too many rated it low"),
    "middle": _l("median in the middle"),
    "disagreement": _l("disagreement"),
    "no_rule": _l("the rule is not for this scale"),
}


def in_words(n: int) -> str:
    """A number as one says it, up to twelve."""
    return str(NUMBERS[n]) if n < len(NUMBERS) else str(n)


def list_heading(report: Report) -> str:
    """What the public list says first."""
    n = len(report.listed)
    if n == 0:
        return _("This list is out, and no question is on it")
    return ngettext("This question comes first", "These %(n)s questions come first", n, n=in_words(n))


def results_heading(report: Report) -> str:
    """What the results page says first: the newest thing that is known."""
    if report.ranked:
        n = len(report.listed)
        return ngettext("One question leads the list", "%(n)s questions lead the list", n, n=in_words(n).capitalize())
    if report.ratings:
        line = report.ratings[-1]
        n = sum(question.rating_of(line.n) is not None for question in report.questions)
        answered = line.whole.answered
        if answered is None:
            return ngettext("One question was rated", "%(n)s questions were rated", n, n=in_words(n).capitalize())
        return ngettext("%(people)d people rated one question", "%(people)d people rated %(n)s questions", n,
                        people=answered, n=in_words(n))  # fmt: skip
    return _("No results yet")


def tie(report: Report) -> str | None:
    """That places are shared at the end of the list, so that it is longer; None where it is not."""
    tied = [question for question in report.listed if question.tied_at_end]
    if not tied:
        return None
    return _(
        "%(tied)s questions share place %(place)s, so the list has %(n)s instead of %(places)s.",
        tied=in_words(len(tied)).capitalize(),
        place=tied[0].place,
        n=in_words(len(report.listed)),
        places=in_words(report.protocol.shortlist),
    )


def say(sides: Sequence[SideLine]) -> str:
    """How much of the say each side holds."""
    if len(sides) < 2:
        return _("Everybody who answered has the same say.")
    if len({side.share for side in sides}) == 1:
        names = _(" and ").join(side.name for side in sides)
        if len(sides) == 2:
            return _("%(names)s hold half the say each, however many answered.", names=names)
        return _("%(names)s hold equal shares of the say, however many answered.", names=names)
    parts = ", ".join(
        _("%(side)s: %(share)d of %(of)d parts", side=side.name, share=side.share, of=side.of) for side in sides
    )
    return _("The say is shared out like this: %(parts)s.", parts=parts)


def no_list(report: Report) -> str | None:
    """Why there is no list though people were asked for one; None where there is one, or nobody was asked yet."""
    silent = report.silent_sides
    if not silent:
        return None
    if len(silent) == len(report.sides):
        return _("There is no list: nobody put a question in order.")
    return _(
        "There is no list: of %(sides)s nobody put a question in order, and no side can speak for another.",
        sides=_(" and ").join(f"“{side.name}”" for side in silent),
    )


def who_decided(report: Report) -> str:
    """How many people put how many questions in order."""
    line, n = report.ranking, len(report.ranked)
    if line is None or line.whole.answered is None:
        return _("People who live with this and people who work with it put %(n)d questions in order.", n=n)
    people = line.whole.answered
    if line.kind is RoundKind.CHOOSE:
        return _("%(people)d people chose from %(n)d questions.", people=people, n=n)
    if line.kind is RoundKind.BEST_WORST:
        return _("%(people)d people said which of %(n)d questions matter most and least.", people=people, n=n)
    return _("%(people)d people put %(n)d questions in order.", people=people, n=n)


def explained(line: RoundLine) -> str:
    """What the numbers of a round of choices, of best and worst or of criteria are."""
    if line.kind is RoundKind.CHOOSE:
        return _(
            "Each could choose %(most)d at most; n is who chose anything. Support is the share who chose the question, "
            "over the sides by their parts of the say. In brackets stands Wilson's interval, in percent.",
            most=line.design.get("choose"),
        )
    if line.kind is RoundKind.BEST_WORST:
        return _(
            "%(sets)d sets of %(size)d questions; each question is in %(shown)s of them, and two stand together in "
            "%(together)s. The score is how often a question mattered most less how often least, of the times it was "
            "shown; a set counts where both were said.",
            sets=len(line.design["sets"]),
            size=len(line.design["sets"][0]),
            shown=_from_to(*line.design["shown"]),
            together=_from_to(*line.design["together"]),
        )
    return _(
        "Yes is 1, in between 0.5, no 0; who could not judge is in no score. The priority score is the mean of the "
        "criteria; agreement is the mean part of all who scored anything that gave the commonest answer."
    )


def _from_to(fewest: int, most: int) -> str:
    return str(most) if fewest == most else _("%(fewest)d to %(most)d", fewest=fewest, most=most)


def rule(protocol: ProtocolLine, scales: Collection[str | None] = ()) -> str:
    """The consensus rule: what is in and out on these scales, and how many must have answered for that to be said."""
    declared = protocol.body.get("consensus_by_round") or [protocol.body.get("consensus")]
    if not declared[0]:
        return _("No rule was declared.")
    said = [_in_and_out(protocol, one, _bands(scales)) for one in declared]
    if len(said) > 1:
        said = [_("Round %(n)d: %(rule)s", n=n, rule=one) for n, one in enumerate(said, start=1)]
    return " ".join((*said, _floor(protocol)))


def _scope(declared: Body) -> str:
    if declared["scope"] == "k_of_groups":
        needed = declared.get("needed", 1)
        return ngettext("in at least one group", "in at least %(num)d groups", needed)
    words = {
        "pooled": _("everybody together"),
        "any": _("on at least one side"),
        "groups": _("in every group"),
    }
    return words.get(declared["scope"], _("on every side"))


def _bands(scales: Collection[str | None]) -> tuple[str, str]:
    """What counts as high and as low on these scales; without any on that from 1 to 9."""
    if set(scales) == {FIVE}:
        return _("4 or 5"), _("1 or 2")
    if FIVE in scales:
        return _("7 to 9 (of five: 4 or 5)"), _("1 to 3 (of five: 1 or 2)")
    return _("7 to 9"), _("1 to 3")


def _in_and_out(protocol: ProtocolLine, declared: Body, bands: tuple[str, str]) -> str:
    scope = _scope(declared)
    if declared.get("rule") == "iqr":
        return _(
            "In where the median is 7 or more and the quartiles are at most 2 apart, out where it is 3 or less and "
            "they are (%(scope)s).",
            scope=scope,
        )
    if declared.get("rule") == "rand_ucla":
        return _(
            "RAND/UCLA (%(scope)s): in where the median is 7 to 9 without disagreement, out where it is 1 to 3 without "
            "disagreement; disagreement is an index above 1 (30th and 70th percentile by the %(percentile)s rule).",
            scope=scope,
            percentile=protocol.body.get("percentile_rule"),
        )
    return _(
        "In where %(high)d %% or more rate %(top)s and fewer than %(low)d %% rate %(bottom)s, out the other way round "
        "(%(scope)s).",
        high=declared["high"],
        low=declared["low"],
        top=bands[0],
        bottom=bands[1],
        scope=scope,
    )


def _floor(protocol: ProtocolLine) -> str:
    return _(
        "A verdict needs a rating from %(valid)d %% of the people of each side who answered in the round.",
        valid=protocol.body.get("valid_share", VALID_SHARE),
    )


def group_shapes(sides: Sequence[SideLine]) -> dict[str | None, tuple[str, str]]:
    """The shape and tone of each group, in the exercise's order; those told as others have the last one."""
    keys = [key for side in sides for key, _name in side.groups]
    shapes: dict[str | None, tuple[str, str]] = {key: GROUP_SHAPES[i % len(GROUP_SHAPES)] for i, key in enumerate(keys)}
    return shapes | {None: GROUP_SHAPES[-1]}
