"""The browser and the signing in of the page tests, for comparing files with pages."""

from tests.web.conftest import client, sign_in  # noqa: F401 - fixtures
