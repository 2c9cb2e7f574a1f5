"""For panelists: rate, read what others answered, put in order."""
