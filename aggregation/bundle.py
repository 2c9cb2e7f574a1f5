"""A result as one file that anybody can compute again: the ballots, how they were put together, and two digests.

A bundle is a zip of `ballots.csv` (ranks as `aggregation.formats` reads them, rows sorted, so that nothing tells who
answered first) and `run.json`.
"""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.bundle_members import ballots_of, members_of, run_of, zipped
from aggregation.digest import input_digest, ranking_digest
from aggregation.errors import AggregationError, FormatError, MethodError
from aggregation.ranking import Ranking
from aggregation.registry import METHODS, elect, method_named, rank, rule_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from aggregation.profile import Profile

FORMAT = 1
PARTS = ("priority", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Recomputation:
    """A stored result beside the same computed again here.

    `versions` are those it was computed with, `versions_here` those of this machine; they may differ and the result
    still be the same. `ignored` are members of the zip that are no part of a bundle.
    """

    method: str
    parameters: Mapping[str, Any]
    seats: int | None
    seed: int | None
    stored_input: str
    computed_input: str
    stored_ranking: str
    computed_ranking: str
    versions: Mapping[str, str]
    versions_here: Mapping[str, str]
    ignored: tuple[str, ...]

    @property
    def input_same(self) -> bool:
        """Whether ballots, shares, method, parameters and seed are those of which the digest was stored."""
        return self.stored_input == self.computed_input

    @property
    def ranking_same(self) -> bool:
        """Whether the same items come out in the same tiers."""
        return self.stored_ranking == self.computed_ranking

    @property
    def same(self) -> bool:
        """Whether both are the same."""
        return self.input_same and self.ranking_same

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON holds it."""
        return {
            "same": self.same,
            "method": self.method,
            "parameters": dict(self.parameters),
            "seats": self.seats,
            "seed": self.seed,
            "input": {"stored": self.stored_input, "computed": self.computed_input, "same": self.input_same},
            "ranking": {"stored": self.stored_ranking, "computed": self.computed_ranking, "same": self.ranking_same},
            "versions": {"stored": dict(self.versions), "here": dict(self.versions_here)},
            "ignored": list(self.ignored),
        }


def write_bundle(
    path: str | PathLike[str],
    profile: Profile,
    method: str,
    parameters: Mapping[str, Any] | None = None,
    seed: int | None = None,
    *,
    seats: int | None = None,
) -> None:
    """Writes the zip from which `recompute` computes the same result; the same input gives the same bytes.

    Parameters
    ----------
    path : path
        Where to write it; a file that is there is replaced.
    profile : Profile
    method : str
        A key of `METHODS`, or of `RULES` together with `seats`.
    parameters : mapping, optional
        Those of the method, as `rank` and `elect` take them.
    seed : int, optional
        Handed to a method that has a parameter `seed`; recorded in any case.
    seats : int, optional
        How many items a rule of choice is to choose.

    Raises
    ------
    MethodError
        As `rank` and `elect`; also where a seed is given twice or a parameter is infinite.
    FormatError
        If an item, side or group has a name that a table cannot hold, or a parameter is beyond a million.

    Examples
    --------
    >>> import tempfile
    >>> from aggregation import Profile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "run.zip")
    ...     write_bundle(path, Profile.from_orders(["ab", "ab", "ba"], unranked="last"), "borda")
    ...     recompute(path).same
    True
    """
    if seed is not None and seed < 0:
        raise MethodError(f"`seed` must be 0 or more, not {seed}")
    values = _plain(method, parameters or {}, seats)
    result = _computed(profile, method, values, seed, seats)
    table = ballots_of(_sorted(profile))
    run = {
        "bundle": FORMAT,
        "method": method,
        "parameters": values,
        "seats": seats,
        "seed": seed,
        "unranked": profile.unranked,
        "shares": {name: str(share) for name, share in zip(profile.strata_names, profile.shares, strict=True)},
        "items": list(profile.items),
        "names": list(profile.names),
        "versions": _versions(),
        "input_sha256": input_digest(profile, method, _asked(values, seats), seed),
        "ranking_sha256": ranking_digest(result),
    }
    text = json.dumps(run, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    run_of(text)  # refuses what `recompute` would
    Path(path).write_bytes(zipped({"ballots.csv": table.encode(), "run.json": text.encode()}))


def recompute(path: str | PathLike[str]) -> Recomputation:
    """The result of a bundle computed again, beside the digests it holds.

    Raises
    ------
    FormatError
        If the file is no such zip, is larger than a bundle may be, lacks a member, names a method or parameter that
        there is not, or its ballots cannot be read. That a digest differs is no error: see `Recomputation.same`.
    """
    members = members_of(Path(path))
    run = run_of(members.run)
    if run["bundle"] != FORMAT:
        raise FormatError(f"run.json: this is a bundle of kind {run['bundle']}; only {FORMAT} can be read")
    profile = members.profile(run)
    method, values, seats, seed = run["method"], run["parameters"], run["seats"], run["seed"]
    try:
        result = _computed(profile, method, values, seed, seats)
    except AggregationError as wrong:
        raise FormatError(f"run.json: {wrong}") from wrong
    return Recomputation(
        method=method,
        parameters=MappingProxyType(values),
        seats=seats,
        seed=seed,
        stored_input=run["input_sha256"],
        computed_input=input_digest(profile, method, _asked(values, seats), seed),
        stored_ranking=run["ranking_sha256"],
        computed_ranking=ranking_digest(result),
        versions=MappingProxyType(run["versions"]),
        versions_here=MappingProxyType(_versions()),
        ignored=members.ignored,
    )


def _plain(method: str, parameters: Mapping[str, Any], seats: int | None) -> dict[str, Any]:
    """Parameters as JSON holds them: numbers and texts; a list of numbers is the text that `rank` reads."""
    row = method_named(method) if seats is None else rule_named(method)
    values = {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in row.read(parameters).items()
    }
    for name, value in values.items():
        if isinstance(value, float) and not np.isfinite(value):
            raise MethodError(f"`{name}` is {value}, which no file of a result can hold")
    return values


def _asked(values: Mapping[str, Any], seats: int | None) -> dict[str, Any]:
    return dict(values) if seats is None else {**values, "seats": seats}


def _computed(
    profile: Profile, method: str, parameters: Mapping[str, Any], seed: int | None, seats: int | None
) -> Ranking:
    """The ranking; for a rule of choice, one of two tiers: the items chosen, and the others."""
    given = dict(parameters)
    row = METHODS.get(method) if seats is None else rule_named(method)
    if seed is not None and row is not None and any(each.name == "seed" for each in row.parameters):
        if "seed" in given:
            raise MethodError("the seed is given twice, as `seed` and among the parameters")
        given["seed"] = seed
    if seats is None:
        return rank(profile, method, **given)
    members = elect(profile, method, seats, **given).members
    others = tuple(item for item in profile.items if item not in set(members))
    return Ranking(profile.items, (members, others) if others else (members,), None, method, {})


def _sorted(profile: Profile) -> Profile:
    columns = [column for column in (profile.weights, profile.groups, profile.strata) if column is not None]
    order = np.lexsort([*profile.ranks.T[::-1], *columns])
    return profile.replace(
        ranks=profile.ranks[order],
        weights=None if profile.weights is None else profile.weights[order],
        strata=None if profile.strata is None else profile.strata[order],
        groups=None if profile.groups is None else profile.groups[order],
    )


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for part in PARTS:
        try:
            versions[part] = metadata.version(part)
        except metadata.PackageNotFoundError:
            versions[part] = "not installed"
    return versions
