"""The demo exercise: its words, its people and how it is loaded."""
