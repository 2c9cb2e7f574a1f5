"""Hypothesis without a deadline: the machine that runs the tests may be busy, which says nothing about the code."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Where every test runs a thousand times (tools/mutants) fewer examples have to do.
EXAMPLES = int(os.environ.get("PRIORITY_EXAMPLES", "50"))

settings.register_profile("priority", deadline=None, max_examples=EXAMPLES)
settings.load_profile("priority")


@pytest.fixture
def ballots(tmp_path: Path) -> str:
    """The name of a small file of ranks, for commands."""
    path = tmp_path / "ballots.csv"
    path.write_text("participant,side,a,b\n1,lived,1,2\n2,staff,2,1\n3,staff,2,1\n", encoding="utf-8")
    return str(path)
