"""What differs between the rounds, the sides and the groups of a panel, question by question."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from aggregation.cli.rounds import two_rounds
from aggregation.delphi import (
    change,
    holm,
    kruskal_wallis,
    mann_whitney,
    movement,
    stable,
    superiority,
    wilcoxon,
)
from aggregation.delphi.movement import FEWEST_DRAWS
from aggregation.delphi.resampling import check_draws

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from aggregation.cli.listing import Cell
    from aggregation.delphi import Scale
    from aggregation.ratings import Ratings

Row = dict[str, "Cell"]
# The item, then the side and the group whose answers a row is about; "" and "" are everybody's.
Rows = dict[tuple["Cell", "Cell", "Cell"], Row]

COUNTS = ("changed", "crossed")
MEASURES = ("mean_absolute", "histogram_change", "cv_difference", "kappa_linear", "kappa_quadratic", "spearman")


@dataclass(frozen=True, slots=True)
class Part:
    """Whose answers a row is about: everybody's, where neither a side nor a group is named."""

    side: str
    group: str
    ratings: Ratings


def parts_of(ratings: Ratings, *, groups: bool) -> list[Part]:
    """Everybody, then each side, then, if asked for, each group."""
    parts = [Part("", "", ratings), *(Part(name, "", part) for name, part in ratings.by_side().items())]
    return parts + [Part("", name, part) for name, part in ratings.by_group().items() if groups]


def number(value: float) -> float | None:
    """A number as a cell; nan is nothing."""
    return None if isnan(value) else float(value)


def between_rounds(options: Namespace, scale: Scale) -> Rows:
    """What those who answered in both rounds changed; with a seed, whether a side came nearer to the other."""
    before, after = two_rounds(options.before, options.file)
    earlier = {(part.side, part.group): part.ratings for part in parts_of(before, groups=options.groups)}
    rows: Rows = {}
    for part in parts_of(after, groups=options.groups):
        pair = earlier[part.side, part.group], part.ratings
        changed = change(*pair, scale)
        for i, settled in enumerate(stable(changed, options.margin)):
            counts = {name: int(getattr(changed, name)[i]) for name in COUNTS}
            measures = {name: number(getattr(changed, name)[i]) for name in MEASURES}
            row: Row = {"pairs": int(changed.n[i]), **counts, **measures, "stability": settled.verdict}
            rows[settled.item, part.side, part.group] = row
        if options.tests:
            how: dict[str, Any] = {"method": "exact"}
            if options.seed is not None:
                how = {"method": "permutation", "seed": options.seed}
            _add(rows, part, {"wilcoxon_p": holm(wilcoxon(*pair, scale=scale, **how).p)})
    if options.seed is not None and len(before.strata_names) == 2:
        _add_movement(rows, before, after, options, scale)
    return rows


def _add_movement(rows: Rows, before: Ratings, after: Ratings, options: Namespace, scale: Scale) -> None:
    found = movement(before, after, seed=options.seed, scale=scale, draws=options.draws)
    for one, side in enumerate(found.parts):
        columns = {name: getattr(found, name)[:, one, 1 - one] for name in ("nearer", "low", "high", "by_chance")}
        beyond = found.beyond_chance[:, one, 1 - one].tolist()
        for i, item in enumerate(found.items):
            rows[item, side, ""] |= {
                "nearer": number(columns["nearer"][i]),
                "nearer_from": number(columns["low"][i]),
                "nearer_to": number(columns["high"][i]),
                "toward_by_chance": number(columns["by_chance"][i]),
                "beyond_chance": beyond[i],
            }


def between_sides(options: Namespace, ratings: Ratings, scale: Scale) -> Rows:
    """How far the first of two sides answers above the second; if asked for, tests of sides and groups."""
    whole = Part("", "", ratings)
    rows: Rows = {(item, "", ""): {} for item in ratings.items}
    sides, groups = list(ratings.by_side().values()), list(ratings.by_group().values())
    if len(sides) == 2:
        draws = 0
        if options.seed is not None:
            check_draws(draws := options.draws, options.seed, fewest=FEWEST_DRAWS)
        found = superiority(*sides, scale=scale, draws=draws, seed=options.seed)
        _add(rows, whole, {"delta": found.delta, "superiority": found.probability})
        if draws:
            _add(rows, whole, {"delta_from": found.low, "delta_to": found.high})
        if options.tests:
            _add(rows, whole, {"mann_whitney_p": holm(mann_whitney(*sides, scale=scale).p)})
    if options.tests and len(groups) > 1:
        _add(rows, whole, {"kruskal_wallis_p": holm(kruskal_wallis(groups, scale=scale).p)})
    return {key: row for key, row in rows.items() if row}


def _add(rows: Rows, part: Part, columns: dict[str, Iterable[float]]) -> None:
    for name, values in columns.items():
        keys = [key for key in rows if key[1:] == (part.side, part.group)]
        for key, value in zip(keys, values, strict=True):
            rows[key][name] = number(value)
