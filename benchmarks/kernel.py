"""The count in C, called from here; see `kernel.c`."""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def available() -> bool:
    """Whether the kernel could be compiled and this processor runs it."""
    cpu = Path("/proc/cpuinfo")
    return "BENCH_KERNEL" in os.environ and (not cpu.exists() or " avx2 " in cpu.read_text())


@cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(os.environ["BENCH_KERNEL"])


def support_from_rows(ranks: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Who is above whom, by how many, from ranks of shape (n_ballots, n_items); the transposition is part of it."""
    n, m = ranks.shape
    support = np.zeros((m, m), dtype=np.int64)
    _library().count_rows(_bytes(ranks), _long(n), _long(m), _bytes(support))
    return support


def support_from_columns(columns: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The same from columns, shape (n_items, n_ballots), ranks less 1."""
    m, n = columns.shape
    support = np.zeros((m, m), dtype=np.int64)
    _library().count_columns(_bytes(columns), _long(n), _long(m), _long(n), _bytes(support))
    return support


def columns_of(ranks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What `support_from_columns` takes."""
    return np.ascontiguousarray(ranks.T) - np.uint8(1)


def _bytes(array: NDArray[np.generic]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def _long(number: int) -> ctypes.c_int64:
    return ctypes.c_int64(number)
