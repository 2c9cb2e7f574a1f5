"""The open round of the demo: printed slips and a link in a newsletter, answered by people whom nobody knows.

What a question is to each of them follows the same worths as in the panel, with a taste of their own. Twenty slips,
as if one person had got hold of a pile, choose the same questions; `docs/demo.md` says so.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from priority import clock
from priority.demo.calendar import passing
from priority.demo.model import LIVED, WORTH
from priority.services import open_rounds, rounds, voting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from numpy.random import Generator

    from priority.models import Person, Round

SLIPS, PRINTED, BY_LINK = 180, 200, 40
BLOC, BLOC_LIKES, BLOC_GROUP = 20, ("Q28", "Q31", "Q37", "Q20", "Q34", "Q30", "Q33", "Q19", "Q39", "Q29"), "patients"
GROUPS = {"patients": 0.55, "carers": 0.25, "clinicians": 0.15, "social_workers": 0.05}
TASTE, FEWER = 1.6, 0.2


@dataclass(frozen=True, slots=True)
class Choice:
    """What one unknown person chooses, whose view they give, and whether they came with a printed slip."""

    group: str
    chosen: tuple[str, ...]
    by_slip: bool


def hold(round_: Round, *, dates: tuple[datetime, datetime], seed: int, keys: Mapping[str, str], actor: Person) -> None:
    """The round opens, slips are printed, people answer, and it closes. `keys`: a question's key by its name here."""
    with clock.at(dates[0]):
        rounds.open_round(round_, closes_at=dates[1], actor=actor)
        codes = open_rounds.make_slips(round_, PRINTED, actor=actor)
    choices = choose(np.random.default_rng(seed), most=round_.design["choose"])
    for step, choice in enumerate(choices):
        with passing(*dates, step, len(choices)):
            guest = open_rounds.begin(round_, choice.group, code=codes.pop() if choice.by_slip else None)
            answers = {"chosen": [keys[name] for name in choice.chosen], "order": {}}
            voting.save_whole(round_, guest, answers, base=None)
            voting.submit(round_, guest, secrets.token_bytes(32))
    with clock.at(dates[1]):
        rounds.close_round(round_, actor=actor)


def choose(rng: Generator, *, most: int) -> list[Choice]:
    """What everybody chooses, in the order in which they answer; the same generator gives the same choices."""
    people = SLIPS + BY_LINK
    groups = rng.choice(list(GROUPS), size=people, p=list(GROUPS.values()))
    lived = np.isin(groups, LIVED)
    worth = np.array(list(WORTH.values())).T
    wish = np.where(lived[:, None], worth[0], worth[1]) + rng.normal(0, TASTE, (people, len(WORTH)))
    how_many = np.where(rng.random(people) < FEWER, rng.integers(3, most, people), most)
    names = np.array(list(WORTH))
    choices = [
        Choice(
            str(groups[one]), tuple(names[np.argsort(-wish[one], kind="stable")[: how_many[one]]].tolist()), one < SLIPS
        )
        for one in range(people)
    ]
    bloc = [Choice(BLOC_GROUP, BLOC_LIKES[:most], by_slip=True)] * BLOC
    choices[SLIPS - BLOC : SLIPS] = bloc
    return [choices[one] for one in rng.permutation(people)]
