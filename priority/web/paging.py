"""Which page of a long list an address asks for."""

from __future__ import annotations

from flask import request

LONGEST = 6


def page_number() -> int:
    """The page that the address asks for; the first where it asks for none, or for one that no list has."""
    text = request.args.get("page", "")
    asked = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return max(1, int(text)) if asked else 1
