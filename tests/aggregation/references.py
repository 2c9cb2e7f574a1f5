"""How an answer of the engine is held against a reference answer, one function a method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aggregation import PairwiseTally, Profile, Ranking, Ratings, StatisticError, elect, rank
from aggregation.delphi import kendall_w, rand_ucla, summarise
from aggregation.distances import kendall_tau_b, spearman_rho
from aggregation.sets import condorcet_winner, schwartz_set, smith_set

if TYPE_CHECKING:
    from collections.abc import Callable

Case = dict[str, Any]


def check_parse(profile: Profile, case: Case) -> None:
    ranked = profile.ranks > 0
    ties = any(len(set(row[row > 0].tolist())) < (row > 0).sum() for row in profile.ranks)
    found = {
        "n_alternatives": profile.n_items,
        "total_weight": pytest.approx(profile.counts.sum() / profile.unit),
        "n_distinct_ballots": len({order_of(row) for row in profile.ranks.tolist()}),
        "blank_weight": pytest.approx(profile.counts[~ranked.any(axis=1)].sum() / profile.unit),
        "complete": bool(ranked.all()),
        "ties": ties,
    }
    assert found == case["expected"]


def order_of(row: list[int]) -> tuple[int, ...]:
    """Dense ranks: ranks need not be, and the same order may be written with other numbers."""
    levels = sorted({rank for rank in row if rank})
    return tuple(levels.index(rank) + 1 if rank else 0 for rank in row)


def check_pairwise(profile: Profile, case: Case) -> None:
    shared = PairwiseTally.of(profile).shared()
    np.testing.assert_allclose(shared.counts / shared.scale, case["expected"]["matrix"], rtol=0, atol=case["tolerance"])


def check_condorcet_winner(profile: Profile, case: Case) -> None:
    assert condorcet_winner(profile) == case["expected"]["winner"]


def check_set(function: Callable[[Profile], tuple[str, ...]]) -> Callable[[Profile, Case], None]:
    def check(profile: Profile, case: Case) -> None:
        assert sorted(function(profile)) == sorted(case["expected"]["set"])

    return check


def ranked(profile: Profile, case: Case) -> Ranking:
    """The ranking by the case's method and parameters, under the names they have here."""
    renamed = {"strength_kind": "strength"}
    parameters = {renamed.get(name, name): value for name, value in case["params"].items() if name != "unranked"}
    return rank(profile, case["method"], **parameters)


def check_ranking(profile: Profile, case: Case) -> None:
    """Scores, tiers and winners, as far as the reference gives them."""
    ranking, expected = ranked(profile, case), case["expected"]
    if "scores" in expected:
        found = dict(zip(ranking.items, ranking.scores, strict=True))
        assert found == pytest.approx(expected["scores"], abs=case["tolerance"])
    if expected.get("ranking") is not None:
        assert [sorted(tier) for tier in ranking.tiers] == [sorted(tier) for tier in expected["ranking"]]
    if "winners" in expected:
        assert sorted(ranking.winners) == sorted(expected["winners"])


def check_schulze(profile: Profile, case: Case) -> None:
    check_ranking(profile, case)
    weak_order = ranked(profile, case).diagnostics["weak_order"]
    assert weak_order == case["expected"]["strict_relation_is_weak_order"]


def check_ranked_pairs(profile: Profile, case: Case) -> None:
    ranking, expected = ranked(profile, case), case["expected"]
    assert ranking.diagnostics["all_tie_breaks"]
    if expected["unique"]:
        check_ranking(profile, case)
    else:
        assert sorted(ranking.winners) == sorted(expected["winners_over_tiebreaks"])


def check_bucklin(profile: Profile, case: Case) -> None:
    check_ranking(profile, case)
    diagnostics = ranked(profile, case).diagnostics
    assert diagnostics["round"] == case["expected"]["round"]
    assert diagnostics["votes"] == pytest.approx(case["expected"]["votes"], abs=case["tolerance"])


def check_irv(profile: Profile, case: Case) -> None:
    ranking, expected = ranked(profile, case), case["expected"]
    assert sorted(ranking.winners) == sorted(expected["winners"])
    if "elimination_order" in expected:
        assert list(ranking.diagnostics["elimination_order"]) == expected["elimination_order"]
    if "rounds" in expected:
        votes = [each["votes"] for each in ranking.diagnostics["rounds"]]
        assert votes == [pytest.approx(each, abs=case["tolerance"]) for each in expected["rounds"]]


def check_kemeny(profile: Profile, case: Case) -> None:
    ranking, expected = rank(profile, "kemeny"), case["expected"]
    assert ranking.diagnostics["cost"] == pytest.approx(expected["distance"], abs=case["tolerance"])
    assert ranking.diagnostics["optimal"]
    assert ranking.diagnostics["n_optimal"] == expected["n_optimal"]
    orders = expected["optimal_rankings"]
    if orders:
        assert sorted(ranking.diagnostics["optimal_orders"]) == sorted(orders)
        assert [item for tier in ranking.tiers for item in tier] in orders
        heads = np.cumsum([len(tier) for tier in ranking.tiers]).tolist()
        common = [n for n in range(1, profile.n_items + 1) if len({frozenset(order[:n]) for order in orders}) == 1]
        assert heads == common


def check_footrule(profile: Profile, case: Case) -> None:
    diagnostics = rank(profile, "footrule").diagnostics
    assert diagnostics["optimal"]
    assert diagnostics["cost"] == pytest.approx(case["expected"]["distance"], abs=case["tolerance"])


def check_plackett_luce(profile: Profile, case: Case) -> None:
    expected = case["expected"]
    if not expected["mle_exists"]:
        with pytest.raises(StatisticError):
            rank(profile, "plackett_luce", prior=0)
        return
    diagnostics = rank(profile, "plackett_luce", prior=0).diagnostics
    assert diagnostics["mle_exists"]
    assert diagnostics["worths"] == pytest.approx(expected["worths"], abs=case["tolerance"])


def check_stv(profile: Profile, case: Case) -> None:
    expected = case["expected"]
    committee = elect(profile, "stv_wigm", case["params"]["seats"])
    assert sorted(committee.members) == sorted(expected["elected"])
    if expected["order"] is not None:
        assert list(committee.order) == expected["order"]
    assert float(committee.diagnostics["quota"]) == expected["quota"]


def check_rank_correlation(ratings: Ratings, case: Case) -> None:
    mean_rank = ratings.values.mean(axis=0)
    expected = case["expected"]
    assert kendall_tau_b(mean_rank, expected["true_ranking"]) == pytest.approx(expected["kendall_tau_b"])
    assert spearman_rho(mean_rank, expected["true_ranking"]) == pytest.approx(expected["spearman_rho"])


def check_summary(ratings: Ratings, case: Case) -> None:
    summary = summarise(ratings)
    assert set(case["expected"]) == set(ratings.items)
    for item, wanted in case["expected"].items():
        i = ratings.items.index(item)
        low, high = summary.low_of(i), summary.high_of(i)
        found = {
            "n": summary.n[i],
            "missing": summary.missing[i],
            "min": summary.minimum[i],
            "q1": summary.q1[i],
            "median": summary.median[i],
            "q3": summary.q3[i],
            "max": summary.maximum[i],
            "iqr": summary.q3[i] - summary.q1[i],
            "mean": summary.mean[i],
            "pct_1_3": 100 * low.hits / low.n,
            "pct_4_6": 100 * (low.n - low.hits - high.hits) / low.n,
            "pct_7_9": 100 * high.hits / high.n,
        }
        assert found == pytest.approx({name: wanted[name] for name in found}, abs=case["tolerance"])
        if "published_agreement" in wanted:
            assert (summary.median[i] >= 7) == (wanted["published_agreement"] == "agree")
            assert (summary.q3[i] - summary.q1[i] <= 3) == wanted["published_consensus"]


def check_rand_ucla(ratings: Ratings, case: Case) -> None:
    summary = summarise(ratings)
    for rule, key in (("linear", "type7"), ("weibull", "type6")):
        results = rand_ucla(summary, percentile=rule)
        for item, wanted in case["expected"].items():
            i = ratings.items.index(item)
            result = results[i]
            found = {
                "p30": float(result.p30),
                "p70": float(result.p70),
                "ipr": float(result.ipr),
                "asymmetry_index": float(result.asymmetry),
                "ipras": float(result.ipras),
                "disagreement": result.disagreement,
            }
            assert found == pytest.approx(wanted[key], abs=case["tolerance"])
            assert (float(result.median), result.n) == (wanted["median"], wanted["n"])
            assert (summary.low[i], summary.high[i]) == (wanted["n_1_3"], wanted["n_7_9"])
            assert result.classic_disagreement == wanted["classic_thirds_disagreement"]


def check_kendall_w(ratings: Ratings, case: Case) -> None:
    result = kendall_w(ratings.values, fewest=2)
    found = {
        "raters": result.raters,
        "items": result.items,
        "W_uncorrected": result.uncorrected,
        "W": result.w,
        "chi2": result.chi2,
        "df": result.df,
        "p": result.p_value(),
    }
    assert found == pytest.approx(case["expected"], abs=case["tolerance"])
    if result.raters < 5:
        with pytest.raises(StatisticError):
            kendall_w(ratings.values)


CHECKS: dict[str, Callable[[Any, Case], None]] = {
    "parse": check_parse,
    "pairwise": check_pairwise,
    "condorcet_winner": check_condorcet_winner,
    "smith_set": check_set(smith_set),
    "schwartz_set": check_set(schwartz_set),
    "borda": check_ranking,
    "copeland": check_ranking,
    "minimax": check_ranking,
    "schulze": check_schulze,
    "ranked_pairs": check_ranked_pairs,
    "bucklin": check_bucklin,
    "black": check_ranking,
    "baldwin": check_ranking,
    "nanson": check_ranking,
    "irv": check_irv,
    "kemeny": check_kemeny,
    "footrule": check_footrule,
    "plackett_luce": check_plackett_luce,
    "stv": check_stv,
    "rank_correlation": check_rank_correlation,
    "item_summary": check_summary,
    "rand_ucla": check_rand_ucla,
    "kendall_w": check_kendall_w,
}
