"""Hypothesis without a deadline: the machine that runs the tests may be busy, which says nothing about the code."""

from hypothesis import settings

settings.register_profile("priority", deadline=None, max_examples=50)
settings.load_profile("priority")
