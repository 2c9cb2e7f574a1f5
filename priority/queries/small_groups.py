"""Which groups of those who asked may be told apart, so that nobody can be worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Group = TypeVar("Group")


def nameable(sizes: Mapping[Group, int], nameless: int, *, least: int) -> set[Group]:
    """The groups that may be named: those of at least `least` people, as long as the others together are as many.

    `nameless` is how many people belong to no group. Where a group is too small to be named, and it and the nameless
    are fewer than `least`, then "others" would mean that group; so the next smallest is not named, either.
    """
    named = {group for group, people in sizes.items() if people >= least}
    hidden = sum(people for group, people in sizes.items() if group not in named)
    if not hidden:
        return named
    others = hidden + nameless
    for group in sorted(named, key=lambda one: (sizes[one], str(one))):
        if others >= least:
            break
        named.discard(group)
        others += sizes[group]
    return named
