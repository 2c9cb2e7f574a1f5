"""`make bench`: installs the peers into .venv-bench, measures every goal in a process of its own, prints the table.

    python -m benchmarks.run [--only G1 G2] [--write]

`--write` keeps the table in docs/benchmarks.md as well. The exit code is 1 where something could not be measured.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv-bench"
PEERS = ROOT / "benchmarks/requirements.txt"
PAGE = ROOT / "docs/benchmarks.md"
MARKS = ("<!-- measured: begin -->\n", "<!-- measured: end -->\n")
GOALS = tuple(f"G{number}" for number in range(1, 16))
# A goal that takes longer than this hangs.
MINUTES = 10
COLUMNS = ("goal", "workload", "beside", "ours", "theirs", "reached", "wanted", "verdict")


def main() -> int:
    """Measure, print, and keep the table if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="How fast the engine is.")
    parser.add_argument("--only", nargs="+", choices=GOALS, default=GOALS, metavar="GOAL", help="G1 to G15")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    options = parser.parse_args()
    python, failed = environment()
    with tempfile.TemporaryDirectory() as folder:
        kernel = compiled(Path(folder))
        _say(heading())
        lines = [line for goal in options.only for line in measured(goal, python, kernel)]
    notes = [f"Not installed: {name}: {why}" for name, why in failed.items()] + [machine(), versions(python)]
    _say("\n" + "\n".join(notes))
    if options.write:
        keep([heading(), *map(row, lines)], notes)
    return int(any("not measured" in line["verdict"] for line in lines) or bool(failed))


def environment() -> tuple[Path, dict[str, str]]:
    """The Python that has the peers, and the peers that could not be installed, each with the last line of why."""
    stamp = ENVIRONMENT / hashlib.sha256(PEERS.read_bytes()).hexdigest()[:16]
    python = ENVIRONMENT / "bin/python"
    if stamp.exists():
        return python, json.loads(stamp.read_text())
    _say(f"Installing the peers into {ENVIRONMENT.name} (a minute or two the first time)")
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    failed: dict[str, str] = {}
    if subprocess.run([*pip, "-r", PEERS], capture_output=True, check=False).returncode:
        # One that fails must not take the others with it.
        for line in PEERS.read_text().splitlines():
            if line and not line.startswith("#"):
                tried = subprocess.run([*pip, line], capture_output=True, text=True, check=False)
                if tried.returncode:
                    failed[line] = (tried.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
    if not failed:
        stamp.write_text(json.dumps(failed))
    return python, failed


def compiled(folder: Path) -> Path | None:
    """The kernel in C as a library; None where it cannot be compiled or would not run here."""
    library = folder / "kernel.so"
    command = ["gcc", "-O3", "-mavx2", "-shared", "-fPIC", "-o", library, ROOT / "benchmarks/kernel.c"]
    try:
        return None if subprocess.run(command, check=False).returncode else library
    except FileNotFoundError:
        return None


def measured(goal: str, python: Path, kernel: Path | None) -> list[dict[str, str]]:
    """The lines of one goal, printed as they come; one line that says why where there are none."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT)} | ({"BENCH_KERNEL": str(kernel)} if kernel else {})
    try:
        ended = subprocess.run(
            [python, "-m", "benchmarks.one_goal", goal],
            env=settings,
            cwd=tempfile.gettempdir(),
            capture_output=True,
            text=True,
            timeout=60 * MINUTES,
            check=False,
        )
        text, reason = ended.stdout, (ended.stderr.strip().splitlines() or [""])[-1]
        stopped = ended.returncode != 0
    except subprocess.TimeoutExpired as late:
        text, reason, stopped = (late.stdout or b"").decode(), f"it took longer than {MINUTES} minutes", True
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    if stopped:
        lines.append(dict.fromkeys(COLUMNS, "-") | {"goal": goal, "verdict": f"not measured: {reason}"})
    for line in lines:
        _say(row(line))
    return lines


def heading() -> str:
    """The head of the table."""
    names = ("", "workload", "beside", "ours", "theirs", "reached", "wanted", "")
    return "| " + " | ".join(names) + " |\n|" + "---|" * len(names)


def row(line: dict[str, str]) -> str:
    """A row of the table."""
    return "| " + " | ".join(line[name].replace("|", "/") for name in COLUMNS) + " |"


def machine() -> str:
    """What it was measured on, and when."""
    cpu = "an unnamed processor"
    if Path("/proc/cpuinfo").exists():
        named = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        cpu = named[1] if named else cpu
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    today = dt.datetime.now(tz=dt.UTC).date()
    return f"{today}, {cpu}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; load at the end: {load}"


def versions(python: Path) -> str:
    """Python and the packages that took part."""
    listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True)
    wanted = {line.split("==")[0].lower() for line in PEERS.read_text().splitlines() if "==" in line}
    found = [
        f"{each['name']} {each['version']}" for each in json.loads(listed.stdout) if each["name"].lower() in wanted
    ]
    number = subprocess.run([python, "-V"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{number}, {', '.join(found)}"


def keep(table: list[str], notes: list[str]) -> None:
    """Put the table into the page between its marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    text = "\n".join([*table, "", *(f"{note}.\n" for note in notes)])
    PAGE.write_text(f"{before}{MARKS[0]}{text}{MARKS[1]}{after}", encoding="utf-8")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
