"""Worths: published estimates, likelihoods written out from their definitions, and what has no estimate."""

from __future__ import annotations

from itertools import combinations
from math import exp, log, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from aggregation import MethodError, Profile, StatisticError, rank
from aggregation.methods.luce_ballots import distinct_ballots
from aggregation.methods.luce_choices import Choices
from aggregation.methods.luce_ties import TiedChoices
from aggregation.methods.worth_errors import quasi_variances
from aggregation.methods.worth_fit import WithPrior, fit
from tests.aggregation.strategies import prefers, profiles, voices

# Davidson (1970), example 2: pairs of six puddings, and how often the first, the second and neither was preferred.
PAIRS = ["12", "13", "23", "14", "24", "34", "15", "25", "35", "45", "16", "26", "36", "46", "56"]


FIRST = [19, 16, 19, 18, 23, 19, 13, 16, 16, 17, 18, 22, 13, 14, 11]


SECOND = [22, 19, 19, 23, 19, 20, 19, 20, 15, 14, 21, 20, 18, 19, 21]


NEITHER = [16, 12, 10, 13, 9, 15, 18, 12, 17, 16, 12, 12, 10, 18, 12]


def puddings() -> Profile:
    orders = [*PAIRS, *(pair[::-1] for pair in PAIRS), *([tuple(pair)] for pair in PAIRS)]
    return Profile.from_orders(orders, unranked="absent", weights=FIRST + SECOND + NEITHER)


def test_puddings_with_ties_as_published() -> None:
    """The numbers R's PlackettLuce prints after seven iterations, its own word for nearly converged."""
    found = rank(puddings(), "plackett_luce", prior=0, ties="davidson").diagnostics
    worths = [0.1388005, 0.1729985, 0.1617420, 0.1653930, 0.1586805, 0.2023855]
    errors = [0.121949, 0.121818, 0.126823, 0.122003, 0.127054, 0.126594]
    quasi = [0.1328950, 0.1327373, 0.1395740, 0.1330240, 0.1399253, 0.1392047]
    assert list(found["worths"].values()) == pytest.approx(worths, abs=3e-5)
    assert list(found["standard_errors"].values()) == pytest.approx(errors, abs=1e-5)
    assert list(found["quasi_standard_errors"].values()) == pytest.approx(quasi, abs=1e-6)
    assert found["tie_parameters"] == {"2": pytest.approx(0.7468147, abs=3e-5)}
    assert -2 * found["log_likelihood"] == pytest.approx(1619.4, abs=0.05)
    assert (found["ties"], found["mle_exists"], found["converged"]) == ("davidson", True, True)


def test_toy_rankings_with_pseudo_rankings_as_published() -> None:
    profile = Profile.from_orders(["AB", "CA", "AD", "BA", "BC"], unranked="absent")
    ranking = rank(profile, "plackett_luce", prior=0.5 / 5)
    logs = ranking.diagnostics["log_worths"]
    published = {"A": 0, "B": 0.5184185, "C": 0.1354707, "D": -1.1537565}
    assert {item: value - logs["A"] for item, value in logs.items()} == pytest.approx(published, abs=1e-6)
    assert not ranking.diagnostics["mle_exists"]
    with pytest.raises(StatisticError, match="no ballot puts any other item above 'a'; set `prior`"):
        rank(Profile.from_orders(["abc", "acb"], unranked="last"), "plackett_luce", prior=0)


def test_three_of_the_toy_items_without_a_prior_as_published() -> None:
    profile = Profile.from_orders(["AB", "CA", "BA", "BC"], unranked="absent")
    found = rank(profile, "plackett_luce", prior=0).diagnostics
    assert [found["log_worths"][item] - found["log_worths"]["A"] for item in "BC"] == pytest.approx(
        [0.8392, 0.4196], abs=5e-5
    )
    ballots = distinct_ballots(profile)
    covariance = np.linalg.inv(fit(WithPrior(Choices(ballots, "absent"), 0)).information) / 4
    place = {profile.items[i]: column for column, i in enumerate(ballots.columns.tolist())}
    a, b, c = (place[item] for item in "ABC")
    errors = [np.sqrt(covariance[a, a] + covariance[i, i] - 2 * covariance[a, i]) for i in (b, c)]
    assert errors == pytest.approx([1.3596, 1.5973], abs=5e-5)


def choices_of(row: list[int], unranked: str) -> list[tuple[list[int], list[int]]]:
    """Each tier of a ballot with all that was left when it was chosen."""
    everything = [i for i in range(len(row)) if row[i] or unranked == "last"]
    tiers = [[i for i in everything if row[i] == level] for level in sorted({rank for rank in row if rank})]
    left, found = everything, []
    for tier in tiers:
        found.append((tier, left))
        left = [i for i in left if i not in tier]
    return found


def efron(worths: list[float], tier: list[int], left: list[int], _: dict[int, float]) -> float:
    if len(tier) == len(left):
        return 1.0
    own, all_left = sum(worths[i] for i in tier), sum(worths[i] for i in left)
    return prod(worths[i] / (all_left - r / len(tier) * own) for r, i in enumerate(tier))


def davidson(worths: list[float], tier: list[int], left: list[int], deltas: dict[int, float]) -> float:
    def weight(subset: tuple[int, ...] | list[int]) -> float:
        return deltas[len(subset)] * prod(worths[i] for i in subset) ** (1 / len(subset))

    sizes = [size for size in deltas if size <= len(left)]
    return weight(tier) / sum(weight(subset) for size in sizes for subset in combinations(left, size))


def objective(profile: Profile, chance, logs: dict[str, float], deltas: dict[int, float], prior: float) -> float:
    """The mean log-likelihood of a ballot with the prior, from the definition."""
    worths = [exp(logs[item]) for item in profile.items]
    say = np.array([float(voice) for voice in voices(profile)]) * profile.ranks.any(axis=1)
    total = 0.0
    for row, voice in zip(profile.ranks.tolist(), say / max(say.sum(), 1e-300), strict=True):
        total += voice * sum(log(chance(worths, *choice, deltas)) for choice in choices_of(row, profile.unranked))
    pseudo = [*worths, *(delta for size, delta in deltas.items() if size > 1)]
    return total + prior * sum(log(each / (1 + each) ** 2) for each in pseudo)


@pytest.mark.parametrize("ties", ["efron", "davidson"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_nothing_near_is_more_likely(ties: str, data: st.DataObject) -> None:
    """The likelihood is concave: where it falls in every direction, there is its maximum."""
    profile = data.draw(profiles(items=st.integers(2, 5)))
    prior = 0.05
    found = rank(profile, "plackett_luce", prior=prior, ties=ties).diagnostics
    # The level of all log-worths is not printed: it is the one at which wins and losses of the prior balance.
    centred = found["log_worths"]
    level = minimize_scalar(
        lambda shift: -sum(log(exp(x + shift) / (1 + exp(x + shift)) ** 2) for x in centred.values()),
        bounds=(-20, 20),
        method="bounded",
        options={"xatol": 1e-10},
    ).x
    logs = {item: x + level for item, x in centred.items()}
    deltas = {1: 1.0} | {int(size): delta for size, delta in found.get("tie_parameters", {}).items()}
    chance = davidson if found["ties"] == "davidson" else efron
    best = objective(profile, chance, logs, deltas, prior)
    for item in profile.items:
        for step in (-1e-3, 1e-3):
            assert objective(profile, chance, logs | {item: logs[item] + step}, deltas, prior) < best
    for size in deltas:
        for step in (0.999, 1.001):
            moved = deltas | {size: deltas[size] * step}
            assert size == 1 or objective(profile, chance, logs, moved, prior) < best
    assert found["converged"]
    assert sum(found["worths"].values()) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize("kind", [Choices, TiedChoices])
@pytest.mark.parametrize("unranked", ["last", "absent"])
def test_information_is_minus_the_second_derivative(kind, unranked: str) -> None:
    rng = np.random.default_rng(8)
    likelihood = kind(
        distinct_ballots(Profile(ranks=rng.integers(0, 4, (20, 6)), items="abcdef", unranked=unranked)), unranked
    )
    x = rng.normal(size=likelihood.size)
    for along in np.eye(likelihood.size):
        ahead, behind = likelihood.evaluate(x + 1e-5 * along), likelihood.evaluate(x - 1e-5 * along)
        expected = likelihood.evaluate(x)[1]
        assert (ahead[0] - behind[0]) / 2e-5 == pytest.approx(along @ (likelihood.observed - expected), abs=1e-8)
        assert (ahead[1] - behind[1]) / 2e-5 == pytest.approx(likelihood.information(x) @ along, abs=1e-8)


@pytest.mark.parametrize("method", ["plackett_luce", "bradley_terry"])
@settings(deadline=None)
@given(profile=profiles(items=st.integers(2, 5)))
def test_without_a_prior_there_is_an_estimate_where_no_group_stands_above_all_others(
    method: str, profile: Profile
) -> None:
    """Ford's condition, group by group: somebody puts one of the rest above one of the group, or level in the way."""
    halves = method == "bradley_terry"
    groups = [set(g) for k in range(1, profile.n_items) for g in combinations(range(profile.n_items), k)]
    exists = all(
        any(reaches(profile, low, up, halves) for low in set(range(profile.n_items)) - g for up in g) for g in groups
    )
    assert rank(profile, method).diagnostics["mle_exists"] == exists
    if exists:
        found = rank(profile, method, prior=0).diagnostics
        assert found["converged"]
    else:
        with pytest.raises(StatisticError, match="no ballot puts any other item above"):
            rank(profile, method, prior=0)


def reaches(profile: Profile, i: int, j: int, halves: bool) -> bool:
    for row in profile.ranks.tolist():
        if not any(row):
            continue
        if prefers(row, i, j, profile.unranked):
            return True
        both = row[i] and row[j]
        level = row[i] == row[j] and (both or profile.unranked == "last")
        # For choices, level in the last place says nothing.
        last = not both or (row[i] == max(row) and (all(row) or profile.unranked == "absent"))
        if level and (halves or not last):
            return True
    return False


def test_davidson_can_put_below_what_everybody_puts_above_and_efron_does_not() -> None:
    """Why Efron is the default; the documentation tells it."""
    rng = np.random.default_rng(2)
    rows = []
    for _ in range(24):
        row = rng.integers(3, 6, 20)
        row[rng.choice(np.arange(2, 20), 4, replace=False)] = 1
        row[:2] = [1, 2]
        rows.append(row)
    profile = Profile(ranks=rows, items=[f"q{i}" for i in range(20)], unranked="absent")
    ahead = {}
    for ties in ("efron", "davidson"):
        logs = rank(profile, "plackett_luce", ties=ties).diagnostics["log_worths"]
        ahead[ties] = logs["q0"] - logs["q1"]
    assert ahead["efron"] == pytest.approx(0.830, abs=0.001)
    assert ahead["davidson"] == pytest.approx(-0.563, abs=0.001)


def test_large_ties_are_exact_and_not_listed_set_by_set() -> None:
    """Ties of twenty among forty: 137,846,528,820 sets, whose sum has a formula where all worths are equal."""
    ranks = np.array([[1] * 20 + [2] * 20, [2] * 20 + [1] * 20, list(range(1, 41)), list(range(40, 0, -1))])
    ballots = distinct_ballots(Profile(ranks=ranks, items=[f"q{i}" for i in range(40)], unranked="last"))
    likelihood = TiedChoices(ballots, "last")
    assert likelihood.sizes == [1, 20]
    value, expected = likelihood.evaluate(np.array([0.0] * 40 + [log(2)]))
    large = np.array(
        [1.0 if left < 20 else float(np.prod([(left - k) / (k + 1) for k in range(20)])) for left in range(41)]
    )
    counted = {left: left + (2 * large[left] if left >= 20 else 0) for left in range(2, 41)}
    tied = 2 * (log(2 / counted[40]) + log(2 / counted[20]))
    single = -2 * sum(log(counted[left]) for left in range(2, 41))
    assert value == pytest.approx((tied + single) / 4, rel=1e-12)
    # Each choice is one: the chances of the items, a tied one counting its part, add up to the number of choices.
    assert expected[:40].sum() == pytest.approx((2 * 2 + 2 * 39) / 4, rel=1e-12)


@pytest.mark.parametrize("ties", ["efron", "davidson"])
def test_a_very_weak_prior_still_gives_an_end(ties: str) -> None:
    rng = np.random.default_rng(4)
    ranks = np.argsort(np.argsort(-(np.arange(12) + rng.gumbel(size=(8, 12))), axis=1), axis=1) + 1
    ranks[:, :3] = 12
    ranks[:, -1] = 1
    profile = Profile(ranks=ranks, items=list("abcdefghijkl"), unranked="last")
    ranking = rank(profile, "plackett_luce", prior=1e-6, ties=ties)
    assert ranking.diagnostics["converged"]
    assert not ranking.diagnostics["mle_exists"]
    assert "l" in ranking.winners


class Recorded(WithPrior):
    """A likelihood that remembers the values it was asked for."""

    def __init__(self, likelihood, prior: float) -> None:
        super().__init__(likelihood, prior)
        self.values: list[float] = []

    def evaluate(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        found = super().evaluate(x)
        self.values.append(found[0])
        return found


def test_a_step_that_lowers_the_likelihood_is_taken_back() -> None:
    rng = np.random.default_rng(1)
    profile = Profile(ranks=rng.integers(1, 10, (24, 30)), items=[f"q{i}" for i in range(30)], unranked="absent")
    likelihood = Recorded(TiedChoices(distinct_ballots(profile), "absent"), 0.01)
    found = fit(likelihood)
    assert found.fallbacks > 0
    assert any(np.diff(likelihood.values) < -1e-3)
    assert found.converged
    assert likelihood.evaluate(found.x)[0] >= max(likelihood.values) - 1e-12


def test_questions_that_the_ballots_treat_alike_share_a_tier_and_a_score() -> None:
    ranking = rank(Profile.from_orders(["abcd", "bcad", "cabd", "dabc"], unranked="last"), "plackett_luce")
    assert ranking.tiers[0] != ("a", "b", "c")
    turning = rank(Profile.from_orders(["abcd", "bcad", "cabd"], unranked="last"), "plackett_luce")
    assert turning.tiers == (("a", "b", "c"), ("d",))
    assert len(set(turning.scores[:3].tolist())) == 1


def test_effective_ballots_are_fewer_where_sides_differ_in_size() -> None:
    orders = ["abc", "bca"] + ["cab"] * 4 + ["acb"] * 4
    sides = ["lived"] * 2 + ["staff"] * 8
    found = rank(Profile.from_orders(orders, unranked="last", sides=sides), "plackett_luce").diagnostics
    assert found["effective_ballots"] == pytest.approx(1 / (0.25 / 2 + 0.25 / 8))
    assert rank(Profile.from_orders(orders, unranked="last"), "plackett_luce").diagnostics["effective_ballots"] == 10


def test_twice_the_ballots_give_the_same_worths_and_errors_smaller_by_the_root_of_two() -> None:
    profile = Profile.from_orders(["abc", "bca", "cba", "acb"], unranked="last")
    once, twice = (rank(each, "plackett_luce") for each in (profile, Profile.from_chunks([profile, profile])))
    assert once.scores.tolist() == twice.scores.tolist()
    for item in "abc":
        ratio = once.diagnostics["standard_errors"][item] / twice.diagnostics["standard_errors"][item]
        assert ratio == pytest.approx(2**0.5, rel=1e-7)


def test_quasi_variances_are_nearest_on_the_logarithms() -> None:
    rng = np.random.default_rng(6)
    root = rng.normal(size=(5, 7))
    covariance = root @ root.T
    found = quasi_variances(covariance)

    def miss(quasi: np.ndarray) -> float:
        return sum(
            log((quasi[i] + quasi[j]) / (covariance[i, i] + covariance[j, j] - 2 * covariance[i, j])) ** 2
            for i, j in combinations(range(5), 2)
        )

    if found is not None:
        for step in np.concatenate([np.eye(5), -np.eye(5)]) * 1e-3:
            assert miss(found + step) > miss(found)
    assert found is not None
    assert quasi_variances(covariance[:2, :2]) is None


@pytest.mark.parametrize("value", [-0.1, 1e-7, 1001, 1e308, float("inf"), float("nan")])
@pytest.mark.parametrize("method", ["plackett_luce", "bradley_terry"])
def test_a_prior_that_is_none_is_refused(method: str, value: float) -> None:
    with pytest.raises(MethodError, match="`prior` must be"):
        rank(Profile.from_orders(["ab"], unranked="last"), method, prior=value)


def test_one_question_alone_has_the_worth_one_whatever_the_prior() -> None:
    alone = Profile.from_orders(["a", "a"], unranked="last")
    for method in ("plackett_luce", "bradley_terry"):
        assert rank(alone, method, prior=0).scores.tolist() == [1.0]


@settings(deadline=None)
@given(profile=profiles(unranked="last", items=st.integers(2, 6)))
def test_bradley_terry_of_ballots_that_compare_everything_has_bordas_order(profile: Profile) -> None:
    spoken = (
        profile.replace(
            ranks=profile.ranks[profile.ranks.any(axis=1)],
            weights=profile.weights[profile.ranks.any(axis=1)],
            strata=None,
            strata_names=(),
            shares=(),
            groups=None,
            group_names=(),
        )
        if profile.ranks.any()
        else profile
    )
    borda, terry = rank(spoken, "borda"), rank(spoken, "bradley_terry")
    assert [set(tier) for tier in borda.tiers] == [set(tier) for tier in terry.tiers]


def test_bradley_terry_wins_expected_are_the_wins_found() -> None:
    """Maximum likelihood: for each item, the sum of its chances over its comparisons is the number it wins."""
    rows = [[1, 2, 0, 0], [2, 0, 1, 1], [0, 1, 2, 3], [3, 0, 0, 1], [1, 1, 2, 0], [0, 2, 0, 1], [2, 1, 0, 3]]
    profile = Profile(ranks=rows, items="abcd", unranked="absent")
    worths = rank(profile, "bradley_terry", prior=0).diagnostics["worths"]
    for i, item in enumerate("abcd"):
        wins = expected = 0.0
        for row in rows:
            for j, other in enumerate("abcd"):
                if j != i and row[i] and row[j]:
                    wins += (row[i] < row[j]) + (row[i] == row[j]) / 2
                    expected += worths[item] / (worths[item] + worths[other])
        assert expected == pytest.approx(wins, abs=1e-7)


@pytest.mark.parametrize("method", ["plackett_luce", "bradley_terry"])
def test_a_millionth_of_a_ballot_has_a_thousand_times_the_error(method: str) -> None:
    """However large these are: a single ballot that says nothing about any pair leaves all to the prior."""
    whole, tiny = (
        rank(Profile.from_orders(["a"], "abcd", unranked="absent", weights=[weight]), method) for weight in (1, 1e-6)
    )
    for name in ("standard_errors", "quasi_standard_errors"):
        expected = {item: 1000 * error for item, error in whole.diagnostics[name].items()}
        assert tiny.diagnostics[name] == pytest.approx(expected, rel=1e-5)
