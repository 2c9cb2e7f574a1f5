"""Rules that choose some of the items, a file a rule."""
