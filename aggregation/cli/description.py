"""`summary` and `intervals`: what the ballots are like, and how sure their ranking is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import PairwiseTally, Profile, rank_intervals
from aggregation.account import account_of
from aggregation.cli.listing import Listing, noted
from aggregation.cli.sources import ballots_of, pairs_of
from aggregation.registry import method_named
from aggregation.sets import condorcet_winner, schwartz_set, smith_set
from aggregation.voices import as_number, as_numbers

if TYPE_CHECKING:
    from argparse import Namespace

    from numpy.typing import NDArray


def summarised(options: Namespace) -> Listing:
    """Counts, blank ballots, ties, the matrix of pairs, and who wins it: Condorcet winner, Smith and Schwartz sets."""
    profile = ballots_of(options)
    tally = PairwiseTally.of(profile)
    facts = account_of(tally) | _counts(profile) | _winners(tally)
    shared = tally.shared()
    matrix = as_numbers(shared.counts, shared.scale)
    return Listing(
        columns=("above", *profile.items),
        rows=tuple((item, *row) for item, row in zip(profile.items, matrix, strict=True)),
        value={"items": list(profile.items), "names": list(profile.names), **facts, "pairwise": matrix},
        notes=noted(facts),
    )


def _counts(profile: Profile) -> dict[str, Any]:
    ranked = np.not_equal(profile.ranks, 0)
    ordered = np.sort(profile.ranks, axis=1).astype(np.int64)
    tied = ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] > 0)).any(axis=1)
    return {
        "rows": profile.n_ballots,
        "distinct_ballots": profile.pooled().replace(groups=None, group_names=()).compress().n_ballots,
        "complete": bool(ranked.all()),
        "ties": bool(tied.any()),
        "ballots_with_ties": _weighed(profile, tied),
        "ballots_incomplete": _weighed(profile, np.logical_not(ranked.all(axis=1))),
    }


def _weighed(profile: Profile, chosen: NDArray[np.bool_]) -> int | float:
    return as_number(Fraction(int(profile.counts[chosen].sum()), profile.unit))


def _winners(tally: PairwiseTally) -> dict[str, Any]:
    return {
        "condorcet_winner": condorcet_winner(tally),
        "smith_set": list(smith_set(tally)),
        "schwartz_set": list(schwartz_set(tally)),
    }


def bounded(options: Namespace) -> Listing:
    """For each item the places it may have, and how often it is among the first k."""
    parameters = pairs_of(options.set)
    method_named(options.method).read(parameters)
    profile = ballots_of(options)
    found = rank_intervals(
        profile,
        options.method,
        k=options.k,
        coverage=options.coverage,
        draws=options.draws,
        seed=options.seed,
        settings=parameters,
    )
    columns = ("item", "name", "lo", "hi", "simultaneous_lo", "simultaneous_hi", "p_top_k")
    value = found.as_dict()
    aligned = (value["items"], profile.names, *(value[column] for column in columns[2:]))
    return Listing(
        columns=columns,
        rows=tuple(zip(*aligned, strict=True)),
        value=value,
        notes=noted({name: each for name, each in value.items() if name != "items" and name not in columns}),
    )
