"""The pairwise tally, whichever way its counts were made: by pairs, by bits, in blocks, over processes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregation import PairwiseTally, Profile, ProfileError, kernels
from tests.aggregation.strategies import profiles, say_by_pair


def by_definition(ranks: np.ndarray, counts: np.ndarray, *, absent: bool) -> np.ndarray:
    """Who is above whom, one comparison of two columns at a time, in Python's own numbers."""
    ranks = ranks.astype(int)
    low = np.where(ranks == 0, 10**6, ranks)
    m = ranks.shape[1]
    support = np.zeros((m, m), dtype=object)
    for i in range(m):
        for j in range(m):
            above = (low[:, i] < low[:, j]) & (ranks[:, j] > 0 if absent else True)
            support[i, j] = sum(counts[above].tolist())
    return support


@given(profile=profiles())
def test_a_tally_counts_what_the_ballots_say(profile: Profile) -> None:
    tally = PairwiseTally.of(profile)
    shared = tally.shared(profile.shares)
    say = say_by_pair(profile)
    for (i, j), amount in say.items():
        assert Fraction(int(shared.counts[i, j]), shared.scale) == amount
        assert Fraction(int(tally.margins(profile.shares)[i, j]), shared.scale) == amount - say[j, i]


@given(profile=profiles())
def test_a_tally_is_the_sum_of_its_chunks(profile: Profile) -> None:
    side = profile.pooled()
    cut = side.n_ballots // 2
    whole = PairwiseTally.of(side, positions=True)
    chunks = [
        side.replace(ranks=side.ranks[rows], weights=side.weights[rows], groups=None, group_names=())
        for rows in (slice(0, cut), slice(cut, None))
        if len(side.ranks[rows])
    ]
    folded, added = (PairwiseTally.empty(side, positions=True) for _ in range(2))
    for chunk in chunks:
        folded.update(chunk)
        added = added + PairwiseTally.of(chunk, positions=True)
    for tally in (folded, added):
        assert (tally.support == whole.support).all()
        assert (tally.positions == whole.positions).all()
        assert tally.n == whole.n
        assert tally.blank == whole.blank


KINDS = {
    "strict": lambda rng, n, m: rng.random((n, m)).argsort(axis=1) + 1,
    "tied": lambda rng, n, m: rng.integers(1, 5, (n, m)),
    "truncated": lambda rng, n, m: rng.integers(0, 4, (n, m)),
    "one tie": lambda rng, n, m: np.vstack([rng.random((n - 1, m)).argsort(axis=1) + 1, [[1, *range(1, m)]]]),
    "one gap": lambda rng, n, m: np.vstack([rng.random((n - 1, m)).argsort(axis=1) + 1, [[0, *range(1, m)]]]),
    "to 255": lambda rng, n, m: rng.choice([0, 1, 254, 255], (n, m)),
    "two bytes": lambda rng, n, m: rng.choice([0, 1, 255, 256, 65_534, 65_535], (n, m)),
}
WEIGHTS = {
    "none": lambda _rng, _n: None,
    "alike": lambda _rng, n: np.full(n, 3.0),
    "small": lambda rng, n: rng.integers(1, 9, n),
    "millionths": lambda rng, n: rng.integers(1, 10**9, n) / 10**6,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("few", [1, 10**6])
@pytest.mark.parametrize("unranked", ["last", "absent"])
def test_every_way_to_count_gives_the_same(
    kind: str, weights: str, few: int, unranked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of 37 ballots, tiles of 8, one pair or many at a time: always the definition."""
    rng = np.random.default_rng([*kind.encode(), few])
    ranks, given_weights = KINDS[kind](rng, 150, 7), WEIGHTS[weights](rng, 150)
    for name, value in (("BLOCK", 37), ("TILE", 8), ("FEW", few), ("TOGETHER", 3), ("AT_ONCE", 1_000)):
        monkeypatch.setattr(kernels, name, value)
    profile = Profile(ranks=ranks, weights=given_weights, items=list("abcdefg"), unranked=unranked)
    expected = by_definition(profile.ranks, profile.counts, absent=unranked == "absent")
    assert (PairwiseTally.of(profile).support[0] == expected).all()


def test_each_side_is_counted_whole_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "BLOCK", 20)
    monkeypatch.setattr(kernels, "TILE", 8)
    rng = np.random.default_rng(2)
    ranks, sides = rng.integers(0, 5, (150, 6)), rng.choice(["lived", "staff"], 150)
    tally = PairwiseTally.of(Profile.from_ranks(ranks, list("abcdef"), unranked="last", sides=sides.tolist()))
    for layer, n, side in zip(tally.support, tally.n.tolist(), tally.sides, strict=True):
        own = ranks[sides == side]
        assert n == len(own) > 60
        assert (layer == by_definition(own, np.ones(len(own), dtype=int), absent=False)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_strict_ballots_are_known_for_what_they_are(kind: str) -> None:
    ranks = KINDS[kind](np.random.default_rng(5), 3_000, 9)
    keys = kernels.keys_of(Profile(ranks=ranks, items=list("abcdefghi"), unranked="last").ranks)
    assert kernels.is_strict(keys) == (kind == "strict")


@pytest.mark.parametrize("m", [31, 32, 33, 64, 65])
def test_the_last_bit_of_a_word_is_still_a_rank(m: int) -> None:
    """A tie among the best must show where ranks need all bits of a word; beyond 64, nothing is promised."""
    strict = np.tile(np.arange(1, m + 1, dtype=np.uint8), (5, 1))
    tied = strict.copy()
    tied[3, -1] = m - 1
    assert kernels.is_strict(kernels.keys_of(strict)) == (m <= 64)
    assert not kernels.is_strict(kernels.keys_of(tied))


@given(n=st.integers(0, 400_000), m=st.integers(1, 5_000), width=st.sampled_from([1, 2]))
def test_blocks_hold_every_ballot_once(n: int, m: int, width: int) -> None:
    blocks = list(kernels.blocks_of(n, m, width))
    assert [i for block in blocks for i in (block.start, block.stop)][1:-1:2] == [b.start for b in blocks[1:]]
    assert sum(block.stop - block.start for block in blocks) == n
    assert all(0 < block.stop - block.start <= max(kernels.BLOCK, 1) for block in blocks)


@given(profile=profiles())
def test_positions_count_every_ballot_once(profile: Profile) -> None:
    tally = PairwiseTally.of(profile, positions=True)
    assert (tally.positions.sum(axis=2) == tally.n[:, None]).all()
    unranked = (profile.counts[:, None] * (profile.ranks == 0)).sum(axis=0)
    assert (tally.positions[:, :, 0].sum(axis=0) == unranked).all()


def test_positions_are_places_with_ties() -> None:
    profile = Profile(ranks=[[5, 5, 9, 0]], items=list("abcd"), unranked="last")
    assert PairwiseTally.of(profile, positions=True).positions[0].argmax(axis=1).tolist() == [1, 1, 3, 0]


def test_positions_that_were_not_counted_are_not_made_up() -> None:
    profile = Profile.from_orders(["ab"], unranked="last")
    without, together = PairwiseTally.of(profile), PairwiseTally.of(profile, positions=True)
    assert without.positions is None
    with pytest.raises(ProfileError, match="made without positions"):
        PairwiseTally.of(without, positions=True)
    for one, other in ((without, together), (together, without)):
        with pytest.raises(ProfileError, match="with positions and one without"):
            one + other


def test_tallies_of_other_things_are_not_added() -> None:
    one = PairwiseTally.of(Profile.from_orders(["ab"], unranked="last"))
    with pytest.raises(ProfileError, match="different items"):
        one + PairwiseTally.of(Profile.from_orders(["ac"], unranked="last"))
    with pytest.raises(ProfileError, match="different unranked"):
        one.update(Profile.from_orders(["ab"], unranked="absent"))
    with pytest.raises(ProfileError, match="2 entries for 1 sides"):
        one.shared((Fraction(1, 2), Fraction(1, 2)))


def test_large_counts_stay_exact() -> None:
    """Two sides whose sizes share no factor, at shares of a millionth's precision: beyond 64 bits, still exact."""
    weights = [999_999_937, 999_999_893, 999_999_937 + 1]
    profile = Profile.from_orders(
        ["abcd", "dcba", "bacd"],
        unranked="last",
        weights=weights,
        sides=["x", "y", "x"],
        shares={"x": 0.500001, "y": 0.499999},
    )
    shared = PairwiseTally.of(profile).shared(profile.shares)
    say = say_by_pair(profile)
    assert all(Fraction(int(shared.counts[i, j]), shared.scale) == amount for (i, j), amount in say.items())


def test_blank_ballots_of_every_width_are_counted() -> None:
    for worst in (3, 300):
        profile = Profile(ranks=[[0, 0], [worst, 0], [0, 0]], weights=[2, 1, 5], items=["a", "b"], unranked="last")
        assert PairwiseTally.of(profile).blank.tolist() == [7]
