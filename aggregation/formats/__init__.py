"""Files of ballots and ratings, read with every fault named by its line."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from aggregation.errors import FormatError
from aggregation.formats.preflib import read_preflib
from aggregation.formats.tables import read_rankcsv, read_ratingcsv
from aggregation.formats.text import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from aggregation.profile import Profile, Unranked
    from aggregation.ratings import Ratings

FORMATS: Mapping[str, Callable[[str, Unranked], Profile | Ratings]] = MappingProxyType(
    {
        "preflib": read_preflib,
        "rankcsv": read_rankcsv,
        "ratingcsv": lambda text, _unranked: read_ratingcsv(text),
    }
)

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {".soc": "preflib", ".soi": "preflib", ".toc": "preflib", ".toi": "preflib", ".cat": "preflib", ".csv": "rankcsv"}
)


def read(
    path: str | PathLike[str],
    format: str | None = None,  # noqa: A002 -- the public name
    *,
    unranked: Unranked = "last",
) -> Profile | Ratings:
    """The ballots or ratings of a file.

    Parameters
    ----------
    path : path
        The file, in UTF-8, with or without a byte order mark.
    format : str, optional
        A key of `FORMATS`: "preflib" (soc, soi, toc, toi, cat), "rankcsv", "ratingcsv". When left out, by the
        suffix; ".csv" is "rankcsv".
    unranked : {"last", "absent"}
        How a `Profile` reads what its ballots leave out; see there.

    Returns
    -------
    Profile or Ratings
        Ratings for "ratingcsv".

    Raises
    ------
    FormatError
        If there is no such file or format, or a line cannot be read; it names the line and the reason.
    """
    path = Path(path)
    key = SUFFIXES.get(path.suffix.lower()) if format is None else format
    if key is None:
        raise FormatError(f"the format cannot be told from the suffix; name one of {', '.join(FORMATS)}")
    if key not in FORMATS:
        raise FormatError(f"there is no format {key!r}; there are {', '.join(FORMATS)}")
    return FORMATS[key](text_of(path), unranked)
