"""`tally` and `recompute`: counting more ballots than fit in memory, and computing a result again."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aggregation.account import account_of
from aggregation.bundle import recompute
from aggregation.cli.listing import Listing, noted
from aggregation.fold import fold
from aggregation.voices import as_numbers

if TYPE_CHECKING:
    from argparse import Namespace


def folded(options: Namespace) -> Listing:
    """The pairwise counts over all files together, each file read in chunks."""
    tally = fold(
        options.files,
        format=options.input_format,
        unranked=options.unranked or "last",
        processes=options.processes,
        progress=_bar if sys.stderr.isatty() else None,
    )
    items = tally.items
    value = account_of(tally) | {
        "items": list(items),
        "support": {
            side: as_numbers(layer, tally.unit) for side, layer in zip(tally.sides, tally.support, strict=True)
        },
    }
    rows = [
        (side, item, *row) for side, layer in value["support"].items() for item, row in zip(items, layer, strict=True)
    ]
    return Listing(
        columns=("side", "above", *items),
        rows=tuple(rows),
        value=value,
        notes=noted(account_of(tally)),
    )


def _bar(done: int, total: int) -> None:
    width = 40
    filled = width * done // max(total, 1)
    sys.stderr.write(f"\r[{'#' * filled}{'.' * (width - filled)}] {done} of {total}{chr(10) if done >= total else ''}")
    sys.stderr.flush()


def recomputed(options: Namespace) -> Listing:
    """The stored digests beside those of the ranking computed again; exit code 1 where they differ."""
    found = recompute(options.file)
    return Listing(
        columns=("what", "stored", "computed", "same"),
        rows=(
            ("input", found.stored_input, found.computed_input, found.input_same),
            ("ranking", found.stored_ranking, found.computed_ranking, found.ranking_same),
        ),
        value=found.as_dict(),
        notes=(f"method: {found.method}", "the same" if found.same else "NOT the same"),
        exit_code=0 if found.same else 1,
    )
