"""Every route says who may open it, has an address that reads well, and changes nothing when it is only looked at."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from priority.policy import Access

NO_POLICY = {"static"}
PARAMETER = re.compile(r"<(?:(?P<kind>[a-z]+)(?:\([^)]*\))?:)?(?P<name>[a-z_]+)>")
# Parameters without a type of their own: free text that is looked up, never trusted.
FREE_TEXT = {"token"}


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in NO_POLICY]


def test_every_route_declares_who_may_open_it(app):
    bare = [rule.rule for rule in rules(app) if not isinstance(access_of(app, rule), Access)]
    assert bare == []


def test_every_address_is_kebab_case_and_typed(app):
    for rule in rules(app):
        fixed = PARAMETER.sub("", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", fixed), rule.rule
        for found in PARAMETER.finditer(rule.rule):
            assert found["kind"] or found["name"] in FREE_TEXT, rule.rule


def test_no_address_below_staff_is_open_to_others(app):
    staff = set(Access) - {Access.ANYONE, Access.CONTRIBUTOR, Access.PANELIST, Access.DEVELOPER}
    for rule in rules(app):
        below = rule.rule.startswith("/staff")
        assert below == (access_of(app, rule) in staff), rule.rule


def test_every_exercise_of_the_staff_is_loaded_by_the_guard(app):
    """A route below an exercise names it `exercise`, so that the guard checks the organisation."""
    for rule in rules(app):
        if rule.rule.startswith(("/staff/e/", "/e/")):
            assert "exercise" in rule.arguments, rule.rule


def test_every_route_has_a_docstring(app):
    for rule in rules(app):
        assert inspect.getdoc(app.view_functions[rule.endpoint]), rule.endpoint


@pytest.mark.parametrize("limit", [40])
def test_views_are_short(app, limit):
    """Load, guard, act, redirect: what is longer does somebody else's work."""
    for rule in rules(app):
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        source = inspect.getsource(view)
        node = ast.parse(inspect.cleandoc(source) if source.startswith(" ") else source).body[0]
        lines = node.end_lineno - node.body[0].lineno + 1
        assert lines <= limit, f"{rule.endpoint}: {lines} lines"


def access_of(app, rule):
    return getattr(app.view_functions[rule.endpoint], "access", None)
