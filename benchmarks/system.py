"""G13 and G14: ten million ballots from a file, and how long the import takes."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aggregation import PairwiseTally
from benchmarks.panels import names, profile_of, strict
from benchmarks.timing import Line, Timed, check, not_measured, times_slower, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BALLOTS, ITEMS, GROUP = 10_000_000, 30, 250_000

_READ = """
import json, resource, sys, time
from pyarrow.parquet import ParquetFile
start = time.perf_counter()
rows = sum(len(batch) for batch in ParquetFile(sys.argv[1]).iter_batches(1 << 17, use_threads=False))
print(json.dumps([time.perf_counter() - start, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""
_FOLD = """
import json, resource, sys, time
import pyarrow.parquet
from aggregation.fold import fold
start = time.perf_counter()
support = fold([sys.argv[1]], unranked="last").support[0]
seconds = time.perf_counter() - start
print(json.dumps([seconds, support.tolist(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def g13() -> Iterator[Line]:
    """Ten million ballots in Parquet, one core."""
    workload = "fold of 10,000,000 x 30 in Parquet"
    if shutil.disk_usage(tempfile.gettempdir()).free < 2 << 30:
        yield not_measured("G13", workload, "-", "fewer than 2 GB free for the file")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ballots.parquet")
        support = _written(file)
        runs = [(_run(_READ, file), _run(_FOLD, file)) for _ in range(3)]
    for (_, rows, _), (_, counted, _) in runs:
        check(rows == BALLOTS, "not all rows were read")
        check((np.array(counted) == support).all(), "the fold")
    reading, folding = (Timed(min(run[side][0] for run in runs), None) for side in (0, 1))
    yield times_slower("G13", workload, "reading it with pyarrow", folding, reading, 3.5)
    held = max(run[1][2] for run in runs) / 1024
    yield within("G13", workload, "peak memory of the process", held, 300, "MB")


def _written(file: Path) -> NDArray[np.int64]:
    """Row groups of the same ballots about items shuffled anew; gives who is above whom in all of them."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    ballots = strict(GROUP, ITEMS)
    support = PairwiseTally.of(profile_of(ballots)).support[0]
    columns = [pa.array(np.ascontiguousarray(column)) for column in ballots.T]
    total, rng = np.zeros_like(support), np.random.default_rng(1)
    with ParquetWriter(file, pa.schema([(name, pa.uint8()) for name in names(ITEMS)])) as writer:
        for _ in range(BALLOTS // GROUP):
            shuffled = rng.permutation(ITEMS)
            writer.write_table(pa.table([columns[i] for i in shuffled], names=names(ITEMS)))
            total += support[np.ix_(shuffled, shuffled)]
    return total


def _run(program: str, *arguments: object) -> Any:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def g14() -> Iterator[Line]:
    """Importing the library in a fresh process, nine times each, in turn."""
    clock = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"
    taken: dict[str, list[float]] = {"aggregation": [], "numpy": []}
    for _ in range(9):
        for name, seconds in taken.items():
            seconds.append(_run(clock.format(name)))
    ours, theirs = (Timed(statistics.median(seconds), None) for seconds in taken.values())
    yield times_slower("G14", "import aggregation, median of 9", "import numpy", ours, theirs, 2)
