"""People's words, made clean once at the door; after that nothing changes them."""

from __future__ import annotations

import re

# NUL and control characters except line feed and tab, and the marks that turn the direction of a text behind the
# reader's back. U+200C to U+200F stay: Persian, Arabic and emoji need them.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean_words(text: str) -> str:
    """Words as they may be kept: line feeds only, no control characters, no white space around."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_line(text: str) -> str:
    """The same on a single line: every run of white space becomes one space."""
    return " ".join(clean_words(text).split())
