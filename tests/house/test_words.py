"""Every state has words for people, and no page for contributors, panelists or the public uses ours."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale

from priority import words
from priority.words import Worded
from tests.house.source import ROOT

PUBLIC = ("public", "propose", "entry", "open", "answer", "mail", "errors", "components")
BANNED = (
    "stakeholder",
    "uncertainty",
    "uncertainties",
    "consensus",
    "ballot",
    "delphi",
    "panel",
    "panelist",
    "methodology",
    "prioritise",
    "out of scope",
    "rejected",
    "invalid",
    "please note",
)
SPOKEN = re.compile(r"""_\(\s*(["'])(?P<text>.*?)(?<!\\)\1""", re.DOTALL)
TRANS = re.compile(r"{%-?\s*trans\b.*?%}(?P<text>.*?){%-?\s*endtrans", re.DOTALL)
ENUMS = [
    kind for kind in vars(words).values() if isinstance(kind, type) and issubclass(kind, Worded) and kind != Worded
]


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_every_state_has_words(app, kind):
    with force_locale("en"):
        for member in kind:
            assert str(member.label).strip()
            assert str(member.public).strip()


def public_templates():
    return [path for folder in PUBLIC for path in sorted((ROOT / "templates" / folder).glob("*"))] + [
        ROOT / "templates" / "results" / "list.html"
    ]


def spoken(source: str) -> list[str]:
    """The sentences of a template that people read."""
    return [found["text"] for pattern in (SPOKEN, TRANS) for found in pattern.finditer(source)]


def banned_in(text: str) -> list[str]:
    bare = re.sub(r"%\(\w+\)[sd]", "", text)
    return [word for word in BANNED if re.search(rf"\b{word}s?\b", bare, re.IGNORECASE)]


def test_public_pages_speak_plainly():
    found = {
        f"{path.relative_to(ROOT)}: {word}: {text}"
        for path in public_templates()
        if path.exists()
        for text in spoken(path.read_text(encoding="utf-8"))
        for word in banned_in(text)
    }
    assert not found


def test_the_search_for_words_finds_them():
    assert banned_in("Your ballots count") == ["ballot"]
    assert spoken('{{ _("Hello") }} {% trans %}There{% endtrans %}') == ["Hello", "There"]


def test_states_that_the_public_reads_speak_plainly(app):
    with force_locale("en"):
        for kind in (words.BallotState, words.Destination, words.Moment, words.ExerciseState, words.Letters):
            for member in kind:
                assert not banned_in(str(member.public)), member
