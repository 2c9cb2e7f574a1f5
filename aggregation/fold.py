"""More ballots than fit in memory, as one tally: files are cut into pieces, the pieces counted, the counts added."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING

import numpy as np

from aggregation.errors import FormatError, MethodError
from aggregation.pieces import naming, pieces_of
from aggregation.shares import shares_by_name
from aggregation.tally import PairwiseTally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from os import PathLike

    from aggregation.pieces import Piece
    from aggregation.profile import Unranked
    from aggregation.shares import ShareLike

# Pieces handed to each process before the first of its answers is waited for; more would only fill the memory.
AHEAD = 3


def fold(
    paths: Iterable[str | PathLike[str]],
    *,
    format: str | None = None,  # noqa: A002 -- the public name
    unranked: Unranked,
    shares: Mapping[str, ShareLike] | None = None,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> PairwiseTally:
    r"""One tally of the ballots of many files, whatever their size.

    Parameters
    ----------
    paths : iterable of path
        Files about the same items in the same order. Parquet, and CSV of ranks beyond 8 MB, are read in pieces;
        any other format whole. In Parquet a column is an item and holds ranks, 1 = best, null or 0 unranked;
        columns `side` and `weight` are what they are in CSV, `participant`, `id`, `group` are passed over.
    format : str, optional
        As in `read`, or "parquet"; by each file's suffix when left out.
    unranked : {"last", "absent"}
        As in `Profile`.
    shares : mapping of side to number, optional
        The share of the say of each side, adding up to 1; equal when left out.
    processes : int
        How many pieces are counted at a time, each in a process of its own; the tally is the same.
    progress : callable, optional
        Called with the bytes of the files that are counted, and of all.

    Returns
    -------
    PairwiseTally

    Raises
    ------
    FormatError
        If a file cannot be read, holds no ballots, or is not about the same items and kind of sides; it names the
        file. A participant given twice is noticed within a file that is read whole, and within a piece.
    MethodError
        If `processes` is below 1.

    Notes
    -----
    Other processes start by importing the program that runs: a script that folds over processes keeps its own work
    under ``if __name__ == "__main__"``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = [Path(folder, name) for name in ("monday.csv", "tuesday.csv")]
    ...     for file in files:
    ...         _ = file.write_text("a,b\n1,2\n1,\n")
    ...     fold(files, unranked="last").support.tolist()
    [[[0, 4], [0, 0]]]
    """
    if processes < 1:
        raise MethodError(f"`processes` must be 1 or more, not {processes}")
    pieces = [piece for path in paths for piece in pieces_of(path, format)]
    total, done = sum(piece.size for piece in pieces), 0
    folded: PairwiseTally | None = None
    for piece, tally in _counted(pieces, unranked, processes):
        if tally is not None:
            folded = tally if folded is None else _together(folded, tally, piece)
        done += piece.size
        if progress is not None:
            progress(done, total)
    if folded is None:
        raise FormatError("the files hold no ballots")
    return replace(folded, shares=shares_by_name(folded.sides, shares) if folded.sides != ("",) or shares else ())


def _counted(
    pieces: Sequence[Piece], unranked: Unranked, processes: int
) -> Iterator[tuple[Piece, PairwiseTally | None]]:
    """Each piece with its tally, in the order of the pieces."""
    processes = min(processes, len(pieces))
    if processes <= 1:
        for piece in pieces:
            yield piece, _count(piece, unranked)
        return
    # Fresh processes: a copy of one in which threads run may stand still for ever. Ctrl-C reaches all of them, and the
    # first ends the others.
    fresh = get_context("spawn")
    with ProcessPoolExecutor(processes, fresh, initializer=signal, initargs=(SIGINT, SIG_IGN)) as pool:
        yield from _ahead(pool, pieces, unranked, processes * AHEAD)


def _ahead(
    pool: Executor, pieces: Iterable[Piece], unranked: Unranked, most: int
) -> Iterator[tuple[Piece, PairwiseTally | None]]:
    waiting: deque[tuple[Piece, Future[PairwiseTally | None]]] = deque()
    try:
        for piece in pieces:
            waiting.append((piece, pool.submit(_count, piece, unranked)))
            if len(waiting) == most:
                first, answer = waiting.popleft()
                yield first, answer.result()
        for first, answer in waiting:
            yield first, answer.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _count(piece: Piece, unranked: Unranked) -> PairwiseTally | None:
    """The tally of one piece, without shares; None where it holds no ballots."""
    folded: PairwiseTally | None = None
    for profile in piece.profiles(unranked):
        tally = replace(PairwiseTally.of(profile), shares=())
        folded = tally if folded is None else _together(folded, tally, piece)
    return folded


def _together(one: PairwiseTally, other: PairwiseTally, piece: Piece) -> PairwiseTally:
    """Both tallies, over the sides of either; refusals name the file of the other."""
    sides = tuple(sorted({*one.sides, *other.sides}))
    unit = max(one.unit, other.unit)
    with naming(piece.path):
        if one.items != other.items:
            raise FormatError("its items are not those of the files before it, or not in the same order")
        if "" in sides and len(sides) > 1:
            raise FormatError("some ballots name a side and some do not")
        return _spread(one, sides, unit) + _spread(other, sides, unit)


def _spread(tally: PairwiseTally, sides: tuple[str, ...], unit: int) -> PairwiseTally:
    """The same counts in a tally that has room for more sides, or counts in a finer unit."""
    if (tally.sides, tally.unit) == (sides, unit):
        return tally
    finer = unit // tally.unit
    rows = [sides.index(side) for side in tally.sides]
    spread = replace(
        tally,
        sides=sides,
        unit=unit,
        support=np.zeros((len(sides), *tally.support.shape[1:]), dtype=np.int64),
        n=np.zeros(len(sides), dtype=np.int64),
        blank=np.zeros(len(sides), dtype=np.int64),
    )
    tally.refuse_beyond_counting(finer)
    for ours, theirs in ((spread.support, tally.support), (spread.n, tally.n), (spread.blank, tally.blank)):
        ours[rows] = theirs * finer
    return spread
