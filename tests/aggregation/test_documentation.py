"""A method, rule or format that is not documented is not finished."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregation import FORMATS, METHODS, RULES
from aggregation.cli.parser import parser

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = "\n".join(
    path.read_text(encoding="utf-8") for path in (DOCS / "methods.md", *sorted((DOCS / "methods").glob("*.md")))
)
ROWS = {**METHODS, **RULES}


@pytest.mark.parametrize("key", ROWS)
def test_every_method_and_rule_has_its_section_and_its_parameters_are_named(key: str) -> None:
    heading = next(line for line in GUIDE.splitlines() if line.startswith("### ") and line.endswith(f"`{key}`"))
    section = GUIDE.split(heading)[1].split("\n##")[0]
    for parameter in ROWS[key].parameters:
        assert f"`{parameter.name}" in section


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_in_the_table(form: str) -> None:
    assert f"| `{form}` |" in GUIDE


def test_every_command_is_in_the_table() -> None:
    commands = next(action for action in parser()._actions if hasattr(action, "choices") and action.choices)
    text = (DOCS / "aggregation.md").read_text(encoding="utf-8")
    assert all(f"| `{name} " in text or f"| `{name}`" in text for name in commands.choices)


def test_the_page_of_the_engine_leads_to_every_page_about_methods() -> None:
    text = (DOCS / "aggregation.md").read_text(encoding="utf-8")
    assert all(f"(methods/{page.name})" in text for page in (DOCS / "methods").glob("*.md"))


def test_every_option_of_a_command_is_described() -> None:
    text = (DOCS / "aggregation.md").read_text(encoding="utf-8")
    commands = next(action for action in parser()._actions if hasattr(action, "choices") and action.choices)
    options = {name for command in commands.choices.values() for name in command._option_string_actions}
    assert {name for name in options if name.startswith("--") and not re.search(rf"[` ]{name}\b", text)} <= {"--help"}
