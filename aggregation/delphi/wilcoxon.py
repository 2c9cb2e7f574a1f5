"""Wilcoxon's signed-rank test between two rounds, for those who ask for it: a panel is no random sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from aggregation.delphi.pairs import joint_counts
from aggregation.delphi.resampling import check_draws
from aggregation.delphi.scale import NINE
from aggregation.errors import StatisticError
from aggregation.frozen import Frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aggregation.delphi.scale import Scale
    from aggregation.ratings import Ratings

Zeros = Literal["pratt", "drop"]
TestMethod = Literal["exact", "permutation", "normal"]

# With more people who changed, the exact distribution takes long and the others differ from it by nothing that matters.
MOST_FOR_EXACT = 400


@dataclass(frozen=True, slots=True, eq=False)
class SignedRanks(Frozen):
    """The signed-rank test of each question; arrays have shape (n_items,) and are read-only.

    Parameters
    ----------
    items : tuple of str
    n, changed : ndarray of int
        People with both answers, and those who gave another the second time.
    up, down : ndarray of float
        Sums of the ranks of those who went up and down, by size of change, ties at their mean rank. With "pratt" who
        did not change has the lowest ranks, and counts in neither.
    p : ndarray of float
        Two-sided chance of sums as far apart or further, if up and down were equally likely; 1 where nobody changed,
        nan where nobody gave both answers. With few changers it cannot be small: five give .0625 at least.
    """

    items: tuple[str, ...]
    n: NDArray[np.int64]
    changed: NDArray[np.int64]
    up: NDArray[np.float64]
    down: NDArray[np.float64]
    p: NDArray[np.float64]


def wilcoxon(
    before: Ratings,
    after: Ratings,
    *,
    zeros: Zeros = "pratt",
    method: TestMethod = "exact",
    scale: Scale = NINE,
    draws: int = 9999,
    seed: int | None = None,
) -> SignedRanks:
    """Wilcoxon's signed-rank test of each question, two-sided.

    Parameters
    ----------
    before, after : Ratings
        The same people row by row, the same questions; who has one answer only counts nowhere.
    zeros : {"pratt", "drop"}
        Who did not change is ranked and then left out, or left out first.
    method : {"exact", "permutation", "normal"}
        "exact": over all signs, given the sizes with their ties. "permutation": over `draws` random signs from `seed`,
        the one seen among them. "normal": by the normal approximation, corrected for ties, not for continuity.
    scale : Scale

    Raises
    ------
    RatingsError
        If the people or the questions differ, or an answer is not on the scale.
    StatisticError
        If a method does not exist, more than 400 people changed for the exact one, or draws lack a seed.

    References
    ----------
    F. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945) 80-83. J. W. Pratt, Remarks on
    zeros and ties in the Wilcoxon signed rank procedures, Journal of the American Statistical Association 54 (1959)
    655-667.

    Examples
    --------
    Five of ten changed, all upward: no exact test can give less than 2 / 2^5.

    >>> from aggregation import Ratings
    >>> first, second = ([7, 8, 5, 9, 6, 7, 3, 8, 7, 6], [7, 8, 6, 9, 7, 7, 5, 8, 8, 7])
    >>> both = [Ratings(values=[[each] for each in column], items=["a"]) for column in (first, second)]
    >>> wilcoxon(*both).p[0], wilcoxon(*both, method="normal").p[0].round(6)
    (np.float64(0.0625), np.float64(0.0265))
    """
    if zeros not in get_args(Zeros) or method not in get_args(TestMethod):
        raise StatisticError(f"there is no test by {zeros!r} and {method!r}")
    check_draws(draws if method == "permutation" else 0, seed)
    joint = joint_counts(before, after, scale)
    up, down = _by_size(joint, scale.values)
    n, changed = joint.sum(axis=(1, 2)), (up + down).sum(axis=1)
    doubled = _doubled_ranks(up + down, n - changed if zeros == "pratt" else 0 * changed)
    sums = [(each * doubled).sum(axis=1) for each in (up, down)]
    if method == "normal":
        p = _normal(up + down, doubled, sums[0] - sums[1])
    elif method == "exact":
        p = _exact(before.items, up + down, doubled, np.maximum(*sums))
    else:
        p = _permuted(up + down, doubled, np.abs(sums[0] - sums[1]), draws, np.random.default_rng(seed))
    arrays = {
        "n": n,
        "changed": changed,
        "up": sums[0] / 2,
        "down": sums[1] / 2,
        "p": np.where(n > 0, np.where(changed > 0, p, 1.0), np.nan),
    }
    for array in arrays.values():
        array.setflags(write=False)
    return SignedRanks(items=before.items, **arrays)


def _by_size(joint: NDArray[np.int64], points: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many went up, and down, by each size of change in ascending order; each (n_items, n_sizes)."""
    step = points - points[:, None]
    # Equal steps of a scale such as .1, .2, .3 differ by rounding.
    sizes = np.round(np.abs(step), 9)
    kinds = np.unique(sizes[sizes > 0])
    way = ((step > 0), (step < 0))
    up, down = (
        np.stack([(joint * (sense & (sizes == size))).sum(axis=(1, 2)) for size in kinds], axis=1) for sense in way
    )
    return up, down


def _doubled_ranks(sizes: NDArray[np.int64], unchanged: NDArray[np.int64]) -> NDArray[np.int64]:
    """Twice the mean rank of each size of change, (n_items, n_sizes)."""
    up_to = sizes.cumsum(axis=1) + unchanged[:, None]
    return np.asarray(2 * up_to - sizes + 1)


def _normal(sizes: NDArray[np.int64], doubled: NDArray[np.int64], apart: NDArray[np.int64]) -> NDArray[np.float64]:
    from scipy.special import ndtr

    spread = np.sqrt((sizes * doubled.astype(np.float64) ** 2).sum(axis=1))
    z = np.divide(np.abs(apart), spread, out=np.zeros(len(apart)), where=spread > 0)
    return np.asarray(2 * ndtr(-z))


def _exact(
    items: tuple[str, ...], sizes: NDArray[np.int64], doubled: NDArray[np.int64], larger: NDArray[np.int64]
) -> NDArray[np.float64]:
    most = sizes.sum(axis=1)
    if most.max() > MOST_FOR_EXACT:
        item = int(most.argmax())
        raise StatisticError(
            f"{most[item]} people changed their answer to {items[item]!r}; the exact test is for "
            f"{MOST_FOR_EXACT} at most, so ask for the permutation test or the normal approximation"
        )
    return np.array([_tail(*each) for each in zip(sizes.tolist(), doubled.tolist(), larger.tolist(), strict=True)])


def _tail(sizes: list[int], doubled: list[int], larger: int) -> float:
    """Twice the chance that the ranks going one way add up to `larger` or more, each way being equally likely."""
    from scipy.special import comb

    chances = np.ones(1)
    for size, rank in zip(sizes, doubled, strict=True):
        grown = np.zeros(len(chances) + size * rank)
        for up in range(size + 1):
            start = up * rank
            grown[start : start + len(chances)] += chances * (comb(size, up) / 2.0**size)
        chances = grown
    return min(1.0, 2 * float(chances[larger:].sum()))


def _permuted(
    sizes: NDArray[np.int64],
    doubled: NDArray[np.int64],
    apart: NDArray[np.int64],
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    reached = np.zeros(len(sizes), dtype=np.int64)
    for _ in range(draws):
        drawn = ((2 * rng.binomial(sizes, 0.5) - sizes) * doubled).sum(axis=1)
        reached += np.abs(drawn) >= apart
    return np.asarray((1 + reached) / (1 + draws))
