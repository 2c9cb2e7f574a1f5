"""Candidates whom a file declares by how many there are: 1, 2, 3 and so on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregation.errors import FormatError
from aggregation.formats.text import count_of

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Numbered:
    """The candidates 1 to `n`, as the first line of a file declares them; nothing is made of a large `n` alone."""

    n: int
    line: int

    @classmethod
    def of(cls, text: str, line: int) -> Numbered:
        """As many candidates as the text says."""
        return cls(count_of(text, line, "candidates"), line)

    def has(self, item: str) -> bool:
        """Whether this is the number of a candidate."""
        return bool(_NUMBER.fullmatch(item)) and int(item) <= self.n

    def items(self, named: int) -> list[str]:
        """All ids; refuses where the file gives another number of names than it declares candidates."""
        if named != self.n:
            raise FormatError(f"{self.n} candidates are declared, but {named} are named", line=self.line)
        return [str(number) for number in range(1, self.n + 1)]
