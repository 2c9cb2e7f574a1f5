"""The two files in a bundle, as a stranger may have written them: sizes before bytes, and every fault named."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aggregation.errors import FormatError, ProfileError
from aggregation.formats.rankcsv import read_rankcsv, write_rankcsv
from aggregation.formats.text import short, text_from
from aggregation.shares import exact_share

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction
    from pathlib import Path

    from aggregation.profile import Profile

# What a bundle may hold at most, in bytes once unpacked: a million ballots of sixty items, and their names.
LARGEST = {"ballots.csv": 256 * 2**20, "run.json": 8 * 2**20}
LARGEST_FILE = sum(LARGEST.values())
MOST_MEMBERS = 100
# What reading a zip that somebody damaged may raise; RuntimeError where it asks for what is not built in.
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError, RuntimeError)
DATE = (1980, 1, 1, 0, 0, 0)

TEXT, WHOLE, TABLE, LIST = "a text", "a whole number", "an object", "a list of texts"
KINDS = {
    "bundle": (WHOLE,),
    "method": (TEXT,),
    "parameters": (TABLE,),
    "seats": (WHOLE, "null"),
    "seed": (WHOLE, "null"),
    "unranked": (TEXT,),
    "shares": (TABLE,),
    "items": (LIST,),
    "names": (LIST,),
    "versions": (TABLE,),
    "input_sha256": (TEXT,),
    "ranking_sha256": (TEXT,),
}
INSIDE: dict[str, tuple[type, ...]] = {"parameters": (str, int, float), "shares": (str,), "versions": (str,)}
# A number with a large exponent takes hours to write out, a list of a billion places all memory.
LARGEST_NUMBER = 1_000_000
_HUGE = re.compile(r"[0-9]{19}|[eE][+-]?[0-9]{3}")
_SHARE = re.compile(r"[0-9]{1,9}(/[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Members:
    """The text of both files, and the names of members that are no part of a bundle."""

    ballots: str
    run: str
    ignored: tuple[str, ...]

    def profile(self, run: Mapping[str, Any]) -> Profile:
        """The ballots with what `run.json` says of them; refuses what does not fit together."""
        if run["unranked"] not in {"last", "absent"}:
            raise FormatError('run.json: "unranked" must be "last" or "absent"')
        try:
            profile = read_rankcsv(self.ballots, run["unranked"])
        except FormatError as wrong:
            raise FormatError(f"ballots.csv: {wrong.reason}", line=wrong.line) from wrong
        if list(profile.items) != run["items"]:
            raise FormatError('ballots.csv: its questions are not the "items" of run.json')
        try:
            shares = {name: _share(share) for name, share in run["shares"].items()}
            return profile.replace(names=run["names"]).with_shares(shares) if shares else _alike(profile, run["names"])
        except ProfileError as wrong:
            raise FormatError(f"run.json: {wrong}") from wrong


def _share(text: str) -> Fraction:
    if not _SHARE.fullmatch(text):
        raise ProfileError(f"a share is written as a fraction, not {short(text)!r}")
    return exact_share(text)


def _alike(profile: Profile, names: list[str]) -> Profile:
    if profile.strata is not None:
        raise FormatError('run.json: the ballots have sides, but "shares" names none')
    return profile.replace(names=names)


def ballots_of(profile: Profile) -> str:
    """The table of a profile; refuses one that would not read back as the same ballots."""
    table = write_rankcsv(profile)
    again = read_rankcsv(table, profile.unranked)
    if again.items != profile.items or (again.ranks != profile.ranks).any():
        raise FormatError("these ballots cannot be written as a table that reads back the same")
    return table


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of these members: sorted, of a fixed date, not compressed, so that its bytes are the same everywhere."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, DATE)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, members[name])
    return buffer.getvalue()


def members_of(path: Path) -> Members:
    """The members of the zip at `path`; refuses what is no zip or too large, before unpacking anything."""
    try:
        size = path.stat().st_size
        if size <= LARGEST_FILE:
            with zipfile.ZipFile(path) as archive:
                return _read(archive)
    except FormatError:
        raise
    except OSError as wrong:
        raise FormatError(f"the file cannot be opened: {wrong.strerror or wrong}") from wrong
    except BROKEN as wrong:
        raise FormatError("this is no zip, or a damaged one") from wrong
    raise FormatError(f"the file has {size} bytes; a bundle has at most {LARGEST_FILE}")


def _read(archive: zipfile.ZipFile) -> Members:
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise FormatError(f"the zip has {len(entries)} members; a bundle has two")
    texts = {name: _text(archive, entries, name) for name in LARGEST}
    ignored = tuple(entry.filename for entry in entries if entry.filename not in LARGEST)
    return Members(texts["ballots.csv"], texts["run.json"], ignored)


def _text(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> str:
    found = [entry for entry in entries if entry.filename == name]
    if len(found) != 1:
        raise FormatError(f"the zip has {'no' if not found else 'more than one'} {name}")
    data = _unpacked(archive, found[0])
    try:
        return text_from(data)
    except FormatError as wrong:
        raise FormatError(f"{name}: {wrong.reason}", line=wrong.line) from wrong


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a member, never more than it may have, whatever the zip says."""
    name, most = entry.filename, LARGEST[entry.filename]
    if entry.file_size > most:
        raise FormatError(f"{name} has {entry.file_size} bytes; at most {most} are read")
    if entry.flag_bits & 1 or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FormatError(f"{name} is encrypted, or packed in a way that is not read")
    try:
        with archive.open(entry) as member:
            data = member.read(most + 1)
    except (OSError, *BROKEN) as wrong:
        raise FormatError(f"{name} is damaged") from wrong
    if len(data) > most:
        raise FormatError(f"{name} is larger than the zip says")
    return data


def run_of(text: str) -> dict[str, Any]:
    """What `run.json` says; refuses wrong JSON and an entry that is missing or of another kind."""
    run = _parsed(text)
    for name, kinds in KINDS.items():
        if name not in run:
            raise FormatError(f'run.json: "{name}" is missing')
        if _kind(run[name]) not in kinds:
            raise FormatError(f'run.json: "{name}" must be {" or ".join(kinds)}')
    for name, inside in INSIDE.items():
        for key, value in run[name].items():
            if type(value) not in inside:
                raise FormatError(f'run.json: "{short(key)}" in "{name}" is of a kind that is not held there')
    for key, value in run["parameters"].items():
        if _HUGE.search(value) if isinstance(value, str) else abs(value) > LARGEST_NUMBER:
            raise FormatError(f'run.json: "{short(key)}" in "parameters" is beyond a million')
    if run["seed"] is not None and run["seed"] < 0:
        raise FormatError('run.json: "seed" must be 0 or more')
    return run


def _parsed(text: str) -> dict[str, Any]:
    try:
        run = json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as wrong:
        raise FormatError(f"run.json: this is no JSON: {wrong.msg}", line=wrong.lineno) from wrong
    except (RecursionError, ValueError) as wrong:
        raise FormatError("run.json: this is no JSON that a bundle holds") from wrong
    if not isinstance(run, dict):
        raise FormatError("run.json: this is not an object")
    return run


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, list):
        return LIST if all(isinstance(each, str) for each in value) else "a list"
    names: dict[type, str] = {str: TEXT, int: WHOLE, dict: TABLE}
    return names.get(type(value), "something else")
