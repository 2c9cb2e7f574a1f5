"""Files folded into one tally: the same as one pass over all ballots, however they are cut and by whom counted."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aggregation import FormatError, MethodError, PairwiseTally, Profile, ProfileError, pieces, read
from aggregation.fold import fold

if TYPE_CHECKING:
    from pathlib import Path

ITEMS = ("q1", "q2", "q3", "q4", "q5")


def table(n: int, seed: int, *, sides: tuple[str, ...] = (), weights: bool = False, first: int = 0) -> str:
    rng = np.random.default_rng(seed)
    header = ["id", *(["side"] if sides else []), *(["weight"] if weights else []), *ITEMS]
    lines = [",".join(header)]
    for row, ranks in enumerate(rng.integers(0, 6, (n, len(ITEMS))).tolist()):
        labels = [f"p{first + row}", *([sides[row % len(sides)]] if sides else [])]
        labels += [f"{1 + row % 3}.25"] if weights else []
        lines.append(",".join([*labels, *("" if rank == 0 else str(rank) for rank in ranks)]))
    return "\n".join(lines) + "\n"


def written(folder: Path, *tables: str) -> list[Path]:
    files = [folder / f"{number}.csv" for number in range(len(tables))]
    for file, text in zip(files, tables, strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def at_once(files: list[Path], unranked: str = "last") -> PairwiseTally:
    """One pass over the ballots of all files in memory."""
    return PairwiseTally.of(Profile.from_chunks(read(file, "rankcsv", unranked=unranked) for file in files))


def same(one: PairwiseTally, other: PairwiseTally) -> bool:
    return (
        (one.items, one.sides, one.unranked, one.unit, one.shares)
        == (other.items, other.sides, other.unranked, other.unit, other.shares)
        and (one.support == other.support).all()
        and (one.n == other.n).all()
        and (one.blank == other.blank).all()
    )


@pytest.mark.parametrize("unranked", ["last", "absent"])
@pytest.mark.parametrize(("sides", "weights"), [((), False), (("lived", "staff"), True)])
def test_files_in_pieces_are_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unranked: str, sides: tuple[str, ...], weights: bool
) -> None:
    files = written(
        tmp_path,
        *(table(n, n, sides=sides, weights=weights, first=1_000 * n) for n in (40, 301, 2)),
    )
    whole = at_once(files, unranked)
    monkeypatch.setattr(pieces, "TEXT", 500)
    assert len(list(pieces.pieces_of(files[1], None))) > 5
    assert same(fold(files, unranked=unranked), whole)


def test_processes_give_what_one_pass_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = written(tmp_path, *(table(200, seed, sides=("lived", "staff"), first=200 * seed) for seed in range(3)))
    monkeypatch.setattr(pieces, "TEXT", 2_000)
    seen: list[tuple[int, int]] = []
    tally = fold(files, unranked="last", processes=2, progress=lambda done, total: seen.append((done, total)))
    assert same(tally, at_once(files))
    assert len(seen) > 6
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1][0] == seen[-1][1]


def test_a_refusal_in_another_process_names_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = written(tmp_path, table(50, 1), table(50, 2).replace("p49,", "p49,x", 1))
    monkeypatch.setattr(pieces, "TEXT", 200)
    with pytest.raises(FormatError, match=r"1\.csv: line 51: column 'q1'"):
        fold(files, unranked="last", processes=2)


def test_sides_that_only_some_files_know_are_joined(tmp_path: Path) -> None:
    files = written(tmp_path, table(9, 1, sides=("staff",)), table(7, 2, sides=("lived",), first=9))
    tally = fold(files, unranked="last", shares={"lived": 0.7, "staff": 0.3})
    assert (tally.sides, tally.n.tolist()) == (("lived", "staff"), [7, 9])
    assert tally.shares == (Fraction(7, 10), Fraction(3, 10))
    with pytest.raises(ProfileError, match="no share"):
        fold(files, unranked="last", shares={"lived": 1})


def test_whole_and_broken_weights_are_counted_in_one_unit(tmp_path: Path) -> None:
    files = written(tmp_path, "weight,a,b\n2,1,2\n", "weight,a,b\n0.5,1,2\n", "a,b\n2,1\n")
    tally = fold(files, unranked="last")
    assert tally.unit == 1_000_000
    assert tally.support.tolist() == [[[0, 2_500_000], [1_000_000, 0]]]


def test_a_line_break_within_quotes_does_not_end_a_ballot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = 'id,"first\nquestion",b\n'
    rows = [f'"person\n{number}",{1 + number % 2},{2 - number % 2}\n' for number in range(99)]
    files = written(tmp_path, header + "".join(rows))
    monkeypatch.setattr(pieces, "TEXT", 33)
    tally = fold(files, unranked="last")
    assert tally.items == ("first\nquestion", "b")
    assert tally.support.tolist() == [[[0, 50], [49, 0]]]
    files = written(tmp_path, header + "".join(rows[:60]) + "someone,one,2\n")
    with pytest.raises(FormatError, match=r"0\.csv: line 123: column"):
        fold(files, unranked="last")


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("b,a\n1,2\n", "its items are not those"),
        ("side,a,b\nlived,1,2\n", "some ballots name a side and some do not"),
        ("a,b\n", "the file has a header but no rows"),
        ("a,b\n1,2,3\n", "line 2: this row has 3 cells"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_name(tmp_path: Path, second: str, reason: str) -> None:
    with pytest.raises(FormatError, match=rf"1\.csv: {reason}"):
        fold(written(tmp_path, "a,b\n1,2\n", second), unranked="last")


def test_ratings_missing_files_and_no_files_are_refused(tmp_path: Path) -> None:
    files = written(tmp_path, "id,a,b\n1,9,7\n")
    with pytest.raises(FormatError, match="file of ratings"):
        fold(files, format="ratingcsv", unranked="last")
    with pytest.raises(FormatError, match=r"none\.csv: the file cannot be opened"):
        fold([tmp_path / "none.csv"], unranked="last")
    with pytest.raises(FormatError, match="no ballots"):
        fold([], unranked="last")
    with pytest.raises(MethodError, match="`processes` must be 1 or more"):
        fold(files, unranked="last", processes=0)


def test_more_ballots_than_can_be_counted_are_refused(tmp_path: Path) -> None:
    files = written(tmp_path, f"weight,a,b\n{2**52},1,2\n") * 600
    with pytest.raises(FormatError, match=r"0\.csv: there are more ballots than can be counted exactly"):
        fold(files, unranked="last")


def test_counts_that_a_finer_unit_would_make_too_large_are_refused(tmp_path: Path) -> None:
    files = written(tmp_path, f"weight,a,b\n{2**50},1,2\n", "weight,a,b\n0.5,1,2\n")
    with pytest.raises(FormatError, match=r"1\.csv: there are more ballots than can be counted exactly"):
        fold(files, unranked="last")


def test_a_large_file_is_not_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting looks at every byte once: ten times the file takes about ten times as long, and no piece is large."""
    monkeypatch.setattr(pieces, "TEXT", 1_000)
    seconds = []
    for n in (2_000, 20_000):
        (file,) = written(tmp_path, table(n, 1))
        start = time.perf_counter()
        parts = list(pieces.pieces_of(file, None))
        seconds.append(time.perf_counter() - start)
        assert max(part.size for part in parts) < 1_100
        assert sum(part.size for part in parts) == file.stat().st_size - len("id,q1,q2,q3,q4,q5\n")
    assert seconds[1] < 100 * seconds[0] + 0.1


class TestParquet:
    """Needs pyarrow, an extra."""

    @pytest.fixture
    def parquet(self):
        return pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: no Parquet file can be read")

    @pytest.fixture
    def arrow(self):
        return pytest.importorskip("pyarrow", reason="pyarrow is not installed: no Parquet file can be read")

    @pytest.mark.parametrize("processes", [1, 2])
    def test_row_groups_are_one_pass(self, tmp_path, arrow, parquet, monkeypatch, processes) -> None:
        rng = np.random.default_rng(1)
        ranks = rng.integers(0, 7, (1_000, 4))
        sides = [("lived", "staff")[row % 7 > 2] for row in range(1_000)]
        columns = {"id": list(range(1_000)), "side": arrow.array(sides).dictionary_encode()}
        columns |= {f"q{i}": arrow.array([int(rank) or None for rank in ranks[:, i]]) for i in range(4)}
        columns["weight"] = rng.integers(1, 5, 1_000)
        file = tmp_path / "ballots.parquet"
        parquet.write_table(arrow.table(columns), file, row_group_size=190)
        monkeypatch.setattr(pieces, "BALLOTS", 77)
        whole = Profile.from_ranks(
            ranks, [f"q{i}" for i in range(4)], unranked="absent", sides=sides, weights=columns["weight"]
        )
        assert same(fold([file], unranked="absent", processes=processes), PairwiseTally.of(whole))

    def test_small_types_and_columns_of_nothing_are_ranks(self, tmp_path, arrow, parquet) -> None:
        file = tmp_path / "ballots.parquet"
        columns = {"a": arrow.array([1, 2], arrow.uint8()), "b": arrow.array([2.0, 1.0]), "c": arrow.nulls(2)}
        parquet.write_table(arrow.table(columns), file)
        assert fold([file], unranked="last").support.tolist() == [[[0, 1, 2], [1, 0, 2], [0, 0, 0]]]

    @pytest.mark.parametrize(
        ("columns", "reason"),
        [
            ({"a": ["x", "y"]}, "column 'a' holds string, not ranks"),
            ({"a": [1.0, 1.5]}, r"`ranks`\[1, 0\] is 1.5"),
            ({"a": [1, -1]}, r"`ranks`\[1, 0\] is -1"),
            ({"side": ["x", "y"]}, "no column with a question"),
            ({"a": [1, 1], "side": ["x", None]}, "a row names no side"),
            ({"a": [1, 1], "round": [1, 2]}, "different rounds"),
            ({"a": [1, 1], "weight": [1, 0]}, r"`weights`\[1\] is 0"),
            ({"a": [1, 1], "weight": [1, None]}, r"`weights`\[1\] is nan"),
        ],
    )
    def test_a_parquet_file_of_something_else_is_refused(self, tmp_path, arrow, parquet, columns, reason) -> None:
        file = tmp_path / "ballots.parquet"
        parquet.write_table(arrow.table(columns), file)
        with pytest.raises(FormatError, match=rf"ballots\.parquet: .*{reason}"):
            fold([file], unranked="last")

    def test_a_damaged_file_is_refused(self, tmp_path, arrow, parquet) -> None:
        file = tmp_path / "ballots.parquet"
        ranks = np.random.default_rng(3).integers(1, 60_000, 20_000)
        parquet.write_table(arrow.table({"a": ranks}), file)
        data = bytearray(file.read_bytes())
        data[4:400] = bytes(396)
        file.write_bytes(data)
        with pytest.raises(FormatError, match=r"ballots\.parquet: "):
            fold([file], unranked="last")

    def test_what_is_no_parquet_or_empty_is_refused(self, tmp_path, arrow, parquet) -> None:
        file = tmp_path / "ballots.parquet"
        file.write_text("a,b\n1,2\n")
        with pytest.raises(FormatError, match=r"ballots\.parquet: this Parquet file cannot be read"):
            fold([file], unranked="last")
        parquet.write_table(arrow.table({"a": arrow.array([], arrow.int8())}), file)
        with pytest.raises(FormatError, match="no ballots"):
            fold([file], unranked="last")


def test_without_pyarrow_the_refusal_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ballots.parquet"
    file.write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(FormatError, match=r"ballots\.parquet: a Parquet file needs pyarrow: pip install"):
        fold([file], unranked="last")
