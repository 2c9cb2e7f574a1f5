"""Every value a program is given can be copied and sent to another process, and is closed there as it is here."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import aggregation
from aggregation import METHODS, RULES, FormatError, PairwiseTally, Profile, Ratings, delphi, elect, rank
from aggregation.answers.blocs import largest_bloc
from aggregation.answers.left_behind import left_behind
from aggregation.answers.side_lists import side_lists
from aggregation.uncertainty.families import families
from aggregation.uncertainty.influence import leave_one_out
from aggregation.uncertainty.planning import plan_panel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIDES, GROUPS = ["lived", "staff"] * 12, ["g", "g", "h"] * 8
ORDERS = ["abcd", "bacd", "abdc", "dcab", "cbad", "bcda"] * 4
BALLOTS = Profile.from_orders(ORDERS, unranked="last", sides=SIDES, groups=GROUPS, weights=[1, 2, 1, 1] * 6)
PEOPLE = BALLOTS.replace(weights=None)
RATINGS = Ratings.from_values([[9, 1], [8, 2], [7, 5], [9, 3]] * 3, ["a", "b"], sides=SIDES[:12], groups=GROUPS[:12])
NEEDED = {"positional": {"vector": "3,2,1"}}
RANKING = rank(BALLOTS, "plackett_luce")


def recomputed(folder: Path) -> object:
    aggregation.write_bundle(folder / "run.zip", BALLOTS, "borda")
    return aggregation.recompute(folder / "run.zip")


VALUES: dict[str, Callable[[Path], object]] = {
    "profile": lambda _: BALLOTS,
    "tally": lambda _: PairwiseTally.of(BALLOTS, positions=True),
    "ratings": lambda _: RATINGS,
    "shortlist": lambda _: RANKING.shortlist(2),
    "methods": lambda _: tuple(METHODS.values()),
    "registry": lambda _: METHODS,
    "rules": lambda _: tuple(RULES.values()),
    "formats": lambda _: aggregation.FORMATS,
    "intervals": lambda _: aggregation.rank_intervals(PEOPLE, "borda", k=2, draws=50, seed=1),
    "families": lambda _: families(PEOPLE, 2),
    "influence": lambda _: leave_one_out(PEOPLE, k=2),
    "plan": lambda _: plan_panel([0.5, 0.2, 0.0, -0.7], [4], k=2, draws=3, seed=1),
    "representation": lambda _: aggregation.represented(BALLOTS, ["a", "b"]),
    "unheard": lambda _: aggregation.unheard(BALLOTS, RANKING, 2),
    "twins": lambda _: aggregation.twins(PEOPLE, places=2, likeness=0.01),
    "what would it take": lambda _: aggregation.what_would_it_take(PEOPLE, "borda", "d", 2),
    "weights": lambda _: aggregation.rake({"side": SIDES * 3}, {"side": {"lived": 0.6, "staff": 0.4}}),
    "shares of groups": lambda _: aggregation.pooled_shares(PEOPLE, {"lived": {"g": 0.5}}, fewest=2),
    "recomputation": recomputed,
    "summary": lambda _: delphi.summarise(RATINGS),
    "verdicts": lambda _: tuple(
        verdict for rule in delphi.RULES.values() for verdict in delphi.verdicts(RATINGS, rule)
    ),
    "appropriateness": lambda _: delphi.appropriateness([1, 0, 0, 0, 2, 0, 3, 2, 4]),
    "choices": lambda _: delphi.choices(PEOPLE, 4, ordered=True),
    "criteria": lambda _: delphi.chnri({"burden": Ratings(values=[[1], [0.5], [float("nan")]], items=["a"])}),
    "design": lambda _: delphi.design(7, 3, 3, seed=1),
    "best and worst": lambda _: delphi.best_worst([delphi.AnsweredSet(tuple("abc"), "a", "c")], "abcd"),
    "importance": lambda _: delphi.importance(PEOPLE),
    "lowest total": lambda _: delphi.lowest_total(PEOPLE),
    "panel design": lambda _: delphi.panel_design({"lived": {"g": 6}, "staff": {"h": 7}}, 5, draws=10, seed=1),
    "left behind": lambda _: left_behind(PEOPLE, places=1, draws=20, seed=1),
    "lists of sides": lambda _: side_lists(PEOPLE),
    "bloc": lambda _: largest_bloc(PEOPLE.ranks, within=1),
    "concordance": lambda _: delphi.kendall_w(PEOPLE),
    "concordance with gaps": lambda _: delphi.kendall_w_missing(PEOPLE),
    "scales": lambda _: tuple(delphi.SCALES.values()),
    "rules by round": lambda _: delphi.RulesByRound(tuple(delphi.ALTERNATIVES.values())),
    "rules in people": lambda _: delphi.whole_people(delphi.RULES["rand_ucla"], 9),
    **{f"rank {key}": lambda _, key=key: rank(BALLOTS, key, **NEEDED.get(key, {})) for key in METHODS},
    **{f"elect {key}": lambda _, key=key: elect(BALLOTS, key, 2) for key in RULES},
}


def sent(value: Any) -> Any:
    """The value as another process would get it."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 -- made on the spot


def same(one: Any, other: Any) -> bool:
    """Whether two values hold the same, to the last array and mapping, and are as closed."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (
            np.array_equal(one, other, equal_nan=one.dtype.kind == "f") and one.flags.writeable == other.flags.writeable
        )
    if is_dataclass(one):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@pytest.mark.parametrize("made", VALUES.values(), ids=VALUES)
def test_a_copy_holds_the_same_and_is_as_closed(made: Callable[[Path], object], tmp_path: Path) -> None:
    value = made(tmp_path)
    assert same(sent(value), value)
    assert same(copy.deepcopy(value), value)
    assert same(copy.copy(value), value)


def test_a_copied_profile_cannot_be_changed() -> None:
    copied = sent(BALLOTS)
    with pytest.raises(ValueError, match="read-only"):
        copied.ranks[0, 0] = 4
    with pytest.raises(AttributeError):
        copied.items = ("x",)


def test_a_copied_result_cannot_be_changed() -> None:
    copied = sent(RANKING)
    with pytest.raises(TypeError):
        copied.diagnostics["prior"] = 2


def test_a_refusal_keeps_its_line_on_the_way_from_another_process() -> None:
    wrong = sent(FormatError("no such item", line=3))
    assert (str(wrong), wrong.line, wrong.reason) == ("line 3: no such item", 3, "no such item")


def test_ballots_are_ranked_in_other_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as others:
        assert same(others.submit(rank, BALLOTS, "borda").result(), rank(BALLOTS, "borda"))
