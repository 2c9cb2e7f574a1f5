"""Choosing: at most so many questions, and, where the round asks for it, their places; equal places are ties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from priority.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from priority.services.answers import Answers


def check(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> Answers:
    """The choice as it is kept, in alphabetical order; refuses unknown questions, too many, places where none belong.

    A round that is not `ranked` keeps no places; a chosen question without a place stands behind those that have one.
    """
    chosen, order = sorted(set(answers.get("chosen", ()))), dict(answers.get("order", {}))
    most = int(design["choose"])
    if any(key not in items for key in chosen):
        raise Invalid(_("Please choose one of the answers on the page."))
    if len(chosen) > most:
        raise Invalid(_("You chose %(count)d questions. Choose %(most)d at most.", count=len(chosen), most=most))
    if order and not design.get("ranked"):
        raise Invalid(_("Please choose one of the answers on the page."))
    for key, place in order.items():
        if key not in chosen or type(place) is not int or place not in range(1, most + 1):
            raise Invalid(_("Places go from 1 to %(most)d.", most=most), field=key)
    return {"chosen": chosen, "order": order}


def progress(answers: Mapping[str, Any], items: Collection[str], design: Mapping[str, Any]) -> tuple[int, int]:
    """How many questions are chosen of how many that may be."""
    return len(answers.get("chosen", ())), min(int(design["choose"]), len(items))
