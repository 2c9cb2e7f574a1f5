"""What people agreed to, and how they take it back."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from priority.extensions import db
from priority.models import Consent, ConsentText
from priority.services import consent
from priority.words import Purpose, SessionKind
from tests.factories import a_contributor, a_panelist, an_exercise

pytestmark = pytest.mark.usefixtures("app")
ASKING = (SessionKind.CONTRIBUTOR, Purpose.TAKE_PART)


def test_an_exercise_without_words_of_its_own_uses_ours_and_keeps_them_with_the_first_consent():
    contributor = a_contributor(an_exercise())
    assert consent.text_for(contributor.exercise, *ASKING, "en").id is None
    consent.give(contributor, [Purpose.TAKE_PART])
    kept = db.session.query(ConsentText).one()
    assert kept.text.startswith("We keep your words as you wrote them")
    assert consent.text_for(contributor.exercise, *ASKING, "en") is kept


def test_the_first_layer_has_three_facts_and_at_most_120_words():
    text = str(consent.STANDARD[ASKING])
    assert len(text.split("\n")) == 3
    assert len(text.split()) <= 120


def test_new_words_are_a_new_version_and_the_old_ones_can_be_read_again():
    exercise = an_exercise()
    first = consent.set_text(exercise, *ASKING, "en", "First words.")
    assert consent.set_text(exercise, *ASKING, "en", "First words.") is first
    second = consent.set_text(exercise, *ASKING, "en", "Second words.")
    assert (first.version, second.version) == (1, 2)
    assert consent.text_for(exercise, *ASKING, "en") is second
    assert first.text == "First words."


def test_a_missing_language_falls_back_to_that_of_the_exercise():
    exercise = an_exercise(locale="sv")
    swedish = consent.set_text(exercise, *ASKING, "sv", "Tre saker.")
    consent.set_text(exercise, *ASKING, "fr", "Trois choses.")
    assert consent.text_for(exercise, *ASKING, "en") is swedish
    assert consent.text_for(exercise, *ASKING, "fr").text == "Trois choses."


def test_each_purpose_is_given_and_withdrawn_apart():
    contributor = a_contributor(an_exercise())
    consent.give(contributor, [Purpose.TAKE_PART, Purpose.CONTACT])
    consent.give(contributor, [Purpose.CONTACT])
    assert db.session.query(Consent).count() == 2
    consent.withdraw(contributor, [Purpose.CONTACT])
    assert consent.given(contributor) == {Purpose.TAKE_PART}
    consent.give(contributor, [Purpose.CONTACT])
    assert consent.given(contributor) == {Purpose.TAKE_PART, Purpose.CONTACT}
    assert db.session.query(Consent).count() == 3  # that it was withdrawn once stays


def test_one_persons_consent_is_nobody_elses():
    exercise = an_exercise()
    contributor, panelist = a_contributor(exercise), a_panelist(exercise)
    consent.give(panelist, [Purpose.TAKE_PART])
    assert consent.given(contributor) == set()


def test_a_text_that_somebody_agreed_to_is_never_changed():
    exercise = an_exercise()
    text = consent.set_text(exercise, *ASKING, "en", "Words.")
    text.text = "Other words."
    with pytest.raises(IntegrityError):
        db.session.flush()
