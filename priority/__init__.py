"""Priority: from a patient's own words to a researcher's agenda, and the answer back."""

__version__ = "0.1.0"
