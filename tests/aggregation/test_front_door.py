"""`aggregation.rank`, `elect` and the registry: every kind of number and text a program may hand over."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

import aggregation
from aggregation import MethodError, PairwiseTally, Profile, ProfileError, elect, rank

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILE = Profile.from_orders(["abc", "bac", "cab"], unranked="last")
NEITHER = [
    2.5,
    "2.5",
    float("nan"),
    float("inf"),
    None,
    [2],
    np.float32(2.5),
    Decimal("2.5"),
    Fraction(5, 2),
    10**400 + 0,
]


@pytest.mark.parametrize("two", [2, 2.0, "2", np.int64(2), np.uint8(2), np.float32(2), Decimal(2), Fraction(2)])
def test_a_whole_number_is_one_whoever_made_it(two: object) -> None:
    assert rank(PROFILE, "approval", k=two).diagnostics["k"] == 2
    assert len(elect(PROFILE, "stv_wigm", two).members) == 2


@pytest.mark.parametrize("number", NEITHER)
@pytest.mark.parametrize("asked", [lambda k: rank(PROFILE, "approval", k=k), lambda k: elect(PROFILE, "stv_wigm", k)])
def test_what_is_no_whole_number_is_refused(asked: Callable[[object], object], number: object) -> None:
    with pytest.raises(MethodError, match=r"`(k|seats)` must be"):
        asked(number)


@pytest.mark.parametrize("number", [float("inf"), "inf", "1e400", float("nan"), "nan", 10**400, None])
def test_a_number_without_end_is_refused(number: object) -> None:
    with pytest.raises(MethodError, match="`time_limit` must be a number"):
        rank(PROFILE, "kemeny", time_limit=number)


@pytest.mark.parametrize("places", [0, -1, 1.5])
def test_a_shortlist_of_no_whole_place_is_refused(places: float) -> None:
    with pytest.raises(MethodError, match="at least one place"):
        rank(PROFILE, "borda").shortlist(places)


def test_every_public_name_is_there_and_found() -> None:
    assert sorted(aggregation.__all__) == sorted(set(aggregation.__all__))
    for name in aggregation.__all__:
        assert getattr(aggregation, name) is not None
        assert name in dir(aggregation)
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        _ = aggregation.nobody


@pytest.mark.parametrize("nothing", [None, 3, "abc", [["a", "b"]], {"a": 1}, object()])
def test_what_is_no_profile_is_refused(nothing: object) -> None:
    with pytest.raises(ProfileError, match="'borda' needs a Profile or a PairwiseTally, not a value of type"):
        rank(nothing, "borda")
    with pytest.raises(ProfileError, match="'stv_wigm' needs a Profile, not a value of type"):
        elect(nothing, "stv_wigm", 1)


def test_a_tally_is_refused_where_ballots_are_needed() -> None:
    tally = PairwiseTally.of(PROFILE)
    with pytest.raises(MethodError, match="'stv_wigm' needs the ballots themselves"):
        elect(tally, "stv_wigm", 1)
    with pytest.raises(MethodError, match="'irv' needs the ballots themselves"):
        rank(tally, "irv")


@pytest.mark.parametrize("key", [None, 3, ["borda"], {}, ("borda",), b"borda", "Borda", ""])
def test_a_key_of_nothing_is_refused_naming_those_there_are(key: object) -> None:
    with pytest.raises(MethodError, match=r"there is no method .*; there are .*borda"):
        rank(PROFILE, key)
    with pytest.raises(MethodError, match=r"there is no rule .*; there are .*stv_wigm"):
        elect(PROFILE, key, 1)
