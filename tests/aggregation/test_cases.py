"""Real files with reference answers of independent programs, read where they lie; see `PRIORITY_CASES`."""

from __future__ import annotations

import json
import os
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from aggregation import FormatError, Profile, Ratings, read
from tests.aggregation.references import CHECKS

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("PRIORITY_CASES", ROOT.parent / "shared" / "data" / "cases"))
CONFORMANCE = ROOT / "docs" / "conformance.md"

READING = {"tied_last": "last", "ignored": "absent", "exhausted": "last"}
FORMAT_KEYS = {"cvotes": "cef"}

# Answered by nobody here: coefficients of raters, which are out of the engine's scope.
OUT_OF_SCOPE = {
    *("brennan_prediger", "cohen_kappa", "conger_kappa", "fleiss_kappa", "gwet_ac1", "icc", "krippendorff_alpha"),
}

# What differs from the reference on purpose; docs/conformance.md says why.
REFUSED = {
    "test2.soi": "line 20: alternative 6 is not declared",
    "mock-all-blank.abif": "no ballot of this file names anything",
}
READ = {"42t.blt", "mpls-tie.blt"}

pytestmark = [pytest.mark.cases, pytest.mark.slow]


def cases() -> list[Any]:
    found = [
        pytest.param(path.parent, case, id=f"{case['file']}-{case['method']}-{i}")
        for path in sorted(CASES.glob("*/*.cases.json"))
        for i, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
        if case["method"] not in OUT_OF_SCOPE
    ]
    reason = pytest.mark.skip(reason=f"there are no cases at {CASES}; set PRIORITY_CASES to where they lie")
    return found or [pytest.param(None, {}, marks=reason)]


@lru_cache(maxsize=8)
def ballots(path: Path, form: str, unranked: str) -> Profile | Ratings:
    return read(path, FORMAT_KEYS.get(form, form), unranked=unranked)


@pytest.mark.parametrize(("folder", "case"), cases())
def test_the_answer_is_the_reference(folder: Path, case: dict[str, Any]) -> None:
    path = folder / case["file"]
    if case["file"] in READ:
        assert ballots(path, case["format"], "last").n_items
        return
    if case["file"] in REFUSED or "error" in case["expected"]:
        with pytest.raises(FormatError, match=REFUSED.get(case["file"], ".")):
            ballots(path, case["format"], "last")
        return
    unranked = READING[case["params"].get("unranked", "tied_last")]
    CHECKS[case["method"]](ballots(path, case["format"], unranked), case)


def test_every_difference_is_explained() -> None:
    text = CONFORMANCE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in (*REFUSED, *READ, *OUT_OF_SCOPE))


def test_the_table_counts_the_answers_as_they_are() -> None:
    counted = Counter(case.values[1].get("method") for case in cases())
    if None in counted:
        pytest.skip(f"there are no cases at {CASES}; set PRIORITY_CASES to where they lie")
    text = CONFORMANCE.read_text(encoding="utf-8")
    assert all(f"\n| `{method}` | {n} | " in text for method, n in counted.items())
    assert f"\n| all | {sum(counted.values())} | " in text
