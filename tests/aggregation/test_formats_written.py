"""Files that are written: what is read back is what was written, or writing is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aggregation import FormatError, Profile, read, write
from aggregation.formats import SUFFIXES, read_text
from aggregation.formats.preflib import write_preflib
from aggregation.formats.rankcsv import write_rankcsv
from tests.aggregation.strategies import profiles

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("PRIORITY_CASES", ROOT.parent / "shared" / "data" / "cases"))
# Files that are no ballots, or that are refused, which is tested with the cases.
REFUSED = {"commasquare.abif", "mock-all-blank.abif", "test2.soi", "mqp_half.csv"}
WRITERS = {"preflib": write_preflib, "rankcsv": write_rankcsv}

NAMES = st.text(st.sampled_from("ab1,;:=#\"'{}\\\t\r\n é>\u2028\0\ufeff|[]("), min_size=1, max_size=5)


def pairs(profile: Profile) -> dict[tuple[object, ...], int]:
    """The ballots as a bag: side, group and order of each, and its weight in units."""
    found: dict[tuple[object, ...], int] = {}
    ballots = profile.compress()
    for row in range(ballots.n_ballots):
        side = None if ballots.strata is None else ballots.strata_names[ballots.strata[row]]
        group = None if ballots.groups is None else ballots.group_names[ballots.groups[row]]
        found[side, group, *ballots.ranks[row].tolist()] = int(ballots.counts[row])
    return found


def pooled(profile: Profile) -> Profile:
    return profile.pooled().replace(groups=None, group_names=())


@given(profile=profiles())
def test_a_table_of_ranks_reads_back_as_it_was(profile: Profile) -> None:
    again = read_text(write_rankcsv(profile), "rankcsv", unranked=profile.unranked)
    np.testing.assert_array_equal(again.ranks, profile.ranks)
    assert again.items == profile.items
    assert pairs(again) == pairs(profile)
    assert again.unit == profile.unit


@given(profile=profiles())
def test_preflib_reads_back_the_same_ballots(profile: Profile) -> None:
    again = read_text(write_preflib(pooled(profile)), "preflib", unranked=profile.unranked)
    assert again.items == profile.items
    assert again.names == profile.names
    assert pairs(again) == pairs(pooled(profile))


@given(ids=st.lists(NAMES, min_size=1, max_size=3, unique=True), form=st.sampled_from(sorted(WRITERS)))
def test_whatever_items_are_called_they_read_back_or_are_refused(ids: list[str], form: str) -> None:
    assume(all(name.strip() for name in ids))
    profile = Profile(ranks=[range(len(ids)), [1] * len(ids)], items=ids, unranked="last")
    try:
        text = WRITERS[form](profile)
    except FormatError:
        assert any(name != name.strip() or set(name) & set("\r\n\0") for name in ids)
        return
    again = read_text(text, form)
    assert again.items == profile.items
    assert pairs(again) == pairs(profile)


@given(labels=st.lists(NAMES, min_size=2, max_size=2), ids=st.sampled_from([("1", "2"), ("a", "b"), ("7", "x")]))
def test_preflib_keeps_labels_beside_ids(labels: list[str], ids: tuple[str, str]) -> None:
    profile = Profile(ranks=[[1, 2]], items=ids, names=labels, unranked="last")
    try:
        again = read_text(write_preflib(profile), "preflib")
    except FormatError:
        assert any(label != label.strip() or set(label) & set("\r\n\0") for label in labels)
        return
    assert (again.items, again.names) == (ids, tuple(labels))


@given(sides=st.lists(NAMES, min_size=2, max_size=2))
def test_whatever_sides_are_called_they_read_back_or_are_refused(sides: list[str]) -> None:
    assume(all(name.strip() for name in sides))
    profile = Profile.from_ranks([[1, 2], [2, 1]], ["a", "b"], unranked="last", sides=sides, groups=sides)
    try:
        text = write_rankcsv(profile)
    except FormatError:
        assert any(name != name.strip() or "\0" in name for name in sides)
        return
    assert pairs(read_text(text, "rankcsv")) == pairs(profile)


def test_weights_that_are_no_whole_numbers_are_written_to_six_decimals() -> None:
    profile = Profile(ranks=[[1], [1]], items=["a"], unranked="last", weights=[1 / 3, 1e-6])
    assert write_rankcsv(profile).splitlines() == ['"weight","a"', "0.333333,1", "0.000001,1"]


@pytest.mark.parametrize(
    ("ranks", "kind"),
    [([[1, 2]], "soc"), ([[1, 0]], "soi"), ([[1, 1]], "toc"), ([[2, 2], [0, 1]], "toi"), ([[0, 0]], "soi")],
)
def test_the_data_type_is_the_narrowest_that_holds_the_ballots(ranks: list[list[int]], kind: str) -> None:
    assert write_preflib(Profile(ranks=ranks, items=["a", "b"], unranked="last")).startswith(f"# DATA TYPE: {kind}\n")


TIES = Profile(ranks=[[1, 1], [1, 0]], items=["a", "b"], unranked="last")


@pytest.mark.parametrize(
    ("profile", "kind", "reason"),
    [
        (TIES, "soi", "these ballots are toi; soi cannot hold them"),
        (TIES, "toc", "these ballots are toi; toc cannot hold them"),
        (TIES, "cat", "PrefLib is written as soc, soi, toc or toi, not 'cat'"),
        (Profile.from_ranks([[1]], ["a"], unranked="last", sides=["x"]), None, "no place for sides"),
        (Profile.from_ranks([[1]], ["a"], unranked="last", groups=["x"]), None, "no place for sides and groups"),
        (Profile.from_ranks([[1]], ["a"], unranked="last", weights=[0.5]), None, "whole numbers"),
    ],
)
def test_preflib_refuses_what_it_cannot_hold(profile: Profile, kind: str | None, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        write_preflib(profile, kind)


@pytest.mark.parametrize("items", [["side"], ["a", "Group"], ["a", "ROUND"], ["weight"], ["id", "a"], ["Participant"]])
def test_a_table_refuses_items_that_would_be_read_as_labels(items: list[str]) -> None:
    with pytest.raises(FormatError, match="would be read as a label"):
        write_rankcsv(Profile(ranks=[[1] * len(items)], items=items, unranked="last"))


def test_an_item_may_be_called_id_where_it_is_not_first() -> None:
    profile = Profile(ranks=[[1, 2]], items=["a", "id"], unranked="last")
    assert read_text(write_rankcsv(profile), "rankcsv").items == profile.items
    weighted = Profile(ranks=[[1, 2]], items=["id", "a"], unranked="last", weights=[2])
    assert read_text(write_rankcsv(weighted), "rankcsv").items == weighted.items


@pytest.mark.parametrize("name", ["x.csv", "x.SOI", "x.toi", "x.dat"])
def test_a_file_is_written_by_its_suffix_or_by_a_named_format(tmp_path: Path, name: str) -> None:
    profile = Profile(ranks=[[1, 0], [0, 0]], items=["é", "b"], unranked="last", weights=[2, 1])
    form = None if name != "x.dat" else "preflib"
    write(profile, tmp_path / name, form)
    assert pairs(read(tmp_path / name, form)) == pairs(profile)
    if name == "x.toi":
        assert "DATA TYPE: toi" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "form", "reason"),
    [
        ("x.txt", None, "cannot be told from the suffix"),
        ("x.blt", None, "the format 'blt' is not written; preflib, rankcsv are"),
        ("x.cat", None, "soc, soi, toc or toi, not 'cat'"),
        ("x.soc", None, "these ballots are toi; soc cannot hold them"),
        ("no/x.csv", None, "the file cannot be written"),
        ("\0.csv", None, "cannot be the name of a file"),
        ("x.csv", "csv", "there is no format 'csv'"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path, name: str, form: str | None, reason: str) -> None:
    with pytest.raises(FormatError, match=reason):
        write(TIES, tmp_path / name, form)
    assert not list(tmp_path.iterdir())


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="half a character"):
        write(Profile(ranks=[[1]], items=["\ud800"], unranked="last"), tmp_path / "x.csv")


@pytest.mark.cases
@pytest.mark.skipif(not CASES.is_dir(), reason=f"there are no cases at {CASES}; set PRIORITY_CASES to where they lie")
def test_two_formats_tell_the_same_election() -> None:
    blt = read(CASES / "droop" / "Springburn-2007.blt")
    preflib = read(CASES / "preflib" / "00008-00000021.soi")
    assert [name.lower() for name in blt.names] == [name.lower() for name in preflib.names]
    assert pairs(blt) == pairs(preflib)


def files() -> list[object]:
    every = [path for path in sorted(CASES.glob("*/*")) if SUFFIXES.get(path.suffix) and path.parent.name != "stats"]
    found = [path for path in every if path.name not in REFUSED]
    skipped = pytest.mark.skip(reason=f"there are no cases at {CASES}; set PRIORITY_CASES to where they lie")
    return [pytest.param(path, id=path.name) for path in found] or [pytest.param(None, marks=skipped)]


@pytest.mark.cases
@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("path", files())
def test_every_file_of_the_cases_reads_back_once_written(path: Path, writer: str) -> None:
    profile = read(path, "scotcsv" if path.parent.name == "scotcsv" else None)
    write_text: Callable[[Profile], str] = WRITERS[writer]
    again = read_text(write_text(profile), writer)
    assert again.items == profile.items
    assert pairs(again) == pairs(profile)
