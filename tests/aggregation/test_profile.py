"""What a profile, ratings and shares take, and what they refuse."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import PairwiseTally, Profile, ProfileError, Ratings, RatingsError, rank
from tests.aggregation.strategies import panels, profiles

if TYPE_CHECKING:
    from aggregation.profile import Unranked

AB = {"items": ["a", "b"], "unranked": "last"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"ranks": [[1, 2, 3]]}, r"`ranks` must have shape \(n_ballots, 2\), not \(1, 3\)"),
        ({"ranks": [1, 2]}, r"must have shape"),
        ({"ranks": np.zeros((0, 2))}, "there are no ballots"),
        ({"ranks": [[1, -1]]}, r"`ranks`\[0, 1\] is -1"),
        ({"ranks": [[1, 1.5]]}, r"`ranks`\[0, 1\] is 1.5"),
        ({"ranks": [[1, float("nan")]]}, r"`ranks`\[0, 1\] is nan"),
        ({"ranks": [[1, 2], [1, 70_000]]}, r"`ranks`\[1, 1\] is 70000"),
        ({"ranks": [["x", "y"]]}, "must be numbers"),
        ({"ranks": [[1, 2], [1]]}, "`ranks` must be numbers, a row a ballot"),
        ({"weights": ["x"]}, "`weights` must be numbers"),
        ({"weights": [[1], [1, 2]]}, "`weights` must be numbers"),
        ({"weights": [1j]}, "`weights` must be numbers"),
        ({"names": ["A", 2]}, r"names\[1\] must be a text, not 2"),
        ({"items": ["a", "a"]}, "items names 'a' twice"),
        ({"items": ["a", " "]}, r"items\[1\] must be a name"),
        ({"items": ["a", 2]}, r"items\[1\] must be a name, not 2"),
        ({"names": ["only one"]}, "`names` has 1 entries for 2 items"),
        ({"unranked": "middle"}, '`unranked` must be "last" or "absent", not \'middle\''),
        ({"weights": [1, 2]}, r"`weights` must have shape \(1,\)"),
        ({"weights": [0]}, r"`weights`\[0\] is 0.0"),
        ({"weights": [float("nan")]}, r"`weights`\[0\] is nan"),
        ({"weights": [float("inf")]}, r"`weights`\[0\] is inf"),
        ({"strata": [0, 1], "strata_names": ["x", "y"]}, r"`strata` must be whole numbers of shape \(1,\)"),
        ({"strata": [1], "strata_names": ["x"]}, r"`strata`\[0\] is 1, but there are 1 names"),
        ({"strata": [0], "strata_names": ["x", "y"]}, "'y' is named in `strata` but has no ballot"),
        ({"strata_names": ["x"]}, "`strata_names` is given without `strata`"),
        ({"strata": [0], "strata_names": ["x"], "shares": [0.5]}, "the shares add up to 1/2, not to 1"),
        ({"strata": [0], "strata_names": ["x"], "shares": [0.5, 0.5]}, "`shares` has 2 entries for 1 sides"),
        ({"shares": [1]}, "`shares` has 1 entries for 0 sides"),
    ],
)
def test_a_wrong_profile_is_refused_with_what_and_where(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(ProfileError, match=reason):
        Profile(**({"ranks": [[1, 2]]} | AB | wrong))


def test_the_largest_rank_and_the_smallest_weight_are_taken() -> None:
    profile = Profile(ranks=[[1, 65_535]], weights=[1e-6], items=["a", "b"], unranked="last")
    assert profile.ranks.tolist() == [[1, 65_535]]
    assert (profile.counts.tolist(), profile.unit) == ([1], 1_000_000)
    with pytest.raises(ProfileError, match="65536"):
        Profile(ranks=[[1, 65_536]], **AB)


def test_no_items_is_refused() -> None:
    with pytest.raises(ProfileError, match="there are no items"):
        Profile(ranks=np.zeros((2, 0)), items=[], unranked="last")


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ({"x": 1}, "side 'y' has ballots but is given no share"),
        ({"x": 0.5, "y": 0.4, "z": 0.1}, "'z' is given a share but has no ballot"),
        ({"x": 0, "y": 1}, "above 0 and at most 1, not 0"),
        ({"x": "half", "y": 0.5}, "a share must be a number, not 'half'"),
        ({"x": float("nan"), "y": 0.5}, "a share must be a number"),
        ({"x": float("inf"), "y": 0.5}, "a share must be a number"),
        ({"x": 0.3, "y": 0.6}, "add up to 9/10"),
    ],
)
def test_wrong_shares_are_refused_by_the_name_of_the_side(shares: dict[str, object], reason: str) -> None:
    with pytest.raises(ProfileError, match=reason):
        Profile.from_orders(["ab", "ba"], unranked="last", sides=["x", "y"], shares=shares)


def test_shares_without_sides_are_refused() -> None:
    with pytest.raises(ProfileError, match="without `sides`"):
        Profile.from_orders(["ab"], unranked="last", shares={"x": 1})
    with pytest.raises(ProfileError, match="have none"):
        Profile.from_orders(["ab"], unranked="last").with_shares({"x": 1})


def test_thirds_are_thirds() -> None:
    profile = Profile.from_orders(["ab", "ba"], unranked="last", sides=["x", "y"], shares={"x": 1 / 3, "y": 2 / 3})
    assert profile.shares == (Fraction(1, 3), Fraction(2, 3))


@pytest.mark.parametrize(
    ("orders", "reason"),
    [
        ([["a", "z"]], r"orders\[0\] names 'z', which is not"),
        (["ab", ["a", ("b", "a")]], r"orders\[1\] names 'a' twice"),
    ],
)
def test_an_order_of_something_else_is_refused(orders: list[object], reason: str) -> None:
    with pytest.raises(ProfileError, match=reason):
        Profile.from_orders(orders, "ab", unranked="last")


@given(profile=profiles())
def test_nothing_in_a_profile_can_be_changed(profile: Profile) -> None:
    for array in (profile.ranks, profile.weights, profile.strata, profile.groups, profile.counts):
        assert not array.flags.writeable
    with pytest.raises(AttributeError):
        profile.items = ()


def test_the_callers_array_stays_the_callers() -> None:
    ranks = np.array([[1, 2]], dtype=np.uint16)
    profile = Profile(ranks=ranks, **AB)
    ranks[0, 0] = 9
    assert profile.ranks.tolist() == [[1, 2]]


@given(profile=profiles())
def test_sides_and_groups_divide_the_ballots(profile: Profile) -> None:
    for parts, codes in ((profile.by_side(), profile.strata), (profile.by_group(), profile.groups)):
        for code, part in enumerate(parts.values()):
            assert part.ranks.tolist() == profile.ranks[codes == code].tolist()
            assert part.counts.tolist() == profile.counts[codes == code].tolist()
            assert part.strata is None
    assert profile.pooled().by_side() == {}


@pytest.mark.parametrize("weights", [[2**52] * 3, [2**53, 0.5, 1], [1e15, 0.5, 1], [1e13, 1e13, 0.1], [2**31, 1, 0.1]])
def test_weights_that_cannot_be_counted_are_refused(weights: list[float]) -> None:
    with pytest.raises(ProfileError, match="more than can be counted exactly"):
        Profile(ranks=[[1, 2]] * 3, weights=weights, **AB)


@given(parts=st.lists(st.integers(1, 2**48), min_size=1, max_size=4))
def test_no_millionth_of_a_weight_is_lost_on_the_way(parts: list[int]) -> None:
    profile = Profile(ranks=[[1, 2]] * len(parts), weights=[part / 1_000_000 for part in parts], **AB)
    half = Profile(ranks=[[1, 2]], weights=[0.5], **AB)
    for joined in (
        Profile.from_chunks([profile, half]),
        Profile.from_chunks([profile.compress(), half.compress()]),
        Profile.from_chunks([half, profile]).compress(),
    ):
        assert Fraction(int(joined.counts.sum()), joined.unit) == Fraction(sum(parts) + 500_000, 1_000_000)


@given(profile=profiles())
def test_pieces_compressed_and_joined_are_the_whole(profile: Profile) -> None:
    sides = profile.strata_names or ("",)
    for cut in (profile, Profile.from_chunks([profile, profile]), Profile.from_chunks([profile.compress(), profile])):
        assert cut.compress().ranks.tolist() == profile.compress().ranks.tolist()
    twice = Profile.from_chunks(part.compress() for part in (profile, profile)).compress()
    once = profile.compress()
    assert twice.strata_names == profile.strata_names
    assert np.array_equal(twice.strata, once.strata) if len(sides) > 1 else twice.n_ballots == once.n_ballots
    assert [Fraction(int(n), twice.unit) for n in twice.counts] == [
        2 * Fraction(int(n), once.unit) for n in once.counts
    ]


def said(profile: Profile, method: str) -> object:
    """Tiers and scores, or why there are none."""
    try:
        value = rank(profile, method).as_dict()
    except ProfileError as refused:
        return str(refused)
    return value["tiers"], value["scores"]


@pytest.mark.parametrize("method", ["borda", "copeland", "schulze", "irv", "bucklin", "jla", "plurality"])
@given(profile=profiles())
def test_compressing_changes_no_ranking(method: str, profile: Profile) -> None:
    assert said(profile.compress(), method) == said(profile, method)


@given(profile=profiles(), data=st.data())
def test_fewer_items_keep_their_places_on_every_ballot(profile: Profile, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(profile.items), min_size=1, unique=True))
    fewer = profile.restrict(iter(kept))
    columns = [profile.items.index(item) for item in fewer.items]
    assert columns == sorted(columns)
    assert set(fewer.items) == set(kept)
    assert fewer.ranks.tolist() == profile.ranks[:, columns].tolist()
    assert fewer.names == tuple(profile.names[column] for column in columns)
    support = PairwiseTally.of(profile).support
    assert PairwiseTally.of(fewer).support.tolist() == support[:, columns][:, :, columns].tolist()
    with pytest.raises(ProfileError, match="'nobody' is not among the items"):
        profile.restrict([*kept, "nobody"])


def test_chunks_that_are_none_or_unlike_are_refused() -> None:
    with pytest.raises(ProfileError, match="no chunks"):
        Profile.from_chunks([])
    profile = Profile(ranks=[[1, 2]], **AB)
    for change in ({"names": ["A", "B"]}, {"items": ["a", "c"], "names": ()}, {"unranked": "absent"}):
        with pytest.raises(ProfileError, match=f"different `{next(iter(change))}` cannot be joined"):
            Profile.from_chunks([profile, profile.replace(**change)])


@pytest.mark.parametrize("sides", [["x", None], [["x"], ["y"]], [1, 2]])
def test_a_side_that_is_no_name_is_refused(sides: list[object]) -> None:
    with pytest.raises(ProfileError, match=r"the side or group of row \d must be a name"):
        Profile.from_ranks([[1, 2], [2, 1]], ["a", "b"], unranked="last", sides=sides)


@pytest.mark.parametrize("unranked", ["last", "absent"])
@pytest.mark.parametrize("m", [254, 255, 256, 257, 300])
def test_pairs_and_places_are_right_where_small_numbers_end(m: int, unranked: Unranked) -> None:
    rng = np.random.default_rng(m)
    orders = np.array([rng.permutation(m) + 1, np.arange(1, m + 1), np.arange(m, 0, -1)])
    orders[0, orders[0] > m - 2] = 0
    profile = Profile(ranks=orders, items=[f"q{place}" for place in range(m)], unranked=unranked)
    assert profile.ranks.dtype == (np.uint8 if m <= 255 else np.uint16)
    known = np.where(orders == 0, m + 1, orders)
    above = known[:, :, None] < known[:, None, :]
    if unranked == "absent":
        above &= (orders > 0)[:, :, None] & (orders > 0)[:, None, :]
    assert np.array_equal(PairwiseTally.of(profile).support[0], above.sum(axis=0))
    wide = profile.replace(ranks=np.where(orders, orders + (65_535 - m), 0))
    assert wide.ranks.dtype == np.uint16
    for method in ("borda", "copeland", "plurality"):
        assert rank(wide, method).tiers == rank(profile, method).tiers


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"values": [[1, 2, 3]]}, r"`values` must have shape \(n_people, 2\)"),
        ({"values": [["x", 2]]}, "`values` must be numbers"),
        ({"values": [[1, float("inf")]]}, r"`values`\[0, 1\] is infinite"),
        ({"values": np.zeros((0, 2))}, "nobody who rated"),
        ({"items": ["a", ""]}, r"items\[1\] must be a name"),
        ({"cannot_judge": [[True, False]]}, r"`values`\[0, 0\] is 7.0, yet this person could not judge it"),
        ({"cannot_judge": [True]}, "must be True or False in shape"),
        ({"strata_names": ["x"]}, "without `strata`"),
        ({"groups": [3], "group_names": ["x"]}, r"`groups`\[0\] is 3"),
    ],
)
def test_wrong_ratings_are_refused_with_what_and_where(wrong: dict[str, object], reason: str) -> None:
    with pytest.raises(RatingsError, match=reason):
        Ratings(**({"values": [[7, 8]], "items": ["a", "b"]} | wrong))


@given(ratings=panels())
def test_sides_and_groups_divide_the_people(ratings: Ratings) -> None:
    for parts in (ratings.by_side(), ratings.by_group()):
        assert sum(part.n_people for part in parts.values()) == ratings.n_people
        assert all(not part.values.flags.writeable for part in parts.values())


def test_ranks_that_nobody_can_change_are_not_copied() -> None:
    ranks = np.array([[1, 2]], dtype=np.uint8)
    ranks.setflags(write=False)
    assert Profile(ranks=ranks, **AB).ranks is ranks
    assert Profile(ranks=ranks[:, ::-1], **AB).ranks.tolist() == [[2, 1]]


def test_a_view_of_what_somebody_can_change_is_copied() -> None:
    ranks = np.array([[1, 2]], dtype=np.uint8)
    view = ranks[:]
    view.setflags(write=False)
    profile = Profile(ranks=view, **AB)
    ranks[0, 0] = 9
    assert profile.ranks.tolist() == [[1, 2]]


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.int32, np.int64, np.uint32, np.uint64, np.float32])
def test_every_type_of_number_gives_the_same_ranks(kind: type[np.generic]) -> None:
    profile = Profile(ranks=np.array([[0, 100], [2, 1]], dtype=kind), **AB)
    assert (profile.ranks.dtype, profile.ranks.tolist()) == (np.uint8, [[0, 100], [2, 1]])


@pytest.mark.parametrize(("kind", "wrong"), [(np.int8, -1), (np.int64, 65_536), (np.uint64, 2**63)])
def test_a_rank_out_of_range_is_named_whatever_its_type(kind: type[np.generic], wrong: int) -> None:
    with pytest.raises(ProfileError, match=rf"`ranks`\[1, 0\] is {wrong};"):
        Profile(ranks=np.array([[0, 1], [wrong, 1]], dtype=kind), **AB)


def test_the_column_of_an_item_is_found_or_refused() -> None:
    profile = Profile.from_orders(["abc"], unranked="last")
    assert [profile.column_of(item) for item in "cab"] == [2, 0, 1]
    with pytest.raises(ProfileError, match="'d' is not among the items"):
        profile.column_of("d")
