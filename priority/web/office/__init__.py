"""For whoever looks after the installation."""
