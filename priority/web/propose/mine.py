"""The private page of whoever asked: what became of their words, and what they can still do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from priority import ids
from priority.errors import Invalid, NotFound
from priority.extensions import keys
from priority.policy import Access
from priority.queries.contributors import find_own, stories_of, story_of
from priority.services import accounts, consent, proposing
from priority.web.entry.arrival import go_out
from priority.web.fields import choices
from priority.web.guard import requires, this_contributor
from priority.web.propose import news
from priority.web.propose.blueprint import bp
from priority.web.propose.forms import ASKED_LATER, AgreeForm, MoreWordsForm, ReachForm
from priority.words import Letters, Purpose, SessionKind

if TYPE_CHECKING:
    from priority.models import Contributor, Proposal


@bp.get("/mine")
@requires(Access.CONTRIBUTOR)
def mine() -> Any:
    """Everything that somebody asked, with the newest news first; right after sending, the thanks and the code."""
    contributor = _contributor()
    stories = stories_of(contributor)
    if request.args.get("done") == "asked":
        return render_template(
            "propose/sent.html", stories=stories, agree=_agree_form(contributor), **_own(contributor)
        )
    if len(stories) == 1:
        return _page(contributor, _proposal(contributor, stories[0].public_id))
    return render_template("propose/mine.html", stories=stories, **_own(contributor))


@bp.get("/mine/<id:proposal>")
@requires(Access.CONTRIBUTOR)
def question_page(proposal: str) -> Any:
    """What became of one proposal."""
    contributor = _contributor()
    return _page(contributor, _proposal(contributor, proposal))


@bp.post("/mine/<id:proposal>/add")
@requires(Access.CONTRIBUTOR)
def add(proposal: str) -> Any:
    """More words to a proposal."""
    contributor = _contributor()
    found, form = _proposal(contributor, proposal), MoreWordsForm()
    if not form.validate():
        return _page(contributor, found, form), 422
    try:
        proposing.add_words(found, form.text.data or "")
    except Invalid as refusal:
        form.refuse(str(refusal.words), "text")
        return _page(contributor, found, form), 422
    return redirect(url_for("propose.question_page", proposal=proposal, done="added"), code=303)


@bp.post("/mine/<id:proposal>/take-back")
@requires(Access.CONTRIBUTOR)
def take_back(proposal: str) -> Any:
    """The person takes a proposal back."""
    proposing.withdraw(_proposal(_contributor(), proposal))
    return redirect(url_for("propose.question_page", proposal=proposal, done="taken-back"), code=303)


@bp.get("/mine/reach")
@requires(Access.CONTRIBUTOR)
def reach() -> Any:
    """How we may write to somebody, and what else they allow."""
    contributor = _contributor()
    form = ReachForm(letters=contributor.letters.value)
    form.address.data = _address(contributor)
    return _reach_page(contributor, form)


@bp.post("/mine/reach")
@requires(Access.CONTRIBUTOR)
def set_reach() -> Any:
    """Changes how we may write to somebody."""
    contributor, form = _contributor(), ReachForm()
    if not form.validate():
        return _reach_page(contributor, form), 422
    try:
        letters = Letters(form.letters.data or Letters.NOTHING.value)
        proposing.set_reach(contributor, form.address.data, letters)
    except Invalid as refusal:
        form.refuse(str(refusal.words), refusal.field)
        return _reach_page(contributor, form), 422
    return redirect(url_for("propose.mine", done="saved"), code=303)


@bp.post("/mine/agree")
@requires(Access.CONTRIBUTOR)
def agree() -> Any:
    """What somebody allows us from now on; what is not ticked is taken back."""
    contributor = _contributor()
    form = _agree_form(contributor)
    if not form.validate():
        return _reach_page(contributor, ReachForm(formdata=None), form), 422
    chosen = {Purpose(value) for value in form.purposes.data or []}
    consent.give(contributor, chosen)
    consent.withdraw(contributor, set(ASKED_LATER) - chosen)
    return redirect(url_for("propose.mine", done="saved"), code=303)


@bp.get("/mine/delete")
@requires(Access.CONTRIBUTOR)
def delete() -> Any:
    """Says what is deleted and what stays, and asks once more."""
    return render_template("propose/delete.html", **_own(_contributor()))


@bp.post("/mine/delete")
@requires(Access.CONTRIBUTOR)
def erase() -> Any:
    """Deletes everything somebody wrote, and how to reach them."""
    proposing.erase(_contributor())
    go_out()
    return redirect(url_for("public.home", done="deleted"), code=303)


# -- the small print -------------------------------------------------------------------------------------------------
def _contributor() -> Contributor:
    contributor = this_contributor()
    g.exercise = contributor.exercise
    return contributor


def _proposal(contributor: Contributor, public_id: str) -> Proposal:
    found = find_own(contributor, public_id)
    if found is None:
        raise NotFound(_("There is no such page."))
    return found


def _page(contributor: Contributor, proposal: Proposal, form: MoreWordsForm | None = None) -> str:
    story = story_of(proposal)
    return render_template(
        "propose/question.html",
        story=story,
        form=form or MoreWordsForm(formdata=None),
        may_change=proposing.may_change(proposal),
        only_one=len(stories_of(contributor)) == 1,
        **_own(contributor),
    )


def _reach_page(contributor: Contributor, form: ReachForm, agree_form: AgreeForm | None = None) -> str:
    return render_template(
        "propose/reach.html", form=form, agree=agree_form or _agree_form(contributor, asked=False), **_own(contributor)
    )


def _agree_form(contributor: Contributor, *, asked: bool = True) -> AgreeForm:
    """What somebody allows, as a form; filled in with what was posted only where it was `asked`."""
    now = {"purposes": [str(purpose) for purpose in sorted(consent.given(contributor))]}
    form = AgreeForm(data=now) if asked else AgreeForm(formdata=None, data=now)
    form.purposes.choices = choices((str(purpose), _agreed_words(contributor, purpose)) for purpose in ASKED_LATER)
    return form


def _agreed_words(contributor: Contributor, purpose: Purpose) -> str:
    return consent.text_for(contributor.exercise, SessionKind.CONTRIBUTOR, purpose, contributor.locale).text


def _own(contributor: Contributor) -> dict[str, Any]:
    """What every private page knows of its person and their exercise."""
    exercise = contributor.exercise
    return {
        "code": ids.spaced(accounts.code_of(contributor)),
        "address": _address(contributor),
        "letters": contributor.letters,
        "readers": exercise.readers,
        "zone": exercise.time_zone,
        "state": exercise.state,
        "news": news,
    }


def _address(contributor: Contributor) -> str | None:
    return None if contributor.address is None else keys.reveal(contributor.address)
