"""Values that can be copied and sent to other processes, and there can be changed as little as here."""

from __future__ import annotations

import copyreg
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Frozen:
    """A base for frozen dataclasses that hold arrays: copying and pickling alone would leave these open to change.

    Examples
    --------
    >>> from pickle import dumps, loads
    >>> from aggregation import Profile
    >>> loads(dumps(Profile.from_orders(["ab"], unranked="last"))).ranks.flags.writeable
    False
    """

    __slots__ = ()

    def _set(self, **values: object) -> None:
        """Sets fields while the value is being made."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        kind: Any = type(self)
        return _again, (kind, tuple(getattr(self, each.name) for each in fields(kind)))


def _again(kind: Any, values: tuple[Any, ...]) -> Any:
    """The value with these fields, which were checked when it was first made."""
    made = object.__new__(kind)
    for each, value in zip(fields(kind), values, strict=True):
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
        object.__setattr__(made, each.name, value)
    return made


def _closed(entries: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(entries)


def _opened(closed: MappingProxyType[Any, Any]) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    return _closed, (dict(closed),)


# Python itself refuses to copy or send a mapping that cannot be changed.
copyreg.pickle(MappingProxyType, _opened)
