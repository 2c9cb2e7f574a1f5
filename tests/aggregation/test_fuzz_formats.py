"""Ten thousand strange files of each format: each is read or refused, soon, and nothing else happens."""

from __future__ import annotations

import random
import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from aggregation import FORMATS, FormatError, Profile, Ratings, read
from aggregation.formats import read_text
from aggregation.formats.text import text_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = 10_000
ON_DISK = 500
SECONDS = 2.0

PREFLIB = (
    "# FILE NAME: x\n# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B b\n"
)
SAMPLES = {
    "preflib": [
        PREFLIB + "# ALTERNATIVE NAME 3: C\n3: 1,{2,3}\n2: 3\n1:\n",
        "# DATA TYPE: soc\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n# ALTERNATIVE ID 1: a\n1: 1,2\n4: 2,1\n",
        "# DATA TYPE: cat\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: B\n1: {},{1,2}\n1: 2,{},1\n",
    ],
    "rankcsv": [
        "participant,side,group,weight,a,b\nann,x,g,2,1,2\nbob,y,,0.5,2,\n",
        'a;"b; c";round\r\n1;1;3\r\n;NA;3\r\n',
        "id\ta\tb\n1\tcannot_judge\t1.0\n2\t0\t65535\n",
    ],
    "ordercsv": ["id,side,1,2,3\n1,x,a,b=c,\n2,y,c,,a\n", "weight;first;second\n1.5;b;a\n1;a;\n", "1\na\nb\n"],
    "ratingcsv": ["participant,side,a,b\n1,x,9,\n2,y,cannot_judge,4.5\n", "a;b\n1e0;-2\nNaN;.5\n"],
    "scotcsv": [
        '3,1,\n3,2,1,\n4,1,\n1,\n"Candidate 1","A","p",\n"Candidate 2","B, b","q",\n"Candidate 3","C","r",\n"Ward",\n'
    ],
    "abif": [
        '{title: "x"}\n# c\n=A:[Ann A]\n=B:[Bob]\n=C:[Cy]\n3:A>B=C\n2:[Bob]/5>A/3\n1:C/2,B/2\n4:\n',
        '12: Ann=[Bob b]>"Cy" # c\n7:Cy\n',
    ],
    "blt": [
        '3 2\n-2\n[tie 3 1 2]\n4 1=3 2 0\n1.5 3 - 1 0\n2 0\n0\n"A"\n"B \\"b\\""\n"C"\n"T"\n',
        '2 1\n[nick a b]\n[droop p=5]\n(x 1) a b 0 # c\n(y) b /* d */ 0\n0\n"A" "B"\n"T"\n',
    ],
    "cef": [
        "#/Candidates: A ; B;C\n#/Implicit Ranking: false\n#/Weight Allowed: true\n\nt, u || A > B = C ^7 * 2 # c\n",
        "B>A*3\n/EMPTY_RANKING/ * 2\nA=B^5\n",
    ],
}
ANYWHERE = [*"\0 \t\n\r\u2028\x85\ufeffé🙂,;:=></\\\"'#*^|-()[]{}0123", "\r\n", "-1", "1e400", "nan"]
HUGE = ["9" * 30, "9" * 5000, "1/0", "1/3", "0.0000001", "(" * 50, '"' * 51, "{[" * 30, "=" * 40, " " * 300, "1," * 300]


@contextmanager
def soon(text: object) -> Iterator[None]:
    """Stops what takes longer than it may, saying which file it was."""

    def stop(_signal: int, _frame: object) -> None:
        raise AssertionError(f"not read within {SECONDS} s: {text!r}")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def pieces_of(form: str) -> list[str]:
    """What the files of a format are made of, line by line and word by word."""
    lines = [line for sample in SAMPLES[form] for line in sample.splitlines(keepends=True)]
    return [*lines, *(word for line in lines for word in line.split()), *ANYWHERE, *HUGE]


def file_of(rng: random.Random, form: str, pieces: list[str]) -> str:
    """One file: every fourth put together from pieces, the others good ones with up to four faults."""
    if rng.random() < 0.25:
        return "".join(rng.choices(pieces, k=rng.randint(0, 15)))
    text = rng.choice(SAMPLES[form])
    for _ in range(rng.randint(0, 4)):
        text = with_fault(rng, text, pieces)
    return text


def with_fault(rng: random.Random, text: str, pieces: list[str]) -> str:
    start = rng.randint(0, len(text))
    end = min(len(text), start + rng.choice([0, 1, 1, 2, 8]))
    kind = rng.randrange(5)
    if kind == 0:
        return text[:start] + text[end:]
    if kind == 1:
        return text[:start] + rng.choice(pieces) + text[end:]
    if kind == 2:
        return text[:end] + text[start:]
    if kind == 3:
        lines = text.splitlines(keepends=True)
        rng.shuffle(lines)
        return "".join(lines)
    return text[:start] + rng.choice(ANYWHERE) + text[start:]


def outcome(form: str, text: str) -> str:
    """Whether it is read or refused; anything else fails the test."""
    result = attempt(form, text)
    if not isinstance(result, FormatError):
        assert isinstance(result, Ratings if form == "ratingcsv" else Profile), text
        assert result.n_items > 0, text
        return "read"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert result.reason, text
    assert len(str(result)) < 500, text
    assert str(result).isprintable(), text
    assert result.line is None or 1 <= result.line <= lines, (text, result.line)
    return "refused"


def attempt(form: str, text: str) -> Profile | Ratings | FormatError:
    try:
        with soon(text[:500]):
            return read_text(text, form)
    except FormatError as refusal:
        return refusal


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_ten_thousand_strange_files_are_each_read_or_refused(form: str) -> None:
    rng = random.Random(f"fuzz {form}")
    pieces = pieces_of(form)
    outcomes = [outcome(form, file_of(rng, form, pieces)) for _ in range(FILES)]
    assert FILES // 20 < outcomes.count("read") < FILES - FILES // 20, outcomes.count("read")


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_strange_bytes_on_a_disk_are_read_or_refused(form: str, tmp_path: Path) -> None:
    rng = random.Random(f"bytes {form}")
    pieces = pieces_of(form)
    for number in range(ON_DISK):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(bytes_of(rng, file_of(rng, form, pieces)))
        try:
            with soon(path):
                assert read(path, form).n_items > 0
        except FormatError as refusal:
            assert str(refusal)  # noqa: PT017 -- a refusal is one of the two right answers


def bytes_of(rng: random.Random, text: str) -> bytes:
    """The text in one of the encodings that people send, some of it damaged."""
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"])
    data = bytearray(text.encode(encoding, errors="replace"))
    for _ in range(rng.choice([0, 0, 1, 3])):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def test_the_samples_are_good_files() -> None:
    """Else the faults would be put into files that are refused anyway."""
    assert set(SAMPLES) == set(FORMATS)
    for form, samples in SAMPLES.items():
        assert [outcome(form, text) for text in samples] == ["read"] * len(samples), form


N = 50_000
HEADER = "# DATA TYPE: toi\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n"
WARD = '"Candidate 1","A",\n"W",\n'
NUMBER = "9" * 1_000_000
BOMBS = {
    "preflib": [
        HEADER + "1: " + "{" * N,
        HEADER + "1: " + "{1" * N,
        HEADER + "1: 1" + " " * N + "{",
        HEADER + NUMBER + ": 1",
        HEADER + "1: " + NUMBER,
        HEADER + "1: 1" + ",1" * N,
        HEADER + "1: " + ",{}" * N,
        "# NUMBER ALTERNATIVES: 1000000000\n" + HEADER + "1: 1\n",
        "#" + " " * N + "x" + " " * N + "y:z",
    ],
    "rankcsv": [
        "a,b\n1," + NUMBER,
        "a,b\n1,1e400",
        "a,weight\n1,1e400",
        f"a,weight\n1,{'9' * 400}",
        '"' * N,
        'a\n"' * N,
        "," * N,
        ",".join(map(str, range(N))) + "\n" + "1," * (N - 2),
    ],
    "ordercsv": ["1\n" + "=" * N, "1\n" + "a=" * N, "\n".join(f"a{i}" for i in range(N)), '1,2\n"' * N],
    "ratingcsv": ["a\n" + NUMBER, "a\n1e999999999", '"' * N],
    "scotcsv": [
        "1000000000,1,\n1,1,\n" + WARD,
        NUMBER + ",1,\n1,1,\n" + WARD,
        "1,1,\n1" + ",1" * N + "\n" + WARD,
        f"1,1,\n{'9' * 400},1,\n" + WARD,
    ],
    "abif": [
        "1:" + "[" * N,
        "1:" + "[a" * N,
        '1:"' + 'a"b' * N,
        "1:A" + " " * N + "[",
        "1:" + ">".join(f"a{i}" for i in range(70_000)),
        "1:" + "=".join(f"a{i}" for i in range(N)) + "=a0",
        "1:A/" + NUMBER,
        NUMBER + ":A",
        "=" + "[" * N + "\n1:A",
    ],
    "blt": [
        '1000000000 1\n1 1 0\n0\n"A"\n',
        NUMBER + " 1\n1 1 0\n0\n",
        "3 1\n" + "/* " * N,
        "3 1\n" + '" ' * N,
        "3 1\n" + "[" * N,
        "3 1\n" + "(a" * N,
        "3 1\n1 " + "1=" * N + " 0",
        "3 1\n1 " + NUMBER + " 0",
        f"3 1\n{'9' * 400} 1 0",
        '3 1\n1 1 0\n0\n"' + "\\" * N,
        '3 1\n1 1 0\n0\n"' + '""' * N + "x",
        f"{N} 1\n1 " + " ".join(map(str, range(1, N))) + " 1 0",
    ],
    "cef": [
        "#/Candidates:" + ";" * N,
        "A" + ">" * N,
        "A * " + NUMBER,
        "A ^999999999999999 * 999999999999999",
        "|" * N,
        "\n".join(f"a{i}" for i in range(N)),
        "#/Candidates: " + ";".join(f"a{i}" for i in range(N)) + "\n" + "a1\n" * N,
    ],
}


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in BOMBS.items() for text in texts])
def test_a_small_file_that_claims_too_much_is_refused_soon(form: str, text: str) -> None:
    assert outcome(form, text) == "refused"


def test_bytes_are_decoded_with_or_without_a_mark() -> None:
    assert text_from(b"\xef\xbb\xbfa") == text_from(b"a") == "a"
