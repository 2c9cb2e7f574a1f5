"""The list, for the public and for researchers, and its exports."""
