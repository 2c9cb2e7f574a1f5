"""The pages, a folder for each journey: load, guard, act, redirect."""
