"""Who moved toward whom: against counts written out, against simulated panels without influence, and with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregation import Ratings, RatingsError, StatisticError
from aggregation.delphi import FIVE, Movement, movement
from tests.aggregation.strategies import NOT_JUDGED, a_panel
from tests.aggregation.test_change import first_with, paired, two_rounds

ARRAYS = (
    *("n", "target", "shift", "nearer", "low", "high", "off", "toward", "by_chance", "beyond_chance"),
    *("overall", "overall_low", "overall_high"),
)
LIVED, STAFF = 0, 1


def two_sides(
    rng: np.random.Generator, lived: int, staff: int, *, influence: float = 0.0, questions: int = 30
) -> tuple[Ratings, Ratings]:
    """Two rounds by people of fixed opinions and passing moods; staff take over a part of what lived had said."""
    sides = ["lived"] * lived + ["staff"] * staff
    apart = np.where(np.array(sides) == "lived", 0.7, -0.7)[:, None] * rng.choice([-1, 1], questions)
    opinions = rng.normal(5.5, 1.2, questions) + apart + rng.normal(0, 1.2, (len(sides), questions))
    first = np.clip(np.rint(opinions + rng.normal(0, 1.3, opinions.shape)), 1, 9)
    opinions[lived:] += influence * (np.median(first[:lived], axis=0) - opinions[lived:])
    second = np.clip(np.rint(opinions + rng.normal(0, 1.3, opinions.shape)), 1, 9)
    first[rng.random(first.shape) < 0.05] = np.nan
    items = [f"q{i}" for i in range(questions)]
    return Ratings.from_values(first, items, sides=sides), Ratings.from_values(second, items, sides=sides)


def moved(rounds: tuple[Ratings, Ratings], **settings: object) -> Movement:
    return movement(*rounds, **({"seed": 1, "draws": 200} | settings))


@settings(max_examples=50)
@given(rounds=two_rounds())
def test_every_mean_and_count_equals_one_written_out(rounds: tuple[Ratings, Ratings]) -> None:
    found = moved(rounds)
    first = rounds[0]
    for i in range(len(found.items)):
        for a, mover in enumerate(found.parts):
            x, y = paired(*(each.by_side()[mover] for each in rounds), i)
            assert found.n[i, a] == len(x)
            assert found.shift[i, a] == pytest.approx((y - x).mean() if len(x) else np.nan, nan_ok=True)
            for b, target in enumerate(found.parts):
                before = first.by_side()[target].values[:, i]
                known = before[~np.isnan(before)]
                middle = np.median(known) if len(known) else np.nan
                assert found.target[i, b] == pytest.approx(middle, nan_ok=True)
                check_directions(found, (i, a, b), x, y, middle)
                if a == b and len(x):
                    by = np.abs(x - np.median(x)) - np.abs(y - np.median(y))
                else:
                    by = np.abs(x - middle) - np.abs(y - middle)
                expected = by.mean() if len(by) else np.nan
                assert found.nearer[i, a, b] == pytest.approx(expected, abs=1e-12, nan_ok=True)


def check_directions(found: Movement, where: tuple[int, int, int], x: np.ndarray, y: np.ndarray, middle: float) -> None:
    orders = []
    for start, end in ((x, y), (y, x)):
        off = (start != middle) & (start != end) & ~np.isnan(middle)
        orders.append((int(off.sum()), int((off & (np.sign(middle - start) == np.sign(end - start))).sum())))
    assert (found.off[where], found.toward[where]) == orders[0]
    both = np.sum(orders, axis=0)
    assert found.by_chance[where] == pytest.approx(both[1] / both[0] if both[0] else np.nan, nan_ok=True)


@settings(max_examples=30)
@given(rounds=two_rounds())
def test_the_rounds_exchanged_turn_the_sign_where_the_target_stays(rounds: tuple[Ratings, Ratings]) -> None:
    """This is why regression to the mean adds nothing: both orders of a pair of answers cancel."""
    first, second = rounds
    ones = first.strata == 0
    target = first_with(first, np.where(ones[:, None], first.values, 5.0))
    forth = moved((target, first_with(first, np.where(ones[:, None], second.values, 5.0))))
    back = moved(
        (
            first_with(first, np.where(ones[:, None], second.values, 5.0)),
            first_with(first, np.where(ones[:, None], first.values, 5.0)),
        )
    )
    np.testing.assert_allclose(forth.nearer[:, 0, -1], -back.nearer[:, 0, -1], atol=1e-12)


@settings(max_examples=30)
@given(rounds=two_rounds(), data=st.data())
def test_nothing_depends_on_the_order_of_rows_or_turns_with_the_scale(
    rounds: tuple[Ratings, Ratings], data: st.DataObject
) -> None:
    found = moved(rounds)
    rows = np.array(data.draw(st.permutations(range(rounds[0].n_people))))
    again = moved(
        tuple(
            Ratings(
                values=each.values[rows],
                items=each.items,
                strata=each.strata[rows],
                strata_names=each.strata_names,
            )
            for each in rounds
        )
    )
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(found, name))
    turned = moved(tuple(first_with(each, 10 - each.values) for each in rounds))
    for name in ("n", "nearer", "off", "toward", "by_chance", "overall"):
        np.testing.assert_allclose(getattr(turned, name), getattr(found, name), atol=1e-12)
    np.testing.assert_allclose(turned.shift, -found.shift, atol=1e-12)


@pytest.mark.slow
def test_without_influence_seven_of_ten_changes_go_toward_the_median_and_no_movement_is_reported() -> None:
    rng = np.random.default_rng(1)
    toward, off, by_chance, alarms, nearer = 0, 0, 0.0, 0, []
    for draw in range(100):
        found = movement(*two_sides(rng, 12, 9), seed=draw, draws=400)
        toward, off = toward + found.toward.sum(), off + found.off.sum()
        by_chance += np.nansum(found.by_chance * found.off)
        nearer.append(found.overall)
        alarms += found.beyond_chance.any()
    assert 0.68 < toward / off < 0.75
    assert by_chance / off == pytest.approx(toward / off, abs=0.02)
    assert np.abs(np.mean(nearer, axis=0)).max() < 0.03
    assert alarms <= 9


@pytest.mark.slow
def test_staff_who_listen_are_found_and_those_listened_to_have_not_moved() -> None:
    rng = np.random.default_rng(2)
    found = [movement(*two_sides(rng, 40, 30, influence=0.5), seed=draw, draws=400) for draw in range(20)]
    assert all(each.overall_low[STAFF, LIVED] > 0 for each in found)
    assert sum(each.beyond_chance[:, STAFF, LIVED].any() for each in found) >= 18
    assert sum(each.beyond_chance[:, LIVED].any() for each in found) <= 2
    assert abs(np.mean([each.overall[LIVED, STAFF] for each in found])) < 0.05


@pytest.mark.slow
def test_the_interval_for_all_questions_holds_nothing_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    held = []
    for draw in range(150):
        found = movement(*two_sides(rng, 30, 25, questions=12), seed=draw, draws=400)
        held.append((found.overall_low <= 0) & (found.overall_high >= 0))
    assert (np.mean(held, axis=0) > 0.86).all()


def test_one_question_on_which_staff_move_toward_carers_and_not_the_reverse() -> None:
    rng = np.random.default_rng(4)
    groups = ["carers"] * 12 + ["patients"] * 12 + ["nurses"] * 12
    values = np.clip(np.rint(rng.normal(6, 1.2, (36, 8))), 1, 9)
    values[:12, 3], values[24:, 3] = rng.integers(8, 10, 12), rng.integers(3, 5, 12)
    after = np.where(rng.random(values.shape) < 0.2, np.clip(values + rng.choice([-1, 1], values.shape), 1, 9), values)
    after[:, 3] = values[:, 3]
    after[24:, 3] += 3
    items = [f"q{i}" for i in range(8)]
    found = movement(
        *(Ratings.from_values(each, items, groups=groups) for each in (values, after)), seed=1, by="groups"
    )
    assert found.parts == ("carers", "nurses", "patients")
    assert np.argwhere(found.beyond_chance[:, :, 0]).tolist() == [[3, 1]]
    assert found.nearer[3, 1, 0] == 3
    assert found.shift[3].tolist() == [0, 3, 0]


def test_a_panel_without_sides_can_only_come_closer_together() -> None:
    found = moved((a_panel([1, 3, 5, 7, 9] * 4), a_panel([3, 4, 5, 6, 7] * 4)))
    assert found.parts == ("",)
    assert found.nearer[0, 0, 0] == pytest.approx(1.2)
    assert found.beyond_chance[0, 0, 0]
    assert found.low[0, 0, 0] < 1.2 < found.high[0, 0, 0]


def test_few_people_are_never_beyond_chance_and_where_all_agree_there_is_no_interval() -> None:
    found = moved((a_panel([1, 1, 1, 9, 9], sides=list("aaabb")), a_panel([9, 9, 9, 9, 9], sides=list("aaabb"))))
    assert found.nearer[0, 0, 1] == 8
    assert not found.beyond_chance.any()
    assert np.isnan(found.low[0, 0, 1])


def test_of_many_parts_a_movement_of_everybody_is_beyond_chance_with_few_draws_too() -> None:
    """Twelve parts have 144 pairs: the level of each is below what 200 exchanges can tell."""
    sides = [f"s{part:02}" for part in range(12) for _ in range(20)]
    found = moved((a_panel([9] * 20 + [2] * 220, sides=sides), a_panel([9] * 240, sides=sides)), draws=200)
    assert (found.nearer[0, 1:, 0] == 7).all()
    assert found.beyond_chance[0, 1:, 0].all()
    assert not found.beyond_chance[0, 0].any()


def test_a_side_without_an_answer_is_no_target_and_moves_nowhere() -> None:
    sides = ["lived"] * 3 + ["staff"] * 2
    found = moved((a_panel([7, 8, 9, NOT_JUDGED, NOT_JUDGED], sides=sides), a_panel([7, 7, 7, 5, 5], sides=sides)))
    assert found.n[0].tolist() == [3, 0]
    assert np.isnan(found.target[0, STAFF])
    assert np.isnan(found.nearer[0, LIVED, STAFF])
    assert np.isnan(found.nearer[0, STAFF]).all()
    assert found.off[0].tolist() == [[1, 0], [0, 0]]


def test_the_seed_alone_decides_the_intervals() -> None:
    rounds = two_sides(np.random.default_rng(5), 10, 8)
    one, same, other = moved(rounds), moved(rounds), moved(rounds, seed=2)
    np.testing.assert_array_equal(one.low, same.low)
    assert (one.low != other.low).any()
    assert not one.low.flags.writeable


def test_what_makes_no_sense_is_refused() -> None:
    panel = a_panel([7, 8])
    with pytest.raises(RatingsError, match="have none"):
        moved((panel, panel), by="groups")
    with pytest.raises(RatingsError, match="same questions"):
        moved((panel, Ratings(values=[[7], [8]], items=["other"])))
    with pytest.raises(RatingsError, match="from 1 to 5"):
        moved((panel, panel), scale=FIVE)
    for wrong in ({"draws": 100}, {"confidence": 0}, {"seed": None}):
        with pytest.raises(StatisticError):
            moved((panel, panel), **wrong)
