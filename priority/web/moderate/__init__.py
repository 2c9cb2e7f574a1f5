"""For moderators: from the queue to summary questions."""
