"""What ballots are made of, checked once: ranks, weights, names, and the codes that sort rows into sides and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation.errors import AggregationError, ProfileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from aggregation.profile import Profile
    from aggregation.ratings import Ratings

WORST_RANK = 65_535
# Weights that are no whole numbers are counted in millionths, so that every later sum is exact.
WEIGHT_UNIT = 1_000_000
MOST_COUNTS = 2**53
# Up to here a float still tells one millionth from the next, so that weights can be added and written again.
MOST_MILLIONTHS = 2**50


def distinct_names(names: Sequence[object], what: str, error: type[AggregationError]) -> tuple[str, ...]:
    """The names as a tuple; refuses one that is empty, no text, or given twice."""
    seen: list[str] = []
    known: set[str] = set()
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name.strip():
            raise error(f"{what}[{place}] must be a name, not {name!r}")
        if name in known:
            raise error(f"{what} names {name!r} twice")
        known.add(name)
        seen.append(name)
    return tuple(seen)


def codes_of(labels: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """One code a label and the names the codes stand for, sorted, so that the order of rows changes nothing.

    Examples
    --------
    >>> codes_of(["professionals", "lived", "lived"])
    (array([1, 0, 0]), ('lived', 'professionals'))
    """
    for row, label in enumerate(labels):
        if not isinstance(label, str):
            raise ProfileError(f"the side or group of row {row} must be a name, not {label!r}")
    names = tuple(sorted(set(labels)))
    place = {name: code for code, name in enumerate(names)}
    return np.array([place[label] for label in labels], dtype=np.int64), names


def checked_codes(
    codes: object, names: Sequence[str], rows: int, what: str, error: type[AggregationError]
) -> NDArray[np.int64]:
    """Codes as a read-only array of shape (rows,); refuses another shape and a code without a name.

    Every name must be used by at least one row: a name nobody bears is a mistake in the input.
    """
    array = np.asarray(codes)
    if array.shape != (rows,) or array.dtype.kind not in "iu":
        raise error(f"`{what}` must be whole numbers of shape ({rows},), not {array.dtype} {array.shape}")
    outside = np.flatnonzero((array < 0) | (array >= len(names)))
    if outside.size:
        raise error(f"`{what}`[{outside[0]}] is {array[outside[0]]}, but there are {len(names)} names for it")
    counts = np.bincount(array.astype(np.int64), minlength=len(names))
    if not counts.all():
        raise error(f"{names[int(np.argmin(counts))]!r} is named in `{what}` but has no ballot")
    result = array.astype(np.int64)
    result.setflags(write=False)
    return result


def checked_sorts(value: Profile | Ratings, n_rows: int, error: type[AggregationError]) -> dict[str, Any]:
    """Sides and groups of the rows of a value, as its fields hold them; refuses names without codes."""
    checked: dict[str, Any] = {}
    for codes, names in (("strata", "strata_names"), ("groups", "group_names")):
        given, known = getattr(value, codes), tuple(getattr(value, names))
        if given is None and known:
            raise error(f"`{names}` is given without `{codes}`")
        if given is not None:
            known = distinct_names(known, names, error)
            given = checked_codes(given, known, n_rows, codes, error)
        checked |= {codes: given, names: known}
    return checked


def checked_ranks(ranks: object, n_items: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Ranks as a read-only array of shape (n_ballots, n_items); refuses what is no whole number from 0 to 65,535.

    The array is a copy, except of one that is read-only already and of the type wanted.
    """
    array = _array_of(ranks, "ranks")
    if array.ndim != 2 or array.shape[1] != n_items:
        raise ProfileError(f"`ranks` must have shape (n_ballots, {n_items}), not {array.shape}")
    if not array.size:
        raise ProfileError("there are no ballots" if n_items else "there are no items")
    if array.dtype.kind not in "iuf":
        raise ProfileError(f"`ranks` must be numbers, not {array.dtype}")
    _check_whole(array)
    narrow = array.dtype == np.uint8 or array.max() <= np.iinfo(np.uint8).max
    wanted = np.dtype(np.uint8 if narrow else np.uint16)
    if array.dtype == wanted and array.base is None and not array.flags.writeable:
        return array
    result: NDArray[np.uint8] | NDArray[np.uint16] = array.astype(wanted)
    result.setflags(write=False)
    return result


def _array_of(values: object, what: str, dtype: type[np.float64] | None = None) -> NDArray[Any]:
    try:
        return np.asarray(values, dtype=dtype)
    except (TypeError, ValueError) as wrong:
        raise ProfileError(f"`{what}` must be numbers, a row a ballot: {wrong}") from wrong


def _check_whole(ranks: NDArray[Any]) -> None:
    """Refuse the first rank that is none; types that hold nothing else are not looked at."""
    if ranks.dtype in {np.dtype(np.uint8), np.dtype(np.uint16)}:
        return
    if ranks.dtype.kind in "iu":
        if ranks.min() >= 0 and ranks.max() <= WORST_RANK:
            return
        wrong = np.argwhere((ranks < 0) | (ranks > WORST_RANK))
    else:
        wrong = np.argwhere(~((ranks >= 0) & (ranks <= WORST_RANK) & (ranks == np.floor(ranks))))
    if wrong.size:
        row, column = wrong[0]
        raise ProfileError(
            f"`ranks`[{row}, {column}] is {ranks[row, column]}; a rank is a whole number from 1 (best) "
            f"to {WORST_RANK}, or 0 for unranked"
        )


def checked_labels(names: Sequence[str], items: tuple[str, ...], error: type[AggregationError]) -> tuple[str, ...]:
    """Labels for people, the ids where there are none; refuses another number of them, and one that is no text."""
    if not len(names):
        return items
    if len(names) != len(items):
        raise error(f"`names` has {len(names)} entries for {len(items)} items")
    for place, name in enumerate(names):
        if not isinstance(name, str):
            raise error(f"names[{place}] must be a text, not {name!r}")
    return tuple(names)


def checked_weights(weights: object, n_ballots: int) -> NDArray[np.float64] | None:
    """Weights as a read-only array of shape (n_ballots,), to six decimals; refuses what is not above 0."""
    if weights is None:
        return None
    array = _array_of(weights, "weights", np.float64)
    if array.shape != (n_ballots,):
        raise ProfileError(f"`weights` must have shape ({n_ballots},), not {array.shape}")
    wrong = np.flatnonzero(~((array >= 1 / WEIGHT_UNIT) & (array <= MOST_COUNTS)))
    if wrong.size:
        raise ProfileError(f"`weights`[{wrong[0]}] is {array[wrong[0]]}; a weight is a number above 0")
    result = np.round(array, 6)
    result.setflags(write=False)
    return result


def are_whole(weights: NDArray[np.float64] | None) -> bool:
    """Whether every weight is a whole number, so that ballots can be counted as they are."""
    return weights is None or bool((weights == np.floor(weights)).all())


def whole_counts(weights: NDArray[np.float64] | None, n_ballots: int) -> NDArray[np.int64]:
    """Weights in whole units, shape (n_ballots,); refuses a sum too large to be counted exactly."""
    if weights is None:
        # One number seen n times: a million ones would take more room than many a million ballots.
        return np.broadcast_to(np.int64(1), (n_ballots,))
    unit, most = (1, MOST_COUNTS) if are_whole(weights) else (WEIGHT_UNIT, MOST_MILLIONTHS)
    rounded = np.rint(weights * unit)
    if rounded.sum() > most:
        raise ProfileError("`weights` add up to more than can be counted exactly")
    counts = rounded.astype(np.int64)
    counts.setflags(write=False)
    return counts
