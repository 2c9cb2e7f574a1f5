"""For everybody: home, exercises, help."""
