"""The commands, as somebody types them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from priority import cli
from priority.extensions import db
from tests import finished

CASES = Path(os.environ.get("PRIORITY_CASES", "../shared/data/cases"))
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason=f"the real data is not at {CASES} (PRIORITY_CASES)")


@pytest.fixture
def here(app, tmp_path, monkeypatch):
    """The commands work on this test's installation."""
    monkeypatch.setenv("PRIORITY_INSTANCE", str(tmp_path))
    monkeypatch.setenv("PRIORITY_ENV", "testing")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("PRIORITY_KEYS", raising=False)
    return tmp_path


def exercises_there():
    n = db.session.execute(text("SELECT count(*) FROM exercise")).scalar()
    db.session.rollback()  # the command's own transaction comes next
    return n


def test_ratings_come_in_by_a_command_that_says_where_to_look(here, capsys):
    file = here / "my ratings.csv"
    file.write_text("participant,a\n1,5\n2,6\n", encoding="utf-8")
    assert cli.main(["import-ballots", str(file)]) == 0
    said = capsys.readouterr().out
    assert "2 ballots were imported." in said
    public_id = re.search(r"/staff/e/([0-9a-z]{26})/results", said)[1]
    stored = db.session.execute(text("SELECT title, imported FROM exercise WHERE public_id = :id"), {"id": public_id})
    assert tuple(stored.one()) == ("my ratings", 1)


def test_bad_rows_are_named_and_nothing_is_saved_until_the_good_ones_are_asked_for(here, capsys):
    file = here / "ratings.csv"
    file.write_text("participant,a\n1,5\n2,ten\n3,\n", encoding="utf-8")
    assert cli.main(["import-ballots", str(file)]) == 1
    said = capsys.readouterr().err
    assert "line 3: “ten” in the column “a” is no rating from 1 to 9" in said
    assert "line 4: there is no answer in it" in said
    assert "--skip-bad" in said
    assert exercises_there() == 0
    assert cli.main(["import-ballots", str(file), "--skip-bad"]) == 0
    assert "1 ballots were imported.\n2 bad rows were left out." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"\xe9\n", "line 1"), (b"a\n\x00\n", "CSV UTF-8"), (b"a\n" + b"5" * 30_000, "20000 characters")],
    ids=["empty", "latin-1", "nul", "huge"],
)
def test_a_file_that_cannot_be_read_is_one_sentence_and_exit_1(here, capsys, content, words):
    file = here / "file.csv"
    file.write_bytes(content)
    for command in (["import-ballots"], ["import-proposals", "--column", "a"]):
        assert cli.main([*command, str(file)]) == 1
        said = capsys.readouterr().err
        assert words in said
        assert len(said.splitlines()) == 1
    assert exercises_there() == 0


def test_a_file_that_is_not_there_is_one_sentence_and_exit_1(here, capsys):
    assert cli.main(["import-ballots", str(here / "nowhere.csv")]) == 1
    assert "nowhere.csv cannot be opened" in capsys.readouterr().err


def test_a_missing_column_is_named(here, capsys):
    file = here / "file.csv"
    file.write_text("id,text\n1,Why?\n", encoding="utf-8")
    assert cli.main(["import-proposals", str(file), "--column", "question"]) == 1
    assert "no column “question”" in capsys.readouterr().err


def test_questions_can_be_added_to_an_exercise_that_collects(here, capsys):
    exercise = finished.factories.an_exercise()
    db.session.commit()
    file = here / "file.csv"
    file.write_text("text\nWhy?\nWhy?\n", encoding="utf-8")
    assert cli.main(["import-proposals", str(file), "--column", "text", "--exercise", exercise.public_id]) == 0
    said = capsys.readouterr().out
    assert "1 questions wait in the queue.\n1 repeats were left out." in said
    assert f"/staff/e/{exercise.public_id}/queue" in said


def test_an_unknown_exercise_is_said_in_words(here, capsys):
    assert cli.main(["recompute", "nothing"]) == 1
    assert "There is no exercise 'nothing'" in capsys.readouterr().err


def test_recompute_prints_both_digests_of_each_ranking(here, capsys):
    exercise = finished.a_finished_exercise(questions=11)
    public_id = exercise.public_id
    db.session.commit()
    assert cli.main(["recompute", public_id]) == 0
    said = capsys.readouterr().out
    assert said.count("the same\n") == 8 + 2 + 5 + 1  # rankings, then the tables of each round
    assert "All 16 are the same." in said
    assert "round 2 movement: the same" in said
    digests = re.findall(r"(?:stored|now) +([0-9a-f]{64})", said)
    assert len(digests) == 32
    assert digests[::2] == digests[1::2]


def test_recompute_finds_a_ballot_that_was_changed_in_the_database(here, capsys):
    exercise = finished.a_finished_exercise(questions=11)
    public_id = exercise.public_id
    db.session.execute(text("DROP TRIGGER guard_ballot_update"))
    swapped = {"piles": {"Q1.1": 3, "Q2.1": 1}, "order": {"Q2.1": 1}}
    db.session.execute(
        text("UPDATE ballot SET answers = :answers WHERE kind = 'ranking' AND ballot_key = "
             "(SELECT min(ballot_key) FROM ballot WHERE kind = 'ranking')"),
        {"answers": json.dumps(swapped)},
    )  # fmt: skip
    db.session.commit()
    assert cli.main(["recompute", public_id]) == 1
    said = capsys.readouterr().out
    assert "DIFFERENT" in said
    assert "differ." in said


def test_recompute_finds_a_rating_and_a_table_that_were_changed_in_the_database(here, capsys):
    exercise = finished.a_finished_exercise(questions=11)
    public_id = exercise.public_id
    for table in ("ballot", "round_result"):
        db.session.execute(text(f"DROP TRIGGER guard_{table}_update"))
    db.session.execute(
        text("UPDATE ballot SET answers = :answers WHERE kind = 'rating' AND round_id = 1 AND "
             "ballot_key = (SELECT min(ballot_key) FROM ballot WHERE kind = 'rating')"),
        {"answers": json.dumps({"Q1.1": 1})},
    )  # fmt: skip
    db.session.execute(text("UPDATE round_result SET body = '{}' WHERE kind = 'agreement'"))
    db.session.commit()
    assert cli.main(["recompute", public_id]) == 1
    said = capsys.readouterr().out
    different = set(re.findall(r"^round (\d \w+): DIFFERENT$", said, re.MULTILINE))
    assert {"1 items", "1 feedback", "2 change", "3 agreement"} <= different
    assert "2 items" not in different


def test_before_a_round_has_closed_there_is_nothing_to_recompute(here, capsys):
    exercise = finished.factories.an_exercise()
    db.session.commit()
    assert cli.main(["recompute", exercise.public_id]) == 1
    assert "No round of this exercise has closed" in capsys.readouterr().out


def test_every_command_is_described(capsys):
    document = Path("docs/commands.md").read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = re.findall(r"^    ([a-z-]+)", capsys.readouterr().out, re.MULTILINE)
    assert {"import-ballots", "import-proposals", "recompute"} <= set(commands)
    for command in commands:
        assert f"`priority {command}" in document


@needs_cases
@pytest.mark.cases
@pytest.mark.parametrize(
    "name",
    [
        "preflib/00004-00000040.soc",
        "preflib/00002-00000005.soi",
        "preflib/00027-00000001.toc",
        "preflib/00017-00000001.toi",
        "rdata/sports_ranks.csv",
    ],
)
def test_the_library_ranks_real_files_from_its_own_command_line(name):
    command = [sys.executable, "-m", "aggregation", "rank", str(CASES / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
