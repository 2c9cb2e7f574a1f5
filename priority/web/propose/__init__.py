"""For contributors: ask, and see what became of it."""
