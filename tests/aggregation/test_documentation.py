"""A method, rule or format that is not documented is not finished."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregation import FORMATS, METHODS

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_its_section_and_its_parameters_are_named(method: str) -> None:
    heading = next(line for line in GUIDE.splitlines() if line.startswith("### ") and line.endswith(f"`{method}`"))
    section = GUIDE.split(heading)[1].split("\n##")[0]
    for parameter in METHODS[method].parameters:
        assert f"`{parameter.name}" in section


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_in_the_table(form: str) -> None:
    assert f"| `{form}` |" in GUIDE
