"""`rank`, `elect`, `compare` and `methods`: what the ballots say together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aggregation import METHODS, RULES, AggregationError, elect, rank, write_bundle
from aggregation.cli.listing import Cell, Listing, noted, shown
from aggregation.cli.sources import ballots_of, pairs_of
from aggregation.registry import method_named, rule_named
from aggregation.uncertainty.families import families

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from aggregation import Profile, Ranking
    from aggregation.rows import Row
    from aggregation.uncertainty.families import FamilyReport


def ranked(options: Namespace) -> Listing:
    """One ranking, best first; its JSON value is `Ranking.as_dict`."""
    parameters = pairs_of(options.set)
    method_named(options.method).read(parameters)
    profile = ballots_of(options)
    ranking = rank(profile, options.method, **parameters)
    if options.bundle is not None:
        write_bundle(options.bundle, profile, options.method, parameters)
    label = dict(zip(profile.items, profile.names, strict=True))
    rank_of = dict(zip(ranking.items, ranking.ranks.tolist(), strict=True))
    scores = [None] * len(ranking.items) if ranking.scores is None else ranking.scores.tolist()
    score_of = dict(zip(ranking.items, scores, strict=True))
    return Listing(
        columns=("rank", "item", "name", "score"),
        rows=tuple((rank_of[item], item, label[item], score_of[item]) for tier in ranking.tiers for item in tier),
        value=ranking.as_dict(),
        notes=(f"method: {ranking.method}", *noted(ranking.diagnostics)),
    )


def elected(options: Namespace) -> Listing:
    """The items chosen, in the order of choice; its JSON value is `Committee.as_dict`."""
    parameters = pairs_of(options.set)
    rule_named(options.rule).read(parameters)
    profile = ballots_of(options)
    committee = elect(profile, options.rule, options.seats, **parameters)
    if options.bundle is not None:
        write_bundle(options.bundle, profile, options.rule, parameters, seats=options.seats)
    label = dict(zip(profile.items, profile.names, strict=True))
    return Listing(
        columns=("chosen", "item", "name"),
        rows=tuple((place, item, label[item]) for place, item in enumerate(committee.order, start=1)),
        value=committee.as_dict(),
        notes=(f"rule: {committee.rule}", *noted(committee.diagnostics), *map(_stage, committee.rounds)),
    )


def _stage(stage: Mapping[str, Any]) -> str:
    """One stage of the count in a line: what was decided, then the numbers it rests on."""
    decided = [f"{what} {', '.join(stage[what])}" for what in ("elected", "excluded") if stage.get(what)]
    numbers = [
        f"{name} {_amounts(value)}" for name, value in stage.items() if name not in ("stage", "elected", "excluded")
    ]
    return f"stage {stage['stage']}: {'; '.join([*(decided or ['nothing decided']), *numbers])}"


def _amounts(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={shown(each)}" for name, each in value.items()) or "-"
    return (" ".join(map(shown, value)) or "-") if isinstance(value, list) else shown(value)


def compared(options: Namespace) -> Listing:
    """The places that every method gives, side by side, and which families agree on the first k.

    A method that refuses these ballots says why.
    """
    profile = ballots_of(options)
    rankings, refused = all_rankings(profile)
    agreed = families(profile, options.k, ranked=rankings)
    columns = ("item", "name", *rankings)
    places = [ranking.ranks.tolist() for ranking in rankings.values()]
    return Listing(
        columns=columns,
        rows=tuple(zip(profile.items, profile.names, *places, strict=True)),
        value={
            "items": list(profile.items),
            "methods": {key: _outcome(ranking) for key, ranking in rankings.items()},
            "refused": refused,
            "families": agreed.as_dict(),
        },
        notes=(
            _agreement(agreed),
            *(f"{key}: not ranked, for {reason}" for key, reason in refused.items()),
        ),
    )


def _agreement(report: FamilyReport) -> str:
    families_asked = f"all of the {len(report.speaking)} families ({', '.join(report.speaking)})"
    return f"among the first {report.k} by {families_asked}: {', '.join(report.unanimous) or 'none'}"


def all_rankings(profile: Profile) -> tuple[dict[str, Ranking], dict[str, str]]:
    """The ranking of every method with its default parameters, and why the others give none."""
    rankings: dict[str, Ranking] = {}
    refused: dict[str, str] = {}
    for key in METHODS:
        try:
            rankings[key] = rank(profile, key)
        except AggregationError as reason:
            refused[key] = str(reason)
    return rankings, refused


def _outcome(ranking: Ranking) -> dict[str, Any]:
    whole = ranking.as_dict()
    return {name: whole[name] for name in ("tiers", "ranks", "winners")} | {
        "optimal": ranking.diagnostics.get("optimal"),
    }


def listed(_options: Namespace) -> Listing:
    """Every method and rule: what it is called, takes and claims, where it comes from, and two sentences on it."""
    rows: Sequence[Row] = (*METHODS.values(), *RULES.values())
    return Listing(
        columns=("method", "command", "label", "family", "parameters", "source"),
        rows=tuple(_line(row) for row in rows),
        value=[_entry(row) for row in rows],
    )


def _command(row: Row) -> str:
    return "elect" if row.key in RULES else "rank"


def _line(row: Row) -> tuple[Cell, ...]:
    parameters = " ".join(f"{each.name}={shown(each.default)}" for each in row.parameters) or "-"
    return row.key, _command(row), row.label, row.family, parameters, row.source


def _entry(row: Row) -> dict[str, Any]:
    return {
        "key": row.key,
        "command": _command(row),
        "label": row.label,
        "family": row.family,
        "parameters": {each.name: each.default for each in row.parameters},
        "axioms": sorted(row.axioms),
        "source": row.source,
        "sentences": list(row.sentences),
    }
