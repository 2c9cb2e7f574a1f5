"""`python -m aggregation`: what it prints, where, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aggregation import METHODS, RULES, elect, rank, read
from aggregation.cli import main


@pytest.fixture
def ratings(tmp_path: Path) -> str:
    path = tmp_path / "ratings.csv"
    path.write_text("id,side,q1,q2\n1,lived,9,1\n2,staff,7,\n3,staff,8,\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("method", METHODS)
def test_rank_prints_just_what_the_library_gives(ballots: str, method: str, capsys: pytest.CaptureFixture[str]) -> None:
    needed = {"positional": {"vector": "2,1"}}.get(method, {})
    settings = [f"{name}={value}" for name, value in needed.items()]
    command = ["rank", ballots, "--method", method, "--format", "json"]
    assert main([*command, "--set", *settings] if settings else command) == 0
    value = json.loads(capsys.readouterr().out)
    assert list(value) == ["method", "items", "tiers", "ranks", "scores", "winners", "diagnostics"]
    assert value == json.loads(json.dumps(rank(read(ballots), method, **needed).as_dict()))


def test_shares_and_parameters_are_passed_on(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["rank", ballots, "--method", "jla", "--format", "json"]
    main([*command, "--set", "k=1", "rescore=top10", "--shares", "lived=0.75", "staff=0.25"])
    value = json.loads(capsys.readouterr().out)
    assert value["winners"] == ["a"]
    assert value["scores"] == [1.5, 0.5]
    assert value["diagnostics"]["sides"]["lived"]["share"] == "3/4"


def test_rank_as_a_table_and_as_csv(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["rank", ballots, "--method", "borda", "--shares", "lived=0.25", "staff=0.75"])
    table = capsys.readouterr().out.splitlines()
    assert table[0].split() == ["rank", "item", "name", "score"]
    assert [line.split() for line in table[1:3]] == [["1", "b", "b", "0.75"], ["2", "a", "a", "0.25"]]
    main(["rank", ballots, "--method", "kemeny", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows == [{"rank": "1", "item": i, "name": i, "score": ""} for i in "ab"]


def test_rank_without_a_method_is_borda_and_says_so(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rank", ballots]) == 0
    assert "\nmethod: borda\n" in capsys.readouterr().out


def test_output_goes_to_a_file(ballots: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.json"
    assert main(["rank", ballots, "--method", "borda", "--format", "json", "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["method"] == "borda"
    assert main(["methods", "--output", str(tmp_path / "no" / "such")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_ratings_are_described_for_all_and_for_each_side(ratings: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ratings", ratings, "--format", "json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["people"], value["percentile"]) == (3, "weibull")
    rows = {(row["item"], row["side"]): row for row in value["items"]}
    assert (rows["q1", ""]["n"], rows["q1", ""]["median"], rows["q1", ""]["high"]) == (3, 8, 3)
    assert rows["q2", "staff"]["median"] is None
    assert rows["q2", "staff"]["missing"] == 2
    assert rows["q2", "lived"]["low"] == 1


def test_ratings_without_sides_have_no_side_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r.csv"
    path.write_text("q\n7\n", encoding="utf-8")
    main(["ratings", str(path), "--format", "csv", "--percentile", "linear"])
    header, row = capsys.readouterr().out.splitlines()
    assert header.startswith("item,n,missing,")
    assert row.startswith("q,1,0,")


def test_methods_are_listed_with_their_claims(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["key"] for row in rows] == [*METHODS, *RULES]
    assert main(["methods"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [*METHODS, *RULES]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["rank", "FILE", "--method", "borda", "--shares", "lived=1"], "'staff' has ballots but is given no share"),
        (["rank", "FILE", "--method", "borda", "--input-format", "ratingcsv"], "a ranking needs ranks"),
        (["ratings", "FILE", "--input-format", "rankcsv"], "these statistics need ratings"),
        (["rank", "missing.csv", "--method", "borda"], "cannot be opened"),
        (["rank", "FILE", "--method", "borda", "--input-format", "preflib"], "line 1: an order is written"),
    ],
)
def test_a_refusal_ends_with_one_and_a_reason(
    ballots: str, arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([ballots if each == "FILE" else each for each in arguments]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert reason in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["rank"],
        ["rank", "FILE", "--method", "nobody"],
        ["rank", "FILE", "--method", "borda", "--set", "k=1"],
        ["rank", "FILE", "--method", "jla", "--set", "k"],
        ["rank", "FILE", "--method", "borda", "--shares", "lived"],
        ["rank", "FILE", "--method", "borda", "--format", "xml"],
    ],
)
def test_a_wrong_command_ends_with_two(ballots: str, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([ballots if each == "FILE" else each for each in arguments])
    assert end.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_the_module_runs_and_starts_without_scipy(ballots: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aggregation", "rank", ballots, "--method", "borda", "--format", "csv"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("rank,item,name,score\n")
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, aggregation, aggregation.delphi; print('scipy' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout == "False\n"


def answer(capsys: pytest.CaptureFixture[str], *command: str) -> dict[str, object]:
    """The JSON that a command prints; it must end well."""
    assert main([*command, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("rule", RULES)
def test_elect_prints_just_what_the_library_gives(ballots: str, rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    value = answer(capsys, "elect", ballots, "--rule", rule, "--seats", "1")
    assert list(value) == ["rule", "members", "order", "rounds", "diagnostics"]
    assert value == json.loads(json.dumps(elect(read(ballots), rule, 1).as_dict()))


def test_elect_as_a_table_has_the_count_below_it(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elect", ballots, "--rule", "stv_wigm", "--seats", "1", "--shares", "lived=0.75", "staff=0.25"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["1", "a", "a"]
    assert any(line.startswith("stage 1: elected a; ") for line in lines)


def test_summary_counts_and_names_who_wins_the_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pairs.toi"
    header = "# DATA TYPE: toi\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n# ALTERNATIVE NAME 3: C\n"
    path.write_text(f"{header}3: 1,2,3\n2: 2,{{1,3}}\n1: 3\n", encoding="utf-8")
    value = answer(capsys, "summary", str(path))
    assert value["pairwise"] == [[0, 3, 3], [2, 0, 5], [1, 1, 0]]
    assert (value["ballots"], value["blank"], value["rows"], value["distinct_ballots"]) == (6, 0, 3, 3)
    assert (value["complete"], value["ties"]) == (False, True)
    assert (value["ballots_with_ties"], value["ballots_incomplete"]) == (2, 1)
    assert (value["condorcet_winner"], value["smith_set"], value["schwartz_set"]) == ("1", ["1"], ["1"])
    absent = answer(capsys, "summary", str(path), "--unranked", "absent")
    assert absent["pairwise"] == [[0, 3, 3], [2, 0, 5], [0, 0, 0]]


def test_compare_has_every_method_or_why_it_gives_no_list(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    value = answer(capsys, "compare", ballots)
    assert {*value["methods"], *value["refused"]} == set(METHODS)
    assert value["methods"]["borda"]["ranks"] == rank(read(ballots), "borda").ranks.tolist()
    assert "positional" in value["refused"]
    one = answer(capsys, "compare", ballots, "--k", "1", "--shares", "lived=0.25", "staff=0.75")
    assert one["families"]["agree"]["b"] == [5, 5]


def test_intervals_hold_the_place_and_are_the_same_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "panel.csv"
    path.write_text("a,b,c\n" + "1,2,3\n" * 9 + "1,3,2\n" * 8 + "3,1,2\n", encoding="utf-8")
    command = ["intervals", str(path), "--seed", "7", "--draws", "200", "--k", "1", "--set", "unranked=absent"]
    value = answer(capsys, *command)
    assert value == answer(capsys, *command)
    assert all(lo <= place <= hi for lo, place, hi in zip(value["lo"], value["ranks"], value["hi"], strict=True))
    assert value["p_top_k"][0] > 0.99
    assert (value["lo"][0], value["hi"][0]) == (1, 1)


def test_tally_adds_up_files_and_says_which_one_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []
    for number, rows in enumerate(("1,2\n1,2\n", "2,1\n")):
        paths.append(str(tmp_path / f"part{number}.csv"))
        (tmp_path / f"part{number}.csv").write_text(f"a,b\n{rows}", encoding="utf-8")
    value = answer(capsys, "tally", *paths)
    assert value["support"] == {"": [[0, 2], [1, 0]]}
    assert value["ballots"] == 3
    assert main(["tally", paths[0], str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["rank", "--method", "schulze"], ["elect", "--rule", "stv_meek", "--seats", "1"]])
def test_a_bundle_that_was_written_is_computed_again(
    ballots: str, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = tmp_path / "run.zip"
    assert main([command[0], ballots, *command[1:], "--bundle", str(bundle)]) == 0
    capsys.readouterr()
    assert answer(capsys, "recompute", str(bundle))["same"] is True


def test_a_bundle_whose_ballots_were_changed_ends_with_one(
    ballots: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, forged = tmp_path / "run.zip", tmp_path / "forged.zip"
    assert main(["rank", ballots, "--bundle", str(bundle)]) == 0
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(forged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"\nstaff,2,1", b"\nstaff,1,2", 1))
    capsys.readouterr()
    assert main(["recompute", str(forged)]) == 1
    assert "NOT the same" in capsys.readouterr().out


def test_a_bundle_that_cannot_be_written_ends_with_one(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rank", ballots, "--bundle", "/no/such/folder/run.zip"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_parameters_may_be_set_one_after_the_other(ballots: str, capsys: pytest.CaptureFixture[str]) -> None:
    value = answer(capsys, "rank", ballots, "--method", "jla", "--set", "k=1", "--set", "rescore=top10")
    assert (value["diagnostics"]["k"], value["diagnostics"]["rescore"]) == (1, "top10")


def test_tables_name_their_columns(
    ballots: str, ratings: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = str(tmp_path / "run.zip")
    wanted = {
        ("elect", ballots, "--rule", "phragmen", "--seats", "1", "--bundle", bundle): "chosen,item,name",
        ("recompute", bundle): "what,stored,computed,same",
        ("intervals", "PANEL", "--seed", "1"): "item,name,lo,hi,simultaneous_lo,simultaneous_hi,p_top_k",
        ("methods",): "method,command,label,family,parameters,source",
    }
    panel = tmp_path / "panel.csv"
    panel.write_text("a,b\n" + "1,2\n" * 9 + "2,1\n" * 5, encoding="utf-8")
    for command, header in wanted.items():
        assert main([*(str(panel) if word == "PANEL" else word for word in command), "--format", "csv"]) == 0
        assert capsys.readouterr().out.splitlines()[0] == header
    assert answer(capsys, "ratings", ratings)["quartiles"] == "type 7"
    assert answer(capsys, "intervals", str(panel), "--seed", "1")["k"] == 10


def test_groups_verdicts_and_agreement_are_printed_in_blocks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        "side,group,q\nlived,patients,9\nlived,carers,8\nstaff,nurses,7\nstaff,nurses,2\n", encoding="utf-8"
    )
    value = answer(capsys, "ratings", str(path), "--groups")
    rows = {(row["side"], row["group"]): row for row in value["items"]}
    assert list(rows) == [
        *[("", ""), ("lived", ""), ("staff", "")],
        *[("", "carers"), ("", "nurses"), ("", "patients")],
    ]
    assert rows["", ""]["any_group"] == "in"
    assert rows["", ""]["70_15_both_sides"] == "none"
    assert rows["lived", ""]["any_group"] is None
    assert (rows["", "nurses"]["sd"], rows["", "carers"]["sd"]) == (pytest.approx(12.5**0.5), None)
    assert value["average_majority"] == {"hits": 3, "n": 4}
    assert main(["ratings", str(path)]) == 0
    blocks = capsys.readouterr().out.split("\n\n")
    headings = [block.splitlines()[0] for block in blocks]
    assert headings[:5] == ["answers", "high and low", "agreement", "RAND/UCLA", "verdicts by rule"]
    assert [len(block.splitlines()) for block in blocks[:5]] == [5, 5, 5, 5, 3]
    assert blocks[0].splitlines()[1].split()[:3] == ["item", "side", "n"]


def test_other_scales_have_no_appropriateness_and_refuse_nine_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "criteria.csv"
    path.write_text("answerable,fair\n1,0\n1,0.5\n1,\n", encoding="utf-8")
    value = answer(capsys, "ratings", str(path), "--scale", "chnri")
    answerable, fair = value["items"]
    assert (answerable["high"], answerable["70_15_pooled"], fair["low"]) == (3, "in", 1)
    assert not {"p30", "rand_ucla", "iqr_2_median_7", "any_group"} & set(fair)
    assert main(["ratings", str(path), "--scale", "1-5"]) == 1
    assert "'fair') is 0; this statistic is for whole numbers from 1 to 5" in capsys.readouterr().err


@pytest.fixture
def rounds(tmp_path: Path) -> tuple[str, str]:
    """The earlier and the later of two rounds: b answers only the earlier, e only the later, and q3 is new."""
    before = ["participant,side,q1,q2", "a,lived,9,3", "b,lived,9,4", "c,staff,6,5", "d,staff,2,cannot_judge"]
    after = ["participant,side,q3,q2,q1", "d,staff,5,5,2", "e,staff,5,5,5", "c,staff,5,5,7", "a,lived,5,,9"]
    for name, lines in (("before.csv", before), ("after.csv", after)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(tmp_path / "before.csv"), str(tmp_path / "after.csv")


def test_two_rounds_are_compared_person_by_person(rounds: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    before, after = rounds
    value = answer(capsys, "ratings", after, "--before", before)
    rows = {(row["item"], row["side"]): row for row in value["items"]}
    assert rows["q3", ""]["pairs"] is None
    assert rows["q1", ""]["n"] == 4
    assert [rows["q1", ""][name] for name in ("pairs", "changed", "crossed")] == [3, 1, 1]
    assert [rows["q1", "staff"][name] for name in ("pairs", "changed", "crossed")] == [2, 1, 1]
    assert [rows["q2", ""][name] for name in ("pairs", "changed")] == [1, 0]
    assert [rows["q2", "lived"][name] for name in ("pairs", "stability")] == [0, "unknown"]
    assert main(["ratings", after, "--before", before, "--margin", "40"]) == 0
    out = capsys.readouterr().out
    assert "since the round before\nitem  side   pairs" in out
    assert "stable is fewer than 40 % crossed" in out


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("side,q1\nlived,9\n", "before.csv: there is no first column `participant`"),
        ("participant,side,q1\n,lived,9\n", "before.csv: row 1 names no participant"),
        ("participant,side,q1\nz,lived,9\n", "nobody is in"),
        ("participant,side,q9\na,lived,9\n", "no question is in"),
        ("participant,side,q1\na,staff,9\n", "participant 'a' is of the side 'staff' in one round and of 'lived'"),
        ("participant,q1\na,9\nz,9\n", "no file names the side of participant 'z'"),
        ("participant,side,q1\na,lived,11\n", "11; this statistic is for whole numbers from 1 to 9"),
    ],
)
def test_rounds_that_cannot_be_compared_are_refused(
    rounds: tuple[str, str], before: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier, later = rounds
    Path(earlier).write_text(before, encoding="utf-8")
    assert main(["ratings", later, "--before", earlier]) == 1
    assert reason in capsys.readouterr().err


def test_an_earlier_round_that_is_missing_or_written_over_is_refused(
    rounds: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    earlier, later = rounds
    assert main(["ratings", later, "--before", earlier + ".gone"]) == 1
    assert ".gone: the file cannot be opened" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["ratings", later, "--before", earlier, "--output", earlier])
    assert "is the file that is read" in capsys.readouterr().err


def test_groups_of_two_rounds_may_be_named_in_one_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "b.csv", tmp_path / "a.csv"
    before.write_text("participant,group,q\na,x,9\nb,,1\n", encoding="utf-8")
    after.write_text("participant,q\na,9\nb,5\nc,5\n", encoding="utf-8")
    value = answer(capsys, "ratings", str(after), "--before", str(before), "--groups")
    assert [(row["pairs"], row["crossed"]) for row in value["items"]] == [(2, 1)]


def test_sides_are_compared_and_tests_are_only_for_those_who_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.csv"
    sides = [("lived", 9), ("lived", 8), ("lived", 7), ("lived", 8), ("lived", 9), ("lived", 6), ("lived", 8)]
    sides += [("staff", 5), ("staff", 6), ("staff", 7), ("staff", 4), ("staff", 6), ("staff", 7)]
    lines = ["side,group,q", *(f"{side},{side},{answered}" for side, answered in sides)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    plain, *of_sides = answer(capsys, "ratings", str(path))["items"]
    assert (round(plain["delta"], 6), round(plain["superiority"], 6)) == (0.809524, 0.904762)
    assert not {"delta_from", "mann_whitney_p", "kruskal_wallis_p"} & set(plain)
    assert [row["delta"] for row in of_sides] == [None, None]
    asked = answer(capsys, "ratings", str(path), "--tests", "--seed", "1", "--draws", "500")["items"][0]
    assert asked["delta_from"] < asked["delta"] <= asked["delta_to"]
    assert round(asked["mann_whitney_p"], 6) == 0.016377
    assert 0 < asked["kruskal_wallis_p"] < 0.05
    assert main(["ratings", str(path)]) == 0
    assert "delta, superiority: lived above staff" in capsys.readouterr().out


def test_who_came_nearer_is_told_with_a_seed_and_tests_of_rounds_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "b.csv", tmp_path / "a.csv"
    for path, staff in ((before, 4), (after, 6)):
        people = [*((f"a{i}", "lived", 8) for i in range(8)), *((f"b{i}", "staff", staff) for i in range(8))]
        lines = ["participant,side,q", *(f"{name},{side},{answered}" for name, side, answered in people)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unseeded = answer(capsys, "ratings", str(after), "--before", str(before))["items"]
    assert not {"nearer", "wilcoxon_p"} & set(unseeded[0])
    for seed in ([], ["--seed", "2"]):
        rows = answer(capsys, "ratings", str(after), "--before", str(before), "--tests", *seed)["items"]
        whole, lived, staff = rows
        # All eight who changed went up: 2 of 256 ways for chance to do so, by drawing perhaps 1 of 256 more.
        assert whole["wilcoxon_p"] == pytest.approx(2 / 256, abs=0.004)
        assert lived["wilcoxon_p"] == 1
    assert (staff["nearer"], lived["nearer"], whole["nearer"]) == (2, 0, None)
    assert staff["beyond_chance"] in (True, False)


@pytest.mark.parametrize("wrong", [["--seed", "-1"], ["--seed", "1", "--draws", "0"], ["--margin", "101"]])
def test_a_number_that_makes_no_sense_is_refused(
    rounds: tuple[str, str], wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = rounds
    assert main(["ratings", after, "--before", before, *wrong]) == 1
    assert capsys.readouterr().err
