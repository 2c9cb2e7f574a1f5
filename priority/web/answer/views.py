"""The pages of this journey, in the order in which somebody meets them.

/answer                    home, agree      what is asked, and what one agrees to first
/answer/role               choose_role      whose view somebody with two roles gives
/answer/<n>/changes        changes          what changed in the list since last time
/answer/<n>/page/<page>    rating_page      how much each question matters
    .../why                why              what made somebody change an answer, or keep it
/answer/<n>/choose/<page>  choose_page      which questions are chosen
/answer/<n>/set/<page>     set_page         of a few questions, which matters most and which least
/answer/<n>/sort/<page>    sort_page        which pile a question without a rating goes to
/answer/<n>/order          order            which of the first pile, or of those chosen, come first
/answer/<n>/check          check            everything once more, and the button that sends it
/answer/<n>/thanks         thanks           the receipt
/answer/<n>/suggest        suggest          a question that is missing
/answer/leave              leave            no longer taking part
/answer/<n>/take-back      take_back        the answers stay, and no longer count
"""

from __future__ import annotations

from priority.web.answer import (
    changes,
    choosing,
    going,
    home,
    keeping,
    ordering,
    rating,
    sending,
    sets,
    sorting,
    suggesting,
    why,
)
from priority.web.answer.blueprint import bp

__all__ = [
    "bp",
    "changes",
    "choosing",
    "going",
    "home",
    "keeping",
    "ordering",
    "rating",
    "sending",
    "sets",
    "sorting",
    "suggesting",
    "why",
]
