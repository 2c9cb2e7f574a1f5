"""Results as text: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from aggregation.delphi import rand_ucla, summarise, wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aggregation.delphi import Appropriateness, RatingSummary
    from aggregation.delphi.rand_ucla import PercentileRule
    from aggregation.ranking import Ranking
    from aggregation.ratings import Ratings
    from aggregation.rows import Method

Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows under named columns, and the same as a JSON value; `notes` stand below the table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    value: Any
    notes: tuple[str, ...] = ()

    def as_text(self, form: str) -> str:
        """The listing as "table", "json" or "csv"."""
        return {"table": self._table, "json": self._json, "csv": self._csv}[form]()

    def _json(self) -> str:
        return json.dumps(self.value, ensure_ascii=False, allow_nan=False) + "\n"

    def _csv(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()

    def _table(self) -> str:
        lines = [self.columns, *(tuple(_shown(cell) for cell in row) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        ]
        notes = ["", *self.notes] if self.notes else []
        return "\n".join([*table, *notes]) + "\n"


def ranking_listing(ranking: Ranking, names: Sequence[str]) -> Listing:
    """A ranking, best first; its JSON value is `Ranking.as_dict`."""
    label = dict(zip(ranking.items, names, strict=True))
    rank_of = dict(zip(ranking.items, ranking.ranks.tolist(), strict=True))
    scores = [None] * len(ranking.items) if ranking.scores is None else ranking.scores.tolist()
    score_of = dict(zip(ranking.items, scores, strict=True))
    return Listing(
        columns=("rank", "item", "name", "score"),
        rows=tuple((rank_of[item], item, label[item], score_of[item]) for tier in ranking.tiers for item in tier),
        value=ranking.as_dict(),
        notes=(
            f"method: {ranking.method}",
            *(f"{name}: {_shown(value)}" for name, value in ranking.diagnostics.items()),
        ),
    )


DESCRIBED = ("n", "missing", "cannot_judge", "minimum", "q1", "median", "q3", "maximum", "mean")
SHARES = ("high", "low", "high_share", "high_from", "high_to")
APPROPRIATE = (
    *("p30", "p70", "ipr", "ipras", "disagreement_index", "disagreement"),
    *("classic_agreement", "classic_disagreement"),
)


def ratings_listing(ratings: Ratings, percentile: PercentileRule) -> Listing:
    """The statistics of each question, for everybody and then for each side."""
    parts = {"": ratings, **ratings.by_side()}
    rows: list[dict[str, Cell]] = []
    for side, part in parts.items():
        rows += _rows(part, side, percentile)
    sides = ("side",) if len(parts) > 1 else ()
    columns = ("item", *sides, *DESCRIBED, *SHARES, *APPROPRIATE)
    return Listing(
        columns=columns,
        rows=tuple(tuple(row[column] for column in columns) for row in rows),
        value={
            "people": ratings.n_people,
            "quartiles": "type 7",
            "percentile": percentile,
            "items": [{name: row[name] for name in columns} for row in rows],
        },
        notes=(
            f"people: {ratings.n_people}; quartiles: type 7; percentiles for RAND/UCLA: {percentile}",
            "high: 7 to 9; low: 1 to 3; high_from, high_to: Wilson's 95 % interval of the share in 7 to 9",
        ),
    )


def _rows(ratings: Ratings, side: str, percentile: PercentileRule) -> list[dict[str, Cell]]:
    summary = summarise(ratings)
    results = rand_ucla(summary, percentile=percentile)
    return [
        {"item": item, "side": side, **_described(summary, i), **_appropriate(results[i])}
        for i, item in enumerate(summary.items)
    ]


def _described(summary: RatingSummary, i: int) -> dict[str, Cell]:
    n, high = int(summary.n[i]), int(summary.high[i])
    interval = wilson(high, n) if n else None
    described: dict[str, Cell] = {name: int(getattr(summary, name)[i]) for name in DESCRIBED[:3]}
    for name in DESCRIBED[3:]:
        value = float(getattr(summary, name)[i])
        described[name] = None if isnan(value) else value
    return described | {
        "high": high,
        "low": int(summary.low[i]),
        "high_share": high / n if n else None,
        "high_from": interval.low if interval else None,
        "high_to": interval.high if interval else None,
    }


def _appropriate(result: Appropriateness | None) -> dict[str, Cell]:
    if result is None:
        return dict.fromkeys(APPROPRIATE)
    return {
        "p30": float(result.p30),
        "p70": float(result.p70),
        "ipr": float(result.ipr),
        "ipras": float(result.ipras),
        "disagreement_index": float(result.di),
        "disagreement": result.disagreement,
        "classic_agreement": result.classic_agreement,
        "classic_disagreement": result.classic_disagreement,
    }


def methods_listing(methods: Mapping[str, Method]) -> Listing:
    """Every method: what it is called, takes and claims, where it comes from, and two sentences on it."""
    rows = tuple((row.key, row.label, row.family, _parameters(row), row.source) for row in methods.values())
    value = [
        {
            "key": row.key,
            "label": row.label,
            "family": row.family,
            "parameters": {each.name: each.default for each in row.parameters},
            "axioms": sorted(row.axioms),
            "source": row.source,
            "sentences": list(row.sentences),
        }
        for row in methods.values()
    ]
    return Listing(("method", "label", "family", "parameters", "source"), rows, value)


def _parameters(row: Method) -> str:
    return " ".join(f"{each.name}={each.default}" for each in row.parameters) or "-"


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
