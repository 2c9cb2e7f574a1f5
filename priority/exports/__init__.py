"""Documents, all made from the same report."""
