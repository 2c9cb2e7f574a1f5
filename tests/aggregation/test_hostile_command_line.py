"""`python -m aggregation` in hostile hands: strange names, files, numbers and ends of pipes; never a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aggregation.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

# An escape, an end of line, a turn of the direction of writing.
ORDERS = ("\x1b[31mred", "two\nlines", "\u202eturned")

Answer = tuple[int, str, str]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The exit code, what was printed, and what was said."""

    def command(*arguments: str) -> Answer:
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(str(end.code))
        return code, *capfd.readouterr()

    return command


def assert_refused(answer: Answer, reason: str, code: int = 1) -> None:
    given, out, err = answer
    assert (given, out) == (code, "")
    assert reason in err
    assert "Traceback" not in err
    if code == 1:
        assert err.endswith("\n")
        assert err[:-1].isprintable()


def started(*arguments: str, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "aggregation", *arguments]
    return subprocess.Popen(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more})


@pytest.mark.parametrize("command", [["rank"], ["summary"], ["elect", "--rule", "stv_wigm", "--seats", "1"]])
def test_a_name_gives_no_orders_to_a_terminal_and_stays_whole_in_json(
    tmp_path: Path, command: list[str], run: Callable[..., Answer]
) -> None:
    path = tmp_path / "names.csv"
    header = ",".join(f'"{name}"' for name in (*ORDERS, "שלום", "👩\u200d⚕"))
    path.write_text(f"{header}\n1,2,3,4,5\n2,1,3,4,5\n", encoding="utf-8")
    code, table, _ = run(command[0], str(path), *command[1:])
    assert code == 0
    assert all(line.replace("\u200d", "").isprintable() for line in table.split("\n"))
    assert "\ufffd[31mred" in table
    value = json.loads(run(command[0], str(path), *command[1:], "--format", "json")[1])
    assert set(value.get("items", value.get("members"))) <= {*ORDERS, "שלום", "👩\u200d⚕"}


def test_a_table_shows_letters_of_every_script(tmp_path: Path, run: Callable[..., Answer]) -> None:
    path = tmp_path / "names.csv"
    path.write_text("שלום,👩\u200d⚕,grün\n1,2,3\n", encoding="utf-8")
    table = run("rank", str(path))[1]
    assert all(name in table for name in ("שלום", "👩\u200d⚕", "grün"))


def test_a_file_with_a_strange_name_is_refused_in_one_line(run: Callable[..., Answer]) -> None:
    for command in ("rank", "recompute", "tally"):
        assert_refused(run(command, "no\nsuch\x1b[31m.csv"), "no\ufffdsuch\ufffd[31m.csv: the file cannot be opened")
    assert_refused(run("tally", "a" * 5000 + ".csv"), "the file cannot be opened")
    assert_refused(run("tally", "x\0.csv"), "this cannot be the name of a file")


@pytest.mark.parametrize("option", ["--output", "--bundle"])
@pytest.mark.parametrize("way", ["itself", "link"])
def test_nothing_is_written_over_the_file_that_is_read(
    ballots: str, tmp_path: Path, option: str, way: str, run: Callable[..., Answer]
) -> None:
    (tmp_path / "link.csv").symlink_to(ballots)
    before = Path(ballots).read_text(encoding="utf-8")
    target = ballots if way == "itself" else str(tmp_path / "link.csv")
    assert_refused(run("rank", ballots, option, target), "is the file that is read", code=2)
    assert Path(ballots).read_text(encoding="utf-8") == before
    if option == "--output":
        assert_refused(run("tally", str(tmp_path / "other.csv"), ballots, option, target), "is read", code=2)


def test_output_and_bundle_are_two_files(ballots: str, tmp_path: Path, run: Callable[..., Answer]) -> None:
    same = str(tmp_path / "same")
    assert_refused(run("rank", ballots, "--output", same, "--bundle", same), "are the same file", code=2)


@pytest.mark.parametrize("option", ["--output", "--bundle"])
@pytest.mark.parametrize("target", ["", "."])
def test_a_target_that_is_no_file_is_refused(
    ballots: str, option: str, target: str, run: Callable[..., Answer]
) -> None:
    assert_refused(run("rank", ballots, option, target), "cannot be written: Is a directory")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (["--method", "kemeny", "--set", "time_limit=inf"], "`time_limit` must be a number"),
        (["--method", "mallows", "--set", "time_limit=1e400"], "`time_limit` must be a number"),
        (["--method", "bradley_terry", "--set", "prior=inf"], "`prior` must be"),
    ],
)
def test_a_number_that_json_cannot_hold_is_refused(
    ballots: str, settings: list[str], reason: str, run: Callable[..., Answer]
) -> None:
    assert_refused(run("rank", ballots, *settings, "--format", "json"), reason, code=2)


@pytest.mark.parametrize("share", ["1e99999999", "1e-99999999", "9" * 5000, "1/0", "-0.5", "", "nan"])
def test_a_share_is_read_or_refused_at_once(ballots: str, share: str, run: Callable[..., Answer]) -> None:
    start = time.perf_counter()
    assert_refused(run("rank", ballots, "--shares", f"lived={share}", "staff=0.5"), "a share must be")
    assert time.perf_counter() - start < 2


def test_a_share_may_have_a_small_exponent(ballots: str, run: Callable[..., Answer]) -> None:
    code, out, _ = run("rank", ballots, "--shares", "lived=1E-1", "staff=9e-1", "--format", "json")
    assert code == 0
    assert json.loads(out)["diagnostics"]["sides"]["lived"]["share"] == "1/10"


@pytest.mark.parametrize("heavy", ["1000000000000000", "9007199254740992"])
def test_weights_beyond_exact_counting_are_refused(tmp_path: Path, heavy: str, run: Callable[..., Answer]) -> None:
    path = tmp_path / "heavy.csv"
    path.write_text(f"weight,a,b\n{heavy},1,2\n0.5,2,1\n", encoding="utf-8")
    for command in ("rank", "summary", "tally"):
        assert_refused(run(command, str(path)), "more than can be counted exactly")


def test_more_processes_than_pieces_are_not_started(ballots: str, run: Callable[..., Answer]) -> None:
    code, out, _ = run("tally", ballots, "--processes", "3000000000", "--format", "json")
    assert code == 0
    assert json.loads(out)["ballots"] == 3


def test_a_summary_of_a_thousand_questions_takes_seconds(tmp_path: Path, run: Callable[..., Answer]) -> None:
    path = tmp_path / "wide.csv"
    places = range(1, 1001)
    rows = [",".join(map(str, order)) for order in (places, places, reversed(places))]
    path.write_text("\n".join([",".join(f"q{place}" for place in places), *rows]), encoding="utf-8")
    start = time.perf_counter()
    code, out, _ = run("summary", str(path), "--format", "json")
    assert time.perf_counter() - start < 10
    value = json.loads(out)
    assert (code, value["pairwise"][0][:3], value["pairwise"][5][0]) == (0, [0, 2, 2], 1)


def test_half_of_a_million_halves_are_whole_in_the_matrix(tmp_path: Path, run: Callable[..., Answer]) -> None:
    path = tmp_path / "halves.csv"
    path.write_text("weight,a,b\n0.5,1,2\n1.5,1,2\n0.1,2,1\n", encoding="utf-8")
    assert json.loads(run("summary", str(path), "--format", "json")[1])["pairwise"] == [[0, 2], [0.1, 0]]
    assert json.loads(run("tally", str(path), "--format", "json")[1])["support"] == {"": [[0, 2], [0.1, 0]]}


def test_a_reader_who_has_seen_enough_may_leave(ballots: str) -> None:
    process = started("rank", ballots)
    process.stdout.close()
    assert (process.wait(timeout=60), process.stderr.read()) == (0, b"")
    process.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_a_command_that_is_interrupted_ends_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "never.csv"
    os.mkfifo(path)
    command = started("rank", str(path))
    with path.open("wb"):  # opens when the command has opened its end, and waits for ballots that never come
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=60)
    assert (command.returncode, out, err) == (130, b"", b"")


def test_a_full_disk_ends_with_one_and_a_line(ballots: str) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        process = started("rank", ballots, stdout=full)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.decode() == "the output cannot be written: No space left on device\n"


def test_output_that_is_closed_is_refused(ballots: str) -> None:
    shell = ["sh", "-c", f'"$0" -m aggregation rank "{ballots}" >&-', sys.executable]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "the output cannot be written: it is closed\n")


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_what_is_printed_is_utf_8_whatever_the_terminal_is_set_to(tmp_path: Path, form: str) -> None:
    path = tmp_path / "names.csv"
    path.write_text("😀,ü\n1,2\n", encoding="utf-8")
    process = started("rank", str(path), "--format", form, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert "😀" in out.decode("utf-8")


def test_half_a_character_in_a_bundle_is_printed_as_json_writes_it(
    ballots: str, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    bundle, forged = tmp_path / "run.zip", tmp_path / "forged.zip"
    run("rank", ballots, "--bundle", str(bundle))
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(forged, "w") as new:
        value = json.loads(old.read("run.json")) | {"versions": {"python": "\ud800"}}
        new.writestr("run.json", json.dumps(value))
        new.writestr("ballots.csv", old.read("ballots.csv"))
    process = started("recompute", str(forged), "--format", "json")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert json.loads(out)["versions"]["stored"] == {"python": "\ud800"}


def test_what_does_not_fit_in_memory_is_refused(
    ballots: str, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Answer]
) -> None:
    def full(_options: object) -> None:
        raise MemoryError

    monkeypatch.setattr("aggregation.cli.consensus.ranked", full)
    assert_refused(run("rank", ballots), "more than fits in memory")
