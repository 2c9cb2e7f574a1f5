"""Places on a published list: the ten, and nobody's place beyond them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from priority.queries.rounds import list_run, number_in

if TYPE_CHECKING:
    from priority.models import Exercise


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the published list, shared or not, out of how many questions were put in order."""

    number: int
    shared: bool
    of: int


def places_of(exercise: Exercise) -> dict[int, Place]:
    """The places on the list by number of the question; empty until it is published."""
    run = list_run(exercise)
    if exercise.published_at is None or run is None:
        return {}
    listed, places, before = set(run.result["shortlist"]), {}, 0
    for tier in run.result["tiers"]:
        for key in listed.intersection(tier):
            places[number_in(key)] = Place(before + 1, len(tier) > 1, len(run.result["items"]))
        before += len(tier)
    return places
