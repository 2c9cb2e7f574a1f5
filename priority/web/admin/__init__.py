"""For coordinators: an exercise from a template to its published list."""
