"""`priority recompute`: every stored ranking and table of an exercise beside the same computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.cli.installation import exercise_of, installation

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from priority.services.recomputing import Recomputed


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("recompute", help="compute every ranking and table of an exercise again and compare")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's id, as in its address after /e/")
    parser.set_defaults(act=recompute)


def recompute(typed: Namespace) -> int:
    """Prints whether each ranking and each table of numbers is found again; 1 where one is not, or there is none."""
    from priority.services import recomputing

    with installation():
        exercise = exercise_of(typed.exercise)
        found, counts = recomputing.recompute(exercise), recomputing.recount(exercise)
        for one in found:
            _say(one)
        for each in counts:
            print(f"round {each.n} {each.kind}: {'the same' if each.same else 'DIFFERENT'}")
    if not found and not counts:
        print("No round of this exercise has closed yet.")
        return 1
    whole = len(found) + len(counts)
    different = sum(not one.same for one in found) + sum(not one.same for one in counts)
    print(f"{different} of {whole} differ." if different else f"All {whole} are the same.")
    return 1 if different else 0


def _say(one: Recomputed) -> None:
    pooled = " pooled" if one.run.pooled else ""
    print(f"{one.run.method}{pooled}: {'the same' if one.same else 'DIFFERENT'}")
    print(f"  ranking  stored {one.run.digest}")
    print(f"           now    {one.digest}")
    if not one.untouched:
        print("  what pages show of it is not what is computed now")
    print(f"  input    stored {one.run.input_digest}")
    print(f"           now    {one.input_digest}")
