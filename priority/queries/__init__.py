"""Reads, shaped as the pages need them: one SELECT each, frozen dataclasses out, nothing lazy in a template."""
