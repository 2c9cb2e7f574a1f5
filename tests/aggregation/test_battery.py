"""What every method of the registry is held to; a new row is tested by being there."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from aggregation import METHODS, RULES, Profile, Ranking, elect, ranking_digest
from aggregation import rank as rank_with
from tests.aggregation.strategies import prefers, profiles, say_by_pair, strict_profiles

pytestmark = pytest.mark.slow

# What a method cannot do without, and the small k at which profiles of six questions notice that there is one.
GIVEN: dict[str, dict[str, object]] = {
    "positional": {"vector": "5,3,2,1"},
    "jla": {"k": 2},
    "jla_union": {"k": 2},
    "approval": {"k": 2},
}


def rank(profile: Profile, method: str) -> Ranking:
    return rank_with(profile, method, **GIVEN.get(method, {}))


every_rule = pytest.mark.parametrize("rule", RULES)
every_method = pytest.mark.parametrize("method", METHODS)


def claiming(axiom: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("method", [key for key, row in METHODS.items() if axiom in row.axioms])


def outcome(ranking: Ranking) -> tuple[object, ...]:
    """All that a reader sees of a result, tiers as sets: within a tier there is no order."""
    scores = None if ranking.scores is None else tuple(ranking.scores.tolist())
    return ranking.items, [frozenset(tier) for tier in ranking.tiers], scores


@every_method
@given(profile=profiles())
def test_tiers_and_ranks_hold_every_item_once(method: str, profile: Profile) -> None:
    ranking = rank(profile, method)
    assert sorted(item for tier in ranking.tiers for item in tier) == sorted(profile.items)
    above = 0
    for tier in ranking.tiers:
        assert all(ranking.ranks[profile.items.index(item)] == above + 1 for item in tier)
        above += len(tier)


@claiming("neutral")
@given(profile=profiles(), data=st.data())
def test_names_and_order_of_questions_do_not_matter(method: str, profile: Profile, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(profile.n_items)))
    turned = profile.replace(ranks=profile.ranks[:, order], items=[profile.items[i] for i in order], names=())
    before, after = rank(profile, method), rank(turned, method)
    assert [frozenset(tier) for tier in before.tiers] == [frozenset(tier) for tier in after.tiers]
    if before.scores is not None:
        assert before.scores[order].tolist() == after.scores.tolist()


@claiming("anonymous")
@given(profile=profiles(), data=st.data())
def test_order_of_ballots_does_not_matter(method: str, profile: Profile, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(profile.n_ballots)))
    turned = profile.replace(
        ranks=profile.ranks[order],
        weights=profile.weights[order],
        strata=profile.strata[order],
        groups=profile.groups[order],
    )
    assert rank(profile, method).as_dict() == rank(turned, method).as_dict()


@every_method
@given(profile=profiles(weights=False), data=st.data())
def test_weight_two_is_two_ballots(method: str, profile: Profile, data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(1, 3), min_size=profile.n_ballots, max_size=profile.n_ballots))
    repeated = profile.replace(
        ranks=profile.ranks.repeat(times, axis=0),
        strata=profile.strata.repeat(times),
        groups=profile.groups.repeat(times),
    )
    assert rank(profile.replace(weights=times), method).as_dict() == rank(repeated, method).as_dict()


@every_method
@given(profile=profiles(weights=False))
def test_weights_in_millionths_decide_ties_like_whole_ones(method: str, profile: Profile) -> None:
    thirds = profile.replace(weights=np.full(profile.n_ballots, 0.1))
    assert outcome(rank(profile, method))[1] == outcome(rank(thirds, method))[1]


@claiming("unanimity")
@given(data=st.data())
def test_what_everybody_puts_higher_is_higher(method: str, data: st.DataObject) -> None:
    ranks = rank(data.draw(first_above_second()), method).ranks
    assert ranks[0] < ranks[1]


@claiming("weak unanimity")
@given(data=st.data())
def test_what_everybody_puts_higher_is_not_lower(method: str, data: st.DataObject) -> None:
    ranks = rank(data.draw(first_above_second()), method).ranks
    assert ranks[0] <= ranks[1]


@st.composite
def first_above_second(draw: st.DrawFn) -> Profile:
    """Any profile, changed so that every ballot ranks the first question above the second."""
    profile = draw(profiles(items=st.integers(2, 6)))
    ranks = 2 * profile.ranks.astype(int)
    ranks[:, 0] = np.maximum(ranks[:, 0], 1)
    ranks[:, 1] = ranks[:, 0] + draw(st.lists(st.integers(1, 6), min_size=len(ranks), max_size=len(ranks)))
    return profile.replace(ranks=ranks)


@claiming("condorcet")
@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(profile=profiles(items=st.integers(2, 4)))
def test_a_question_that_beats_every_other_is_first_alone(method: str, profile: Profile) -> None:
    say = say_by_pair(profile)
    everyone = range(profile.n_items)
    best = [i for i in everyone if all(say[i, j] > say[j, i] for j in everyone if j != i)]
    assume(best)
    assert rank(profile, method).winners == (profile.items[best[0]],)


@claiming("smith")
@given(profile=profiles(items=st.integers(2, 5)))
def test_winners_are_in_the_smallest_set_that_beats_all_others(method: str, profile: Profile) -> None:
    say = say_by_pair(profile)
    everyone = range(profile.n_items)
    dominant = [
        set(chosen)
        for size in range(1, profile.n_items + 1)
        for chosen in combinations(everyone, size)
        if all(say[i, j] > say[j, i] for i in chosen for j in everyone if j not in chosen)
    ]
    smith = {profile.items[i] for i in min(dominant, key=len)}
    assert set(rank(profile, method).winners) <= smith


def put_higher(profile: Profile, data: st.DataObject, item: int) -> Profile:
    """The profile after somebody who ranks the item put it first of all, the rest of the ballot unchanged."""
    rows = np.flatnonzero(profile.ranks[:, item] > 0)
    assume(rows.size)
    ranks = profile.ranks.astype(int)
    row = data.draw(st.sampled_from(rows.tolist()))
    ranks[row] += ranks[row] > 0
    ranks[row, item] = 1
    return profile.replace(ranks=ranks)


@claiming("monotone")
@given(profile=profiles(), data=st.data())
def test_being_put_first_by_somebody_never_worsens_a_score(method: str, profile: Profile, data: st.DataObject) -> None:
    item = data.draw(st.integers(0, profile.n_items - 1))
    before, after = rank(profile, method), rank(put_higher(profile, data, item), method)
    if before.scores is not None and after.scores is not None:
        gain = after.scores[item] - before.scores[item]
        assert (gain if METHODS[method].better == "higher" else -gain) >= -1e-12


@claiming("monotone")
@given(profile=profiles(), data=st.data())
def test_a_winner_put_first_by_somebody_still_wins(method: str, profile: Profile, data: st.DataObject) -> None:
    winner = data.draw(st.sampled_from(rank(profile, method).winners))
    assert winner in rank(put_higher(profile, data, profile.items.index(winner)), method).winners


@claiming("clones")
@given(profile=strict_profiles(), data=st.data())
def test_a_second_wording_next_to_the_first_changes_no_other_winner(
    method: str, profile: Profile, data: st.DataObject
) -> None:
    """A clone stands right beside its original on every ballot, above or below it."""
    original = data.draw(st.integers(0, profile.n_items - 1))
    above = data.draw(st.lists(st.booleans(), min_size=profile.n_ballots, max_size=profile.n_ballots))
    ranks = 3 * profile.ranks.astype(int)
    clone = ranks[:, original] + np.where(above, -1, 1)
    cloned = profile.replace(ranks=np.column_stack([ranks, clone]), items=[*profile.items, "clone"], names=())
    before = set(rank(profile, method).winners)
    after = set(rank(cloned, method).winners)
    same = {profile.items[original], "clone"}
    assert before - same == after - same
    assert bool(before & same) == bool(after & same)


@every_method
@given(profile=profiles())
def test_input_is_not_changed_and_the_same_answer_comes_twice(method: str, profile: Profile) -> None:
    ranks, items = profile.ranks.copy(), profile.items
    first, second = rank(profile, method), rank(profile, method)
    assert (profile.ranks == ranks).all()
    assert profile.items == items
    assert first.as_dict() == second.as_dict()
    assert ranking_digest(first) == ranking_digest(second)


@every_method
@given(profile=profiles(), data=st.data())
def test_splitting_a_group_changes_no_byte(method: str, profile: Profile, data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.sampled_from("abcdefgh"), min_size=profile.n_ballots, max_size=profile.n_ballots))
    names = sorted(set(labels))
    split = profile.replace(groups=[names.index(label) for label in labels], group_names=names)
    assert repr(rank(profile, method).as_dict()) == repr(rank(split, method).as_dict())


@claiming("sides")
@given(profile=profiles(weights=False))
def test_fifty_times_the_ballots_of_one_side_change_nothing(method: str, profile: Profile) -> None:
    times = np.where(profile.strata == 0, 50, 1)
    crowded = profile.replace(
        ranks=profile.ranks.repeat(times, axis=0),
        strata=profile.strata.repeat(times),
        groups=profile.groups.repeat(times),
    )
    assert outcome(rank(profile, method)) == outcome(rank(crowded, method))


@every_method
@given(profile=profiles())
def test_the_name_of_a_side_does_not_matter(method: str, profile: Profile) -> None:
    assume(len(profile.strata_names) == 2)
    swapped = profile.replace(
        strata=1 - profile.strata, strata_names=profile.strata_names[::-1], shares=profile.shares[::-1]
    )
    assert outcome(rank(profile, method)) == outcome(rank(swapped, method))


@every_method
def test_everything_level_is_one_tier(method: str) -> None:
    level = Profile(ranks=np.ones((3, 14), dtype=int), items=[f"q{i}" for i in range(14)], unranked="last")
    assert len(rank(level, method).tiers) == 1


@every_method
@pytest.mark.parametrize("unranked", ["last", "absent"])
def test_blank_ballots_alone_are_one_tier(method: str, unranked: str) -> None:
    blank = Profile(ranks=np.zeros((2, 3), dtype=int), items=["a", "b", "c"], unranked=unranked)
    ranking = rank(blank, method)
    assert len(ranking.tiers) == 1
    assert ranking.diagnostics["blank"] == 2


@every_method
def test_one_question_alone_is_first(method: str) -> None:
    assert rank(Profile(ranks=[[1], [0]], items=["a"], unranked="absent"), method).tiers == (("a",),)


@every_method
def test_each_row_explains_itself(method: str) -> None:
    row = METHODS[method]
    assert row.key == method
    assert row.label
    assert row.family
    assert row.source
    assert all(sentence.endswith((".", "?")) for sentence in row.sentences)
    assert row.function.__doc__
    assert "References" in row.function.__doc__
    assert "unranked" in row.function.__doc__


@given(profile=profiles())
def test_borda_is_what_its_definition_says(profile: Profile) -> None:
    say = say_by_pair(profile)
    total = Fraction(int(profile.counts.sum())) if profile.strata is None else Fraction(1)
    others = range(profile.n_items)
    expected = [
        sum((say[i, j] + (total - say[i, j] - say[j, i]) / 2 for j in others if j != i), Fraction(0)) for i in others
    ]
    ranking = rank(profile, "borda")
    assert ranking.scores.tolist() == [float(score) for score in expected]
    assert [sorted(tier) for tier in ranking.tiers] == tiers_by(profile, expected)


@given(profile=profiles())
def test_copeland_is_what_its_definition_says(profile: Profile) -> None:
    say = say_by_pair(profile)
    others = range(profile.n_items)
    expected = [
        sum(
            (Fraction((say[i, j] > say[j, i]) * 2 + (say[i, j] == say[j, i]), 2) for j in others if j != i), Fraction(0)
        )
        for i in others
    ]
    ranking = rank(profile, "copeland")
    assert ranking.scores.tolist() == [float(score) for score in expected]
    assert [sorted(tier) for tier in ranking.tiers] == tiers_by(profile, expected)


def tiers_by(profile: Profile, scores: list[Fraction]) -> list[list[str]]:
    levels = sorted(set(scores), reverse=True)
    return [
        sorted(item for item, score in zip(profile.items, scores, strict=True) if score == level) for level in levels
    ]


@given(profile=profiles())
def test_absent_says_nothing_about_the_pair(profile: Profile) -> None:
    """Under "absent" no ballot prefers an unranked question or anything to it."""
    absent = profile.with_unranked("absent")
    for row in absent.ranks.tolist():
        for i, j in [(i, j) for i in range(absent.n_items) for j in range(absent.n_items) if not row[i] or not row[j]]:
            assert not prefers(row, i, j, "absent")
    say = say_by_pair(absent)
    both = (absent.ranks[:, :, None] > 0) & (absent.ranks[:, None, :] > 0)
    for (i, j), amount in say.items():
        if not both[:, i, j].any():
            assert amount == 0


def chosen_by(profile: Profile, rule: str, seats: int) -> tuple[set[str], bool]:
    """The items chosen, and whether the rule had to choose between items that were level."""
    committee = elect(profile, rule, seats)
    return set(committee.members), bool(committee.diagnostics["tie_breaks"])


@every_rule
@given(profile=profiles(), data=st.data())
def test_a_rule_chooses_as_many_as_it_was_asked_for(rule: str, profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    committee = elect(profile, rule, seats)
    assert len(committee.members) == seats
    assert sorted(committee.order) == sorted(committee.members)
    assert list(committee.members) == [item for item in profile.items if item in committee.members]
    assert committee.as_dict() == elect(profile, rule, seats).as_dict()


@every_rule
@given(profile=profiles(), data=st.data())
def test_a_rule_minds_neither_the_order_of_questions_nor_that_of_ballots(
    rule: str, profile: Profile, data: st.DataObject
) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    columns = data.draw(st.permutations(range(profile.n_items)))
    rows = data.draw(st.permutations(range(profile.n_ballots)))
    turned = profile.replace(
        ranks=profile.ranks[rows][:, columns],
        items=[profile.items[i] for i in columns],
        names=(),
        weights=profile.weights[rows],
        strata=profile.strata[rows],
        groups=profile.groups[rows],
    )
    (before, tied_before), (after, tied_after) = chosen_by(profile, rule, seats), chosen_by(turned, rule, seats)
    if not tied_before or not tied_after:
        assert tied_before == tied_after
        assert before == after


@every_rule
@given(profile=profiles(weights=False, sides=False), data=st.data())
def test_weight_two_is_two_ballots_to_a_rule(rule: str, profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    times = data.draw(st.lists(st.integers(1, 3), min_size=profile.n_ballots, max_size=profile.n_ballots))
    repeated = profile.replace(ranks=profile.ranks.repeat(times, axis=0), groups=profile.groups.repeat(times))
    assert elect(profile.replace(weights=times), rule, seats).as_dict() == elect(repeated, rule, seats).as_dict()


@every_rule
@given(profile=profiles(weights=False), data=st.data())
def test_fifty_times_the_ballots_of_one_side_change_no_choice(rule: str, profile: Profile, data: st.DataObject) -> None:
    seats = data.draw(st.integers(1, profile.n_items))
    times = np.where(profile.strata == 0, 50, 1)
    crowded = profile.replace(
        ranks=profile.ranks.repeat(times, axis=0),
        strata=profile.strata.repeat(times),
        groups=profile.groups.repeat(times),
    )
    assert elect(profile, rule, seats).members == elect(crowded, rule, seats).members
