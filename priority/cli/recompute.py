"""`priority recompute`: every stored ranking of an exercise beside the same computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from priority.cli.installation import exercise_of, installation

if TYPE_CHECKING:
    from argparse import Namespace
    from typing import Any

    from priority.services.recomputing import Recomputed


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("recompute", help="compute every ranking of an exercise again and compare digests")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise's id, as in its address after /e/")
    parser.set_defaults(act=recompute)


def recompute(typed: Namespace) -> int:
    """Prints the stored and the new digest of each ranking; 1 where one differs, or where there is none."""
    from priority.services import recomputing

    with installation():
        found = recomputing.recompute(exercise_of(typed.exercise))
        for one in found:
            _say(one)
    if not found:
        print("No ranking is stored for this exercise yet.")
        return 1
    different = sum(not one.same for one in found)
    print(f"{different} of {len(found)} differ." if different else f"All {len(found)} are the same.")
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
