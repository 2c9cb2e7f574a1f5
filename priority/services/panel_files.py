"""Reads a list of people to invite from a CSV: which rows are good, and what is wrong with each of the others."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from priority.errors import Invalid
from priority.extensions import keys
from priority.texts import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from priority.models import Exercise, StakeholderGroup

MOST_BYTES = 1_900_000  # so that the list still fits when the preview posts it again with its form
MOST_ROWS = 5_000
LONGEST_VALUE = 300
SHOWN = 60
DELIMITERS = (",", ";", "\t")
REQUIRED = ("email", "name", "group")
OTHER_GROUP = "other group"
KNOWN = (*REQUIRED, OTHER_GROUP, "language", "observer")
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"", "no", "n", "false", "0"})


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who can be invited; with an `other_group` they choose whose view they give, before they answer."""

    line: int
    address: str
    name: str
    group: str
    locale: str
    observer: bool
    other_group: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line: where it stands, the value, and why it cannot be taken."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says: good rows, and a problem for each of the others; columns that are not used."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]


class _Bad(Exception):
    """A value of a row cannot be taken."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, value, reason


def decode(data: bytes) -> str:
    """The text of an uploaded file. Refuses, in words, what is not text in UTF-8; it never guesses."""
    if data.startswith(b"PK"):
        raise Invalid(_("This is a workbook or a zip file. Save it as “CSV UTF-8” and choose that file."), field="file")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    return _decoded(data, "utf-8-sig")


def read(exercise: Exercise, text: str) -> Reading:
    """The rows of a list with columns email, name, group and perhaps other group, language and observer.

    Refuses a list without these columns, with too many rows, or too large. An address that stands twice is a problem
    of its second line.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Invalid(_("Paste a list, or choose a file."), field="text")
    if len(text.encode()) > MOST_BYTES:
        raise Invalid(_("This list is larger than 2 MB. Please send it in several parts."), field="text")
    lines = _lines(text)
    columns = _columns(next(lines)[1])
    unused = tuple(column for column in columns if column not in KNOWN)
    rows, problems = [], []
    groups = {name.casefold(): group for group in exercise.groups for name in (group.name, group.key)}
    seen: dict[bytes, int] = {}
    for line, cells in lines:
        try:
            row = _row(line, columns, cells, groups, exercise.locale)
            _refuse_second(row, seen)
            rows.append(row)
        except _Bad as bad:
            problems.append(Problem(line, bad.column, shortened(bad.value), bad.reason))
        if len(rows) + len(problems) > MOST_ROWS:
            raise Invalid(
                _("This list has more than %(most)d rows. Please send it in several parts.", most=MOST_ROWS),
                field="text",
            )
    return Reading(tuple(rows), tuple(problems), unused)


def shortened(value: str) -> str:
    """A value as a problem shows it: on one line, not endless."""
    line = clean_line(value)
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Invalid(
            _(
                "We cannot read the letters on line %(line)d. Save the file as “CSV UTF-8” and choose it again.",
                line=line,
            ),
            field="file",
        ) from None
    if "\x00" in text:
        raise Invalid(_("This file is not a list of text. Save it as “CSV UTF-8” and choose that file."), field="file")
    return text


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line each begins on; empty ones are left out."""
    first = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Invalid(
            _("From line %(line)d on the list cannot be read. Perhaps a quotation mark is missing.", line=begins),
            field="text",
        ) from None


def _columns(cells: list[str]) -> list[str]:
    columns = [clean_line(cell).casefold() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise Invalid(
            _(
                "The first line must name the columns: email, name, group, and perhaps other group, language and "
                "observer. Missing: %(missing)s.",
                missing=", ".join(missing),
            ),
            field="text",
        )
    if any(columns.count(column) > 1 for column in KNOWN):
        raise Invalid(_("A column stands twice in the first line."), field="text")
    return columns


def _row(line: int, columns: list[str], cells: list[str], groups: Mapping[str, StakeholderGroup], locale: str) -> Row:
    if any(cell.strip() for cell in cells[len(columns) :]) or len(cells) < len(REQUIRED):
        reason = _("This line has %(found)d cells, the first line %(n)d.", found=len(cells), n=len(columns))
        raise _Bad(_("whole line"), " | ".join(cells), reason)
    values = dict.fromkeys(KNOWN, "") | {
        column: clean_line(cell) for column, cell in zip(columns, cells, strict=False) if column in KNOWN
    }
    group = _group(values["group"], "group", groups)
    observer = _observer(values["observer"]) or group.side_id is None
    return Row(
        line=line,
        address=_address(values["email"]),
        name=_name(values["name"]),
        group=group.key,
        locale=_locale(values["language"]) or locale,
        observer=observer,
        other_group=_other_group(values[OTHER_GROUP], group, groups, observer=observer),
    )


def _group(value: str, column: str, groups: Mapping[str, StakeholderGroup]) -> StakeholderGroup:
    found = groups.get(value.casefold())
    if found is None:
        names = ", ".join(dict.fromkeys(one.name for one in groups.values()))
        raise _Bad(column, value, _("We do not know this group. The groups are: %(names)s.", names=names))
    return found


def _other_group(
    value: str, group: StakeholderGroup, groups: Mapping[str, StakeholderGroup], *, observer: bool
) -> str | None:
    """The key of somebody's second group; refuses one that gives no answers, and a second one for who looks on."""
    if not value:
        return None
    other = _group(value, OTHER_GROUP, groups)
    if observer or other.side_id is None:
        raise _Bad(OTHER_GROUP, value, _("Only somebody who answers in both groups has two of them to choose from."))
    if other.key == group.key:
        raise _Bad(OTHER_GROUP, value, _("This is the same group again."))
    return other.key


def _address(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        raise _Bad("email", value, _("This is not an e-mail address.")) from None
    return value


def _name(value: str) -> str:
    if not value:
        raise _Bad("name", value, _("The name is missing."))
    if len(value) > LONGEST_VALUE:
        raise _Bad("name", value, _("This name is too long."))
    return value


def _locale(value: str) -> str:
    if not value:
        return ""
    try:
        return str(Locale.parse(value.replace("_", "-"), sep="-")).replace("_", "-")
    except (UnknownLocaleError, ValueError):
        raise _Bad("language", value, _("Languages are written as in en, sv or fr.")) from None


def _observer(value: str) -> bool:
    if value.casefold() not in YES | NO:
        raise _Bad("observer", value, _("Write yes or no."))
    return value.casefold() in YES


def _refuse_second(row: Row, seen: dict[bytes, int]) -> None:
    first = seen.setdefault(keys.lookup(row.address), row.line)
    if first != row.line:
        raise _Bad(
            "email",
            row.address,
            _(
                "This address stands on line %(line)d already. Somebody with two roles has one line, and the second "
                "role in the column “other group”.",
                line=first,
            ),
        )
