"""One goal in a process of its own: its lines as JSON, or why there are none."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from benchmarks import orders, pairs, ratings, rules, system, worths
from benchmarks.timing import not_measured

GOALS = {
    "G1": pairs.g1,
    "G2": pairs.g2,
    "G3": pairs.g3,
    "G4": pairs.g4,
    "G5": rules.g5,
    "G6": rules.g6,
    "G7": worths.g7,
    "G8": worths.g8,
    "G9": orders.g9,
    "G10": orders.g10,
    "G11": orders.g11,
    "G12": rules.g12,
    "G13": system.g13,
    "G14": system.g14,
    "G15": ratings.g15,
}


def main(goal: str) -> None:
    """Print the goal's lines, each as soon as it is known."""
    try:
        for line in GOALS[goal]():
            sys.stdout.write(json.dumps(asdict(line)) + "\n")
            sys.stdout.flush()
    except ImportError as missing:
        sys.stdout.write(json.dumps(asdict(not_measured(goal, "-", str(missing.name), f"{missing}"))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
