"""Files of ballots and ratings, read with every fault named by its line; PrefLib and CSV are written."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aggregation.errors import FormatError
from aggregation.formats.text import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from aggregation.profile import Profile, Unranked
    from aggregation.ratings import Ratings


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files: what it is, by which suffixes it is known, and whether it can be written.

    The functions `read_<key>` and `write_<key>` are in the module of that name, imported when first asked for.
    """

    key: str
    label: str
    suffixes: tuple[str, ...] = ()
    is_written: bool = False
    holds: str = "ballots"

    def function(self, verb: str) -> Callable[..., Any]:
        """The function that does this ("read", "write") with a text of the format."""
        module = import_module(f"aggregation.formats.{self.key}")
        found: Callable[..., Any] = getattr(module, f"{verb}_{self.key}")
        return found


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        each.key: each
        for each in (
            Format(
                "preflib",
                "PrefLib orders: soc, soi, toc, toi, cat",
                (".soc", ".soi", ".toc", ".toi", ".cat"),
                is_written=True,
            ),
            Format("rankcsv", "CSV of ranks, a row a ballot", (".csv",), is_written=True),
            Format("ordercsv", "CSV of orders, a row a ballot, best first"),
            Format("ratingcsv", "CSV of ratings, a row a person", holds="ratings"),
            Format("scotcsv", "CSV of a Scottish council election"),
            Format("abif", "Aggregated Ballot Information Format", (".abif",)),
            Format("blt", "BLT, STV elections", (".blt",)),
            Format("cef", "Condorcet Election Format", (".cvotes", ".cef")),
        )
    }
)

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {suffix: each.key for each in FORMATS.values() for suffix in each.suffixes}
)


def read(
    path: str | PathLike[str],
    format: str | None = None,  # noqa: A002 -- the public name
    *,
    unranked: Unranked | None = None,
) -> Profile | Ratings:
    """The ballots or ratings of a file.

    Parameters
    ----------
    path : path
        The file, in UTF-8, with or without a byte order mark.
    format : str, optional
        A key of `FORMATS`. When left out, by the suffix; ".csv" is "rankcsv".
    unranked : {"last", "absent"}, optional
        How a `Profile` reads what its ballots leave out; see there. When left out, "last", unless the file itself
        says otherwise, as the Condorcet Election Format can.

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
    form = _format_of(path, format)
    return read_text(text_of(path), form.key, unranked=unranked)


def read_text(text: str, format: str, *, unranked: Unranked | None = None) -> Profile | Ratings:  # noqa: A002 -- as `read`
    """The ballots or ratings in the text of a file; see `read`."""
    form = _format_of(Path(), format)
    reader = form.function("read")
    if form.holds == "ratings":
        result: Ratings = reader(text)
        return result
    profile: Profile = reader(text, unranked if form.key == "cef" else unranked or "last")
    return profile


def write(
    profile: Profile,
    path: str | PathLike[str],
    format: str | None = None,  # noqa: A002 -- as `read`
) -> None:
    """A file of the ballots that `read` reads back.

    Parameters
    ----------
    profile : Profile
        What is written.
    path : path
        Where to; what is there is written over.
    format : {"preflib", "rankcsv"}, optional
        When left out, by the suffix: .soc, .soi, .toc, .toi, .csv.

    Raises
    ------
    FormatError
        If the format cannot hold the profile (it says why), or the file cannot be written.

    See Also
    --------
    aggregation.formats.preflib.write_preflib, aggregation.formats.rankcsv.write_rankcsv : what is kept, what is lost.
    """
    path = Path(path)
    form = _format_of(path, format)
    if not form.is_written:
        written = ", ".join(each.key for each in FORMATS.values() if each.is_written)
        raise FormatError(f"the format {form.key!r} is not written; {written} are")
    suffix = path.suffix.lower()
    kind = {"kind": suffix[1:]} if form.key == "preflib" and suffix in form.suffixes else {}
    text = form.function("write")(profile, **kind)
    try:
        path.write_bytes(text.encode("utf-8"))
    except UnicodeEncodeError as wrong:
        raise FormatError("a name holds half a character, which cannot be written as UTF-8") from wrong
    except OSError as wrong:
        raise FormatError(f"the file cannot be written: {wrong.strerror}") from wrong
    except ValueError as wrong:
        raise FormatError("this cannot be the name of a file") from wrong


def _format_of(path: Path, key: str | None) -> Format:
    key = SUFFIXES.get(path.suffix.lower()) if key is None else key
    if key is None:
        raise FormatError(f"the format cannot be told from the suffix; name one of {', '.join(FORMATS)}")
    if key not in FORMATS:
        raise FormatError(f"there is no format {key!r}; there are {', '.join(FORMATS)}")
    return FORMATS[key]
