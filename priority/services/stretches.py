"""Stretches of a text, by character: cut where a moderator put a line, and moved when a name is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from priority.errors import Invalid
from priority.texts import clean_words

if TYPE_CHECKING:
    from collections.abc import Sequence

Stretch = tuple[int, int]

REMOVED = "[name removed]"
FIELD = "pieces"


def cutting_line(text: str) -> str:
    """The line to put between two pieces: three dashes, or more where the text has such a line of its own."""
    lines, line = {line.strip() for line in text.split("\n")}, "---"
    while line in lines:
        line += "-"
    return line


def pieces(text: str, typed: str) -> list[Stretch]:
    """The stretches of `text` that `typed` marks, which is the same text with cutting lines put in.

    Refuses words that differ from the text in anything but white space at the cuts, and fewer than two pieces.
    """
    found: list[Stretch] = []
    at = 0
    for piece in _between_lines(clean_words(typed), cutting_line(text)):
        start = _skip_white(text, at)
        if not text.startswith(piece, start):
            raise Invalid(_("The words must stay exactly as they are. Only add lines between them."), field=FIELD)
        at = start + len(piece)
        found.append((start, at))
    if _skip_white(text, at) < len(text):
        raise Invalid(_("Some words are missing at the end. Every word needs a place."), field=FIELD)
    if len(found) < 2:
        raise Invalid(_("Put a line with %(line)s between the pieces you see.", line=cutting_line(text)), field=FIELD)
    return found


def check_cover(text: str, within: Stretch, stretches: Sequence[Stretch]) -> list[Stretch]:
    """The stretches in order; refuses one outside `within`, an empty one, two that overlap, and words left over.

    Words that no stretch covers would be words without an answer, so only white space may be left between them.
    """
    ordered, at = sorted(stretches), within[0]
    if len(ordered) < 2:
        raise Invalid(_("A split needs two pieces at least."), field=FIELD)
    for start, end in ordered:
        if start < at or end > within[1] or not text[start:end].strip():
            raise Invalid(_("Pieces must lie inside the words, hold some, and not overlap."), field=FIELD)
        if text[at:start].strip():
            raise Invalid(_("Some words are in no piece. Every word needs a place."), field=FIELD)
        at = end
    if text[at : within[1]].strip():
        raise Invalid(_("Some words are in no piece. Every word needs a place."), field=FIELD)
    return ordered


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text with names taken out, and which runs of it stayed: (place before, place now, length)."""

    text: str
    kept: tuple[tuple[int, int, int], ...]

    def moved(self, stretch: Stretch) -> Stretch:
        """Where a stretch of the earlier text lies now; an end inside what was taken out takes the mark along."""
        return self._start(stretch[0]), self._end(stretch[1])

    def _start(self, point: int) -> int:
        for before, now, length in self.kept:
            if point < before:
                return now - len(REMOVED)
            if point < before + length:
                return now + point - before
        return len(self.text)

    def _end(self, point: int) -> int:
        for before, now, length in self.kept:
            if point <= before:
                return now
            if point <= before + length:
                return now + point - before
        return len(self.text)


def redacted(text: str, typed: str) -> Redacted:
    """`typed` as the text with names taken out; refuses anything but some runs of it replaced by the visible mark."""
    new = clean_words(typed)
    runs = new.split(REMOVED)
    if len(runs) == 1 or new == text:
        raise Invalid(_("Put %(mark)s where the name stood.", mark=REMOVED), field="redacted")
    if not "".join(runs).strip():
        raise Invalid(_("Leave the other words standing."), field="redacted")
    kept = [(0, 0, len(runs[0]))]
    if not text.startswith(runs[0]):
        raise _other_words()
    for run in runs[1:-1]:
        kept.append(_next_run(text, run, text.find(run, _behind(kept) + 1), kept))
    kept.append(_next_run(text, runs[-1], len(text) - len(runs[-1]), kept))
    return Redacted(new, tuple(kept))


def _next_run(text: str, run: str, found: int, kept: list[tuple[int, int, int]]) -> tuple[int, int, int]:
    """A run that stayed, behind a gap of at least one character; refuses one that is not there."""
    if found <= _behind(kept) or not text.startswith(run, found):
        raise _other_words()
    _before, now, length = kept[-1]
    return found, now + length + len(REMOVED), len(run)


def _behind(kept: list[tuple[int, int, int]]) -> int:
    before, _now, length = kept[-1]
    return before + length


def _other_words() -> Invalid:
    return Invalid(_("Only take names out. All other words must stay exactly as they are."), field="redacted")


def _between_lines(typed: str, line: str) -> list[str]:
    runs: list[list[str]] = [[]]
    for each in typed.split("\n"):
        if each.strip() == line:
            runs.append([])
        else:
            runs[-1].append(each)
    return [piece for run in runs if (piece := "\n".join(run).strip())]


def _skip_white(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
