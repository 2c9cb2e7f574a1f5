"""Forms and macros: what a person typed comes back, what is wrong is said once at the top and once at the field."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask import render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from priority.web.answer.figures import Axis, high_words
from priority.web.fields import Form, LineField, Problem, WordsField, choices

HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so'"


class Asking(Form):
    words = WordsField("Your words", [DataRequired("Write a few words")], description="No names, please.")
    name = LineField("Name", [Length(max=5)])
    year = IntegerField("Year")
    role = RadioField(
        "Who are you?", choices=choices([("p", "Patient"), ("c", "Carer")]), validators=[InputRequired("Choose")]
    )
    links = FieldList(StringField("Link", [Length(max=3)]))


@pytest.fixture
def asked(app):
    def ask(**values):
        with app.test_request_context("/", method="POST", data=MultiDict(values)):
            form = Asking(meta={"csrf": False})
            form.validate()
            return form, render_template_string(PAGE, form=form)

    return ask


PAGE = """{% from "components/fields.html" import error_summary, textarea, text, number %}
{% from "components/choices.html" import radios %}
{{ error_summary(form) }}{{ textarea(form.words) }}{{ text(form.name) }}{{ number(form.year) }}
{{ radios(form.role) }}"""


def test_problems_come_in_the_order_of_the_page_each_with_its_place(asked):
    form, _page = asked(name="too long for it", year="soon", **{"links-0": "long"})
    assert [problem.anchor for problem in form.problems] == ["words", "name", "year", "role-0", "links-0"]


def test_every_problem_links_to_a_control_that_is_there(asked):
    form, page = asked(name="too long for it")
    for problem in form.problems:
        assert f'href="#{problem.anchor}"' in page
        assert f'id="{problem.anchor}"' in page


def test_what_was_typed_comes_back_escaped_and_nothing_says_none(asked):
    _form, page = asked(words=HOSTILE)
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "None" not in page


def test_a_field_is_described_by_its_hint_and_its_error(asked):
    _form, page = asked()
    assert 'aria-describedby="words-hint words-error" aria-invalid="true"' in page


def test_a_good_form_has_no_summary(asked):
    form, page = asked(words="Why am I tired?", year="2026", role="p")
    assert form.problems == []
    assert "error" not in page


def test_text_is_cleaned_as_it_arrives(asked):
    form, _page = asked(words="one\r\ntwo\x00\u202e ", name=" a\n b ")
    assert (form.words.data, form.name.data) == ("one\ntwo", "a b")


def test_a_form_never_speaks_of_valid_values(asked):
    form, _page = asked(words="w", name="too long for it", year="next", role="x")
    said = " ".join(problem.message for problem in form.problems)
    assert len(form.problems) == 3
    assert "valid" not in said
    assert "field" not in said.lower()
    assert "5 letters" in said


def test_what_a_service_refuses_is_said_at_the_field_or_at_the_top(asked):
    form, _page = asked(words="w", year="2026", role="p")
    form.refuse("This code was used.", "name")
    form.refuse("The round closed at noon.")
    assert form.problems == [Problem("This code was used.", "name"), Problem("The round closed at noon.", None)]
    with pytest.raises(KeyError):
        form.refuse("Nowhere.", "nobody")


def row(label, counts, median=5.0):
    words = high_words(sum(counts[6:]), sum(counts)) if counts else "Fewer than 5 answered: not shown"
    return SimpleNamespace(
        label=label, shape="disc", tone=None, counts=counts, n=sum(counts or []), median=median, words=words
    )


NINE_AXIS = Axis(tuple(range(1, 10)), tuple(map(str, range(1, 10))), (("low", 3), ("middle", 3), ("high", 3)))


def drawn(app, *rows, own=None):
    page = '{% from "components/figures.html" import histogram %}{{ histogram("h", "Answers", rows, [], axis, own) }}'
    with app.test_request_context("/"):
        return render_template_string(page, rows=rows, own=own, axis=NINE_AXIS)


def test_a_row_that_may_not_be_shown_is_said_and_never_drawn(app):
    page = drawn(app, row("Patients", [0, 0, 1, 1, 3, 4, 9, 12, 10]), row("Nurses", None))
    assert "31 of 40 chose 7, 8 or 9" in page
    assert "Nurses" not in page[: page.index("</svg>")]
    assert page.count("Fewer than 5 answered: not shown") == 2


def test_a_figure_with_nothing_to_show_has_no_picture(app):
    assert '<svg class="histogram"' not in drawn(app, row("Nurses", None), own=9)


@pytest.mark.parametrize("own", range(1, 10))
def test_the_own_answer_stays_inside_the_picture(app, own):
    page = drawn(app, row("Patients", [1] * 9), own=own)
    pin = page.split('<rect class="pin" x="')[1]
    left, width = float(pin.split('"')[0]), float(pin.split('width="')[1].split('"')[0])
    assert left >= 0
    assert left + width <= 340


def test_many_people_are_counted_in_tenths_but_never_as_none_or_all(app):
    with app.test_request_context("/"):
        many, nearly_all = row("All", [50, 0, 0, 0, 0, 0, 20, 30, 40]), row("All", [1, 0, 0, 0, 0, 0, 0, 0, 199])
    assert "about 6 in 10 chose 7, 8 or 9" in drawn(app, many)
    assert "199 of 200 chose 7, 8 or 9" in drawn(app, nearly_all)
