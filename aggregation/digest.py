"""Fingerprints by which a ranking, or all that went into it, can be recognised again on any machine."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregation.profile import Profile
    from aggregation.ranking import Ranking


def ranking_digest(ranking: Ranking) -> str:
    """SHA-256 of the items and tiers of a ranking, as hexadecimal; scores are left out, for floats may differ.

    The text hashed is JSON in UTF-8 with sorted keys and without spaces: ``{"items":[...],"tiers":[[...],...]}``,
    each tier in the order of `items`.

    Examples
    --------
    >>> from aggregation import Ranking
    >>> ranking = Ranking.from_scores(("a", "b"), [1, 2], method="borda", diagnostics={})
    >>> ranking_digest(ranking)[:16]
    'bc0415df7bd81890'
    """
    place = {item: i for i, item in enumerate(ranking.items)}
    tiers = [sorted(tier, key=place.__getitem__) for tier in ranking.tiers]
    return _sha256({"items": list(ranking.items), "tiers": tiers})


def input_digest(profile: Profile, method: str, parameters: Mapping[str, object], seed: int | None = None) -> str:
    """SHA-256 of all that decides a result: ballots, items, sides, shares, method, parameters, seed.

    Ballots are counted and sorted by content, so that their order does not matter; equal ballots of a side are
    one entry with their summed weight. Labels and groups are left out: they change no result.
    """
    sides = profile.strata_names
    codes = np.zeros(profile.n_ballots, dtype=np.int64) if profile.strata is None else profile.strata
    counted: dict[tuple[str, tuple[int, ...]], int] = {}
    for code, ranks, count in zip(codes.tolist(), profile.ranks.tolist(), profile.counts.tolist(), strict=True):
        ballot = (sides[code] if sides else "", tuple(ranks))
        counted[ballot] = counted.get(ballot, 0) + count
    return _sha256(
        {
            "items": list(profile.items),
            "unranked": profile.unranked,
            "unit": profile.unit,
            "shares": {name: str(share) for name, share in zip(sides, profile.shares, strict=True)},
            "ballots": [[side, list(ranks), count] for (side, ranks), count in sorted(counted.items())],
            "method": method,
            "parameters": {name: str(value) for name, value in parameters.items()},
            "seed": seed,
        }
    )


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
