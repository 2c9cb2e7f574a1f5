"""Texts that are alike: by the runs of three to five letters that they share, in any language that has letters.

Two texts with the same letters are alike; two with the same meaning in other words are not found.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from collections.abc import Sequence

SHORTEST, LONGEST = 3, 5


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts, by their places in what was given, and how alike they are: 1 the same letters, 0 nothing shared."""

    first: int
    second: int
    likeness: float


def closest_pairs(texts: Sequence[str], most: int) -> list[Alike]:
    """The pairs of texts that are most alike, the closest first; fewer where fewer share anything.

    There is no threshold: what is closest among these texts is a reason to read the two, not a finding.
    """
    if len(texts) < 2 or most < 1:
        return []
    vectors = _vectors(texts)
    likeness = np.triu((vectors @ vectors.T).toarray(), k=1)
    order = np.argsort(-likeness, axis=None, kind="stable")[:most]
    found = zip(*np.unravel_index(order, likeness.shape), strict=True)
    return [Alike(int(i), int(j), float(min(likeness[i, j], 1))) for i, j in found if likeness[i, j] > 0]


def _vectors(texts: Sequence[str]) -> csr_array:
    """A row of length 1 for each text (or of length 0 without letters): its runs, the rarer the heavier."""
    counts = [_runs(text) for text in texts]
    names = {run: at for at, run in enumerate(sorted(set().union(*counts)))}
    rows = [row for row, runs in enumerate(counts) for _run in runs]
    columns = [names[run] for runs in counts for run in runs]
    values = np.array([1 + np.log(n) for runs in counts for n in runs.values()], dtype=float)
    shared = np.bincount(columns, minlength=len(names))
    values = values * (1 + np.log((1 + len(texts)) / (1 + shared[columns]))) if columns else values
    table = csr_array((values, (rows, columns)), shape=(len(texts), max(1, len(names))))
    lengths = np.sqrt(table.multiply(table).sum(axis=1))
    scale = np.divide(1, lengths, out=np.zeros_like(lengths, dtype=float), where=lengths > 0)
    return csr_array(table.multiply(scale[:, None]))


def _runs(text: str) -> Counter[str]:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return Counter(
        padded[at : at + size]
        for padded in (f" {word} " for word in words)
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(padded) - size + 1)
    )
