"""Text of strangers as a terminal may show it."""

# They join letters and signs into one, in Persian words as in a family of signs, and do nothing else.
JOINERS = "\u200c\u200d"


def plain(text: str) -> str:
    r"""The text in one line that gives no orders to a terminal: line ends, escapes and turns of direction replaced.

    Examples
    --------
    >>> plain("two\nlines"), plain("grün 😀")
    ('two�lines', 'grün 😀')
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in JOINERS else "\ufffd" for sign in text)
