"""The pages of this journey, in the order in which somebody meets them.

/answer                    home, agree      what is asked, and what one agrees to first
/answer/<n>/page/<page>    rating_page      how much each question matters, from 1 to 9
/answer/<n>/sort/<page>    sort_page        which pile a question without a rating goes to
/answer/<n>/order          order            which of the first pile come first
/answer/<n>/check          check            everything once more, and the button that sends it
/answer/<n>/thanks         thanks           the receipt
/answer/<n>/take-back      take_back        the answers stay, and no longer count
"""

from __future__ import annotations

from priority.web.answer import home, keeping, ordering, rating, sending, sorting
from priority.web.answer.blueprint import bp

__all__ = ["bp", "home", "keeping", "ordering", "rating", "sending", "sorting"]
