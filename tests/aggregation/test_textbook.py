"""Numbers that are printed elsewhere, and one worked out by hand for each convention."""

from __future__ import annotations

import pytest

from aggregation import MethodError, Profile, ProfileError, rank

TENNESSEE = Profile.from_orders(["MNCK", "NCKM", "CKNM", "KCNM"], "MNCK", unranked="last", weights=[42, 26, 15, 17])

INTERIM = ["ABC", "BAC", "ADB", "DCB", "DBA"]
INTERIM_SIDES = ["patients"] * 3 + ["clinicians"] * 2


def test_tennessee() -> None:
    assert dict(zip("MNCK", rank(TENNESSEE, "borda").scores, strict=True)) == {"M": 126, "N": 194, "C": 173, "K": 107}
    assert dict(zip("MNCK", rank(TENNESSEE, "copeland").scores, strict=True)) == {"M": 0, "N": 3, "C": 2, "K": 1}
    kemeny = rank(TENNESSEE, "kemeny")
    assert kemeny.tiers == (("N",), ("C",), ("K",), ("M",))
    assert 600 - kemeny.diagnostics["cost"] == 393


def test_condorcet_cycle_is_one_tier_everywhere() -> None:
    cycle = Profile.from_orders(["abc", "bca", "cab"], unranked="last")
    assert {len(rank(cycle, method).tiers) for method in ("borda", "copeland", "kemeny")} == {1}


def test_interim_survey_by_sides() -> None:
    ranking = rank(Profile.from_orders(INTERIM, "ABCDE", unranked="last", sides=INTERIM_SIDES), "jla", k=3)
    assert ranking.scores.tolist() == [7, 8, 5.5, 7.5, 2]
    assert ranking.tiers == (("B",), ("D",), ("A",), ("C",), ("E",))
    assert ranking.diagnostics["side_points"] == {"clinicians": [1, 3, 2, 6, 0], "patients": [8, 6, 2, 2, 0]}


def test_interim_survey_pooled_has_other_leaders() -> None:
    ranking = rank(Profile.from_orders(INTERIM, "ABCDE", unranked="last"), "jla", k=3)
    assert ranking.diagnostics["side_points"] == {"all": [9, 9, 4, 8, 0]}
    assert ranking.winners == ("A", "B")


def test_interim_survey_rescored_by_the_first_ten() -> None:
    """k = 3: patients A 3, B 2, C and D share 1; clinicians D 3, B 2, C 1."""
    profile = Profile.from_orders(INTERIM, "ABCDE", unranked="last", sides=INTERIM_SIDES)
    assert rank(profile, "jla", k=3, rescore="top10").scores.tolist() == [3, 4, 1.5, 3.5, 0]


def test_a_question_without_points_is_in_nobodys_first_ten() -> None:
    """One ballot names one of three: with rescore="top10" the others have 0, with "all" they share 2 and 1."""
    profile = Profile.from_orders(["a"], "abc", unranked="last")
    assert rank(profile, "jla", rescore="top10").scores.tolist() == [10, 0, 0]
    assert rank(profile, "jla", rescore="all").scores.tolist() == [3, 1.5, 1.5]


def test_shares_weigh_the_sides_of_the_interim_survey() -> None:
    """Patients hold three quarters: 1.5 times their places, half of the clinicians'."""
    shares = {"patients": 0.75, "clinicians": 0.25}
    profile = Profile.from_orders(INTERIM, "ABCDE", unranked="last", sides=INTERIM_SIDES, shares=shares)
    expected = [5 * 1.5 + 2 * 0.5, 4 * 1.5 + 4 * 0.5, 2.5 * 1.5 + 3 * 0.5, 2.5 * 1.5 + 5 * 0.5, 1.5 + 0.5]
    assert rank(profile, "jla", k=3).scores.tolist() == expected


def test_piles_behind_the_ordered_ten_have_no_points() -> None:
    with_piles = Profile(ranks=[[1, 2, 101, 102, 0]], items=list("abcde"), unranked="absent")
    without = Profile(ranks=[[1, 2, 0, 0, 0]], items=list("abcde"), unranked="absent")
    assert rank(with_piles, "jla").scores.tolist() == rank(without, "jla").scores.tolist() == [5, 4, 2, 2, 2]
    assert rank(with_piles, "borda").scores.tolist() == [3.5, 2.5, 1.5, 0.5, 2]


def test_tied_positions_share_the_mean_of_their_points() -> None:
    """Ranks 1, 1, 3 of ten: 9.5, 9.5, 8; ranks 1, 1, 2 are the same order."""
    for ranks in ([1, 1, 3], [1, 1, 2]):
        ranking = rank(Profile(ranks=[ranks], items=["a", "b", "c"], unranked="last"), "jla")
        assert ranking.diagnostics["side_points"] == {"all": [9.5, 9.5, 8]}


def test_a_tie_over_the_end_of_the_ten_shares_what_is_left() -> None:
    """Two items at places 1 and 2 of k = 1: one point for both."""
    ranking = rank(Profile(ranks=[[1, 1]], items=["a", "b"], unranked="last"), "jla", k=1)
    assert ranking.diagnostics["side_points"] == {"all": [0.5, 0.5]}


def test_both_readings_of_unranked_are_the_same_to_the_equal_weight_rule() -> None:
    profile = Profile(ranks=[[1, 0, 2], [0, 0, 1]], items=["a", "b", "c"], unranked="last")
    last, absent = rank(profile, "jla"), rank(profile, "jla", unranked="absent")
    assert last.tiers == absent.tiers
    assert last.diagnostics["side_points"] == absent.diagnostics["side_points"] == {"all": [10, 0, 19]}


def test_unranked_last_and_absent_differ_in_pairs() -> None:
    profile = Profile(ranks=[[1, 0], [1, 0], [2, 1]], items=["a", "b"], unranked="last")
    assert rank(profile, "copeland").winners == ("a",)
    assert rank(profile, "copeland", unranked="absent").winners == ("b",)


def test_sides_of_any_size_hold_their_share() -> None:
    """Fifteen clinicians say b, three patients say a: halves are level, more for either side decides."""
    ballots = ["ab"] * 3 + ["ba"] * 15
    sides = ["patients"] * 3 + ["clinicians"] * 15
    level = Profile.from_orders(ballots, unranked="last", sides=sides)
    for method in ("borda", "copeland", "kemeny", "jla"):
        assert rank(level, method).tiers == (("a", "b"),)
        assert rank(level.pooled(), method).winners == ("b",)
        tilted = level.with_shares({"patients": 0.51, "clinicians": 0.49})
        assert rank(tilted, method).winners == ("a",)


def test_an_empty_ballot_takes_nothing_from_its_side() -> None:
    sides = ["lived", "lived", "staff"]
    ranking = rank(Profile.from_orders(["ab", [], "ba"], "ab", unranked="last", sides=sides), "borda")
    assert ranking.scores.tolist() == [0.5, 0.5]
    assert ranking.diagnostics["blank"] == 1


def test_a_side_that_ranks_nothing_is_refused_by_pairs() -> None:
    profile = Profile.from_orders(["ab", []], "ab", unranked="last", sides=["lived", "staff"])
    with pytest.raises(ProfileError, match="'staff' has a share of the say, but ranks nothing"):
        rank(profile, "borda")


def test_pairs_nobody_compared_are_counted() -> None:
    profile = Profile.from_orders(["a", "b"], "ab", unranked="absent")
    ranking = rank(profile, "copeland")
    assert ranking.tiers == (("a", "b"),)
    assert ranking.diagnostics["uncompared_pairs"] == 1


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("jal", {}, "no method 'jal'; there are jla, borda"),
        ("borda", {"k": 3}, "'borda' has no parameter 'k'"),
        ("jla", {"k": "many"}, "`k` must be a whole number, not 'many'"),
        ("jla", {"k": 2.5}, "`k` must be a whole number, not 2.5"),
        ("jla", {"k": 0}, "`k` must be 1 or more"),
        ("jla", {"rescore": "half"}, '`rescore` must be "all" or "top10"'),
        ("borda", {"unranked": "first"}, '`unranked` must be "last" or "absent"'),
    ],
)
def test_a_wrong_request_is_refused_by_name(method: str, parameters: dict[str, object], reason: str) -> None:
    with pytest.raises(MethodError, match=reason):
        rank(TENNESSEE, method, **parameters)
