"""The forms of the rules: the whole of them on one page, and a page for each round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from priority.queries.rules import HIGH, LOW, stability_margin, stopping_rule
from priority.services import drafting, redrafting
from priority.services.ballot_types.scales import SCALES
from priority.services.designs import designed, full
from priority.services.drafting import RuleDraft, SideDraft
from priority.services.redrafting import Numbers
from priority.web.admin.forms import LINE, METHODS, SIDES, TEXT
from priority.web.fields import Form, LineField, WordsField, choices
from priority.words import PublicationLevel, RoundKind

if TYPE_CHECKING:
    from priority.services.protocols import Body

SCOPES = (
    (drafting.SIDES, _l("Every side")),
    (drafting.POOLED, _l("Everybody together, as one")),
    (drafting.ANY, _l("One side is enough")),
    (drafting.GROUPS, _l("Every group")),
    (drafting.K_OF_GROUPS, _l("At least so many of the groups")),
)
PERCENTILES = (
    ("weibull", _l("Weibull (type 6), the usual one for RAND/UCLA")),
    ("linear", _l("Linear (type 7), as spreadsheets do")),
)
AIMS = (
    ("consensual", _l("A list that most people can live with")),
    ("proportional", _l("A list on which each part of the people finds its share")),
)
ORDERS = (("random", _l("In an order of their own for each person")), ("list", _l("As the list has them, for all")))
ACCESS = (
    ("panel", _l("The people who are invited")),
    ("open", _l("Anybody with the link, the poster code or a slip")),
)
COUNTS = (("all", _l("All of them")), ("verified", _l("Only those with a slip")))
ARMS = (
    ("none", _l("All see their own side first, then the others")),
    ("random", _l("By lot: one half sees its own side only, the other half all of it")),
)


class Reasoned(Form):
    """A change of the rules; once they are frozen it has a reason."""

    reason = WordsField(_l("Why do the rules change?"), [TEXT])


class RulesForm(Reasoned):
    """All rules but what each round asks."""

    side1_name = LineField(_l("First side"), [LINE])
    side1_share = IntegerField(_l("Its parts of the say"), [Optional(), NumberRange(1, 100)])
    side1_groups = WordsField(_l("Its groups"), [TEXT])
    side2_name = LineField(_l("Second side"), [LINE])
    side2_share = IntegerField(_l("Its parts of the say"), [Optional(), NumberRange(1, 100)])
    side2_groups = WordsField(_l("Its groups"), [TEXT])
    side3_name = LineField(_l("Third side"), [LINE])
    side3_share = IntegerField(_l("Its parts of the say"), [Optional(), NumberRange(1, 100)])
    side3_groups = WordsField(_l("Its groups"), [TEXT])
    observers = WordsField(_l("Groups that look on"), [TEXT])
    rule = RadioField(
        _l("When is a question in?"),
        choices=choices(
            [
                (drafting.SHARE, _l("By shares: enough people choose a high number, and few a low one")),
                (drafting.MEDIAN, _l("RAND/UCLA: by the middle answer, unless people disagree")),
            ]
        ),
    )
    high = IntegerField(_l("In: at least this percentage chooses a high number"), [InputRequired()])
    low = IntegerField(_l("In: less than this percentage chooses a low number"), [InputRequired()])
    scope = RadioField(_l("Who must agree?"), choices=choices(SCOPES))
    needed = IntegerField(_l("How many groups must agree?"), [Optional()])
    valid_share = IntegerField(_l("How many of a side must have judged a question? (percent)"), [InputRequired()])
    percentile_rule = RadioField(_l("How are percentiles worked out?"), choices=choices(PERCENTILES))
    rounds_at_most = IntegerField(_l("How many rounds of ratings at most?"), [InputRequired()])
    settled_share = IntegerField(_l("Stop when this percentage of the questions is stable"), [InputRequired()])
    stability_margin = IntegerField(
        _l("A question is stable when fewer than this percentage change band"), [InputRequired()]
    )
    aim = RadioField(_l("What is the list to be?"), choices=choices(AIMS))
    primary = RadioField(_l("How is the list made?"), choices=choices(METHODS))
    shortlist = IntegerField(_l("How many questions are on the list?"), [InputRequired()])
    level = RadioField(
        _l("What is published of the answers?"), choices=choices([(str(one), one.label) for one in PublicationLevel])
    )
    minimum_cell = IntegerField(_l("Nothing is shown of fewer people than"), [InputRequired()])

    @classmethod
    def of(cls, body: Body, *, frozen: bool) -> RulesForm:
        """The form with the rules in force; without the sides once they are frozen."""
        form = cls(data=cls.start(body))
        if frozen:
            for name in [field.short_name for field in form]:
                if name.startswith(SIDES) or name == "observers":
                    del form[name]
        return form

    @classmethod
    def start(cls, body: Body) -> dict[str, Any]:
        """What the fields hold: the rules in force."""
        sides: dict[str, Any] = {}
        for field, side in zip(SIDES, body["sides"], strict=False):
            sides |= {f"{field}_name": side["name"], f"{field}_share": side["share"]}
            sides |= {f"{field}_groups": drafting.typed_groups(side["groups"])}
        rule, stopping = body["consensus"], stopping_rule(body)
        return sides | {
            "observers": drafting.typed_groups(body["observers"]),
            "rule": rule["rule"],
            "high": rule.get("high", HIGH),
            "low": rule.get("low", LOW),
            "scope": rule["scope"],
            "needed": rule.get("needed"),
            "valid_share": body["valid_share"],
            "percentile_rule": body["percentile_rule"],
            "rounds_at_most": stopping["rounds_at_most"],
            "settled_share": stopping["settled_share"],
            "stability_margin": stability_margin(body),
            "aim": body.get("aim", "consensual"),
            "primary": body["primary"]["method"],
            "shortlist": body["shortlist"],
            "level": body["publication_level"],
            "minimum_cell": body["minimum_cell"],
        }

    def drafted(self, body: Body) -> Body:
        """The rules with what was typed."""
        held = self.start(body) | {field.short_name: field.data for field in self}
        sides = [
            SideDraft(
                field,
                held.get(f"{field}_name") or "",
                held.get(f"{field}_share") or 0,
                held.get(f"{field}_groups") or "",
            )
            for field in SIDES
        ]
        numbers = {name: self[name].data for name in Numbers.__annotations__}
        return redrafting.redrafted(
            body,
            sides=sides,
            observers=held["observers"] or "",
            consensus=RuleDraft(
                self.rule.data, self.high.data or 0, self.low.data or 0, self.scope.data, self.needed.data or 0
            ),
            primary=self.primary.data,
            level=self.level.data,
            numbers=Numbers(**numbers),
        )


class RoundForm(Reasoned):
    """What one round asks, and of whom; a page shows the fields that its kind of ballot has."""

    access = RadioField(_l("Who answers?"), choices=choices(ACCESS))
    count = RadioField(_l("Which answers make the result, if it is open to all?"), choices=choices(COUNTS))
    scale = RadioField(_l("On which scale?"), choices=choices([(key, one.label) for key, one in SCALES.items()]))
    feedback = BooleanField(_l("Show what others answered the time before"))
    arm = RadioField(_l("Who sees what, where it is shown?"), choices=choices(ARMS))
    reasons = BooleanField(_l("Ask some people for a reason"))
    at_most = IntegerField(_l("How many questions go on to this round at most?"), [InputRequired()])
    choose = IntegerField(_l("How many questions does each person choose at most?"), [InputRequired()])
    ranked = BooleanField(_l("People also put their choice in order"))
    size = IntegerField(_l("How many questions stand in one set?"), [InputRequired()])
    at_least = IntegerField(_l("How often is each question shown at least?"), [InputRequired()])
    order = RadioField(_l("In which order are the questions asked?"), choices=choices(ORDERS))
    suggestions = BooleanField(_l("People may suggest new questions"))

    @classmethod
    def of(cls, design: Body) -> RoundForm:
        """The form with the fields that this kind of round has, as the design says."""
        said = full(design)
        form = cls(data=said | {"arm": said.get("arm") or "none"})
        for name in [field.short_name for field in form]:
            if name not in {*said, "reason", "csrf_token"}:
                del form[name]
        return form

    def designed(self, kind: RoundKind) -> Body:
        """The round's design as it was typed."""
        typed = {field.short_name: field.data for field in self}
        if "arm" in typed:
            typed["arm"] = None if typed["arm"] == "none" else typed["arm"]
        return designed(kind, typed)
