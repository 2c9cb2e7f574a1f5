"""Opaque ids and short codes that people can type: Crockford's base 32, without I, L, O and U."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
CODE_LENGTH = 10
_LOOK_ALIKE = str.maketrans({"o": "0", "i": "1", "l": "1"})


def base32(data: bytes, length: int) -> str:
    """The first `length` characters (5 bits each) of `data` in Crockford's alphabet, lower case."""
    if length * 5 > len(data) * 8:
        raise ValueError("`data` is too short for that many characters.")
    number = int.from_bytes(data) >> (len(data) * 8 - length * 5)
    return "".join(ALPHABET[number >> shift & 31] for shift in range((length - 1) * 5, -1, -5))


def new_public_id() -> str:
    """A fresh id of 128 random bits, 26 characters, that says nothing about what it names."""
    return base32(secrets.token_bytes(17), 26)


def spaced(code: str) -> str:
    """A code in groups that are easy to read out: `7kq2m-x4p9d`, `abcd-efgh-jkmnp`."""
    groups = (4, 4, 5) if len(code) == 13 else (5,) * (-(-len(code) // 5))
    parts, start = [], 0
    for size in groups:
        parts.append(code[start : start + size])
        start += size
    return "-".join(parts)


def typed(text: str) -> str:
    """What somebody typed as a code, made whole: case, spaces, hyphens and look-alikes do not matter."""
    kept = "".join(letter for letter in text.lower() if letter.isalnum())
    return kept.translate(_LOOK_ALIKE)
