"""The browser and the signing in of the page tests, for comparing files with pages; an exercise of every kind."""

import pytest

from tests.exports import every_kind_of_round
from tests.web.conftest import client, sign_in  # noqa: F401 - fixtures


@pytest.fixture
def every_kind(app):
    """An exercise whose rounds are of every kind and scale, each answered by everybody."""
    return every_kind_of_round.an_exercise()
