"""Hypothesis without a deadline: the machine that runs the tests may be busy, which says nothing about the code."""

import os

from hypothesis import settings

# Where every test runs a thousand times (tools/mutants) fewer examples have to do.
EXAMPLES = int(os.environ.get("PRIORITY_EXAMPLES", "50"))

settings.register_profile("priority", deadline=None, max_examples=EXAMPLES)
settings.load_profile("priority")
