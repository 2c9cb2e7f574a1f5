"""Places, shortlists with their ties, and fingerprints."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import MethodError, Profile, Ranking, input_digest, rank, ranking_digest
from tests.aggregation.strategies import profiles


def ranking_of(*scores: int) -> Ranking:
    return Ranking.from_scores(tuple(f"q{i}" for i in range(len(scores))), scores, method="borda", diagnostics={})


def test_places_after_a_tie_are_skipped() -> None:
    assert ranking_of(9, 5, 5, 1).ranks.tolist() == [1, 2, 2, 4]


def test_a_tie_at_place_ten_shows_eleven() -> None:
    shortlist = ranking_of(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 3, 1).shortlist(10)
    assert len(shortlist.items) == 11
    assert shortlist.tied == ("q9", "q10")


@pytest.mark.parametrize(("scores", "listed"), [((3, 2, 1), 2), ((3, 3, 1), 2), ((3, 3, 3), 3), ((1,), 1)])
def test_a_shortlist_stops_at_its_places_unless_the_last_is_tied(scores: tuple[int, ...], listed: int) -> None:
    shortlist = ranking_of(*scores).shortlist(2)
    assert len(shortlist.items) == listed
    assert bool(shortlist.tied) == (listed > 2)


def test_a_shortlist_of_no_places_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one place"):
        ranking_of(1).shortlist(0)


@given(scores=st.lists(st.integers(0, 3), min_size=1, max_size=8), places=st.integers(1, 9))
def test_a_shortlist_holds_just_the_items_of_its_places(scores: list[int], places: int) -> None:
    ranking = ranking_of(*scores)
    wanted = {item for item, place in zip(ranking.items, ranking.ranks, strict=True) if place <= places}
    shortlist = ranking.shortlist(places)
    assert set(shortlist.items) == wanted
    assert bool(shortlist.tied) == (len(wanted) > places)


def test_a_ranking_cannot_be_changed() -> None:
    ranking = ranking_of(2, 1)
    assert not ranking.ranks.flags.writeable
    assert not ranking.scores.flags.writeable
    with pytest.raises(TypeError):
        ranking.diagnostics["cost"] = 0


def test_anybody_can_compute_the_fingerprint_of_a_ranking() -> None:
    text = '{"items":["é","b","c"],"tiers":[["b"],["é","c"]]}'
    ranking = Ranking.from_scores(("é", "b", "c"), [1, 2, 1], method="borda", diagnostics={"any": 1})
    assert ranking_digest(ranking) == hashlib.sha256(text.encode()).hexdigest()


def test_the_order_within_a_tier_is_no_part_of_the_fingerprint() -> None:
    one = Ranking(("a", "b"), (("a", "b"),), None, "kemeny", {})
    other = Ranking(("a", "b"), (("b", "a"),), None, "kemeny", {})
    assert ranking_digest(one) == ranking_digest(other)


BALLOTS = Profile.from_orders(["ab", "ab", "ba"], unranked="last", sides=["x", "x", "y"], groups=["p", "q", "p"])


def test_order_repetition_labels_and_groups_leave_the_input_fingerprint_alone() -> None:
    same = Profile.from_orders(["ba", "ab"], unranked="last", sides=["y", "x"], weights=[1, 2], names=["A", "B"])
    assert input_digest(BALLOTS, "borda", {}) == input_digest(same, "borda", {})


@pytest.mark.parametrize(
    "other",
    [
        (BALLOTS.with_unranked("absent"), "borda", {}, None),
        (BALLOTS.with_shares({"x": 0.6, "y": 0.4}), "borda", {}, None),
        (BALLOTS.pooled(), "borda", {}, None),
        (BALLOTS.replace(weights=[1, 1, 2]), "borda", {}, None),
        (BALLOTS.replace(items=["b", "a"], names=()), "borda", {}, None),
        (BALLOTS, "copeland", {}, None),
        (BALLOTS, "borda", {"k": 3}, None),
        (BALLOTS, "borda", {}, 1),
    ],
)
def test_whatever_can_change_the_result_changes_the_input_fingerprint(other: tuple[object, ...]) -> None:
    assert input_digest(*other) != input_digest(BALLOTS, "borda", {})


@given(profile=profiles())
def test_a_ranking_survives_json(profile: Profile) -> None:
    for method in ("borda", "kemeny", "jla"):
        value = rank(profile, method).as_dict()
        assert json.loads(json.dumps(value, allow_nan=False)) == json.loads(json.dumps(value))
        assert list(value) == ["method", "items", "tiers", "ranks", "scores", "winners", "diagnostics"]


@pytest.mark.parametrize("vector", ["1e99999999", "nan", "inf", "1/0", "", "3,,1", "0x10", [float("nan")], "9" * 400])
def test_a_vector_that_is_no_list_of_numbers_is_refused_at_once(vector: object) -> None:
    ballots = Profile.from_orders(["ab"], unranked="last")
    with pytest.raises(MethodError, match="`vector` must be numbers"):
        rank(ballots, "positional", vector=vector)


def test_a_vector_may_be_written_as_fractions() -> None:
    ballots = Profile.from_orders(["ab"], unranked="last")
    assert rank(ballots, "positional", vector=" 1/2, .25").scores.tolist() == [0.5, 0.25]


def test_the_digest_of_the_input_is_the_hash_of_what_its_docs_say() -> None:
    profile = Profile.from_ranks(
        [[1, 2], [2, 1], [1, 2]], ["a", "b"], unranked="last", sides=["lived", "staff", "lived"], groups="xyx"
    )
    said = {
        "items": ["a", "b"],
        "unranked": "last",
        "unit": 1,
        "shares": {"lived": "1/2", "staff": "1/2"},
        "ballots": [["lived", [1, 2], 2], ["staff", [2, 1], 1]],
        "method": "jla",
        "parameters": {"k": "10"},
        "seed": 7,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert input_digest(profile, "jla", {"k": 10}, 7) == hashlib.sha256(text.encode()).hexdigest()
